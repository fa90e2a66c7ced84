package expr

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// An index knows of each contact the terms that are true of it, and of a rule which sets of terms it joins. Both sides are
// here, because both follow from what the language means. What depends on the time has no term.

// Fact is a term: what is known of a contact under a subject such as prefs.style or facts.city.
type Fact struct {
	Subject string
	Value   string // as a value is written below; Other where something is known that has no value of its own
}

// Other is the value of what is known and is not told apart: a number, a date, a long text.
const Other = "?"

// How values are written: a text, yes or no, and a member of a list, so that no two kinds are mistaken for each other.
const (
	asText   = `"`
	asBool   = "="
	asMember = "~"
)

// valueMost is how long a text may be, in bytes, that has a term of its own.
const valueMost = 48

// membersMost is how many members a list may have that have terms of their own.
const membersMost = 64

// subjectMost is how long a subject may be, in bytes, that has terms.
const subjectMost = 64

// Facts are the terms that are true of a contact, each once. nil has none.
func Facts(c *preferences.Contact) []Fact {
	if c == nil {
		return nil
	}
	l := make(facts, 0, 4+len(c.Facts)+len(c.Preferences)+len(c.Consents))
	l = append(l, Everybody())
	for i := range c.Consents {
		if p := c.Consents[i].Purpose; c.Consented(p) {
			l.add("consent."+p, asBool+"true")
		}
	}
	if c.Locale != "" {
		l.text("contact.locale", c.Locale)
	}
	for _, ch := range address.Channels() {
		if slices.ContainsFunc(c.Addresses, ch.Carries) {
			l.add(channels, asMember+string(ch))
		}
	}
	for name, x := range c.Facts {
		l.value("facts."+name, fromData(x))
	}
	for name := range c.Preferences {
		l.preference(c, name)
	}
	return l
}

// PreferenceFacts are those of the terms that are true of a contact that one preference makes true.
func PreferenceFacts(c *preferences.Contact, name string) []Fact {
	if c == nil {
		return nil
	}
	var l facts
	l.preference(c, name)
	return l
}

// facts is a list under way.
type facts []Fact

func (l *facts) preference(c *preferences.Contact, name string) {
	kind := c.Preferences[name].Value.Kind
	own := kind == preferences.Text || kind == preferences.Email // words: not told apart
	switch v := declared(c, name); {
	case v.kind == isNil:
	case v.kind == isText && own:
		l.add("prefs."+name, Other)
	default:
		l.value("prefs."+name, v)
	}
}

// add adds a term, unless it is there already.
func (l *facts) add(subject, value string) {
	f := Fact{subject, value}
	if len(subject) > subjectMost {
		f = Fact{Other, Other}
	}
	if !slices.Contains(*l, f) {
		*l = append(*l, f)
	}
}

func (l *facts) text(subject, s string) {
	if len(s) > valueMost {
		l.add(subject, Other)
		return
	}
	l.add(subject, asText+s)
}

// value adds what is known; nothing where that is nothing.
func (l *facts) value(subject string, v value) {
	switch v.kind {
	case isNil:
	case isBool:
		l.add(subject, asBool+v.show())
	case isText:
		l.text(subject, v.text)
	case isList:
		l.list(subject, v)
	default:
		l.add(subject, Other)
	}
}

// list adds the members of a list of texts; an empty list has one that is empty.
func (l *facts) list(subject string, v value) {
	var members []string
	whole := true
	v.each(func(m value) bool {
		whole = whole && m.kind == isText && m.text != "" && len(m.text) <= valueMost && len(members) < membersMost
		members = append(members, m.text)
		return whole
	})
	if !whole {
		l.add(subject, Other)
		return
	}
	for _, m := range members {
		l.add(subject, asMember+m)
	}
	if len(members) == 0 {
		l.add(subject, asMember)
	}
}

// Plan is a rule as sets of contacts that are joined.
type Plan struct {
	Op   PlanOp
	Fact Fact   // of True; of Known and Told the subject alone
	Of   []Plan // what is joined
}

// PlanOp is how a plan makes its set.
type PlanOp uint8

// The sets.
const (
	Everyone PlanOp = iota // whoever a run can reach
	True                   // of whom the fact is true
	KnownOf                // of whom something is known under the subject
	And
	Or
	Not // everyone but those of Of[0]
)

// Told are the subjects whose values the plan tells apart: where somebody has one that is not told apart, it does not
// hold.
func (p Plan) Told() (subjects []string) {
	if p.Op == True {
		subjects = append(subjects, p.Fact.Subject)
	}
	for _, q := range p.Of {
		for _, s := range q.Told() {
			if !slices.Contains(subjects, s) {
				subjects = append(subjects, s)
			}
		}
	}
	return subjects
}

