package files

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// end is where a node ends.
func (w *writing) end(n *yaml.Node) (int, bool) {
	at := w.offset(n)
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "" || at >= len(w.text):
		return 0, false
	case n.Kind != yaml.ScalarNode && isFlow(n):
		end, ok := w.closing(at)
		return end + 1, ok
	case n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode:
		return w.blockEnd(n)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return w.literalEnd(at)
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		if w.text[at] != '"' && w.text[at] != '\'' {
			return 0, false
		}
		end, ok := quoteEnd(w.text, at)
		return end + 1, ok
	}
	return w.plainEnd(at, n.Value)
}

func (w *writing) blockEnd(n *yaml.Node) (int, bool) {
	if len(n.Content) == 0 {
		return 0, false
	}
	last := n.Content[len(n.Content)-1]
	if n.Kind == yaml.MappingNode && isNull(last) && last.Value == "" {
		end, ok := w.colon(n.Content[len(n.Content)-2])
		return end + 1, ok
	}
	return w.end(last)
}

// literalEnd is the end of the last line of a text that begins with | or >.
func (w *writing) literalEnd(at int) (int, bool) {
	if w.text[at] != '|' && w.text[at] != '>' {
		return 0, false
	}
	indent, end := -1, 0
	for start := w.nextLine(at); start < len(w.text); start = w.nextLine(start) {
		line := w.text[start:w.lineEnd(start)]
		in := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case strings.TrimSpace(line) == "":
			continue
		case indent < 0:
			indent = in
		case in < indent:
			return end, end > 0
		}
		end = start + len(line)
	}
	return end, end > 0
}

// plainEnd follows the words of a text without quotes, over its lines.
func (w *writing) plainEnd(at int, value string) (int, bool) {
	for _, s := range strings.Fields(value) {
		for at < len(w.text) && strings.IndexByte(" \t\r\n", w.text[at]) >= 0 {
			at++
		}
		if !strings.HasPrefix(w.text[at:], s) {
			return 0, false
		}
		at += len(s)
	}
	return at, true
}

func (w *writing) lineStart(at int) int { return strings.LastIndexByte(w.text[:at], '\n') + 1 }

// lineEnd is the end of the line, before its line break.
func (w *writing) lineEnd(at int) int {
	if i := strings.IndexByte(w.text[at:], '\n'); i >= 0 {
		return at + len(strings.TrimSuffix(w.text[at:at+i], "\r"))
	}
	return len(w.text)
}

// nextLine is where the next line begins.
func (w *writing) nextLine(at int) int {
	if i := strings.IndexByte(w.text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(w.text)
}

// restOfLine is what stands behind a place on its line, without the blanks around it.
func (w *writing) restOfLine(at int) string { return strings.TrimSpace(w.text[at:w.lineEnd(at)]) }
