package gateway_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
)

func usedMemory(t *testing.T, rdb *redis.Client) (n int64) {
	_, err := fmt.Sscan(rdb.InfoMap(t.Context(), "memory").Item("Memory", "used_memory"), &n)
	require.NoError(t, err)
	return n
}

// A run waits while Redis is nearly full; who writes is answered meanwhile.
func TestARunWaitsWhileRedisIsNearlyFull(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.contact(lan, "Lan")
	rdb, ctx := r.redis.Client(), t.Context()
	defer rdb.Close()
	require.NoError(t, rdb.SetRange(ctx, "ballast", 64<<20, "x").Err()) // so that a tenth is room for what follows
	require.NoError(t, rdb.ConfigSet(ctx, "maxmemory", fmt.Sprint(usedMemory(t, rdb)*10/9)).Err())
	r.until("the store has noticed", func() bool { return r.g.Pressure() > 0.85 })
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

// Redis is filled to the brim while the engine lags: nothing new is taken, what was taken is handled and answered, and then
// there is room again. Nothing is lost, nothing is done twice.
func TestAFullRedisIsWorkedOff(t *testing.T) {
	t.Parallel()
	const people, repeats = 20, 50
	held := &turnstile{}
	r := newRig(t, withIntercept(held.intercept), withFake(fake.Options{Callbacks: false}), func(r *rig) { r.rate = 1000 })
	r.reply(lan, "hi")
	r.phone(lan, 1)
	rdb, ctx := r.redis.Client(), t.Context()
	defer rdb.Close()

	held.close()
	release := sync.OnceFunc(held.open)
	defer release() // before the gateway is stopped, which waits for its reader
	phone := func(i int) string { return fmt.Sprintf("+849012%05d", i) }
	for i := range people {
		r.reply(phone(i), "hi "+strings.Repeat("chị ơi ", 200))
		for range repeats {
			resp, err := r.fake.Repeat(ctx)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, resp.StatusCode)
		}
	}
	require.NoError(t, rdb.ConfigSet(ctx, "maxmemory", fmt.Sprint(usedMemory(t, rdb)*95/100)).Err())
	require.ErrorContains(t, rdb.Set(ctx, "anything", "new", 0).Err(), "OOM")
	r.until("the gateway has noticed", func() bool { return r.g.Pressure() >= 1 })
	resp, err := r.fake.Reply(ctx, minh, "hi")
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	require.NotEmpty(t, resp.Header.Get("Retry-After"))
	status, body := r.get("/readyz")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "webhooks get 503")
	_, body = r.get("/metrics")
	require.Contains(t, body, `hoidap_webhook_calls_total{account="sms",result="busy"} 1`)

	release()
	for i := range people {
		r.phone(phone(i), 1)
	}
	r.until("there is room again", func() bool {
		resp, err := r.fake.Reply(ctx, minh, "hi")
		return err == nil && resp.StatusCode == http.StatusOK
	})
	r.phone(minh, 1)
	for i := range people {
		require.Len(t, r.fake.Phone(phone(i)), 1)
	}
	require.Len(t, r.fake.Messages(), people+2)
}

// Who wants to leave by their page is let in while nothing new is taken; an answer there is not.
func TestAWithdrawalOnThePageIsLetInWhileRedisIsNearlyFull(t *testing.T) {
	t.Parallel()
	r := newRig(t, oneWay, withFiles(byLink))
	id := r.contact(lan, "Lan")
	r.run("style")
	path := link(t, r.phone(lan, 1)[0])
	rdb, ctx := r.redis.Client(), t.Context()
	defer rdb.Close()
	require.NoError(t, rdb.SetRange(ctx, "ballast", 64<<20, "x").Err())
	require.NoError(t, rdb.ConfigSet(ctx, "maxmemory", fmt.Sprint(usedMemory(t, rdb)*100/96)).Err())
	r.until("nothing new is taken", func() bool { return r.g.Pressure() > 0.94 })
	status, _ := r.page(path, url.Values{"answer": {"Công sở"}})
	require.Equal(t, http.StatusServiceUnavailable, status)
	status, _ = r.page(path, url.Values{"stop": {"1"}})
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, rdb.ConfigSet(ctx, "maxmemory", "0").Err())
	require.NotNil(t, r.person(id).Suppressed)
	require.Equal(t, 1, count(r.ledger(id), "contact.suppressed", ""))
}
