package console

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// Bounds on what a form may ask for.
const rowsMost = 40

// builder is the rows of a rule, and what can be chosen in them.
type builder struct {
	Outline expr.Outline
	Words   control.Vocabulary
}

// anyFact is the subject of a row whose fact has yet to be named.
const anyFact = "facts.*"

// builderRow is a row with what can be chosen in it.
type builderRow struct {
	expr.Row
	Number int    // of all rows
	Last   bool   // of its group
	Kind   string // options, checks, number, text, date, age; empty: nothing is filled in
	Tests  []expr.Test
	Picks  []control.OptionView
	Fact   string // the fact's name, where it is to be typed
	Typed  bool   // it is
}

// Value is the first value.
func (r builderRow) Value() string {
	if len(r.Values) == 0 {
		return ""
	}
	return r.Values[0]
}

// All is all values, as they are typed.
func (r builderRow) All() string { return strings.Join(r.Values, ", ") }

// Chosen reports whether a value is among the values.
func (r builderRow) Chosen(v string) bool { return slices.Contains(r.Values, v) }

// Ages are what an age can be chosen from.
func (r builderRow) Ages() []string {
	ages := []string{"7d", "30d", "90d", "180d", "365d"}
	if v := r.Value(); v != "" && !slices.Contains(ages, v) {
		ages = append(ages, v)
	}
	return ages
}

// Groups are the rows of each group.
func (b builder) Groups() [][]builderRow {
	n := 0
	var out [][]builderRow
	for _, g := range b.Outline.Groups {
		var rows []builderRow
		for i, r := range g {
			row := b.row(r)
			row.Number, row.Last = n, i == len(g)-1
			rows = append(rows, row)
			n++
		}
		out = append(out, rows)
	}
	return out
}

// row finds out what can be chosen in a row.
func (b builder) row(r expr.Row) builderRow {
	out := builderRow{Row: r}
	if r.Subject == "" {
		return out
	}
	out.Tests, out.Picks = b.tests(r.Subject)
	if name, ok := strings.CutPrefix(r.Subject, "facts."); ok && !slices.Contains(b.Words.Facts, name) {
		out.Typed, out.Fact = true, strings.TrimPrefix(name, "*")
	}
	if !slices.Contains(out.Tests, r.Test) && len(out.Tests) > 0 {
		out.Tests = append(slices.Clone(out.Tests), r.Test) // written by hand
	}
	out.Kind = b.kindOf(r, out.Picks)
	return out
}

// kindOf is what the values of a row are filled in with.
func (b builder) kindOf(r expr.Row, picks []control.OptionView) string {
	numeric := []expr.Test{expr.Least, expr.Most, expr.More, expr.Less}
	switch {
	case slices.Contains([]expr.Test{expr.Yes, expr.No, expr.Known, expr.Unknown}, r.Test):
		return ""
	case r.Test == expr.Within, r.Test == expr.Before:
		return "age"
	case len(picks) > 0 && (r.Test == expr.OneOf || r.Test == expr.NoneOf):
		return "checks"
	case len(picks) > 0:
		return "options"
	case b.attribute(r.Subject).Kind == preferences.Date:
		return "date"
	case slices.Contains(numeric, r.Test):
		return "number"
	}
	return "text"
}

func (b builder) attribute(subject string) control.Askable {
	name, _, _ := strings.Cut(strings.TrimPrefix(subject, "prefs."), ".")
	for _, a := range b.Words.Attributes {
		if a.Name == name && strings.HasPrefix(subject, "prefs.") {
			return a
		}
	}
	return control.Askable{}
}

// tests is what can be asked of a subject, the most likely first, and the values that there are.
func (b builder) tests(subject string) ([]expr.Test, []control.OptionView) {
	switch {
	case strings.HasPrefix(subject, "consent."):
		return []expr.Test{expr.Yes, expr.No}, nil
	case strings.HasPrefix(subject, "facts."):
		return []expr.Test{expr.Is, expr.IsNot, expr.Least, expr.Most, expr.More, expr.Less, expr.OneOf, expr.Contains, expr.Yes, expr.No, expr.Known, expr.Unknown}, nil
	case subject == "contact.locale":
		return []expr.Test{expr.Is, expr.IsNot}, []control.OptionView{{Value: "vi", Label: map[string]string{"vi": "Tiếng Việt"}}, {Value: "en", Label: map[string]string{"en": "English"}}}
	case subject == "contact.channels":
		var picks []control.OptionView
		for _, ch := range b.Words.Channels {
			picks = append(picks, control.OptionView{Value: ch})
		}
		return []expr.Test{expr.Has, expr.Lacks}, picks
	case subject == "contact.created":
		return []expr.Test{expr.Within, expr.Before}, nil
	case strings.HasPrefix(subject, "contact."):
		return []expr.Test{expr.Is, expr.IsNot, expr.Contains, expr.Known, expr.Unknown}, nil
	}
	a := b.attribute(subject)
	return append(testsOf(a.Kind), expr.Known, expr.Unknown, expr.Within, expr.Before), a.Options
}

