package engine

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// links keeps the address index in step with a contact's addresses. Whoever takes over an address has it lead to them. An address may belong to another partition, whose
// owner alone writes there.
func (t *turn) links(before *preferences.Contact, p *person) {
	var had []address.Address
	if before != nil {
		had = before.Addresses
	}
	for _, a := range p.state.Contact.Addresses {
		if !slices.Contains(had, a) {
			t.route(record.Link{Address: a.String(), Contact: p.state.ID})
		}
	}
	for _, a := range had {
		if !slices.Contains(p.state.Contact.Addresses, a) && !p.state.HandedOver(a) {
			t.route(record.Link{Address: a.String(), Was: p.state.ID})
		}
	}
}

func (t *turn) route(l record.Link) {
	to := t.w.Store.PartitionOf(l.Address)
	if to == t.lease.Partition {
		t.link(l)
		return
	}
	id := fmt.Sprintf("link:%s%s:%s:%s", l.Contact, l.Was, t.w.hash(l.Address), t.once())
	t.forward(to, store.LogEntry{ID: id, Body: record.Envelope{Link: &l}.Bytes()})
}

func (t *turn) link(l record.Link) {
	t.led[l.Address] = l.Contact
	if l.Contact == "" {
		t.batch.Unlink(l.Address)
		return
	}
	t.batch.Link(l.Address, l.Contact)
}

// suppress puts an address on the suppression list of its own partition, which is where it is looked for.
func (t *turn) suppress(p *person, a address.Address) {
	hash, to := t.w.hash(a.String()), t.w.Store.PartitionOf(a.String())
	if to == t.lease.Partition {
		t.batch.Suppress(hash)
		return
	}
	t.forward(to, store.LogEntry{ID: t.listID("suppress", p, hash), Body: record.Envelope{Suppress: hash}.Bytes()})
}

// unsuppress takes it off.
func (t *turn) unsuppress(p *person, a address.Address) {
	hash, to := t.w.hash(a.String()), t.w.Store.PartitionOf(a.String())
	if to == t.lease.Partition {
		t.batch.Unsuppress(hash)
		return
	}
	t.forward(to, store.LogEntry{ID: t.listID("lift", p, hash), Body: record.Envelope{Lift: hash}.Bytes()})
}

// listID is new each time that somebody is erased or comes back.
func (t *turn) listID(what string, p *person, hash string) string {
	return fmt.Sprintf("%s:%s:%s:%s", what, hash, p.stored.ID, t.once())
}

// once is part of the id of what the turn forwards, and is new each time: an address may come and go in one turn. No other turn of the
// partition has its number.
func (t *turn) once() string {
	t.ordered++
	return fmt.Sprintf("t%d.%d", t.number, t.ordered)
}

// askListed asks which addresses are on the suppression lists, of all turns in one round trip: those of newcomers, and
// those that an edit brings.
func (w *worker) askListed(ctx context.Context, turns []*turn) error {
	var asked []store.Suspect
	var of []*turn
	var addresses []string
	for _, t := range turns {
		for _, e := range t.entries {
			for _, a := range t.suspects(e) {
				asked = append(asked, store.Suspect{Partition: w.Store.PartitionOf(a), Hash: w.hash(a)})
				of, addresses = append(of, t), append(addresses, a)
			}
		}
	}
	listed, err := w.Store.Suppressed(ctx, asked)
	if err != nil {
		return err
	}
	for i, l := range listed {
		of[i].listed[addresses[i]] = l
	}
	for _, t := range turns {
		t.tellListed()
	}
	return nil
}

// suspects are the addresses of an entry that may be on a suppression list.
func (t *turn) suspects(e *entry) []string {
	if e.seen || e.env.Event == nil {
		return nil
	}
	var as []string
	if e.contact == "" {
		as = append(as, e.Key)
	}
	if d := e.env.Event.Contact; d != nil && e.env.Event.Kind == campaigns.Edit {
		for _, a := range d.Addresses {
			as = append(as, a.String())
		}
	}
	return as
}

// tellListed tells the edits which of their addresses belong to somebody who was erased.
func (t *turn) tellListed() {
	if len(t.listed) == 0 {
		return
	}
	for _, e := range t.entries {
		if e.env.Event == nil || e.env.Event.Contact == nil {
			continue
		}
		for _, a := range e.env.Event.Contact.Addresses {
			if t.listed[a.String()] {
				e.env.Event.Listed = append(e.env.Event.Listed, a)
			}
		}
	}
}

// erase deletes everything that is kept about somebody, whatever it is kept for. had are the addresses that go with them.
func (t *turn) erase(ctx context.Context, p *person, had []address.Address) error {
	id := p.state.ID
	keys := []string{id}
	for _, a := range had {
		keys = append(keys, a.String())
		t.route(record.Link{Address: a.String(), Was: id})
	}
	if err := t.forgetIgnored(ctx, had); err != nil {
		return err
	}
	left, err := t.w.Store.Traces(ctx, t.lease.Partition, id, keys, t.w.Accounts(), func(item []byte) (string, bool) {
		i, err := record.ReadInboxItem(item)
		return i.Reason, i.Contact == id || err != nil && bytes.Contains(item, []byte(id))
	})
	if err != nil {
		return err
	}
	if p.damaged != nil {
		if err := t.uncount(ctx, p, left); err != nil {
			return err
		}
	}
	t.batch.EraseContact(id, left)
	t.unindex(p)
	p.state, p.dirty, p.erased = &campaigns.State{ID: id}, true, true
	return nil
}

// forgetIgnored takes what providers told about somebody, and nobody understood, out of what is kept of it.
func (t *turn) forgetIgnored(ctx context.Context, had []address.Address) error {
	ids := make([]string, 0, len(had))
	for _, a := range had {
		ids = append(ids, a.ID)
	}
	return t.w.Store.ForgetIgnored(ctx, t.w.Accounts(), ids)
}
