package files

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// list makes the first change that a list needs: what is not wanted goes, what has another name gets it, what is new comes
// in, and then the order is put right; the items themselves come last.
func (w *writing) list(l *yaml.Node, x want) bool {
	for i, n := range l.Content {
		if !x.wants(n) {
			return w.dropItem(l, i)
		}
	}
	if x.id != "" && w.rename(l, x) {
		return true
	}
	for n, it := range x.items {
		i := itemAt(l, x.id, it.id)
		switch {
		case i < 0:
			return w.addItem(l, n, it)
		case i < n:
			return w.cannot() // two of one name
		case i > n:
			return w.moveItem(l, i, n)
		}
	}
	if x.id == "" {
		return false
	}
	for n, it := range x.items {
		if w.group(l.Content[n], it.want) {
			return true
		}
	}
	return false
}

// nameIn is what tells an item apart: what it says under a key, or what it says.
func nameIn(n *yaml.Node, id string) string {
	if id == "" {
		return n.Value
	}
	return scalarOf(n, id)
}

func itemAt(l *yaml.Node, id, name string) int {
	return slices.IndexFunc(l.Content, func(n *yaml.Node) bool { return nameIn(n, id) == name })
}

// rename gives the first item that is to be called otherwise its new name, unless another has that still.
func (w *writing) rename(l *yaml.Node, x want) bool {
	for n, it := range x.items {
		i := itemAt(l, x.id, it.was)
		if it.was == "" || it.was == it.id || i < 0 {
			continue
		}
		if itemAt(l, x.id, it.id) >= 0 {
			return w.cannot()
		}
		x.items[n].was = it.id
		return w.value(l.Content[i], keyAt(l.Content[i], x.id), want{shape: symbol, text: it.id})
	}
	return false
}

// span is the place of an item on lines of its own: from its dash, with the comments above it, to the end of its last
// line.
func (w *writing) span(l *yaml.Node, i int) (start, end int, ok bool) {
	end, ok = w.end(l.Content[i])
	if isNull(l.Content[i]) || !ok {
		return 0, 0, false
	}
	line := w.lineStart(w.offset(l.Content[i]))
	for w.column(line) != l.Column || !strings.HasPrefix(strings.TrimLeft(w.text[line:], " "), "-") {
		if line == 0 {
			return 0, 0, false
		}
		line = w.lineStart(line - 1)
	}
	start = line
	for start > 0 {
		above := w.lineStart(start - 1)
		if w.column(above) != l.Column || !strings.HasPrefix(strings.TrimLeft(w.text[above:start], " "), "#") {
			break
		}
		start = above
	}
	return start, w.nextLine(end), true
}

// column is where the first letter of a line stands, from 1.
func (w *writing) column(line int) int {
	rest := w.text[line:w.lineEnd(line)]
	return len(rest) - len(strings.TrimLeft(rest, " ")) + 1
}

func (w *writing) dropItem(l *yaml.Node, i int) bool {
	if isFlow(l) {
		end, ok := w.end(l.Content[i])
		if !ok {
			return w.cannot()
		}
		start, end := w.withComma(w.offset(l.Content[i]), end, i+1 < len(l.Content))
		return w.replace(start, end, "")
	}
	start, end, ok := w.span(l, i)
	if !ok {
		return w.cannot()
	}
	return w.replace(start, end, "")
}

// addItem makes it the n-th of the list.
func (w *writing) addItem(l *yaml.Node, n int, it item) bool {
	if isFlow(l) {
		return w.addInFlow(l, n, it)
	}
	line := strings.Repeat(" ", l.Column-1) + "- " + it.lines(l.Column+1, w.newline)
	if n < len(l.Content) {
		start, _, ok := w.span(l, n)
		if !ok {
			return w.cannot()
		}
		return w.replace(start, start, line+w.newline)
	}
	end, ok := w.end(l)
	if !ok {
		return w.cannot()
	}
	end = w.lineEnd(end)
	return w.replace(end, end, w.newline+line)
}

func (w *writing) addInFlow(l *yaml.Node, n int, it item) bool {
	if n < len(l.Content) {
		at := w.offset(l.Content[n])
		return w.replace(at, at, it.want.flow()+", ")
	}
	end, ok := w.end(l.Content[n-1])
	if !ok {
		return w.cannot()
	}
	return w.replace(end, end, ", "+it.want.flow())
}

// moveItem puts the i-th item in the place of the n-th, which is before it.
func (w *writing) moveItem(l *yaml.Node, i, n int) bool {
	if isFlow(l) {
		from, to := w.offset(l.Content[n]), w.offset(l.Content[i])
		end, ok := w.end(l.Content[i])
		if !ok {
			return w.cannot()
		}
		moved := w.text[to:end]
		before := strings.TrimRight(w.text[from:to], ", \t\r\n")
		return w.replace(from, end, moved+", "+before)
	}
	from, _, ok := w.span(l, n)
	start, end, there := w.span(l, i)
	if !ok || !there {
		return w.cannot()
	}
	moved, before := w.text[start:end], w.text[from:start]
	if !strings.HasSuffix(moved, "\n") {
		moved, before = moved+w.newline, strings.TrimSuffix(before, w.newline)
	}
	return w.replace(from, end, moved+before)
}
