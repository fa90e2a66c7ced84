package hooks

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/web"
)

// Prefix is what the paths of webhooks begin with.
const Prefix = "/hooks/"

// BodyMax bounds the body of a webhook call, in bytes. Meta's batches are the largest: up to 3 MB, by its documents.
const BodyMax = 4 << 20

// Mount serves POST and GET /hooks/{account} and what is below it, where the secret is by which providers that sign
// nothing are known. The body's size is bounded by the server: see
// BodyMax.
func (i *Intake) Mount(e *echo.Echo) {
	h := func(c echo.Context) error {
		a, ok := i.accounts[c.Param("account")]
		if !ok {
			return web.NewProblem(http.StatusNotFound, "there is no such account")
		}
		return i.serve(c, a)
	}
	for _, path := range []string{Prefix + ":account", Prefix + ":account/*"} {
		e.POST(path, h)
		e.GET(path, h)
	}
}

func (i *Intake) serve(c echo.Context, a *account) error {
	r := c.Request()
	body, err := web.ReadBody(r)
	if err != nil {
		a.malformed.Inc()
		a.Watch.Malformed(i.Now())
		return err
	}
	at := i.Now()
	d, err := a.Adapter.Decode(adapters.Request{Method: r.Method, URL: signedURL(a.URL, r.URL), Header: r.Header, Body: body, At: at})
	if err != nil {
		return i.refused(a, err)
	}
	if err := i.accept(r.Context(), a, d.Events, at); err != nil {
		return a.turnAway(err)
	}
	i.setAside(r.Context(), a, d.Ignored, at)
	a.taken.Inc()
	return answer(c, d.Answer)
}

// signedURL is the address that the provider called: the public one, with what this call has behind the account's name.
func signedURL(public string, called *url.URL) string {
	if below := behindAccount(called.EscapedPath()); below != "" {
		public += "/" + below
	}
	if called.RawQuery == "" {
		return public
	}
	return public + "?" + called.RawQuery
}

// behindAccount is the path behind /hooks/{account}/.
func behindAccount(path string) string {
	_, below, _ := strings.Cut(strings.TrimPrefix(path, Prefix), "/")
	return below
}

// turnAway is the answer to a call whose events could not be stored: the provider is to call again. The request's log
// line has the reason.
func (a *account) turnAway(err error) error {
	err = fmt.Errorf("account %s: %w", a.ID, err)
	if errors.Is(err, store.ErrBusy) {
		a.busy.Inc()
		return web.Unavailable("Too many events wait to be stored; call again.", err)
	}
	a.away.Inc()
	return web.Unavailable("The event could not be stored; call again.", err)
}

func (i *Intake) refused(a *account, err error) error {
	if errors.Is(err, adapters.ErrForged) {
		a.forged.Inc()
		a.Watch.Forged(i.Now())
		i.Log.Warn("a webhook call was refused: its signature, or the secret in its address, does not fit; check public_url and the account's secret if the provider sent it", "account", a.ID, "error", err)
		return web.NewProblem(http.StatusForbidden, "the signature does not fit")
	}
	a.malformed.Inc()
	a.Watch.Malformed(i.Now())
	i.Log.Warn("a webhook call cannot be read", "account", a.ID, "error", err)
	return web.NewProblem(http.StatusBadRequest, "the call cannot be read: "+err.Error())
}

func answer(c echo.Context, a adapters.Answer) error {
	h := c.Response().Header()
	for name, values := range a.Header {
		h[http.CanonicalHeaderKey(name)] = values[:len(values):len(values)]
	}
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	c.Response().WriteHeader(status)
	if len(a.Body) == 0 {
		return nil
	}
	_, err := c.Response().Write(a.Body)
	return err
}
