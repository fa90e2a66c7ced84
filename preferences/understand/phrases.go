package understand

import (
	"fmt"
	"strings"
)

// A phrase file is a list of patterns, one a line, under [section] headings. In a pattern
//
//	a b        are words one after the other
//	(a|b c)    is one of these
//	[a]        may be missing
//	~          is up to three words of the same clause
//	!a         must be typed with its marks
//	<name>     is what the line "name = a | b" says
//
// Words are written with marks. A customer's word matches when it is the same, or when it was typed without marks and
// its key is the same.

type form struct {
	word, key string
	exact     bool
}

func (t *token) is(f form, loose bool) bool {
	if t.word == f.word || t.typed == f.word {
		return true
	}
	if f.exact || t.marked || !loose && !t.loose {
		return false
	}
	return t.key == f.key
}

// element is one place of a pattern: a word, or a gap where alts is empty.
type element struct {
	alts     []form
	optional bool
}

const gapWords = 3

// opening is a pattern by one of the words it may start with.
type opening struct {
	first form
	rest  []element
	next  uint64 // the bits of the words that may follow the first; anyNext where nothing need follow
}

// anyNext lets every word through, and the end.
const anyNext = ^uint64(0)

// nextOf are the bits of the words that e may begin with.
func nextOf(e []element) (bits uint64) {
	for k := range e {
		if len(e[k].alts) == 0 {
			return anyNext
		}
		for _, f := range e[k].alts {
			bits |= bit(f.key)
		}
		if !e[k].optional {
			return bits
		}
	}
	return anyNext
}

// bitAt is that of the word at i, 0 behind the end.
func bitAt(ts []token, i int) uint64 {
	switch {
	case i >= len(ts):
		return 0
	case ts[i].typed != ts[i].word:
		return bit(ts[i].key) | bit(keyOf(ts[i].typed))
	}
	return bit(ts[i].key)
}

type phrases struct {
	byKey map[string][]opening
	sieve uint64 // the bits of the keys: nearly all words begin no phrase, and are told apart by it
	loose bool   // unmarked words match in every language: an opt-out counts however it is typed
}

func newPhrases(loose bool) *phrases {
	return &phrases{byKey: map[string][]opening{}, loose: loose}
}

// bit is that of a key in a sieve. Keys that begin a phrase share few bits, so few others pass.
func bit(key string) uint64 {
	if key == "" {
		return 1
	}
	return 1 << ((7*uint(key[0]) + 5*uint(key[len(key)-1]) + uint(key[len(key)/2]) + 11*uint(len(key))) % 64)
}

// openings are the phrases that may begin with a word of that key.
func (p *phrases) openings(key string) []opening {
	if p.sieve&bit(key) == 0 {
		return nil
	}
	return p.byKey[key]
}

// at returns how many tokens the longest phrase that starts at i covers, 0 for none. A nil list has no phrases.
func (p *phrases) at(ts []token, i int) int {
	if p == nil || i < 0 || i >= len(ts) {
		return 0
	}
	t := &ts[i]
	best := p.longest(p.openings(t.key), ts, i)
	if t.typed != t.word {
		best = max(best, p.longest(p.openings(keyOf(t.typed)), ts, i))
	}
	return best
}

func (p *phrases) longest(openings []opening, ts []token, i int) int {
	if len(openings) == 0 {
		return 0
	}
	best, next := 0, bitAt(ts, i+1)
	for k := range openings {
		if o := &openings[k]; (o.next == anyNext || o.next&next != 0) && ts[i].is(o.first, p.loose) {
			best = max(best, matchElements(o.rest, ts, i+1, p.loose)-i)
		}
	}
	return best
}

// find returns the first phrase in ts: its place and its length, or n = 0.
func (p *phrases) find(ts []token) (i, n int) {
	for i := range ts {
		if n := p.at(ts, i); n > 0 {
			return i, n
		}
	}
	return 0, 0
}

func (p *phrases) in(ts []token) bool {
	_, n := p.find(ts)
	return n > 0
}

// whole reports whether the words of ts are one phrase, signs apart.
func (p *phrases) whole(ts []token) bool {
	for len(ts) > 0 && !ts[0].isWord() {
		ts = ts[1:]
	}
	for len(ts) > 0 && !ts[len(ts)-1].isWord() {
		ts = ts[:len(ts)-1]
	}
	return len(ts) > 0 && p.at(ts, 0) == len(ts)
}

