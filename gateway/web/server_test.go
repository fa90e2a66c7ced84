package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/web"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// syncBuffer is a log that handlers of several goroutines write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

type bundle struct {
	s   *web.Server
	log *syncBuffer
}

// setup makes a server with a debug log; change may alter its options.
func setup(t *testing.T, change ...func(*web.Options)) bundle {
	t.Helper()
	b := bundle{log: &syncBuffer{}}
	o := web.Options{Listen: "127.0.0.1:0", Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&o)
	}
	b.s = web.New(o)
	return b
}

func (b bundle) do(t *testing.T, r *http.Request) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	b.s.Echo().ServeHTTP(w, r)
	return w.Result()
}

func (b bundle) get(t *testing.T, path string) *http.Response {
	t.Helper()
	return b.do(t, httptest.NewRequest(http.MethodGet, path, nil))
}

// problem reads a problem document and holds it against the answer it came in.
func problem(t *testing.T, r *http.Response) web.Problem {
	t.Helper()
	defer r.Body.Close() //nolint:errcheck // a recorder's
	if got := r.Header.Get("Content-Type"); got != web.ProblemType {
		t.Errorf("Content-Type is %q", got)
	}
	var p web.Problem
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		t.Fatal(err)
	}
	if p.Status != r.StatusCode || p.Title != http.StatusText(r.StatusCode) || p.Type != "about:blank" {
		t.Errorf("problem %+v came with status %d", p, r.StatusCode)
	}
	if p.Instance == "" || p.Instance != r.Header.Get("X-Request-Id") {
		t.Errorf("instance %q, request id %q", p.Instance, r.Header.Get("X-Request-Id"))
	}
	return p
}

func TestErrorsAreProblems(t *testing.T) {
	t.Parallel()
	errMapped := errors.New("mapped")
	b := setup(t, func(o *web.Options) {
		o.MapError = func(err error) (int, string, bool) {
			return http.StatusServiceUnavailable, "Try again.", errors.Is(err, errMapped)
		}
	})
	e := b.s.Echo()
	fail := func(path string, err error) {
		e.GET(path, func(echo.Context) error { return err })
	}
	fail("/fields", web.NewProblem(http.StatusBadRequest, "No.", web.FieldError{Pointer: "#/name", Detail: "too long"}))
	fail("/wrapped", fmt.Errorf("reading: %w", web.NewProblem(http.StatusConflict, "Taken.")))
	fail("/mapped", fmt.Errorf("asking: %w", errMapped))
	fail("/echo", echo.NewHTTPError(http.StatusTeapot, "short and stout"))
	fail("/inside", errors.New("dial tcp 10.0.0.7:6379: refused"))
	fail("/late", context.DeadlineExceeded)
	e.GET("/panic", func(echo.Context) error { panic("0901234567 wrote: dạ 2 nha") })

	for path, want := range map[string]struct {
		status int
		detail string
	}{
		"/fields": {400, "No."}, "/wrapped": {409, "Taken."}, "/mapped": {503, "Try again."}, "/echo": {418, "short and stout"},
		"/inside": {500, "inside the gateway"}, "/late": {503, "try again"}, "/panic": {500, "inside the gateway"},
		"/nothing/here": {404, "nothing at this address"},
	} {
		r := b.get(t, path)
		p := problem(t, r)
		if p.Status != want.status || !strings.Contains(p.Detail, want.detail) || strings.Contains(p.Detail, "10.0.0.7") {
			t.Errorf("%s: %+v", path, p)
		}
		if got := r.Header.Get("Retry-After"); (got == "1") != (want.status == 503) {
			t.Errorf("%s: Retry-After is %q", path, got)
		}
		if path == "/fields" && (len(p.Errors) != 1 || p.Errors[0].Pointer != "#/name") {
			t.Errorf("errors are %+v", p.Errors)
		}
	}
	r := b.do(t, httptest.NewRequest(http.MethodDelete, "/fields", nil))
	if p := problem(t, r); p.Status != http.StatusMethodNotAllowed || !strings.Contains(r.Header.Get("Allow"), "GET") {
		t.Errorf("%+v, Allow %q", p, r.Header.Get("Allow"))
	}
	if log := b.log.String(); !strings.Contains(log, "10.0.0.7") || strings.Contains(log, "dạ 2 nha") || strings.Contains(log, "0901234567") {
		t.Errorf("the log lacks the cause, or shows what a panic said:\n%s", log)
	}
}

func TestJSONIsReadable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.s.Echo().GET("/json", func(c echo.Context) error { return c.JSON(http.StatusOK, []string{"a && b <3"}) })
	if text, err := io.ReadAll(b.get(t, "/json").Body); err != nil || string(text) != "[\"a && b <3\"]\n" {
		t.Errorf("%s, %v", text, err)
	}
}

