package console

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// SSO signs people in whom an identity provider knows (OpenID Connect).
type SSO interface {
	// Begin is where the browser goes; keep is to be given to Finish.
	Begin(ctx context.Context) (url string, keep []string, err error)
	// Finish is who came back with a code.
	Finish(ctx context.Context, keep []string, state, code string) (name, display string, role access.Role, err error)
}

// doors are the pages for who is not signed in.
func (c *console) doors() []route {
	return []route{
		{method: http.MethodGet, path: "/sign-in", handle: c.askToSignIn},
		{method: http.MethodPost, path: "/sign-in", handle: c.signIn},
		{method: http.MethodPost, path: "/sign-out", handle: c.signOut},
		{method: http.MethodGet, path: "/welcome/:code", handle: c.welcome},
		{method: http.MethodPost, path: "/welcome/:code", handle: c.choosePassword},
		{method: http.MethodGet, path: "/sso", handle: c.beginSSO},
		{method: http.MethodGet, path: "/sso/callback", handle: c.finishSSO},
		{method: http.MethodPost, path: "/look", handle: c.look},
	}
}

// door is what the pages show.
type door struct {
	Name, Code string
	Problem    string // key of a text
	SSO        bool
	Least      int // characters of a password
}

func (c *console) showDoor(x echo.Context, status int, template string, d door) error {
	d.SSO, d.Least = c.SSO != nil, control.PasswordLeast
	title := template + ".title"
	if d.Code != "" { // the invitation is good
		title = "welcome.choosing"
	}
	v := c.view(x, page{name: "door", main: template, title: title, body: d})
	return c.render(x, status, "outside", v)
}

func (c *console) askToSignIn(x echo.Context) error {
	if _, ok, err := c.user(x); err != nil || ok {
		if err == nil {
			return x.Redirect(http.StatusSeeOther, Prefix+"/overview")
		}
		return err
	}
	return c.showDoor(x, http.StatusOK, "sign-in", door{})
}

func (c *console) signIn(x echo.Context) error {
	name := strings.TrimSpace(x.FormValue("name"))
	u, err := c.Control.SignIn(x.Request().Context(), name, x.FormValue("password"), callerAddress(x))
	switch {
	case errors.Is(err, control.ErrWrongPassword):
		return c.showDoor(x, http.StatusUnauthorized, "sign-in", door{Name: name, Problem: "sign-in.wrong"})
	case errors.Is(err, control.ErrTooManyTries):
		return c.showDoor(x, http.StatusTooManyRequests, "sign-in", door{Name: name, Problem: "sign-in.often"})
	case err != nil:
		return err
	}
	return c.enter(x, u)
}

// callerAddress is where somebody comes from, to bound how often one place may try. A proxy of one's own says so in
// X-Forwarded-For; whoever calls from elsewhere is believed nothing.
func callerAddress(x echo.Context) string { return echo.ExtractIPFromXFFHeader()(x.Request()) }

func (c *console) signOut(x echo.Context) error {
	if err := c.sessions.Destroy(x.Request().Context()); err != nil {
		return err
	}
	return x.Redirect(http.StatusSeeOther, Prefix+"/sign-in")
}

// welcome is where an invitation leads: nothing is taken yet, since programs look at links before people do.
func (c *console) welcome(x echo.Context) error {
	u, err := c.Control.Invited(x.Request().Context(), x.Param("code"))
	if errors.Is(err, control.ErrNotFound) {
		return c.showDoor(x, http.StatusNotFound, "welcome", door{Problem: "welcome.used"})
	}
	if err != nil {
		return err
	}
	return c.showDoor(x, http.StatusOK, "welcome", door{Name: u.Shown(), Code: x.Param("code")})
}

func (c *console) choosePassword(x echo.Context) error {
	ctx, code := x.Request().Context(), x.Param("code")
	u, err := c.Control.Invited(ctx, code)
	if err == nil {
		if problem := newPassword(u.Name, x.FormValue("password"), x.FormValue("again")); problem != "" {
			return c.showDoor(x, http.StatusBadRequest, "welcome", door{Name: u.Shown(), Code: code, Problem: problem})
		}
		u, err = c.Control.Accept(ctx, code, x.FormValue("password"))
	}
	if errors.Is(err, control.ErrNotFound) {
		return c.showDoor(x, http.StatusNotFound, "welcome", door{Problem: "welcome.used"})
	}
	if err != nil {
		return err
	}
	return c.enter(x, u)
}

// newPassword is the key of what is wrong with a password; "" where nothing is.
func newPassword(name, password, again string) string {
	switch {
	case len([]rune(password)) < control.PasswordLeast:
		return "welcome.short"
	case control.GoodPassword(name, password) != nil:
		return "welcome.easy"
	case password != again:
		return "welcome.differ"
	}
	return ""
}

const (
	ssoKey   = "sso"
	ssoTakes = 15 * time.Minute // to sign in at the provider
)

func (c *console) beginSSO(x echo.Context) error {
	if c.SSO == nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	ctx := x.Request().Context()
	url, keep, err := c.SSO.Begin(ctx)
	if err != nil {
		c.Log.Warn("signing in by the identity provider could not begin", "error", err)
		return c.showDoor(x, http.StatusServiceUnavailable, "sign-in", door{Problem: "sign-in.sso"}) // a password does still
	}
	c.sessions.Put(ctx, ssoKey, keep)
	if c.sessions.GetString(ctx, nameKey) == "" { // whoever it is; signing in begins the whole time
		c.sessions.SetDeadline(ctx, time.Now().Add(ssoTakes)) // by the machine's clock, as the library counts
	}
	return x.Redirect(http.StatusSeeOther, url)
}

func (c *console) finishSSO(x echo.Context) error {
	if c.SSO == nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	ctx := x.Request().Context()
	keep, _ := c.sessions.Pop(ctx, ssoKey).([]string)
	if len(keep) == 0 || x.QueryParam("code") == "" {
		return c.showDoor(x, http.StatusForbidden, "sign-in", door{Problem: "sign-in.sso"})
	}
	name, display, role, err := c.SSO.Finish(ctx, keep, x.QueryParam("state"), x.QueryParam("code"))
	if err != nil {
		c.Log.Warn("signing in by the identity provider failed", "error", err)
		return c.showDoor(x, http.StatusForbidden, "sign-in", door{Problem: "sign-in.sso"})
	}
	u, err := c.Control.Known(ctx, name, display, role)
	if errors.Is(err, control.ErrInvalid) || errors.Is(err, control.ErrNotFound) {
		return c.showDoor(x, http.StatusForbidden, "sign-in", door{Problem: "sign-in.unknown"})
	}
	if err != nil {
		return err
	}
	return c.enter(x, u)
}
