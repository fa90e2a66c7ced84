package sender

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// adoptAll sees to what is marked as being sent in each partition that is newly held, and in those where it is not known
// what was taken.
func (s *Sender) adoptAll(ctx context.Context) {
	for {
		changed := s.Keeper.Changed()
		if err := s.adopt(ctx); err != nil {
			s.away(ctx, err)
			if !wait(ctx, s.Poll) {
				return
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-s.adopts:
		case <-s.standing():
		}
	}
}

// standing can be received from after a moment where a partition stands still, which may go on then; nil: none does.
func (s *Sender) standing() <-chan time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.still) == 0 {
		return nil
	}
	return time.After(s.Poll)
}

func (s *Sender) adopt(ctx context.Context) error {
	owned := s.Keeper.Owned()
	s.forget(owned)
	for _, l := range owned {
		s.mu.Lock()
		done := s.adopted[l.Partition] == l || s.stands(l.Partition)
		s.mu.Unlock()
		if done {
			continue
		}
		switch err := s.takeOver(ctx, l); {
		case s.stand(err):
			continue
		case err != nil:
			return err
		}
		now := s.Now()
		for _, line := range s.lines {
			line.expect(l.Partition, now)
			line.rouse()
		}
	}
	return nil
}

// adoptAgain has the marks of a partition read once more.
func (s *Sender) adoptAgain(partition int) {
	s.mu.Lock()
	delete(s.adopted, partition)
	s.mu.Unlock()
	select {
	case s.adopts <- struct{}{}:
	default:
	}
}

// forget drops what was remembered of partitions that are not held any more, and lets those go on that stood still.
func (s *Sender) forget(owned []store.Lease) {
	held := make(map[int]store.Lease, len(owned))
	for _, l := range owned {
		held[l.Partition] = l
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for p, l := range s.adopted {
		if held[p] != l {
			delete(s.adopted, p)
		}
	}
	for p := range s.still {
		if !s.stands(p) {
			delete(s.still, p)
		}
	}
}

// ours is the partitions that are held, whose marks have been seen to, and that do not stand still.
func (s *Sender) ours() []store.Lease {
	owned := s.Keeper.Owned()
	s.mu.Lock()
	defer s.mu.Unlock()
	ours := owned[:0]
	for _, l := range owned {
		if s.adopted[l.Partition] == l && !s.stands(l.Partition) {
			ours = append(ours, l)
		}
	}
	return ours
}

// seenTo reports whether the marks of a partition have been seen to under a lease.
func (s *Sender) seenTo(l store.Lease) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.adopted[l.Partition] == l
}

// takeOver takes what is marked in a partition into the books. Nobody marks anything meanwhile.
func (s *Sender) takeOver(ctx context.Context, l store.Lease) error {
	s.marking.Lock()
	defer s.marking.Unlock()
	s.mu.Lock()
	s.landings[l.Partition] = map[string]bool{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.landings, l.Partition)
	}()
	left, err := s.Store.Unfinished(ctx, l.Partition)
	if err != nil {
		return err
	}
	blocked, err := s.unblock(ctx, l, left.Blocked)
	if err != nil {
		return err
	}
	slices.SortFunc(left.Sending, inOrder)
	for _, m := range left.Sending {
		first, waits := blocked[contactOf(m.ID)]
		s.takeUp(l, m, waits && first != m.ID)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.adopted[l.Partition] = l
	maps.DeleteFunc(s.tried, func(_ string, under store.Lease) bool { return under.Partition == l.Partition })
	return nil
}

// inOrder compares messages by their numbers, so that those to one contact are in the order in which they were made.
func inOrder(a, b store.Sending) int {
	return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), strings.Compare(a.ID, b.ID))
}

// takeUp goes on with a message that is marked. One that was marked under this very lease was never handed to the
// provider, unless it is known that it was, and the lease lapsed in between. Where an earlier message to the same contact
// waits to be tried again, it goes back behind that one if it turns out not to have been sent.
func (s *Sender) takeUp(l store.Lease, m store.Sending, behindAnother bool) {
	s.mu.Lock()
	known := s.flights[m.ID] != nil || s.landings[l.Partition][m.ID] // what has landed since was read with its mark
	_, tried := s.tried[m.ID]
	s.mu.Unlock()
	if known {
		return
	}
	o, err := record.ReadOutbound(m.Body)
	line := s.byID[o.Account]
	if err != nil {
		s.lost(l, m, o, err)
		return
	}
	if line == nil { // a replica with a newer configuration took it, and knows it
		s.Log.Warn("a message waits for a replica that knows its account", "message", m.ID, "account", o.Account)
		return
	}
	f := &flight{lease: l, account: line.Account, out: o, queued: m.Queued, settles: tried || m.Token != l.Token, since: m.At, scattered: behindAnother}
	first, known := s.admit(f)
	if known {
		return
	}
	line.taken()
	switch {
	case line.gone:
		s.finish(f, campaigns.Dispatch{Status: "failed", Reason: "account_gone"})
	case first:
		s.goOn(f)
	}
}

// lost sees to a mark whose message is gone or damaged.
func (s *Sender) lost(l store.Lease, m store.Sending, o campaigns.Outbound, err error) {
	if len(m.Body) > 0 {
		s.unreadable(l, goneAccount(o.Account), m.ID, m.Body, m.Queued, err)
		return
	}
	s.Report(Report{Lease: l, Message: m.ID, Contact: contactOf(m.ID), Done: func(bool) {},
		Write: func(b *store.Batch) { b.Landed(m.ID, m.Queued) }})
}

// unblock lets the messages to contacts go whose first one is gone, or its account: nothing else ever would. It returns
// those that still wait, and for which message.
func (s *Sender) unblock(ctx context.Context, l store.Lease, blocked map[string]string) (still map[string]string, err error) {
	still = maps.Clone(blocked)
	var ids []string
	for _, id := range blocked {
		ids = append(ids, id)
	}
	bodies, err := s.Store.Bodies(ctx, l.Partition, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if o, err := record.ReadOutbound(bodies[id]); err == nil && s.byID[o.Account] != nil && !s.byID[o.Account].gone {
			continue
		}
		contact := contactOf(id)
		delete(still, contact)
		s.Report(Report{Lease: l, Message: id, Contact: contact,
			Write: func(b *store.Batch) { b.Unblock(contact, id) }, Done: func(bool) { s.goOnIn(l.Partition) }})
	}
	return still, nil
}
