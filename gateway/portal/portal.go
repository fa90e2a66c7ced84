// Package portal is the customer's own pages: the question behind a reply link, as large buttons on a telephone, or whether
// they are somebody whom the brand knows elsewhere; and all that they told the brand, which they may take back. A link is for
// one customer, and what stands in it is all that it takes: nobody signs in.
package portal

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/replylink"
	"github.com/hoidap/hoidap/preferences"
)

// Pages is what the pages show and ask for. Its errors are control's.
type Pages interface {
	AskedBy(ctx context.Context, code string) (control.Asked, error)
	AnswerBy(ctx context.Context, code, text, payload string) (control.Asked, error)
	ConfirmBy(ctx context.Context, code string) (control.Asked, error)

	KnownBy(ctx context.Context, token string) (control.Known, error)
	TakeAwayBy(ctx context.Context, token, attribute string) error
	SayBy(ctx context.Context, token, word string) error
	CopyBy(ctx context.Context, token string) (control.Export, error)
	ForgetBy(ctx context.Context, token string) error
}

//go:embed head.html page.html own.html
var pages embed.FS

//go:embed page.css
var pageCSS []byte

// answerMax bounds an answer, and what stands for the button that it came by, each in bytes.
const answerMax = 2000

// Mount serves the pages.
func Mount(e *echo.Echo, asked Pages) {
	p := &portal{asked, template.Must(template.ParseFS(pages, "*.html"))}
	e.GET(replylink.Path+":code", p.show)
	e.POST(replylink.Path+":code", p.answer)
	e.GET(replylink.OwnPath+":token", p.own)
	e.POST(replylink.OwnPath+":token", p.change)
	e.GET(replylink.OwnPath+":token/copy", p.copy)
	e.GET("/portal/page.css", func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "max-age=3600")
		return c.Blob(http.StatusOK, "text/css; charset=utf-8", pageCSS)
	})
}

type portal struct {
	pages     Pages
	templates *template.Template
}

func (p *portal) show(c echo.Context) error {
	a, err := p.pages.AskedBy(c.Request().Context(), c.Param("code"))
	return p.render(c, a, err)
}

// answer takes what was tapped or typed. It goes on to the next question, where there is one, so that loading the page
// again asks nothing twice.
func (p *portal) answer(c echo.Context) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	if form.Get("yes") != "" {
		a, err := p.pages.ConfirmBy(c.Request().Context(), c.Param("code"))
		return p.render(c, a, err)
	}
	text, payload := strings.TrimSpace(strings.Join(form["answer"], ", ")), form.Get("number")
	if len(text) > answerMax || len(payload) > answerMax {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge, "the answer is too long")
	}
	switch {
	case form.Get("stop") != "":
		text, payload = control.StopWord, ""
	case form.Get("start") != "":
		return p.start(c)
	case text == "":
		return p.show(c)
	}
	a, err := p.pages.AnswerBy(c.Request().Context(), c.Param("code"), text, payload)
	if err == nil && a.Next != "" {
		return c.Redirect(http.StatusSeeOther, replylink.Path+a.Next)
	}
	return p.render(c, a, err)
}

// start lets whoever has stopped get messages again. It goes on to the page as it is then, so that loading it again starts nothing.
func (p *portal) start(c echo.Context) error {
	code := c.Param("code")
	a, err := p.pages.AnswerBy(c.Request().Context(), code, control.StartWord, "")
	if err != nil || a.Stopped || a.Proof != nil {
		return p.render(c, a, err)
	}
	private(c)
	return c.Redirect(http.StatusSeeOther, replylink.Path+code+"?done=started")
}

func formOf(c echo.Context) (url.Values, error) {
	form, err := c.FormParams()
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest, "the form cannot be read")
	}
	return form, nil
}

// view is what the template shows.
type view struct {
	control.Asked
	Gone    bool // the link leads nowhere
	Away    bool // the gateway cannot answer now
	Started bool // they get messages again, since just now
	Choices []choice
	Several bool // several choices may be ticked
	Type    string
	words   map[string]string
}

// T is a text of the page.
func (v view) T(key string) string { return strings.ReplaceAll(v.words[key], "{brand}", v.Brand) }

// choice is one large button.
type choice struct{ Label, Text, Number string }

func (p *portal) render(c echo.Context, a control.Asked, err error) error {
	v, status := view{Asked: a, Started: c.QueryParam("done") == "started"}, http.StatusOK
	switch {
	case errors.Is(err, control.ErrNotFound), errors.Is(err, control.ErrConflict):
		v.Gone, status = true, http.StatusNotFound
	case errors.Is(err, control.ErrUnavailable):
		v.Away, status = true, http.StatusServiceUnavailable
	case err != nil:
		return err
	}
	v.Locale = spokenTo(v.Locale, c.Request().Header.Get("Accept-Language"))
	v.words = wordsIn(v.Locale)
	v.form()
	return p.write(c, status, "page.html", v)
}

// write answers with a page, which is nobody's but the customer's.
func (p *portal) write(c echo.Context, status int, name string, v any) error {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name, v); err != nil {
		return err
	}
	private(c)
	return c.HTMLBlob(status, b.Bytes())
}

// private keeps an answer out of caches and search engines.
func private(c echo.Context) {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
}

// ratingMost is up to how many steps a rating has a button each.
const ratingMost = 11

// form chooses how the question is answered.
func (v *view) form() {
	v.Type = "text"
	switch v.Kind {
	case preferences.Choice, preferences.Choices:
		v.Several = v.Kind == preferences.Choices
		for _, o := range v.Page.Options {
			v.Choices = append(v.Choices, choice{o.Label, o.Label, o.Payload})
		}
	case preferences.YesNo:
		v.Choices = []choice{{v.T("yes"), v.T("yes"), ""}, {v.T("no"), v.T("no"), ""}}
	case preferences.Rating:
		v.Choices = v.steps()
	case preferences.Email:
		v.Type = "email"
	}
}
