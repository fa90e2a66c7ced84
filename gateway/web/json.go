package web

import (
	"encoding/json"

	"github.com/labstack/echo/v4"
)

// serializer writes JSON without escaping <, > and &, which are ordinary characters in conditions and in what customers
// write. No browser takes it for a page: the media type is JSON, and nosniff says to believe it.
type serializer struct{ echo.DefaultJSONSerializer }

func (serializer) Serialize(c echo.Context, v any, indent string) error {
	e := json.NewEncoder(c.Response())
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	return e.Encode(v)
}
