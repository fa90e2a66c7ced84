package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sender"
)

const days = 24 * time.Hour

func keeping(k engine.Keep) change {
	return func(r *rig) {
		tune := r.opts.Tune
		r.opts.Tune = func(e *engine.Options, s *sender.Options) { tune(e, s); e.Keep = k }
	}
}

// keys counts Redis's keys that hold a word.
func (r *rig) keys(word string) (n int) {
	for key := range r.redis.Everything() {
		if strings.Contains(key, word) {
			n++
		}
	}
	return n
}

func (r *rig) listed() (ids []string) {
	r.t.Helper()
	var out struct{ Runs []struct{ ID string } }
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/runs?limit=200", nil, &out))
	for _, v := range out.Runs {
		ids = append(ids, v.ID)
	}
	return ids
}

func TestOldThingsAreClearedAway(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady)
	r.contact(lan, "Lan")
	r.refuse(1)
	run := r.run("style")
	r.letters(1)
	r.settledRun(run, "done")
	r.reply(lan, "xyzzy oi co ship khong")
	inbox := func() int {
		var out struct{ Inbox []m }
		require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/inbox", nil, &out))
		return len(out.Inbox)
	}
	r.until("it is before a person", func() bool { return inbox() == 1 })
	r.clock.Forward(29 * days)
	r.awaitCounts(r.run("style"), "sent", 1)
	require.Len(t, r.dead(""), 1)
	r.clock.Forward(2 * days)
	r.letters(0)
	require.Equal(t, 1, inbox())
	r.clock.Forward(60 * days)
	r.until("the inbox is cleared", func() bool { return inbox() == 0 })
	require.Len(t, r.listed(), 2)
	r.clock.Forward(310 * days)
	r.until("the older run is gone", func() bool { return len(r.listed()) == 1 })
	require.NotContains(t, r.listed(), run)
	r.until("everywhere", func() bool { return r.keys(":run:"+run) == 0 })
	status, _ := r.try("GET", "/api/v1/runs/"+run, nil)
	require.Equal(t, http.StatusNotFound, status)
}

// Of a campaign's many runs the newest stay; what is young, or not finished, stays whatever its number.
func TestACampaignsManyRunsAreBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t, keeping(engine.Keep{Latest: 2}), steady)
	r.contact(lan, "Lan")
	r.stopSending("")
	open := r.run("style") // its question waits
	r.until("it waits", func() bool { return r.runOf(open).Counts["queued"] == 1 })
	var runs []string
	for range 4 {
		id := r.run("style")
		r.settledRun(id, "running") // held: another question is open
		runs = append(runs, id)
		require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/runs/"+id+"/cancel", nil, nil))
		r.until("nothing of it waits", func() bool { c := r.runOf(id).Counts; return c["held"]+c["queued"] == 0 })
		r.clock.Forward(time.Second)
	}
	require.Len(t, r.listed(), 5)
	r.clock.Forward(31 * days)
	r.until("the oldest are gone", func() bool { return len(r.listed()) == 3 })
	require.ElementsMatch(t, []string{open, runs[2], runs[3]}, r.listed())
}

func TestALedgerIsBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t, keeping(engine.Keep{Ledger: 20}), steady)
	id := r.contact(lan, "Lan")
	edit := func(i int) {
		r.until("it is edited", func() bool {
			status, _ := r.try("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}, "facts": m{"n": i}})
			return status == http.StatusOK
		})
	}
	length := func() int64 { return r.raw().LLen(context.Background(), r.key(id, "ledger")).Val() }
	for i := range 30 {
		edit(i)
	}
	n := 30
	for before := length(); ; n++ { // it is looked at as if by chance, in one of 64
		edit(n)
		now := length()
		require.GreaterOrEqual(t, now, int64(20))
		if now <= before {
			require.Equal(t, int64(20), now, "the newest stay")
			return
		}
		before = now
		require.Less(t, n, 2000)
	}
}

// key is a contact's key of a kind.
func (r *rig) key(id, kind string) string {
	p, _, _ := strings.Cut(strings.TrimPrefix(id, "c"), "-")
	return fmt.Sprintf("{p%02s}:%s:%s", p, kind, id)
}

// Campaign a with key b-c and campaign a-b with key c are two runs.
func TestRunsOfCampaignsWithSimilarNamesAreApart(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles(`
campaign: a
questions: [{id: q, kind: text, text: {vi: "Hỏi một?"}}]
---
campaign: a-b
questions: [{id: q, kind: text, text: {vi: "Hỏi hai?"}}]
`))
	start := func(campaign, key string) (out struct{ ID, Campaign string }) {
		status, raw := r.tryKeyed("POST", "/api/v1/campaigns/"+campaign+"/runs", key)
		require.Equal(t, http.StatusAccepted, status, "%s", raw)
		require.NoError(t, json.Unmarshal(raw, &out))
		return out
	}
	first, second := start("a", "b-c"), start("a-b", "c")
	require.Equal(t, "a-b-c", first.ID)
	require.Equal(t, "a", first.Campaign)
	require.NotEqual(t, first.ID, second.ID)
	require.Equal(t, "a-b", second.Campaign)
	require.Equal(t, first, start("a", "b-c"), "the same key, the same run")
	require.Equal(t, second, start("a-b", "c"))
	require.Len(t, r.listed(), 2)
}

// A firing that nobody was there for is told with the next run.
func TestMissedFiringsAreShown(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles(strings.Replace(styleCampaign, "audience:", "schedule: {cron: \"0 11 * * *\", timezone: Asia/Ho_Chi_Minh}\naudience:", 1)))
	r.contact(lan, "Lan")
	r.until("the schedule has been looked at", func() bool { return r.keys(":schedules") == 1 })
	r.crash()
	r.clock.Forward(3*days + 90*time.Minute) // four firings: three of them, and the last one half an hour ago
	r.start()
	var out struct{ Runs []struct{ Missed int } }
	r.until("the last one is made up for", func() bool {
		return r.call("GET", "/api/v1/runs", nil, &out) == http.StatusOK && len(out.Runs) == 1
	})
	require.Equal(t, 3, out.Runs[0].Missed)
}
