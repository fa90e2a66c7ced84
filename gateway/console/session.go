package console

import (
	"context"
	"encoding/gob"
	"net"
	"net/http"
	"net/url"
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
	ownKey   = "own"   // whose own page was asked for, and when the link ends: the next page of theirs shows it
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
	u, ok, err := c.stands(ctx, name)
	if err == nil && !ok {
		err = c.sessions.Destroy(ctx)
	}
	return u, ok, err
}

// stands is the user whom a session stands for; ok: it still does.
func (c *console) stands(ctx context.Context, name string) (u control.User, ok bool, err error) {
	u, err = c.Control.User(ctx, name)
	if statusOf(err) == http.StatusNotFound {
		return u, false, nil
	}
	return u, err == nil && u.Epoch == c.sessions.GetInt(ctx, epochKey), err
}

// signedOut tells a page that stays open that nobody is signed in any more.
const signedOut = "signed-out"

// stays reports whether whoever opened a live part is signed in still, as what they were. While Redis is away nobody knows, and
// the part says so itself.
func (c *console) stays(x echo.Context) bool {
	cookie, err := x.Cookie(c.sessions.Cookie.Name)
	if c.Open || err != nil {
		return c.Open
	}
	ctx, cancel := context.WithTimeout(context.Background(), bound) // without the session that the request began with
	defer cancel()
	if ctx, err = c.sessions.Load(ctx, cookie.Value); err != nil {
		return true
	}
	name := c.sessions.GetString(ctx, nameKey)
	if name == "" {
		return false
	}
	u, ok, err := c.stands(ctx, name)
	return err != nil || ok && u.Role == access.Of(x.Request().Context()).Role
}

// toDoor asks to sign in.
func (c *console) toDoor(x echo.Context) error {
	r := x.Request()
	switch {
	case r.Header.Get("HX-Request") != "": // a part of a page, on which something may have been typed
		x.Response().Header().Set("HX-Trigger", signedOut)
		x.Response().Header().Set("HX-Reswap", "none")
		return x.NoContent(http.StatusUnauthorized)
	case r.Header.Get("Accept") == "text/event-stream":
		beginStream(x)
		return send(x, signedOut, "1")
	}
	if r.Method == http.MethodGet {
		c.leadBack(x, r.URL.RequestURI())
	}
	return x.Redirect(http.StatusSeeOther, Prefix+"/sign-in")
}

// backCookie has where somebody was going when they were asked to sign in. It is no session: those cost memory of Redis, and
// whoever is not signed in could ask for any number of them.
const (
	backCookie = "hoidap-back"
	backLives  = time.Hour
	backMax    = 2000 // bytes of an address; browsers keep cookies of up to 4096
)

// leadBack has the next sign-in lead to a path; where that is too long, or "", to the console's beginning.
func (c *console) leadBack(x echo.Context, path string) {
	k := &http.Cookie{Name: backCookie, Path: Prefix, MaxAge: -1, HttpOnly: true, Secure: c.HTTPS, SameSite: http.SameSiteLaxMode}
	if path != "" && len(path) <= backMax {
		k.Value, k.MaxAge = url.QueryEscape(path), int(backLives.Seconds())
	}
	x.SetCookie(k)
}

// enter begins a session for somebody, under a new token, and leads them to where they were going.
func (c *console) enter(x echo.Context, u control.User) error {
	ctx := x.Request().Context()
	if err := c.sessions.RenewToken(ctx); err != nil {
		return err
	}
	c.sessions.Put(ctx, nameKey, u.Name)
	c.sessions.Put(ctx, epochKey, u.Epoch)
	back := ""
	if k, err := x.Cookie(backCookie); err == nil {
		back, _ = url.QueryUnescape(k.Value)
		c.leadBack(x, "")
	}
	return x.Redirect(http.StatusSeeOther, ownPath(back))
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
