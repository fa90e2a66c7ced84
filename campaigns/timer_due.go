package campaigns

import (
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
)

// timerDue: a time has come (see State.Wake). Whatever is due is done; one that rings early does nothing. Runs with a
// delay are not its business: startWaiting follows every step.
//
// Example: {"kind":"timer_due"}
func (t *turn) timerDue() {
	t.expireProof()
	if t.s.Taken != nil {
		if !t.taken() {
			t.leaseOver()
		}
		return
	}
	if conv := t.s.Conversation; t.s.Contact == nil || conv == nil {
		return
	} else if !t.now.Before(conv.Expires) {
		t.end(preferences.EntryExpired, "no_answer")
		return
	}
	t.noMore()
	t.remind()
}

// remind asks once more where that is due, as an ad and past the same gate: it is we who begin.
func (t *turn) remind() {
	c, q := t.openQuestion()
	conv := t.s.Conversation
	if conv == nil || conv.Remind.IsZero() || t.now.Before(conv.Remind) {
		return
	}
	conv.Remind = time.Time{}
	if q == nil || conv.Reminded || conv.HandedOver || q.RemindAfter <= 0 {
		return
	}
	if t.unsent(conv) { // a reminder must not overtake its question
		conv.Remind = t.now.Add(q.RemindAfter)
		return
	}
	if why := t.skips(q, conv.Event); why != "" {
		conv.Reminded = true
		t.notReminded(conv, notNow(why))
		return
	}
	to, ok := t.reminding(c, q)
	v := compliance.May(t.w.Pack, compliance.Check{
		Class: ClassAd, Purpose: c.purpose(), Contact: t.s.Contact, Expires: conv.Expires, Ads: t.w.adsTo(t.s.Ads, to.to, ""),
	}, t.now)
	if v.Action == compliance.Defer {
		conv.Remind = v.Until
		return
	}
	conv.Reminded = true
	if v.Action == compliance.Drop {
		t.notReminded(conv, v.Reason)
		return
	}
	conv.Maybe = nil // a 1 answers what stands here
	if !ok {
		t.notReminded(conv, "no_route")
		return
	}
	t.sendReminder(c, q, to)
}

func (t *turn) sendReminder(c *Campaign, q *Question, to target) {
	conv := t.s.Conversation
	t.goBy(to)
	text := joined(t.phrase(sayRemind, nil), t.fill(Texts(q.Ask.Text).In(t.locale(), t.w.locale()), nil))
	t.note(preferences.Entry{Kind: preferences.EntryReminded, Campaign: c.ID, Run: conv.Run, Question: q.ID})
	t.queueBy(t.asking(c, q, ClassAd, to, text), to, "")
}

// reminding is the way of a reminder: that of the question, or another where it may not have arrived by that one.
func (t *turn) reminding(c *Campaign, q *Question) (target, bool) {
	conv := t.s.Conversation
	if t.silent(conv) {
		if to, ok := t.another(c, q); ok {
			return to, true
		}
	}
	if r, ok := t.w.route(conv.Route); ok {
		if to, why := t.by(r, wanted{class: ClassAd, purpose: c.purpose(), question: q, at: conv.To}); why == "" {
			return to, true
		}
	}
	return t.reach(wanted{channels: c.Channels, class: ClassAd, purpose: c.purpose(), answers: true, replies: c.Replies, question: q})
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
