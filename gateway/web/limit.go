package web

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// limitBody refuses bodies above the limit of their path, whether or not they announce their length. A handler that hides
// the reader's error in one of its own does not hide it from the client.
func limitBody(usual int64, below map[string]int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r, limit := c.Request(), usual
			for prefix, other := range below {
				if strings.HasPrefix(r.URL.Path, prefix) {
					limit = other
				}
			}
			if r.ContentLength > limit {
				return tooLarge(limit)
			}
			if r.ContentLength >= 0 || r.Body == nil {
				return next(c) // net/http gives no more than was announced
			}
			b := &body{ReadCloser: http.MaxBytesReader(c.Response().Writer, r.Body, limit)}
			r.Body = b
			err := next(c)
			if b.exceeded && !c.Response().Committed {
				return tooLarge(limit)
			}
			return err
		}
	}
}

// body remembers whether more came than may be read.
type body struct {
	io.ReadCloser
	exceeded bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if tooLong := new(http.MaxBytesError); err != nil && errors.As(err, &tooLong) {
		b.exceeded = true
	}
	return n, err
}
