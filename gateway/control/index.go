package control

import (
	"context"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/store"
)

// match is whom a rule fits, by the index of audiences.
type match struct {
	indexes []store.Index // by partition
	sets    []set         // of each
}

func (m match) count() (n int64) {
	for _, of := range m.sets {
		n += of.count()
	}
	return n
}

// matching is whom a rule fits, by the index of audiences; ok is false where the index does not know: the rule
// asks what has no terms, or the index is not whole yet.
func (s *Service) matching(ctx context.Context, rule *expr.Rule) (m match, ok bool, err error) {
	plan, ok := rule.Plan()
	if !ok {
		return m, false, nil
	}
	all := make([]int, s.Store.Partitions())
	for p := range all {
		all[p] = p
	}
	if m.indexes, err = s.Store.Indexes(ctx, all); err != nil {
		return m, false, away(err)
	}
	wanted := make([][]string, len(m.indexes))
	for p, x := range m.indexes {
		if !x.Trusted(store.IndexForm(s.Secret)) {
			return m, false, nil
		}
		wanted[p] = s.namesFor(plan, x)
	}
	found, err := s.Store.IndexBits(ctx, wanted)
	if err != nil {
		return m, false, away(err)
	}
	m.sets = make([]set, len(m.indexes))
	for p, x := range m.indexes {
		of := indexed{secret: s.Secret, terms: x.Terms, bits: found[p]}
		if !of.tells(plan) {
			return m, false, nil
		}
		m.sets[p] = of.set(plan)
	}
	return m, true, nil
}

// namesFor are the terms of an index that a plan needs: those that it names and those that say whether they tell enough, and
// all of a subject only where it asks whether anything is known of it.
func (s *Service) namesFor(plan expr.Plan, x store.Index) (names []string) {
	add := func(f expr.Fact) {
		if name := store.TermName(s.Secret, f.Subject, f.Value); x.Terms[name] != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	add(expr.Everybody())
	add(expr.Fact{Subject: expr.Other, Value: expr.Other})
	for _, subject := range plan.Told() {
		add(expr.Fact{Subject: subject, Value: expr.Other})
	}
	for p := range plan.Each() {
		switch p.Op {
		case expr.True:
			add(p.Fact)
		case expr.KnownOf:
			subject := store.SubjectName(s.Secret, p.Fact.Subject)
			for name, of := range x.Terms {
				if of == subject && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// indexed is a partition's index, as far as a plan needs it.
type indexed struct {
	secret string
	terms  map[string]string // name -> name of its subject
	bits   map[string]string // by name
}

// set is some of a partition's contacts, as bits by their numbers.
type set []uint64

func (s set) count() (n int64) {
	for _, w := range s {
		n += int64(bits.OnesCount64(w))
	}
	return n
}

// each are the numbers of those in the set.
func (s set) each(yield func(n int) bool) {
	for i, w := range s {
		for ; w != 0; w &^= 1 << (63 - bits.LeadingZeros64(w)) {
			if !yield(64*i + bits.LeadingZeros64(w)) {
				return
			}
		}
	}
}

// join is word by word what of makes of two sets; the shorter one is as if filled up with nobody.
func (s set) join(t set, of func(a, b uint64) uint64) set {
	out := make(set, max(len(s), len(t)))
	for i := range out {
		var a, b uint64
		if i < len(s) {
			a = s[i]
		}
		if i < len(t) {
			b = t[i]
		}
		out[i] = of(a, b)
	}
	return out
}

// read is the set behind a string of bits, as Redis has it.
func read(s string) set {
	raw := append([]byte(s), make([]byte, (8-len(s)%8)%8)...)
	out := make(set, len(raw)/8)
	for i := range out {
		out[i] = binary.BigEndian.Uint64(raw[8*i:])
	}
	return out
}

func and(a, b uint64) uint64  { return a & b }
func or(a, b uint64) uint64   { return a | b }
func less(a, b uint64) uint64 { return a &^ b }

func (x indexed) fact(f expr.Fact) set {
	return read(x.bits[store.TermName(x.secret, f.Subject, f.Value)])
}

// tells reports whether the index tells apart what the plan does: nobody has a value that is not told apart, of a subject
// whose values matter, nor one of a subject for which there was no room.
func (x indexed) tells(plan expr.Plan) bool {
	for _, s := range plan.Told() {
		if x.fact(expr.Fact{Subject: s, Value: expr.Other}).count() > 0 {
			return false
		}
	}
	if x.fact(expr.Fact{Subject: expr.Other, Value: expr.Other}).count() == 0 {
		return true
	}
	known := map[string]bool{}
	for _, subject := range x.terms {
		known[subject] = true
	}
	return !slices.ContainsFunc(plan.Subjects(), func(s string) bool { return !known[store.SubjectName(x.secret, s)] })
}

// set is whom a plan fits.
func (x indexed) set(plan expr.Plan) set {
	switch plan.Op {
	case expr.Everyone:
		return x.fact(expr.Everybody())
	case expr.True:
		return x.fact(plan.Fact)
	case expr.KnownOf:
		var known set
		wanted := store.SubjectName(x.secret, plan.Fact.Subject)
		for name, subject := range x.terms {
			if subject == wanted {
				known = known.join(read(x.bits[name]), or)
			}
		}
		return known
	case expr.Not:
		return x.fact(expr.Everybody()).join(x.set(plan.Of[0]), less)
	}
	op := or
	if plan.Op == expr.And {
		op = and
	}
	out := x.set(plan.Of[0])
	for _, p := range plan.Of[1:] {
		out = out.join(x.set(p), op)
	}
	return out
}
