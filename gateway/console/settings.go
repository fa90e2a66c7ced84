package console

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

func (c *console) settings() screen {
	return screen{name: "settings", path: "/settings", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/settings", access.Viewer, bounded(c.showSettings)},
		{http.MethodPost, "/settings/me", access.Viewer, bounded(c.changeMe)},
		{http.MethodPost, "/settings/users", access.Admin, bounded(c.inviteUser)},
		{http.MethodPost, "/settings/users/:name/role", access.Admin, bounded(c.changeRole)},
		{http.MethodPost, "/settings/users/:name/remove", access.Admin, bounded(c.removeUser)},
		{http.MethodPost, "/settings/users/:name/link", access.Admin, bounded(c.inviteAgain)},
	}}
}

// settingsBody is what the page shows.
type settingsBody struct {
	Users   []control.User
	Roles   []access.Role
	Invited *invitation // just made
	Form    userForm
	Mine    myForm
}

// myForm is what somebody typed about themselves, and what is wrong with it.
type myForm struct{ Display, Problem string }

// userForm is what was typed to invite somebody, and what is wrong with it.
type userForm struct {
	Name, Display, Role string
	Problem             string // a sentence
}

// invitation is a link that works once.
type invitation struct{ Name, URL string }

func (c *console) showSettings(x echo.Context) error {
	return c.renderSettings(x, http.StatusOK, settingsBody{Form: firstUser()})
}

// firstUser is what the form for another user begins with.
func firstUser() userForm { return userForm{Role: access.Agent.String()} }

func (c *console) renderSettings(x echo.Context, status int, b settingsBody) error {
	ctx := x.Request().Context()
	if access.Of(ctx).Role >= access.Admin {
		var err error
		if b.Users, err = c.Control.Users(ctx); err != nil {
			return err
		}
	}
	b.Roles = access.Roles()
	return c.show(x, status, page{name: "settings", body: b})
}

func (c *console) changeMe(x echo.Context) error {
	u, _ := x.Get(userKey).(control.User)
	u.Display = strings.TrimSpace(x.FormValue("display"))
	_, err := c.Control.ChangeUser(x.Request().Context(), u)
	if said := c.wrong(x, err); said != "" {
		return c.renderSettings(x, http.StatusUnprocessableEntity, settingsBody{Form: firstUser(), Mine: myForm{u.Display, said}})
	} else if err != nil {
		return err
	}
	return c.goTo(x, "/settings", "settings.kept")
}

func (c *console) inviteUser(x echo.Context) error {
	form := userForm{Name: strings.TrimSpace(x.FormValue("name")), Display: strings.TrimSpace(x.FormValue("display")), Role: x.FormValue("role")}
	role, err := access.ParseRole(form.Role)
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	u := control.User{Name: form.Name, Display: form.Display, Role: role}
	_, err = c.Control.User(x.Request().Context(), strings.ToLower(u.Name))
	if err == nil {
		form.Problem = c.langOf(x).say("settings.users.known", "name", u.Name)
		return c.renderSettings(x, http.StatusConflict, settingsBody{Form: form})
	}
	code, err := c.Control.Invite(x.Request().Context(), u)
	if errors.Is(err, control.ErrInvalid) {
		form.Problem = c.langOf(x).say("settings.users.bad")
		return c.renderSettings(x, http.StatusBadRequest, settingsBody{Form: form})
	}
	if err != nil {
		return err
	}
	return c.renderSettings(x, http.StatusOK, settingsBody{Form: userForm{Role: form.Role}, Invited: c.invitation(x, u.Name, code)})
}

func (c *console) inviteAgain(x echo.Context) error {
	u, err := c.Control.User(x.Request().Context(), userName(x))
	if err != nil {
		return err
	}
	code, err := c.Control.Invite(x.Request().Context(), u)
	if err != nil {
		return err
	}
	return c.renderSettings(x, http.StatusOK, settingsBody{Form: userForm{Role: u.Role.String()}, Invited: c.invitation(x, u.Name, code)})
}

func (c *console) invitation(x echo.Context, name, code string) *invitation {
	host := c.Host
	if host == "" {
		host = x.Scheme() + "://" + x.Request().Host
	}
	return &invitation{Name: name, URL: host + WelcomePath + code}
}

// WelcomePath is where invitations lead; a code follows.
const WelcomePath = Prefix + "/welcome/"

func (c *console) changeRole(x echo.Context) error {
	u, err := c.Control.User(x.Request().Context(), userName(x))
	if err != nil {
		return err
	}
	if u.Role, err = access.ParseRole(x.FormValue("role")); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	if _, err := c.Control.ChangeUser(x.Request().Context(), u); err != nil {
		return err
	}
	return c.goTo(x, "/settings", "settings.users.changed", "name", u.Shown())
}

func (c *console) removeUser(x echo.Context) error {
	if err := c.Control.RemoveUser(x.Request().Context(), userName(x), ""); err != nil {
		return err
	}
	return c.goTo(x, "/settings", "settings.users.removed", "name", userName(x))
}

func userName(x echo.Context) string { return pathParam(x, "name") }
