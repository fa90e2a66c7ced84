package gateway_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// audienceCampaigns have one question each of what the population differs in.
const audienceCampaigns = `
campaign: warm-up
audience: facts.warm
channels: [sms]
questions:
  - {id: style, kind: choice, text: Phong cách?, options: [{value: sporty, label: Thể thao}, {value: office, label: Công sở}]}
---
campaign: everybody
questions:
  - {id: style, kind: choice, text: Phong cách?, options: [{value: sporty, label: Thể thao}, {value: office, label: Công sở}]}
---
campaign: answered
audience: prefs.style == "office" || facts.city == "Huế"
purpose: profiling
channels: [sms]
questions:
  - {id: budget, kind: money, when: 'facts.orders > 1', text: Ngân sách?}
---
campaign: lately
audience: told.style > now - duration("30d") && not (contact.locale == "en")
channels: [zalo, sms]
questions:
  - {id: gift, kind: yes_no, text: Mua làm quà ạ?}
`

// populated is a rig whose people are drawn by rapid.
type populated struct {
	*rig
	rt    *rapid.T
	named int            // people there are
	met   map[string]int // reasons
}

// TestACountIsWhatTheRunAsks draws people of all kinds, counts an audience, starts the run, and compares the two person by person.
func TestACountIsWhatTheRunAsks(t *testing.T) {
	if raced {
		t.Skip("it goes through hundreds of people: make unraced runs it")
	}
	t.Parallel()
	const populations = 15 // each takes a while: they are rich rather than many
	p := &populated{rig: newRig(t, withFiles(audienceCampaigns)), met: map[string]int{}}
	checked := 0
	rapid.Check(t, func(rt *rapid.T) {
		if checked++; checked > populations {
			return
		}
		p.rt = rt
		p.grow()
		campaign := rapid.SampledFrom([]string{"everybody", "answered", "lately"}).Draw(rt, "campaign")
		query := control.AudienceQuery{Campaign: campaign}
		if rule := p.g.World().Campaigns[campaign].Audience; rule != nil {
			query.Rule = rule.Source
		}
		count, err := p.g.Control.CountAudience(t.Context(), query, nil)
		require.NoError(rt, err)
		verdicts := p.verdicts(query)
		run := p.asked(campaign)
		p.sameCounts(count, p.runOf(run).Counts)
		p.samePeople(count, verdicts, run)
		p.sameResults(count, control.ResultsQuery{Campaign: campaign, Run: run})
	})
	for _, reason := range []string{"", "no_consent", "opted_out", "nothing_to_ask", "no_route", "quiet_hours", "another_question_is_open"} {
		require.Positive(t, p.met[reason], "nobody was drawn with %q", reason)
	}
}

// grow adds people, of whom some are asked something else, and answer that, decline, or say stop.
func (p *populated) grow() {
	began := p.named
	for range rapid.IntRange(5, 20).Draw(p.rt, "people") {
		p.person()
	}
	p.asked("warm-up")
	for i := began; i < p.named; i++ {
		if text := rapid.SampledFrom([]string{"", "STOP", "1", "2", "bỏ qua", "hả"}).Draw(p.rt, "reply"); text != "" {
			p.reply(numbered(i), text)
		}
	}
	p.heard()
}

func numbered(i int) string { return fmt.Sprintf("+84901%06d", i) }

func (p *populated) person() {
	i := p.named
	p.named++
	name, yes := fmt.Sprintf("Lan %d", i), rapid.Bool()
	locale := rapid.SampledFrom([]string{"vi", "en"}).Draw(p.rt, "locale")
	zone := rapid.SampledFrom([]string{"Asia/Ho_Chi_Minh", "America/New_York", ""}).Draw(p.rt, "zone")
	tel := address.Address{Scheme: address.Tel, ID: numbered(i)}
	addresses := []address.Address{tel}
	if rapid.IntRange(0, 4).Draw(p.rt, "zalo only") == 0 {
		addresses = []address.Address{{Scheme: "zalo", ID: fmt.Sprint(i)}}
	}
	e := campaigns.ContactEdit{Addresses: addresses, Name: &name, Locale: &locale, Timezone: &zone,
		Facts: map[string]any{"warm": yes.Draw(p.rt, "warm"), "orders": rapid.IntRange(0, 3).Draw(p.rt, "orders"), "city": rapid.SampledFrom([]string{"Huế", "Vinh"}).Draw(p.rt, "city")}}
	for _, purpose := range []string{preferences.Marketing, preferences.Profiling} {
		if said := rapid.IntRange(0, 3).Draw(p.rt, purpose); said > 0 {
			e.Consents = append(e.Consents, preferences.Consent{Purpose: purpose, Granted: said > 1, Source: "form", At: p.clock.Now().Add(-time.Hour)})
		}
	}
	_, _, err := p.g.Control.Upsert(access.As(p.t.Context(), access.Program()), e)
	require.NoError(p.rt, err)
}