func TestRequestLogHidesThePerson(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.s.Echo().GET("/contacts/:id", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	r := httptest.NewRequest(http.MethodGet, "/contacts/secret-id?address=tel:%2B84901234567", nil)
	r.Header.Set("X-Request-Id", "mine")
	r.RemoteAddr = "203.0.113.9:4242"
	if id := b.do(t, r).Header.Get("X-Request-Id"); id == "mine" || len(id) < 16 {
		t.Errorf("request id %q", id)
	}
	b.get(t, "/no/84901234567")
	log := b.log.String()
	for _, secret := range []string{"secret-id", "84901234567", "203.0.113.9", "mine"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log shows %s:\n%s", secret, log)
		}
	}
	for _, want := range []string{"route=/contacts/:id", "status=204", "route=unmatched", "status=404"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.PublicURL = "https://msg.example.com/" })
	b.s.Echo().GET("/own", func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", "default-src 'none'")
		c.Response().Header().Add("Referrer-Policy", "origin")
		return c.NoContent(http.StatusOK)
	})
	if got := b.get(t, "/own").Header; got.Get("Content-Security-Policy") != "default-src 'none'" || len(got["Referrer-Policy"]) != 2 {
		t.Errorf("a handler could not set its own: %v", got)
	}
	for _, path := range []string{"/healthz", "/nothing"} {
		h := b.get(t, path).Header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") || len(h["Referrer-Policy"]) != 1 ||
			h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if h := setup(t).get(t, "/healthz").Header; h.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without https")
	}
	if got := b.s.URL("/l/abc"); got != "https://msg.example.com/l/abc" {
		t.Error(got)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	reason := error(nil)
	b := setup(t, func(o *web.Options) {
		o.Ready = func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			return reason
		}
	})
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		if r := b.get(t, path); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	mu.Lock()
	reason = errors.New("Redis is away")
	mu.Unlock()
	r := b.get(t, "/readyz")
	if p := problem(t, r); p.Status != http.StatusServiceUnavailable || !strings.Contains(p.Detail, "Redis is away") {
		t.Errorf("%+v", p)
	}
	if r := b.get(t, "/healthz"); r.StatusCode != http.StatusOK {
		t.Error("a gateway that is not ready is alive all the same")
	}
	text, err := io.ReadAll(b.get(t, "/metrics").Body)
	if err != nil || !strings.Contains(string(text), `hoidap_http_requests_total{code="503",method="GET",route="/readyz"} 1`) {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestMetricLabelsAreBounded(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	b := setup(t, func(o *web.Options) { o.Registry = reg })
	for i := range 5 {
		b.do(t, httptest.NewRequest(fmt.Sprintf("BREW%d", i), fmt.Sprintf("/pot/%d", i), nil))
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "hoidap_http_requests") && len(f.GetMetric()) != 1 {
			t.Errorf("%d series", len(f.GetMetric()))
		}
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.MaxBody, o.MaxBodyBelow = 16, map[string]int64{"/larger/": 20} })
	take := func(c echo.Context) error {
		raw, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return web.NewProblem(http.StatusBadRequest, "The body could not be read.")
		}
		return c.String(http.StatusOK, string(raw))
	}
	b.s.Echo().POST("/in", take)
	b.s.Echo().POST("/larger/:in", take)
	addr, err := b.s.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.s.Stop(context.Background()) //nolint:errcheck // the other test looks at it
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, c := range []struct {
		path   string
		body   io.Reader
		status int
	}{
		{"/larger/in", strings.NewReader(strings.Repeat("x", 20)), 200},
		{"/larger/in", strings.NewReader(strings.Repeat("x", 21)), 413},
		{"/larger/in", io.MultiReader(strings.NewReader(strings.Repeat("x", 21))), 413},
		{"/in", strings.NewReader(strings.Repeat("x", 16)), 200},
		{"/in", strings.NewReader(strings.Repeat("x", 17)), 413},
		{"/in", io.MultiReader(strings.NewReader(strings.Repeat("x", 16))), 200}, // chunked: no length announced
		{"/in", io.MultiReader(strings.NewReader(strings.Repeat("x", 17))), 413},
	} {
		r, err := client.Post("http://"+addr+c.path, "text/plain", c.body)
		if err != nil {
			t.Fatal(err)
		}
		if c.status == http.StatusRequestEntityTooLarge {
			problem(t, r)
		}
		r.Body.Close() //nolint:errcheck,gosec // only read
		if r.StatusCode != c.status {
			t.Errorf("%s: got %d, want %d", c.path, r.StatusCode, c.status)
		}
	}
}

func TestStopWaitsForWhatIsInFlight(t *testing.T) {
	t.Parallel()
	b := setup(t)
	entered, release := make(chan struct{}), make(chan struct{})
	b.s.Echo().GET("/slow", func(c echo.Context) error {
		close(entered)
		<-release
		return c.String(http.StatusOK, "finished")
	})
	ctx, cancel := context.WithCancel(t.Context())
	addr, err := b.s.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	answer := make(chan string, 1)
	go func() {
		r, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get("http://" + addr + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer r.Body.Close() //nolint:errcheck // only read
		text, _ := io.ReadAll(r.Body)
		answer <- string(text)
	}()
	<-entered
	cancel() // what started the server is over; the request is not
	stopped := make(chan error, 1)
	go func() { stopped <- b.s.Stop(context.Background()) }()
	<-b.s.Done()
	close(release)
	if got := <-answer; got != "finished" {
		t.Errorf("the request got %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if err := b.s.Stop(context.Background()); err != nil {
		t.Errorf("stopping again: %v", err)
	}
	select {
	case err := <-b.s.Failed():
		t.Errorf("stopping counts as failing: %v", err)
	default:
	}
}

func TestStopCutsOffWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	entered, gone := make(chan struct{}), make(chan struct{})
	b.s.Echo().GET("/stream", func(c echo.Context) error {
		c.Response().WriteHeader(http.StatusOK)
		c.Response().Flush()
		close(entered)
		<-c.Request().Context().Done()
		close(gone)
		return nil
	})
	addr, err := b.s.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		r, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get("http://" + addr + "/stream")
		if err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
			_ = r.Body.Close()
		}
	}()
	<-entered
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := b.s.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	<-gone
}

func TestListeningTwiceIsAnError(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addr, err := b.s.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.s.Stop(context.Background()) //nolint:errcheck // tested above
	_, err = setup(t, func(o *web.Options) { o.Listen = addr }).s.Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "another program listens on "+addr+": end it, or choose another address") {
		t.Errorf("got %v", err)
	}
}
