// Package expr is the expression language of `when` and `audience`: parse, type-check, evaluate, explain.
package expr

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// Schema is what expressions may name. Naming anything else is an error at compile time.
type Schema struct {
	Attributes map[string]preferences.Kind // what prefs has
}

// Rule is a compiled expression; it may be used concurrently.
type Rule struct {
	Source string
}

// Env is what an expression sees: contact, prefs (declared ones), facts, consent, event, now.
type Env struct {
	Contact *preferences.Contact
	Event   map[string]any // the data of the event that started the run; nil elsewhere
	Now     time.Time      // in the contact's zone
}

// Term is one part of an explanation: a condition joined by && at the top level, and whether it held.
type Term struct {
	Source string `json:"source"`
	Held   bool   `json:"held"`
	Saw    string `json:"saw,omitempty"` // the values that it looked at: `prefs.style = "office"`
}

// Error is a mistake in an expression, with its place within it.
type Error struct {
	Line, Column int // both from 1, within the expression
	Message      string
	Hint         string // what to write instead; may be empty
}

func (e *Error) Error() string { return e.Message }

// Compile parses and checks src against s.
func Compile(src string, s Schema) (*Rule, error) { return &Rule{Source: src}, nil }

// Holds evaluates the rule. A comparison with something unknown is false, never an error.
func (r *Rule) Holds(e Env) (bool, error) { return false, nil }

// Explain evaluates the terms of the rule one by one.
func (r *Rule) Explain(e Env) []Term { return nil }
