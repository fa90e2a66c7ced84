// Package api is the REST interface under /api/v1: thin handlers over control. openapi.yaml comes first: `go generate`
// makes of it the routes with their roles, the reading of parameters, and an interface with a method for each operation,
// which handlers satisfies; an operation that is described and not written does not compile. A request is
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

//go:generate go tool -modfile=../../deploy/tools/go.mod oapi-codegen -config codegen/server.yaml openapi.yaml
//go:generate go tool -modfile=../../deploy/tools/go.mod oapi-codegen -config codegen/client.yaml openapi.yaml
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

var _ operations = (*handlers)(nil)

// route is one call; routes has them as openapi.yaml does. Of the role nobody is what is open to everybody.
type route struct {
	method, path string
	role         web.Role
	manner       manner
	handle       echo.HandlerFunc
}

// manner is how a call is answered.
type manner int

// The manners.
const (
	plain    manner = iota
	keyed           // with an Idempotency-Key, once
	streamed        // for as long as it takes, and not held back
)

// Mount adds the API's routes to g, which is the group of Prefix. The description is open to everybody; all else needs
// a bearer token of the route's role.
func Mount(g *echo.Group, c control.API, tokens *web.Tokens) {
	h := &handlers{control: c}
	for _, r := range routes(h) {
		if r.role == web.Nobody {
			g.Add(r.method, r.path, r.handle)
			continue
		}
		g.Add(r.method, r.path, r.handle, append([]echo.MiddlewareFunc{noStore, tokens.Authenticate, web.Require(r.role), mapped}, h.around(r.manner)...)...)
	}
}

// around is what stands between the door and the handler.
func (h *handlers) around(m manner) []echo.MiddlewareFunc {
	switch m {
	case streamed:
		return nil
	case keyed:
		return []echo.MiddlewareFunc{bounded, h.once}
	}
	return []echo.MiddlewareFunc{bounded, tagged}
}

// GetDocument is the description itself.
func (h *handlers) GetDocument(c echo.Context) error {
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
