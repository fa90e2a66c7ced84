package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/campaigns/compliance"
)

// elsewhere asks a run's first question by the next way, where it is known not to have arrived by the one before; false:
// there is no other way, or no reason to look for one.
func (t *turn) elsewhere(m *Message) bool {
	conv := t.s.Conversation
	if !t.waitsOn(m) || conv.HandedOver || t.s.Contact.Suppressed != nil {
		return false
	}
	c, q := t.openQuestion()
	if q == nil {
		return false
	}
	to, ok := t.another(c, q)
	if !ok {
		return false
	}
	v := t.mayAsk(c, to, t.now)
	if v.Action == compliance.Drop {
		return false
	}
	start, is := t.now, "queued"
	if v.Action == compliance.Defer {
		start, is, t.heldFor = v.Until, "held", v.Reason
	}
	t.goBy(to)
	t.waitFor(c, q, start)
	o := t.question(c, q, ClassAd, to)
	o.First, o.Held = true, start.After(t.now)
	if o.Held {
		o.NotBefore = start
	}
	m.First = false // from here on the run counts the message that takes its place
	t.move(o.Run, m.Status, is)
	t.queueBy(o, to, "")
	return true
}

// waitsOn reports whether it hangs on m whether the customer has seen the first question: no other message asks it, and
// nobody has said anything to it.
func (t *turn) waitsOn(m *Message) bool {
	conv := t.s.Conversation
	last := t.newest(conv)
	return last != nil && last.ID == m.ID && len(conv.Asked) <= 1 && !conv.heard()
}

// heard reports whether something was said to the open question that was no answer yet: it has been seen, whatever a
// provider tells.
func (c *Conversation) heard() bool { return c.Tries > 0 || c.Maybe != nil || c.Unfinished != nil }

// another is a way to ask the open question that was not tried yet.
func (t *turn) another(c *Campaign, q *Question) (target, bool) {
	conv := t.s.Conversation
	return t.reach(wanted{
		channels: c.Channels, class: ClassAd, purpose: c.purpose(), answers: true, replies: c.Replies, question: q, except: append(slices.Clone(conv.Tried), conv.Route),
	})
}

// goBy lets the conversation go on by another way.
func (t *turn) goBy(to target) {
	conv := t.s.Conversation
	if conv.Route != to.route.Account {
		conv.Tried = append(conv.Tried, conv.Route)
	}
	conv.Route, conv.To = to.route.Account, to.to
}

// silent reports whether nothing tells that the open question has arrived, by a provider who would have told it.
func (t *turn) silent(conv *Conversation) bool {
	r, ok := t.w.route(conv.Route)
	if !ok || !r.Receipts {
		return false
	}
	m := t.newest(conv)
	return m != nil && m.Status == "sent"
}

// newest is the last message that asked the open question; nil: none is remembered.
func (t *turn) newest(conv *Conversation) *Message {
	for i := len(t.s.Messages) - 1; conv != nil && i >= 0; i-- {
		if m := &t.s.Messages[i]; m.Run == conv.Run && m.Question == conv.Question {
			return m
		}
	}
	return nil
}
