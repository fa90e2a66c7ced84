package campaigns

import (
	"maps"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// reply handles what was said to the open question.
func (t *turn) reply(c *Campaign, q *Question, r understand.Reading) {
	t.follow()
	p := t.s.Conversation.Maybe
	if p != nil {
		t.s.Conversation.Maybe = nil // this message settles it, one way or the other
		var settled bool
		if r, settled = t.settles(c, q, r, *p); settled {
			return
		}
	}
	if r.Corrects {
		if before, changed, ok := t.takenBack(); ok && !isClear(r) {
			t.change(before, changed)
			return
		} else if ok {
			r = understand.Reading{Status: understand.Unclear, Rule: "either-question", Trace: r.Trace}
		}
	}
	switch {
	case r.Complains && isClear(r):
		t.apologiseToo()
	case asks(r, t.e.Text) && (isClear(r) || r.Status == understand.Declined):
		t.passOnToo()
	}
	switch {
	case r.Rule != byTap && t.several(c, q, r):
	case isClear(r):
		t.record(c, t.s.Conversation, q, r, "")
		t.goOn(c)
	case r.Status == understand.Declined:
		t.decline(c, q, r)
		t.goOn(c)
	case r.Complains:
		t.note(t.readEntry(preferences.EntryUnclear, c, t.s.Conversation, q, r))
		t.complaint()
	case t.comesLate(r):
	case t.asksBack(c, q, r):
	case t.waits(c, q, r):
		t.s.Conversation.Maybe = p
	default:
		t.note(t.readEntry(preferences.EntryUnclear, c, t.s.Conversation, q, r))
		if asks(r, t.e.Text) {
			t.passOn(c, q)
		} else {
			t.unclear(c, q)
		}
	}
}

// isClear reports whether a reading is an answer that may be recorded.
func isClear(r understand.Reading) bool {
	return r.Status == understand.Answered && r.Confidence >= sure && !r.Value.IsZero()
}

// decline: they would rather not say. We do not ask for it again, in this campaign or another.
func (t *turn) decline(c *Campaign, q *Question, r understand.Reading) {
	conv := t.s.Conversation
	conv.Skipped = append(conv.Skipped, q.ID)
	conv.Last, conv.LastAt = q.ID, t.now
	t.wouldRatherNotSay(q.Attribute)
	t.note(t.readEntry(preferences.EntryDeclined, c, conv, q, r))
}

// wouldRatherNotSay: the attribute is not asked for any more.
func (t *turn) wouldRatherNotSay(attribute string) {
	declined := maps.Clone(t.s.Contact.Declined)
	if declined == nil {
		declined = map[string]time.Time{}
	}
	declined[attribute] = t.happened()
	t.s.Contact.Declined, t.touched = declined, true
}

// follow continues the conversation where the customer wrote, if that is somewhere else than where we asked.
func (t *turn) follow() {
	if to, ok := t.back(ClassReply); ok {
		t.s.Conversation.Route, t.s.Conversation.To = to.route.Account, to.to
	}
}

// readEntry is a ledger entry with what was read and how: enough to explain it, and to read it again.
func (t *turn) readEntry(k preferences.EntryKind, c *Campaign, conv *Conversation, q *Question, r understand.Reading) preferences.Entry {
	detail := map[string]any{"rule": r.Rule, "confidence": r.Confidence}
	if a := t.e.Act; a != nil {
		detail["by"] = a.By
	}
	if !r.Value.IsZero() {
		detail["value"], detail["words"] = r.Value, r.Words
	}
	if len(r.Trace) > 0 {
		detail["trace"] = r.Trace
	}
	return preferences.Entry{
		Kind: k, Campaign: c.ID, Run: conv.Run, Question: q.ID, Text: clip(t.e.Text, textMax), Detail: detail,
	}
}

// record keeps the answer to a question of conv. why says, where it was not the plain answer to the open one, what it was.
func (t *turn) record(c *Campaign, conv *Conversation, q *Question, r understand.Reading, why string) {
	e := t.readEntry(preferences.EntryUnderstood, c, conv, q, r)
	e.Reason = why
	t.note(e)
	t.keep(conv, q, t.preference(c, conv, q, r))
}

// preference is what r says, with its evidence.
func (t *turn) preference(c *Campaign, conv *Conversation, q *Question, r understand.Reading) preferences.Preference {
	at := t.happened()
	r.Value.Kind = q.Ask.Kind
	p := preferences.Preference{
		Attribute: q.Attribute, Kind: q.Ask.Kind, Value: r.Value, Purpose: c.purpose(), Confidence: r.Confidence,
		Evidence: preferences.Evidence{
			Text: t.itself(), Words: r.Words, Rule: r.Rule, MessageID: t.e.MessageID, Channel: string(t.e.Channel),
			Account: t.e.Account, Campaign: c.ID, Run: conv.Run, Question: q.ID, At: at,
		},
	}
	if a := t.e.Act; a != nil {
		p.Evidence.By = a.By
	}
	if q.FreshFor > 0 {
		p.FreshUntil = at.Add(q.FreshFor)
	}
	return p
}

// keep puts p among what is known. This is the only place where a preference is called declared (I6): the words are the
// customer's own, and they stand in the evidence.
func (t *turn) keep(conv *Conversation, q *Question, p preferences.Preference) {
	p.Class = preferences.Declared
	t.setPreference(p)
	if _, declined := t.s.Contact.Declined[q.Attribute]; declined {
		t.s.Contact.Declined = maps.Clone(t.s.Contact.Declined)
		delete(t.s.Contact.Declined, q.Attribute)
	}
	conv.Last, conv.LastAt = q.ID, t.now
	t.answersItems(conv.Campaign, q.ID, "answered")
	if !conv.Answered {
		conv.Answered = true
		t.count(conv.Run, CountAnswered, 1)
	}
}

// itself is the customer's message as evidence: a tap that came without text is evidence by its payload.
func (t *turn) itself() string {
	if t.e.Text == "" {
		return t.e.Payload
	}
	return clip(t.e.Text, textMax)
}

// setPreference puts p in the place of what was known, and the ledger keeps both: the history of an attribute can be
// told from the ledger alone.
func (t *turn) setPreference(p preferences.Preference) {
	c := t.s.Contact
	detail := map[string]any{"attribute": p.Attribute, "new": p}
	if old, ok := c.Preferences[p.Attribute]; ok {
		detail["old"] = old
	}
	t.ownPreferences()[p.Attribute], t.touched = p, true
	t.out.Preferences = append(t.out.Preferences, p.Attribute)
	t.note(preferences.Entry{
		Kind: preferences.EntryPreference, Campaign: p.Evidence.Campaign, Run: p.Evidence.Run, Question: p.Evidence.Question,
		Text: p.Evidence.Text, Detail: detail,
	})
}

// goOn asks the next question, or finishes.
func (t *turn) goOn(c *Campaign) {
	conv := t.s.Conversation
	q, _ := t.next(c, conv)
	if q == nil {
		t.finish(c)
		return
	}
	t.open(c, q, t.now)
	if to, ok := t.back(ClassReply); ok {
		o := t.question(c, q, ClassReply, to)
		o.Text = joined(t.opening, o.Text)
		t.queue(o, "")
		return
	}
	t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: ClassReply, Question: q.ID, Reason: "no_route"})
}

