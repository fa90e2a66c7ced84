package gateway_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sender"
)

// waitingIn is how many messages stand in an account's queues.
func (r *rig) waitingIn(account string) (n int) {
	r.t.Helper()
	rdb := r.redis.Client()
	defer rdb.Close()
	keys, err := rdb.Keys(r.t.Context(), "*:out:due:"+account).Result()
	require.NoError(r.t, err)
	for _, k := range keys {
		n += int(rdb.ZCard(r.t.Context(), k).Val())
	}
	return n
}

func partitions(n int) change { return func(r *rig) { r.opts.Redis.Partitions = n } }

// A run goes no further ahead of a slow account than half a minute of its rate, or 16 messages a partition where that is more.
func TestARunWaitsForASlowAccount(t *testing.T) {
	t.Parallel()
	for rate, most := range map[float64]int{1: 4 * 16, 3: 4 * (3 * 30 / 4)} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, steady, partitions(4), withRate(rate))
			people := most + 40
			for i := range people {
				r.contact(fmt.Sprintf("+8490%07d", 1000000+i), "Lan")
			}
			r.stopSending("") // so that the queues fill
			within(t, r.g.Brake, true, time.Now())
			run := r.run("style")
			defer func() {
				if t.Failed() {
					t.Logf("%d wait, %d calls, %+v", r.waitingIn("sms"), r.fake.Calls(), r.runOf(run))
				}
			}()
			r.until("the queues are full", func() bool { return r.waitingIn("sms") == most })
			r.resumeSending()
			r.until("room is filled as it comes", func() bool {
				require.LessOrEqual(t, r.waitingIn("sms"), most)
				return r.runOf(run).Counts["audience"] > int64(most)
			})
			require.Less(t, r.runOf(run).Counts["audience"], int64(people), "the others are asked later")
		})
	}
}

// twoRuns are campaigns for two halves of the customers.
var twoRuns = strings.NewReplacer("campaign: style\n", "campaign: north\n", "audience: consent.marketing", `audience: facts.side == "north" && consent.marketing`).Replace(styleCampaign) +
	"---\ncampaign: south\naudience: facts.side == \"south\" && consent.marketing\nchannels: [sms]\nquestions:\n  - {id: color, kind: text, text: {vi: \"Chị thích màu gì?\"}}\n"

// Two runs at once share a slow account: neither waits until the other is through.
func TestTwoRunsShareASlowAccount(t *testing.T) {
	t.Parallel()
	const each = 60
	r := newRig(t, steady, partitions(4), withRate(100), withFiles(twoRuns), func(r *rig) {
		tune := r.opts.Tune
		r.opts.Tune = func(e *engine.Options, s *sender.Options) { tune(e, s); e.Window = 3 }
	})
	for i := range 2 * each {
		side := []string{"north", "south"}[i%2]
		number := fmt.Sprintf("+8490%07d", 1000000+i)
		r.contact(number, "Lan")
		require.Equal(t, 200, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + number}, "facts": m{"side": side}}, nil))
	}
	north, south := r.run("north"), r.run("south")
	sent := func(run string) int { return int(r.runOf(run).Counts["sent"]) }
	r.until("half of it has gone out", func() bool {
		r.clock.Forward(100 * time.Millisecond) // a full queue is looked at again after a second
		return sent(north)+sent(south) >= each
	})
	t.Logf("sent: %d and %d", sent(north), sent(south))
	require.InDelta(t, sent(north), sent(south), each/2, "of %d", each)
}

// TestAFanOutCostsACommandAContact: judging a contact costs Redis one command, to load it; all else is a slice's.
func TestAFanOutCostsACommandAContact(t *testing.T) {
	t.Parallel()
	const people, slice = 200, 50
	var mu sync.Mutex
	named := map[string]int{}
	counting := false
	r := newRig(t, steady, partitions(1), func(r *rig) {
		r.opts.Redis.Commands = func(args []any) {
			mu.Lock()
			defer mu.Unlock()
			if !counting {
				return
			}
			for _, a := range args[1:] {
				if s := fmt.Sprint(a); strings.Contains(s, "}:contact") || strings.Contains(s, "}:run:") {
					named[fmt.Sprint(args[0])]++
					return
				}
			}
		}
	})
	for i := range people {
		r.contact(fmt.Sprintf("+8490%07d", 1000000+i), "Lan")
	}
	r.stopSending("") // so that what is counted is the fan-out alone
	within(t, r.g.Brake, true, time.Now())
	mu.Lock()
	counting = true
	mu.Unlock()
	r.run("style")
	r.until("all are asked", func() bool { return r.waitingIn("sms") == people })
	mu.Lock()
	defer mu.Unlock()
	all := 0
	for _, n := range named {
		all += n
	}
	t.Logf("%d commands for %d contacts in slices of %d: %v", all, people, slice, named)
	require.LessOrEqual(t, all, people+people/slice*8)
}