// Subjects are all that the plan asks about.
func (p Plan) Subjects() []string {
	subjects := p.Told()
	if p.Op == KnownOf {
		subjects = append(subjects, p.Fact.Subject)
	}
	for _, q := range p.Of {
		for _, s := range q.Subjects() {
			if !slices.Contains(subjects, s) {
				subjects = append(subjects, s)
			}
		}
	}
	return subjects
}

// Each is the plan and every plan in it.
func (p Plan) Each() iter.Seq[Plan] {
	return func(yield func(Plan) bool) {
		if !yield(p) {
			return
		}
		for _, q := range p.Of {
			for inner := range q.Each() {
				if !yield(inner) {
					return
				}
			}
		}
	}
}

// Everybody is the term of the plan Everyone: it is true of whoever a run can reach.
func Everybody() Fact { return Fact{"*", "*"} }

// Plan is the rule as joined sets; ok is false where it asks what an index does not know. A nil rule is everyone.
func (r *Rule) Plan() (p Plan, ok bool) {
	if r == nil {
		return Plan{Op: Everyone}, true
	}
	defer func() { // the parser is somebody else's
		if recover() != nil {
			p, ok = Plan{}, false
		}
	}()
	tree, err := parser.ParseWithConfig(r.Source, grammar())
	if err != nil {
		return Plan{}, false
	}
	return planOf(tree.Node)
}

func planOf(n ast.Node) (Plan, bool) {
	switch n := n.(type) {
	case *ast.BinaryNode:
		if op, joined := map[string]PlanOp{"&&": And, "and": And, "||": Or, "or": Or}[n.Operator]; joined {
			a, ok := planOf(n.Left)
			b, also := planOf(n.Right)
			return Plan{Op: op, Of: []Plan{a, b}}, ok && also
		}
	case *ast.UnaryNode:
		if b, is := n.Node.(*ast.BinaryNode); is && (n.Operator == "not" || n.Operator == "!") && (b.Operator != "in" || b.Location() != n.Location()) {
			p, ok := planOf(b) // whatever two sides are compared or joined by is yes or no
			return Plan{Op: Not, Of: []Plan{p}}, ok
		}
	}
	r, ok := row(n)
	if !ok || strings.Count(r.Subject, ".") != 1 {
		return Plan{}, false
	}
	return r.plan()
}

// indexed are the subjects that have terms.
func indexed(subject string) bool {
	root, _, _ := strings.Cut(subject, ".")
	return len(subject) <= subjectMost && (root == "prefs" || root == "facts" || root == "consent" || subject == "contact.locale" || subject == channels)
}

func (r Row) plan() (Plan, bool) {
	if !indexed(r.Subject) {
		return Plan{}, false
	}
	is := func(value string) Plan { return Plan{Op: True, Fact: Fact{r.Subject, value}} }
	always := strings.HasPrefix(r.Subject, "consent.") || r.Subject == channels // there is no contact of whom it is not known
	knownOf := Plan{Op: KnownOf, Fact: Fact{Subject: r.Subject}}
	if always {
		knownOf = Plan{Op: Everyone}
	}
	but := func(p Plan) Plan { return Plan{Op: And, Of: []Plan{knownOf, {Op: Not, Of: []Plan{p}}}} }
	switch r.Test {
	case Yes:
		return is(asBool + "true"), true
	case No:
		if always {
			return but(is(asBool + "true")), r.Subject != channels
		}
		return is(asBool + "false"), true
	case Known:
		return knownOf, true
	case Unknown:
		return Plan{Op: Not, Of: []Plan{knownOf}}, true
	case Is, IsNot, OneOf, NoneOf, Has, Lacks:
		any, ok := r.anyOf()
		if r.Test == IsNot || r.Test == NoneOf || r.Test == Lacks {
			any = but(any)
		}
		return any, ok
	}
	return Plan{}, false
}

// anyOf is whoever has one of the row's values; ok is false where one is a number: those have no terms.
func (r Row) anyOf() (Plan, bool) {
	any := Plan{Op: Or}
	for _, v := range r.Values {
		value, ok := r.termed(literalOf(v))
		if !ok {
			return Plan{}, false
		}
		p := Plan{Op: True, Fact: Fact{r.Subject, value}}
		if value == asBool+"false" && strings.HasPrefix(r.Subject, "consent.") {
			p = Plan{Op: Not, Of: []Plan{{Op: True, Fact: Fact{r.Subject, asBool + "true"}}}}
		}
		any.Of = append(any.Of, p)
	}
	return any, len(any.Of) > 0
}

// termed is a literal as the value of a term.
func (r Row) termed(literal string) (string, bool) {
	if literal == "true" || literal == "false" {
		return asBool + literal, r.Test != Has && r.Test != Lacks
	}
	s, err := strconv.Unquote(literal)
	if err != nil || len(s) > valueMost {
		return "", false
	}
	if r.Test == Has || r.Test == Lacks {
		return asMember + s, s != ""
	}
	return asText + s, true
}
