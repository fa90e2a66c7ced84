package hooks

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/web"
)

// Mount serves POST and GET /hooks/{account}. The body's size is bounded by the server.
func Mount(e *echo.Echo, i *Intake, accounts []Account) {
	byID := make(map[string]Account, len(accounts))
	for _, a := range accounts {
		byID[a.ID] = a
	}
	h := func(c echo.Context) error {
		a, ok := byID[c.Param("account")]
		if !ok {
			return web.NewProblem(http.StatusNotFound, "there is no such account")
		}
		return i.serve(c, a)
	}
	e.POST("/hooks/:account", h)
	e.GET("/hooks/:account", h)
}

func (i *Intake) serve(c echo.Context, a Account) error {
	r := c.Request()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		i.Metrics.Calls.WithLabelValues(a.ID, "malformed").Inc()
		return err
	}
	d, err := a.Adapter.Decode(adapters.Request{Method: r.Method, URL: signedURL(a.URL, r.URL), Header: r.Header, Body: body, At: i.Now()})
	if err != nil {
		return i.refused(a, err)
	}
	if err := i.Accept(r.Context(), a, d.Events); err != nil {
		i.Metrics.Calls.WithLabelValues(a.ID, "away").Inc()
		i.Log.Warn("a webhook was turned away, for the provider to call again: its events could not be stored", "account", a.ID, "error", err)
		return web.Unavailable("The event could not be stored; call again.", nil)
	}
	i.Metrics.Calls.WithLabelValues(a.ID, "taken").Inc()
	return answer(c, d.Answer)
}

// signedURL is the address that the provider called: the public one, with the query of this call.
func signedURL(public string, called *url.URL) string {
	if called.RawQuery == "" {
		return public
	}
	return public + "?" + called.RawQuery
}

func (i *Intake) refused(a Account, err error) error {
	if errors.Is(err, adapters.ErrForged) {
		i.Metrics.Calls.WithLabelValues(a.ID, "forged").Inc()
		i.Log.Warn("a webhook call was refused: its signature does not fit; check public_url and the account's secret if the provider sent it", "account", a.ID)
		return web.NewProblem(http.StatusForbidden, "the signature does not fit")
	}
	i.Metrics.Calls.WithLabelValues(a.ID, "malformed").Inc()
	i.Log.Warn("a webhook call cannot be read", "account", a.ID, "error", err)
	return web.NewProblem(http.StatusBadRequest, "the call cannot be read: "+err.Error())
}

func answer(c echo.Context, a adapters.Answer) error {
	for name, values := range a.Header {
		for _, v := range values {
			c.Response().Header().Add(name, v)
		}
	}
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	c.Response().WriteHeader(status)
	_, err := c.Response().Write(a.Body)
	return err
}
