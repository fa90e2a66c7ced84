package campaigns

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// partsMax bounds how much one message may answer.
const partsMax = 8

// found is what one message says to one question.
type found struct {
	q    *Question
	text string // its parts of the message
	r    understand.Reading
}

// several records the answer to the open question together with answers to questions that would have come later ("size M,
// màu đen"). It does so only where each part of the message is clear for exactly one of them.
func (t *turn) several(c *Campaign, q *Question, whole understand.Reading) bool {
	answers := t.answersIn(c, q)
	if len(answers) < 2 || answers[0].q != q || isClear(whole) && !whole.Value.Equal(answers[0].r.Value) {
		return false
	}
	conv := t.s.Conversation
	t.record(c, conv, q, answers[0].r, "")
	for _, a := range answers[1:] {
		if held, _ := t.holds(a.q.When, conv.Event); !held {
			e := t.readEntry(preferences.EntryUnclear, c, conv, a.q, a.r)
			e.Reason = "when_false" // it would not have been asked: what they mean by it is not known
			t.note(e)
			continue
		}
		t.record(c, conv, a.q, a.r, "anticipated")
		conv.Asked = append(conv.Asked, a.q.ID)
	}
	t.goOn(c)
	return true
}

// answersIn is what the parts of the message say, the open question's first; nil where some part is not clear for exactly
// one question.
func (t *turn) answersIn(c *Campaign, q *Question) []found {
	questions := t.stillToCome(c, q)
	if len(questions) < 2 || !guessable(q.Ask.Kind) {
		return nil
	}
	parts := understand.Parts(t.locale(), t.e.Text)
	if len(parts) < 2 || len(parts) > partsMax {
		return nil
	}
	answers := []found{{q: q}}
	for _, part := range parts {
		x := t.onlyOne(questions, q, part)
		if x == nil {
			return nil
		}
		i := slices.IndexFunc(answers, func(a found) bool { return a.q == x })
		if i < 0 {
			i, answers = len(answers), append(answers, found{q: x})
		}
		answers[i].text = strings.TrimPrefix(answers[i].text+", "+part, ", ")
	}
	for i := range answers {
		a := &answers[i]
		if a.r = a.q.read(t.ask(), a.text); !isClear(a.r) {
			return nil
		}
	}
	return answers
}

// stillToCome are the open question and those that this conversation has not come to. Free words would fit any text.
func (t *turn) stillToCome(c *Campaign, open *Question) []*Question {
	conv, list := t.s.Conversation, []*Question{open}
	for i := range c.Questions {
		q := &c.Questions[i]
		if q != open && q.Ask.Kind != preferences.Text && !slices.Contains(conv.Asked, q.ID) && !slices.Contains(conv.Skipped, q.ID) {
			list = append(list, q)
		}
	}
	return list
}

// onlyOne is the one question that a part of the message answers; nil where there are several, or none, or where the
// part does not say by itself what it is about.
func (t *turn) onlyOne(questions []*Question, open *Question, part string) (only *Question) {
	for _, q := range questions {
		r := q.read(t.ask(), part)
		switch {
		case r.Asks || r.Corrects || r.Status == understand.IsCommand || r.Status == understand.Declined:
			return nil
		case !isClear(r):
		case only != nil || q != open && !speaksForItself(q, r, part):
			return nil
		default:
			only = q
		}
	}
	return only
}

// speaksForItself reports whether r would be understood without its question having been asked: an option's name, an
// amount with its unit, a date. A bare number, or a yes, would not.
func speaksForItself(q *Question, r understand.Reading, part string) bool {
	switch q.Ask.Kind {
	case preferences.Choice, preferences.Choices:
		return r.Rule == "option-name"
	case preferences.Money:
		return strings.ContainsFunc(part, unicode.IsLetter)
	case preferences.Date, preferences.TimeWindow, preferences.Email:
		return true
	}
	return false
}
