package api

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/gateway/web"
)

// maxErrors bounds how many mistakes of one request are listed.
const maxErrors = 20

// input collects what is wrong with a body while it is read, so that a client learns of everything at once.
type input struct {
	errs []web.FieldError
}

func (in *input) fail(at, format string, args ...any) {
	if len(in.errs) < maxErrors {
		in.errs = append(in.errs, web.FieldError{Pointer: at, Detail: fmt.Sprintf(format, args...)})
	}
}

// problem is the answer to a body with mistakes; nil where there are none.
func (in *input) problem() error {
	switch len(in.errs) {
	case 0:
		return nil
	case 1:
		return web.NewProblem(http.StatusBadRequest, "The request has a mistake: "+in.errs[0].Detail+".", in.errs...)
	}
	return web.NewProblem(http.StatusBadRequest, fmt.Sprintf("The request has %d mistakes; see `errors`.", len(in.errs)), in.errs...)
}

// object reads the fields of one JSON object. Whatever is never asked for is unknown, which done reports.
type object struct {
	in     *input
	at     string
	fields map[string]any
	asked  []string
}

// root is the body as an object.
func (in *input) root(body []byte) (*object, error) {
	v, err := parse(body)
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, web.NewProblem(http.StatusBadRequest, "The body must be a JSON object.", web.FieldError{Pointer: "#", Detail: "must be an object, not " + kindOf(v)})
	}
	return &object{in: in, at: "#", fields: m}, nil
}

// take gives a field's value; null is refused, as it could mean either "leave it" or "clear it".
func (o *object) take(name string) (v any, ok bool) {
	o.asked = append(o.asked, name)
	v, ok = o.fields[name]
	if ok && v == nil {
		o.fail(name, "must not be null; leave the field out, or clear a text with \"\"")
		return nil, false
	}
	return v, ok
}

func (o *object) fail(name, format string, args ...any) {
	o.in.fail(pointer(o.at, name), format, args...)
}

func (o *object) missing(name, what string) { o.fail(name, "is missing: %s", what) }

// text is an optional text of at most limit characters; nil where it is absent or wrong.
func (o *object) text(name string, limit int) *string {
	v, ok := o.take(name)
	if !ok {
		return nil
	}
	s, ok := o.asText(name, v, limit)
	if !ok {
		return nil
	}
	return &s
}

// optional is an optional text; empty where it is absent or wrong.
func (o *object) optional(name string, limit int) string {
	if s := o.text(name, limit); s != nil {
		return *s
	}
	return ""
}

// need is a text that must be there and not be blank; what says what it is for.
func (o *object) need(name string, limit int, what string) string {
	if v, there := o.fields[name]; !there || v == "" {
		o.asked = append(o.asked, name)
		o.missing(name, what)
		return ""
	}
	s := o.text(name, limit)
	switch {
	case s == nil:
		return ""
	case strings.TrimSpace(*s) == "":
		o.missing(name, what)
	}
	return *s
}

func (o *object) asText(name string, v any, limit int) (string, bool) {
	s, ok := v.(string)
	switch {
	case !ok:
		o.fail(name, "must be a text, not %s", kindOf(v))
	case utf8.RuneCountInString(s) > limit:
		o.fail(name, "is longer than %d characters", limit)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }):
		o.fail(name, "holds a control character")
	default:
		return s, true
	}
	return "", false
}

// flag is a yes or no that must be there.
func (o *object) flag(name, what string) bool {
	v, ok := o.take(name)
	if !ok {
		if _, null := o.fields[name]; !null {
			o.missing(name, what)
		}
		return false
	}
	b, ok := v.(bool)
	if !ok {
		o.fail(name, "must be true or false, not %s", kindOf(v))
	}
	return b
}

// maybe is an optional yes or no; false where it is absent or wrong.
func (o *object) maybe(name string) bool {
	v, ok := o.take(name)
	if !ok {
		return false
	}
	b, ok := v.(bool)
	if !ok {
		o.fail(name, "must be true or false, not %s", kindOf(v))
	}
	return b
}

// whole is an optional whole number within bounds; usual where it is absent or wrong.
func (o *object) whole(name string, usual, least, most int) int {
	n := o.number(name)
	if n == nil {
		return usual
	}
	if *n != math.Trunc(*n) || *n < float64(least) || *n > float64(most) {
		o.fail(name, "must be a whole number from %d to %d", least, most)
		return usual
	}
	return int(*n)
}

// oneOf is an optional word of some; empty where it is absent or wrong.
func (o *object) oneOf(name string, words ...string) string {
	s := o.optional(name, 64)
	if s != "" && !slices.Contains(words, s) {
		o.fail(name, "must be %s", strings.Join(words, " or "))
	}
	return s
}

// raw is a value that must be there, as JSON; nil where it is not.
func (o *object) raw(name, what string) json.RawMessage {
	v, there := o.take(name)
	if !there {
		if _, null := o.fields[name]; !null {
			o.missing(name, what)
		}
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		o.fail(name, "cannot be read")
	}
	return b
}

