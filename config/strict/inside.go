package strict

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// Inside is the place in the file of line:column within the text of v, both from 1. Quotes and block scalars are
// followed; where the text is written so that its place cannot be told (escapes, folded lines), it is v's own place.
func (v Value) Inside(line, column int) Place {
	at := v.Place()
	if v.node == nil || v.node.Kind != yaml.ScalarNode {
		return at
	}
	want := nth(v.node.Value, line)
	if v.node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return v.insideBlock(at, want, line, column)
	}
	if line != 1 || strings.Contains(v.node.Value, "\n") {
		return at
	}
	first := at.Column
	if v.node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		first++
	}
	if after(v.src.line(at.Line), first-1, want) {
		at.Column = first + column - 1
	}
	return at
}

func (v Value) insideBlock(at Place, want string, line, column int) Place {
	written := v.src.line(at.Line + line)
	indent := len(written) - len(strings.TrimLeft(written, " "))
	shift := len(want) - len(strings.TrimLeft(want, " "))
	if indent -= shift; indent < 0 || !after(written, indent, want) {
		return at
	}
	return Place{File: at.File, Line: at.Line + line, Column: indent + column}
}

// after reports whether want stands in line after n characters.
func after(line string, n int, want string) bool {
	r := []rune(line)
	return n >= 0 && n <= len(r) && strings.HasPrefix(string(r[n:]), want)
}

func nth(s string, line int) string {
	for ; line > 1; line-- {
		_, rest, ok := strings.Cut(s, "\n")
		if !ok {
			return ""
		}
		s = rest
	}
	first, _, _ := strings.Cut(s, "\n")
	return first
}

// FailInside notes a problem at line:column within the text of v.
func (v Value) FailInside(line, column int, hint, format string, args ...any) {
	if v.node != nil {
		v.src.report.Add(v.Inside(line, column), hint, format, args...)
	}
}
