package gateway_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// A gateway dies between what a step claims and what it commits. When the step is run again the offer has ended, and another
// is given: the code goes back to its pool, to the next customer, and the budget is whole again.
func TestWhatACrashLeftClaimedGoesBack(t *testing.T) {
	t.Parallel()
	var rdb *redis.Client
	var dead atomic.Bool
	r := newRig(t, func(r *rig) {
		rdb = r.redis.Client()
		ends := r.clock.Now().Add(48 * time.Hour).In(hanoi).Format(time.DateOnly)
		withFiles(strings.Replace(styleCampaign, "budget: 50", "budget: 50\nvalid: {until: "+ends+"}", 1))(r)
		r.opts.Redis.Intercept = func(after bool, command string) error {
			if after {
				return nil // what was asked before it died is answered: the reply is acknowledged
			}
			if strings.Contains(command, "evalsha") && rdb.HLen(t.Context(), "{pool:office}:claims").Val() > 0 {
				dead.Store(true)
			}
			if dead.Load() {
				return errDead
			}
			return nil
		}
	})
	r.addCodes("office-20", "OFF1", "OFF2")
	r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "2")
	r.phone(lan, 2)
	r.reply(lan, "600k")
	require.Eventually(t, dead.Load, patience, time.Millisecond)
	r.crash()
	require.Equal(t, int64(1), rdb.LLen(t.Context(), "{pool:office}:codes").Val(), "a code was put aside")

	r.opts.Redis.Intercept = nil
	r.clock.Forward(72 * time.Hour)
	r.start()
	require.Contains(t, r.phone(lan, 3)[2], "CAMON5")
	require.Eventually(t, func() bool {
		return rdb.LLen(t.Context(), "{pool:office}:codes").Val() == 2 && rdb.HLen(t.Context(), "{offer:office-20}:given").Val() == 0
	}, patience, 5*time.Millisecond)
	require.Zero(t, rdb.HLen(t.Context(), "{pool:office}:claims").Val())
	require.Equal(t, "OFF1", rdb.LIndex(t.Context(), "{pool:office}:codes", 0).Val(), "it is the next that is given")
}
