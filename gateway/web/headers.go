package web

import (
	"github.com/labstack/echo/v4"
)

// Policy is the content security policy of every answer: nothing but this server's own files, no inline script or
// style, no frame. A page that needs more sets its own.
const Policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// headers sets the security headers before the handler runs, which may replace them.
func headers(https bool) echo.MiddlewareFunc {
	set := map[string][]string{
		"Content-Security-Policy":      {Policy},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"Referrer-Policy":              {"no-referrer"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), geolocation=(), microphone=()"},
	}
	if https {
		set["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			for k, v := range set {
				h[k] = v[:1:1] // shared: a handler's Add copies it, as there is no room to append
			}
			return next(c)
		}
	}
}
