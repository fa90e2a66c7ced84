// Package console is the pages of those who plan campaigns, answer customers and watch: rendered on the server, thin over
// control. A screen is a file of handlers, a template, its texts and its style, under one name.
package console

import (
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// Prefix is where the console is.
const Prefix = "/console"

// bound is how long a page may take; live parts stay open.
const bound = 10 * time.Second

// Options is what the console is made of.
type Options struct {
	Control  control.API
	Sessions scs.CtxStore // of those who signed in
	Brand    string
	Zone     *time.Location // of the times that pages show
	HTTPS    bool           // the world reaches the console by https
	Host     string         // the public address without a path; links in invitations begin with it
	SSO      SSO            // nil: people sign in with passwords alone
	Open     bool           // whoever comes is an administrator, as in the demo on one's own machine
	Done     <-chan struct{}
	Now      func() time.Time
	Log      *slog.Logger
}

// console serves the pages. It does not change after Mount.
type console struct {
	Options
	sessions *scs.SessionManager
	pages    map[lang]*template.Template
	assets   assets
	screens  []screen
}

// route is an address of a screen, and the least role that may call it.
type route struct {
	method, path string
	least        access.Role
	handle       echo.HandlerFunc
}

// screen is an entry of the menu, and its routes. An entry without an icon is not in the menu.
type screen struct {
	name   string // of its texts, template, style and icon
	path   string
	least  access.Role
	menu   bool
	routes []route
}

// listed are the screens, in the order of the menu.
func (c *console) listed() []screen {
	return []screen{
		c.overview(),
		c.campaigns(),
		c.editor(),
		c.calendar(),
		c.audience(),
		c.results(),
		c.inbox(),
		c.people(),
		c.simulator(),
		c.channels(),
		c.offers(),
		c.audit(),
		c.settings(),
	}
}

// Mount serves the console below Prefix.
func Mount(e *echo.Echo, o Options) error {
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &console{Options: o, sessions: newSessions(o)}
	var err error
	if c.assets, err = readAssets(); err != nil {
		return err
	}
	c.screens = c.listed()
	if c.pages, err = c.parse(); err != nil {
		return err
	}
	e.GET(Prefix+"/assets/:hash/*", c.assets.serve)
	g := e.Group(Prefix, noStore, sameOrigin(), c.answerErrors, c.withSession)
	for _, path := range []string{"", "/"} {
		g.GET(path, func(x echo.Context) error { return x.Redirect(http.StatusSeeOther, Prefix+"/overview") })
	}
	for _, r := range c.doors() {
		g.Add(r.method, r.path, r.handle, bounded)
	}
	for _, s := range c.screens {
		for _, r := range s.routes {
			g.Add(r.method, r.path, r.handle, c.signedIn, c.need(r.least))
		}
	}
	for _, r := range slices.Concat(c.stopping(), c.searching()) {
		g.Add(r.method, r.path, r.handle, c.signedIn, c.need(r.least))
	}
	return nil
}

// noStore keeps what is personal out of caches.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(x echo.Context) error {
		x.Response().Header().Set("Cache-Control", "no-store")
		return next(x)
	}
}

// sameOrigin refuses changes that another site's page asks for (Sec-Fetch-Site, and Origin in older browsers).
func sameOrigin() echo.MiddlewareFunc {
	guard := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(x echo.Context) error {
			if err := guard.Check(x.Request()); err != nil {
				return web.NewProblem(http.StatusForbidden, "This was asked for from another site.")
			}
			return next(x)
		}
	}
}

// bounded gives a page its time limit.
func bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(x echo.Context) error {
		ctx, cancel := context.WithTimeout(x.Request().Context(), bound)
		defer cancel()
		x.SetRequest(x.Request().WithContext(ctx))
		return next(x)
	}
}

// need lets callers of a role, or of one above it, through.
func (c *console) need(least access.Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(x echo.Context) error {
			if err := access.Need(x.Request().Context(), least); err != nil {
				return err
			}
			return next(x)
		}
	}
}

// statusOf is the status of what control says.
func statusOf(err error) int {
	p := (*web.Problem)(nil)
	he := (*echo.HTTPError)(nil)
	switch {
	case errors.As(err, &p):
		return p.Status
	case errors.As(err, &he):
		return he.Code
	case errors.Is(err, control.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, control.ErrForbidden):
		return http.StatusForbidden
	case errors.Is(err, control.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, control.ErrInvalid):
		return http.StatusBadRequest
	case errors.Is(err, control.ErrTooManyTries), errors.Is(err, control.ErrTooSoon):
		return http.StatusTooManyRequests
	case errors.Is(err, control.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
