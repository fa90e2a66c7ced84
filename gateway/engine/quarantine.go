package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Who a contact is that cannot be read, or can be read in part, is not known well enough to act on. What happens to them
// lies with the dead letters until the record is repaired, the record itself stays as it is, and the partition goes on
// with the others. Two things are heeded all the same: that they want to be left alone, and that they are to be erased.

// read is a contact as it was stored. What cannot be read is not touched.
func read(c store.Contact) *person {
	p := new(person)
	p.read(new(record.Reader), c)
	return p
}

func (p *person) read(r *record.Reader, c store.Contact) {
	p.stored = c
	p.broken = r.State(c.ID, c.Fields, &p.room)
	p.was, p.state, p.wake = &p.room, &p.room, p.room.Wake()
	switch {
	case p.broken != nil:
	case c.Damaged:
		p.broken = fmt.Errorf("%w: the mark that every contact has is missing or no number", record.ErrUnreadable)
	case c.Exists && p.state.Contact == nil:
		p.broken = fmt.Errorf("%w: its core is missing", record.ErrUnreadable)
	case p.state.Unreadable > 0:
		p.damaged = fmt.Errorf("%w: %d of its parts", record.ErrUnreadable, p.state.Unreadable)
	}
}

// unreadable is why nothing may be done with a contact; nil: nothing is wrong with it.
func (p *person) unreadable() error {
	if p.broken != nil {
		return p.broken
	}
	return p.damaged
}

// quarantine keeps an event with the dead letters because something stored cannot be read.
func (t *turn) quarantine(e *entry, why error) {
	reason := "unreadable: " + why.Error()
	if e.env.Event != nil {
		reason = "contact unreadable: " + why.Error()
	}
	t.burial(e, reason, "quarantined")
}

// quarantined keeps an event with the dead letters that never was on the log: a timer's, or a run's.
func (t *turn) quarantined(key string, ev campaigns.Event, why error) {
	env := record.Envelope{Event: &ev}
	t.quarantine(&entry{LogEntry: store.LogEntry{ID: ev.ID, Key: key, Body: env.Bytes()}, env: env}, why)
}

// heed does of an outcome what may not wait until a contact is repaired: that they want no more messages. Of the contact
// only the core is written, which could be read.
func (t *turn) heed(p *person, o *campaigns.Outcome) {
	if o.State.Contact == nil || !restricts(p.state.Contact, o.State.Contact) {
		return
	}
	lines := slices.DeleteFunc(slices.Clone(o.Ledger), func(e preferences.Entry) bool {
		return e.Kind != preferences.EntrySuppressed && e.Kind != preferences.EntryConsent
	})
	if len(lines) > 0 {
		t.batch.Ledger(p.state.ID, [][]byte{record.Entries(lines)})
	}
	if s := o.State.Contact.Suppressed; s != nil && p.state.Contact.Suppressed == nil && len(o.Send) > 0 {
		s.Confirmed = false // the confirmation follows when the event is replayed
	}
	heeded := *p.state
	heeded.Contact = o.State.Contact
	p.state, p.dirty = &heeded, true
}

// restricts reports whether after may be sent less than before.
func restricts(before, after *preferences.Contact) bool {
	if before == nil {
		return false
	}
	return before.Suppressed == nil && after.Suppressed != nil || slices.ContainsFunc(after.Consents, func(r preferences.Consent) bool {
		return !r.Granted && r.Purpose == preferences.Marketing && takesBack(r, before, after)
	})
}

// takesBack reports whether after r there is a yes to marketing less, on some channel.
func takesBack(r preferences.Consent, before, after *preferences.Contact) bool {
	channels := r.Channels
	if len(channels) == 0 {
		channels = []address.Channel{""}
	}
	return before.Consented(r.Purpose) && !after.Consented(r.Purpose) || slices.ContainsFunc(channels, func(ch address.Channel) bool {
		return before.ConsentedOn(r.Purpose, ch) && !after.ConsentedOn(r.Purpose, ch)
	})
}

// stub stands in for a contact that is to be erased and cannot be read: whoever wants it erased has looked up which
// addresses lead to it.
func (p *person) stub(ev campaigns.Event) {
	var as []address.Address
	if ev.Contact != nil {
		as = ev.Contact.Addresses
	}
	p.state = &campaigns.State{ID: p.stored.ID, Contact: &preferences.Contact{ID: p.stored.ID, Addresses: as}}
	p.broken, p.damaged = nil, p.broken
}

// uncount counts as excluded the first questions that were under way to somebody who is erased, as far as their own
// record, which cannot be read, has not said so: the queued messages themselves tell.
func (t *turn) uncount(ctx context.Context, p *person, left store.Traces) error {
	queued := slices.DeleteFunc(slices.Clone(left.Messages), func(id string) bool {
		return slices.ContainsFunc(p.state.Messages, func(m campaigns.Message) bool { return m.ID == id })
	})
	bodies, err := t.w.Store.Bodies(ctx, t.lease.Partition, queued)
	if err != nil {
		return err
	}
	for _, body := range bodies {
		o, err := record.ReadOutbound(body)
		if err != nil || !o.First || o.Run == "" {
			continue
		}
		was := campaigns.CountQueued
		if o.Held {
			was = campaigns.CountHeld
		}
		t.batch.Count(o.Run, t.w.countField(was), -1)
		t.batch.Count(o.Run, t.w.countField(campaigns.CountExcluded), 1)
	}
	return nil
}

// forgetDead takes off the list what lies with the dead letters about an address of somebody who was erased.
func (t *turn) forgetDead(ctx context.Context, address string) error {
	places, err := t.w.Store.DeadAbout(ctx, t.lease.Partition, address)
	if err == nil {
		t.batch.Unbury(places...)
	}
	return err
}
