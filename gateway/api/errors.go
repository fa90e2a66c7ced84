package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/labstack/echo/v4"
)

// MapError says how control's errors are answered: for web.Options, where other packages over control want the same.
// What control says of a mistake is a sentence for the client; why Redis is away is not.
func MapError(err error) (status int, detail string, ok bool) {
	switch {
	case errors.Is(err, control.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, "The gateway cannot do this right now; try again in a moment.", true
	case errors.Is(err, control.ErrNotFound):
		return http.StatusNotFound, sentence(err, control.ErrNotFound), true
	case errors.Is(err, control.ErrConflict):
		return http.StatusConflict, sentence(err, control.ErrConflict), true
	case errors.Is(err, control.ErrForbidden):
		return http.StatusForbidden, sentence(err, control.ErrForbidden), true
	case errors.Is(err, control.ErrInvalid):
		return http.StatusBadRequest, sentence(err, control.ErrInvalid), true
	}
	return 0, "", false
}

// sentence is the error's text without the word that the status says already.
func sentence(err, kind error) string {
	s := strings.TrimPrefix(err.Error(), kind.Error()+": ")
	first, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[size:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// mapped turns a handler's error into a problem, so that the API answers alike wherever it is mounted.
func mapped(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err == nil {
			return nil
		}
		if p := (*web.Problem)(nil); errors.As(err, &p) {
			return err
		}
		status, detail, ok := MapError(err)
		if !ok {
			return err
		}
		p := &web.Problem{Status: status, Detail: detail, Err: err}
		if status == http.StatusServiceUnavailable {
			p.RetryAfter = time.Second
		}
		return p
	}
}

// statusOf is the status that an error is answered with; 500 where nothing is known of it.
func statusOf(err error) int {
	var (
		p       *web.Problem
		he      *echo.HTTPError
		tooLong *http.MaxBytesError
	)
	switch {
	case errors.As(err, &tooLong):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &p):
		return p.Status
	case errors.As(err, &he):
		return he.Code
	}
	if status, _, ok := MapError(err); ok {
		return status
	}
	return http.StatusInternalServerError
}
