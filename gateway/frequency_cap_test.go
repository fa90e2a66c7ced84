package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences/address"
)

// fourCampaigns ask one question each, in ads.
func fourCampaigns() change {
	var b strings.Builder
	for i := range 4 {
		fmt.Fprintf(&b, "---\ncampaign: c%d\nquestions: [{id: q%d, kind: yes_no, text: {vi: \"Câu %d?\"}}]\n", i, i, i)
	}
	return withFiles(strings.TrimPrefix(b.String(), "---\n"))
}

// TestTheFourthAdOfADayWaits: of whichever campaigns they are; it is told why and until when, and leaves then.
func TestTheFourthAdOfADayWaits(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady, fourCampaigns())
	id := r.contact(lan, "Lan")
	first := r.clock.Now()
	for i := range 3 {
		r.run(fmt.Sprint("c", i))
		r.phone(lan, 2*i+1)
		r.settled(id, func(es []entryView) bool { return count(es, "message.sent", "") == 2*i+1 })
		r.reply(lan, "có")
		r.phone(lan, 2*i+2) // the answer, which is no ad
		r.settled(id, func(es []entryView) bool { return count(es, "message.sent", "") == 2*i+2 })
	}
	run := r.run("c3")
	r.awaitCounts(run, "held", 1)
	var held entryView
	for _, e := range r.ledger(id) {
		if e.Kind == "message.held" {
			held = e
		}
	}
	require.Equal(t, "frequency_cap", held.Reason)
	until, err := time.Parse(time.RFC3339Nano, fmt.Sprint(held.Detail["until"]))
	require.NoError(t, err)
	require.WithinDuration(t, first.Add(24*time.Hour), until, time.Minute)
	var v struct {
		Standings []struct{ Campaign, Reason string }
	}
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id+"/standings", nil, &v))
	require.Len(t, v.Standings, 4)
	r.clock.Forward(until.Sub(r.clock.Now()))
	require.Contains(t, r.phone(lan, 7)[6], "Câu 3?")
}

// TestTheSenderCountsAdsAgain: what has come to count for the number since an ad was queued, with a contact that has come in,
// say, holds the ad as it is about to leave.
func TestTheSenderCountsAdsAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, fourCampaigns())
	id := r.contact(lan, "Lan")
	r.steer("sms", "pause")
	run := r.run("c0")
	r.awaitCounts(run, "queued", 1)
	r.crash() // so that nobody else writes to the contact
	ctx, raw, key := context.Background(), r.raw(), r.key(id, "contact")
	fields := raw.HGetAll(ctx, key).Val()
	s, err := record.ReadState(id, fields)
	require.NoError(t, err)
	number := address.Address{Scheme: address.Tel, ID: lan}
	require.Len(t, s.Ads, 1)
	require.Equal(t, number, s.Ads[0].To)
	for i := range 3 {
		s.Ads = append(s.Ads, campaigns.Ad{To: number, At: r.clock.Now().Add(time.Duration(i-5) * time.Hour)})
	}
	for _, f := range record.Changes(fields, s, nil) {
		require.NoError(t, raw.HSet(ctx, key, f.Name, f.Value).Err())
	}
	r.start()
	r.steer("sms", "resume")
	r.settled(id, func(es []entryView) bool {
		return count(es, "message.held", "frequency_cap") == 1 && count(es, "message.sent", "") == 0
	})
	r.clock.Forward(21 * time.Hour) // the first is a day old at 05:00, in quiet hours
	r.phone(lan, 1)
}

// TestAnsweredOverNight: a first question waits for the morning, and what it asks is answered meanwhile: the next one is asked in
// its place.
func TestAnsweredOverNight(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady, withFiles(askedAgain))
	r.clock.at(t, "21:00")
	id, run := askedOverNight(r)
	r.reply(lan, "công sở")
	r.settled(id, func(es []entryView) bool { return count(es, "message.not_sent", "answered_since") == 1 })
	r.phone(lan, 2)
	r.clock.Forward(9 * time.Hour)
	require.Contains(t, r.phone(lan, 3)[2], "Làm quà ạ?")
	r.awaitCounts(run, "sent", 1)
	require.Equal(t, int64(1), r.runOf(run).Counts["asked"])
}

