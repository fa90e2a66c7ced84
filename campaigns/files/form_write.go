package files

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// WriteForm writes a form into a campaign of a file. Only what differs is written: the order, the layout and the comments
// of everything else stay, because what is written is the text and not its parsed form. Where that cannot be done surely,
// or the form tells two questions apart by nothing, it is ErrByHand.
func WriteForm(text []byte, campaign string, f Form, defaultLocale string) ([]byte, error) {
	w := writing{campaign: campaign, locale: defaultLocale, want: f.want()}
	w.text, w.newline = string(text), "\n"
	if strings.Contains(w.text, "\r\n") {
		w.newline = "\r\n"
	}
	for range 16 + 4*w.want.size() {
		doc, err := campaignNode([]byte(w.text), w.campaign)
		if err != nil {
			return nil, err
		}
		if w.stuck = false; !w.group(doc, w.want) {
			return w.checked(f)
		}
		if w.stuck {
			break
		}
	}
	return nil, fmt.Errorf("%w: the file is written in a way that is not understood well enough", ErrByHand)
}

// size is how many values, groups and lists a want has: each is changed a few times at most, so that more changes than that
// lead nowhere.
func (x want) size() int {
	n := 1
	for _, f := range x.fields {
		n += f.want.size()
	}
	for _, i := range x.items {
		n += i.want.size()
	}
	return n
}

// NewFile is the text of a file with the one campaign of a form.
func NewFile(f Form) []byte {
	var b strings.Builder
	for _, x := range f.want().fields {
		if x.want.shape != absent {
			b.WriteString(x.want.entry(x.key, 0, "\n") + "\n")
		}
	}
	return []byte(b.String())
}

// writing changes a text step by step, each to what the text says by then, until it says what is wanted.
type writing struct {
	editing
	campaign, locale string
	want             want
	stuck            bool // a change is needed that cannot be made surely
}

// checked is the text, once it is certain that it says what the form does.
func (w *writing) checked(f Form) ([]byte, error) {
	got, err := ReadForm([]byte(w.text), w.campaign, w.locale)
	if err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(got.want(), w.settled(f.want())) {
		return nil, fmt.Errorf("%w: two of a kind have one name, or the file is written in a way that is not understood well enough", ErrByHand)
	}
	return []byte(w.text), nil
}

// settled is a want as it is read back: everything is in the file then.
func (w *writing) settled(x want) want {
	x.items, x.fields = slices.Clone(x.items), slices.Clone(x.fields)
	for i, it := range x.items {
		x.items[i] = item{it.id, it.id, w.settled(it.want)}
	}
	for i, f := range x.fields {
		x.fields[i].want = w.settled(f.want)
	}
	return x
}

// replace puts a text in the place of another, and reports that the file has changed.
func (w *writing) replace(from, to int, s string) bool {
	if w.text[from:to] == s {
		w.stuck = true // the same again would go on for ever
	}
	w.text = w.text[:from] + s + w.text[to:]
	return true
}

// cannot gives up: the change has to be made by hand.
func (w *writing) cannot() bool {
	w.stuck = true
	return true
}

// group makes the first change that a group of keys needs; false: it needs none.
func (w *writing) group(m *yaml.Node, x want) bool {
	for n, f := range x.fields {
		i := keyAt(m, f.key)
		switch {
		case i < 0 && f.want.shape == absent:
		case i < 0:
			if w.addKeyOf(m, x, n) {
				return true
			}
		case f.want.shape == absent:
			if !isNull(m.Content[i+1]) && w.dropKey(m, i) {
				return true
			}
		case w.value(m, i, f.want):
			return true
		}
	}
	return false
}

