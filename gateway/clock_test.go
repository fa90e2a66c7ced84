package gateway_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway"
)

// TestClocksThatJumpLoseAndDoubleNothing: two replicas whose clocks jump by up to two hours, either way and apart, while
// many conversations run. Afterwards the clocks are right, and everybody was asked, heard and paid once.
func TestClocksThatJumpLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	const people, seed = 24, 20261125
	providers, others := &clock{}, &clock{} // the provider's keeps the right time
	r := newRig(t, func(r *rig) {
		providers.ahead.Store(r.clock.ahead.Load())
		r.fake = fake.New(fake.Options{AuthToken: authToken, Now: providers.Now})
	})
	right := r.clock.ahead.Load()
	others.ahead.Store(right)
	jumping := r.opts
	jumping.Now = others.Now
	second, err := gateway.New(jumping)
	require.NoError(t, err)
	_, err = second.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { second.Stop(t.Context()) }) //nolint:errcheck // the test has said what it wanted to

	var codes []string
	for i := range people {
		codes = append(codes, fmt.Sprintf("OFF%d", i))
	}
	r.addCodes("office-20", codes...)
	ids := make([]string, people)
	phone := func(i int) string { return fmt.Sprintf("+849100000%02d", i) }
	for i := range people {
		ids[i] = r.contact(phone(i), "Lan")
	}

	stop, stopped := make(chan struct{}), make(chan struct{})
	go jump(stop, stopped, seed, right, r.clock, others)
	run := r.run("style")
	for n, text := range []string{"dạ 2 nha", "tầm 600k"} {
		for i := range people {
			r.phone(phone(i), n+1)
			resp, err := r.fake.Deliver(t.Context(), fake.Inbound{From: phone(i), Body: text, SID: fmt.Sprintf("SM%016d%016d", i, n)})
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, resp.StatusCode)
		}
	}
	for i := range people {
		r.phone(phone(i), 3)
	}
	close(stop)
	<-stopped

	given := map[string]bool{}
	for i, id := range ids {
		es := r.settled(id, func(es []entryView) bool { return count(es, "message.sent", "") == 3 })
		require.Equal(t, 2, count(es, "message.received", ""))
		require.Equal(t, 2, count(es, "preference.changed", ""))
		require.Equal(t, 1, count(es, "offer.given", ""))
		got := texts(r.fake.Phone(phone(i)))
		require.Len(t, got, 3, "nothing twice: %v", got)
		require.False(t, given[got[2]], "a code for two: %s", got[2])
		given[got[2]] = true
	}
	v := r.runOf(run)
	require.Equal(t, int64(people), v.Counts["audience"])
	require.Equal(t, int64(people), v.Counts["sent"])
}

// jump sets clocks to another time each few moments, and in the end to the right one.
func jump(stop <-chan struct{}, stopped chan<- struct{}, seed uint64, right int64, clocks ...*clock) {
	defer close(stopped)
	rng := rand.New(rand.NewPCG(seed, 0))
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			for _, c := range clocks {
				c.ahead.Store(right)
			}
			return
		case <-tick.C:
			c := clocks[rng.IntN(len(clocks))]
			c.ahead.Store(right + rng.Int64N(int64(4*time.Hour)) - int64(2*time.Hour))
		}
	}
}
