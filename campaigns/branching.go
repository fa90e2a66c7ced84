package campaigns

import (
	"regexp"
	"slices"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
)

// Branching is how a campaign's questions follow each other, as far as their conditions tell without knowing anybody: which
// answers lead to a question, and where a way ends with nothing.
type Branching struct {
	Steps []BranchStep
	Empty []Way // answers after which none of the campaign's offers fits; nil: there are none, or it depends on more than answers
}

// BranchStep is a question in its place.
type BranchStep struct {
	Question *Question
	Needs    []string // ids of the questions before it whose answers its condition looks at
	Known    bool     // the condition looks at nothing else, and all of those have a few answers
	Leads    []string // where Known and Needs is one question: its answers with which this one is asked; "": it was not answered
	Never    bool     // Known, and there are no answers with which it would be asked
}

// Way is some answers, to one question each.
type Way []Chosen

// Chosen is an answer to a question: an option's value, true or false; "": none was given.
type Chosen struct{ Question, Value string }

// Bounds of what is tried, and told.
const (
	waysTried = 4096
	waysTold  = 4
)

// BranchingOf finds out how the questions of a campaign follow each other. The offers are those that it may give.
func BranchingOf(c *Campaign, given []*offers.Offer) Branching {
	var b Branching
	for i := range c.Questions {
		b.Steps = append(b.Steps, branchStep(c.Questions[:i], &c.Questions[i]))
	}
	b.Empty = giftless(c.Questions, given)
	return b
}

func branchStep(before []Question, q *Question) BranchStep {
	step := BranchStep{Question: q}
	for _, id := range lookedAt(before, q.When) {
		step.Needs = append(step.Needs, before[id].ID)
	}
	ways, ok := waysTo(before, q.When)
	if q.When == nil || !ok {
		return step
	}
	step.Known, step.Never = true, true
	for _, w := range ways {
		if !holds(before, q.When, w) {
			continue
		}
		step.Never = false
		if len(w) == 1 {
			step.Leads = append(step.Leads, w[0].Value)
		}
	}
	return step
}

// giftless are answers, all given, after which no offer fits.
func giftless(asked []Question, given []*offers.Offer) []Way {
	var rules []*expr.Rule
	for _, o := range given {
		if o == nil || o.When == nil {
			return nil // one for everybody
		}
		rules = append(rules, o.When)
	}
	ways, ok := waysTo(asked, rules...)
	if len(rules) == 0 || !ok {
		return nil
	}
	var empty []Way
	for _, w := range ways {
		unanswered := slices.ContainsFunc(w, func(c Chosen) bool { return c.Value == "" })
		fits := slices.ContainsFunc(rules, func(r *expr.Rule) bool { return holds(asked, r, w) })
		if !unanswered && !fits && len(empty) < waysTold {
			empty = append(empty, w)
		}
	}
	return empty
}

// beyond is what a rule can look at beside answers.
var beyond = regexp.MustCompile(`\b(facts|contact|consent|event|now|age|since)\b`)

// lookedAt are the questions, by their place, whose answers rules look at.
func lookedAt(asked []Question, rules ...*expr.Rule) (places []int) {
	for i, q := range asked {
		for _, r := range rules {
			if slices.Contains(r.Attributes(), q.Attribute) && !slices.Contains(places, i) {
				places = append(places, i)
			}
		}
	}
	return places
}

// waysTo are all answers to the questions that rules look at; ok is false where they look at anything else, or at answers
// that are too many to try.
func waysTo(asked []Question, rules ...*expr.Rule) (ways []Way, ok bool) {
	places := lookedAt(asked, rules...)
	for _, r := range rules {
		if r == nil {
			continue
		}
		if beyond.MatchString(r.Source) {
			return nil, false
		}
		for _, a := range r.Attributes() {
			if !slices.ContainsFunc(places, func(i int) bool { return asked[i].Attribute == a }) {
				return nil, false
			}
		}
	}
	ways = []Way{nil}
	for _, i := range places {
		answers := fewAnswers(&asked[i])
		if answers == nil || len(ways)*(len(answers)+1) > waysTried {
			return nil, false
		}
		var longer []Way
		for _, w := range ways {
			for _, a := range append(answers, "") {
				longer = append(longer, append(slices.Clone(w), Chosen{asked[i].ID, a}))
			}
		}
		ways = longer
	}
	return ways, true
}

// fewAnswers are the answers to a question that has a few; nil: it has many.
func fewAnswers(q *Question) (answers []string) {
	switch q.Ask.Kind {
	case preferences.YesNo:
		return []string{"true", "false"}
	case preferences.Choice:
		for _, o := range q.Ask.Options {
			answers = append(answers, o.Value)
		}
	}
	return answers
}

// holds reports whether a rule holds of somebody who gave these answers, and of whom nothing else is known.
func holds(asked []Question, r *expr.Rule, w Way) bool {
	c := &preferences.Contact{Preferences: map[string]preferences.Preference{}}
	for _, chosen := range w {
		i := slices.IndexFunc(asked, func(q Question) bool { return q.ID == chosen.Question })
		if q := &asked[i]; chosen.Value != "" {
			v := preferences.Value{Kind: q.Ask.Kind, Text: chosen.Value, Bool: chosen.Value == "true"}
			c.Preferences[q.Attribute] = preferences.Preference{Attribute: q.Attribute, Kind: q.Ask.Kind, Value: v, Class: preferences.Declared, Confidence: 1}
		}
	}
	held, err := r.Holds(expr.Env{Contact: c})
	return err == nil && held
}
