package files

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// FieldAt is which field of a form stands at a place of a file, both from 1: "campaign.autumn.questions.style.text.vi". It is
// empty where the file cannot be read so far.
func FieldAt(text []byte, line, column int) string {
	if line < 1 {
		return ""
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithUniqueKeys(false))
	if err != nil {
		return ""
	}
	found := ""
	for {
		var doc yaml.Node
		if err := loader.Load(&doc); err != nil {
			return found
		}
		root := &doc
		if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
			root = doc.Content[0]
		}
		if root.Line > line {
			return found
		}
		found = fieldIn(root, documentName(root), line, column)
	}
}

func documentName(n *yaml.Node) string {
	for _, kind := range []string{"campaign", "offer"} {
		if id := scalarOf(n, kind); id != "" {
			return kind + "." + id
		}
	}
	return ""
}

// fieldIn is the innermost field that begins at or before a place.
func fieldIn(n *yaml.Node, path string, line, column int) string {
	before := func(x *yaml.Node) bool { return x.Line < line || x.Line == line && x.Column <= column }
	found := path
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content) && before(n.Content[i]); i += 2 {
			found = fieldIn(n.Content[i+1], path+"."+n.Content[i].Value, line, column)
		}
	case yaml.SequenceNode:
		for i, m := range n.Content {
			if !before(m) {
				break
			}
			found = fieldIn(m, path+"."+memberName(m, i), line, column)
		}
	}
	return found
}

func memberName(n *yaml.Node, i int) string {
	for _, key := range []string{"id", "value"} {
		if name := scalarOf(n, key); name != "" {
			return name
		}
	}
	return strconv.Itoa(i)
}

// Fix is a small change of a file that mends a mistake: what stands at a place is replaced.
type Fix struct {
	Line   int    `json:"line"`
	Column int    `json:"column"` // in characters, from 1
	Old    string `json:"old"`
	New    string `json:"new"`
}

var (
	didYouMean = regexp.MustCompile(`^did you mean ([A-Za-z0-9_.-]+)\?$`)
	writeBrace = regexp.MustCompile(`^write (\{\{[a-z_.]+\}\})$`)
	wordHere   = regexp.MustCompile(`^["']?([A-Za-z0-9_.-]+)`)
	braceHere  = regexp.MustCompile(`^\{\s*[a-z_.]+\s*\}`)
)

// FixOf is the change that a mistake's own hint asks for; nil where that needs a person.
func FixOf(text []byte, p Problem) *Fix {
	lines := strings.Split(string(text), "\n")
	if p.Line < 1 || p.Line > len(lines) || p.Column < 1 {
		return nil
	}
	r := []rune(strings.TrimSuffix(lines[p.Line-1], "\r"))
	if p.Column > len(r) {
		return nil
	}
	here := string(r[p.Column-1:])
	if m := writeBrace.FindStringSubmatch(p.Hint); m != nil {
		if old := braceHere.FindString(here); old != "" {
			return &Fix{Line: p.Line, Column: p.Column, Old: old, New: m[1]}
		}
	}
	m := didYouMean.FindStringSubmatch(p.Hint)
	at := wordHere.FindStringSubmatchIndex(here)
	if m == nil || at == nil || !strings.Contains(p.Message, here[at[2]:at[3]]) {
		return nil
	}
	return &Fix{Line: p.Line, Column: p.Column + at[2], Old: here[at[2]:at[3]], New: m[1]}
}

// Apply makes the change; ok is false where the place says something else by now.
func (f Fix) Apply(text []byte) (fixed []byte, ok bool) {
	lines := strings.Split(string(text), "\n")
	if f.Line < 1 || f.Line > len(lines) || f.Column < 1 {
		return nil, false
	}
	r := []rune(lines[f.Line-1])
	if f.Column > len(r) || !strings.HasPrefix(string(r[f.Column-1:]), f.Old) {
		return nil, false
	}
	lines[f.Line-1] = string(r[:f.Column-1]) + f.New + strings.TrimPrefix(string(r[f.Column-1:]), f.Old)
	return []byte(strings.Join(lines, "\n")), true
}