// number is an optional number.
func (o *object) number(name string) *float64 {
	v, ok := o.take(name)
	if !ok {
		return nil
	}
	n, ok := v.(json.Number)
	if !ok {
		o.fail(name, "must be a number, not %s", kindOf(v))
		return nil
	}
	f, err := n.Float64()
	if err != nil {
		o.fail(name, "is out of range")
		return nil
	}
	return &f
}

// time is an optional moment; zero where it is absent or wrong.
func (o *object) time(name string) time.Time {
	s := o.text(name, 64)
	if s == nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, *s)
	if err != nil || at.Year() < 1970 || at.Year() > 2199 {
		o.fail(name, "must be a time with its offset, such as 2026-11-01T09:00:00+07:00")
		return time.Time{}
	}
	return at
}

// needTime is a moment that must be there.
func (o *object) needTime(name, what string) time.Time {
	if _, ok := o.fields[name]; !ok {
		o.asked = append(o.asked, name)
		o.missing(name, what)
		return time.Time{}
	}
	return o.time(name)
}

// list is an optional list of at most limit members.
func (o *object) list(name string, limit int) []any {
	v, ok := o.take(name)
	if !ok {
		return nil
	}
	l, ok := v.([]any)
	switch {
	case !ok:
		o.fail(name, "must be a list, not %s", kindOf(v))
		return nil
	case len(l) > limit:
		o.fail(name, "has more than %d members", limit)
		return nil
	}
	return l
}

// needList is a list that must be there and have a member.
func (o *object) needList(name string, limit int, what string) []any {
	v, ok := o.fields[name]
	if !ok {
		o.asked = append(o.asked, name)
		o.missing(name, what)
		return nil
	}
	if l, ok := v.([]any); ok && len(l) == 0 {
		o.fail(name, "must not be empty: %s", what)
	}
	return o.list(name, limit)
}

// objects calls read for each member of an optional list of objects.
func (o *object) objects(name string, limit int, read func(*object)) {
	for i, v := range o.list(name, limit) {
		at := pointer(pointer(o.at, name), strconv.Itoa(i))
		m, ok := v.(map[string]any)
		if !ok {
			o.in.fail(at, "must be an object, not %s", kindOf(v))
			continue
		}
		member := &object{in: o.in, at: at, fields: m}
		read(member)
		member.done()
	}
}

// object is an optional object; nil where it is absent or wrong.
func (o *object) object(name string) *object {
	v, ok := o.take(name)
	if !ok {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		o.fail(name, "must be an object, not %s", kindOf(v))
		return nil
	}
	return &object{in: o.in, at: pointer(o.at, name), fields: m}
}

// free is an object whose names and values are the client's own: facts, the data of an event.
func (o *object) free(name string, limit int) map[string]any {
	f := o.object(name)
	if f == nil {
		return nil
	}
	if len(f.fields) > limit {
		o.fail(name, "has more than %d members", limit)
		return nil
	}
	for k, v := range f.fields {
		if k == "" || utf8.RuneCountInString(k) > 64 {
			f.fail(k, "the name must have 1 to 64 characters")
		}
		f.fields[k] = o.in.plain(pointer(f.at, k), v)
	}
	return f.fields
}

// plain makes ordinary Go values of a tree: numbers become float64, and those that would be rounded are refused.
func (in *input) plain(at string, v any) any {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil || rounded(v.String(), f) {
			in.fail(at, "is a number that would be rounded; send it as a text")
		}
		return f
	case map[string]any:
		for k, x := range v {
			v[k] = in.plain(pointer(at, k), x)
		}
	case []any:
		for i, x := range v {
			v[i] = in.plain(pointer(at, strconv.Itoa(i)), x)
		}
	}
	return v
}

// rounded reports whether a whole number does not survive as a float64: a customer number of 19 digits does not.
func rounded(written string, f float64) bool {
	if strings.ContainsAny(written, ".eE") {
		return false
	}
	exact, ok := new(big.Int).SetString(written, 10)
	if !ok {
		return true
	}
	back, _ := new(big.Float).SetFloat64(f).Int(nil)
	return exact.Cmp(back) != 0
}

// done reports the fields that nobody asked for.
func (o *object) done() {
	unknown := make([]string, 0, len(o.fields))
	for name := range o.fields {
		if !slices.Contains(o.asked, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	there := "there are none"
	if known := slices.Compact(slices.Sorted(slices.Values(o.asked))); len(known) > 0 {
		there = "the fields are " + strings.Join(known, ", ")
	}
	for _, name := range unknown {
		o.fail(name, "is not a field here; %s", there)
	}
}

// kindOf names a value's type in the words of JSON.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	case string:
		return "a text"
	case []any:
		return "a list"
	}
	return "an object"
}
