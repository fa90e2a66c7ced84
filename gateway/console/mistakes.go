package console

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/web"
)

// mistake is what a page says of an error.
type mistake struct {
	Status int
	Key    string // of the texts mistake.<key>.title and .text
	Detail string // what control says, where that is a sentence for the user
	ID     string // of the request, as in the log
}

// answerErrors shows errors as pages, and as a notice where htmx asked for a part of one.
func (c *console) answerErrors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(x echo.Context) error {
		err := next(x)
		if err == nil || x.Response().Committed || errors.Is(err, context.Canceled) {
			return err
		}
		status := statusOf(err)
		if status >= http.StatusInternalServerError {
			c.Log.Error("a page could not be shown", "path", x.Path(), "request", web.RequestID(x), "error", err)
		}
		m := mistake{Status: status, Key: mistakeKey(status), ID: web.RequestID(x)}
		if status == http.StatusBadRequest || status == http.StatusConflict || status == http.StatusNotFound {
			m.Detail = c.langOf(x).sentence(err)
			if he := (*echo.HTTPError)(nil); errors.As(err, &he) {
				m.Detail = "" // the router's own words
			}
		}
		if x.Request().Header.Get("HX-Request") != "" {
			x.Response().Header().Set("HX-Retarget", "#notice")
			x.Response().Header().Set("HX-Reswap", "innerHTML")
			return c.fragment(x, status, "mistake-notice", m)
		}
		return c.render(x, status, "outside", c.view(x, page{name: "mistake", title: "mistake." + m.Key + ".title", body: m}))
	}
}

func mistakeKey(status int) string {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "gone"
	case http.StatusForbidden, http.StatusUnauthorized:
		return "forbidden"
	case http.StatusConflict:
		return "conflict"
	case http.StatusTooManyRequests:
		return "often"
	case http.StatusServiceUnavailable:
		return "away"
	}
	if status < http.StatusInternalServerError {
		return "invalid"
	}
	return "inside"
}
