package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
)

// replayed: a message that was given up is to be sent after all, because somebody who has seen to the cause asked for it.
// It goes out as it was, with its attempts counted anew; where that is not right any more, the ledger says why not.
//
// Example: {"kind":"replayed","resend":{"id":"c1.7","contact":"c1","account":"sms","class":"reply","text":"Cảm ơn chị!"}}
func (t *turn) replayed() {
	o := t.e.Resend
	if o == nil || t.s.Contact == nil || o.Contact != t.s.ID {
		return
	}
	t.keepAd(o.ID) // they may have got it, or a part of it
	v := t.w.May(o, t.s.Contact, t.s.Taken, t.s.Ads, t.now)
	reason := t.whyNotAgain(o)
	if reason == "" && v.Action == compliance.Drop {
		reason = v.Reason
	}
	if reason != "" {
		e := messageEntry(preferences.EntryNotSent, messageOf(*o), reason)
		e.Detail = map[string]any{"replayed": true}
		t.note(e)
		return
	}
	t.revive(*o, v)
}

// whyNotAgain is why a message that was given up is not to be sent after all, as far as the contact's state tells.
func (t *turn) whyNotAgain(o *Outbound) string {
	if born := t.s.Contact.Created.UnixMilli(); t.s.Seq >= born && seqOf(o.ID) <= born {
		return "erased" // it is of a life that was erased
	}
	if m := t.message(o.ID); m != nil {
		switch m.Status {
		case "sent", "delivered", "read":
			return "already_sent"
		case "not_sent":
			return "withdrawn"
		}
	}
	if r, ok := t.w.route(o.Account); !ok || !r.Can(o.Class) {
		return "no_route"
	}
	if o.Proof != "" {
		return "proof_over"
	}
	if !slices.Contains(t.s.Contact.Addresses, o.To) {
		return "address_gone"
	}
	if o.Question != "" {
		return t.whyNotAsk(o)
	}
	return ""
}

// whyNotAsk is why the question of o is not to be asked after all. What is open now may be; and what can be opened again,
// which is the first question of a conversation that ended because the question did not reach the customer.
func (t *turn) whyNotAsk(o *Outbound) string {
	c := t.w.Campaigns[o.Campaign]
	open := t.s.Conversation
	switch {
	case o.First && t.askedInstead(o):
		return "asked_elsewhere"
	case open != nil && open.Run == o.Run && open.Question == o.Question:
		return ""
	case open != nil:
		return openElsewhere
	case !o.First || c.question(o.Question) == nil:
		return "conversation_over"
	case t.wentOn(o.Run):
		return "answered_since"
	}
	if q, _ := t.next(c, &Conversation{}); q == nil || q.ID != o.Question {
		return "nothing_to_ask"
	}
	return ""
}

// askedInstead reports whether another message took the place of the run's first question.
func (t *turn) askedInstead(o *Outbound) bool {
	if conv := t.s.Conversation; conv != nil && conv.Run == o.Run && slices.Contains(conv.Tried, o.Account) {
		return true // the message itself may be forgotten
	}
	return slices.ContainsFunc(t.s.Messages, func(m Message) bool { return m.First && m.Run == o.Run && m.ID != o.ID })
}

// wentOn reports whether the customer has answered in that run all the same.
func (t *turn) wentOn(run string) bool {
	for _, p := range t.s.Contact.Preferences {
		if p.Evidence.Run == run {
			return true
		}
	}
	return slices.ContainsFunc(t.s.Messages, func(m Message) bool { return m.Run == run && !m.First })
}

// question finds one of the campaign's questions; nil: there is none of that id, or no campaign.
func (c *Campaign) question(id string) *Question {
	if c == nil {
		return nil
	}
	for i := range c.Questions {
		if c.Questions[i].ID == id {
			return &c.Questions[i]
		}
	}
	return nil
}

// revive queues the message again, and moves its run's counts back.
func (t *turn) revive(o Outbound, v compliance.Verdict) {
	o.Attempt, o.Queued, o.Replays, o.Handle = 0, t.now, o.Replays+1, ""
	o.Held, o.NotBefore = v.Action == compliance.Defer, v.Until
	is, start, kind := "queued", t.now, preferences.EntryQueued
	if o.Held {
		is, start, kind = "held", v.Until, preferences.EntryHeld
	}
	if o.Question != "" && t.s.Conversation == nil {
		t.s.Conversation = &Conversation{ID: conversationID(o.Run, t.s.ID), Campaign: o.Campaign, Run: o.Run, Route: o.Account, To: o.To, Started: t.now}
		t.open(t.w.Campaigns[o.Campaign], t.w.Campaigns[o.Campaign].question(o.Question), start)
		o.Expires = t.s.Conversation.Expires
	}
	was := "failed"
	if m := t.message(o.ID); m != nil {
		was, m.Status = m.Status, is
	} else {
		m := messageOf(o)
		m.Status, m.At = is, t.now
		t.remember(m)
	}
	if o.First {
		t.move(o.Run, was, is)
	}
	t.out.Send = append(t.out.Send, o)
	t.countAd(o)
	e := messageEntry(kind, messageOf(o), "replayed")
	e.Text, e.Offer, e.Detail = o.Text, o.Offer, map[string]any{"account": o.Account}
	if o.Held {
		e.Detail["until"], e.Detail["held"] = o.NotBefore, v.Reason
	}
	t.note(e)
}

// messageOf is what the state remembers of a message.
func messageOf(o Outbound) Message {
	return Message{ID: o.ID, Class: o.Class, Run: o.Run, Campaign: o.Campaign, Question: o.Question, First: o.First, Theirs: slices.Clone(o.Taken)}
}