// matchElements returns the end of the longest match of e from i, or -1.
func matchElements(e []element, ts []token, i int, loose bool) int {
	if len(e) == 0 {
		return i
	}
	if len(e[0].alts) == 0 {
		for gap := 0; gap <= gapWords; gap++ {
			if j := matchElements(e[1:], ts, i+gap, loose); j >= 0 {
				return j
			}
			if i+gap >= len(ts) || !ts[i+gap].isWord() {
				return -1
			}
		}
		return -1
	}
	best := -1
	if i < len(ts) {
		for _, f := range e[0].alts {
			if ts[i].is(f, loose) {
				best = matchElements(e[1:], ts, i+1, loose)
				break
			}
		}
	}
	if e[0].optional && best < 0 {
		best = matchElements(e[1:], ts, i, loose)
	}
	return best
}

// add compiles one pattern.
func (p *phrases) add(pattern string, classes map[string]string) error {
	seqs, err := expand(pattern, classes)
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		for k, e := range seq {
			if len(e.alts) == 0 {
				return fmt.Errorf("%q starts with a gap", pattern)
			}
			for _, f := range e.alts {
				p.sieve |= bit(f.key)
				p.byKey[f.key] = append(p.byKey[f.key], opening{f, seq[k+1:], nextOf(seq[k+1:])})
			}
			if !e.optional {
				break
			}
		}
	}
	return nil
}

// expand writes a pattern out: groups with several words become patterns of their own.
func expand(pattern string, classes map[string]string) ([][]element, error) {
	for name, alts := range classes {
		pattern = strings.ReplaceAll(pattern, "<"+name+">", "("+alts+")")
	}
	if strings.Contains(pattern, "<") {
		return nil, fmt.Errorf("%q names a class that is not there", pattern)
	}
	if pattern == "~" { // alone it is the sign
		return [][]element{{{alts: []form{newForm(pattern)}}}}, nil
	}
	return expandSequence(pattern)
}

func expandSequence(pattern string) ([][]element, error) {
	seqs := [][]element{nil}
	for pattern = strings.TrimSpace(pattern); pattern != ""; pattern = strings.TrimSpace(pattern) {
		end := partEnd(pattern)
		if end <= 0 {
			return nil, fmt.Errorf("%q is not closed", pattern)
		}
		alts, err := expandPart(pattern[:end])
		if err != nil {
			return nil, err
		}
		seqs, pattern = product(seqs, alts), pattern[end:]
	}
	return seqs, nil
}

// partEnd returns where the first word or group of the pattern ends, 0 if the group has no end.
func partEnd(pattern string) int {
	if pattern[0] != '(' && pattern[0] != '[' {
		if end := strings.IndexAny(pattern, " (["); end >= 0 {
			return end
		}
		return len(pattern)
	}
	depth := 0
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// expandPart returns the sequences that one word or group stands for; one-word alternatives share an element.
func expandPart(part string) ([][]element, error) {
	if part == "~" {
		return [][]element{{{}}}, nil
	}
	if part[0] != '(' && part[0] != '[' {
		return [][]element{{{alts: []form{newForm(part)}}}}, nil
	}
	optional := part[0] == '['
	var single element
	var out [][]element
	for _, alt := range splitAlternatives(part[1 : len(part)-1]) {
		seqs, err := expandSequence(alt)
		if err != nil {
			return nil, err
		}
		for _, s := range seqs {
			if len(s) == 1 && len(s[0].alts) > 0 && !s[0].optional {
				single.alts = append(single.alts, s[0].alts...)
			} else {
				out = append(out, s)
			}
		}
	}
	if len(single.alts) > 0 {
		single.optional = optional
		out = append(out, []element{single})
	} else if optional {
		out = append(out, nil)
	}
	return out, nil
}

func splitAlternatives(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '|':
			if depth == 0 {
				out, start = append(out, s[start:i]), i+1
			}
		}
	}
	return append(out, s[start:])
}

func product(seqs, alts [][]element) [][]element {
	out := make([][]element, 0, len(seqs)*len(alts))
	for _, s := range seqs {
		for _, a := range alts {
			out = append(out, append(append([]element(nil), s...), a...))
		}
	}
	return out
}

func newForm(w string) form {
	exact := strings.HasPrefix(w, "!")
	w = spell(strings.TrimPrefix(w, "!"))
	return form{word: w, key: keyOf(w), exact: exact}
}
