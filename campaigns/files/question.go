package files

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

func itoa(n int) string { return strconv.Itoa(n) }

// retriesMax bounds how often one person is asked the same.
const retriesMax = 5

// question reads one question into q. ids are those of the campaign so far, earlier the attributes asked so far.
func (l *loading) question(v strict.Value, c *campaigns.Campaign, q *campaigns.Question, ids map[string]strict.Place, earlier map[string]bool) {
	g := v.Group("id", "attribute", "label", "kind", "text", "options", "currency", "min", "max", "unit", "when", "templates", "again", "fresh_for", "remind_after", "retries")
	q.Source = v.Place().FileLine()
	q.ID = l.questionID(g, ids)
	q.Attribute = l.attributeName(g, q.ID)
	q.Label = l.label(g.Get("label"))
	q.Ask.Kind = kind(g.Need("kind", "choice"))
	q.Ask.Text = l.template(g.Need("text", `{vi: "...", en: "..."}`))
	q.Templates = l.approved(g.Get("templates"))
	q.Again = l.template(g.Get("again"))
	called := l.form(g, &q.Ask)
	q.FreshFor = duration(g.Get("fresh_for"), time.Minute, 3650*day)
	q.RemindAfter = l.reminder(g.Get("remind_after"), c)
	q.Retries = campaigns.DefaultRetries
	if r := g.Get("retries"); r.Present() {
		q.Retries = r.Int(0, retriesMax)
	}
	if r := l.condition(g.Get("when"), &q.When); r != nil {
		r.campaign, r.earlier = c.ID, clone(earlier)
	}
	q.Compile()
	l.doubts(&q.Ask, called)
	switch {
	case q.Attribute == "":
	case q.Ask.Kind == "":
		l.unread[q.Attribute] = true
	default:
		l.note(g, q, c.ID)
		earlier[q.Attribute] = true
	}
}

func clone(m map[string]bool) map[string]bool {
	out := make(map[string]bool, len(m))
	for k := range m {
		out[k] = true
	}
	return out
}

func (l *loading) questionID(g strict.Group, ids map[string]strict.Place) string {
	v := g.Need("id", "style")
	id := v.Text()
	if id == "" {
		return ""
	}
	if !idForm.MatchString(id) {
		v.Fail("write it like style: small letters a to z, digits and _", "%q cannot be the id of a question", id)
		return ""
	}
	if at, twice := ids[id]; twice {
		v.Fail("give one of them another id", "this campaign has a question %s already, on line %d", id, at.Line)
		return id
	}
	ids[id] = v.Place()
	return id
}

// attributeName is the question's attribute: its id where nothing else is said.
func (l *loading) attributeName(g strict.Group, id string) string {
	v := g.Get("attribute")
	name := id
	if v.Present() {
		name = v.Text()
	}
	if name == "" || attributeForm.MatchString(name) {
		return name
	}
	hint := "write it like return_reason: small letters a to z, digits and _"
	if v.Present() {
		v.Fail(hint, "%q cannot be an attribute", name)
	} else {
		g.Get("id").Fail("add attribute: "+strings.NewReplacer("-", "_", ".", "_").Replace(name), "%q cannot be an attribute", name)
	}
	return ""
}

// labelMax bounds what an answer is called, in characters: it stands before the answer on one line.
const labelMax = 40

// label is what the answer is called: a few words, the same for everybody.
func (l *loading) label(v strict.Value) campaigns.Texts {
	out := l.words(v)
	if !v.Present() {
		return nil
	}
	for _, p := range l.byLocaleQuietly(v) {
		switch s := out[p.Name]; {
		case strings.Contains(s, "{{"):
			p.Value.Fail("write the words themselves", "a label has no placeholders")
		case strings.Contains(s, "\n") || len([]rune(s)) > labelMax:
			p.Value.Fail("write a word or two, such as Style", "a label is one line of at most %d characters", labelMax)
		}
	}
	return out
}

func kind(v strict.Value) preferences.Kind {
	if !v.Present() {
		return ""
	}
	var names []string
	for _, k := range preferences.Kinds() {
		names = append(names, string(k))
	}
	return preferences.Kind(v.OneOf(names...))
}

// reminder must come while the question is still open.
func (l *loading) reminder(v strict.Value, c *campaigns.Campaign) time.Duration {
	d := duration(v, time.Minute, 30*day)
	open := c.Expires
	if open == 0 {
		open = campaigns.DefaultExpires
	}
	if d >= open {
		v.Fail("remind earlier, or set expires on the campaign", "the question is closed after %s, before its reminder", short(open))
	}
	return d
}

// form reads what belongs to some kinds only. called is where the names of the options stand.
func (l *loading) form(g strict.Group, ask *understand.Question) (called names) {
	k := ask.Kind
	if k == "" {
		return nil
	}
	only := func(key string, kinds ...preferences.Kind) (v strict.Value, ok bool) {
		v = g.Get(key)
		for _, allowed := range kinds {
			if k == allowed {
				return v, v.Present()
			}
		}
		v.Fail("leave it out", "a question of kind %s has no %s", k, key)
		return v, false
	}
	if _, ok := only("options", preferences.Choice, preferences.Choices); ok {
		ask.Options, called = l.options(g.Get("options"))
	} else if k == preferences.Choice || k == preferences.Choices {
		g.Need("options", "a list with value and label of each")
	}
	if v, ok := only("unit", preferences.Number); ok {
		ask.Unit = v.Text()
	}
	currency, given := only("currency", preferences.Money)
	if k == preferences.Money {
		ask.Currency = l.currency(currency, given)
	}
	lo, hasMin := only("min", preferences.Number, preferences.Money, preferences.Rating)
	hi, hasMax := only("max", preferences.Number, preferences.Money, preferences.Rating)
	if hasMin {
		ask.Min = bound(lo)
	}
	if hasMax {
		ask.Max = bound(hi)
	}
	if ask.Min != nil && ask.Max != nil && *ask.Min >= *ask.Max {
		lo.Fail("", "min must be less than max")
	}
	return called
}

func bound(v strict.Value) *float64 {
	x, ok := v.Number()
	if !ok {
		return nil
	}
	return &x
}

// defaultCurrency is what a money question means that names none.
const defaultCurrency = "VND"

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

func (l *loading) currency(v strict.Value, given bool) string {
	if !given {
		return defaultCurrency
	}
	s := v.Text()
	if s != "" && !currencyForm.MatchString(s) {
		v.Fail("write its three capital letters, such as VND or USD", "%q is not a currency", s)
	}
	return s
}

// note adds the question to what is known of its attribute, which must be asked for in one way everywhere.
func (l *loading) note(g strict.Group, q *campaigns.Question, campaign string) {
	a := l.attributes[q.Attribute]
	at := g.Get("kind")
	if a == nil {
		a = &attribute{kind: q.Ask.Kind, currency: q.Ask.Currency, first: at.Place(), asked: map[string]bool{}}
		l.attributes[q.Attribute] = a
	}
	a.asked[campaign] = true
	switch {
	case a.kind != q.Ask.Kind:
		at.Fail("use the same kind, or another attribute", "%s is of kind %s here, but of kind %s at %s", q.Attribute, q.Ask.Kind, a.kind, a.first)
	case a.currency != q.Ask.Currency:
		at.Fail("use the same currency, or another attribute", "%s is in %s here, but in %s at %s", q.Attribute, q.Ask.Currency, a.currency, a.first)
	}
	for _, o := range q.Ask.Options {
		a.options = append(a.options, o.Value)
	}
}
