package control

import (
	"cmp"
	"context"
	"regexp"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// Vocabulary is what the rules of an audience can speak of.
type Vocabulary struct {
	Attributes []Askable `json:"attributes"`
	Purposes   []string  `json:"purposes"`
	Facts      []string  `json:"facts"` // that conditions in force name
	Channels   []string  `json:"channels"`
}

// Askable is something that questions ask for.
type Askable struct {
	Name    string            `json:"name"`
	Kind    preferences.Kind  `json:"kind"`
	Label   map[string]string `json:"label,omitempty"`
	Options []OptionView      `json:"options,omitempty"`
}

// OptionView is one of the answers that are offered.
type OptionView struct {
	Value string            `json:"value"`
	Label map[string]string `json:"label"`
}

// Vocabulary implements Audience.
func (s *Service) Vocabulary(context.Context) (Vocabulary, error) {
	w := s.World()
	v := Vocabulary{Purposes: w.Purposes()}
	for _, r := range w.Routes {
		v.Channels = put(v.Channels, string(r.Channel))
	}
	for _, c := range w.Campaigns {
		if c.Audience != nil {
			v.Facts = facts(v.Facts, c.Audience.Source)
		}
		for i := range c.Questions {
			if q := &c.Questions[i]; q.When != nil {
				v.Facts = facts(v.Facts, q.When.Source)
			}
		}
	}
	for _, o := range w.Offers {
		if o.When != nil {
			v.Facts = facts(v.Facts, o.When.Source)
		}
	}
	for name := range w.Attributes() {
		v.Attributes = append(v.Attributes, attribute(w, name))
	}
	slices.Sort(v.Facts)
	slices.SortFunc(v.Attributes, func(a, b Askable) int { return cmp.Compare(a.Name, b.Name) })
	return v, nil
}

// attribute puts together what all questions for it say.
func attribute(w *campaigns.World, name string) Askable {
	a := Askable{Name: name}
	for q := range w.Asking(name) {
		a.Kind = q.Ask.Kind
		if len(a.Label) == 0 && len(q.Label) > 0 {
			a.Label = q.Label
		}
		for _, o := range q.Ask.Options {
			if !slices.ContainsFunc(a.Options, func(x OptionView) bool { return x.Value == o.Value }) {
				a.Options = append(a.Options, OptionView{o.Value, o.Label})
			}
		}
	}
	return a
}

var fact = regexp.MustCompile(`\bfacts\.([A-Za-z_]\w*)`)

func facts(known []string, rule string) []string {
	for _, m := range fact.FindAllStringSubmatch(rule, -1) {
		known = put(known, m[1])
	}
	return known
}

func put(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
