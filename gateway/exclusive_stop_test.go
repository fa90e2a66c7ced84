package gateway_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAStopHoldsWhatWaitsForTheSession: two replicas share a session with a centre that is slow, so that messages of both wait for
// their place in its window. Once sending is stopped nothing enters the window any more; afterwards everybody is asked once.
func TestAStopHoldsWhatWaitsForTheSession(t *testing.T) {
	t.Parallel()
	const people, window = 40, 10
	x := newTexters(t, people)
	x.centre.Slow(500 * time.Millisecond)
	run := x.run("style")
	x.until("its window is full, and more waits", func() bool { return x.shown() >= window })
	x.stopSending("sai giá")
	for _, g := range x.members {
		within(t, g.Brake, true, time.Now())
	}
	inHand := x.shown() + window
	counts := func() map[string]int64 { return x.runOf(run).Counts }
	x.until("what was in the centre's hands has landed", func() bool {
		c := counts()
		return c["sent"] == int64(x.shown()) && c["sent"]+c["queued"] == people && x.waiting() == c["queued"]
	})
	require.LessOrEqual(t, x.shown(), inHand, "what waited for its place stayed here")
	require.Less(t, x.shown(), people)

	x.centre.Slow(0)
	x.resumeSending()
	require.Equal(t, int64(people), x.settledRun(run, "done").Counts["sent"])
	for _, number := range x.numbers {
		require.Len(t, x.centre.Shown(phoneAt(number)), 1, "nothing lost, nothing twice")
	}
}

// waiting is how many messages stand in the account's queues.
func (x *texters) waiting() (n int64) {
	x.t.Helper()
	rdb := x.redis.Client()
	defer rdb.Close()
	keys, err := rdb.Keys(x.t.Context(), "*:out:due:sms").Result()
	require.NoError(x.t, err)
	for _, k := range keys {
		n += rdb.ZCard(x.t.Context(), k).Val()
	}
	return n
}