// TestNeedlessWhileTheRunIsPaused: the first question lies aside with its paused run. Once it need not be asked any more it is not
// asked when the run goes on, either.
func TestNeedlessWhileTheRunIsPaused(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady, withFiles(askedAgain))
	r.clock.at(t, "21:00")
	id, run := askedOverNight(r)
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/runs/"+run+"/pause", m{}, nil))
	r.clock.Forward(9 * time.Hour)
	raw := r.raw()
	r.until("the question lies aside", func() bool { return len(raw.Keys(t.Context(), "*:out:parked:*").Val()) == 1 })
	require.Equal(t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "facts": m{"style": "office"}}, nil))
	r.settled(id, func(es []entryView) bool { return count(es, "message.not_sent", "when_false") == 1 })
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/runs/"+run+"/resume", m{}, nil))
	r.clock.Forward(time.Minute)
	require.Contains(t, r.phone(lan, 2)[1], "Làm quà ạ?")
	r.awaitCounts(run, "sent", 1)
	require.Len(t, r.fake.Phone(lan), 2, "what need not be asked is not")
}

// TestWhatLiesAsideIsNotOpen: somebody writes while the first question lies aside with its paused run, as often as that is. It is no
// answer to a question that they never saw; they are asked once the run goes on, and what they say then is.
func TestWhatLiesAsideIsNotOpen(t *testing.T) {
	t.Parallel()
	for name, begins := range map[string]string{"held overnight": "22:30", "taken at once": "10:00"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.clock.at(t, begins)
			id := r.contact(lan, "Lan")
			if begins == "10:00" { // the account waits, so that the run is paused before the question leaves
				r.steer("sms", "pause")
			}
			run := r.run("style")
			r.until("the question waits", func() bool { return count(r.ledger(id), "conversation.asked", "") == 1 })
			steer := func(how string) {
				require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/runs/"+run+"/"+how, m{}, nil))
			}
			steer("pause")
			if begins == "10:00" {
				r.steer("sms", "resume")
				r.settled(id, has("message.held", "run_paused"))
			} else {
				r.clock.at(t, "07:05")
			}
			raw := r.raw()
			aside := func() {
				r.until("the question lies aside", func() bool { return len(raw.Keys(t.Context(), "*:out:parked:*").Val()) == 1 })
			}
			aside()
			r.reply(lan, "công sở")
			require.NotContains(t, r.phone(lan, 1)[0], "phong cách")
			require.Zero(t, count(r.ledger(id), "reply.understood", ""))
			steer("resume")
			require.Contains(t, r.phone(lan, 2)[1], "phong cách")
			r.reply(lan, "công sở")
			r.settled(id, has("reply.understood", ""))
			r.awaitCounts(run, "answered", 1)
			v := r.runOf(run)
			require.Equal(t, int64(1), v.Counts["sent"])
			require.Zero(t, v.Counts["held"]+v.Counts["queued"])
		})
	}
}

// askedAgain are two campaigns that ask the same; the later one asks something else behind it.
const askedAgain = `
campaign: early
expires: 1h
questions: [{id: style, kind: choice, text: {vi: "Gu nào?"}, options: [{value: sporty, label: Thể thao}, {value: office, label: Công sở}], fresh_for: 180d}]
---
campaign: later
questions:
  - {id: again, attribute: style, when: facts.style == nil, kind: choice, text: {vi: "Vẫn gu nào?"}, options: [{value: sporty, label: Thể thao}, {value: office, label: Công sở}], fresh_for: 180d}
  - {id: gift, kind: yes_no, text: {vi: "Làm quà ạ?"}}
`

// askedOverNight is asked by both: the question of the first has expired, that of the later one waits for the morning.
func askedOverNight(r *rig) (id, run string) {
	r.t.Helper()
	id = r.contact(lan, "Lan")
	r.run("early")
	r.phone(lan, 1)
	r.settled(id, func(es []entryView) bool { return count(es, "message.sent", "") == 1 })
	r.clock.Forward(2 * time.Hour)
	r.settled(id, func(es []entryView) bool { return count(es, "conversation.expired", "") == 1 })
	run = r.run("later")
	r.awaitCounts(run, "held", 1)
	return id, run
}
