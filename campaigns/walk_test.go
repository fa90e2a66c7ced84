package campaigns_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// sameAsCounted holds what ledgers tell of runs against the runs' counts: two books of the same. What ledgers of contacts told who
// were erased is gone, and somebody who turned out to be somebody else goes on in another ledger.
func (c *crowd) sameAsCounted() {
	if c.erased || slices.ContainsFunc(c.people, func(p *person) bool { return p.state.Into != nil || len(p.state.Merges) > 0 }) {
		return
	}
	for run, want := range c.counts {
		campaign, _, byRun := strings.Cut(run, "-r")
		if !byRun || c.twice[run] { // the run of an event may come to somebody more than once a day, and count them as often
			continue
		}
		got := map[campaigns.CountName]int64{}
		for _, p := range c.people {
			for _, w := range campaigns.Walks(p.ledger, campaign) {
				if w.Run == run {
					counted(got, w)
				}
			}
		}
		maps.DeleteFunc(got, func(_ campaigns.CountName, n int64) bool { return n == 0 })
		want = maps.Clone(want)
		delete(want, campaigns.CountOptedOut) // one step may do both, take the question back and end the conversation, in either order
		maps.DeleteFunc(want, func(_ campaigns.CountName, n int64) bool { return n == 0 })
		if !maps.Equal(got, want) {
			c.rt.Fatalf("%s: the ledgers tell %v, and counted was %v", run, got, want)
		}
	}
}

// A ledger that is kept to its newest entries may begin anywhere: behind the question that a reminder repeats, say. What is left
// of a walk tells less, and never stops whoever reads it.
func TestWalksOfALedgerThatBeginsAnywhere(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 5, 3, 0, 0, 0, time.UTC)
	var whole []preferences.Entry
	for i, e := range []preferences.Entry{
		{Kind: preferences.EntryAsked, Question: "style"},
		{Kind: preferences.EntryQueued, Question: "style", Message: "c1.1", Class: campaigns.ClassAd, Text: "Phong cách nào?"},
		{Kind: preferences.EntrySent, Question: "style", Message: "c1.1", Class: campaigns.ClassAd},
		{Kind: preferences.EntryReminded, Question: "style"},
		{Kind: preferences.EntryQueued, Question: "style", Message: "c1.2", Class: campaigns.ClassAd, Text: "Nhắc chị: phong cách nào?"},
		{Kind: preferences.EntryFailed, Question: "style", Message: "c1.2", Class: campaigns.ClassAd},
		{Kind: preferences.EntryReceived},
		{Kind: preferences.EntryUnderstood, Question: "style", Text: "công sở"},
		{Kind: preferences.EntryCompleted},
	} {
		e.At, e.Campaign, e.Run = at.Add(time.Duration(i)*time.Minute), "autumn", "autumn@1"
		whole = append(whole, e)
	}
	for i := range whole {
		walks := campaigns.Walks(whole[i:], "autumn")
		require.Len(t, walks, 1)
		require.True(t, walks[0].Completed, "from entry %d on", i)
		require.Equal(t, i == 0, walks[0].Asked, "from entry %d on", i)
		require.Empty(t, campaigns.Walks(whole[i:], "spring"))
	}
	require.Equal(t, "sent", campaigns.Walks(whole, "autumn")[0].Status, "the first question's, not the reminder's")
}

// counted counts a walk as the run's counts would.
func counted(n map[campaigns.CountName]int64, w *campaigns.Walk) {
	for name, yes := range map[campaigns.CountName]bool{
		campaigns.CountAudience: w.Joined, campaigns.CountAsked: w.Asked, campaigns.CountExcluded: w.Excluded(), campaigns.CountSent: w.Sent(), campaigns.CountFailed: w.Failed(),
		campaigns.CountHeld: w.Waiting || w.Status == "held", campaigns.CountQueued: w.Status == "queued", campaigns.CountDelivered: w.Arrived, campaigns.CountAnswered: w.Answered,
		campaigns.CountOffered: w.Offer != "", campaigns.CountCompleted: w.Completed,
	} {
		if yes {
			n[name]++
		}
	}
}

// A first question of which nobody knows whether it arrived is reminded of: the reminder does not take its place.
func TestAReminderIsNotTheFirstQuestion(t *testing.T) {
	t.Parallel()
	asked := preferences.Entry{Kind: preferences.EntryAsked, Event: "e1", Campaign: "autumn", Run: "r1", Question: "style"}
	queued := preferences.Entry{Kind: preferences.EntryQueued, Event: "e1", Campaign: "autumn", Run: "r1", Question: "style", Message: "c1.1", Class: campaigns.ClassAd, Text: "Phong cách nào?"}
	failed := preferences.Entry{Kind: preferences.EntryFailed, Event: "e2", Campaign: "autumn", Run: "r1", Question: "style", Message: "c1.1", Class: campaigns.ClassAd, Reason: "unknown_outcome"}
	reminded, again := asked, queued
	reminded.Kind, reminded.Event, again.Event, again.Message = preferences.EntryReminded, "e3", "e3", "c1.2"
	w := campaigns.Walks([]preferences.Entry{asked, queued, failed, reminded, again}, "autumn")[0]
	require.Equal(t, "failed", w.Status)
	require.Equal(t, "unknown_outcome", w.Reason)

	elsewhere := again
	elsewhere.Event = "e2"
	require.Equal(t, "queued", campaigns.Walks([]preferences.Entry{asked, queued, failed, elsewhere}, "autumn")[0].Status, "by another channel instead")
}
