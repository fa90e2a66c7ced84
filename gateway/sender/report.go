package sender

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// result is what became of one message, to be written to its partition.
type result struct {
	lease   store.Lease
	id      string
	blocked bool // the contact's later messages wait for this one
	write   func(*store.Batch)
}

// finish ends a message: it leaves the queue, and the contact's log learns what became of it.
func (s *Sender) finish(l load, d campaigns.Dispatch) {
	d.Message, d.Run, d.First = l.out.ID, l.out.Run, l.out.First
	d.Was = was(l.out)
	s.Metrics.Outcomes.WithLabelValues(l.account.ID, l.out.Class, d.Status).Inc()
	ev := s.event(l, d)
	s.results <- result{lease: l.lease, id: l.out.ID, write: func(b *store.Batch) {
		b.Unqueue(l.account.ID, l.out.ID)
		b.Unblock(l.out.Contact)
		b.Append(ev)
	}}
}

func was(o campaigns.Outbound) string {
	if o.Held {
		return "held"
	}
	return "queued"
}

func (s *Sender) event(l load, d campaigns.Dispatch) store.LogEntry {
	id := fmt.Sprintf("dispatch:%s:%s:%d", l.out.ID, d.Status, l.out.Attempt)
	if l.out.Replays > 0 { // its attempts are counted anew
		id += fmt.Sprintf(":r%d", l.out.Replays)
	}
	if !d.Until.IsZero() {
		id += fmt.Sprintf(":%d", d.Until.UnixMilli())
	}
	ev := campaigns.Event{ID: id, Kind: campaigns.Dispatched, At: s.Now(), Account: l.account.ID, Sent: &d}
	return store.LogEntry{ID: id, Key: l.out.Contact, Body: record.Envelope{Event: &ev}.Bytes()}
}

// giveUp ends a message that will never be taken, and keeps it and the reason with the dead letters.
func (s *Sender) giveUp(l load, reason, code string) {
	d := campaigns.Dispatch{Status: "failed", Reason: reason, Code: code, Message: l.out.ID, Run: l.out.Run, First: l.out.First, Was: was(l.out)}
	s.Metrics.Outcomes.WithLabelValues(l.account.ID, l.out.Class, d.Status).Inc()
	s.Log.Warn("a message was given up", "account", l.account.ID, "message", l.out.ID, "reason", reason, "code", code)
	ev, body, now := s.event(l, d), record.Outbound(l.out), s.Now()
	s.results <- result{lease: l.lease, id: l.out.ID, write: func(b *store.Batch) {
		b.Unqueue(l.account.ID, l.out.ID)
		b.Unblock(l.out.Contact)
		b.BuryMessage(l.out.ID, l.account.ID, reason, body, now)
		b.Append(ev)
	}}
}

// again puts a message back, to be tried again at a time; the contact's later messages wait for it.
func (s *Sender) again(l load, at time.Time) {
	s.results <- result{lease: l.lease, id: l.out.ID, blocked: true, write: func(b *store.Batch) {
		b.Requeue(l.account.ID, l.out.ID, at, l.out.Class != campaigns.ClassAd, record.Outbound(l.out))
		b.NotSending(l.out.ID)
		b.Block(l.out.Contact, l.out.ID)
	}}
}

// hold puts a message back until the gate or the provider allows it; others may overtake it.
func (s *Sender) hold(l load, until time.Time, reason string) {
	d := campaigns.Dispatch{Message: l.out.ID, Status: "held", Reason: reason, Until: until, Run: l.out.Run, First: l.out.First, Was: was(l.out)}
	ev := s.event(l, d)
	l.out.Held = true
	s.Metrics.Outcomes.WithLabelValues(l.account.ID, l.out.Class, d.Status).Inc()
	s.results <- result{lease: l.lease, id: l.out.ID, write: func(b *store.Batch) {
		b.Requeue(l.account.ID, l.out.ID, until, l.out.Class != campaigns.ClassAd, record.Outbound(l.out))
		b.NotSending(l.out.ID)
		b.Unblock(l.out.Contact)
		b.Append(ev)
	}}
}

