package gateway_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/engine"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/preferences/address"
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

// A run goes no further ahead of a slow account than half a minute of its rate, or one message a partition where that is more.
func TestARunWaitsForASlowAccount(t *testing.T) {
	t.Parallel()
	for rate, most := range map[float64]int{0.1: 4, 1: 4 * 8, 3: 4 * 23} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, steady, partitions(4), withRate(rate))
			people := most + 40
			for i := range people {
				r.contact(fmt.Sprintf("+8490%07d", 1000000+i), "Lan")
			}
			r.stopSending("") // so that the queues fill
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

// Messages that are held for the morning take no room from those that may leave, up to 16 in a partition: they stop no run, and fill no Redis.
func TestWhatIsHeldTakesRoomOfItsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady, partitions(1), withRate(0.1), func(r *rig) { r.clock.at(t, "23:00") })
	for i := range 30 {
		r.contact(fmt.Sprintf("+8490%07d", 1000000+i), "Lan")
	}
	run := r.run("style")
	r.until("as many are held as may be", func() bool { return r.runOf(run).Counts["held"] == 16 })
	for range 3 { // a full queue is looked at again after a second
		looked := r.clock.Now().Add(time.Second)
		r.until("it is looked at again", func() bool { r.clock.Forward(100 * time.Millisecond); return r.clock.Now().After(looked) })
	}
	require.EqualValues(t, 16, r.runOf(run).Counts["audience"])
	require.Equal(t, 16, r.waitingIn("sms"))
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
		side := []string{"north", "south"}[i/each]
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

// A run that waits for its account, which is paused, keeps no run by another account waiting.
func TestARunWaitsForItsOwnAccountsOnly(t *testing.T) {
	t.Parallel()
	const each = 12
	c := newCarrier(t, adapters.Blind)
	files := strings.Replace(twoRuns, "channels: [sms]\nquestions:\n  - {id: color", "channels: [whatsapp]\nquestions:\n  - {id: color", 1)
	r := carried(t, c, steady, partitions(2), withFiles(files), func(r *rig) {
		tune := r.opts.Tune
		r.opts.Tune = func(e *engine.Options, s *sender.Options) { tune(e, s); e.Window = 3 }
		r.accounts = func(as []gateway.Account) []gateway.Account {
			other := as[0]
			other.ID, other.Channel = "wa", address.WhatsApp
			open := other.Type.Open
			other.Type.Open = func(acc adapters.Account) (adapters.Adapter, error) {
				acc.Channel = address.SMS // which has no window
				return open(acc)
			}
			return append(as, other)
		}
	})
	for i := range 2 * each {
		number := fmt.Sprintf("+8490%07d", 1000000+i)
		r.contact(number, "Lan")
		require.Equal(t, 200, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + number}, "facts": m{"side": []string{"north", "south"}[i/each]}}, nil))
	}
	r.steer("sms", "pause")
	north := r.run("north")
	defer func() {
		if t.Failed() {
			t.Logf("%d wait for sms, %d for wa, %+v", r.waitingIn("sms"), r.waitingIn("wa"), r.runOf(north))
		}
	}()
	r.until("the paused account's queues are full", func() bool { return r.waitingIn("sms") == 2*3 })
	south := r.run("south")
	r.until("the other run goes on", func() bool {
		r.clock.Forward(100 * time.Millisecond) // a full queue is looked at again after a second
		return r.runOf(south).Counts["sent"] == each
	})
	require.Zero(t, r.runOf(north).Counts["sent"])
	require.Equal(t, 2*3, r.waitingIn("sms"))
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
