package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/web"
)

// maxParameter is how many characters a parameter has at most of which openapi.yaml says nothing else.
const maxParameter = 512

// parameters reads what a call has beside its body, as openapi.yaml describes it: operations.gen.go says what is asked for.
// The first mistake is kept, the rest is then zero.
type parameters struct {
	c      echo.Context
	values url.Values
	err    error
}

// readParameters takes the query, each parameter once and none but those known: a misspelt filter would show everything.
func readParameters(c echo.Context, known ...string) *parameters {
	p := &parameters{c: c}
	var err error
	if p.values, err = url.ParseQuery(c.Request().URL.RawQuery); err != nil {
		p.err = web.NewProblem(http.StatusBadRequest, "The query of the address cannot be read.")
		return p
	}
	for name, values := range p.values {
		switch {
		case !slices.Contains(known, name):
			p.fail(name, "is not known here")
		case len(values) > 1:
			p.fail(name, "is given twice")
		}
	}
	return p
}

func (p *parameters) fail(name, detail string) {
	if p.err == nil {
		p.err = badParameter(name, detail)
	}
}

func badParameter(name, detail string) error {
	return web.NewProblem(http.StatusBadRequest, fmt.Sprintf("The parameter %.64q %s.", name, detail), web.FieldError{Parameter: name, Detail: detail})
}

// text is a text of so many characters; empty where it is absent.
func (p *parameters) text(name string, least, most int) string {
	s := p.values.Get(name)
	n := utf8.RuneCountInString(s)
	switch {
	case !p.values.Has(name):
	case n < least:
		p.fail(name, "must not be empty")
	case n > most:
		p.fail(name, fmt.Sprintf("is longer than %d characters", most))
	case !utf8.ValidString(s):
		p.fail(name, "is not UTF-8")
	}
	return s
}

// oneOf is one of some words; empty where it is absent.
func (p *parameters) oneOf(name string, words ...string) string {
	s := p.values.Get(name)
	if p.values.Has(name) && !slices.Contains(words, s) {
		p.fail(name, "must be "+strings.Join(words, " or "))
	}
	return s
}

// number is a whole number within bounds; usual where it is absent or empty.
func (p *parameters) number(name string, usual, least, most int) int {
	s := p.values.Get(name)
	if s == "" {
		return usual
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		p.fail(name, fmt.Sprintf("must be a number from %d to %d", least, most))
		return usual
	}
	return n
}

// noBody refuses a body where none is described.
func (p *parameters) noBody() {
	if p.err == nil {
		p.err = noBody(p.c)
	}
}

// path is a part of the path. The router leaves it escaped where it could be read in two ways.
func (p *parameters) path(name string) string {
	s := p.c.Param(name)
	if p.c.Request().URL.RawPath == "" {
		return s
	}
	plain, err := url.PathUnescape(s)
	if err != nil {
		p.fail(name, "cannot be read")
	}
	return plain
}

// keyOf is the key under which repeats of a call are harmless; empty where the client sent none. It becomes part of an id,
// so it must be plain. Quotes around it, which the header's draft asks for, are taken off.
func keyOf(c echo.Context) (string, error) {
	values := c.Request().Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	k := values[0]
	if len(k) >= 2 && k[0] == '"' && k[len(k)-1] == '"' {
		k = k[1 : len(k)-1]
	}
	if len(values) > 1 || !fit(k, 64) {
		return "", web.NewProblem(http.StatusBadRequest, "The Idempotency-Key header must have 1 to 64 of the characters A-Z a-z 0-9 . _ -, such as a UUID.")
	}
	return k, nil
}
