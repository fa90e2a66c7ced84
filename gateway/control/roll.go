package control

import (
	"context"
	"slices"
	"sync"

	"github.com/hoidap/hoidap/gateway/store"
)

// roll knows which contacts have which numbers in the index of audiences, so that those in a set can be looked at without looking
// at everybody. A number is given once: what is known of it stays true. It takes some 60 bytes a contact, and is filled as
// contacts are looked at. The zero value knows nobody.
type roll struct {
	mu sync.Mutex
	by map[int]*rolled // by partition
}

// rolled are the contacts of a partition.
type rolled struct {
	since int64    // the index that gave the numbers
	ids   []string // by number; empty: not known
}

// rolledMost bounds the numbers of a partition that are believed: a damaged one must not take all memory.
const rolledMost = 1 << 22

// learn takes down the numbers of contacts who were read.
func (r *roll) learn(st *store.Store, read []store.Contact) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range read {
		since, n, ok := store.ContactNumber(c.Fields[store.NumberField])
		p, known := st.PartitionOfContact(c.ID)
		if !ok || !known || n >= rolledMost {
			continue
		}
		if r.by == nil {
			r.by = map[int]*rolled{}
		}
		of := r.by[p]
		if of == nil || of.since < since {
			of = &rolled{since: since}
			r.by[p] = of
		}
		if of.since > since {
			continue // of an index that is not there any more
		}
		if missing := int(n) + 1 - len(of.ids); missing > 0 {
			of.ids = append(of.ids, make([]string, missing)...)
		}
		of.ids[n] = c.ID
	}
}

// find are those with the numbers of a set, in the order of their ids; whole says that all of them are known.
func (r *roll) find(p int, since int64, of set) (ids []string, whole bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.by[p]
	if at == nil || at.since != since {
		return nil, of.count() == 0
	}
	whole = true
	for n := range of.each {
		if n >= len(at.ids) || at.ids[n] == "" {
			whole = false
			continue
		}
		ids = append(ids, at.ids[n])
	}
	slices.Sort(ids)
	return ids, whole
}

// matched are those whom a rule fits by the index.
type matched struct {
	s *Service
	match
	learns bool // whoever is not known is looked for, which reads a number of everybody in the partition
}

func (m *matched) of(ctx context.Context, p int) (ids []string, ok bool, err error) {
	since := m.indexes[p].Since
	ids, whole := m.s.roll.find(p, since, m.sets[p])
	if whole || !m.learns {
		return ids, whole, nil
	}
	if err := m.s.learn(ctx, p); err != nil {
		return nil, false, err
	}
	ids, _ = m.s.roll.find(p, since, m.sets[p]) // who is not found now has been erased
	return ids, true, nil
}

// numbersMost is how many numbers are read at once.
const numbersMost = 500

// learn reads the numbers of everybody in a partition.
func (s *Service) learn(ctx context.Context, p int) error {
	for after := ""; ; {
		ids, err := s.Store.Contacts(ctx, p, after, pageIDs)
		if err != nil {
			return away(err)
		}
		for few := range slices.Chunk(ids, numbersMost) {
			err := s.gently(ctx, false, func() error {
				read, err := s.Store.LoadSome(ctx, few, []string{store.NumberField})
				if err == nil {
					s.roll.learn(s.Store, read)
				}
				return away(err)
			})
			if err != nil {
				return err
			}
		}
		if len(ids) < pageIDs {
			return nil
		}
		after = ids[len(ids)-1]
	}
}
