package preferences

import (
	"encoding/json"
	"fmt"
	"time"
)

// Class says how a preference came to be known. A class is never raised afterwards (invariant I6).
type Class string

// The classes, from the customer's own words down to somebody else's claim.
const (
	Declared Class = "declared" // in the customer's own message or on their own page
	Observed Class = "observed" // an event: bought, returned
	Inferred Class = "inferred" // computed
	Imported Class = "imported" // somebody's claim, by file or API
)

// Evidence is the proof of a preference: who said what, where, when, and to which question.
type Evidence struct {
	Text      string    `json:"text"`                 // the customer's message, whole and as typed
	Words     string    `json:"words,omitempty"`      // the part of it that was read as the value
	Rule      string    `json:"rule,omitempty"`       // how it was read, e.g. "menu-number"
	MessageID string    `json:"message_id,omitempty"` // the provider's id of that message
	Channel   string    `json:"channel,omitempty"`
	Account   string    `json:"account,omitempty"`
	Campaign  string    `json:"campaign,omitempty"`
	Run       string    `json:"run,omitempty"`
	Question  string    `json:"question,omitempty"`
	By        string    `json:"by,omitempty"` // who of the brand's people read it so; empty: the gateway did
	At        time.Time `json:"at"`
}

// Preference is an attribute's value for one contact, with its provenance.
type Preference struct {
	Attribute  string    `json:"attribute"`
	Kind       Kind      `json:"kind"`
	Value      Value     `json:"value"`
	Class      Class     `json:"class"`
	Purpose    string    `json:"purpose,omitempty"`
	Confidence float64   `json:"confidence"` // 0 to 1
	Evidence   Evidence  `json:"evidence"`
	FreshUntil time.Time `json:"fresh_until,omitzero"` // zero: does not go stale
}

// Fresh reports whether the preference may stand in for asking again.
func (p Preference) Fresh(now time.Time) bool {
	return p.FreshUntil.IsZero() || now.Before(p.FreshUntil)
}

// UnmarshalJSON reads a preference; the value's form follows from its kind.
func (p *Preference) UnmarshalJSON(b []byte) error {
	type plain Preference
	aux := struct {
		*plain
		Value json.RawMessage `json:"value"`
	}{plain: (*plain)(p)}
	if err := json.Unmarshal(b, &aux); err != nil {
		return err
	}
	v, err := ParseValue(p.Kind, aux.Value)
	if err != nil {
		return fmt.Errorf("preference %q: %w", p.Attribute, err)
	}
	p.Value = v
	return nil
}