// unclear asks again in other words, with the choices repeated, as often as the question says; then a person takes
// over and the question stays open, so that a clear answer is still read.
func (t *turn) unclear(c *Campaign, q *Question) {
	conv := t.s.Conversation
	if conv.HandedOver {
		t.inbox("unclear")
		t.answerDaily(t.phrase(sayHandedOver, nil), aboutHandedOver)
		return
	}
	conv.Tries++
	if conv.Tries > q.Retries {
		t.inbox("unclear")
		t.handOver()
		t.answer(ClassReply, t.phrase(sayHandOver, nil), aboutHandedOver)
		return
	}
	t.askAgain(c, q, t.phrase(sayAgain, nil), "")
}

// handOver leaves the open question to a person: no more nagging from us.
func (t *turn) handOver() {
	if conv := t.s.Conversation; conv != nil {
		conv.HandedOver = true
		conv.Remind = time.Time{}
	}
}

// askAgain asks the open question in other words, behind an opening.
func (t *turn) askAgain(c *Campaign, q *Question, opening, about string) {
	to, ok := t.back(ClassReply)
	if !ok {
		t.note(preferences.Entry{Kind: preferences.EntryNotSent, Class: ClassReply, Question: q.ID, Reason: "no_route"})
		return
	}
	text := joined(opening, t.otherWords(q))
	if t.s.Conversation.Tries > 1 {
		text = joined(text, t.phrase(sayAgainSkip, nil))
	}
	t.queue(t.asking(c, q, ClassReply, to, text), about)
}

// otherWords asks q in other words: the campaign's where it has some, else the question and how it can be answered.
func (t *turn) otherWords(q *Question) string {
	if again := t.fill(q.Again.In(t.locale(), t.w.locale()), nil); again != "" {
		return again
	}
	key, extra := sayAgain+"_"+string(q.Ask.Kind), map[string]string{}
	if q.Ask.Kind == preferences.Rating && q.Ask.Min != nil && q.Ask.Max != nil {
		key += "_between"
		extra["min"], extra["max"] = amount(q.Ask.Min, "", t.locale()), amount(q.Ask.Max, "", t.locale())
	}
	return joined(t.fill(Texts(q.Ask.Text).In(t.locale(), t.w.locale()), nil), t.phrase(key, extra))
}
