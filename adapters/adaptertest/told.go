package adaptertest

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// todo is how sentences of the skeleton begin that hoidap adapter new leaves to be written.
const todo = "TODO"

// nothingLeftToWrite finds what the skeleton left open in the adapter's description.
func (b *bench) nothingLeftToWrite() {
	if strings.HasPrefix(b.kind.Doc, todo) {
		b.breach("Type.Doc is %q", b.kind.Doc)
	}
	for _, s := range b.kind.Settings {
		if strings.HasPrefix(s.Doc, todo) {
			b.breach("the Doc of setting %s is %q", s.Name, s.Doc)
		}
		if u, err := url.Parse(s.Default); err == nil && strings.HasSuffix(u.Hostname(), ".example") {
			b.breach("the default of setting %s is %s, which nobody has: write where the provider's API is", s.Name, s.Default)
		}
	}
}

// fieldsOf is an event with those of its fields that say something.
func fieldsOf(e adapters.Event) string {
	v, parts := reflect.ValueOf(e), []string{}
	for i := range v.NumField() {
		if f := v.Field(i); !f.IsZero() && v.Type().Field(i).Name != "At" {
			parts = append(parts, fmt.Sprintf("%s: %v", v.Type().Field(i).Name, f))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// difference is what an event got wrong, field by field.
func difference(want, got adapters.Event) string {
	w, g, parts := reflect.ValueOf(want), reflect.ValueOf(got), []string{}
	for i := range w.NumField() {
		if a, b := w.Field(i).Interface(), g.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			parts = append(parts, fmt.Sprintf("%s is %v, want %v", w.Type().Field(i).Name, b, a))
		}
	}
	return strings.Join(parts, "; ")
}
