package sample_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/cmd/hoidap/sample"
	"github.com/hoidap/hoidap/preferences"
)

func load(t *testing.T) *files.Set {
	t.Helper()
	set, problems := files.Load(sample.FS, files.Options{Locales: []string{"vi", "en"}})
	require.Empty(t, problems)
	return set
}

func TestLoadsCleanly(t *testing.T) {
	t.Parallel()
	set := load(t)
	require.Empty(t, set.Warnings)
	require.Len(t, set.Campaigns, 3)
	require.Len(t, set.Offers, 6)
	for _, c := range set.Campaigns {
		require.Len(t, c.Thanks, 2, c.ID)
		for _, q := range c.Questions {
			require.Len(t, q.Ask.Text, 2, "%s is asked in both languages", q.ID)
		}
	}
	for _, o := range set.Offers {
		require.Len(t, o.Text, 2, o.ID)
	}
}

// answers are those that a question may get.
func answers(q campaigns.Question) []preferences.Value {
	v := preferences.Value{Kind: q.Ask.Kind}
	switch q.Ask.Kind {
	case preferences.Choice:
		var out []preferences.Value
		for _, o := range q.Ask.Options {
			out = append(out, preferences.Value{Kind: q.Ask.Kind, Text: o.Value})
		}
		return out
	case preferences.Money:
		return []preferences.Value{preferences.Exact(preferences.Money, 200_000, "VND"), preferences.Exact(preferences.Money, 900_000, "VND")}
	case preferences.TimeWindow:
		return []preferences.Value{{Kind: v.Kind, From: "18:00"}, {Kind: v.Kind, To: "12:00"}}
	case preferences.YesNo:
		return []preferences.Value{v}
	}
	return nil
}

// Whatever a customer answers, there is an offer; and each offer is somebody's.
func TestEveryPathEndsInAnOffer(t *testing.T) {
	t.Parallel()
	set := load(t)
	given := map[string]bool{}
	for _, c := range set.Campaigns {
		var candidates []*offers.Offer
		for _, id := range c.Offers {
			candidates = append(candidates, set.Offers[id])
		}
		walk(t, c, 0, map[string]preferences.Preference{}, func(env expr.Env) {
			ranked, _ := offers.Choose(candidates, env, env.Now)
			require.NotEmpty(t, ranked, "%s: %v", c.ID, env.Contact.Preferences)
			given[ranked[0].ID] = true
		})
	}
	require.Len(t, given, len(set.Offers), "offers that nobody gets: %v", given)
}

// walk goes through the questions from the i-th on, with each answer in turn, and calls end after the last.
func walk(t *testing.T, c *campaigns.Campaign, i int, known map[string]preferences.Preference, end func(expr.Env)) {
	t.Helper()
	env := expr.Env{Contact: &preferences.Contact{Preferences: known}, Now: time.Unix(0, 0)}
	if i == len(c.Questions) {
		end(env)
		return
	}
	q := c.Questions[i]
	asked, err := q.When.Holds(env)
	require.NoError(t, err)
	if !asked {
		walk(t, c, i+1, known, end)
		return
	}
	all := answers(q)
	require.NotEmpty(t, all, q.ID)
	for _, v := range all {
		more := map[string]preferences.Preference{q.Attribute: {Attribute: q.Attribute, Value: v, Class: preferences.Declared}}
		for k, p := range known {
			more[k] = p
		}
		walk(t, c, i+1, more, end)
	}
}
