package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// Between clear and unclear lies an answer that is likely: it is asked back, and recorded once the customer says yes.
const (
	likely    = 0.5  // the confidence from which a reading is worth asking back
	confirmed = 0.95 // the confidence of one that the customer has said yes to
)

// payloadRight is what the button under a question that was asked back sends. It is no number: a button without words
// may be an option's of the question itself.
const payloadRight = "yes"

// asksBack states the one answer that r may be and asks whether it is meant. That is a try like any other. Whoever answers
// by a page is asked the question again: there is no page to say yes on.
func (t *turn) asksBack(c *Campaign, q *Question, r understand.Reading) bool {
	conv := t.s.Conversation
	guess, ok := worthAsking(q, r)
	if !ok || t.e.Account == Web || conv.HandedOver || conv.Tries >= q.Retries {
		return false
	}
	to, ok := t.back(ClassReply)
	if !ok {
		return false
	}
	conv.Tries++
	p := t.preference(c, conv, q, guess)
	conv.Maybe = &p
	e := t.readEntry(preferences.EntryUnclear, c, conv, q, guess)
	e.Reason = "asked_back"
	t.note(e)
	t.queue(t.askingBack(c, q, to, p), "")
	return true
}

// worthAsking is the one answer that a reading may be.
func worthAsking(q *Question, r understand.Reading) (guess understand.Reading, ok bool) {
	switch {
	case r.Status == understand.Answered:
		guess = r
	case r.Status == understand.Unclear && r.Maybe != nil && !r.Asks:
		guess = *r.Maybe
		guess.Trace = r.Trace
	}
	return guess, guess.Confidence >= likely && !guess.Value.IsZero() && guessable(q.Ask.Kind)
}

// guessable: free words are nobody's to guess, and a yes to "did you mean no?" would mean either.
func guessable(k preferences.Kind) bool { return k != preferences.Text && k != preferences.YesNo }

func (t *turn) askingBack(c *Campaign, q *Question, to target, p preferences.Preference) Outbound {
	key := sayMaybeWord
	if oneIsYes(q, to.route) {
		key = sayMaybe
	}
	conv := t.s.Conversation
	o := Outbound{
		To: to.to, Account: to.route.Account, Class: ClassReply, Campaign: c.ID, Run: conv.Run, Question: q.ID,
		Text: t.phrase(key, map[string]string{"value": t.show(p)}), Expires: conv.Expires,
	}
	if to.route.Options > 0 { // elsewhere the text says how to say yes
		o.Options = []OutOption{{Payload: payloadRight, Label: t.phrase(sayRight, nil)}}
	}
	return o
}

// oneIsYes reports whether a 1 can say yes to what was asked back: not where the answer is a number itself, nor where a
// button of the question may send it.
func oneIsYes(q *Question, r Route) bool {
	return r.Options == 0 && !slices.Contains([]preferences.Kind{preferences.Number, preferences.Rating, preferences.Money}, q.Ask.Kind)
}

// settles takes the reply to what was asked back. It reports false where the reply is one to the question itself: another
// answer, a no, anything else; r is then what to make of it.
func (t *turn) settles(c *Campaign, q *Question, r understand.Reading, p preferences.Preference) (understand.Reading, bool) {
	same := r.Value.Equal(p.Value)
	right, wrong := t.saysRight()
	switch {
	case t.saysOne(q, p), isClear(r) && same, right && !isClear(r):
		t.confirm(c, q, r, p)
		return r, true
	case right && isClear(r):
		return understand.Reading{Status: understand.Unclear, Rule: "yes-and-another", Trace: r.Trace}, false
	case wrong && r.Status == understand.Unclear:
		r.Rule = "not-that"
	}
	return r, false
}

// saysRight reports whether the customer says yes, in words or by the button, or no.
func (t *turn) saysRight() (right, wrong bool) {
	if t.e.Payload == payloadRight {
		return true, false
	}
	q := &understand.Question{Kind: preferences.YesNo, Text: map[string]string{t.locale(): t.phrase(sayMaybe, nil)}}
	r := understand.Read(understand.Ask{Question: q, Locale: t.locale(), Now: t.now}, t.e.Text)
	said := isClear(r) && !r.Asks
	return said && r.Value.Bool, said && !r.Value.Bool
}

// saysOne reports whether the customer says yes with the number that they were told.
func (t *turn) saysOne(q *Question, p preferences.Preference) bool {
	route, _ := t.w.route(t.e.Account)
	if t.e.Payload != "" || t.e.Account != p.Evidence.Account || !oneIsYes(q, route) {
		return false
	}
	menu := &understand.Question{Kind: preferences.Choice, Options: []understand.Option{{Value: payloadRight, Label: Texts{t.locale(): t.phrase(sayRight, nil)}}}}
	r := understand.Read(understand.Ask{Question: menu, Locale: t.locale(), Now: t.now}, t.e.Text)
	return isClear(r) && r.Rule == "menu-position"
}

// confirm records what the customer has said yes to, with both messages as the evidence.
func (t *turn) confirm(c *Campaign, q *Question, r understand.Reading, p preferences.Preference) {
	p.Evidence.Text = clip(p.Evidence.Text+"\n"+t.itself(), textMax)
	p.Evidence.MessageID, p.Evidence.Channel, p.Evidence.Account = t.e.MessageID, string(t.e.Channel), t.e.Account
	p.Confidence = confirmed
	e := t.readEntry(preferences.EntryUnderstood, c, t.s.Conversation, q, understand.Reading{
		Value: p.Value, Words: p.Evidence.Words, Rule: p.Evidence.Rule, Confidence: p.Confidence, Trace: r.Trace,
	})
	e.Text, e.Reason = p.Evidence.Text, "confirmed"
	t.note(e)
	t.keep(t.s.Conversation, q, p)
	t.goOn(c)
}
