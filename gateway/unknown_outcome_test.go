package gateway_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sender"
)

// The ways in which a provider leaves us without an answer. One that hangs up for ever also never tells otherwise.
var (
	errHungUp = errors.New("read: connection reset by peer")
	silence   = map[string]act{
		"taken, hung up":             {attempt: once(true, errHungUp)},
		"not taken, hung up":         {attempt: once(false, errHungUp)},
		"taken, hangs up for ever":   {attempt: ever(true, errHungUp), mute: true},
		"not taken, nobody for ever": {attempt: ever(false, errHungUp)},
	}
)

// ending is what becomes of a message by then: how often the provider was called for it, how often the phone shows it, what the
// ledger says, and whether it lies with the dead letters.
type ending struct {
	calls, shown   int
	status, reason string
	letter         bool
}

const (
	nobodyKnows = "unknown_outcome"
	perhaps     = "repeated_after_unknown_outcome"
)

// outcomes is all that can become of a message, by Repeat, by how the answer was lost, and for answers (reply, control) and
// advertisements apart. Nobody reads an answer more than twice, nor an advertisement more than once.
var outcomes = map[adapters.Repeat]map[string]struct{ answer, ad ending }{
	adapters.Keyed: {
		"taken, hung up":             {ending{2, 1, "sent", "", false}, ending{2, 1, "sent", "", false}},
		"not taken, hung up":         {ending{2, 1, "sent", "", false}, ending{2, 1, "sent", "", false}},
		"taken, hangs up for ever":   {ending{8, 1, "failed", "gave_up_unknown", true}, ending{8, 1, "failed", "gave_up_unknown", true}},
		"not taken, nobody for ever": {ending{8, 0, "failed", "gave_up_unknown", true}, ending{8, 0, "failed", "gave_up_unknown", true}},
	},
	adapters.Finds: {
		"taken, hung up":             {ending{1, 1, "sent", "", false}, ending{1, 1, "sent", "", false}},
		"not taken, hung up":         {ending{2, 1, "sent", "", false}, ending{2, 1, "sent", "", false}},
		"taken, hangs up for ever":   {ending{2, 2, "failed", nobodyKnows, true}, ending{1, 1, "failed", nobodyKnows, false}},
		"not taken, nobody for ever": {ending{8, 0, "failed", "gave_up_transient", true}, ending{8, 0, "failed", "gave_up_transient", true}},
	},
	adapters.Echoed: {
		"taken, hung up":             {ending{1, 1, "sent", "", false}, ending{1, 1, "sent", "", false}},
		"not taken, hung up":         {ending{2, 1, "sent", perhaps, false}, ending{1, 0, "failed", nobodyKnows, false}},
		"taken, hangs up for ever":   {ending{2, 2, "failed", nobodyKnows, true}, ending{1, 1, "failed", nobodyKnows, false}},
		"not taken, nobody for ever": {ending{2, 0, "failed", nobodyKnows, true}, ending{1, 0, "failed", nobodyKnows, false}},
	},
	adapters.Blind: {
		"taken, hung up":             {ending{2, 2, "sent", perhaps, false}, ending{1, 1, "failed", nobodyKnows, false}},
		"not taken, hung up":         {ending{2, 1, "sent", perhaps, false}, ending{1, 0, "failed", nobodyKnows, false}},
		"taken, hangs up for ever":   {ending{2, 2, "failed", nobodyKnows, true}, ending{1, 1, "failed", nobodyKnows, false}},
		"not taken, nobody for ever": {ending{2, 0, "failed", nobodyKnows, true}, ending{1, 0, "failed", nobodyKnows, false}},
	},
}

// lost is somebody with whose message the answer is lost.
type lost struct {
	number, story, class, id string
	want                     ending
}

// TestALostAnswerIsSettled: what the phone shows, what the ledger says, the dead letters and the metrics, for each way in which a
// lost answer can be settled.
func TestALostAnswerIsSettled(t *testing.T) {
	t.Parallel()
	for repeat, rows := range outcomes {
		t.Run(string(repeat), func(t *testing.T) {
			t.Parallel()
			c := newCarrier(t, repeat)
			r := carried(t, c, hasty, steady) // a next owner would settle, and count, anew
			people := loseAnswers(r, c, rows)
			r.until("what can be settled is", func() bool { return haveEnded(r, people, func(l lost) bool { return l.story == "taken, hung up" }) })
			r.until("all have ended", func() bool {
				r.clock.Forward(10 * time.Second) // Settle
				return haveEnded(r, people, func(lost) bool { return true })
			})
			counts, letters := map[string]int{}, map[string]string{}
			for _, d := range r.dead("") {
				letters[d.Contact] = d.Reason
			}
			for _, l := range people {
				calls, shown := c.saw(l.number)
				status, reason := r.says(l.id)
				_, letter := letters[l.id]
				require.Equal(t, l.want, ending{calls, shown, status, reason, letter}, "%s: %s", l.class, l.story)
				if letter {
					require.Equal(t, reason, letters[l.id])
				}
				l.counted(counts)
			}
			for metric, n := range counts { // counted a moment after it is written down
				r.until(fmt.Sprint(metric, " is ", n), func() bool { return r.metric(metric) == float64(n) })
			}
		})
	}
}

// hasty makes waits short that go by the wall clock, and those between attempts.
func hasty(r *rig) {
	tune := r.opts.Tune
	r.opts.Tune = func(e *engine.Options, s *sender.Options) {
		tune(e, s)
		s.Backoff, s.BreakFor = time.Millisecond, time.Millisecond
	}
}

// loseAnswers has a reply, a confirmation and a question sent in each story.
func loseAnswers(r *rig, c *carrier, rows map[string]struct{ answer, ad ending }) (people []lost) {
	r.t.Helper()
	for story, want := range rows {
		for _, class := range []string{"reply", "control", "ad"} {
			l := lost{number: fmt.Sprintf("+8490%07d", 1000000+len(people)), story: story, class: class, want: want.answer}
			c.plays(l.number, silence[story])
			switch class {
			case "reply":
				r.reply(l.number, "alo")
			case "control":
				r.reply(l.number, "STOP")
			case "ad":
				l.want = want.ad
				l.id = r.contact(l.number, "Lan")
			}
			people = append(people, l)
		}
	}
	r.run("style")
	for i, l := range people {
		r.until("they are known", func() (ok bool) {
			if l.id == "" {
				people[i].id, ok = r.byPhone(l.number)
			}
			return ok || l.id != ""
		})
	}
	return people
}

// haveEnded reports whether the messages of some have ended.
func haveEnded(r *rig, people []lost, some func(lost) bool) bool {
	for _, l := range people {
		if !some(l) {
			continue
		}
		if status, _ := r.says(l.id); status == "" {
			return false
		}
	}
	return true
}

// counted adds what the metrics should say of a message. The last attempt at one that was sent is the one that was taken, unless
// the first was found out to have been.
func (l lost) counted(counts map[string]int) {
	taken := 0
	if l.want.status == "sent" && l.want.calls > 1 {
		taken = 1
	}
	counts[`hoidap_send_attempts_total{account="sms",result="taken"}`] += taken
	counts[`hoidap_send_attempts_total{account="sms",result="unknown"}`] += l.want.calls - taken
	counts[fmt.Sprintf(`hoidap_messages_total{account="sms",class=%q,status=%q}`, l.class, l.want.status)]++
}

// metric is what /metrics says.
func (r *rig) metric(name string) float64 {
	r.t.Helper()
	resp, err := http.Get(r.base + "/metrics")
	require.NoError(r.t, err)
	defer resp.Body.Close()
	return metricIn(r.t, resp, name)
}