func keyAt(m *yaml.Node, key string) int {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// value makes the first change that the value of the i-th key needs.
func (w *writing) value(m *yaml.Node, i int, x want) bool {
	v := m.Content[i+1]
	if x.shape == locales && v.Kind != yaml.MappingNode && len(x.fields) == 1 && x.fields[0].key == w.locale {
		x = x.fields[0].want
	}
	switch {
	case isNull(v):
		return w.setValue(m, i, x)
	case x.shape == word || x.shape == symbol:
		return w.scalarValue(m, i, x)
	case x.shape == list && v.Kind == yaml.SequenceNode && x.keepsAny(v):
		return w.list(v, x)
	case x.shape == group && v.Kind == yaml.MappingNode && len(v.Content) > 0:
		return w.group(v, x)
	case x.shape == locales && v.Kind == yaml.MappingNode && len(v.Content) > 0:
		return w.group(v, x.withDropped(v))
	}
	return w.setValue(m, i, x)
}

// keepsAny reports whether something of a list stays.
func (x want) keepsAny(l *yaml.Node) bool {
	return slices.ContainsFunc(l.Content, x.wants)
}

// wants reports whether an item of a list stays, under its name or another.
func (x want) wants(n *yaml.Node) bool {
	name := nameIn(n, x.id)
	return slices.ContainsFunc(x.items, func(it item) bool { return it.was == name || it.id == name })
}

// withDropped has a field for each language that goes.
func (x want) withDropped(m *yaml.Node) want {
	x.fields = slices.Clone(x.fields)
	for i := 0; i+1 < len(m.Content); i += 2 {
		if key := m.Content[i].Value; !slices.ContainsFunc(x.fields, func(f field) bool { return f.key == key }) {
			x.fields = append(x.fields, field{key: key})
		}
	}
	return x
}

func (w *writing) scalarValue(m *yaml.Node, i int, x want) bool {
	v := m.Content[i+1]
	if v.Kind == yaml.ScalarNode && v.Value == x.text {
		return false
	}
	if v.Kind != yaml.ScalarNode {
		return w.setValue(m, i, x)
	}
	end, ok := w.end(v)
	if !ok {
		return w.cannot()
	}
	return w.replace(w.offset(v), end, x.scalar(v.Style, isFlow(m)))
}

// setValue writes the value of a key anew. Comments that stood within the old one go above the key.
func (w *writing) setValue(m *yaml.Node, i int, x want) bool {
	key, v := m.Content[i], m.Content[i+1]
	colon, ok := w.colon(key)
	if !ok {
		return w.cannot()
	}
	end := colon + 1
	if !isNull(v) || v.Value != "" {
		if end, ok = w.end(v); !ok {
			return w.cannot()
		}
	}
	if isFlow(m) {
		return w.replace(colon+1, end, " "+x.flow())
	}
	var above strings.Builder
	for _, c := range commentsOf(v) {
		above.WriteString(c + w.newline + strings.Repeat(" ", key.Column-1))
	}
	start := w.offset(key)
	if above.Len() > 0 && strings.TrimSpace(w.text[w.lineStart(start):start]) != "" {
		return w.cannot() // the key stands behind a dash: there is no line above it
	}
	if rest := w.restOfLine(end); v.Kind != yaml.ScalarNode && !isFlow(v) && rest != "" {
		return w.cannot()
	}
	return w.replace(start, end, above.String()+x.entry(key.Value, key.Column-1, w.newline))
}

// commentsOf are the comments within a node.
func commentsOf(n *yaml.Node) (out []string) {
	if n.Kind == yaml.ScalarNode {
		return nil
	}
	for _, c := range n.Content {
		for _, s := range []string{c.HeadComment, c.LineComment, c.FootComment} {
			if s != "" {
				out = append(out, strings.Split(s, "\n")...)
			}
		}
		out = append(out, commentsOf(c)...)
	}
	return out
}

// addKeyOf adds the n-th field of a want behind the last one before it that is there.
func (w *writing) addKeyOf(m *yaml.Node, x want, n int) bool {
	after := -1
	for _, f := range x.fields[:n] {
		after = max(after, keyAt(m, f.key))
	}
	if after < 0 {
		after = len(m.Content) - 2
	}
	if after < 0 {
		return w.cannot()
	}
	f, last := x.fields[n], m.Content[after+1]
	end, ok := w.end(last)
	if isNull(last) && last.Value == "" {
		end, ok = w.colon(m.Content[after])
		end++
	}
	if !ok {
		return w.cannot()
	}
	if isFlow(m) {
		return w.replace(end, end, ", "+f.key+": "+f.want.flow())
	}
	end = w.lineEnd(end)
	indent := m.Content[0].Column - 1
	return w.replace(end, end, w.newline+strings.Repeat(" ", indent)+f.want.entry(f.key, indent, w.newline))
}

// dropKey takes a key away with its value.
func (w *writing) dropKey(m *yaml.Node, i int) bool {
	end, ok := w.end(m.Content[i+1])
	if !ok {
		return w.cannot()
	}
	start := w.offset(m.Content[i])
	if isFlow(m) {
		start, end = w.withComma(start, end, i+2 < len(m.Content))
		return w.replace(start, end, "")
	}
	line := w.lineStart(start)
	if strings.TrimSpace(w.text[line:start]) != "" { // behind a dash
		if i+2 >= len(m.Content) {
			return w.cannot()
		}
		return w.replace(start, w.offset(m.Content[i+2]), "")
	}
	return w.replace(line, w.nextLine(end), "")
}

// withComma widens the place of a member in brackets by the comma that goes with it.
func (w *writing) withComma(start, end int, more bool) (int, int) {
	if more {
		for end < len(w.text) && (w.text[end] == ',' || unicode.IsSpace(rune(w.text[end]))) {
			end++
		}
		return start, end
	}
	for start > 0 && (w.text[start-1] == ',' || unicode.IsSpace(rune(w.text[start-1]))) {
		start--
	}
	return start, end
}

// colon is where the colon behind a key stands.
func (w *writing) colon(key *yaml.Node) (int, bool) {
	end, ok := w.end(key)
	if !ok {
		return 0, false
	}
	i := strings.IndexByte(w.text[end:], ':')
	return end + i, i >= 0 && strings.TrimSpace(w.text[end:end+i]) == ""
}
