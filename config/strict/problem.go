// Package strict reads YAML the way a person wants to be read: every mistake at once, each with file, line, column and
// what to write instead. It knows nodes and positions, and nothing of what the files are about.
package strict

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Problem is one mistake in a file.
type Problem struct {
	File         string
	Line, Column int // both from 1; columns count characters. Line 0: the file as a whole
	Message      string
	Hint         string // what to write instead; may be empty
	Said         Said   // Message, for those who say it in another language
}

// Said is what a message says, apart from its language: a code that stays with it, and what is filled in, in the order in which
// the message has it.
type Said struct {
	Code string // "": the message is somebody else's
	Args []string
}

// NewSaid is what a message of a format says. Its code is made of the format's own words: cannot-be-a-purpose.
func NewSaid(format string, args ...any) Said {
	s := Said{Code: codeOf(format)}
	for _, a := range args {
		s.Args = append(s.Args, fmt.Sprint(a))
	}
	return s
}

var (
	verb  = regexp.MustCompile(`%[a-z]`)
	spell = regexp.MustCompile(`[a-z0-9]+`)
)

func codeOf(format string) string {
	words := verb.ReplaceAllString(strings.ReplaceAll(strings.ToLower(format), "{{", " placeholder "), " ")
	return strings.Join(spell.FindAllString(words, -1), "-")
}

// String is "autumn.yaml:12:5: unknown key pririty; did you mean priority?".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// Problems are the mistakes of one or several files. As an error it has one line for each.
type Problems []Problem

// Error is one line per problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err is the problems as an error: nil where there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Place is where something stands in a file.
type Place struct {
	File         string
	Line, Column int
}

// String is "autumn.yaml:12:5".
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// FileLine is "autumn.yaml:12".
func (p Place) FileLine() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Report collects problems while files are read. The zero value is ready; it is not for concurrent use.
type Report struct {
	problems Problems
}

// Add notes a problem at a place. hint may be empty.
func (r *Report) Add(at Place, hint, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: at.File, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...), Hint: hint, Said: NewSaid(format, args...)})
}

// Problems are those noted so far, in the order of the files, each once.
func (r *Report) Problems() Problems { return InOrder(r.problems) }

// InOrder is all of them, in the order of the files, each once.
func InOrder(lists ...Problems) Problems {
	ps := slices.Concat(lists...)
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(ps, func(a, b Problem) bool { return a.String() == b.String() && a.Column == b.Column })
}

// Clean reports whether there is no problem so far.
func (r *Report) Clean() bool { return len(r.problems) == 0 }
