package demo

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"net/url"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/labstack/echo/v4"
)

//go:embed page.html
var pageHTML string

// pages is the parsed template.
type pages struct{ t *template.Template }

func newPages() *pages { return &pages{t: template.Must(template.New("page").Parse(pageHTML))} }

// view is what the template shows. The rest is filled in by the script, from the state.
type view struct {
	Lang        lang
	OtherURL    string // the same page in the other language
	Contact     string
	Brand       string
	Hook, Token string
	Docs        string
	Strings     string // what the script says, as JSON
	Panels      []panel
}

// panel is one part of the live view.
type panel struct{ ID, Title, Short string }

// T is a text of the page.
func (v view) T(key string) string { return v.Lang.say(key) }

// show answers with the page, for ?contact= or the persona, in ?lang= or the language chosen last.
func (d *demo) show(c echo.Context) error {
	l := d.language(c)
	contact, err := d.asked(c.Request().Context(), c.QueryParam("contact"))
	if err != nil {
		return problem(err)
	}
	var b bytes.Buffer
	if err := d.page.t.Execute(&b, d.view(l, contact)); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.HTMLBlob(http.StatusOK, b.Bytes())
}

// asked is the contact that the address names, or the persona where it names nobody who is still there: a demo that was
// started again knows nobody from before.
func (d *demo) asked(ctx context.Context, id string) (string, error) {
	if id != "" {
		if _, err := d.o.API.Contact(ctx, id); !errors.Is(err, control.ErrNotFound) {
			return id, err
		}
	}
	return d.persona(ctx)
}

// cookie remembers the language.
const cookie = "hoidap_demo_lang"

func (d *demo) language(c echo.Context) lang {
	if q := c.QueryParam("lang"); q != "" {
		l := langOf(q)
		c.SetCookie(&http.Cookie{Name: cookie, Value: string(l), Path: "/demo", HttpOnly: true, SameSite: http.SameSiteStrictMode})
		return l
	}
	if k, err := c.Cookie(cookie); err == nil {
		return langOf(k.Value)
	}
	return langOf("")
}

func (d *demo) view(l lang, contact string) view {
	other := lang("en")
	if l == "en" {
		other = "vi"
	}
	words, _ := json.Marshal(l.script()) // a map of strings always marshals
	v := view{Lang: l, Contact: contact,
		OtherURL: "/demo?" + url.Values{"lang": {string(other)}, "contact": {contact}}.Encode(),
		Brand:    d.names(l).brand(), Hook: d.o.HookURL, Token: d.o.HookToken, Docs: d.o.Docs, Strings: string(words)}
	for _, id := range []string{"understood", "prefs", "offers", "ledger"} {
		v.Panels = append(v.Panels, panel{ID: id, Title: v.T(id + ".title"), Short: v.T(id + ".short")})
	}
	return v
}

// Vietnamese reports whether the page is shown in Vietnamese.
func (v view) Vietnamese() bool { return v.Lang == "vi" }
