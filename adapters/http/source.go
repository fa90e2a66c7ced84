package http

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// scene is what paths look at: a call or an answer, and in a call one of its events.
type scene struct {
	status int // of an answer
	header http.Header
	query  any // the parameters of a call
	root   any
	event  any // root, or one of each
}

// The beginnings of a path; none is the event's own.
const (
	fromEvent  = "$"
	fromRoot   = "root"
	fromQuery  = "query"
	fromHeader = "header"
	ours       = "ours"
)

// source says where one value stands: $.data.id, root.type, query.sign, header.X-Signature, each with match and an
// expression behind it whose first group is the value. ours is the message's own id.
type source struct {
	from  string
	steps []step
	match *regexp.Regexp
}

// step is one name, one place in a list, or all of a list.
type step struct {
	name string
	at   int // where name is empty; -1: all
}

var errPath = errors.New(`must be a path such as $.data.id, $.list[0].id, $["a.b"], query.id or header.X-Id`)

func parseSource(v string) (*source, error) {
	path, expression, matches := strings.Cut(v, " match ")
	s := &source{}
	if matches {
		r, err := regexp.Compile(strings.TrimSpace(expression))
		if err != nil || r.NumSubexp() != 1 {
			return nil, errors.New("has behind match what is no expression (RE2) with one group")
		}
		s.match = r
	}
	return s, s.parse(strings.TrimSpace(path))
}

var (
	headForm = regexp.MustCompile(`^(\$|[^\s.\[\]"=<>]+)`)
	stepForm = regexp.MustCompile(`^(?:\.([^\s.\[\]"=<>]+)|\[(\d{1,4}|\*)\]|\["([^"]+)"\])`)
)

func (s *source) parse(path string) error {
	head := headForm.FindString(path)
	rest := path[len(head):]
	switch {
	case head == "":
		return errPath
	case head == fromEvent, rest != "" && (head == fromRoot || head == fromQuery || head == fromHeader), path == ours:
		s.from = head
	default: // a bare name
		s.from, s.steps = fromEvent, []step{{name: head}}
	}
	for rest != "" {
		m := stepForm.FindStringSubmatch(rest)
		if m == nil {
			return errPath
		}
		s.steps = append(s.steps, stepOf(m))
		rest = rest[len(m[0]):]
	}
	if s.from == fromHeader && (len(s.steps) != 1 || s.steps[0].name == "") {
		return errPath
	}
	return nil
}

func stepOf(m []string) step {
	switch n, err := strconv.Atoi(m[2]); {
	case m[2] == "*":
		return step{at: -1}
	case err == nil:
		return step{at: n}
	}
	return step{name: m[1] + m[3]}
}

// all is everything that stands there.
func (s *source) all(in scene) []any {
	if s == nil {
		return nil
	}
	at := map[string]any{fromEvent: in.event, fromRoot: in.root, fromQuery: in.query}[s.from]
	if s.from == fromHeader {
		if v := in.header.Get(s.steps[0].name); v != "" {
			return []any{v}
		}
		return nil
	}
	found := []any{at}
	for _, st := range s.steps {
		var next []any
		for _, v := range found {
			next = append(next, st.take(v)...)
		}
		found = next
	}
	return found
}

// take is what a step finds. What is no list is a list of one: XML cannot tell the two apart.
func (st step) take(v any) []any {
	if st.name != "" {
		object, _ := v.(map[string]any)
		if child, ok := object[st.name]; ok {
			return []any{child}
		}
		return nil
	}
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	switch {
	case st.at < 0:
		return list
	case st.at < len(list):
		return list[st.at : st.at+1]
	}
	return nil
}

// text is the one value that stands there; false where there is none, or several.
func (s *source) text(in scene) (string, bool) {
	found := s.all(in)
	if len(found) != 1 {
		return "", false
	}
	v, ok := scalar(found[0])
	if !ok || s.match == nil {
		return v, ok
	}
	m := s.match.FindStringSubmatch(v)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// value is text where that says something.
func (s *source) value(in scene) string {
	v, _ := s.text(in)
	return v
}

func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return strings.ToValidUTF8(v, "\ufffd"), true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}
