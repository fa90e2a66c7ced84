package demo

import (
	"encoding/json"

	"github.com/hoidap/hoidap/preferences"
)

// field reads one field of an entry's detail into dst. A missing field, or one of another form, leaves dst as it is:
// a page that shows less is better than none.
func field[T any](e preferences.Entry, name string, dst *T) {
	raw, ok := e.Detail[name]
	if !ok {
		return
	}
	b, err := json.Marshal(raw)
	if err != nil {
		return
	}
	var v T
	if json.Unmarshal(b, &v) == nil {
		*dst = v
	}
}

// text is a field of a detail that is a string; empty otherwise.
func text(e preferences.Entry, name string) string {
	var s string
	field(e, name, &s)
	return s
}

// stored is the JSON form of a field, as values are kept.
func stored(e preferences.Entry, name string) any {
	var v any
	field(e, name, &v)
	return v
}
