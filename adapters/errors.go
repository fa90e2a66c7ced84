package adapters

import "errors"

// What Decode refuses.
var (
	ErrForged    = errors.New("webhook signature does not fit")
	ErrMalformed = errors.New("webhook cannot be read")
)

// ErrHeld is the cause of a transient Error where sending was stopped while Send waited (see Account.Held): nothing was tried, and
// it counts as no attempt.
var ErrHeld = errors.New("sending is stopped")

// Error says what failed, for operators.
func (e *Error) Error() string {
	s := string(e.Fault)
	if e.Fault == Unknown {
		s = "outcome unknown"
	}
	if e.Code != "" {
		s += " (code " + e.Code + ")"
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }
