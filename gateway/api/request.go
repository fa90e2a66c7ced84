package api

import (
	"errors"
	"io"
	"net/http"
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

// addressOf reads an address in a query. An unescaped plus arrives as a space, which no address holds: it is put back.
func addressOf(s string) (address.Address, error) {
	a, err := address.Parse(strings.Replace(s, "tel: ", "tel:+", 1))
	if err != nil {
		return a, badParameter("address", "must be an address such as tel:%2B84901234567")
	}
	return a.Current(), nil
}

// plain reports whether s is fit to be part of an id.
func plain(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}
