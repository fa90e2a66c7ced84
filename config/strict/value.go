package strict

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hoidap/hoidap/config/nearest"
)

// Value is a part of a file: a text, a number, a list, a group of keys, or absent (the zero Value). Its readers note
// what is wrong in the file's report and return a zero value then, so that reading goes on to the next mistake.
type Value struct {
	node *yaml.Node
	src  *source
	name string // the key it stands under
}

// Present reports whether the file says anything here.
func (v Value) Present() bool { return v.node != nil }

// Name is the key it stands under.
func (v Value) Name() string { return v.name }

// Place is where it stands. Absent values stand nowhere.
func (v Value) Place() Place {
	if v.node == nil {
		return Place{}
	}
	return Place{File: v.src.file, Line: max(1, v.node.Line), Column: max(1, v.node.Column)}
}

// Fail notes a problem with the value. hint may be empty.
func (v Value) Fail(hint, format string, args ...any) {
	if v.node != nil {
		v.src.report.Add(v.Place(), hint, format, args...)
	}
}

// resolved follows an alias (*name) to what it stands for. Aliases of aliases do not exist in YAML.
func (v Value) resolved() *yaml.Node {
	if v.node != nil && v.node.Kind == yaml.AliasNode && v.node.Alias != nil {
		return v.node.Alias
	}
	return v.node
}

// want notes that something else was expected.
func (v Value) want(what, hint string) {
	v.Fail(hint, "%s must be %s, not %s", v.title(), what, describe(v.resolved()))
}

func (v Value) title() string {
	if v.name == "" {
		return "this"
	}
	return v.name
}

// IsList reports whether the value is a list.
func (v Value) IsList() bool { return v.node != nil && v.resolved().Kind == yaml.SequenceNode }

// IsGroup reports whether the value is a group of keys.
func (v Value) IsGroup() bool { return v.node != nil && v.resolved().Kind == yaml.MappingNode }

// IsEmpty reports whether nothing is written after the key.
func (v Value) IsEmpty() bool {
	if v.node == nil {
		return true
	}
	n := v.resolved()
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// Scalar is the value as written, whatever it looks like: 0901 stays "0901". Empty and absent are "".
func (v Value) Scalar() (string, bool) {
	if v.node == nil {
		return "", false
	}
	n := v.resolved()
	if n.Kind != yaml.ScalarNode {
		v.want("a text", "")
		return "", false
	}
	if n.Tag == "!!null" {
		return "", true
	}
	return n.Value, true
}

// Text is a text that says something. What looks like a number or a yes stays as it was written.
func (v Value) Text() string {
	s, ok := v.Scalar()
	if ok && strings.TrimSpace(s) == "" {
		v.Fail("write something, or leave the key out", "%s is empty", v.title())
		return ""
	}
	return s
}

// Int is a whole number of least to most.
func (v Value) Int(least, most int) int {
	s, ok := v.Scalar()
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(s, "_", ""))
	if err != nil || v.resolved().Tag == "!!str" {
		v.want("a whole number", "")
		return 0
	}
	if n < least || n > most {
		v.Fail("", "%s must be %s, not %d", v.title(), between(least, most), n)
		return 0
	}
	return n
}

func between(least, most int) string {
	if most == math.MaxInt {
		return "at least " + strconv.Itoa(least)
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(most)
}

// Number is a finite number.
func (v Value) Number() (float64, bool) {
	s, ok := v.Scalar()
	if !ok {
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || v.resolved().Tag == "!!str" {
		v.want("a number", "")
		return 0, false
	}
	return x, true
}

// OneOf is one of a few words.
func (v Value) OneOf(words ...string) string {
	s, ok := v.Scalar()
	if !ok || slices.Contains(words, s) {
		return s
	}
	v.Fail(Suggest(s, words), "%s cannot be %q", v.title(), clip(s))
	return ""
}

// Nearest is the known word that word was probably meant to be; "" where none is near.
func Nearest(word string, known []string) string { return nearest.Of(word, known) }

// Suggest names the nearest word, or all of them where none is near.
func Suggest(s string, words []string) string {
	if best := nearest.Of(s, words); best != "" {
		return "did you mean " + best + "?"
	}
	return "it is one of " + strings.Join(words, ", ")
}

// List is the members of a list.
func (v Value) List() []Value {
	if v.node == nil {
		return nil
	}
	n := v.resolved()
	if n.Kind != yaml.SequenceNode {
		v.want("a list", "write [one, two], or a line that begins with - for each")
		return nil
	}
	members := make([]Value, len(n.Content))
	for i, m := range n.Content {
		members[i] = Value{node: m, src: v.src, name: v.name}
	}
	return members
}

// Pair is a key and its value.
type Pair struct {
	Key   Value
	Name  string
	Value Value
}

// Pairs is a group of keys that the file's writer names, in order. Repeated keys are problems, and the first counts.
func (v Value) Pairs() []Pair { return v.pairs("") }

func (v Value) pairs(hint string) []Pair {
	if v.node == nil {
		return nil
	}
	n := v.resolved()
	if n.Kind != yaml.MappingNode {
		v.Fail(hint, "a group of keys is wanted here, not %s", shape(n)) // not the text itself: it may be a secret
		return nil
	}
	var pairs []Pair
	first := map[string]Place{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := Value{node: n.Content[i], src: v.src}
		name, ok := key.Scalar()
		if !ok {
			continue
		}
		if at, twice := first[name]; twice {
			key.Fail("keep one of them", "%s is there already, on line %d", name, at.Line)
			continue
		}
		first[name] = key.Place()
		pairs = append(pairs, Pair{Key: key, Name: name, Value: Value{node: n.Content[i+1], src: v.src, name: name}})
	}
	return pairs
}

// Group is a group of known keys.
type Group struct {
	Value
	values map[string]Value
}

// Group reads a group of keys, of which only known ones may be there.
func (v Value) Group(known ...string) Group {
	g := Group{Value: v, values: map[string]Value{}}
	for _, p := range v.pairs("its keys are " + strings.Join(known, ", ")) {
		if !slices.Contains(known, p.Name) {
			p.Key.Fail(unknownHint(p, known), "unknown key %s", clip(p.Name))
			continue
		}
		g.values[p.Name] = p.Value
	}
	return g
}

func unknownHint(p Pair, known []string) string {
	if p.Name == "<<" {
		return "merging is not supported; write the keys out"
	}
	return suggestKey(p.Name, known)
}

func suggestKey(name string, known []string) string {
	if best := nearest.Of(name, known); best != "" {
		return "did you mean " + best + "?"
	}
	return "the keys here are " + strings.Join(known, ", ")
}

// Get is the value under key. A key with nothing behind it counts as absent.
func (g Group) Get(key string) Value {
	if v := g.values[key]; !v.IsEmpty() {
		return v
	}
	return Value{}
}

// Need is the value under key; its absence is a problem, whose hint shows the example.
func (g Group) Need(key, example string) Value {
	v := g.Get(key)
	if v.node == nil && g.node != nil && g.IsGroup() {
		at := g.Value
		if there, ok := g.values[key]; ok {
			at = there
		}
		at.Fail("write "+key+": "+example, "%s is missing", key)
	}
	return v
}
