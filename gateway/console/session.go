package console

import (
	"context"
	"encoding/gob"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// sessionLives is how long somebody stays signed in: a working day.
const sessionLives = 14 * time.Hour

// Keys of what a session holds, and of what a request's context has.
const (
	nameKey  = "name"  // of the user
	epochKey = "epoch" // of the user when they signed in
	saysKey  = "says"  // what the next page says
	goesKey  = "goes"  // where they were going when they were asked to sign in
	userKey  = "console.user"
)

func newSessions(o Options) *scs.SessionManager {
	gob.Register([]string{})
	// Not by scs.New: that starts a store in memory, whose goroutine has no end.
	m := &scs.SessionManager{Store: o.Sessions, Codec: scs.GobCodec{}, Lifetime: sessionLives, HashTokenInStore: true}
	m.Cookie.Name = "hoidap"
	if o.HTTPS {
		m.Cookie.Name, m.Cookie.Secure = "__Host-hoidap", true
	}
	m.Cookie.Path, m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Persist = "/", true, http.SameSiteLaxMode, true
	return m
}

// withSession loads the session before a page, and keeps it before the first byte of its answer.
func (c *console) withSession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(x echo.Context) error {
		token := ""
		if cookie, err := x.Cookie(c.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := c.sessions.Load(x.Request().Context(), token)
		if err != nil {
			return web.Unavailable("Who is signed in cannot be looked up now; try again in a moment.", err)
		}
		x.SetRequest(x.Request().WithContext(ctx))
		x.Response().Before(func() { c.keepSession(x) })
		return next(x)
	}
}

// keepSession writes what changed in the session.
func (c *console) keepSession(x echo.Context) {
	ctx := context.WithoutCancel(x.Request().Context())
	switch c.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := c.sessions.Commit(ctx)
		if err != nil {
			c.Log.Error("a session could not be kept", "error", err)
			return
		}
		c.sessions.WriteSessionCookie(ctx, x.Response(), token, expiry)
	case scs.Destroyed:
		c.sessions.WriteSessionCookie(ctx, x.Response(), "", time.Time{})
	}
}

// signedIn finds out who asks; whoever is not signed in is led to the door, and then back.
func (c *console) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(x echo.Context) error {
		u, ok, err := c.user(x)
		if err != nil {
			return err
		}
		if !ok {
			return c.toDoor(x)
		}
		x.Set(userKey, u)
		web.SetCaller(x, access.Caller{Name: u.Name, Role: u.Role})
		return next(x)
	}
}

// user is who is signed in. Their role is read at each request: it holds at once.
func (c *console) user(x echo.Context) (control.User, bool, error) {
	if c.Open {
		if !ownName(x.Request().Host) {
			return control.User{}, false, web.NewProblem(http.StatusMisdirectedRequest, "The demo answers on its own address only.")
		}
		return control.User{Name: "demo", Role: access.Admin}, true, nil
	}
	ctx := x.Request().Context()
	name := c.sessions.GetString(ctx, nameKey)
	if name == "" {
		return control.User{}, false, nil
	}
	u, err := c.Control.User(ctx, name)
	switch statusOf(err) {
	case http.StatusNotFound:
		return u, false, c.sessions.Destroy(ctx)
	default:
		if err != nil {
			return u, false, err
		}
	}
	if u.Epoch != c.sessions.GetInt(ctx, epochKey) {
		return u, false, c.sessions.Destroy(ctx)
	}
	return u, true, nil
}

// toDoor asks to sign in.
func (c *console) toDoor(x echo.Context) error {
	r := x.Request()
	if r.Header.Get("HX-Request") != "" {
		x.Response().Header().Set("HX-Redirect", Prefix+"/sign-in")
		return x.NoContent(http.StatusUnauthorized)
	}
	if r.Method == http.MethodGet {
		c.sessions.Put(r.Context(), goesKey, r.URL.RequestURI())
	}
	return x.Redirect(http.StatusSeeOther, Prefix+"/sign-in")
}

// enter begins a session for somebody, under a new token, and leads them to where they were going.
func (c *console) enter(x echo.Context, u control.User) error {
	ctx := x.Request().Context()
	if err := c.sessions.RenewToken(ctx); err != nil {
		return err
	}
	c.sessions.Put(ctx, nameKey, u.Name)
	c.sessions.Put(ctx, epochKey, u.Epoch)
	to := c.sessions.PopString(ctx, goesKey)
	if to == "" {
		to = Prefix + "/overview"
	}
	return x.Redirect(http.StatusSeeOther, to)
}

// ownName reports whether a Host header has a plain address, or names this machine: another name that leads here is
// somebody's trick (DNS rebinding).
func ownName(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return strings.EqualFold(name, "localhost") || net.ParseIP(strings.Trim(name, "[]")) != nil
}