// putOff looks at a message of a paused run again later; nothing else changes.
func (s *Sender) putOff(l load, until time.Time) {
	s.results <- result{lease: l.lease, id: l.out.ID, write: func(b *store.Batch) {
		b.Requeue(l.account.ID, l.out.ID, until, l.out.Class != campaigns.ClassAd, record.Outbound(l.out))
	}}
}

// settleGone cleans up after a message that was withdrawn.
func (s *Sender) settleGone(l load, id string) {
	s.results <- result{lease: l.lease, id: id, write: func(b *store.Batch) { b.Unqueue(l.account.ID, id) }}
}

// unreadable keeps a message whose stored form is damaged, as it is, with the dead letters. The contact learns that it
// failed.
func (s *Sender) unreadable(l load, id string, body []byte, err error) {
	s.Log.Error("a queued message cannot be read and lies with the dead letters", "account", l.account.ID, "message", id, "error", err)
	s.Metrics.Outcomes.WithLabelValues(l.account.ID, "unknown", "quarantined").Inc()
	l.out.ID, l.out.Contact = id, contactOf(id)
	ev, now := s.event(l, campaigns.Dispatch{Message: id, Status: "failed", Reason: "unreadable", Was: "queued"}), s.Now()
	s.results <- result{lease: l.lease, id: id, write: func(b *store.Batch) {
		b.Unqueue(l.account.ID, id)
		b.Unblock(contactOf(id))
		b.BuryMessage(id, l.account.ID, "unreadable", body, now)
		b.Append(ev)
	}}
}

// contactUnreadable keeps a message with the dead letters whose contact is damaged: nobody knows whether it may go. For
// the contact it is still under way, until it is replayed.
func (s *Sender) contactUnreadable(l load, err error) {
	s.Log.Error("a message lies with the dead letters: its contact cannot be read", "account", l.account.ID, "message", l.out.ID, "error", err)
	s.Metrics.Outcomes.WithLabelValues(l.account.ID, l.out.Class, "quarantined").Inc()
	body, now := record.Outbound(l.out), s.Now()
	s.results <- result{lease: l.lease, id: l.out.ID, write: func(b *store.Batch) {
		b.Unqueue(l.account.ID, l.out.ID)
		b.Unblock(l.out.Contact)
		b.BuryMessage(l.out.ID, l.account.ID, "contact unreadable", body, now)
	}}
}

// write writes results down, as many as have come together in one round trip. While Redis is away they wait here; what
// is still waiting at the end stays marked as being sent.
func (s *Sender) write(ctx context.Context) {
	for first := range s.results {
		rs := []result{first}
	more:
		for len(rs) < 128 {
			select {
			case r, ok := <-s.results:
				if !ok {
					break more
				}
				rs = append(rs, r)
			default:
				break more
			}
		}
		for len(rs) > 0 && ctx.Err() == nil {
			if rs = s.commit(ctx, rs); len(rs) > 0 {
				wait(ctx, 100*time.Millisecond)
			}
		}
		for _, r := range rs {
			s.land(r.id, true)
		}
	}
}

// commit writes results and returns those that must be tried again.
func (s *Sender) commit(ctx context.Context, rs []result) (rest []result) {
	batches, of := map[store.Lease]*store.Batch{}, map[store.Lease][]result{}
	var order []store.Lease
	for _, r := range rs {
		if batches[r.lease] == nil {
			batches[r.lease] = store.NewBatch(r.lease)
			order = append(order, r.lease)
		}
		r.write(batches[r.lease])
		of[r.lease] = append(of[r.lease], r)
	}
	list := make([]*store.Batch, len(order))
	for i, l := range order {
		list[i] = batches[l]
	}
	for i, err := range s.Store.Commit(context.WithoutCancel(ctx), list) {
		switch {
		case errors.Is(err, store.ErrFenced):
			s.Keeper.Lost(order[i])
			s.adoptAgain(order[i].Partition)
		case err != nil:
			s.Log.Warn("what became of messages cannot be written down: Redis does not answer; trying again", "error", err)
			rest = append(rest, of[order[i]]...)
			continue
		}
		for _, r := range of[order[i]] {
			s.land(r.id, r.blocked && err == nil)
		}
	}
	return rest
}
