package files

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// flowMost is how long a line may become, in characters, before a group goes onto lines of its own.
const flowMost = 96

var (
	// symbols that mean themselves wherever they stand: ids, numbers, durations, days and times.
	symbolForm = regexp.MustCompile(`^([a-z][a-zA-Z0-9_./-]*|-?[0-9][0-9_.]*[a-z]*|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?|[A-Z][A-Za-z]*/[A-Z][A-Za-z_]*)$`)
	// conditions that mean themselves outside of brackets.
	conditionForm = regexp.MustCompile(`^[A-Za-z(][^#:\n\r\t{}\[\],]*[^#:\n\r\t{}\[\], ]$`)
	// what single quotes may hold.
	singleForm = regexp.MustCompile(`^[^'\n\r\t\x00-\x1f]*$`)
)

// scalar writes a text as YAML. like is the style of what it replaces; inFlow says that it stands in brackets.
func (w want) scalar(like yaml.Style, inFlow bool) string {
	s := w.text
	quoted := like&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0
	plain := plainForm.MatchString(s) && strings.TrimSpace(s) == s || w.shape == symbol && (symbolForm.MatchString(s) || !inFlow && conditionForm.MatchString(s))
	switch {
	case plain && !quoted && !notATexts.MatchString(s):
		return s
	case like&yaml.DoubleQuotedStyle == 0 && strings.ContainsAny(s, `"\`) && singleForm.MatchString(s), like&yaml.SingleQuotedStyle != 0 && singleForm.MatchString(s):
		return "'" + s + "'"
	}
	return quotedText(s)
}

// flow writes a want on one line.
func (w want) flow() string {
	var parts []string
	switch w.shape {
	case group, locales:
		for _, f := range w.fields {
			if f.want.shape != absent {
				parts = append(parts, f.key+": "+f.want.flow())
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case list:
		for _, i := range w.items {
			parts = append(parts, i.want.flow())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return w.scalar(0, true)
}

// entry writes a key and its value as lines; the first one is not indented, the others are by indent spaces.
func (w want) entry(key string, indent int, newline string) string {
	pad := newline + strings.Repeat(" ", indent)
	switch {
	case w.shape == word || w.shape == symbol:
		return key + ": " + w.scalar(0, false)
	case w.shape == list && w.id != "":
		s := key + ":"
		for _, i := range w.items {
			s += pad + "  - " + i.lines(indent+4, newline)
		}
		return s
	}
	if line := key + ": " + w.flow(); w.shape == list || utf8.RuneCountInString(line)+indent <= flowMost {
		return line
	}
	s := key + ":"
	for _, f := range w.fields {
		if f.want.shape != absent {
			s += pad + "  " + f.want.entry(f.key, indent+2, newline)
		}
	}
	return s
}

// lines writes an item of a list: in brackets where it is short and has no lists of items in it, else a line for each key.
func (i item) lines(indent int, newline string) string {
	if i.want.shape != group {
		return i.want.scalar(0, false)
	}
	if line := i.want.flow(); len(i.want.fields) <= 3 {
		return line
	}
	var parts []string
	for _, f := range i.want.fields {
		if f.want.shape != absent {
			parts = append(parts, f.want.entry(f.key, indent, newline))
		}
	}
	return strings.Join(parts, newline+strings.Repeat(" ", indent))
}
