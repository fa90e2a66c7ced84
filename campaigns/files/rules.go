package files

import (
	"errors"
	"strings"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/config/nearest"
	"github.com/hoidap/hoidap/config/strict"
)

func cutOffer(what string) (string, bool) { return strings.CutPrefix(what, "offer ") }

// condition puts off the compilation of v into where it belongs.
func (l *loading) condition(v strict.Value, into **expr.Rule) *rule {
	if !v.Present() {
		return nil
	}
	l.rules = append(l.rules, rule{value: v, into: into})
	return &l.rules[len(l.rules)-1]
}

func (l *loading) compile(r rule, schema expr.Schema, purposes []string) {
	src, ok := r.value.Scalar()
	if !ok {
		return
	}
	compiled, err := expr.Compile(src, schema)
	if err == nil {
		*r.into = compiled
		l.neverAsked(r, compiled)
		l.neverAgreed(r, compiled, purposes)
		return
	}
	var e *expr.Error
	if !errors.As(err, &e) {
		r.value.Fail("", "%v", err)
		return
	}
	if l.unread[e.Attribute] {
		return // there is such a question; what is wrong with it is said there
	}
	if e.Format == "" {
		r.value.FailInside(e.Line, e.Column, e.Hint, "%s", e.Message)
		return
	}
	r.value.FailInside(e.Line, e.Column, e.Hint, e.Format, e.Args...)
}

// neverAsked warns of a branch on what no question before it asks for: at the first run it looks at nothing.
func (l *loading) neverAsked(r rule, compiled *expr.Rule) {
	if r.campaign == "" {
		return
	}
	for _, name := range compiled.Attributes() {
		a := l.attributes[name]
		if a == nil || r.earlier[name] || len(a.asked) > 1 || !a.asked[r.campaign] {
			continue
		}
		l.warnings.Add(r.value.Place(), "ask for it first", "nothing asks for %s before this question", name)
	}
}

// neverAgreed warns of a consent that was mistyped: it never holds.
func (l *loading) neverAgreed(r rule, compiled *expr.Rule, purposes []string) {
	for _, c := range compiled.Consents() {
		if meant := nearest.Slip(c.Purpose, purposes); meant != "" {
			l.warnings.Add(r.value.Inside(c.Line, c.Column), "did you mean "+meant+"?", "nobody is asked for the consent %s", c.Purpose)
		}
	}
}
