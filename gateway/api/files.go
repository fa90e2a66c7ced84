package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// maxFile is how many characters a file has at most.
const maxFile = 256 << 10

// GetFiles lists the campaign files.
func (h *handlers) GetFiles(c echo.Context) error {
	fs, err := h.control.Files(c.Request().Context())
	for i := range fs {
		fs[i].Defines = full(fs[i].Defines)
	}
	return ok(c, map[string]any{"files": full(fs)}, err)
}

// ExportFiles is every file in force.
func (h *handlers) ExportFiles(c echo.Context) error {
	fs, err := h.control.ExportFiles(c.Request().Context())
	return ok(c, map[string]any{"files": full(fs)}, err)
}

// GetFile is one file.
func (h *handlers) GetFile(c echo.Context, id string) error {
	d, err := h.control.File(c.Request().Context(), id)
	if err != nil {
		return err
	}
	showsRevision(c, d.Revision())
	return c.JSON(http.StatusOK, shownFile(d))
}

func shownFile(d control.FileDetail) control.FileDetail {
	d.Defines, d.Problems, d.Warnings = full(d.Defines), full(d.Problems), full(d.Warnings)
	return d
}

// SaveFile saves a draft, over the version that If-Match names or, without it, as a new file.
func (h *handlers) SaveFile(c echo.Context, id string) error {
	text, err := fileText(c)
	if err != nil {
		return err
	}
	ctx, edit := c.Request().Context(), control.FileEdit{Name: id, Text: text}
	theirs, err := h.control.File(ctx, id)
	switch {
	case errors.Is(err, control.ErrNotFound) && len(c.Request().Header.Values("If-Match")) > 0:
		return web.NewProblem(http.StatusPreconditionFailed, "There is no such file any more; leave If-Match out to make it.")
	case err == nil && theirs.State != control.InFolder: // control says what to do about one of the folder
		seen, err := seenOf(c, theirs)
		if err != nil {
			return err
		}
		edit.Was, edit.Revision = seen.Version, seen.Revision
	case err != nil && !errors.Is(err, control.ErrNotFound):
		return err
	}
	d, err := h.control.SaveFile(ctx, edit)
	if err != nil {
		return fileProblem(err)
	}
	if edit.Was == 0 {
		c.Response().Header().Set(echo.HeaderLocation, Prefix+"/files/"+url.PathEscape(id))
		return answerFile(c, http.StatusCreated, d)
	}
	return answerFile(c, http.StatusOK, d)
}

// answerFile answers a file with the ETag that reading it would have.
func answerFile(c echo.Context, status int, d control.FileDetail) error {
	b, err := json.Marshal(shownFile(d))
	if err != nil {
		return err
	}
	b = append(b, '\n')
	c.Response().Header().Set("ETag", tagOf(d.Revision()+".", b))
	return c.JSONBlob(status, b)
}

// fileProblem says what is wrong with a file, each mistake at its place, or that somebody was faster.
func fileProblem(err error) error {
	if x := (*control.FileConflict)(nil); errors.As(err, &x) {
		return stale(http.StatusPreconditionFailed, sentence(err, control.ErrConflict), x.Theirs.Revision(), shownFile(x.Theirs))
	}
	if x := (*control.FileMistakes)(nil); errors.As(err, &x) {
		return mistakesOf(sentence(err, control.ErrInvalid), x.Problems)
	}
	return err
}

func mistakesOf(detail string, found []control.FileProblem) error {
	p := web.NewProblem(http.StatusBadRequest, detail)
	for _, f := range found[:min(len(found), maxErrors)] {
		said := fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
		if f.Hint != "" {
			said += "; " + f.Hint
		}
		p.Errors = append(p.Errors, web.FieldError{Detail: said})
	}
	return p
}

func fileText(c echo.Context) (text string, err error) {
	err = decode(c, func(o *object) { text = o.need("text", maxFile, "the text of the file") })
	return text, err
}

// CheckFile says what would be wrong with a text.
func (h *handlers) CheckFile(c echo.Context, id string) error {
	text, err := fileText(c)
	if err != nil {
		return err
	}
	found, err := h.control.CheckFile(c.Request().Context(), id, text)
	found.Problems, found.Warnings = full(found.Problems), full(found.Warnings)
	return ok(c, found, err)
}

// PublishFile puts the version in force that If-Match names.
func (h *handlers) PublishFile(c echo.Context, id string) error {
	people := 0
	if err := decodeAny(c, func(o *object) { people = o.whole("people", 0, 1, mostPeople) }); err != nil {
		return err
	}
	seen, err := h.seen(c, id)
	if err != nil {
		return err
	}
	p, err := h.control.PublishFile(c.Request().Context(), control.PublishOrder{Name: id, Version: seen.Version, Revision: seen.Revision, People: people})
	if err != nil {
		return fileProblem(err)
	}
	out := struct {
		File    control.FileDetail `json:"file"`
		Request *requestOut        `json:"request,omitempty"`
	}{File: shownFile(p.File)}
	if p.Request != nil {
		r := shownRequest(*p.Request)
		out.Request = &r
	}
	b, err := json.Marshal(out.File)
	if err != nil {
		return err
	}
	c.Response().Header().Set("ETag", tagOf(p.File.Revision()+".", append(b, '\n')))
	return c.JSON(http.StatusOK, out)
}

