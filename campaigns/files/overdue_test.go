package files_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/files"
)

func lines(found files.Problems) []string {
	var all []string
	for _, p := range found {
		all = append(all, p.String())
	}
	return all
}

// What cannot be any more follows from the clock that is handed in, and a campaign that never started is told from one that did.
func TestOverdue(t *testing.T) {
	t.Parallel()
	const rest = "questions: [{id: note, kind: text, text: \"?\"}]\n"
	once := "campaign: once\nschedule: {at: 2026-12-01T10:00}\noffers: [gift, late, always]\n" + rest +
		"---\noffer: gift\ntext: hi\nvalid: {until: 2026-11-30}\n" +
		"---\noffer: late\ntext: hi\nvalid: {from: 2026-12-01T09:00, until: 2026-12-02T10:00}\n" +
		"---\noffer: always\ntext: hi\n"
	leap := "campaign: leap\nschedule: {cron: \"0 0 29 2 *\"}\n" + rest
	const (
		passed   = "a.yaml:2:16: 2026-12-01T10:00 has passed: the campaign does not start by itself any more; write a time to come where it is to start again"
		never    = "a.yaml:2:16: 2026-12-01T10:00 has passed, and the campaign has never run; write a time to come, or leave schedule out and start it by hand"
		early    = "a.yaml:3:10: the offer gift is over before the campaign starts; let it be given for longer, or start earlier"
		giftOver = "a.yaml:8:16: the offer gift is over: nobody is given it any more; write a day to come, or leave the offer out"
		lateOver = "a.yaml:12:40: the offer late is over: nobody is given it any more; write a day to come, or leave the offer out"
	)
	no, yes := func(string) bool { return false }, func(string) bool { return true }
	for name, c := range map[string]struct {
		text, now          string // now is in UTC, seven hours behind the files
		ran                func(string) bool
		mistakes, warnings []string
	}{
		"before all of it":          {text: once, now: "2026-11-30T16:59:59Z", ran: no, warnings: []string{early}},
		"an offer is over":          {text: once, now: "2026-11-30T17:00:00Z", ran: no, warnings: []string{giftOver}},
		"a second before the start": {text: once, now: "2026-12-01T02:59:59Z", ran: no, warnings: []string{giftOver}},
		"it never ran":              {text: once, now: "2026-12-01T03:00:00Z", ran: no, mistakes: []string{never}, warnings: []string{giftOver}},
		"it ran":                    {text: once, now: "2026-12-01T03:00:00Z", ran: yes, warnings: []string{passed, giftOver}},
		"who knows":                 {text: once, now: "2026-12-03T03:00:00Z", warnings: []string{passed, giftOver, lateOver}},
		"a day that comes in years": {text: leap, now: "2096-03-01T00:00:00Z", ran: no},
		"an event has no time":      {text: "campaign: e\nschedule: {event: order.returned}\n" + rest, now: "2096-03-01T00:00:00Z", ran: no},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.RFC3339, c.now)
			require.NoError(t, err)
			mistakes, warnings := load(t, c.text).Overdue(now, c.ran)
			require.Equal(t, c.mistakes, lines(mistakes))
			require.Equal(t, c.warnings, lines(warnings))
		})
	}
}
