package console

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
)

//go:embed templates/*.html
var templateFiles embed.FS

// policy is the content security policy of the pages: this server's own files and nothing else.
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// view is what every template has as its dot.
type view struct {
	Screen string // the name of the screen
	Main   string // the template of the page's main part; mostly the screen's
	Title  string // of the page, said already
	Lang   lang
	Look   string // light, dark; "": as the system is
	Brand  string
	User   control.User
	Role   access.Role
	Menu   []menuEntry
	Stop   control.Sending
	Path   string // of this page, with its query: where the language is switched
	Says   string // a sentence about what was just done
	Body   any    // of the screen
	Open   bool   // nobody had to sign in
}

// May reports whether the user has a role, or one above it: for what a page offers. Control decides what is done.
func (v view) May(role string) bool {
	r, err := access.ParseRole(role)
	return err == nil && v.Role >= r
}

// Address is an address as the user may see it: viewers see that there is one, and of which kind.
func (v view) Address(a address.Address) string {
	if v.Role < access.Agent {
		return a.Mask()
	}
	return a.String()
}

type menuEntry struct {
	Name, Path string
	Here       bool
}

// parsed is the templates as they are read, once for all consoles of a process: reading them is most of a gateway's start.
// They are never executed; parse gives each console and language a copy with functions of its own.
var parsed = sync.OnceValues(func() (*template.Template, error) {
	names := (&console{}).functions(vi) // reading asks for no more of a function than its name
	return template.New("").Funcs(names).Funcs(talkFunctions(vi)).Funcs(template.FuncMap{"part": dict}).ParseFS(templateFiles, "templates/*.html")
})

// parse makes the templates of each language.
func (c *console) parse() (map[lang]*template.Template, error) {
	read, err := parsed()
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	pages := map[lang]*template.Template{}
	for _, l := range langs {
		t, err := read.Clone()
		if err != nil {
			return nil, fmt.Errorf("console: %w", err)
		}
		part := func(name string, data any) (template.HTML, error) {
			var b strings.Builder
			err := t.ExecuteTemplate(&b, name, data)
			return template.HTML(b.String()), err //nolint:gosec // a template's own output
		}
		pages[l] = t.Funcs(c.functions(l)).Funcs(talkFunctions(l)).Funcs(template.FuncMap{"part": part})
	}
	return pages, nil
}

// functions are what templates can call; they speak the page's language.
func (c *console) functions(l lang) template.FuncMap {
	zone := c.zone()
	return template.FuncMap{
		"T":        l.say,   // a text of texts/*.json; {name} is replaced by the value after "name"
		"count":    l.count, // a text with {n}, in the singular or the plural
		"known":    l.known, // the text of group.name, or the name made readable
		"number":   l.number,
		"percent":  l.percent,
		"time":     func(t time.Time) template.HTML { return l.timeTag(t, zone, c.Now()) },
		"day":      func(t time.Time) string { return l.day(t.In(zone)) },
		"clock":    func(t time.Time) string { return t.In(zone).Format("15:04") },
		"asset":    c.assets.url,
		"style":    c.assets.stylesheet, // of a screen; "" where it has none
		"icon":     c.assets.icon,
		"path":     func(parts ...string) string { return Prefix + "/" + escaped(parts) },
		"dict":     dict,
		"label":    l.label,   // of a text by language, or the name where there is none
		"seconds":  l.seconds, // with one digit
		"span":     l.span,
		"reached":  l.reached,
		"tongue":   l.tongue,
		"zone":     func(name string) string { return l.clockOf(name, c.Now()) },
		"worth":    l.worth,
		"source":   l.source,
		"readable": readable,
		"finding":  func(p control.FileProblem) finding { return l.finding(p.Message, p.Hint, p.Said) },
		"misread":  func(m *ruleMistake) finding { return l.misread(m.Error) },
		"trouble":  l.trouble,
		"days":     func(d float64) int64 { return int64(min(d, daysTold)) },
		"add":      func(a, b int) int { return a + b },
		"stages":   func() []string { return stageKinds },
		"subjects": func() []string { return contactSubjects },
	}
}

// zone is that of the times that pages show.
func (c *console) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// escaped joins parts of a path, whatever is in them.
func escaped(parts []string) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = url.PathEscape(p)
	}
	return strings.Join(out, "/")
}

// dict hands several values to a template.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no key", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// page is a page of a screen.
type page struct {
	name  string // of the screen: its entry in the menu, its style
	main  string // template; "": name
	title string // key of the text; "": name.title
	body  any
	says  string
}

// show renders a page: whole, or for htmx its main part alone.
func (c *console) show(x echo.Context, status int, p page) error {
	v := c.view(x, p)
	if v.Role != access.Nobody {
		stop, err := c.Control.Sending(x.Request().Context())
		if err != nil {
			return err
		}
		v.Stop = stop
	}
	return c.render(x, status, "layout", v)
}

func (c *console) view(x echo.Context, p page) view {
	u, _ := x.Get(userKey).(control.User)
	l := c.langOf(x)
	title := p.title
	if title == "" {
		title = p.name + ".title"
	}
	v := view{Screen: p.name, Main: cmp.Or(p.main, p.name), Title: l.say(title), Lang: l, Look: lookOf(x), Brand: c.Brand, User: u, Role: access.Of(x.Request().Context()).Role,
		Path: x.Request().URL.RequestURI(), Body: p.body, Says: p.says, Open: c.Open}
	if v.Says == "" && v.Role != access.Nobody {
		v.Says = c.said(x, l)
	}
	for _, s := range c.screens {
		if s.menu && v.Role >= s.least {
			v.Menu = append(v.Menu, menuEntry{Name: s.name, Path: Prefix + s.path, Here: s.name == p.name})
		}
	}
	return v
}

// fragment renders one template of the page's language, for a part of a page.
func (c *console) fragment(x echo.Context, status int, name string, body any) error {
	html, err := c.html(x, name, body)
	if err != nil {
		return err
	}
	return c.blob(x, status, []byte(html))
}

// stylesheet is the screen's own, where it has one.
func (a assets) stylesheet(screen string) string {
	address, err := a.url(screen + ".css")
	if err != nil {
		return ""
	}
	return address
}

// html is a fragment as text.
func (c *console) html(x echo.Context, name string, body any) (string, error) {
	var b bytes.Buffer
	err := c.pages[c.langOf(x)].ExecuteTemplate(&b, name, c.view(x, page{name: name, title: "app.name", body: body}))
	return b.String(), err
}

// render executes a template of the page's language.
func (c *console) render(x echo.Context, status int, name string, v view) error {
	var b bytes.Buffer
	if err := c.pages[v.Lang].ExecuteTemplate(&b, name, v); err != nil {
		return err
	}
	return c.blob(x, status, b.Bytes())
}

func (c *console) blob(x echo.Context, status int, b []byte) error {
	h := x.Response().Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Vary", "Cookie, Accept-Language")
	return x.Blob(status, "text/html; charset=utf-8", b)
}

// goTo leads to another page after a change, which says on arrival what was done: said is the key of a text.
func (c *console) goTo(x echo.Context, path, said string, pairs ...string) error {
	if said != "" {
		c.sessions.Put(x.Request().Context(), saysKey, append([]string{said}, pairs...))
	}
	if x.Request().Header.Get("HX-Request") != "" {
		x.Response().Header().Set("HX-Redirect", Prefix+path)
		return x.NoContent(http.StatusNoContent)
	}
	return x.Redirect(http.StatusSeeOther, Prefix+path)
}

// said is what the page before left to say, once.
func (c *console) said(x echo.Context, l lang) string {
	kept, _ := c.sessions.Pop(x.Request().Context(), saysKey).([]string)
	if len(kept) == 0 {
		return ""
	}
	return l.say(kept[0], kept[1:]...)
}

// pathParam is a part of the address, as it was before it was escaped.
func pathParam(x echo.Context, name string) string {
	if v, err := url.PathUnescape(x.Param(name)); err == nil {
		return v
	}
	return x.Param(name)
}
