package api

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/labstack/echo/v4"
)

// readBody reads the whole body. Its media type is not looked at: the body is read as JSON and nothing else.
func readBody(c echo.Context) ([]byte, error) { return web.ReadBody(c.Request()) }

// addressOf reads an address in a query. An unescaped plus arrives as a space, which no address holds: it is put back.
func addressOf(s string) (address.Address, error) {
	a, err := address.Parse(strings.Replace(s, "tel: ", "tel:+", 1))
	if err != nil {
		return a, badParameter("address", "must be an address such as tel:%2B84901234567")
	}
	return a.Current(), nil
}

// fit reports whether s may be part of an id.
func fit(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}

// decode reads the body as one object; read takes its fields.
func decode(c echo.Context, read func(*object)) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	var in input
	o, err := in.root(body)
	if err != nil {
		return err
	}
	read(o)
	o.done()
	return in.problem()
}

// decodeAny is decode of a body that may be left out.
func decodeAny(c echo.Context, read func(*object)) error {
	body, err := readBody(c)
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return err
	}
	c.Request().Body = io.NopCloser(bytes.NewReader(body))
	return decode(c, read)
}

// ok answers what control gave, unless it gave an error.
func ok(c echo.Context, v any, err error) error {
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, v)
}

// done answers that there is nothing more to say.
func done(c echo.Context, err error) error {
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// paged is a page of a list under its name.
func paged[T any](c echo.Context, name string, page []T, next string, err error) error {
	return ok(c, map[string]any{name: full(page), "next_cursor": next}, err)
}
