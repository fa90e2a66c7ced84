package files

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/config/strict"
)

// Source is one file of a set, wherever it is kept.
type Source struct {
	Name string // as mistakes in it are told, with / between folders
	Text []byte
}

// ReadFolder reads the files that Load would, in the same order.
func ReadFolder(fsys fs.FS) ([]Source, Problems) {
	l := newLoading(Options{})
	var out []Source
	for _, name := range l.find(fsys) {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			l.report.Add(strict.Place{File: name}, "", "the file cannot be read: %v", cause(err))
			continue
		}
		out = append(out, Source{Name: name, Text: b})
	}
	return out, l.report.Problems()
}

// LoadSources is Load for files that have been read. Beside the mistakes it tells what is allowed and probably not meant,
// whether or not there are mistakes.
func LoadSources(sources []Source, opts Options) (set *Set, mistakes, warnings Problems) {
	l := newLoading(opts)
	seen := map[string]bool{}
	for _, s := range sources {
		if seen[s.Name] {
			l.report.Add(strict.Place{File: s.Name}, "give one of them another name, or adopt the folder's", "there is a file of this name in the folder and in the console")
			continue
		}
		seen[s.Name] = true
		for _, doc := range strict.Parse(&l.report, s.Name, s.Text) {
			l.document(doc)
		}
	}
	set, mistakes = l.result()
	return set, mistakes, l.warnings.Problems()
}

// NameForm says in a sentence what is wrong with the name of a file; empty: nothing is. Names are those of files in a
// folder, so that a set can be written out anywhere.
func NameForm(name string) string {
	parts := strings.Split(name, "/")
	last := parts[len(parts)-1]
	base := strings.TrimSuffix(strings.TrimSuffix(last, ".yaml"), ".yml")
	switch {
	case len(name) > nameMax:
		return "the name is too long"
	case !isYAML(name) || path.Ext(last) != strings.ToLower(path.Ext(last)):
		return "the name ends with .yaml"
	case !idForm.MatchString(base), slices.ContainsFunc(parts[:len(parts)-1], func(s string) bool { return !idForm.MatchString(s) }):
		return "the name has small letters a to z, digits and dashes only: autumn-style.yaml"
	}
	return ""
}

// nameMax bounds the name of a file, with its folders.
const nameMax = 120

// Defined is a campaign or offer that a file has.
type Defined struct {
	Kind string `json:"kind"` // campaign, offer
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Line int    `json:"line"`
}

// Defines lists what a file has, as far as it can be read.
func Defines(text []byte) (out []Defined) {
	var r strict.Report
	for _, doc := range strict.Parse(&r, "", text) {
		if !doc.IsGroup() {
			continue
		}
		said := map[string]strict.Value{}
		for _, p := range doc.Pairs() {
			said[p.Name] = p.Value
		}
		for _, kind := range []string{"campaign", "offer"} {
			v, ok := said[kind]
			if !ok {
				continue
			}
			if id, ok := v.Scalar(); ok {
				name, _ := said["name"].Scalar()
				out = append(out, Defined{Kind: kind, ID: id, Name: name, Line: v.Place().Line})
			}
			break
		}
	}
	return out
}
