package campaigns_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/campaigns/offers"
)

func TestBranching(t *testing.T) {
	t.Parallel()
	set, problems := files.LoadFiles([]string{"a.yaml"}, func(string) ([]byte, error) {
		return []byte(`
campaign: a
questions:
  - id: style
    kind: choice
    text: {vi: "Phong cách nào?"}
    options: [{value: sporty, label: {vi: Thể thao}}, {value: office, label: {vi: Công sở}}, {value: party, label: {vi: Dạ hội}}]
  - {id: vip, kind: yes_no, text: {vi: "Có thẻ chưa?"}, when: 'prefs.style != "sporty"'}
  - {id: budget, kind: money, currency: VND, text: {vi: "Bao nhiêu?"}, when: 'prefs.style == "office" && prefs.vip == true'}
  - {id: lost, kind: text, text: {vi: "Sao?"}, when: 'prefs.style == "office" && prefs.style == "party"'}
  - {id: rich, kind: text, text: {vi: "Gì?"}, when: 'prefs.budget.max > 100'}
  - {id: far, kind: text, text: {vi: "Đâu?"}, when: 'facts.city == "Huế"'}
offers: [x, y]
---
offer: x
when: prefs.style == "office"
text: {vi: "Quà"}
---
offer: y
when: prefs.style == "party" && prefs.vip == true
text: {vi: "Quà"}
`), nil
	}, files.Options{Locales: []string{"vi"}})
	require.Empty(t, problems)
	c := set.Campaigns["a"]
	b := campaigns.BranchingOf(c, []*offers.Offer{set.Offers["x"], set.Offers["y"]})
	for i := range b.Steps {
		b.Steps[i].Question = nil
	}
	require.Equal(t, []campaigns.BranchStep{
		{},
		{Needs: []string{"style"}, Known: true, Leads: []string{"office", "party"}},
		{Needs: []string{"style", "vip"}, Known: true},
		{Needs: []string{"style"}, Known: true, Never: true},
		{Needs: []string{"budget"}},
		{},
	}, b.Steps)
	require.Equal(t, []campaigns.Way{
		{{Question: "style", Value: "sporty"}, {Question: "vip", Value: "true"}},
		{{Question: "style", Value: "sporty"}, {Question: "vip", Value: "false"}},
		{{Question: "style", Value: "party"}, {Question: "vip", Value: "false"}},
	}, b.Empty)
	require.Nil(t, campaigns.BranchingOf(c, []*offers.Offer{set.Offers["x"], {ID: "all"}}).Empty, "an offer for everybody")
	require.Nil(t, campaigns.BranchingOf(c, nil).Empty, "no offers, so nothing is missing")
}
