package campaigns

import "github.com/hoidap/hoidap/preferences"

// handedBack: whoever talked to the customer is done. The question that waited is asked again where it was; what waited
// for its turn has it now.
//
// Example: {"kind":"handed_back","act":{"by":"Hoa"}}
func (t *turn) handedBack() {
	if !t.mayAct() || t.s.Taken == nil {
		return
	}
	t.closeItems(byPerson, func(o Open) bool { return o.Reason == reasonTaken })
	t.release("")
	t.resume()
}

// release ends the lease. The customer has all the time again that the open question gives.
func (t *turn) release(reason string) {
	t.note(preferences.Entry{Kind: preferences.EntryHandedBack, Reason: reason, Detail: map[string]any{"by": t.s.Taken.By}})
	t.s.Taken = nil
	if c, q := t.openQuestion(); q != nil {
		conv := t.s.Conversation
		conv.HandedOver, conv.Tries = false, 0
		t.waitFor(c, q, t.now)
	}
}

// resume asks the open question again.
func (t *turn) resume() {
	c, q := t.openQuestion()
	if q == nil || t.unsent(t.s.Conversation) {
		return
	}
	to, ok := t.back(ClassReply)
	if !ok {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: ClassReply, Question: q.ID, Reason: "no_route"})
		return
	}
	text := joined(t.phrase(sayWhereWeWere, nil), t.fill(Texts(q.Ask.Text).In(t.locale(), t.w.locale()), nil))
	t.queue(t.asking(c, q, ClassReply, to, text), "")
}
