package gateway

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/console"
)

// attended lets what looks through contacts give way to whoever waits for a page of the console or an answer of the API.
func (g *Gateway) attended(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if at := c.Request().URL.Path; strings.HasPrefix(at, console.Prefix+"/") || strings.HasPrefix(at, api.Prefix+"/") {
			defer g.Control.Attend()()
		}
		return next(c)
	}
}
