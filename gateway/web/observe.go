package web

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"
)

// Keys under which a request's own things are kept in its echo.Context.
const (
	errorKey  = "web.error"
	callerKey = "web.caller"
)

// RequestID is the id of the request: in the X-Request-ID header of its answer, in the log, in problem documents. It is
// always ours: one that a client chose could carry a telephone number into the log.
func RequestID(c echo.Context) string {
	if id := c.Response().Header()[idHeader]; len(id) > 0 {
		return id[0]
	}
	return ""
}

const idHeader = "X-Request-Id"

// newID makes a request's id: 26 letters and digits that no other request has. Nothing rests on nobody guessing it.
func newID() string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	var id [26]byte
	for half := range 2 {
		bits := rand.Uint64()
		for i := range 13 {
			id[13*half+i] = letters[bits>>(5*i)&31]
		}
	}
	return string(id[:])
}

// observe gives each request its id, answers its error, counts it and logs it. It is the outermost middleware.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		c.Response().Header()[idHeader] = []string{newID()}
		if err := s.protect(next, c); err != nil {
			c.Error(err)
		}
		took := time.Since(began)
		s.metrics.observe(routeOf(c), c.Request().Method, statusOf(c), took)
		s.logRequest(c, took)
		return nil
	}
}

// protect turns a panic into an error. One that comes after the answer has begun breaks the connection, so that the
// client does not take half of an answer for the whole.
func (s *Server) protect(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if r == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
			panic(r)
		}
		s.metrics.panics.Inc()
		s.opt.Log.Error("handler panicked", "request", RequestID(c), "route", routeOf(c), "panic", panicText(r), "stack", string(debug.Stack()))
		if c.Response().Committed {
			panic(http.ErrAbortHandler)
		}
		err = fmt.Errorf("panic: %s", panicText(r))
	}()
	return next(c)
}

// panicText is what may be logged of a panic: the runtime's own words carry no personal data, others may.
func panicText(r any) string {
	if e, ok := r.(runtime.Error); ok {
		return e.Error()
	}
	return fmt.Sprintf("a value of type %T", r)
}

// logged is what the request's log line says of an error.
type logged struct {
	status int
	err    error
}

func keepError(c echo.Context, status int, err error) { c.Set(errorKey, logged{status, err}) }

// statusOf is the status that was written or, where the client was gone first, the one that says so.
func statusOf(c echo.Context) int {
	if l, ok := c.Get(errorKey).(logged); ok && !c.Response().Committed {
		return l.status
	}
	return c.Response().Status
}

// routeOf is the route's template ("/api/v1/contacts/:id"), never the path, which may hold an address or a token.
func routeOf(c echo.Context) string {
	if p := c.Path(); p != "" && !isNotFound(c) {
		return p
	}
	return "unmatched"
}

func isNotFound(c echo.Context) bool {
	l, ok := c.Get(errorKey).(logged)
	return ok && (l.err == echo.ErrNotFound || l.err == echo.ErrMethodNotAllowed) //nolint:errorlint // the router's own values, unwrapped
}

// logRequest writes one line a request: what succeeded at debug, as the metrics count it and webhooks come by the
// thousand; refusals at info; failures at error with their cause. No path, query, address or header is logged.
func (s *Server) logRequest(c echo.Context, took time.Duration) {
	status := statusOf(c)
	level := slog.LevelDebug
	switch {
	case status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable:
		level = slog.LevelError
	case status == http.StatusServiceUnavailable:
		level = slog.LevelWarn
	case status >= http.StatusBadRequest:
		level = slog.LevelInfo
	}
	ctx := c.Request().Context()
	if !s.opt.Log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("request", RequestID(c)), slog.String("method", methodOf(c.Request().Method)), slog.String("route", routeOf(c)),
		slog.Int("status", status), slog.Int64("bytes", c.Response().Size), slog.Duration("took", took),
	}
	if who, ok := CallerOf(c); ok {
		attrs = append(attrs, slog.String("caller", who.Name))
	}
	if l, ok := c.Get(errorKey).(logged); ok && l.err != nil && status >= http.StatusInternalServerError {
		attrs = append(attrs, slog.String("err", l.err.Error()))
	}
	s.opt.Log.LogAttrs(ctx, level, "request", attrs...)
}
