package sender

import (
	"context"

	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// passHalted lets the messages of a partition go that wait for one which is to be tried again by an account that is paused:
// nobody knows for how long. That one goes back to its place in the account's queue, before the contact's later ones there.
func (s *Sender) passHalted(ctx context.Context, lease store.Lease) {
	if !s.anyHalted() {
		return
	}
	blocked, err := s.Store.Blocked(ctx, lease.Partition)
	if err != nil {
		s.away(ctx, err)
		return
	}
	ids := make([]string, 0, len(blocked))
	for _, id := range blocked {
		ids = append(ids, id)
	}
	bodies, err := s.Store.Bodies(ctx, lease.Partition, ids)
	if err != nil {
		s.away(ctx, err)
		return
	}
	for contact, id := range blocked {
		o, err := record.ReadOutbound(bodies[id])
		if err != nil || !s.Halted(o.Account) {
			continue
		}
		f := &flight{out: o}
		done := func(bool) {
			s.goOnIn(lease.Partition)
			s.Queued(o.Account, lease.Partition, place(f))
		}
		s.Report(Report{Lease: lease, Message: id, Contact: contact, Done: done,
			Write: func(b *store.Batch) { b.StepAside(o.Account, contact, id, place(f), urgent(f)) }})
	}
}

func (s *Sender) anyHalted() bool {
	for _, l := range s.lines {
		if s.Halted(l.ID) {
			return true
		}
	}
	return false
}