// seen is what If-Match says was seen of a file.
func (h *handlers) seen(c echo.Context, id string) (control.FileSeen, error) {
	theirs, err := h.control.File(c.Request().Context(), id)
	if err != nil {
		return control.FileSeen{}, err
	}
	return seenOf(c, theirs)
}

// changeFile does something to the version of a file that If-Match names.
func (h *handlers) changeFile(c echo.Context, id string, do func(ctx context.Context, name string, seen control.FileSeen) (control.FileDetail, error)) error {
	seen, err := h.seen(c, id)
	if err != nil {
		return err
	}
	d, err := do(c.Request().Context(), id, seen)
	if err != nil {
		return fileProblem(err)
	}
	return answerFile(c, http.StatusOK, d)
}

// UnpublishFile takes it out of force.
func (h *handlers) UnpublishFile(c echo.Context, id string) error {
	return h.changeFile(c, id, h.control.UnpublishFile)
}

// ArchiveFile takes it out of force for good.
func (h *handlers) ArchiveFile(c echo.Context, id string) error {
	return h.changeFile(c, id, h.control.ArchiveFile)
}

// ReleaseFile gives it back to the folder.
func (h *handlers) ReleaseFile(c echo.Context, id string) error {
	return h.changeFile(c, id, h.control.ReleaseFile)
}

// RestoreFile saves the text of an old version as the newest.
func (h *handlers) RestoreFile(c echo.Context, id string) error {
	of := -1
	err := decode(c, func(o *object) {
		if of = o.whole("version", -1, 0, mostVersions); of < 0 && o.fields["version"] == nil {
			o.missing("version", "which one to restore")
		}
	})
	if err != nil {
		return err
	}
	return h.changeFile(c, id, func(ctx context.Context, name string, seen control.FileSeen) (control.FileDetail, error) {
		return h.control.RestoreFile(ctx, name, of, seen)
	})
}

// mostVersions is more than any file has.
const mostVersions = 1_000_000

// AdoptFile moves one of the folder into the console.
func (h *handlers) AdoptFile(c echo.Context, id string) error {
	d, err := h.control.AdoptFile(c.Request().Context(), id)
	if err != nil {
		return fileProblem(err)
	}
	return answerFile(c, http.StatusOK, d)
}

// GetFileVersions lists the changes of a file.
func (h *handlers) GetFileVersions(c echo.Context, id string) error {
	vs, err := h.control.FileVersions(c.Request().Context(), id)
	return ok(c, map[string]any{"versions": full(vs)}, err)
}

// GetFileText is the text of one version.
func (h *handlers) GetFileText(c echo.Context, id, version string) error {
	n, err := strconv.Atoi(version)
	if err != nil || n < 0 || n > mostVersions {
		return badParameter("version", "must be the number of a version")
	}
	text, err := h.control.FileText(c.Request().Context(), id, n)
	return ok(c, map[string]string{"text": text}, err)
}

// CompareFile is what two versions differ in.
func (h *handlers) CompareFile(c echo.Context, id string, p compareFileParams) error {
	lines, err := h.control.CompareFile(c.Request().Context(), id, p.From, p.To)
	return ok(c, map[string]any{"lines": full(lines)}, err)
}

// ReadForm reads a campaign of a text into a form.
func (h *handlers) ReadForm(c echo.Context) error {
	var text, campaign string
	err := decode(c, func(o *object) {
		text, campaign = o.need("text", maxFile, "the text of a file"), o.need("campaign", maxID, "which of its campaigns")
	})
	if err != nil {
		return err
	}
	f, err := h.control.FormOf(c.Request().Context(), text, campaign)
	if f.Questions == nil {
		f.Questions = []files.QuestionForm{}
	}
	return ok(c, f, err)
}

// maxID is how many characters an id has at most.
const maxID = 128

// WriteForm writes one back into a text.
func (h *handlers) WriteForm(c echo.Context) error {
	var text, campaign string
	var f files.Form
	err := decode(c, func(o *object) {
		text, campaign = o.optional("text", maxFile), o.optional("campaign", maxID)
		formOf(o, &f)
	})
	if err != nil {
		return err
	}
	text, err = h.control.WithForm(c.Request().Context(), text, campaign, f)
	return ok(c, map[string]string{"text": text}, err)
}

func formOf(o *object, f *files.Form) {
	raw := o.raw("form", "the campaign as a form")
	if raw == nil {
		return
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		o.fail("form", "is no form: %s", err)
	}
}
