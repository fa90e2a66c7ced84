package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/gateway/web"
	"github.com/labstack/echo/v4"
)

// BenchmarkRequest is what this package adds to a webhook; bare is echo alone.
func BenchmarkRequest(b *testing.B) {
	handle := func(c echo.Context) error {
		_, _ = io.Copy(io.Discard, c.Request().Body)
		return c.NoContent(http.StatusOK)
	}
	ours := web.New(web.Options{Log: slog.New(slog.NewJSONHandler(io.Discard, nil))}).Echo()
	for name, e := range map[string]*echo.Echo{"bare": echo.New(), "ours": ours} {
		e.POST("/hooks/:account", handle)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/hooks/sms", strings.NewReader("Body=hi"))
				e.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}
