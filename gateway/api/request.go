package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/labstack/echo/v4"
)

// readBody reads the whole body. Its media type is not looked at: the body is read as JSON and nothing else.
func readBody(c echo.Context) ([]byte, error) {
	b, err := io.ReadAll(c.Request().Body)
	if err == nil {
		return b, nil
	}
	if tooLong := new(http.MaxBytesError); errors.As(err, &tooLong) {
		return nil, err
	}
	return nil, &web.Problem{Status: http.StatusBadRequest, Detail: "The body ended before it was complete.", Err: err}
}

// query gives the parameters of the query, each once and none but those known: a misspelt filter would show everything.
func query(c echo.Context, known ...string) (url.Values, error) {
	q, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return nil, web.NewProblem(http.StatusBadRequest, "The query of the address cannot be read.")
	}
	for name, values := range q {
		switch {
		case !slices.Contains(known, name):
			return nil, badParameter(name, "is not known here")
		case len(values) > 1:
			return nil, badParameter(name, "is given twice")
		}
	}
	return q, nil
}

func badParameter(name, detail string) error {
	return web.NewProblem(http.StatusBadRequest, fmt.Sprintf("The parameter %.64q %s.", name, detail), web.FieldError{Parameter: name, Detail: detail})
}

// limit is how many are asked for.
func limit(q url.Values, usual, most int) (int, error) {
	s := q.Get("limit")
	if s == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, badParameter("limit", fmt.Sprintf("must be a number from 1 to %d", most))
	}
	return n, nil
}

// newest reads the query of a list that has nothing but a limit.
func newest(c echo.Context, usual, most int) (int, error) {
	q, err := query(c, "limit")
	if err != nil {
		return 0, err
	}
	return limit(q, usual, most)
}

// addressOf reads an address in a query. An unescaped plus arrives as a space, which no address holds: it is put back.
func addressOf(s string) (address.Address, error) {
	a, err := address.Parse(strings.Replace(s, "tel: ", "tel:+", 1))
	if err != nil {
		return a, badParameter("address", "must be an address such as tel:%2B84901234567")
	}
	return a.Current(), nil
}

// idempotencyKey is the key under which repeats of a call are harmless; empty where the client sent none. It becomes
// part of an id, so it must be plain. Quotes around it, which the header's draft asks for, are taken off.
func idempotencyKey(c echo.Context) (string, error) {
	k := c.Request().Header.Get("Idempotency-Key")
	if len(k) >= 2 && k[0] == '"' && k[len(k)-1] == '"' {
		k = k[1 : len(k)-1]
	}
	if k == "" && len(c.Request().Header.Values("Idempotency-Key")) == 0 {
		return "", nil
	}
	if !plain(k, 64) {
		return "", web.NewProblem(http.StatusBadRequest, "The Idempotency-Key header must have 1 to 64 of the characters A-Z a-z 0-9 . _ -, such as a UUID.")
	}
	return k, nil
}

// plain reports whether s is fit to be part of an id.
func plain(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}
