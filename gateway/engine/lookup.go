package engine

import (
	"context"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/store"
)

// look finds out which events are repeats, whom addresses lead to, and who is in a slice.
func (w *worker) look(ctx context.Context, turns []*turn) error {
	lookups := make([]store.Lookup, len(turns))
	for i, t := range turns {
		lookups[i] = t.lookup()
	}
	found, err := w.Store.Look(ctx, lookups)
	if err != nil {
		return err
	}
	for i, t := range turns {
		t.found(found[i])
	}
	return nil
}

func (t *turn) lookup() store.Lookup {
	l := store.Lookup{Partition: t.lease.Partition, Now: t.now}
	for _, e := range t.entries {
		if !e.Bulk { // a slice knows by itself whether it was handled
			l.Events = append(l.Events, e.ID)
		}
		switch {
		case e.env.Event != nil && !t.isContact(e.Key):
			l.Addresses = append(l.Addresses, e.Key)
		case e.env.Link != nil:
			l.Addresses = append(l.Addresses, e.env.Link.Address)
		case e.env.Slice != nil:
			l.Slices = append(l.Slices, store.Slice{Run: e.env.Slice.Run, After: e.env.Slice.After, Max: t.w.slice, Accounts: t.leavesBy(t.world.Campaigns[e.env.Slice.Campaign]), Soon: t.now.Add(windowAhead)})
		case e.env.Start != nil:
			l.Slices = append(l.Slices, store.Slice{Run: e.env.Start.Run, Max: 1})
		case e.env.Steer != nil:
			l.Slices = append(l.Slices, store.Slice{Run: e.env.Steer.Run, Max: 1})
		}
	}
	for _, tm := range t.timers {
		if run, ok := strings.CutPrefix(tm.Name, runTimer); ok {
			l.Slices = append(l.Slices, store.Slice{Run: run, Max: 1})
		}
	}
	return l
}

func (t *turn) isContact(key string) bool {
	_, ok := t.w.Store.PartitionOfContact(key)
	return ok
}

func (t *turn) found(f store.Found) {
	var event, address, slice int
	for _, e := range t.entries {
		if !e.Bulk {
			e.seen = f.Seen[event]
			event++
		}
		switch {
		case e.env.Event != nil && !t.isContact(e.Key), e.env.Link != nil:
			e.contact = f.Contacts[address]
			address++
		case e.env.Event != nil:
			e.contact = e.Key
		case e.env.Slice != nil, e.env.Start != nil, e.env.Steer != nil:
			e.slice, e.waiting, e.run = f.Slices[slice], f.Waiting[slice], t.record(e.runID(), f.Runs[slice])
			slice++
		}
	}
	t.runTimers(f.Runs[slice:])
}

// load reads the contacts that the turns' events are about.
func (w *worker) load(ctx context.Context, turns []*turn) error {
	var ids []string
	var of []*turn
	for _, t := range turns {
		for _, id := range t.wanted() {
			ids, of = append(ids, id), append(of, t)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	contacts, err := w.Store.Load(ctx, ids)
	if err != nil {
		return err
	}
	for i, c := range contacts {
		of[i].people[c.ID].read(&w.reader, c)
	}
	return nil
}

// wanted lists, once each, the contacts of this partition that the turn needs.
func (t *turn) wanted() []string {
	var ids []string
	add := func(id string) {
		if p, ok := t.w.Store.PartitionOfContact(id); ok && p == t.lease.Partition && t.people[id] == nil {
			t.people[id] = another(&t.memory.people)
			ids = append(ids, id)
		}
	}
	for _, e := range t.entries {
		if e.seen {
			continue
		}
		add(e.contact)
		if ev := e.env.Event; ev != nil && ev.Kind == campaigns.SamePerson && ev.Peer != nil {
			add(ev.Peer.Contact) // whom the address may lead to after this
		}
		if e.env.Slice != nil {
			for _, id := range e.slice {
				add(id)
			}
		}
	}
	for _, tm := range t.timers {
		if id, ok := contactTimer(tm.Name); ok {
			add(id)
		}
	}
	for _, r := range t.reports {
		if r.Event != nil {
			add(r.Contact)
		}
	}
	return ids
}
