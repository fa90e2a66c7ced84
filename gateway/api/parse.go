package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hoidap/hoidap/gateway/web"
)

// maxDepth bounds how deep a body may nest: facts and event data are the only free-form parts.
const maxDepth = 16

// parse reads JSON into a tree of map[string]any, []any, string, json.Number, bool and nil. Unlike encoding/json it
// refuses what two readers could understand differently: doubled names, text that is not UTF-8, more after the end.
func parse(body []byte) (any, error) {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return nil, web.NewProblem(http.StatusBadRequest, "The body is empty; send a JSON object.")
	case !utf8.Valid(body):
		return nil, web.NewProblem(http.StatusBadRequest, "The body is not UTF-8.")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		return nil, syntaxProblem(err)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := parseValue(d, "#", 0)
	if wrong := (*misplaced)(nil); errors.As(err, &wrong) {
		return nil, web.NewProblem(http.StatusBadRequest, "The body cannot be read.", web.FieldError{Pointer: wrong.at, Detail: wrong.detail})
	}
	if err != nil {
		return nil, syntaxProblem(err)
	}
	return v, nil
}

func syntaxProblem(err error) error {
	detail := "The body is not JSON."
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		detail = fmt.Sprintf("The body is not JSON: %s at byte %d.", syntax.Error(), syntax.Offset)
	}
	return web.NewProblem(http.StatusBadRequest, detail)
}

// misplaced is a mistake that is JSON all the same.
type misplaced struct{ at, detail string }

func (m *misplaced) Error() string { return m.at + ": " + m.detail }

func parseValue(d *json.Decoder, at string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, &misplaced{at, fmt.Sprintf("nested deeper than %d levels", maxDepth)}
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		return parseObject(d, at, depth)
	case json.Delim('['):
		return parseList(d, at, depth)
	}
	return t, nil
}

func parseObject(d *json.Decoder, at string, depth int) (any, error) {
	m := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		here := pointer(at, name)
		if _, ok := m[name]; ok {
			return nil, &misplaced{here, "given twice"}
		}
		if m[name], err = parseValue(d, here, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return m, err
}

func parseList(d *json.Decoder, at string, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := parseValue(d, pointer(at, strconv.Itoa(len(list))), depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

// pointer is the JSON pointer (RFC 6901, as a URI fragment) of a member.
func pointer(at, name string) string {
	return at + "/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
}
