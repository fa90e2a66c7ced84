package campaigns

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/preferences"
)

// What the brand's own people do about a contact, each by an event of its own: settled.go, said.go, taken_over.go,
// handed_back.go, item_done.go. Here is what they share: who talks to the contact, and what waits for a person.

// LeaseLasts is how long one of the brand's people keeps a contact to themselves, from the last thing that they do.
const LeaseLasts = 15 * time.Minute

// Taken says that one of the brand's people talks to the contact. Until it is over the gateway begins nothing: questions,
// what is asked again, and reminders wait, also those that were on their way already (World.May). Stopping and the words
// about data work as ever.
type Taken struct {
	By    string    `json:"by"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// Open is an inbox item that nobody has dealt with, as the contact's state remembers it.
type Open struct {
	ID       string    `json:"id"`
	Reason   string    `json:"reason"`
	Campaign string    `json:"campaign,omitempty"`
	Question string    `json:"question,omitempty"`
	At       time.Time `json:"at"`
}

// KeepOpen bounds State.Open; older items stay in the inbox.
const KeepOpen = 16

// Act is what one of the brand's people does.
type Act struct {
	By       string            `json:"by"`                 // their name
	Item     *InboxItem        `json:"item,omitempty"`     // what it is about, as the inbox has it; nil: the contact as such
	Earlier  []string          `json:"earlier,omitempty"`  // settled: what the customer had written to the question before
	Value    preferences.Value `json:"value,omitzero"`     // settled: what they mean
	Declined bool              `json:"declined,omitempty"` // settled: that they would rather not say
	Text     string            `json:"text,omitempty"`     // said
	Try      string            `json:"try,omitempty"`      // tells one asking for the act from another: its Result has it, too
}

// Closed is an inbox item that is dealt with.
type Closed struct {
	ID     string
	Reason string // the item's own
}

// Why what a person wants to do is refused, as stable words.
const (
	RefusedTaken   = "taken"         // somebody else talks to the contact
	RefusedOver    = "not_open"      // the question has been answered, or is over
	RefusedValue   = "value"         // the question cannot be answered so
	RefusedNoWords = "no_words"      // there is nothing that the customer wrote
	RefusedWindow  = "window_closed" // the customer must write first
	RefusedNoRoute = "no_route"
	RefusedText    = "text"
	RefusedStopped = "opted_out" // they have opted out, and wrote nothing since that waits for an answer
)

// refused says why nothing was done.
func (t *turn) refused(why, problem string) {
	t.out.Result.Contact, t.out.Result.Refused, t.out.Result.Problem = t.s.ID, why, problem
}

// mayAct reports whether the person may do something about the contact now; where not, the result says why.
func (t *turn) mayAct() bool {
	t.out.Result.Contact = t.s.ID
	switch {
	case t.e.Act == nil || t.s.Contact == nil:
		t.refused(RefusedOver, "the contact is not there any more")
	case t.s.Into != nil:
		t.out.Result.Moved = true
	case t.taken() && t.s.Taken.By != t.e.Act.By:
		t.refused(RefusedTaken, t.s.Taken.By+" talks to this contact")
		who := *t.s.Taken
		t.out.Result.Taken = &who
	default:
		return true
	}
	return false
}

// taken reports whether one of the brand's people talks to the contact now.
func (t *turn) taken() bool { return t.s.Taken != nil && t.now.Before(t.s.Taken.Until) }

// take gives the contact to whoever acts, or lets them keep it for as long again.
func (t *turn) take() {
	lease := Taken{By: t.e.Act.By, Since: t.now, Until: t.now.Add(LeaseLasts)}
	if t.taken() {
		lease.Since = t.s.Taken.Since
	} else {
		t.note(preferences.Entry{Kind: preferences.EntryTakenOver, Detail: map[string]any{"by": lease.By, "until": lease.Until}})
	}
	t.s.Taken = &lease
	t.out.Result.Taken = &lease
	if conv := t.s.Conversation; conv != nil {
		if conv.Unfinished != nil { // nobody else will come back to it
			t.inboxOf(reasonTaken, conv.Unfinished.Text)
		}
		conv.Unfinished, conv.Maybe = nil, nil
	}
}

// toPerson leaves a message to whoever talks to the customer.
func (t *turn) toPerson() { t.inbox(reasonTaken) }

// reasonTaken is the reason of items that came while somebody talked to the customer.
const reasonTaken = "taken_over"

// opens remembers an item that waits for a person.
func (t *turn) opens(i InboxItem) {
	t.s.Open = append(t.s.Open, Open{ID: i.ID, Reason: i.Reason, Campaign: i.Campaign, Question: i.Question, At: i.At})
	if len(t.s.Open) > KeepOpen {
		t.s.Open = slices.Delete(t.s.Open, 0, len(t.s.Open)-KeepOpen)
	}
}

// closeItems takes those that is says out of the inbox; how says what became of them.
func (t *turn) closeItems(how string, is func(Open) bool) {
	t.s.Open = slices.DeleteFunc(t.s.Open, func(o Open) bool {
		if !is(o) {
			return false
		}
		t.dealtWith(o.ID, o.Reason, how)
		return true
	})
}

// closeItem takes the one that an act is about out of the inbox, known to the state or not.
func (t *turn) closeItem(how string) {
	i := t.e.Act.Item
	if i == nil {
		return
	}
	t.s.Open = slices.DeleteFunc(t.s.Open, func(o Open) bool { return o.ID == i.ID })
	t.dealtWith(i.ID, i.Reason, how)
}

func (t *turn) dealtWith(id, reason, how string) {
	t.out.Close = append(t.out.Close, Closed{ID: id, Reason: reason})
	e := preferences.Entry{Kind: preferences.EntryInboxClosed, Reason: how, Detail: map[string]any{"item": id, "was": reason}}
	if a := t.e.Act; a != nil {
		e.Detail["by"] = a.By
	}
	t.note(e)
}

// answersItems closes what waited because the answer to a question was not understood: there is one now.
func (t *turn) answersItems(campaign, question, how string) {
	t.closeItems(how, func(o Open) bool { return o.Reason == "unclear" && o.Campaign == campaign && o.Question == question })
}

// saidMax bounds what a person may write, in characters.
const saidMax = 2000

// tidyLines is a text as it can be sent: without control characters, and without space around it.
func tidyLines(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, s))
}
