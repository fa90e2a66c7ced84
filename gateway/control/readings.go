package control

import (
	"crypto/sha256"
	"slices"
	"sync"

	"github.com/hoidap/hoidap/campaigns/files"
)

// What is remembered of files that were read: each page about campaigns wants it, and they seldom change.
const (
	definedMost = 4096 // texts
	loadedMost  = 8    // sets
)

// digest tells texts apart.
type digest = [sha256.Size]byte

// readings remembers what was read of campaign files, by their text alone. The zero value is empty.
type readings struct {
	mu      sync.Mutex
	defined map[digest][]files.Defined
	loaded  []loaded // the one that was asked for last comes last
}

// loaded is a set of files as it was read. It does not change.
type loaded struct {
	of                 digest
	set                *files.Set
	mistakes, warnings files.Problems
}

// defines is files.Defines.
func (r *readings) defines(text []byte) []files.Defined {
	of := sha256.Sum256(text)
	r.mu.Lock()
	found, ok := r.defined[of]
	r.mu.Unlock()
	if ok {
		return slices.Clone(found)
	}
	found = files.Defines(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.defined == nil || len(r.defined) >= definedMost {
		r.defined = map[digest][]files.Defined{}
	}
	r.defined[of] = found
	return slices.Clone(found)
}

// load is files.LoadSources. Whoever asks gets lists of problems of their own.
func (r *readings) load(sources []files.Source, o files.Options) (*files.Set, files.Problems, files.Problems) {
	of := sumOf(sources)
	x, ok := r.find(of)
	if !ok {
		x.of = of
		x.set, x.mistakes, x.warnings = files.LoadSources(sources, o)
	}
	r.mu.Lock()
	r.loaded = append(slices.DeleteFunc(r.loaded, func(y loaded) bool { return y.of == of }), x)
	r.loaded = r.loaded[max(0, len(r.loaded)-loadedMost):]
	r.mu.Unlock()
	return x.set, slices.Clone(x.mistakes), slices.Clone(x.warnings)
}

func (r *readings) find(of digest) (loaded, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.IndexFunc(r.loaded, func(x loaded) bool { return x.of == of }); i >= 0 {
		return r.loaded[i], true
	}
	return loaded{}, false
}

func sumOf(sources []files.Source) (of digest) {
	h := sha256.New()
	for _, s := range sources {
		name, text := sha256.Sum256([]byte(s.Name)), sha256.Sum256(s.Text)
		h.Write(name[:]) //nolint:errcheck // a hash never fails
		h.Write(text[:]) //nolint:errcheck // likewise
	}
	h.Sum(of[:0])
	return of
}