// asked starts a run and waits until each partition has been through its contacts.
func (p *populated) asked(campaign string) string {
	run := p.run(campaign)
	p.until("everybody was asked", func() bool {
		records, err := p.g.Control.Store.Run(p.t.Context(), run)
		require.NoError(p.rt, err)
		return !slices.ContainsFunc(records, func(r map[string]string) bool { return r[record.RunFanned] != "1" })
	})
	return run
}

// heard waits until everything that people wrote was handled.
func (p *populated) heard() {
	st := p.g.Control.Store
	all := make([]int, st.Partitions())
	for i := range all {
		all[i] = i
	}
	p.until("the logs are empty", func() bool {
		left, err := st.Read(p.t.Context(), all, nil, 1, time.Millisecond)
		require.NoError(p.rt, err)
		return len(left) == 0
	})
}

// verdicts is what would become of each of the audience.
func (p *populated) verdicts(q control.AudienceQuery) map[string]campaigns.Verdict {
	all := map[string]campaigns.Verdict{}
	for cursor := ""; ; {
		page, next, err := p.g.Control.AudiencePeople(p.t.Context(), q, control.AudiencePart{}, cursor, 7)
		require.NoError(p.rt, err)
		for _, x := range page {
			require.NotContains(p.rt, all, x.Contact, "nobody is on two pages")
			all[x.Contact] = x.Verdict
		}
		if cursor = next; cursor == "" {
			return all
		}
	}
}

func (p *populated) sameCounts(count control.AudienceCount, run map[string]int64) {
	require.True(p.rt, count.Done)
	require.GreaterOrEqual(p.rt, count.Of, int64(p.named), "who had no number before and writes from one is somebody new")
	require.Equal(p.rt, count.Matches, run["audience"], "audience")
	require.Equal(p.rt, count.Asked, run["asked"], "asked")
	require.Equal(p.rt, count.Out(), run["excluded"], "excluded")
	require.Equal(p.rt, count.Held["quiet_hours"]+count.Waiting, run["held"], "held")
	require.Equal(p.rt, count.Matches, count.Asked+count.Waiting+count.Out(), "everybody has one place")
	require.LessOrEqual(p.rt, len(count.Samples), 10)
	require.Equal(p.rt, min(10, count.Matches), int64(len(count.Samples)))
}

// samePeople holds the ledgers against the verdicts.
func (p *populated) samePeople(count control.AudienceCount, verdicts map[string]campaigns.Verdict, run string) {
	require.Len(p.rt, verdicts, int(count.Matches))
	excluded := map[string]int64{}
	for id, v := range verdicts {
		p.met[v.Reason]++
		entries, err := p.g.Control.Ledger(p.t.Context(), id, 0)
		require.NoError(p.rt, err)
		asked, reason, held := false, "", ""
		for _, e := range entries {
			switch {
			case e.Run != run:
			case e.Kind == preferences.EntryAsked:
				asked = true
			case e.Kind == preferences.EntryNotAsked:
				reason = e.Reason
			case e.Kind == preferences.EntryHeld:
				held = e.Reason
			}
		}
		require.Equal(p.rt, v.Asked, asked, id)
		if !asked {
			require.Equal(p.rt, v.Reason, reason, id)
		} else {
			require.Equal(p.rt, v.Reason, held, id)
		}
		if v.Excluded() {
			excluded[v.Reason]++
		}
	}
	require.True(p.rt, maps.Equal(excluded, count.Excluded), "%v %v", excluded, count.Excluded)
}

// sameResults holds what ledgers tell of the run against the count before it, number by number and person by person.
func (p *populated) sameResults(count control.AudienceCount, q control.ResultsQuery) {
	got, err := p.g.Control.Results(p.t.Context(), q, nil)
	require.NoError(p.rt, err)
	require.True(p.rt, got.Balance().Holds(), "%+v", got.Balance())
	require.Equal(p.rt, count.Matches, got.People)
	require.Equal(p.rt, count.Waiting, got.Waiting)
	require.True(p.rt, maps.Equal(count.Excluded, got.Excluded), "%v %v", count.Excluded, got.Excluded)
	for reason, n := range got.Excluded {
		require.Len(p.rt, p.partOf(q, control.ResultsPart{Kind: "excluded", Reason: reason}), int(n), reason)
	}
	require.Len(p.rt, p.partOf(q, control.ResultsPart{Kind: "eligible"}), int(got.Eligible))
	p.sameParts(q)
}

// sameParts holds the pages of each part, which leave out where the run counts nobody, against a look at all of its people.
func (p *populated) sameParts(q control.ResultsQuery) {
	for _, kind := range []string{"audience", "eligible", "excluded", "waiting", "held", "asked", "sent", "failed", "delivered", "replied", "understood", "completed", "offered",
		"opted_out", "reached", "answered", "declined", "unclear", "changed", "dropped"} {
		want := 0
		require.NoError(p.rt, p.g.Control.EachResult(p.t.Context(), q, control.ResultsPart{Kind: kind}, func(control.ResultsPerson) error { want++; return nil }))
		require.Len(p.rt, p.partOf(q, control.ResultsPart{Kind: kind}), want, kind)
	}
}
