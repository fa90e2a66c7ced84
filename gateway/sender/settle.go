package sender

import (
	"context"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
)

// settleEvery is how long to wait between two looks at an outcome that is not known yet.
const settleEvery = time.Second

// settle sees to a message of which nobody knows whether the provider took it. Until that is settled it stays marked as
// being sent, so that a crash meanwhile leads the next owner here too.
//
// since is when the attempt was made: a provider may take a message some moments after the connection broke, so that
// "not taken" is believed only after Grace.
func (s *Sender) settle(f *flight, part adapters.Message, since time.Time) {
	if f.account.caps.Repeat == adapters.Keyed {
		s.repeat(f, adapters.Unknown)
		return
	}
	for {
		now := s.Now()
		switch known, taken := s.outcome(s.sending, f, part); {
		case known && taken:
			f.out.Parts++
			s.deliver(s.sending, f) // what parts there are left
			return
		case known && now.Sub(since) >= s.Grace:
			s.repeat(f, adapters.Transient)
			return
		}
		if f.account.caps.Repeat == adapters.Blind || now.Sub(since) >= s.Settle {
			s.classDecides(f)
			return
		}
		if !wait(s.sending, min(s.Grace, settleEvery)) {
			s.drop(f) // the mark stays: the partition's next owner settles it
			return
		}
	}
}

// repeat sends a message once more after a while; one that has others before it takes its place behind them.
func (s *Sender) repeat(f *flight, why adapters.Fault) {
	if f.scattered || f.settles && s.earlierWaits(f.out) {
		f.out.Attempt++
		s.putBack(f)
		return
	}
	s.retry(f, s.Now().Add(s.backoff(f.out.Attempt)), &adapters.Error{Fault: why})
}

// earlierWaits reports whether an earlier message to the same contact waits in a queue: a former owner put that back and died before it
// could put this one back. Where that cannot be told it may.
func (s *Sender) earlierWaits(o campaigns.Outbound) bool {
	st, err := s.stateOf(s.sending, o.Contact)
	if err != nil {
		return true
	}
	for _, m := range st.Messages {
		if m.ID == o.ID {
			return false
		}
		if m.Status == "queued" {
			return true
		}
	}
	return false
}

func (s *Sender) stateOf(ctx context.Context, contact string) (campaigns.State, error) {
	cs, err := s.Store.Load(ctx, []string{contact})
	if err != nil {
		return campaigns.State{}, err
	}
	return record.ReadState(contact, cs[0].Fields)
}

// outcome looks in the contact's state, where a report may have come, and asks the provider where it can tell.
func (s *Sender) outcome(ctx context.Context, f *flight, part adapters.Message) (known, taken bool) {
	receipted, others, err := s.remembered(ctx, f.out)
	if receipted || err != nil {
		return receipted, receipted
	}
	finder, ok := f.account.Adapter.(adapters.Finder)
	if !ok || f.account.caps.Repeat != adapters.Finds {
		return false, false
	}
	ctx, cancel := context.WithTimeout(ctx, f.account.caps.Timeout)
	defer cancel()
	part.Others = append(others, f.out.Taken...)
	sent, taken, err := finder.Find(ctx, part)
	if err != nil {
		s.Log.Warn("the provider cannot say yet whether it took a message; asking again", "account", f.account.ID, "message", f.out.ID, "error", err)
		return false, false
	}
	if taken {
		f.out.Taken = append(f.out.Taken, sent.IDs...)
	}
	return true, taken
}

// remembered is what the contact's state knows: whether the provider's receipt says that it took the message, and the
// provider's ids of the other messages, which may have the same text.
func (s *Sender) remembered(ctx context.Context, o campaigns.Outbound) (receipted bool, others []string, err error) {
	st, err := s.stateOf(ctx, o.Contact)
	if err != nil {
		return false, nil, err
	}
	for _, r := range st.Early {
		if r.Ours == o.ID && r.Part == partNumber(o.Parts) {
			return true, nil, nil
		}
		if r.Ours != "" && r.Theirs != "" {
			others = append(others, r.Theirs)
		}
	}
	for _, m := range st.Messages {
		if m.ID != o.ID {
			others = append(others, m.Theirs...)
			continue
		}
		switch m.Status {
		case "sent", "delivered", "read", "undelivered", "failed": // a receipt came, whatever it tells
			return true, nil, nil
		}
	}
	return false, others, nil
}

// partNumber is the number in the id of a message's next part, of which taken are taken: the first one has none.
func partNumber(taken int) int {
	if taken == 0 {
		return 0
	}
	return taken + 1
}

// unknownOutcome is the reason of a message that may have been taken, and is not repeated.
const unknownOutcome = "unknown_outcome"

// classDecides: an answer to a person is rather repeated than lost, once, so that nobody reads it more than twice; an unasked
// message rather lost than repeated.
func (s *Sender) classDecides(f *flight) {
	switch answers := f.out.Class == campaigns.ClassReply || f.out.Class == campaigns.ClassControl; {
	case !answers:
		s.finish(f, campaigns.Dispatch{Status: "failed", Reason: unknownOutcome})
	case f.out.Unsure: // people decide whether they want it said once more
		s.giveUp(f, unknownOutcome, "")
	default:
		f.out.Unsure = true
		s.repeat(f, adapters.Unknown)
	}
}

// settleOrphan settles a message that a former owner was sending.
func (s *Sender) settleOrphan(f *flight) {
	parts, _, err := s.parts(f)
	if err != nil || f.out.Parts >= len(parts) {
		s.giveUp(f, "message", "cannot be fitted")
		return
	}
	s.leave(f, settling)
	s.settle(f, parts[f.out.Parts], f.since)
}
