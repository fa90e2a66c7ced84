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

// links keeps the address index in step with a contact's addresses. An address may belong to another partition, whose
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
		if !slices.Contains(p.state.Contact.Addresses, a) {
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
	// The contact's version makes the id new each time that the address comes or goes.
	id := fmt.Sprintf("link:%s%s:%s:%d", l.Contact, l.Was, t.w.hash(l.Address), t.people[l.Contact+l.Was].stored.Version)
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

func (t *turn) suppress(a address.Address) {
	to := t.w.Store.PartitionOf(a.String())
	if to == t.lease.Partition {
		t.batch.Suppress(t.w.hash(a.String()))
		return
	}
	id := fmt.Sprintf("suppress:%s", t.w.hash(a.String()))
	t.forward(to, store.LogEntry{ID: id, Body: record.Envelope{Suppress: t.w.hash(a.String())}.Bytes()})
}

// erase deletes everything that is kept about somebody, whatever it is kept for.
func (t *turn) erase(ctx context.Context, p *person) error {
	id := p.state.ID
	var had []address.Address
	if c := p.state.Contact; c != nil {
		had = c.Addresses
	}
	keys := []string{id}
	for _, a := range had {
		keys = append(keys, a.String())
		t.route(record.Link{Address: a.String(), Was: id})
	}
	left, err := t.w.Store.Traces(ctx, t.lease.Partition, id, keys, t.w.Accounts(), func(item []byte) bool {
		i, err := record.ReadInboxItem(item)
		return i.Contact == id || err != nil && bytes.Contains(item, []byte(id))
	})
	if err != nil {
		return err
	}
	if p.damaged != nil {
		if err := t.uncount(ctx, p, left); err != nil {
			return err
		}
	}
	if p.stored.Version >= 0 { // else it is damaged too, and the lease must do
		t.batch.Expect(id, p.stored.Version)
	}
	t.batch.EraseContact(id, left)
	p.state, p.dirty, p.erased = campaigns.State{ID: id}, true, true
	return nil
}
