package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// readyTimeout bounds one look at whether the gateway is ready: a probe that hangs tells nobody anything.
const readyTimeout = 2 * time.Second

// mountHealth adds the three routes that machines ask. They carry nothing personal and ask for no token.
func (s *Server) mountHealth() {
	probes := []string{http.MethodGet, http.MethodHead}
	s.echo.Match(probes, "/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	s.echo.Match(probes, "/readyz", s.readyz)
	s.echo.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(s.opt.Registry, promhttp.HandlerOpts{})))
}

// readyz answers 200 where requests can be served, else 503 with the reason.
func (s *Server) readyz(c echo.Context) error {
	body := "ready\n"
	if s.opt.Notices != nil {
		for _, line := range s.opt.Notices() {
			body += line + "\n"
		}
	}
	if s.opt.Ready == nil {
		return c.String(http.StatusOK, body)
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := s.opt.Ready(ctx); err != nil {
		return Unavailable("Not ready: "+err.Error(), nil)
	}
	return c.String(http.StatusOK, body)
}
