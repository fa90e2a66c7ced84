package campaigns

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// byPerson is the rule of an answer that one of the brand's people has read, and settledSure its confidence: below that of
// one which the customer has said yes to.
const (
	byPerson    = "person"
	settledSure = 0.9
)

// settled: one of the brand's people says what the customer meant by something that was not understood. The evidence is what
// the customer wrote, all of it (I6); the conversation goes on from there, and whoever had taken it over gives it back.
//
// Example: {"kind":"settled","act":{"by":"Hoa","item":{"id":"sms:SM7","reason":"unclear","text":"đi làm","campaign":"autumn","question":"style"},"value":"office"}}
func (t *turn) settled() {
	if !t.mayAct() {
		return
	}
	a := t.e.Act
	p, ok := t.asksFor(a.Item)
	switch {
	case !ok:
		t.refused(RefusedOver, "this question has been answered, or is over")
		return
	case !a.Declined && !p.q.takes(a.Value):
		t.refused(RefusedValue, "the question cannot be answered so")
		return
	case strings.TrimSpace(a.Item.Text) == "": // a picture, say: nothing of it could be the evidence
		t.refused(RefusedNoWords, "they wrote no words that could be the answer")
		return
	}
	t.asTheyWrote(a)
	t.goesOn(p)
	t.s.Taken = nil
	t.takeBack(p.conv.Run, p.q.ID)
	t.closeItem(byPerson)
	r := understand.Reading{Status: understand.Answered, Value: a.Value, Confidence: settledSure, Words: a.Item.Text, Rule: byPerson}
	if a.Declined {
		r = understand.Reading{Status: understand.Declined, Confidence: settledSure, Words: a.Item.Text, Rule: byPerson}
		t.decline(p.c, p.q, r)
		t.answersItems(p.c.ID, p.q.ID, byPerson)
	} else {
		t.record(p.c, t.s.Conversation, p.q, r, byPerson)
	}
	t.goOn(p.c)
}

// asksFor is the question that an item is about, where it waits for its answer, or has ended unanswered.
func (t *turn) asksFor(i *InboxItem) (past, bool) {
	if !t.isOpen(i) {
		return past{}, false
	}
	if conv := t.s.Conversation; conv != nil {
		p, ok := t.past(conv, conv.Question)
		return p, ok && i.Campaign == conv.Campaign && i.Question == conv.Question
	}
	if e := t.s.Ended; e != nil && e.Expired && i.Campaign == e.Conversation.Campaign && i.Question == e.Conversation.Question {
		return t.past(&e.Conversation, i.Question)
	}
	return past{}, false
}

// asTheyWrote puts what the customer wrote, where and when, in the place of the person's own words.
func (t *turn) asTheyWrote(a *Act) {
	said := append(slices.Clone(a.Earlier), a.Item.Text)
	t.e.Text = clip(strings.Join(slices.Compact(said), "\n"), textMax)
	t.e.MessageID, t.e.Account, t.e.Channel, t.e.At = a.Item.Message, a.Item.Account, t.channelOf(a.Item), a.Item.At
}

// goesOn opens a conversation again that had ended, so that it keeps its id and nothing is given twice.
func (t *turn) goesOn(p past) {
	if t.s.Conversation != nil {
		return
	}
	conv := p.conv.clone()
	t.s.Conversation, t.s.Ended = &conv, nil
	t.waitFor(p.c, p.q, t.now)
}

// takes reports whether v can be the answer to the question.
func (q *Question) takes(v preferences.Value) bool {
	if v.Kind != q.Ask.Kind {
		return false
	}
	switch v.Kind {
	case preferences.Choice:
		return q.offers(v.Text)
	case preferences.Choices:
		return len(v.List) > 0 && !slices.ContainsFunc(v.List, func(s string) bool { return !q.offers(s) })
	case preferences.Number, preferences.Money, preferences.Rating:
		return within(v.Min, q.Ask.Min, q.Ask.Max) && within(v.Max, q.Ask.Min, q.Ask.Max) && (v.Min != nil || v.Max != nil)
	case preferences.TimeWindow:
		return v.From != "" || v.To != ""
	case preferences.YesNo:
		return true
	}
	return strings.TrimSpace(v.Text) != "" && len(v.Text) <= textMax
}

func (q *Question) offers(value string) bool {
	return slices.ContainsFunc(q.Ask.Options, func(o understand.Option) bool { return o.Value == value })
}

func within(x, lo, hi *float64) bool {
	return x == nil || (lo == nil || *x >= *lo) && (hi == nil || *x <= *hi)
}
