package campaigns

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// byTap is the rule of an answer that was tapped.
const byTap = "tap"

// marksMost is up to how many marks a rating has a button each.
const marksMost = 11

// button is one answer that can be tapped. What a tap brings means the same when it is typed, since some channels say it in
// the customer's name.
type button struct {
	payload string // empty: the label itself
	label   Texts
	value   preferences.Value
}

// menu is the options of a choice, numbered as they can be typed.
func (q *Question) menu() (out []button) {
	for i, o := range q.Ask.Options {
		v := preferences.Value{Kind: q.Ask.Kind, Text: o.Value}
		if q.Ask.Kind == preferences.Choices {
			v = preferences.Value{Kind: q.Ask.Kind, List: []string{o.Value}}
		}
		out = append(out, button{strconv.Itoa(i + 1), o.Label, v})
	}
	return out
}

// answers is all that can be tapped in place of typing: the menu, a yes and a no, or the marks of a rating. A mark brings
// its scale along, as in 4/5, so that it is not taken for the number of another question's option.
func (q *Question) answers() []button {
	switch q.Ask.Kind {
	case preferences.YesNo:
		return []button{{"", saidIn(sayButtonYes), preferences.Value{Kind: preferences.YesNo, Bool: true}}, {"", saidIn(sayButtonNo), preferences.Value{Kind: preferences.YesNo}}}
	case preferences.Rating:
		return q.marks()
	}
	return q.menu()
}

func (q *Question) marks() (out []button) {
	lo, hi := q.Ask.Min, q.Ask.Max
	if lo == nil || hi == nil || *lo != math.Trunc(*lo) || *hi != math.Trunc(*hi) || *lo < 0 || *hi-*lo >= marksMost {
		return nil
	}
	for x := *lo; x <= *hi; x++ {
		out = append(out, button{fmt.Sprintf("%g/%g", x, *hi), Texts{"en": fmt.Sprintf("%g", x)}, preferences.Exact(preferences.Rating, x, "")})
	}
	return out
}

// buttons are q's quick replies on a route. A choice always has them: where the route shows none, and the text does not list
// them, they are added as text. A yes and a no, and marks, are only there where they can be tapped: everybody knows them.
func (t *turn) buttons(q *Question, r Route) []OutOption {
	all := q.answers()
	if len(q.Ask.Options) == 0 && (len(all) > r.Options || !r.Inbound) {
		return nil
	}
	return t.shown(all)
}

// shown are buttons in the customer's language.
func (t *turn) shown(all []button) (out []OutOption) {
	for _, b := range all {
		label := b.label.In(t.locale(), t.w.locale())
		out = append(out, OutOption{Payload: cmp.Or(b.payload, label), Label: label})
	}
	return out
}

// tapped: a tap counts as the answer that is on the button, unless the text that came with it is not what is written there:
// then it is a button of an older question.
func (t *turn) tapped(q *Question) (r understand.Reading, ok bool) {
	if t.e.Payload == "" {
		return r, false
	}
	written := strings.TrimSpace(t.e.Text)
	for _, b := range q.answers() {
		if !b.brings(t.e.Payload) || written != "" && written != t.e.Payload && !isLabel(b.label, written) {
			continue
		}
		return understand.Reading{Status: understand.Answered, Value: b.value, Confidence: 1, Words: cmp.Or(written, t.e.Payload), Rule: byTap}, true
	}
	return r, false
}

// brings reports whether a tap on b brings a payload. Who was asked in one language may read another by now.
func (b button) brings(payload string) bool {
	if b.payload != "" {
		return b.payload == payload
	}
	for _, l := range b.label {
		if l == payload {
			return true
		}
	}
	return false
}

// isLabel reports whether text is a label in any language, or what a channel has left of a long one.
func isLabel(label Texts, text string) bool {
	cut := strings.TrimRight(text, ".… ")
	for _, l := range label {
		if strings.EqualFold(l, text) || cut != text && cut != "" && strings.HasPrefix(strings.ToLower(l), strings.ToLower(cut)) {
			return true
		}
	}
	return false
}
