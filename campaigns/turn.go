package campaigns

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// turn is one step under way: the arguments, the state as it becomes, and the effects so far.
type turn struct {
	w          *World
	s          State // ours to change
	e          Event
	now        time.Time
	claims     map[string]Claimed
	out        Outcome
	touched    bool        // the contact itself was changed
	copied     bool        // the contact's preferences are ours to change
	heldFor    string      // why the message being queued is held
	opening    string      // what the next thing that is said begins with
	unfinished *Unfinished // what the message was read together with
	handled    bool        // the event's reply token has gone with an answer
	unpaid     *Campaign   // the one that is finished once the claims are answered
}

// Bounds on what is kept of what comes from outside.
const (
	keepEarly = 8     // reports that wait for their message
	keepRuns  = 8     // runs that wait for their turn
	textMax   = 32000 // bytes of a customer's message that are kept: far more than any channel carries, so that texts stay whole
	nameMax   = 80    // bytes of a name that a provider tells
)

// happened is when the event did, as far as its source can be believed: never later than now.
func (t *turn) happened() time.Time {
	if t.e.At.IsZero() || t.e.At.After(t.now) {
		return t.now
	}
	return t.e.At
}

func (t *turn) zone() *time.Location {
	return t.s.Contact.Zone(t.w.Brand.Zone, t.w.Pack.Zone)
}

func (t *turn) locale() string {
	if t.s.Contact != nil && t.s.Contact.Locale != "" {
		return t.s.Contact.Locale
	}
	return t.w.locale()
}

func (w *World) locale() string {
	if w.Brand.Locale != "" {
		return w.Brand.Locale
	}
	return "vi"
}

// env is what expressions see.
func (t *turn) env(event map[string]any) expr.Env {
	return expr.Env{Contact: t.s.Contact, Event: event, Now: t.now.In(t.zone())}
}

// holds evaluates a rule; a rule that cannot be evaluated does not hold, and problem says why.
func (t *turn) holds(r *expr.Rule, event map[string]any) (held bool, problem string) {
	if r == nil {
		return true, ""
	}
	held, err := r.Holds(t.env(event))
	if err != nil {
		return false, err.Error()
	}
	return held, ""
}

// note adds a ledger entry.
func (t *turn) note(e preferences.Entry) {
	e.At, e.Event = t.now, t.e.ID
	if t.out.Ledger == nil {
		t.out.Ledger = make([]preferences.Entry, 0, t.room())
	}
	t.out.Ledger = append(t.out.Ledger, e)
}

// room is how many ledger entries the event mostly gives.
func (t *turn) room() int {
	switch t.e.Kind {
	case MessageIn:
		return 6
	case RunAsk:
		return 2
	}
	return 1
}

func (t *turn) count(run string, name CountName, delta int64) {
	if run == "" {
		return
	}
	if t.out.Counts == nil {
		t.out.Counts = make([]Count, 0, 4) // as many as a reply changes
	}
	t.out.Counts = append(t.out.Counts, Count{Run: run, Name: name, Delta: delta})
}

// inbox asks a person to look.
func (t *turn) inbox(reason string) { t.inboxOf(reason, t.e.Text) }

// inboxOf is inbox for words that came before the event.
func (t *turn) inboxOf(reason, text string) {
	item := InboxItem{
		ID: t.e.ID, Contact: t.s.ID, Reason: reason, Text: clip(text, textMax), Channel: string(t.e.Channel), Account: t.e.Account,
		Message: t.e.MessageID, At: t.now,
	}
	if c := t.s.Conversation; c != nil && !t.heldBack(c) {
		item.Campaign, item.Question = c.Campaign, c.Question
	}
	t.out.Inbox = append(t.out.Inbox, item)
	t.opens(item)
	t.note(preferences.Entry{
		Kind: preferences.EntryInbox, Reason: reason, Text: item.Text, Campaign: item.Campaign, Question: item.Question,
	})
}

// forgotten is why a contact is suppressed whose address was erased before.
const forgotten = "forgotten"

// create makes the contact, home address first. Whoever was erased before stays suppressed until they write the word
// themselves: an import must not bring them back.
func (t *turn) create(home address.Address) {
	c := &preferences.Contact{ID: t.s.ID, Locale: t.w.locale(), Created: t.now, Updated: t.now}
	c.Preferences = map[string]preferences.Preference{}
	if !home.IsZero() {
		c.Addresses = []address.Address{home}
	}
	t.s.Contact, t.touched = c, true
	t.note(preferences.Entry{Kind: preferences.EntryCreated, Reason: string(t.e.Kind)})
	if !t.s.Listed {
		return
	}
	// Message ids begin where no id of the earlier life can be: a provider that drops repeats by id would drop these.
	t.s.Seq = max(t.s.Seq, t.now.UnixMilli())
	c.Suppressed = &preferences.Suppression{Reason: forgotten, At: t.now}
	t.note(preferences.Entry{Kind: preferences.EntrySuppressed, Reason: forgotten})
}

// seqOf is the sequence number in a message's id; 0 where there is none.
func seqOf(id string) int64 {
	n, err := strconv.ParseInt(id[strings.LastIndexByte(id, '.')+1:], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// clip cuts s to at most n bytes, not within a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
