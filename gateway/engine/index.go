package engine

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// The index of audiences is kept in the commits that change contacts, so that it is never behind them. The owner of a
// partition builds it where it is not there yet, or where somebody owned the partition who did not keep it: a version
// that knows of none.

// Bounds of an index. What goes beyond them is not told apart: rules that ask for it are counted by looking at everybody. Of a
// subject with too many values none is: they become one term.
const (
	valuesMost   = 64  // values of a subject in a partition
	subjectsMost = 200 // subjects in a partition
)

// The pace of building.
const (
	indexEvery = 200 * time.Millisecond
	indexSlice = 200                   // contacts in one commit
	indexBusy  = 50                    // while people write
	indexCalm  = 50 * time.Millisecond // how long it may go on while nobody does
)

// index is that of a partition, as its owner knows it under a lease. Whatever is uncertain is read again.
type index struct {
	lease store.Lease
	store.Index
	values  map[string]int    // name of a subject -> how many of its values have terms
	crowded map[string]string // subjects that have turned out to have too many values -> their names
}

// bits are the changes of a term's bits, in a turn.
type bits struct {
	name    string
	changes []store.IndexChange
}

// knowIndexes reads the indexes that are not known under the turns' leases. One that cannot be trusted begins anew in the
// turn's own commit. It comes after the turns' numbers are known: what is committed late meanwhile makes the turn stale.
func (w *worker) knowIndexes(ctx context.Context, turns []*turn) error {
	var unknown []*turn
	for _, t := range turns {
		if x := w.indexes[t.lease.Partition]; x == nil || x.lease != t.lease {
			unknown = append(unknown, t)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	partitions := make([]int, len(unknown))
	for i, t := range unknown {
		partitions[i] = t.lease.Partition
	}
	found, err := w.Store.Indexes(ctx, partitions)
	if err != nil {
		return err
	}
	for i, t := range unknown {
		w.indexes[t.lease.Partition] = t.knowIndex(found[i])
	}
	return nil
}

// knowIndex takes an index over.
func (t *turn) knowIndex(found store.Index) *index {
	own := t.lease.Number()
	x := &index{lease: t.lease, Index: found, values: map[string]int{}, crowded: map[string]string{}}
	kept := found.Kept == own || found.Kept == own-1
	if form := store.IndexForm(t.w.Secret); !kept || found.Form != form {
		names := make([]string, 0, len(found.Terms))
		for name := range found.Terms {
			names = append(names, name)
		}
		t.batch.ForgetIndex(names)
		x.Index = store.Index{Since: own, Form: form, Terms: map[string]string{}}
	}
	for _, subject := range x.Terms {
		x.values[subject]++
	}
	if x.Kept != own {
		x.Kept = own
		t.batch.IndexHead(x.Index)
	}
	return x
}

// forgetIndex has the index of a partition read again: what the turn put there may not be.
func (t *turn) forgetIndex() { delete(t.w.indexes, t.lease.Partition) }

// termName is the name of a term; those that were asked for lately are remembered.
func (w *worker) termName(f expr.Fact) string {
	name, ok := w.terms[f]
	if !ok {
		if len(w.terms) >= termsMost {
			clear(w.terms)
		}
		name = store.TermName(w.Secret, f.Subject, f.Value)
		w.terms[expr.Fact{Subject: strings.Clone(f.Subject), Value: strings.Clone(f.Value)}] = name // or each would hold a contact's record in memory
	}
	return name
}

func (w *worker) subjectName(subject string) string { return w.termName(expr.Fact{Subject: subject}) }

// termsMost is how many names of terms are remembered.
const termsMost = 10_000

// term is the name of the term that a fact has in the index: its own, or where there are too many, that of others.
// where ok is false, there is none yet.
func (t *turn) term(x *index, f expr.Fact) (name string, ok bool) {
	subject := t.w.subjectName(f.Subject)
	if x.Lumped(subject) {
		f.Value = expr.Other
	}
	if name = t.w.termName(f); x.has(name) {
		return name, true
	}
	switch _, known := x.values[subject]; {
	case !known && len(x.values) >= subjectsMost:
		f = expr.Fact{Subject: expr.Other, Value: expr.Other}
	case f.Value != expr.Other && x.values[subject] >= valuesMost:
		x.crowded[f.Subject] = subject
		f.Value = expr.Other
	default:
		return name, false
	}
	name = t.w.termName(f)
	return name, x.has(name)
}

func (x *index) has(name string) bool {
	_, ok := x.Terms[name]
	return ok
}

// named is term, and makes it known where it is not.
func (t *turn) named(x *index, f expr.Fact) string {
	name, ok := t.term(x, f)
	if !ok {
		subject := t.w.subjectName(f.Subject)
		if name == t.w.termName(expr.Fact{Subject: expr.Other, Value: expr.Other}) {
			subject = t.w.subjectName(expr.Other)
		}
		x.Terms[name] = subject
		x.values[subject]++
		t.batch.IndexTerm(name, subject)
	}
	return name
}

// indexed puts what has changed of a contact into the index. The field that it returns has the number of a contact that had
// none. Who is damaged is in no term, and has no number: what could be read of them is not all, and once they are whole again the
// next change puts all of it in.
func (t *turn) indexed(p *person, changed []record.Field) []store.Field {
	x := t.w.indexes[t.lease.Partition]
	number, numbered := x.numberOf(p.stored)
	if p.damaged != nil {
		if !numbered {
			return nil
		}
		t.unindex(p)
		return []store.Field{{Name: store.NumberField}}
	}
	if numbered && !slices.ContainsFunc(changed, record.Field.Tells) {
		return nil
	}
	if !numbered {
		number = t.nextNumber(x)
		for _, name := range t.termsOf(x, p.state.Facts()) {
			t.bit(name, number, true)
		}
		return []store.Field{{Name: store.NumberField, Value: x.Numbered(number)}}
	}
	before, after, alone := t.preferenceTerms(x, p, changed)
	if !alone {
		before, after = t.knownTerms(x, p.was.Facts()), t.termsOf(x, p.state.Facts())
	}
	for _, name := range before {
		if !slices.Contains(after, name) {
			t.bit(name, number, false)
		}
	}
	for _, name := range after {
		if !slices.Contains(before, name) {
			t.bit(name, number, true)
		}
	}
	return nil
}

// preferenceTerms are the names of what was and is true of a contact by the preferences that have changed. alone reports whether
// nothing else that the index knows of has, and that those terms are of nothing else.
func (t *turn) preferenceTerms(x *index, p *person, changed []record.Field) (before, after []string, alone bool) {
	for _, f := range changed {
		a, ok := f.Attribute()
		if !ok && f.Tells() {
			return nil, nil, false
		}
		if ok {
			before = append(before, t.knownTerms(x, p.was.PreferenceFacts(a))...)
			after = append(after, t.termsOf(x, p.state.PreferenceFacts(a))...)
		}
	}
	shared := t.w.termName(expr.Fact{Subject: expr.Other, Value: expr.Other})
	return before, after, !slices.Contains(before, shared) && !slices.Contains(after, shared)
}

// knownTerms are the names of those facts that have terms.
func (t *turn) knownTerms(x *index, facts []expr.Fact) (names []string) {
	for _, f := range facts {
		if name, ok := t.term(x, f); ok {
			names = append(names, name)
		}
	}
	return names
}

// termsOf are the names of facts, each once.
func (t *turn) termsOf(x *index, facts []expr.Fact) []string {
	names := make([]string, 0, len(facts))
	for _, f := range facts {
		if name := t.named(x, f); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// nextNumber is that of a contact that has none. A number is never given again.
func (t *turn) nextNumber(x *index) int64 {
	x.Next++
	t.numbered = true
	return x.Next - 1
}

func (x *index) numberOf(c store.Contact) (int64, bool) { return x.Number(c.Fields[store.NumberField]) }

// unindex takes a contact who is erased out of every term, whatever is known of them.
func (t *turn) unindex(p *person) {
	x := t.w.indexes[t.lease.Partition]
	if number, ok := x.numberOf(p.stored); ok {
		for name := range x.Terms {
			t.bit(name, number, false)
		}
	}
}

func (t *turn) bit(name string, number int64, is bool) {
	i, ok := t.bitsOf[name]
	if !ok {
		if t.bitsOf == nil {
			t.bitsOf = map[string]int{}
		}
		i, t.bits = len(t.bits), append(t.bits, bits{name: name})
		t.bitsOf[name] = i
	}
	t.bits[i].changes = append(t.bits[i].changes, store.IndexChange{Number: number, True: is})
}

// writeIndex puts what the turn changed of the index into the batch.
func (t *turn) writeIndex() {
	for _, b := range t.bits {
		t.batch.Index(b.name, b.changes)
	}
	if t.numbered {
		t.batch.IndexNext(t.w.indexes[t.lease.Partition].Next)
	}
}

// buildIndexes takes the partitions' indexes over, and goes on building one that is not whole: little while people write.
func (w *worker) buildIndexes(ctx context.Context, leases []store.Lease, now time.Time) error {
	if now.Before(w.indexAt) {
		return nil
	}
	w.indexAt = now.Add(indexEvery)
	var unknown, unfinished, crowded []store.Lease
	for _, l := range leases {
		switch x := w.indexes[l.Partition]; {
		case x == nil || x.lease != l:
			unknown = append(unknown, l)
		case !x.Whole:
			unfinished = append(unfinished, l)
		case len(x.crowded) > 0:
			crowded = append(crowded, l)
		}
	}
	if len(unknown) > 0 {
		return w.buildTurn(ctx, unknown, indexBusy, now)
	}
	if len(crowded) > 0 {
		return w.buildTurn(ctx, crowded[:1], indexBusy, now)
	}
	most := indexBusy
	if !w.busy() {
		most = indexSlice
	}
	for began := w.Now(); len(unfinished) > 0 && ctx.Err() == nil; {
		if err := w.buildTurn(ctx, unfinished[:1], most, now); err != nil {
			return err
		}
		if x := w.indexes[unfinished[0].Partition]; x == nil || x.Whole {
			unfinished = unfinished[1:]
		}
		if w.busy() || w.Now().Sub(began) >= indexCalm {
			return nil
		}
	}
	return nil
}

// buildTurn is a turn of partitions that does nothing but go on with their indexes.
func (w *worker) buildTurn(ctx context.Context, leases []store.Lease, most int, now time.Time) error {
	turns := make([]*turn, len(leases))
	for i, l := range leases {
		turns[i] = newTurn(w, l, nil, nil, now)
	}
	if err := w.giveNumbers(ctx, turns); err != nil {
		return err
	}
	err := w.knowIndexes(ctx, turns)
	for _, t := range turns {
		if err == nil {
			err = t.buildIndex(ctx, most)
		}
	}
	if err != nil {
		w.putOff(turns)
		return err
	}
	turns = slices.DeleteFunc(turns, func(t *turn) bool {
		idle := t.batch.Empty()
		if idle {
			w.over(t)
		}
		return idle
	})
	batches := make([]*store.Batch, len(turns))
	for i, t := range turns {
		batches[i] = t.batch
	}
	return w.conclude(ctx, turns, w.Store.Commit(context.WithoutCancel(ctx), batches))
}

// buildIndex puts the next contacts into an index that is not whole.
func (t *turn) buildIndex(ctx context.Context, most int) error {
	x := t.w.indexes[t.lease.Partition]
	if x.Whole {
		return t.lump(ctx, x)
	}
	ids, err := t.w.Store.Contacts(ctx, t.lease.Partition, x.After, most)
	if err != nil {
		return err
	}
	stored, err := t.w.Store.Load(ctx, ids)
	if err != nil {
		return err
	}
	for _, c := range stored {
		t.buildOne(x, read(c))
	}
	if x.After = ""; len(ids) == most {
		x.After = ids[len(ids)-1]
	}
	if x.Whole = len(ids) < most; x.Whole && len(x.Terms) > 0 {
		t.w.Log.Info("the index of audiences is whole", "partition", t.lease.Partition, "terms", len(x.Terms))
	}
	for _, b := range t.bits {
		t.batch.Index(b.name, b.changes)
	}
	t.batch.IndexHead(x.Index)
	return nil
}

func (t *turn) buildOne(x *index, p *person) {
	if p.unreadable() != nil || p.state.Contact == nil {
		return
	}
	number, ok := x.numberOf(p.stored)
	if !ok {
		number = t.nextNumber(x)
		t.batch.NumberContact(p.stored.ID, x.Index, number)
	}
	for _, name := range t.termsOf(x, p.state.Facts()) {
		t.bit(name, number, true)
	}
}

// lump makes one term of the values of each subject that has too many. Whom the turn's own number finds changed meanwhile makes it
// stale, as any turn.
func (t *turn) lump(ctx context.Context, x *index) error {
	for subject, name := range x.crowded {
		var names []string
		for term, of := range x.Terms {
			if of == name {
				names = append(names, term)
			}
		}
		wanted := make([][]string, t.lease.Partition+1)
		wanted[t.lease.Partition] = names
		found, err := t.w.Store.IndexBits(ctx, wanted)
		if err != nil {
			return err
		}
		var any []byte
		for _, bits := range found[t.lease.Partition] {
			any = join(any, bits)
		}
		into := t.w.termName(expr.Fact{Subject: subject, Value: expr.Other})
		names = slices.DeleteFunc(names, func(term string) bool { return term == into })
		t.batch.LumpIndex(name, into, any, names)
		for _, term := range names {
			delete(x.Terms, term)
		}
		x.Terms[into], x.Terms[name] = name, name
		x.values[name] = 1
	}
	clear(x.crowded)
	return nil
}

// join is whoever has a bit in either of two strings.
func join(a []byte, b string) []byte {
	for len(a) < len(b) {
		a = append(a, 0)
	}
	for i := range len(b) {
		a[i] |= b[i]
	}
	return a
}
