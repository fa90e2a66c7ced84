package engine

import "slices"

// memory is where the large parts of a turn lie. It goes from turn to turn: once one is over nobody looks at its entries, contacts and
// steps any more, and what is made anew for each event costs the collector, and the processor's caches, more than its work does.
type memory struct {
	entries  []entry
	people   []person
	byID     map[string]*person
	foreseen []foreseen
	forms    []byte // of what the batch writes
}

// formsMost is how many bytes of forms the memory is kept for: a full turn of answers has some 50 kB.
const formsMost = 1 << 18

// keepMost is of how many entries, contacts or steps the memory is kept: more than those of a full turn of answers and reports.
const keepMost = 256

// lend gives memory to a turn.
func (w *worker) lend() *memory {
	n := len(w.spare)
	if n == 0 {
		return &memory{byID: map[string]*person{}}
	}
	m := w.spare[n-1]
	w.spare = w.spare[:n-1]
	return m
}

// over takes back the memory of a turn that is over.
func (w *worker) over(t *turn) {
	m := t.memory
	t.memory, t.entries, t.people = nil, nil, nil // whoever looked at them now would be wrong
	clear(m.byID)
	m.entries, m.people, m.foreseen = emptied(m.entries), emptied(m.people), emptied(m.foreseen)
	if m.forms = m.forms[:0]; cap(m.forms) > formsMost {
		m.forms = nil
	}
	w.spare = append(w.spare, m)
}

// room is for n log entries.
func (m *memory) room(n int) []entry {
	m.entries = slices.Grow(m.entries, n)[:n]
	return m.entries
}

// keep is a copy of a form, for as long as the turn lasts.
func (m *memory) keep(form []byte) []byte {
	if cap(m.forms)-len(m.forms) < len(form) {
		m.forms = make([]byte, 0, max(4096, 2*cap(m.forms), len(form)))
	}
	from := len(m.forms)
	m.forms = append(m.forms, form...)
	return m.forms[from:len(m.forms):len(m.forms)]
}

// another is room for one more of what lies in some memory. What is there already stays where it is.
func another[T any](room *[]T) *T {
	n := len(*room)
	if n == cap(*room) {
		n, *room = 0, make([]T, 0, max(8, 2*n))
	}
	*room = (*room)[:n+1]
	return &(*room)[n]
}

// emptied is some memory that nothing lies in any more. Of a turn as large as there seldom is, none is kept.
func emptied[T any](room []T) []T {
	if cap(room) > keepMost {
		return nil
	}
	clear(room)
	return room[:0]
}
