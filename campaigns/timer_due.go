package campaigns

import (
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
)

// timerDue: a time has come. A timer that rings early, or for something that is over, is set again or ignored.
//
// Example: {"kind":"timer_due","timer":"remind"}
func (t *turn) timerDue() {
	conv := t.s.Conversation
	switch {
	case t.s.Contact == nil:
	case t.e.Timer == TimerStart: // startWaiting follows every step
	case conv == nil:
	case t.e.Timer == TimerExpire:
		if t.now.Before(conv.Expires) {
			t.timer(TimerExpire, conv.Expires)
			return
		}
		t.end(preferences.EntryExpired, "no_answer")
	case t.e.Timer == TimerMore:
		t.noMore()
	case t.e.Timer == TimerRemind:
		t.remind()
	}
}

// remind asks once more, as an ad and past the same gate: it is we who begin.
func (t *turn) remind() {
	c, q := t.openQuestion()
	conv := t.s.Conversation
	if q == nil || conv.Reminded || conv.HandedOver || q.RemindAfter <= 0 {
		return
	}
	due := conv.AskedAt.Add(q.RemindAfter)
	if t.unsent(conv) { // a reminder must not overtake its question
		due = t.now.Add(q.RemindAfter)
	}
	if t.now.Before(due) {
		t.timer(TimerRemind, due)
		return
	}
	v := compliance.May(t.w.Pack, compliance.Check{
		Class: ClassAd, Purpose: c.purpose(), Contact: t.s.Contact, Expires: conv.Expires,
	}, t.now)
	if v.Action == compliance.Defer {
		t.timer(TimerRemind, v.Until)
		return
	}
	conv.Reminded = true
	if v.Action == compliance.Drop {
		t.notReminded(conv, v.Reason)
		return
	}
	t.sendReminder(c, q)
}

func (t *turn) sendReminder(c *Campaign, q *Question) {
	conv := t.s.Conversation
	conv.Maybe = nil // a 1 answers what stands here
	r, ok := t.w.route(conv.Route)
	to := target{r, conv.To}
	if !ok || !r.Can(ClassAd) {
		if to, ok = t.reach(c.Channels, ClassAd, true); !ok {
			t.notReminded(conv, "no_route")
			return
		}
	}
	text := joined(t.phrase(sayRemind, nil), t.fill(Texts(q.Ask.Text).In(t.locale(), t.w.locale()), nil))
	t.note(preferences.Entry{Kind: preferences.EntryReminded, Campaign: c.ID, Run: conv.Run, Question: q.ID})
	t.queue(t.asking(c, q, ClassAd, to, text), "")
}

func (t *turn) notReminded(conv *Conversation, reason string) {
	t.note(preferences.Entry{
		Kind: preferences.EntryNotSent, Class: ClassAd, Campaign: conv.Campaign, Run: conv.Run, Question: conv.Question,
		Reason: reason,
	})
}

// unsent reports whether the open question's message has yet to leave.
func (t *turn) unsent(conv *Conversation) bool {
	for _, m := range t.s.Messages {
		if m.Run == conv.Run && m.Question == conv.Question && pending(m.Status) {
			return true
		}
	}
	return false
}
