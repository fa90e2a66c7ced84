// Package expr is the expression language of `when` and `audience`: parse, type-check, evaluate, explain.
//
// The grammar is that of expr-lang/expr, whose parser it uses. Checking and evaluation are our own, because what an
// unanswered question means is the heart of this language (a comparison with nil is false, never an error), and because
// a language of which only a safe part exists needs no list of what is forbidden.
package expr

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// Schema is what expressions may name. Naming anything else is an error at compile time.
type Schema struct {
	Attributes map[string]preferences.Kind // what prefs has
	Options    map[string][]string         // values of choice and choices attributes; an attribute without any is not checked
}

// Rule is a compiled expression; it may be used concurrently. A nil Rule always holds.
type Rule struct {
	Source string

	code  code
	terms []term
	attrs []string

	agreed []Consent
}

// Consent is a purpose that a rule asks about, and where.
type Consent struct {
	Purpose      string
	Line, Column int // both from 1, within the rule
}

// Env is what an expression sees: contact, prefs (declared ones), told (when each was said), facts, consent, event, now.
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
	Line, Column int // both from 1, within the expression; columns count characters
	Message      string
	Hint         string // what to write instead; may be empty
	Format       string // that Message was made of, for those who say it in another language; "": the parser's own words
	Args         []any
	Attribute    string // that no question asks for; "": something else is wrong
}

// mistake is an error at a place.
func mistake(line, column int, hint, format string, args ...any) *Error {
	return &Error{Line: line, Column: column, Message: fmt.Sprintf(format, args...), Hint: hint, Format: format, Args: args}
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "; " + e.Hint
}

// ErrNotCompiled is returned for a Rule that Compile did not make.
var ErrNotCompiled = errors.New("this rule was not compiled")

// Compile parses and checks src against s. Its errors are of type *Error.
func Compile(src string, s Schema) (*Rule, error) {
	c := &compiler{schema: s, src: src}
	code, err := c.whole(src)
	if err != nil {
		return nil, err
	}
	r := &Rule{Source: src, code: code, attrs: c.attributes(), agreed: c.agreed}
	for _, part := range split(src) {
		t := &compiler{schema: s, src: part}
		code, err := t.whole(part)
		if err != nil {
			return nil, err
		}
		r.terms = append(r.terms, term{source: part, code: code, seen: t.seen})
	}
	return r, nil
}

// Holds evaluates the rule. A comparison with something unknown is false, never an error; the only error is
// ErrNotCompiled.
func (r *Rule) Holds(e Env) (bool, error) {
	if r == nil {
		return true, nil
	}
	if r.code == nil {
		return false, ErrNotCompiled
	}
	f := frame{env: e}
	return r.code(&f).yes(), nil
}

// Attributes are the preferences that the rule looks at, sorted.
func (r *Rule) Attributes() []string {
	if r == nil {
		return nil
	}
	return slices.Clone(r.attrs)
}

// Consents are the purposes that the rule asks about, as they stand in it.
func (r *Rule) Consents() []Consent {
	if r == nil {
		return nil
	}
	return slices.Clone(r.agreed)
}
