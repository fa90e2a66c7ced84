package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// userOut is a user as they are answered: nothing that they sign in with.
type userOut struct {
	Name    string    `json:"name"`
	Display string    `json:"display,omitempty"`
	Role    string    `json:"role"`
	Locale  string    `json:"locale,omitempty"`
	Invited bool      `json:"invited,omitempty"`
	Created time.Time `json:"created"`
}

func shownUser(u control.User) userOut {
	return userOut{u.Name, u.Display, u.Role.String(), u.Locale, u.Invited, u.Created}
}

// GetUsers lists who may use the console.
func (h *handlers) GetUsers(c echo.Context) error {
	us, err := h.control.Users(c.Request().Context())
	out := make([]userOut, len(us))
	for i, u := range us {
		out[i] = shownUser(u)
	}
	return ok(c, map[string]any{"users": out}, err)
}

// GetUser is one of them.
func (h *handlers) GetUser(c echo.Context, id string) error {
	u, err := h.control.User(c.Request().Context(), id)
	if err != nil {
		return err
	}
	showsRevision(c, u.Revision)
	return ok(c, shownUser(u), nil)
}

// InviteUser invites somebody.
func (h *handlers) InviteUser(c echo.Context) error {
	var u control.User
	err := decode(c, func(o *object) {
		u.Name = strings.ToLower(strings.TrimSpace(o.need("name", 64, "by which they sign in, such as an e-mail address"))) // as it is kept
		userIn(o, &u)
	})
	if err != nil {
		return err
	}
	code, err := h.control.Invite(c.Request().Context(), u)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]string{"name": u.Name, "path": welcomePath + url.PathEscape(code)})
}

// welcomePath is where the console has invitations.
const welcomePath = "/console/welcome/"

// userIn reads what a user is to be.
func userIn(o *object, u *control.User) {
	name := o.need("role", 16, "viewer, agent, marketer or admin")
	if role, err := web.ParseRole(name); err == nil {
		u.Role = role
	} else if name != "" {
		o.fail("role", "must be viewer, agent, marketer or admin")
	}
	u.Display, u.Locale = o.optional("display", 80), o.oneOf("locale", "vi", "en")
}

// ChangeUser gives one another role, display name or language. Control compares once more with what this has looked at.
func (h *handlers) ChangeUser(c echo.Context, id string) error {
	u := control.User{Name: id}
	if err := decode(c, func(o *object) { userIn(o, &u) }); err != nil {
		return err
	}
	now, err := h.matchUser(c, id)
	if err != nil {
		return err
	}
	u.Revision = now.Revision
	u, err = h.control.ChangeUser(c.Request().Context(), u)
	return ok(c, shownUser(u), h.userProblem(c, id, now, err))
}

// RemoveUser ends that somebody may use the console.
func (h *handlers) RemoveUser(c echo.Context, id string) error {
	seen, err := h.matchUser(c, id)
	if err != nil {
		return err
	}
	return done(c, h.userProblem(c, id, seen, h.control.RemoveUser(c.Request().Context(), id, seen.Revision)))
}

// userProblem answers a change of what a user was when they were seen: with what of them is another by now, where the caller
// has said in If-Match what they had seen.
func (h *handlers) userProblem(c echo.Context, id string, seen control.User, err error) error {
	if _, whatever := wanted(c); whatever || !errors.Is(err, control.ErrUserChanged) {
		return err
	}
	now, err := h.control.User(c.Request().Context(), id)
	if err != nil {
		return err
	}
	var parts []string
	for _, p := range []struct{ name, was, is string }{
		{"role", seen.Role.String(), now.Role.String()}, {"display", seen.Display, now.Display}, {"locale", seen.Locale, now.Locale},
	} {
		if p.was != p.is {
			parts = append(parts, fmt.Sprintf("%s is %q by now, not %q", p.name, p.is, p.was))
		}
	}
	detail := "Somebody else changed this user meanwhile"
	if len(parts) > 0 {
		detail += " (" + strings.Join(parts, ", ") + ")"
	}
	return stale(http.StatusPreconditionFailed, detail+"; read them again, and make your change to that.", now.Revision, shownUser(now))
}

// matchUser is the user, who must be as If-Match says.
func (h *handlers) matchUser(c echo.Context, id string) (control.User, error) {
	u, err := h.control.User(c.Request().Context(), id)
	if err != nil {
		return u, err
	}
	return u, match(c, u.Revision, shownUser(u))
}

// GetAudit is a page of the record of changes.
func (h *handlers) GetAudit(c echo.Context, p getAuditParams) error {
	page, err := h.control.Changes(c.Request().Context(), p.Cursor, p.Limit)
	next := ""
	if len(page) == p.Limit {
		next = page[len(page)-1].ID
	}
	return paged(c, "changes", page, next, err)
}
