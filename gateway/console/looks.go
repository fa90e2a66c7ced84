package console

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Cookies that say how pages look to somebody; they hold nothing about them.
const (
	langCookie = "hoidap-lang"
	lookCookie = "hoidap-look"
)

// langOf is the language that was chosen, or the user's, or what the browser asks for.
func (c *console) langOf(x echo.Context) lang {
	if k, err := x.Cookie(langCookie); err == nil && (k.Value == string(vi) || k.Value == string(en)) {
		return lang(k.Value)
	}
	for _, wanted := range strings.Split(x.Request().Header.Get("Accept-Language"), ",") {
		switch tag, _, _ := strings.Cut(strings.TrimSpace(wanted), "-"); strings.ToLower(tag) {
		case "vi":
			return vi
		case "en":
			return en
		}
	}
	return vi
}

func lookOf(x echo.Context) string {
	if k, err := x.Cookie(lookCookie); err == nil && (k.Value == "light" || k.Value == "dark") {
		return k.Value
	}
	return ""
}

// look keeps a language or a look, and leads back.
func (c *console) look(x echo.Context) error {
	for name, field := range map[string]string{langCookie: "lang", lookCookie: "look"} {
		if v := x.FormValue(field); v != "" {
			x.SetCookie(&http.Cookie{Name: name, Value: v, Path: Prefix, Expires: c.Now().Add(365 * 24 * time.Hour), HttpOnly: true, Secure: c.HTTPS, SameSite: http.SameSiteLaxMode})
		}
	}
	return x.Redirect(http.StatusSeeOther, ownPath(x.FormValue("back")))
}

// ownPath is a path of the console; whatever else was asked for leads to its beginning.
func ownPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, Prefix+"/") || strings.ContainsAny(s, "\\\r\n") {
		return Prefix + "/overview"
	}
	return u.RequestURI()
}
