package sender

import (
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// flight is one message on its way out, from being marked as being sent until what became of it is written down.
type flight struct {
	lease   store.Lease
	account *Account
	out     campaigns.Outbound
	queued  bool // it was taken off a queue
	stage   stage
	left    bool      // the account's room was given back
	settles bool      // it may have been sent before: what became of that comes first
	since   time.Time // when that was
	tried   bool      // it was handed to the provider
	next    *flight   // the same message, taken again before it was told here that it had been put back

	scattered bool // it goes back to the queue, behind an earlier one, where it turns out not to have been sent
}

// stage is where a flight stands.
type stage int

const (
	behind   stage = iota // waits for an earlier message to the same contact
	inHand                // the provider has it, or is about to
	settling              // nobody knows whether the provider took it
	reported              // what became of it is being written down
)

// counts reports whether something is done with the message right now that should not be disturbed.
func (f *flight) counts() bool { return f.stage != settling }

// admit takes a flight into the books. first says that it may go; else it goes when those before it have landed. known is
// true where the message is in the books already: then nothing is changed.
func (s *Sender) admit(f *flight) (first, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch old := s.flights[f.out.ID]; {
	case old == nil:
		return s.enter(f), false
	case old.stage == reported && f.queued && !f.settles && old.next == nil:
		old.next = f // it was on the queue: the report has been committed, and lands any moment
		return false, false
	}
	return false, true
}

// enter puts a flight into the books and reports whether it may go; s.mu is held.
func (s *Sender) enter(f *flight) (first bool) {
	s.flights[f.out.ID] = f
	s.behind[f.out.Contact] = append(s.behind[f.out.Contact], f)
	if len(s.behind[f.out.Contact]) > 1 {
		return false
	}
	f.stage = inHand
	return true
}

// leave gives the account's room back: the message is in nobody's hands any more.
func (s *Sender) leave(f *flight, to stage) {
	s.mu.Lock()
	left := f.left
	f.left, f.stage = true, to
	s.mu.Unlock()
	if !left {
		f.account.sent()
		s.Metrics.Flying.WithLabelValues(f.account.ID).Set(float64(f.account.flying()))
	}
}

// land ends a flight. The contact's next message goes, unless this one stays and goes first.
func (s *Sender) land(f *flight, stays bool) {
	s.leave(f, reported)
	f.account.landed()
	s.mu.Lock()
	delete(s.flights, f.out.ID)
	if since := s.landings[f.lease.Partition]; since != nil {
		since[f.out.ID] = true
	}
	rest := s.pop(f)
	var back []*flight
	if stays && len(rest) > 0 {
		rest, back = s.scatter(f.out.Contact, rest)
	}
	if len(rest) > 0 {
		rest[0].stage = inHand
	}
	again := f.next != nil && s.enter(f.next)
	s.mu.Unlock()
	s.ring()
	if again {
		s.goOn(f.next)
	}
	for _, r := range back {
		s.putBack(r)
	}
	if len(rest) > 0 {
		s.goOn(rest[0])
	}
}

// scatter parts those behind a message that is tried again: they go back to the queue, where they wait for it in their
// order. What may have been sent already is settled first, one after the other; that stays in line. s.mu is held.
func (s *Sender) scatter(contact string, line []*flight) (stay, back []*flight) {
	for _, r := range line {
		if r.settles {
			r.scattered = true
			stay = append(stay, r)
		} else {
			back = append(back, r)
		}
	}
	if len(stay) > 0 {
		s.behind[contact] = stay
	} else {
		delete(s.behind, contact)
	}
	return stay, back
}

// pop takes a flight from the head of its contact's line, and returns those behind it; nil where it was not the head.
func (s *Sender) pop(f *flight) []*flight {
	line := s.behind[f.out.Contact]
	if len(line) == 0 || line[0] != f {
		return nil
	}
	if len(line) == 1 {
		delete(s.behind, f.out.Contact)
		return nil
	}
	s.behind[f.out.Contact] = line[1:]
	return line[1:]
}

// ring tells Stop that something has landed.
func (s *Sender) ring() {
	select {
	case s.landed <- struct{}{}:
	default:
	}
}

// drop ends a flight and those behind it without a word: their marks stay, for the partition's next owner to see to.
func (s *Sender) drop(f *flight) {
	s.mu.Lock()
	delete(s.adopted, f.lease.Partition) // nothing is taken there before the marks have been read
	gone := append([]*flight{f}, s.pop(f)...)
	if f.next != nil {
		gone = append(gone, f.next)
	}
	for _, r := range gone {
		if r != f && r != f.next {
			delete(s.behind, f.out.Contact) // they were all that waited
		}
		delete(s.flights, r.out.ID)
		if r.tried || r.settles {
			s.tried[r.out.ID] = r.lease
		}
	}
	s.mu.Unlock()
	for _, r := range gone {
		s.leave(r, reported)
		r.account.landed()
	}
	s.adoptAgain(f.lease.Partition) // we may have the partition again, under another lease
	s.ring()
}

// spawn runs what a flight waits for in a goroutine of its own, unless the sender has ended.
func (s *Sender) spawn(f *flight, work func()) {
	s.mu.Lock()
	ended := s.ended
	if !ended {
		s.sends.Add(1)
	}
	s.mu.Unlock()
	if ended {
		s.drop(f)
		return
	}
	go func() {
		defer s.sends.Done()
		work()
	}()
}

// goOn lets a message go that waited for others, after a look at where its contact stands now.
func (s *Sender) goOn(f *flight) {
	s.spawn(f, func() {
		switch {
		case f.settles:
			s.settleOrphan(f)
		case f.scattered:
			s.putBack(f)
		default:
			s.release(s.sending, []*flight{f})
		}
	})
}

// Reserve implements engine.Departures.
func (s *Sender) Reserve(account string, partition int, follows bool) bool {
	l := s.byID[account]
	if l == nil || l.gone || s.Frozen() || s.Halted(account) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || !l.reserve(s.Now(), follows) {
		return false
	}
	s.marked[partition]++
	return true
}

// Cancel implements engine.Departures.
func (s *Sender) Cancel(l store.Lease, account string, doubtful bool) {
	s.byID[account].unused()
	if doubtful {
		s.adoptAgain(l.Partition)
	}
	s.unmark(l.Partition)
}

// Depart implements engine.Departures.
func (s *Sender) Depart(l store.Lease, o campaigns.Outbound, c *preferences.Contact) {
	a := s.byID[o.Account].Account
	f := &flight{lease: l, account: a, out: o}
	first, known := s.admit(f)
	s.unmark(l.Partition)
	switch {
	case known:
		a.unused()
	case first:
		s.gate(f, c, nil, nil) // the step that has just been committed knew who talks to them; and no ad departs with it
	}
}

// unmark says that a message of a partition is in the books, or will never be.
func (s *Sender) unmark(partition int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marked[partition]--; s.marked[partition] == 0 {
		delete(s.marked, partition)
	}
}

// contactOf is the contact of a message: message ids are <contact>.<number>.
func contactOf(id string) string {
	contact, _, _ := strings.Cut(id, ".")
	return contact
}
