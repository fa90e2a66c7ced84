// Package compliance answers one question: may this class of text go to this contact on this route now; if not, until
// when, and why. It also keeps what a market wants written around an advertising text. It is pure.
package compliance

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// The classes of messages, as the rules know them. A class that is none of these is treated as an ad: whatever forgot
// to say what it is must not slip past the gate.
const (
	Ad           = "ad"
	Registration = "registration"
	Service      = "service"
	Reply        = "reply"
	Control      = "control"
)

// Pack is one market's rules.
type Pack struct {
	Market    string         // vn, us, eu
	QuietFrom time.Duration  // since local midnight: nothing of class ad from here ...
	QuietTo   time.Duration  // ... to here; the two being equal means no quiet hours
	Margin    time.Duration  // stop handing over that long before QuietFrom, because delivery lags
	Zone      *time.Location // of contacts whose zone is not known
	Marks     map[address.Channel]Marks
}

// Marks is what a market wants written around the text of an ad on one channel.
type Marks struct {
	Label  string            // the very first characters
	Other  []string          // labels that do as well: where the text begins with one, none is added
	Footer map[string]string // by locale: the last part, how to refuse
	ByLink map[string]string // the same where the text is answered, and refused, on the page behind its link
}

// Check is what is asked.
type Check struct {
	Class   string          // ad, registration, service, reply, control
	Purpose string          // consent that class ad needs; empty: marketing
	Channel address.Channel // on which it needs it; empty: on any
	Contact *preferences.Contact
	Once    bool      // the confirmation of an opt-out: passes suppression
	Expires time.Time // zero: never
}

// Action is what to do with the message.
type Action string

// The actions.
const (
	Send  Action = "send"
	Defer Action = "defer"
	Drop  Action = "drop"
)

// Verdict is the answer, with the reason as a stable word.
type Verdict struct {
	Action Action
	Until  time.Time // where deferred
	Reason string
}

// The reasons.
const (
	OptedOut       = "opted_out"
	NoConsent      = "no_consent"
	QuietHours     = "quiet_hours"
	Expired        = "expired"
	UnknownContact = "unknown_contact"
)

// May decides. The first refusal wins, in this order: the contact is gone, suppression, consent, quiet hours, expiry.
// It is asked again at the moment of sending, so a verdict is never kept.
func May(p Pack, c Check, now time.Time) Verdict {
	if c.Contact == nil {
		return Verdict{Action: Drop, Reason: UnknownContact}
	}
	if c.Contact.Suppressed != nil && !passesSuppression(c) {
		return Verdict{Action: Drop, Reason: OptedOut}
	}
	if promotes(c.Class) && c.Class != Registration && !consented(c) {
		return Verdict{Action: Drop, Reason: NoConsent}
	}
	at := now
	if promotes(c.Class) {
		at = p.Allowed(c.Contact, now)
	}
	if !c.Expires.IsZero() && !at.Before(c.Expires) {
		return Verdict{Action: Drop, Reason: Expired}
	}
	if at.After(now) {
		return Verdict{Action: Defer, Until: at, Reason: QuietHours}
	}
	return Verdict{Action: Send}
}

// promotes reports whether quiet hours and consent bind the class. Registration asks for the consent itself.
func promotes(class string) bool {
	return class != Service && class != Reply && class != Control
}

// passesSuppression: whoever has opted out still gets the answer to what they write themselves (reply) and to consent
// and data-rights words (control). Nothing that we begin passes.
func passesSuppression(c Check) bool {
	return c.Once || c.Class == Control || c.Class == Reply
}

func consented(c Check) bool {
	if c.Channel == "" {
		return c.Contact.Consented(purpose(c))
	}
	return c.Contact.ConsentedOn(purpose(c), c.Channel)
}

func purpose(c Check) string {
	if c.Purpose == "" {
		return preferences.Marketing
	}
	return c.Purpose
}
