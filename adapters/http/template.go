package http

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// template is text with {{names}} in it. It has no loops and no conditions.
type template []piece

// piece is literal text, or the name of a value.
type piece struct{ text, name string }

// parseTemplate reads a template whose names pass known.
func parseTemplate(v string, known func(name string) error) (t template, err error) {
	for {
		text, rest, more := strings.Cut(v, "{{")
		if text != "" {
			t = append(t, piece{text: text})
		}
		if !more {
			return t, nil
		}
		name, after, closed := strings.Cut(rest, "}}")
		if name = strings.TrimSpace(name); !closed {
			return nil, errors.New("has a {{ that is never closed: write {{text}}")
		}
		if err := known(name); err != nil {
			return nil, err
		}
		t = append(t, piece{name: name})
		v = after
	}
}

// fill puts values in, each as escape writes it.
func (t template) fill(value func(name string) string, escape func(name, value string) string) string {
	var b strings.Builder
	for _, p := range t {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		b.WriteString(escape(p.name, value(p.name)))
	}
	return b.String()
}

func (t template) names() (out []string) {
	for _, p := range t {
		if p.name != "" {
			out = append(out, p.name)
		}
	}
	return out
}

// field is a parameter, a field of a form or a header.
type field struct {
	name string
	is   template
}

// parseFields reads a line each, name and template with between between them.
func parseFields(v, between string, known func(string) error) (out []field, err error) {
	for n, line := range lines(v) {
		name, is, ok := strings.Cut(line, between)
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, inLine(n, fmt.Errorf("must be name%stemplate", between))
		}
		t, err := parseTemplate(strings.TrimSpace(is), known)
		if err != nil {
			return nil, inLine(n, err)
		}
		out = append(out, field{name, t})
	}
	return out, nil
}

func bare(_, v string) string { return v }

// escapes write values into a body, by its format.
var escapes = map[string]func(name, v string) string{formatJSON: escapeJSON, formatXML: escapeXML, formatText: bare}

// raw are the placeholders that JSON takes without quotation marks.
func raw(name string) bool {
	return name == "is_unicode" || name == "unicode_01" || name == "segments" || name == "unix" || name == "unix_ms"
}

func escapeJSON(name, v string) string {
	if raw(name) {
		return v
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // a string always can
	return strings.TrimSuffix(b.String(), "\n")
}

func escapeXML(_, v string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(v)) // a buffer takes everything
	return b.String()
}

// probing is what a body is tried with before anybody is written to: signs that every format has to escape.
const probing = `1"<&>\` + "\n"

// wellFormed tries a body with values that need escaping.
func wellFormed(t template, format string) error {
	body := t.fill(func(name string) string {
		if raw(name) {
			return "1"
		}
		return probing
	}, escapes[format])
	switch format {
	case formatJSON:
		if !json.Valid([]byte(body)) {
			return errors.New("makes no JSON: placeholders bring their own quotation marks, so write {\"text\": {{text}}}")
		}
	case formatXML:
		if _, err := parseXML([]byte(body)); err != nil {
			return errors.New("makes no XML: one element must hold all others, and each be closed")
		}
	}
	return nil
}

// encode writes fields as a query or a form.
func encode(fs []field, value func(string) string) url.Values {
	out := url.Values{}
	for _, f := range fs {
		out.Add(f.name, f.is.fill(value, bare))
	}
	return out
}
