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
	Cap       Cap            // how many ads a telephone number may be sent
	Locale    string         // of the marks, for those in whose language there are none
	Marks     map[address.Channel]Marks
}

// Check is what is asked.
type Check struct {
	Class   string          // ad, registration, service, reply, control
	Purpose string          // consent that class ad needs; empty: marketing
	Channel address.Channel // on which it needs it; empty: on any
	Contact *preferences.Contact
	Once    bool        // the confirmation of an opt-out: passes suppression
	Expires time.Time   // zero: never
	Ads     []time.Time // when other ads went, or are to go, to the telephone number that this one is for, in any order
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
	FrequencyCap   = "frequency_cap"
	Expired        = "expired"
	UnknownContact = "unknown_contact"
)

// May decides. The first refusal wins, in this order: the contact is gone, suppression, consent, quiet hours, the frequency
// cap, expiry.
// It is asked again at the moment of sending, so a verdict is never kept.
func May(p Pack, c Check, now time.Time) Verdict {
	if c.Contact == nil {
		return Verdict{Action: Drop, Reason: UnknownContact}
	}
	if c.Contact.Suppressed != nil && !passesSuppression(c) {
		return Verdict{Action: Drop, Reason: OptedOut}
	}
	if Promotes(c.Class) && c.Class != Registration && !consented(c) {
		return Verdict{Action: Drop, Reason: NoConsent}
	}
	at, why := now, ""
	if Promotes(c.Class) {
		at, why = p.earliest(c, now)
	}
	if !c.Expires.IsZero() && !at.Before(c.Expires) {
		return Verdict{Action: Drop, Reason: Expired}
	}
	if at.After(now) {
		return Verdict{Action: Defer, Until: at, Reason: why}
	}
	return Verdict{Action: Send}
}

// earliest is the first moment, not before now, at which an ad may go, and the last rule that it had to wait for. What the cap
// makes wait may fall into quiet hours, and at their end the cap is asked again.
func (p Pack) earliest(c Check, now time.Time) (at time.Time, why string) {
	at = now
	for range len(c.Ads) + 2 { // each round lets one of them grow old
		open := p.Allowed(c.Contact, at)
		if open.After(at) && why == "" {
			why = QuietHours
		}
		if at = p.Cap.free(c.Ads, open); !at.After(open) {
			break
		}
		why = FrequencyCap
	}
	return at, why
}

// Promotes reports whether quiet hours and consent bind the class. Registration asks for the consent itself.
func Promotes(class string) bool {
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
