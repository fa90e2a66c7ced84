package gateway_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// A run waits while Redis is nearly full; who writes is answered meanwhile.
func TestARunWaitsWhileRedisIsNearlyFull(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.contact(lan, "Lan")
	rdb, ctx := r.redis.Client(), t.Context()
	defer rdb.Close()
	used := func() (n int64) {
		_, err := fmt.Sscan(rdb.InfoMap(ctx, "memory").Item("Memory", "used_memory"), &n)
		require.NoError(t, err)
		return n
	}
	require.NoError(t, rdb.SetRange(ctx, "ballast", 64<<20, "x").Err()) // so that a tenth is room for what follows
	require.NoError(t, rdb.ConfigSet(ctx, "maxmemory", fmt.Sprint(used()*10/9)).Err())
	r.until("the store has noticed", func() bool { return r.g.Pressure(ctx) > 0.85 })
	run := r.run("style")
	r.until("the run waits", func() bool {
		waiting, err := rdb.Keys(ctx, "*}:timers").Result() // it looks again after a while
		return err == nil && len(waiting) > 0
	})
	r.reply(minh, "HD")
	r.phone(minh, 1)
	require.Empty(t, r.fake.Phone(lan))
	require.Zero(t, r.runOf(run).Counts["asked"])
	require.NoError(t, rdb.ConfigSet(ctx, "maxmemory", "0").Err())
	r.phone(lan, 1)
}
