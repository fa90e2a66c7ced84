package campaigns

import (
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// Suggestion is what somebody may have meant by something that a person has to look at.
type Suggestion struct {
	Value      preferences.Value `json:"value,omitzero"`
	Declined   bool              `json:"declined,omitempty"` // they would rather not say; there is no value
	Label      string            `json:"label"`              // the value as the customer would say it
	Confidence float64           `json:"confidence"`         // 0 to 1; 0: nothing speaks for it
	Words      string            `json:"words,omitempty"`    // what was read as it
	Rule       string            `json:"rule,omitempty"`
}

// Suggest is what the customer may have meant by an item of the inbox, the likeliest first: what was read, what would be
// asked back, and the other answers that there are. None: the item is about no question that waits for its answer.
func (w *World) Suggest(s State, i InboxItem, now time.Time) []Suggestion {
	t, p, ok := w.about(s, i, now)
	if !ok {
		return nil
	}
	r := p.q.read(t.ask(), i.Text)
	var list []Suggestion
	for _, read := range []*understand.Reading{&r, r.Maybe} {
		if read != nil && (read.Status == understand.Declined || !read.Value.IsZero()) {
			list = t.suggests(list, p.q, *read)
		}
	}
	for _, b := range p.q.answers() {
		list = t.suggests(list, p.q, understand.Reading{Value: b.value})
	}
	return t.suggests(list, p.q, understand.Reading{Status: understand.Declined})
}

// ReadAs is what a person's own wording of the answer to an item comes to; false: it is not clear either.
func (w *World) ReadAs(s State, i InboxItem, wording string, now time.Time) (Suggestion, bool) {
	t, p, ok := w.about(s, i, now)
	if !ok {
		return Suggestion{}, false
	}
	r := p.q.read(t.ask(), wording)
	if !isClear(r) {
		return Suggestion{}, false
	}
	return t.suggests(nil, p.q, r)[0], true
}

// about is the question that an item is about, in the middle of a step that nobody will keep.
func (w *World) about(s State, i InboxItem, now time.Time) (*turn, past, bool) {
	t := &turn{w: w, s: s.clone(), now: now}
	if s.Contact == nil {
		return t, past{}, false
	}
	t.forgetEnded()
	p, ok := t.asksFor(&i)
	return t, p, ok
}

// suggests adds a reading to the list, unless it is there.
func (t *turn) suggests(list []Suggestion, q *Question, r understand.Reading) []Suggestion {
	x := Suggestion{Declined: r.Status == understand.Declined, Confidence: r.Confidence, Words: r.Words, Rule: r.Rule}
	if !x.Declined {
		r.Value.Kind = q.Ask.Kind
		x.Value, x.Label = r.Value, t.show(preferences.Preference{Attribute: q.Attribute, Value: r.Value})
	}
	if slices.ContainsFunc(list, func(y Suggestion) bool { return x.Declined == y.Declined && x.Value.Equal(y.Value) }) {
		return list
	}
	return append(list, x)
}

// Pending is the question that waits for a contact's answer, as they were asked it.
type Pending struct {
	Campaign string    `json:"campaign"`
	Question string    `json:"question"`
	Text     string    `json:"text"`
	Options  []string  `json:"options,omitempty"` // in the order in which they were numbered
	AskedAt  time.Time `json:"asked_at"`
	Expires  time.Time `json:"expires"`
}

// Pending is the question that waits for the contact's answer; nil: none does.
func (w *World) Pending(s State, now time.Time) *Pending {
	t := &turn{w: w, s: s.clone(), now: now}
	if s.Contact == nil || s.Conversation == nil {
		return nil
	}
	p, ok := t.past(t.s.Conversation, t.s.Conversation.Question)
	if !ok {
		return nil
	}
	x := &Pending{Campaign: p.c.ID, Question: p.q.ID, AskedAt: p.conv.AskedAt, Expires: p.conv.Expires,
		Text: t.fill(Texts(p.q.Ask.Text).In(t.locale(), w.locale()), nil)}
	for _, o := range t.shown(p.q.menu()) {
		x.Options = append(x.Options, o.Label)
	}
	return x
}

// Writable is whether one of the brand's people can write to a contact about an item now.
type Writable struct {
	Account string    `json:"account,omitempty"` // by which it would go
	Until   time.Time `json:"until,omitzero"`    // when its window closes; zero: it has none
	Refused string    `json:"refused,omitempty"` // why nothing can be written, as a stable word
}

// Writable says whether a person can write to the contact now, about an item or, with nil, as such.
func (w *World) Writable(s State, i *InboxItem, now time.Time) Writable {
	t := &turn{w: w, s: s.clone(), now: now}
	switch {
	case s.Contact == nil || s.Into != nil:
		return Writable{Refused: RefusedOver}
	case s.Contact.Suppressed != nil && !t.isOpen(i):
		return Writable{Refused: RefusedStopped}
	}
	to, why := t.wayTo(i)
	switch why {
	case "":
	case passWindow, passQuota:
		return Writable{Refused: RefusedWindow}
	default:
		return Writable{Refused: RefusedNoRoute}
	}
	x := Writable{Account: to.route.Account}
	if i := t.heard(x.Account, to.to); i >= 0 {
		x.Until = to.route.until(s.Heard[i])
	}
	return x
}

// Told is what a preference is called, and its value as the customer would say it.
func (w *World) Told(s State, p preferences.Preference) (name, shown string) {
	t := &turn{w: w, s: s}
	return strings.TrimSuffix(t.called(p.Attribute), ":"), tidy(t.show(p))
}
