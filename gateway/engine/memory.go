package engine

import "slices"

// memory is where the large parts of a turn lie. It goes from turn to turn: once one is over nobody looks at its entries, contacts and
// steps any more, and what is made anew for each event costs the collector, and the processor's caches, more than its work does.
type memory struct {
	entries  []entry
	people   []person
	byID     map[string]*person
	foreseen []foreseen
}

// peopleMost is how many contacts are kept room for: those of a turn of the usual size.
const peopleMost = 64

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
	clear(m.entries)
	clear(m.people)
	clear(m.byID)
	clear(m.foreseen)
	m.entries, m.people, m.foreseen = m.entries[:0], m.people[:0], m.foreseen[:0]
	w.spare = append(w.spare, m)
}

// room is for n log entries.
func (m *memory) room(n int) []entry {
	m.entries = slices.Grow(m.entries, n)[:n]
	return m.entries
}

// steps is room for n steps, of which none is taken.
func (m *memory) steps(n int) []foreseen {
	m.foreseen = slices.Grow(m.foreseen, n)
	return m.foreseen
}

// person is room for a contact, which stays where it is.
func (m *memory) person() *person {
	if len(m.people) == cap(m.people) {
		m.people = make([]person, 0, peopleMost)
	}
	m.people = append(m.people, person{})
	return &m.people[len(m.people)-1]
}