func testsOf(k preferences.Kind) []expr.Test {
	switch k {
	case preferences.Choice:
		return []expr.Test{expr.Is, expr.IsNot, expr.OneOf, expr.NoneOf}
	case preferences.Choices:
		return []expr.Test{expr.Has, expr.Lacks}
	case preferences.YesNo:
		return []expr.Test{expr.Yes, expr.No}
	case preferences.Number, preferences.Money, preferences.Rating, preferences.Date:
		return []expr.Test{expr.Least, expr.Most, expr.Is}
	case preferences.TimeWindow:
		return nil
	}
	return []expr.Test{expr.Is, expr.Contains}
}

// fill takes the rows of a form, and does what its button says: a row more in a group, a group more, a row less.
func (b *builder) fill(form url.Values) {
	o := expr.Outline{Any: form.Get("any") == "1"}
	remove, _ := strconv.Atoi(strings.TrimPrefix(form.Get("do"), "remove-"))
	removing := strings.HasPrefix(form.Get("do"), "remove-")
	group := -1
	for i := range rowsMost {
		key := strconv.Itoa(i)
		g, err := strconv.Atoi(form.Get("group-" + key))
		if err != nil {
			break
		}
		if removing && i == remove {
			continue
		}
		if g != group {
			o.Groups, group = append(o.Groups, nil), g
		}
		last := len(o.Groups) - 1
		o.Groups[last] = append(o.Groups[last], b.filled(form, key))
		if form.Get("do") == "add-"+key {
			o.Groups[last] = append(o.Groups[last], b.fresh())
		}
	}
	if form.Get("do") == "group" {
		o.Groups = append(o.Groups, expr.Group{b.fresh()})
	}
	b.Outline = o
}

// fresh is a row that was just added.
func (b *builder) fresh() expr.Row {
	if len(b.Words.Attributes) > 0 {
		return b.sensible(expr.Row{Subject: "prefs." + b.Words.Attributes[0].Name})
	}
	return expr.Row{Subject: "consent." + preferences.Marketing, Test: expr.Yes}
}

func (b *builder) filled(form url.Values, key string) expr.Row {
	r := expr.Row{Subject: form.Get("subject-" + key), Test: expr.Test(form.Get("test-" + key)), Source: form.Get("source-" + key)}
	if r.Subject == "" {
		return r
	}
	if r.Subject == anyFact {
		if name := form.Get("fact-" + key); factName.MatchString(name) {
			r.Subject = "facts." + name
		}
	}
	r.Source = ""
	for _, v := range form["value-"+key] {
		if v = strings.TrimSpace(v); v != "" {
			r.Values = append(r.Values, v)
		}
	}
	if of := form.Get("of-" + key); r.Subject != of && of != anyFact { // another subject was chosen: what was asked of the other one says nothing of it
		r.Test, r.Values = "", nil
	}
	return b.sensible(r)
}

// factName is a name that can be written behind a dot.
var factName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// thousands are the dots or commas between the thousands of a number, as they are written in Vietnam and elsewhere.
var thousands = regexp.MustCompile(`^-?\d{1,3}([.,\s]\d{3})+$`)

// sensible gives a row a test that its subject has, and values in the form that the test wants.
func (b *builder) sensible(r expr.Row) expr.Row {
	tests, _ := b.tests(r.Subject)
	if !slices.Contains(tests, r.Test) && len(tests) > 0 {
		r.Test, r.Values = tests[0], nil
	}
	row := b.row(r)
	switch row.Kind {
	case "":
		r.Values = nil
	case "number":
		for i, v := range r.Values {
			if thousands.MatchString(v) {
				r.Values[i] = strings.NewReplacer(".", "", ",", "", " ", "").Replace(v)
			}
		}
	case "age":
		if len(r.Values) == 0 {
			r.Values = []string{"180d"}
		}
		if _, ok := expr.ParseDuration(r.Values[0]); !ok {
			r.Values = []string{"180d"}
		}
	case "options":
		r.Values = r.Values[:min(1, len(r.Values))]
		if len(r.Values) == 0 && len(row.Picks) > 0 {
			r.Values = []string{row.Picks[0].Value}
		}
	case "text":
		if r.Test == expr.OneOf || r.Test == expr.NoneOf {
			r.Values = commaSeparated(r.Values)
		}
	}
	return r
}

func commaSeparated(values []string) (out []string) {
	for _, v := range strings.Split(strings.Join(values, ","), ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

func splitLines(s string) []string { return strings.Split(s, "\n") }

// contactSubjects is what can be asked of the person.
var contactSubjects = []string{"contact.locale", "contact.channels", "contact.created", "contact.name", "contact.timezone"}

// Foreign reports whether a subject was written by hand and is none of those that can be chosen.
func (b builder) Foreign(subject string) bool {
	root, name, _ := strings.Cut(subject, ".")
	switch root {
	case "prefs":
		return !slices.ContainsFunc(b.Words.Attributes, func(a control.Askable) bool { return a.Name == name })
	case "consent":
		return !slices.Contains(b.Words.Purposes, name)
	case "contact":
		return !slices.Contains(contactSubjects, subject)
	}
	return root != "facts"
}

// label is the text in the page's language, else in the other one, else the name.
func (l lang) label(texts map[string]string, name string) string {
	for _, x := range []lang{l, vi, en} {
		if s := texts[string(x)]; s != "" {
			return s
		}
	}
	return name
}

// seconds is a duration with one digit behind the point.
func (l lang) seconds(d time.Duration) string {
	s := strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
	if l == vi {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
