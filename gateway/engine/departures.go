package engine

import (
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/replylink"
)

// departure is a message that leaves as soon as its turn is committed.
type departure struct {
	out *campaigns.Outbound
	who *person
}

// send puts a message on its way: at once where it answers somebody and nothing stands before it, else by the queue.
func (t *turn) send(p *person, m *campaigns.Outbound) {
	if m.Link {
		to := m.ID
		if m.Proof != "" {
			to = replylink.ToProof(m.ID)
		}
		t.batch.LinkReply(replylink.Code(t.w.Secret, t.lease.Partition, m.ID), to, t.now)
	}
	may, follows := t.mayDepart(p, m)
	if may && t.w.Out.Reserve(m.Account, t.lease.Partition, follows) {
		t.batch.Depart(m.ID, t.now, t.w.forms.Outbound(m)) // which copies it
		t.departures = append(t.departures, departure{m, p})
		return
	}
	due := later(m.NotBefore, t.now)
	t.batch.Queue(m.Account, m.ID, due, urgent(m), t.memory.keep(t.w.forms.Outbound(m)))
	t.queued(m.Account, due)
}

func urgent(m *campaigns.Outbound) bool { return m.Class != campaigns.ClassAd }

// mayDepart: what is sent unasked waits for its turn in the queue; and no message overtakes an earlier one to the same
// contact, which may be in the queue or in the provider's hands. It follows one that departs with the same commit: from
// the queue it might be taken before that one is known to be on its way.
func (t *turn) mayDepart(p *person, m *campaigns.Outbound) (may, follows bool) {
	if !urgent(m) || m.NotBefore.After(t.now) {
		return false, false
	}
	for i := range p.state.Messages {
		earlier := &p.state.Messages[i]
		if earlier.ID == m.ID {
			break
		}
		if earlier.Status != "queued" {
			continue
		}
		if !t.departs(earlier.ID) {
			return false, false
		}
		follows = true
	}
	return true, follows
}

// departs reports whether a message departs with this turn.
func (t *turn) departs(message string) bool {
	return slices.ContainsFunc(t.departures, func(d departure) bool { return d.out.ID == message })
}

// depart hands the departures over after the commit.
func (t *turn) depart() {
	for _, d := range t.departures {
		t.w.Out.Depart(t.lease, *d.out, d.who.state.Contact)
	}
}

// stay gives the room for the departures back.
func (t *turn) stay(doubtful bool) {
	for _, d := range t.departures {
		t.w.Out.Cancel(t.lease, d.out.Account, doubtful)
	}
}
