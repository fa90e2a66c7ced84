package engine

import "github.com/hoidap/hoidap/gateway/store"

// memory is where the large parts of a turn lie. It goes from turn to turn: once one is over nobody looks at its entries, contacts and
// steps any more, and what is made anew for each event costs the collector, and the processor's caches, more than its work does.
type memory struct {
	entries  []entry
	people   []person
	byID     map[string]*person
	foreseen []foreseen
	fields   []store.Field // that the batch writes
	forms    []byte        // the same
	batch    *store.Batch
}

// How much memory is kept: more than a full turn of answers and reports takes.
const (
	keepMost   = 256 // entries, contacts and steps
	fieldsMost = 8 * keepMost
	formsMost  = 1 << 18 // bytes
)

// lend gives memory to a turn under l.
func (w *worker) lend(l store.Lease) *memory {
	n := len(w.spare)
	if n == 0 {
		return &memory{byID: map[string]*person{}, batch: store.NewBatch(l)}
	}
	m := w.spare[n-1]
	w.spare = w.spare[:n-1]
	m.batch.Anew(l)
	return m
}

// over takes back the memory of a turn that is over.
func (w *worker) over(t *turn) {
	m := t.memory
	t.memory, t.entries, t.people, t.batch = nil, nil, nil, nil // whoever looked at them now would be wrong
	clear(m.byID)
	m.entries, m.people, m.foreseen = emptied(m.entries, keepMost), emptied(m.people, keepMost), emptied(m.foreseen, keepMost)
	m.fields, m.forms = emptied(m.fields, fieldsMost), emptied(m.forms, formsMost)
	m.batch.Anew(t.lease)
	w.spare = append(w.spare, m)
}

// keep is a copy of a form, for as long as the turn lasts.
func (m *memory) keep(form []byte) []byte {
	kept := some(&m.forms, len(form))
	copy(kept, form)
	return kept
}

// some is room for n more of what lies in some memory. What is there already stays where it is.
func some[T any](room *[]T, n int) []T {
	from := len(*room)
	if cap(*room)-from < n {
		from, *room = 0, make([]T, 0, max(8, 2*cap(*room), n))
	}
	*room = (*room)[:from+n]
	return (*room)[from : from+n : from+n]
}

// another is room for one more.
func another[T any](room *[]T) *T { return &some(room, 1)[0] }

// emptied is some memory that nothing lies in any more. Of more than most none is kept: a turn is seldom as large.
func emptied[T any](room []T, most int) []T {
	if cap(room) > most {
		return nil
	}
	clear(room)
	return room[:0]
}
