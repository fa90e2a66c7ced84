package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/unicode/norm"
)

// maxFile bounds a file in bytes: people write these, and nothing read from outside is unbounded.
const maxFile = 1 << 20

// Parse reads the documents of a YAML file; empty ones are left out. Mistakes of syntax go to r, and what stands before
// them is still returned.
func Parse(r *Report, file string, b []byte) []Value {
	src := &source{file: file, report: r}
	if len(b) > maxFile {
		r.Add(Place{File: file}, "split it", "the file is larger than %d bytes", maxFile)
		return nil
	}
	if !utf8.Valid(b) {
		r.Add(firstInvalid(file, b), "save the file as UTF-8", "this is not UTF-8 text")
		return nil
	}
	// Letters composed of parts look the same and compare differently; from here on there is one form, also for columns.
	b = norm.NFC.Bytes(b)
	src.lines = strings.Split(string(b), "\n")
	return src.documents(b)
}

func firstInvalid(file string, b []byte) Place {
	at := Place{File: file, Line: 1, Column: 1}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if at.Column++; r == '\n' {
			at.Line, at.Column = at.Line+1, 1
		}
		b = b[n:]
	}
	return at
}

// source is a file under reading.
type source struct {
	file   string
	lines  []string
	report *Report
}

func (s *source) documents(b []byte) (docs []Value) {
	// The parser is somebody else's, and files are anybody's: whatever goes wrong there is a mistake in the file.
	defer func() {
		if p := recover(); p != nil {
			s.report.Add(Place{File: s.file}, "", "the file cannot be read as YAML: %v", p)
		}
	}()
	loader, err := yaml.NewLoader(bytes.NewReader(b), yaml.WithUniqueKeys(false)) // ours says where the first one stands
	if err != nil {
		s.report.Add(Place{File: s.file}, "", "the file cannot be read as YAML: %v", err)
		return nil
	}
	for {
		var n yaml.Node
		err := loader.Load(&n)
		if errors.Is(err, io.EOF) {
			return docs
		}
		if err != nil {
			s.syntax(err)
			return docs
		}
		root := &n
		if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
			root = n.Content[0]
		}
		if root.Kind == 0 || root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
			continue
		}
		docs = append(docs, Value{node: root, src: s})
	}
}

// syntax translates the parser's words.
func (s *source) syntax(err error) {
	at, message := Place{File: s.file, Line: 1, Column: 1}, err.Error()
	var e *yaml.LoadError
	if errors.As(err, &e) {
		message = e.Message
		if e.Mark.Line > 0 {
			at.Line, at.Column = e.Mark.Line, max(1, e.Mark.Column)
		}
	}
	hint := ""
	switch {
	case strings.Contains(message, "cannot start any token"):
		if strings.Contains(s.line(at.Line), "\t") {
			hint = "indent with spaces, not tabs"
		} else {
			hint = "put the text in quotes"
		}
	case strings.Contains(message, "mapping values are not allowed"):
		hint = "put a text with a colon in it in quotes"
	case strings.Contains(message, "did not find expected key"), strings.Contains(message, "could not find expected"):
		hint = "look at the indentation, and for a missing quote or colon"
	case strings.Contains(message, "unexpected end of stream"):
		hint = "a quote or a bracket is opened and not closed"
	}
	s.report.Add(at, hint, "the file cannot be read as YAML: %s", message)
}

func (s *source) line(n int) string {
	if n < 1 || n > len(s.lines) {
		return ""
	}
	return strings.TrimSuffix(s.lines[n-1], "\r")
}

// shape says what kind of node it is.
func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a group of keys"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a text"
}

// describe says what a node is, for people.
func describe(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return shape(n)
	}
	switch n.Tag {
	case "!!null":
		return "empty"
	case "!!bool":
		return "yes or no"
	case "!!int", "!!float":
		return "the number " + clip(n.Value)
	}
	return fmt.Sprintf("the text %q", clip(n.Value))
}

func clip(s string) string {
	const longest = 40
	r := []rune(s)
	if len(r) <= longest {
		return s
	}
	return string(r[:longest]) + "…"
}
