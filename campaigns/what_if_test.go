package campaigns_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
)

func TestWhatIf(t *testing.T) {
	t.Parallel()
	set, problems := files.LoadFiles([]string{"a.yaml"}, func(string) ([]byte, error) {
		return []byte(`
campaign: a
questions:
  - {id: style, kind: choice, text: {vi: "Nào?"}, options: [{value: sporty, label: {vi: Thể thao}}, {value: office, label: {vi: Công sở}}]}
offers: [low, office, best, sporty]
---
{offer: low, priority: 1, text: {vi: Quà}}
---
{offer: office, priority: 5, when: 'prefs.style == "office"', text: {vi: Quà}}
---
{offer: best, priority: 9, text: {vi: "{{code}}"}, code: {pool: best}}
---
{offer: sporty, priority: 7, when: 'prefs.style == "sporty"', text: {vi: Quà}}
`), nil
	}, files.Options{Locales: []string{"vi"}})
	require.Empty(t, problems)
	w := &campaigns.World{Campaigns: set.Campaigns, Offers: set.Offers}
	p := preferences.Preference{Attribute: "style", Kind: preferences.Choice, Class: preferences.Declared, Value: preferences.Value{Kind: preferences.Choice, Text: "office"}}
	s := campaigns.State{ID: "c0-1", Contact: &preferences.Contact{Preferences: map[string]preferences.Preference{"style": p}}}
	stock := map[string]string{"best": offers.PoolEmpty}
	told := func() (list []string) {
		for _, c := range w.WhatIf(s, []string{"low", "office", "best", "sporty", "nowhere"}, time.Now(), func(o *offers.Offer) string { return stock[o.ID] }) {
			list = append(list, c.Offer+" "+c.Reason)
		}
		return list
	}
	require.Equal(t, []string{"best pool_empty", "office given", "low lower_ranking", "sporty when_false", "nowhere unknown_offer"}, told())
	clear(stock)
	require.Equal(t, []string{"best given", "office lower_ranking", "low lower_ranking", "sporty when_false", "nowhere unknown_offer"}, told())
}
