// Package api is the REST interface under /api/v1: thin handlers over control, described by openapi.yaml. A request is
// read strictly: what is misspelt, doubled or of the wrong type is refused with the place of the mistake, as a field
// that is silently left out may be somebody's consent.
package api

import (
	"context"
	_ "embed"
	"net/http"
	"time"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/labstack/echo/v4"
)

//go:generate go run github.com/golang/mock/mockgen@v1.6.0 -destination mock_control_test.go -package api_test github.com/hoidap/hoidap/gateway/control API

// Prefix is where the API is mounted.
const Prefix = "/api/v1"

// timeout bounds one call, so that a client learns of trouble while it still listens.
const timeout = 20 * time.Second

//go:embed openapi.yaml
var document []byte

// Document is the OpenAPI description of the API.
func Document() []byte { return append([]byte(nil), document...) }

// handlers serves the API from control.
type handlers struct {
	control control.API
}

// route is one call: its role is what openapi.yaml says under x-role, which a test compares.
type route struct {
	method, path string
	role         web.Role
	handle       echo.HandlerFunc
}

// Mount adds the API's routes to g, which is the group of Prefix. The description is open to everybody; all else needs
// a bearer token of the route's role.
func Mount(g *echo.Group, c control.API, tokens *web.Tokens) {
	h := &handlers{control: c}
	g.GET("/openapi.yaml", serveDocument)
	for _, r := range h.routes() {
		g.Add(r.method, r.path, r.handle, noStore, tokens.Authenticate, web.Require(r.role), bounded, mapped)
	}
}

func (h *handlers) routes() []route {
	return []route{
		{http.MethodGet, "/contacts", web.Viewer, h.contacts},
		{http.MethodPut, "/contacts", web.Admin, h.putContact},
		{http.MethodGet, "/contacts/:id", web.Viewer, h.contact},
		{http.MethodDelete, "/contacts/:id", web.Admin, h.eraseContact},
		{http.MethodPost, "/contacts/:id/unmerge", web.Marketer, h.unmerge},
		{http.MethodPost, "/contacts/:id/links", web.Marketer, h.link},
		{http.MethodGet, "/contacts/:id/ledger", web.Viewer, h.ledger},
		{http.MethodGet, "/contacts/:id/preferences", web.Viewer, h.preferences},

		{http.MethodGet, "/campaigns", web.Viewer, h.campaigns},
		{http.MethodPost, "/campaigns/:id/runs", web.Marketer, h.startRun},
		{http.MethodGet, "/campaigns/:id/replies", web.Viewer, h.replies},
		{http.MethodGet, "/runs", web.Viewer, h.runs},
		{http.MethodGet, "/runs/:id", web.Viewer, h.run},
		{http.MethodPost, "/runs/:id/pause", web.Marketer, h.steer(h.control.PauseRun)},
		{http.MethodPost, "/runs/:id/resume", web.Marketer, h.steer(h.control.ResumeRun)},
		{http.MethodPost, "/runs/:id/cancel", web.Marketer, h.steer(h.control.CancelRun)},

		{http.MethodPost, "/events", web.Marketer, h.postEvent},
		{http.MethodGet, "/offers", web.Viewer, h.offers},
		{http.MethodPost, "/offers/:id/codes", web.Marketer, h.addCodes},

		{http.MethodGet, "/sending", web.Viewer, h.sending},
		{http.MethodPost, "/sending/stop", web.Marketer, h.stopSending},
		{http.MethodPost, "/sending/resume", web.Admin, h.resumeSending},

		{http.MethodGet, "/accounts", web.Viewer, h.accounts},
		{http.MethodGet, "/accounts/:id", web.Viewer, h.account},
		{http.MethodPost, "/accounts/:id/pause", web.Marketer, h.haltAccount(h.control.PauseAccount)},
		{http.MethodPost, "/accounts/:id/drain", web.Admin, h.haltAccount(h.control.DrainAccount)},
		{http.MethodPost, "/accounts/:id/resume", web.Admin, h.resumeAccount},
		{http.MethodPost, "/accounts/:id/test", web.Admin, h.tryAccount},

		{http.MethodGet, "/inbox", web.Viewer, h.inbox},
		{http.MethodGet, "/dead-letters", web.Viewer, h.deadLetters},
		{http.MethodPost, "/dead-letters/replay", web.Admin, h.replayLetters},
		{http.MethodPost, "/dead-letters/:id/replay", web.Admin, h.replayLetter},
	}
}

func serveDocument(c echo.Context) error {
	return c.Blob(http.StatusOK, "application/yaml", document)
}

// noStore keeps what is personal out of caches.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header()["Cache-Control"] = []string{"no-store"}
		return next(c)
	}
}

// bounded gives the call its time limit.
func bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, cancel := context.WithTimeout(c.Request().Context(), timeout)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}
