package campaigns

import (
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
)

// answeredSince judges the open question anew where it has not left and what is known of the contact has changed: what was
// answered elsewhere while it waited for the morning, say, is not asked. It is judged by what a run itself goes by.
func (t *turn) answeredSince(before *State) {
	conv := t.s.Conversation
	if conv == nil || before.Conversation == nil || before.Conversation.ID != conv.ID || before.Conversation.Question != conv.Question {
		return
	}
	if t.s.Contact == nil || t.s.Taken != nil || !t.touched && before.Taken == nil {
		return
	}
	c := t.w.Campaigns[conv.Campaign]
	m, q := t.newest(conv), c.question(conv.Question)
	if m == nil || q == nil || m.Class != ClassAd || !pending(m.Status) {
		return
	}
	why := t.skips(q, conv.Event)
	switch {
	case why == "":
	case m.First && t.waitsOn(m):
		t.askInstead(c, m, notNow(why))
	case !m.First: // the reminder; the question itself has been seen
		t.takeOff(m, notNow(why))
	}
}

// askInstead asks the campaign's next question in the place of the first one, of which m has not left; where none is left the
// conversation is over.
func (t *turn) askInstead(c *Campaign, m *Message, why string) {
	conv := t.s.Conversation
	q, to, reason, detail := t.whyNot(c, &Conversation{Event: conv.Event})
	t.dropAd(m.ID)
	start := t.now
	if c.onTheirClock() {
		start = later(t.now, conv.AskedAt) // that time may be to come
	}
	v := t.mayAsk(c, to, start)
	if reason == "" && v.Action == compliance.Drop {
		reason = v.Reason
	}
	if reason != "" {
		t.takeOff(m, why)
		t.note(notAsked(Waiting{Campaign: conv.Campaign, Run: conv.Run}, reason, detail))
		t.end(preferences.EntryStopped, why)
		return
	}
	was := m.Status
	m.First = false // from here on the run counts the message that takes its place
	t.takeOff(m, why)
	conv.Asked, conv.Tried = nil, nil
	conv.Route, conv.To = to.route.Account, to.to
	o := t.firstQuestion(c, q, to, start, v)
	t.move(o.Run, was, statusAt(o))
	t.queueBy(o, to, "")
}

// takeOff takes back a message that has not left.
func (t *turn) takeOff(m *Message, why string) {
	if t.settle(m, "not_sent") {
		t.notSent(*m, why)
		t.out.TakeBack = append(t.out.TakeBack, m.ID)
	}
}
