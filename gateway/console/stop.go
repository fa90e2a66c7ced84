package console

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
)

// stopping is the emergency stop, which every page offers.
func (c *console) stopping() []route {
	return []route{
		{http.MethodPost, "/stop", access.Marketer, bounded(c.stop)},
		{http.MethodPost, "/resume", access.Admin, bounded(c.resume)},
	}
}

func (c *console) stop(x echo.Context) error {
	ctx := x.Request().Context()
	reason := []rune(strings.TrimSpace(x.FormValue("reason")))
	if _, err := c.Control.StopSending(ctx, access.Of(ctx).Name, string(reason[:min(len(reason), 200)])); err != nil {
		return err
	}
	return c.goTo(x, strings.TrimPrefix(ownPath(x.FormValue("back")), Prefix), "stop.done")
}

func (c *console) resume(x echo.Context) error {
	ctx := x.Request().Context()
	if _, err := c.Control.ResumeSending(ctx, access.Of(ctx).Name); err != nil {
		return err
	}
	return c.goTo(x, strings.TrimPrefix(ownPath(x.FormValue("back")), Prefix), "stop.resumed")
}
