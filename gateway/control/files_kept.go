package control

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/store"
)

// Shelf is where campaign files come from: a folder, and what the console keeps in Redis. Each file has one home.
type Shelf struct {
	Folder fs.FS
	Store  *store.Store
	Leave  []string // files of the console's that are not in force, whatever they are elsewhere
}

// kept is where all files stand at one moment.
type kept struct {
	folder map[string][]byte // by name, those too that are adopted
	set    store.FileSet
	texts  map[string]string // of the console's files that are in force
}

// InForce is every file in force, in the order of their names, and the number of the console's set: where that is the same
// and the folder is, so is what is in force.
func (f Shelf) InForce(ctx context.Context) (sources []files.Source, number int64, err error) {
	k, err := f.look(ctx)
	return k.inForce(), k.set.Number, err
}

// look reads everything that is in force, and where each file stands. A file that the folder does not give up is an error.
func (f Shelf) look(ctx context.Context) (kept, error) {
	set, err := f.Store.FileSet(ctx)
	if err != nil {
		return kept{}, away(err)
	}
	k := kept{folder: map[string][]byte{}, set: set, texts: map[string]string{}}
	found, problems := files.ReadFolder(f.Folder)
	if len(problems) > 0 {
		return k, fmt.Errorf("%w: %s", ErrUnavailable, problems.Error())
	}
	for _, s := range found {
		k.folder[s.Name] = s.Text
	}
	var wanted []store.FileVersion
	for _, h := range set.Heads {
		if h.Published > 0 && !slices.Contains(f.Leave, h.Name) {
			wanted = append(wanted, store.FileVersion{Name: h.Name, Version: h.Published})
		}
	}
	texts, err := f.Store.FileTexts(ctx, wanted)
	for i, text := range texts {
		k.texts[wanted[i].Name] = text
	}
	return k, away(err)
}

// inForce is what is in force: the folder, without what the console has adopted, and what the console has published.
func (k kept) inForce() []files.Source {
	var out []files.Source
	for name, text := range k.folder {
		if !k.adopted(name) {
			out = append(out, files.Source{Name: name, Text: text})
		}
	}
	for name, text := range k.texts {
		out = append(out, files.Source{Name: name, Text: []byte(text)})
	}
	slices.SortStableFunc(out, func(a, b files.Source) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func (k kept) adopted(name string) bool {
	h, ok := k.head(name)
	return ok && h.Adopted
}

func (k kept) head(name string) (store.FileHead, bool) {
	i, ok := slices.BinarySearchFunc(k.set.Heads, name, func(h store.FileHead, n string) int { return strings.Compare(h.Name, n) })
	if !ok {
		return store.FileHead{Name: name}, false
	}
	return k.set.Heads[i], true
}

// with is what would be in force with another text of the console's file; nil: without it.
func (k kept) with(name string, text []byte) []files.Source {
	out := slices.DeleteFunc(k.inForce(), func(s files.Source) bool { return s.Name == name })
	if text != nil {
		out = append(out, files.Source{Name: name, Text: text})
	}
	slices.SortStableFunc(out, func(a, b files.Source) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
