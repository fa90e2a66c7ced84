// Package web is the HTTP server itself: listener, limits, request ids, tokens, security headers, problem documents,
// health and metrics, and a request log without personal data. What is served, others mount on Echo.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

// Defaults of Options.
const (
	DefaultListen  = "127.0.0.1:8080"
	DefaultMaxBody = 1 << 20
)

// Bounds on how long a client may take. There is none on writing: a page's event stream stays open for hours.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
)

// Options configures a Server. The zero value listens on the loopback address only and is always ready.
type Options struct {
	Listen    string // host:port; DefaultListen where empty; port 0 takes a free one
	PublicURL string // what the world calls this server; https there turns on Strict-Transport-Security
	Log       *slog.Logger
	Registry  *prometheus.Registry // what /metrics shows; a new one where nil
	// Ready says why the gateway cannot serve; nil error: it can. Asked by /readyz; the text of its error is shown there.
	Ready func(context.Context) error
	// Notices are the lines that /readyz says beside; it may be nil. Anybody can read them.
	Notices func() []string
	MaxBody int64 // bytes of a request's body; DefaultMaxBody where 0
	// MaxBodyBelow are other limits, by what a path begins with; no two begin alike.
	MaxBodyBelow map[string]int64
	// MapError turns errors of the layers below into a status and a sentence for the client; ok is false for others.
	MapError func(error) (status int, detail string, ok bool)
}

// Server is the HTTP server. It is made by New, started once and stopped once; stopping again is harmless.
type Server struct {
	opt     Options
	echo    *echo.Echo
	http    *http.Server
	metrics *metrics
	done    chan struct{}
	failed  chan error
	stop    sync.Once
	cancel  context.CancelFunc // ends the requests still in flight when Stop runs out of time
}

// New makes a server with /healthz, /readyz and /metrics. Routes are mounted on Echo before Start.
func New(opt Options) *Server {
	if opt.Listen == "" {
		opt.Listen = DefaultListen
	}
	if opt.MaxBody <= 0 {
		opt.MaxBody = DefaultMaxBody
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Registry == nil {
		opt.Registry = prometheus.NewRegistry()
	}
	s := &Server{opt: opt, metrics: newMetrics(opt.Registry), done: make(chan struct{}), failed: make(chan error, 1), cancel: func() {}}
	s.echo = s.newEcho()
	s.http = &http.Server{
		Handler: s.echo, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		// Its messages carry client addresses.
		ErrorLog: slog.NewLogLogger(opt.Log.Handler(), slog.LevelDebug),
	}
	s.mountHealth()
	return s
}

func (s *Server) newEcho() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(discard{})
	e.JSONSerializer = serializer{}
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = s.handleError
	e.Use(s.observe, headers(strings.HasPrefix(s.opt.PublicURL, "https://")), limitBody(s.opt.MaxBody, s.opt.MaxBodyBelow))
	return e
}

// discard silences echo's own logger: whatever matters is logged here.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// Echo is where routes are mounted, before Start.
func (s *Server) Echo() *echo.Echo { return s.echo }

// Group is a group of routes under prefix.
func (s *Server) Group(prefix string, m ...echo.MiddlewareFunc) *echo.Group {
	return s.echo.Group(prefix, m...)
}

// URL is the address by which the world reaches path; empty where no public URL is configured.
func (s *Server) URL(path string) string {
	if s.opt.PublicURL == "" {
		return ""
	}
	return strings.TrimRight(s.opt.PublicURL, "/") + path
}

// Start listens and returns the bound address. Serving goes on until Stop; cancelling ctx stops nothing, so that
// requests in flight are finished first.
func (s *Server) Start(ctx context.Context) (addr string, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.opt.Listen)
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return "", fmt.Errorf("another program listens on %s: end it, or choose another address (http.listen in the configuration, --listen of the demo)", s.opt.Listen)
		}
		return "", fmt.Errorf("listening: %w", err)
	}
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	s.http.BaseContext = func(net.Listener) context.Context { return base }
	go func() {
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("serving: %w", err)
		}
	}()
	return l.Addr().String(), nil
}

// Failed delivers the error where serving ended without Stop.
func (s *Server) Failed() <-chan error { return s.failed }

// Done is closed when the server begins to stop: event streams end then.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop accepts no more connections, ends event streams, and waits for the requests in flight. Where ctx ends first,
// those are cut off and its error is returned.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() { close(s.done) })
	err := s.http.Shutdown(ctx)
	s.cancel()
	if err != nil {
		return errors.Join(fmt.Errorf("stopping: %w", err), s.http.Close())
	}
	return nil
}
