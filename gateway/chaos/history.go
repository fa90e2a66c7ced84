package chaos

import (
	"slices"
	"time"
)

// History is everything that was seen from outside: what was acknowledged, what the phones show, and, once the system has
// come to rest, what it says of itself by its API. The oracle judges it and nothing else.
type History struct {
	People []*Person
	Runs   []Firing
	Offers []Offer
	Codes  map[string]int // by offer: codes whose adding was acknowledged
	Pauses []Span         // a gateway stood still, by SIGSTOP
}

// Span is a stretch of time.
type Span struct{ From, To time.Time }

// Person is one customer.
type Person struct {
	Phone  string
	Group  string
	Blind  bool      // reached by an account where nobody can find out what became of a message whose answer was lost
	Known  time.Time // when the shop's telling of them was acknowledged
	ID     string    // as the first acknowledged upsert gave it
	Wrote  []Wrote   // in the order in which they wrote, each after the one before was acknowledged
	Posted []string  // ids of what the brand's shop told of them, acknowledged
	Told   []Receipt // receipts that were acknowledged
	Got    []Got     // what the phone shows, in the order of arrival

	Edited, Editing int // the number of the last edit that was acknowledged, and of the last that was tried

	Ledger      []Entry
	Edit        int // the number of the edit that is in force
	Preferences []Preference
	Gone        bool // the API knows nobody with this address
	Unread      bool // the API did not say what it knows, in all the time that it was given
}

// Wrote is one message of a customer's.
type Wrote struct {
	SID, Text string
	Acked     time.Time // zero: never acknowledged
	Calls     int       // webhook calls that were made for it
}

// Receipt is what the provider told of a message.
type Receipt struct {
	Message, Status string
	Acked           time.Time
}

// Got is one message on a phone.
type Got struct {
	SID     string // the provider's id
	Message string // the gateway's id
	Text    string
	Asked   time.Time // the gateway's request came in
	Taken   time.Time
}

// Entry is a line of a contact's ledger, as far as the oracle reads it.
type Entry struct {
	At       time.Time      `json:"at"`
	Kind     string         `json:"kind"`
	Event    string         `json:"event"`
	Campaign string         `json:"campaign"`
	Run      string         `json:"run"`
	Question string         `json:"question"`
	Offer    string         `json:"offer"`
	Message  string         `json:"message"`
	Class    string         `json:"class"`
	Text     string         `json:"text"`
	Reason   string         `json:"reason"`
	Detail   map[string]any `json:"detail"`
}

// Preference is what is known of a customer.
type Preference struct {
	Attribute string `json:"attribute"`
	Class     string `json:"class"`
	Evidence  struct {
		Text      string `json:"text"`
		MessageID string `json:"message_id"`
	} `json:"evidence"`
}

// Firing is one run of a campaign.
type Firing struct {
	ID     string           `json:"id"`
	State  string           `json:"state"`
	Counts map[string]int64 `json:"counts"`

	Missing bool      `json:"-"` // its start was acknowledged, and the API does not know it
	Group   string    `json:"-"` // whom it is for; empty: for nobody in particular
	Asked   time.Time `json:"-"` // when its start was first asked for
}

// Offer is an offer with its stock.
type Offer struct {
	ID        string `json:"id"`
	Given     int64  `json:"given"`
	Budget    int64  `json:"budget"`
	CodesLeft *int64 `json:"codes_left"`
}

// Kinds of ledger entries that the oracle reads.
const (
	kindReceived     = "message.received"
	kindUnclear      = "reply.unclear"
	waitsForMore     = "waits_for_more" // why that is not answered yet
	kindQueued       = "message.queued"
	kindHeld         = "message.held"
	kindSent         = "message.sent"
	kindDelivered    = "message.delivered"
	kindFailed       = "message.failed"
	kindNotSent      = "message.not_sent"
	kindSuppressed   = "contact.suppressed"
	kindUnsuppressed = "contact.unsuppressed"
	kindPreference   = "preference.changed"
	kindOffered      = "offer.given"
	kindEvent        = "event.received"
	kindAsked        = "conversation.asked"
	kindNotAsked     = "conversation.not_asked"
)

// repeatedUnsure is the ledger's word for a message that was sent again because nobody could tell whether it had been.
const repeatedUnsure = "repeated_after_unknown_outcome"

// unknownOutcome is why a message is called failed that may have been sent all the same.
const unknownOutcome = "unknown_outcome"

const classAd = "ad"

// entries gives the ledger's entries of these kinds.
func (p *Person) entries(kinds ...string) (out []Entry) {
	for _, e := range p.Ledger {
		if slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}

// messageID is the provider's id of a customer's message, in the entry that received it.
func (e Entry) messageID() string {
	id, _ := e.Detail["message_id"].(string)
	return id
}

// waits tells of each run whether it still waits for its turn with the customer: another question is open. That it finds
// them a second time meanwhile (the shop told of another return) changes nothing.
func (p *Person) waits() map[string]bool {
	out := map[string]bool{}
	for _, e := range p.Ledger {
		if e.Run != "" && (e.Kind == kindNotAsked && e.Reason != "already_asked" || e.Kind == kindAsked) {
			out[e.Run] = e.Kind == kindNotAsked && (e.Reason == "another_question_is_open" || e.Reason == "a_person_talks")
		}
	}
	return out
}

// wrote reports whether the customer wrote lines, the last of them in the message id.
func (p *Person) wrote(id string, lines []string) bool {
	last := len(lines) - 1
	for i, line := range lines {
		if !slices.ContainsFunc(p.Wrote, func(w Wrote) bool { return w.Text == line && (i < last || w.SID == id) }) {
			return false
		}
	}
	return true
}

// piecesFor is longer than a message that is no answer yet waits for the rest.
const piecesFor = 25 * time.Second

// unfinished reports whether the rest of a message may still be waited for.
func (p *Person) unfinished(now time.Time) bool {
	return slices.ContainsFunc(p.entries(kindUnclear), func(e Entry) bool { return e.Reason == waitsForMore && now.Sub(e.At) < piecesFor })
}

// queued gives the entry that queued each message, by its id.
func (p *Person) queued() map[string]Entry {
	out := map[string]Entry{}
	for _, e := range p.entries(kindQueued, kindHeld) {
		if _, ok := out[e.Message]; !ok {
			out[e.Message] = e
		}
	}
	return out
}

// unsure gives the messages that the ledger says may have been sent twice.
func (p *Person) unsure() map[string]bool {
	out := map[string]bool{}
	for _, e := range p.Ledger {
		if e.Reason == repeatedUnsure {
			out[e.Message] = true
		}
	}
	return out
}

// unknown gives the messages that are called failed since nobody could tell whether they were taken.
func (p *Person) unknown() map[string]bool {
	out := map[string]bool{}
	for _, e := range p.entries(kindFailed) {
		if e.Reason == unknownOutcome {
			out[e.Message] = true
		}
	}
	return out
}

// ended reports whether the ledger says what became of a message.
func (p *Person) ended() map[string]bool {
	out := map[string]bool{}
	for _, e := range p.entries(kindSent, kindDelivered, kindFailed, kindNotSent) {
		out[e.Message] = true
	}
	return out
}
