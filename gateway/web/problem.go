package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// ProblemType is the media type of problem documents (RFC 9457).
const ProblemType = "application/problem+json"

// FieldError is one thing wrong with a request. Pointer names a place in its body ("#/consents/0/at"), Parameter one
// in its query or path.
type FieldError struct {
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Detail    string `json:"detail"`
}

// Problem is an error that says what the client is told. Detail is a sentence for a person and must not show the inside
// of the gateway; Err is for the log only.
type Problem struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail,omitempty"`
	Instance string       `json:"instance,omitempty"` // the request's id, which the log has too
	Errors   []FieldError `json:"errors,omitempty"`

	RetryAfter time.Duration `json:"-"`
	ETag       string        `json:"-"` // of what is there now, where the request was made to something else
	Err        error         `json:"-"`
}

// NewProblem is a problem with what is wrong in detail and, where it is known, which fields are to blame.
func NewProblem(status int, detail string, fields ...FieldError) *Problem {
	return &Problem{Status: status, Detail: detail, Errors: fields}
}

// Unavailable is the problem of a request that is worth repeating in a moment.
func Unavailable(detail string, err error) *Problem {
	return &Problem{Status: http.StatusServiceUnavailable, Detail: detail, RetryAfter: time.Second, Err: err}
}

func (p *Problem) Error() string {
	s := strconv.Itoa(p.Status) + " " + http.StatusText(p.Status)
	if p.Detail != "" {
		s += ": " + p.Detail
	}
	if p.Err != nil {
		s += " (" + p.Err.Error() + ")"
	}
	return s
}

func (p *Problem) Unwrap() error { return p.Err }

// statusClientGone is what the log shows where the client hung up before the answer (nginx's word for it).
const statusClientGone = 499

// handleError is the one place where errors become answers.
func (s *Server) handleError(err error, c echo.Context) {
	p := s.problemOf(err, c)
	keepError(c, p.Status, err)
	if c.Response().Committed || p.Status == statusClientGone {
		return
	}
	p.Instance = RequestID(c)
	if err := writeProblem(c, p); err != nil {
		keepError(c, p.Status, err)
	}
}

// problemOf finds what to tell the client of an error; what nobody mapped is a 500 that shows nothing of the inside.
func (s *Server) problemOf(err error, c echo.Context) Problem {
	var (
		p       *Problem
		he      *echo.HTTPError
		tooLong *http.MaxBytesError
	)
	switch {
	case errors.As(err, &tooLong):
		return *tooLarge(tooLong.Limit)
	case errors.As(err, &p):
		return *p
	case errors.As(err, &he):
		return *problemOfEcho(he)
	}
	if s.opt.MapError != nil {
		if status, detail, ok := s.opt.MapError(err); ok {
			p := Problem{Status: status, Detail: detail}
			if status == http.StatusServiceUnavailable {
				p.RetryAfter = time.Second
			}
			return p
		}
	}
	switch {
	case errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil:
		return Problem{Status: statusClientGone}
	case errors.Is(err, context.DeadlineExceeded):
		return *Unavailable("The gateway did not get to it in time; try again.", nil)
	}
	return Problem{Status: http.StatusInternalServerError, Detail: "Something went wrong inside the gateway. The log has it under the id in `instance`."}
}

func problemOfEcho(he *echo.HTTPError) *Problem {
	switch he.Code {
	case http.StatusNotFound:
		if he.Message == http.StatusText(he.Code) {
			return NewProblem(he.Code, "There is nothing at this address.")
		}
	case http.StatusMethodNotAllowed:
		return NewProblem(he.Code, "This address does not take that method; the Allow header lists those that it takes.")
	}
	detail, _ := he.Message.(string)
	if detail == http.StatusText(he.Code) {
		detail = ""
	}
	return NewProblem(he.Code, detail)
}

func tooLarge(limit int64) *Problem {
	return NewProblem(http.StatusRequestEntityTooLarge, "The body is larger than "+strconv.FormatInt(limit, 10)+" bytes.")
}

func writeProblem(c echo.Context, p Problem) error {
	if p.Type == "" {
		p.Type = "about:blank"
	}
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	h := c.Response().Header()
	if p.RetryAfter > 0 {
		h.Set(echo.HeaderRetryAfter, strconv.Itoa(int((p.RetryAfter+time.Second-1)/time.Second)))
	}
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	if p.ETag != "" {
		h.Set("ETag", p.ETag)
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(p.Status)
	}
	h.Set(echo.HeaderContentType, ProblemType)
	c.Response().WriteHeader(p.Status)
	return c.Echo().JSONSerializer.Serialize(c, p, "")
}
