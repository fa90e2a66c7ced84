package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/golang/mock/gomock"
	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/web"
)

// bundle is the API over a mock of control. Each exchange is held against openapi.yaml.
type bundle struct {
	control *MockAPI
	server  *web.Server
	router  routers.Router
}

func setup(t *testing.T) bundle {
	t.Helper()
	tokens, err := web.NewTokens(
		web.Token{Name: "viewer", Secret: "v", Role: web.Viewer},
		web.Token{Name: "agent", Secret: "g", Role: web.Agent},
		web.Token{Name: "marketer", Secret: "m", Role: web.Marketer},
		web.Token{Name: "admin", Secret: "a", Role: web.Admin},
	)
	if err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(spec(t))
	if err != nil {
		t.Fatal(err)
	}
	b := bundle{control: NewMockAPI(gomock.NewController(t)), server: web.New(web.Options{}), router: router}
	api.Mount(b.server.Group(api.Prefix), b.control, tokens)
	return b
}

// described is the description, read and checked once: that takes longer than all else in these tests.
var described = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.Document())
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background())
})

func spec(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// exchange is one call and its answer.
type exchange struct {
	status int
	header http.Header
	body   []byte
}

func (x exchange) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(x.body, v); err != nil {
		t.Fatalf("%v in %s", err, x.body)
	}
}

func (x exchange) problem(t *testing.T) (p web.Problem) {
	t.Helper()
	x.into(t, &p)
	return p
}

// call makes a request as admin and checks that the description allows both it and its answer. A request that is
// refused with 400 need not fit the description.
func (b bundle) call(t *testing.T, method, target, body string, header ...string) exchange {
	t.Helper()
	request := func() *http.Request {
		r := httptest.NewRequest(method, api.Prefix+target, strings.NewReader(body))
		if body == "" {
			r = httptest.NewRequest(method, api.Prefix+target, nil)
		} else {
			r.Header.Set("Content-Type", "application/json")
		}
		r.Header.Set("Authorization", "Bearer a")
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return r
	}
	w := httptest.NewRecorder()
	b.server.Echo().ServeHTTP(w, request())
	x := exchange{w.Code, w.Header(), w.Body.Bytes()}
	b.validate(t, request(), x)
	return x
}

func (b bundle) validate(t *testing.T, r *http.Request, x exchange) {
	t.Helper()
	found, params, err := b.router.FindRoute(r)
	if err != nil {
		t.Fatalf("%s %s is not described: %v", r.Method, r.URL.Path, err)
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: found,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true, IncludeResponseStatus: true},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil && x.status < 400 {
		t.Errorf("the request does not fit the description: %v", err)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: x.status, Header: x.header, Body: io.NopCloser(bytes.NewReader(x.body)), Options: in.Options,
	}
	if err := openapi3filter.ValidateResponse(r.Context(), out); err != nil {
		t.Errorf("%s %s answered %d %s\nwhich does not fit the description: %v", r.Method, r.URL, x.status, x.body, err)
	}
	if x.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s may be cached", r.URL.Path)
	}
}
