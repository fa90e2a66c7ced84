// Package health says how an account is doing: what each replica sees of it, what all of them see together, and what that
// comes to in a word. It is told the time, does no I/O, and knows nothing of customers: codes, counts and times only.
package health

import "time"

// State is how an account is, in a word.
type State string

// The states. Where several hold, the first of them is told.
const (
	Paused    State = "paused"    // somebody stopped it: nothing is handed to its provider
	Draining  State = "draining"  // nothing new is put on it; what is queued goes out
	Failing   State = "failing"   // messages do not get out, or will not soon
	Throttled State = "throttled" // the provider asks for patience
	OK        State = "ok"
)

// Halt is that somebody paused or drains an account. The zero Halt is neither.
type Halt struct {
	State  State     `json:"state"` // Paused, Draining
	By     string    `json:"by"`    // the name of the token
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// Count is how often something came of an attempt, or stood in a receipt, within the last hour.
type Count struct {
	Result string `json:"result"`         // taken, unknown, a fault; undelivered or failed where a receipt said so; other
	Code   string `json:"code,omitempty"` // the provider's
	N      int    `json:"count"`
}

// Refusal is a provider's no that needs an operator: credentials, balance, configuration.
type Refusal struct {
	Code   string    `json:"code,omitempty"`
	Detail string    `json:"detail,omitempty"`
	At     time.Time `json:"at"`
}

// Seen is what one replica sees of an account.
type Seen struct {
	Taken     time.Time `json:"taken,omitzero"`   // when the provider last took a message
	Inbound   time.Time `json:"inbound,omitzero"` // when a customer last wrote
	Receipt   time.Time `json:"receipt,omitzero"` // when a receipt last came
	Outcomes  []Count   `json:"outcomes,omitempty"`
	Forged    int       `json:"forged,omitempty"`    // calls of the webhook in the last hour that the provider did not sign
	Malformed int       `json:"malformed,omitempty"` // and that could not be read
	Lags      []int64   `json:"lags,omitempty"`      // from handing messages over to the receipts that they arrived, in ms: the last few hundred
	Refused   *Refusal  `json:"refused,omitempty"`   // the last one, while nothing was taken since
	Throttled time.Time `json:"throttled,omitzero"`  // when the provider last asked for patience

	InFlight int       `json:"in_flight,omitempty"` // in the provider's hands
	Pace     float64   `json:"pace,omitempty"`      // of the configured rate, 1 unless the provider asked for patience
	Until    time.Time `json:"until,omitzero"`      // nothing is taken until then
	Away     bool      `json:"away,omitempty"`      // it is left alone since its provider does not answer
}

// Probe is what asking the provider brought.
type Probe struct {
	At      time.Time `json:"at"`
	OK      bool      `json:"ok"`
	Away    bool      `json:"away,omitempty"`   // it could not be asked: nothing is known
	Detail  string    `json:"detail,omitempty"` // what is wrong
	Balance string    `json:"balance,omitempty"`
	Quota   string    `json:"quota,omitempty"`
	Expires time.Time `json:"expires,omitzero"` // of the credentials; zero: never, or not told
}

// Webhook is whether the provider was told where webhooks go.
type Webhook struct {
	At      time.Time `json:"at"`
	Problem string    `json:"problem,omitempty"` // why it could not be told; empty: it was
}
