package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
)

func (c *console) adopt(x echo.Context) error {
	f, err := c.fileOf(x.Request().Context(), pathParam(x, "id"))
	if err != nil {
		return err
	}
	if _, err := c.Control.AdoptFile(x.Request().Context(), f.Name); err != nil {
		return err
	}
	to := "/campaigns/" + url.PathEscape(pathParam(x, "id")) + "/edit"
	if rule := x.FormValue("audience"); rule != "" {
		to += "?" + url.Values{"audience": {rule}}.Encode()
	}
	return c.goTo(x, to, "editor.adopted")
}

func (c *console) publish(x echo.Context) error {
	ctx, l := x.Request().Context(), c.langOf(x)
	b, _, err := c.working(x)
	if err != nil {
		return err
	}
	done, err := c.Control.PublishFile(ctx, control.PublishOrder{Name: b.File.Name, Version: b.Was, People: digits(b.People)})
	var typed *control.TypeError
	var mistakes *control.FileMistakes
	var theirs *control.FileConflict
	var counting *control.CountingError
	switch {
	case errors.As(err, &counting):
		b.Count = l.stillCounting(counting)
		return c.renderEditor(x, http.StatusConflict, b)
	case errors.As(err, &typed):
		b.Count = l.say("editor.publish.type", "n", l.number(typed.People))
		return c.renderEditor(x, http.StatusBadRequest, b)
	case errors.As(err, &mistakes):
		b.Problem, b.File.Problems = l.say("editor.publish.mistakes"), mistakes.Problems
		return c.renderEditor(x, http.StatusBadRequest, b)
	case errors.As(err, &theirs):
		b.Problem = l.say("editor.publish.newer", "who", theirs.Theirs.By)
		return c.renderEditor(x, http.StatusConflict, b)
	case err != nil:
		return err
	case done.Request != nil:
		return c.goTo(x, "/campaigns/"+url.PathEscape(b.ID), "campaigns.launch.asked")
	}
	return c.goTo(x, "/campaigns/"+url.PathEscape(b.ID), "editor.published")
}

func (c *console) archive(x echo.Context) error {
	b, _, err := c.working(x)
	if err != nil {
		return err
	}
	if _, err := c.Control.ArchiveFile(x.Request().Context(), b.File.Name, control.FileSeen{Version: b.Was}); err != nil {
		return err
	}
	return c.goTo(x, "/campaigns", "editor.archived")
}

// versionsBody is a file's past.
type versionsBody struct {
	ID       string
	File     control.FileDetail
	Versions []control.FileVersion
	From, To int
	Lines    []control.DiffLine
}

func (c *console) showVersions(x echo.Context) error {
	ctx := x.Request().Context()
	f, err := c.fileOf(ctx, pathParam(x, "id"))
	if err != nil {
		return err
	}
	b := versionsBody{ID: pathParam(x, "id"), File: f, To: f.Version, From: max(1, f.Version-1)}
	if b.Versions, err = c.Control.FileVersions(ctx, f.Name); err != nil {
		return err
	}
	if n, err := strconv.Atoi(x.QueryParam("from")); err == nil {
		b.From = n
	}
	if n, err := strconv.Atoi(x.QueryParam("to")); err == nil {
		b.To = n
	}
	if f.Version > 0 {
		if b.Lines, err = c.Control.CompareFile(ctx, f.Name, b.From, b.To); err != nil {
			return err
		}
	}
	return c.show(x, http.StatusOK, page{name: "campaigns", main: "versions", title: "editor.versions", body: b})
}

func (c *console) restore(x echo.Context) error {
	b, _, err := c.working(x)
	if err != nil {
		return err
	}
	of, err := strconv.Atoi(x.FormValue("of"))
	if err != nil {
		return control.ErrInvalid
	}
	if _, err := c.Control.RestoreFile(x.Request().Context(), b.File.Name, of, control.FileSeen{Version: b.Was}); err != nil {
		return err
	}
	return c.goTo(x, "/campaigns/"+url.PathEscape(b.ID)+"/edit", "editor.restored")
}
