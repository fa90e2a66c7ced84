package sender

import (
	"context"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// settleEvery is how long to wait between two looks at an outcome that is not known yet.
const settleEvery = time.Second

// settle sees to a message of which nobody knows whether the provider took it. Until that is settled it stays marked as
// being sent, so that a crash meanwhile leads the next owner here too.
//
// since is when the attempt was made: a provider may take a message some moments after the connection broke, so that
// "not taken" is believed only after Grace.
func (s *Sender) settle(ctx context.Context, l load, part adapters.Message, since time.Time) {
	if l.account.caps.Repeat == adapters.Keyed {
		s.retry(l, s.Now().Add(s.backoff(l.out.Attempt)), &adapters.Error{Fault: adapters.Unknown})
		return
	}
	for {
		now := s.Now()
		switch known, taken := s.outcome(ctx, &l, part); {
		case known && taken:
			l.out.Parts++
			s.deliver(ctx, l) // what parts there are left
			return
		case known && now.Sub(since) >= s.Grace:
			s.retry(l, s.Now().Add(s.backoff(l.out.Attempt)), &adapters.Error{Fault: adapters.Transient})
			return
		}
		if l.account.caps.Repeat == adapters.Blind || now.Sub(since) >= s.Settle {
			s.classDecides(l)
			return
		}
		if !wait(ctx, min(s.Grace, settleEvery)) {
			s.land(l.out.ID, true) // the mark stays: the partition's next owner settles it
			return
		}
	}
}

// outcome looks in the contact's state, where a report may have come, and asks the provider where it can tell.
func (s *Sender) outcome(ctx context.Context, l *load, part adapters.Message) (known, taken bool) {
	if s.reported(ctx, l.out) {
		return true, true
	}
	f, ok := l.account.Adapter.(adapters.Finder)
	if !ok || l.account.caps.Repeat != adapters.Finds {
		return false, false
	}
	ctx, cancel := context.WithTimeout(ctx, l.account.caps.Timeout)
	defer cancel()
	sent, taken, err := f.Find(ctx, part)
	if err != nil {
		s.Log.Warn("the provider cannot say yet whether it took a message; asking again", "account", l.account.ID, "message", l.out.ID, "error", err)
		return false, false
	}
	if taken {
		l.out.Taken = append(l.out.Taken, sent.IDs...)
	}
	return true, taken
}

func (s *Sender) reported(ctx context.Context, o campaigns.Outbound) bool {
	cs, err := s.Store.Load(ctx, []string{o.Contact})
	if err != nil {
		return false
	}
	st, err := record.ReadState(o.Contact, cs[0].Fields)
	if err != nil {
		return false
	}
	for _, r := range st.Early {
		if r.Ours == o.ID {
			return true
		}
	}
	for _, m := range st.Messages {
		if m.ID == o.ID {
			return m.Status == "sent" || m.Status == "delivered" || m.Status == "read"
		}
	}
	return false
}

// classDecides: an answer to a person is rather repeated than lost, an unasked message rather lost than repeated.
func (s *Sender) classDecides(l load) {
	if l.out.Class == campaigns.ClassReply || l.out.Class == campaigns.ClassControl {
		l.out.Unsure = true
		s.retry(l, s.Now().Add(s.backoff(l.out.Attempt)), &adapters.Error{Fault: adapters.Unknown})
		return
	}
	s.finish(l, campaigns.Dispatch{Status: "failed", Reason: "unknown_outcome"})
}

// adopt sees to what the former owners of newly held partitions left: messages that were being sent, and those that wait
// for one that is tried again.
func (s *Sender) adopt(ctx, sending context.Context, leases []store.Lease) error {
	held := make(map[int]store.Lease, len(leases))
	for _, l := range leases {
		held[l.Partition] = l
	}
	s.forget(held)
	for _, l := range leases {
		s.mu.Lock()
		done := s.adopted[l.Partition] == l
		s.mu.Unlock()
		if done {
			continue
		}
		left, err := s.Store.Unfinished(ctx, l.Partition)
		if err != nil {
			return err
		}
		if err := s.takeOver(ctx, sending, l, left); err != nil {
			return err
		}
		s.mu.Lock()
		s.adopted[l.Partition] = l
		s.mu.Unlock()
	}
	return nil
}

// adoptAgain has the marks of a partition read once more: what became of a message could not be written down under the
// lease it was sent under, so that it looks as if a former owner had left it.
func (s *Sender) adoptAgain(partition int) {
	s.mu.Lock()
	delete(s.adopted, partition)
	s.mu.Unlock()
}

// forget drops what was remembered of partitions that are not held any more.
func (s *Sender) forget(held map[int]store.Lease) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p, l := range s.adopted {
		if held[p] == l {
			continue
		}
		delete(s.adopted, p)
		for contact, id := range s.busy {
			if part, ok := s.Store.PartitionOfContact(contact); ok && part == p && s.flights[id].account == nil {
				delete(s.busy, contact)
			}
		}
	}
}

func (s *Sender) takeOver(ctx, sending context.Context, lease store.Lease, left store.Unfinished) error {
	if err := s.block(ctx, lease, left.Blocked); err != nil {
		return err
	}
	var due []store.Due
	s.mu.Lock()
	for id := range left.Sending {
		if s.flights[id].account == nil {
			due = append(due, store.Due{Partition: lease.Partition, ID: id})
		}
	}
	s.mu.Unlock()
	if err := s.Store.Bodies(ctx, due); err != nil {
		return err
	}
	for _, d := range due {
		s.orphan(sending, lease, d, left.Sending[d.ID])
	}
	return nil
}

// block has the later messages to contacts wait again for those that are tried again. Where such a message is gone, or
// its account, nothing would ever let the others go: they need not wait.
func (s *Sender) block(ctx context.Context, lease store.Lease, blocked map[string]string) error {
	var firsts []store.Due
	for _, id := range blocked {
		firsts = append(firsts, store.Due{Partition: lease.Partition, ID: id})
	}
	if err := s.Store.Bodies(ctx, firsts); err != nil {
		return err
	}
	for _, d := range firsts {
		contact := contactOf(d.ID)
		if o, err := record.ReadOutbound(d.Body); err != nil || s.account(o.Account) == nil {
			s.results <- result{lease: lease, id: d.ID, write: func(b *store.Batch) { b.Unblock(contact) }}
			continue
		}
		s.mu.Lock()
		s.busy[contact] = d.ID
		s.mu.Unlock()
	}
	return nil
}

// account is the configured account of that id; nil: there is none.
func (s *Sender) account(id string) *Account {
	for _, a := range s.Accounts {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// orphan settles one message that a former owner was sending.
func (s *Sender) orphan(sending context.Context, lease store.Lease, d store.Due, since time.Time) {
	l := load{lease: lease}
	o, err := record.ReadOutbound(d.Body)
	if err == nil {
		l.account, l.out = s.account(o.Account), o
	}
	if l.account == nil {
		s.results <- result{lease: lease, id: d.ID, write: func(b *store.Batch) { b.NotSending(d.ID) }}
		return
	}
	s.mu.Lock()
	s.busy[o.Contact] = d.ID
	s.flights[d.ID] = flight{lease.Partition, o.Contact, l.account}
	s.mu.Unlock()
	l.account.flying.Add(1)
	s.sends.Add(1)
	go func() {
		defer s.sends.Done()
		parts, _, err := adapters.Fit(messageOf(o), l.account.caps)
		if err != nil || o.Parts >= len(parts) {
			s.giveUp(l, "message", "cannot be fitted")
			return
		}
		s.settle(sending, l, parts[o.Parts], since)
	}()
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
