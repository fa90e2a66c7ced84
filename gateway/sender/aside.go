package sender

import (
	"context"
	"maps"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// passHalted lets the messages of a partition go that wait for one which is to be tried again by an account that is paused:
// nobody knows for how long. That one goes back to its place in the account's queue, before the contact's later ones there. One that
// is being sent or settled is not in the queue; when that is over, it is looked for again.
func (s *Sender) passHalted(ctx context.Context, lease store.Lease) {
	if !s.anyHalted() {
		return
	}
	held, err := s.heldUp(ctx, lease.Partition)
	if err != nil {
		if !s.stand(err) {
			s.away(ctx, err)
		}
		return
	}
	for _, o := range held {
		s.stepAside(lease, o)
	}
}

// heldUp is the messages in the queues of paused accounts for which others of their contacts wait.
func (s *Sender) heldUp(ctx context.Context, partition int) ([]campaigns.Outbound, error) {
	blocked, err := s.Store.Blocked(ctx, partition)
	if err != nil {
		return nil, err
	}
	bodies, err := s.Store.Bodies(ctx, partition, slices.Collect(maps.Values(blocked)))
	if err != nil {
		return nil, err
	}
	var held []campaigns.Outbound
	var accounts, ids []string
	for _, body := range bodies {
		if o, err := record.ReadOutbound(body); err == nil && s.Halted(o.Account) {
			held, accounts, ids = append(held, o), append(accounts, o.Account), append(ids, o.ID)
		}
	}
	waits, err := s.Store.Waits(ctx, partition, accounts, ids)
	if err != nil {
		return nil, err
	}
	queued := held[:0]
	for i, o := range held {
		if waits[i] {
			queued = append(queued, o)
		}
	}
	return queued, nil
}

// stepAside has it written down that nothing waits for a message any more.
func (s *Sender) stepAside(lease store.Lease, o campaigns.Outbound) {
	f := &flight{out: o}
	done := func(bool) {
		s.goOnIn(lease.Partition)
		s.Queued(o.Account, lease.Partition, place(f))
	}
	s.Report(Report{Lease: lease, Message: o.ID, Contact: o.Contact, Done: done,
		Write: func(b *store.Batch) { b.StepAside(o.Account, o.Contact, o.ID, place(f), urgent(f)) }})
}

func (s *Sender) anyHalted() bool { return s.haltedOnes() != "" }

// haltedOnes names the accounts that are paused.
func (s *Sender) haltedOnes() (names string) {
	for _, l := range s.lines {
		if s.Halted(l.ID) {
			names += l.ID + " "
		}
	}
	return names
}
