package vonage

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// params are what a webhook says. Vonage puts them into the query, a form or a JSON object, as the dashboard is set.
type params map[string]string

// read takes the parameters from where they stand. ok is false where that is nothing of Vonage's: a name that is there
// twice, for example, which no signature could vouch for.
func read(r adapters.Request) (ps params, ok bool) {
	_, query, _ := strings.Cut(r.URL, "?")
	switch {
	case r.Method == http.MethodGet && len(r.Body) == 0:
		return form(query)
	case r.Method != http.MethodPost:
		return nil, false
	case len(r.Body) == 0:
		return form(query)
	case isJSON(r.Header.Get("Content-Type")):
		return object(r.Body)
	}
	return form(string(r.Body))
}

func isJSON(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/json")
}

func form(s string) (params, bool) {
	values, err := url.ParseQuery(s)
	ps := make(params, len(values))
	for name, v := range values {
		if len(v) != 1 {
			return nil, false
		}
		ps[name] = v[0]
	}
	return ps, err == nil
}

// object reads a flat JSON object. Numbers and truth values are taken as they are written.
func object(body []byte) (params, bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	ps := params{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		key, _ := name.(string) // it is one: More said that a member follows
		var raw json.RawMessage
		if _, twice := ps[key]; twice || d.Decode(&raw) != nil {
			return nil, false
		}
		switch raw[0] {
		case '"':
			var s string
			if json.Unmarshal(raw, &s) != nil {
				return nil, false
			}
			ps[key] = s
		case '{', '[':
			return nil, false
		default:
			ps[key] = string(raw)
		}
	}
	_, closed := d.Token()
	_, end := d.Token()
	return ps, closed == nil && end == io.EOF
}
