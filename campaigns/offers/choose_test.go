package offers_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
)

func rule(t testing.TB, src string) *expr.Rule {
	t.Helper()
	r, err := expr.Compile(src, expr.Schema{Attributes: map[string]preferences.Kind{
		"style": preferences.Choice, "budget": preferences.Money,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func env(style string) expr.Env {
	return expr.Env{Contact: &preferences.Contact{Preferences: map[string]preferences.Preference{
		"style": {
			Attribute: "style", Kind: preferences.Choice, Class: preferences.Declared,
			Value: preferences.Value{Kind: preferences.Choice, Text: style},
		},
	}}}
}

var now = time.Date(2026, 12, 5, 10, 0, 0, 0, time.UTC)

func TestChoose(t *testing.T) {
	t.Parallel()
	office := rule(t, `prefs.style == "office" && prefs.budget.max >= 500000`)
	sporty := rule(t, `prefs.style == "sporty"`)
	ranked, considered := offers.Choose([]*offers.Offer{
		{ID: "everybody"},
		{ID: "office", When: office, Priority: 10},
		{ID: "sporty", When: sporty, Priority: 5},
		nil,
		{ID: "soon", From: now.Add(time.Second), Priority: 20},
		{ID: "first-moment", From: now, Priority: 5},
		{ID: "over", Until: now, Priority: 20},
		{ID: "last-moment", Until: now.Add(1), Priority: 5},
	}, env("sporty"), now)
	var got []string
	for _, o := range ranked {
		got = append(got, o.ID)
	}
	if want := []string{"sporty", "first-moment", "last-moment", "everybody"}; !slices.Equal(got, want) {
		t.Errorf("ranked %v, want %v", got, want)
	}
	var why []string
	for _, c := range considered {
		why = append(why, c.Offer+" "+c.Reason)
	}
	want := []string{
		"everybody eligible", "office when_false", "sporty eligible", "soon not_yet", "first-moment eligible", "over over",
		"last-moment eligible",
	}
	if !slices.Equal(why, want) {
		t.Errorf("considered %v, want %v", why, want)
	}
	if terms := considered[1].Terms; len(terms) != 2 || terms[0].Held || terms[1].Held {
		t.Errorf("terms %+v", terms)
	}
}

// TestRanking: the result is sorted, stable, has exactly the eligible ones, and leaves the candidates alone.
func TestRanking(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var list []*offers.Offer
		for i := range rapid.IntRange(0, 12).Draw(rt, "n") {
			o := &offers.Offer{ID: fmt.Sprint(i), Priority: rapid.IntRange(-2, 2).Draw(rt, "priority")}
			if rapid.Bool().Draw(rt, "over") {
				o.Until = now
			}
			list = append(list, o)
		}
		before := slices.Clone(list)
		ranked, considered := offers.Choose(list, env("office"), now)
		if !slices.Equal(list, before) || len(considered) != len(list) {
			rt.Fatalf("%d considered of %d", len(considered), len(list))
		}
		eligible := 0
		for _, c := range considered {
			if c.Eligible {
				eligible++
			}
		}
		if eligible != len(ranked) {
			rt.Fatalf("%d eligible, %d ranked", eligible, len(ranked))
		}
		for i := 1; i < len(ranked); i++ {
			a, b := ranked[i-1], ranked[i]
			if a.Priority < b.Priority || a.Priority == b.Priority && slices.Index(list, a) > slices.Index(list, b) {
				rt.Fatalf("%s before %s", a.ID, b.ID)
			}
		}
	})
}
