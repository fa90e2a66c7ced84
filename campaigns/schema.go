package campaigns

import (
	"slices"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/preferences"
)

// Schema is what conditions may name: what some question asks for, and the options of it.
func (w *World) Schema() expr.Schema {
	s := expr.Schema{Attributes: map[string]preferences.Kind{}, Options: map[string][]string{}}
	for _, id := range sortedKeys(w.Campaigns) {
		for i := range w.Campaigns[id].Questions {
			q := &w.Campaigns[id].Questions[i]
			s.Attributes[q.Attribute] = q.Ask.Kind
			for _, o := range q.Ask.Options {
				if !slices.Contains(s.Options[q.Attribute], o.Value) {
					s.Options[q.Attribute] = append(s.Options[q.Attribute], o.Value)
				}
			}
		}
	}
	return s
}
