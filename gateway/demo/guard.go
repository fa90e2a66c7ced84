package demo

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
)

// policy allows nothing but the page's own files: no inline script or style, no frame, no other host.
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// guard keeps other sites away from the demo, which asks nobody for a password.
type guard struct {
	listen string // the configured listen host; empty or a wildcard: any
}

// check refuses foreign Host headers (DNS rebinding) and sets the security headers.
func (g guard) check(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !g.known(c.Request().Host) {
			return echo.NewHTTPError(http.StatusMisdirectedRequest, "the demo answers on its own address only")
		}
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		return next(c)
	}
}

// known reports whether a Host header names this demo. Where it listens everywhere, any plain IP address does:
// rebinding needs a name.
func (g guard) known(host string) bool {
	name := hostOf(host)
	ip := net.ParseIP(name)
	switch {
	case strings.EqualFold(name, "localhost"), ip != nil && ip.IsLoopback():
		return true
	case name == "":
		return false
	}
	if all := net.ParseIP(g.listen); g.listen == "" || all != nil && all.IsUnspecified() {
		return ip != nil && g.listen != ""
	}
	return strings.EqualFold(name, g.listen)
}

// hostOf is the host of host:port, without the brackets of IPv6. ":8080" listens everywhere.
func hostOf(s string) string {
	host, _, err := net.SplitHostPort(s)
	switch {
	case err != nil:
		return strings.Trim(s, "[]")
	case host == "":
		return "0.0.0.0"
	}
	return host
}

// sameOrigin refuses what another site's page makes a browser post. Programs that are no browser send neither header.
func (g guard) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !fromHere(c.Request()) {
			return echo.NewHTTPError(http.StatusForbidden, "this may only be asked for by the demo's own page")
		}
		if t := c.Request().Header.Get("Content-Type"); !strings.HasPrefix(t, "application/json") {
			return echo.NewHTTPError(http.StatusUnsupportedMediaType, "send application/json")
		}
		return next(c)
	}
}

func fromHere(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}
