package engine

import (
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
)

// departure is a message that leaves as soon as its turn is committed.
type departure struct {
	out campaigns.Outbound
	who *person
}

// send puts a message on its way: at once where it answers somebody and nothing stands before it, else by the queue.
func (t *turn) send(p *person, m campaigns.Outbound) {
	if t.mayDepart(p, m) && t.w.Out.Reserve(m.Account, t.lease.Partition) {
		t.batch.Depart(m.ID, t.now, record.Outbound(m))
		t.departures = append(t.departures, departure{m, p})
		return
	}
	due := later(m.NotBefore, t.now)
	t.batch.Queue(m.Account, m.ID, due, urgent(m), record.Outbound(m))
	t.queued(m.Account, due)
}

func urgent(m campaigns.Outbound) bool { return m.Class != campaigns.ClassAd }

// mayDepart: what is sent unasked waits for its turn in the queue; and no message overtakes an earlier one to the same
// contact, which may be in the queue or in the provider's hands.
func (t *turn) mayDepart(p *person, m campaigns.Outbound) bool {
	if !urgent(m) || m.NotBefore.After(t.now) {
		return false
	}
	for _, other := range p.state.Messages {
		if other.ID != m.ID && other.Status == "queued" {
			return false
		}
	}
	return true
}

// depart hands the departures over after the commit.
func (t *turn) depart() {
	for _, d := range t.departures {
		t.w.Out.Depart(t.lease, d.out, d.who.state.Contact)
	}
}

// stay gives the room for the departures back.
func (t *turn) stay(doubtful bool) {
	for _, d := range t.departures {
		t.w.Out.Cancel(t.lease, d.out.Account, doubtful)
	}
}
