package campaigns

import (
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
)

// lateRelease is when a message is looked at again that waits for a lease which has run out and has not been ended yet: its
// timer is about to ring, and ends the waiting.
const lateRelease = 10 * time.Second

// May is the gate for one message: what the rules say, and that the gateway keeps silent while one of the brand's people
// talks to the contact; taken is who does, nil: nobody; ads are those that count for it. What such a person writes themselves passes, and so do answers to
// consent and data-rights words and what proves an address, which somebody is waiting for.
func (w *World) May(o *Outbound, c *preferences.Contact, taken *Taken, ads []Ad, now time.Time) compliance.Verdict {
	check := w.Check(o, c)
	if compliance.Promotes(o.Class) {
		check.Ads = w.adsTo(ads, o.To, o.ID)
	}
	v := compliance.May(w.Pack, check, now)
	if taken == nil || v.Action == compliance.Drop || o.Person || o.Proof != "" || o.Class == ClassControl {
		return v
	}
	until := taken.Until
	if !now.Before(until) {
		until = now.Add(lateRelease)
	}
	if v.Action == compliance.Defer && v.Until.After(until) {
		return v
	}
	return compliance.Verdict{Action: compliance.Defer, Until: until, Reason: personTalks}
}

// hasten sends what was held to the gate again once nobody talks to the contact any more. The sender may have held a message
// in the moment in which the lease ended, and tell of it only now.
func (t *turn) hasten(before *State) {
	if t.s.Taken != nil || t.s.Contact == nil {
		return
	}
	for _, m := range t.s.Messages {
		if m.Status == "held" && (before.Taken != nil || t.heldNow(m.ID)) {
			t.out.Hasten = append(t.out.Hasten, m)
		}
	}
}

// heldNow reports whether the event is that the sender holds the message because a person talks.
func (t *turn) heldNow(message string) bool {
	d := t.e.Sent
	return t.e.Kind == Dispatched && d != nil && d.Status == "held" && d.Reason == personTalks && d.Message == message
}

// takeBack withdraws what would ask a question again that has its answer by now.
func (t *turn) takeBack(run, question string) {
	for i := range t.s.Messages {
		m := &t.s.Messages[i]
		if m.Run == run && m.Question == question && !m.First && m.Class == ClassReply && pending(m.Status) && t.settle(m, "not_sent") {
			t.notSent(*m, "answered_since")
			t.out.TakeBack = append(t.out.TakeBack, m.ID)
		}
	}
}
