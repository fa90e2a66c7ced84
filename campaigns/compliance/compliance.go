// Package compliance answers one question: may this class of text go to this contact on this route now; if not, until
// when, and why.
package compliance

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// Pack is one market's rules.
type Pack struct {
	Market    string         // vn, us, eu
	QuietFrom time.Duration  // since local midnight: nothing of class ad from here ...
	QuietTo   time.Duration  // ... to here
	Zone      *time.Location // of contacts whose zone is not known
}

// Check is what is asked.
type Check struct {
	Class   string // ad, registration, service, reply, control
	Purpose string // consent that class ad needs; empty: marketing
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

// Verdict is the answer, with the reason as a stable word: opted_out, no_consent, quiet_hours, expired, unknown_contact.
type Verdict struct {
	Action Action
	Until  time.Time // where deferred
	Reason string
}
