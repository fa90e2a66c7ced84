package store_test

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// TestAWeeksSetIsToldOnceToExpire, and again after an hour, in case a failover has lost that; never by a commit that came to nothing.
func TestAWeeksSetIsToldOnceToExpire(t *testing.T) {
	r := redistest.Start(t)
	s, ctx := open(t, r.URL), t.Context()
	l := acquire(t, s, 0, "a")
	at, err := redis.ParseURL(r.URL)
	require.NoError(t, err)
	rdb := redis.NewClient(at)
	defer rdb.Close()
	handled := func(l store.Lease, id string, now time.Time) error {
		b := store.NewBatch(l)
		b.Handled("0-1", []string{id}, now)
		return s.CommitOne(ctx, b)
	}
	seen := func() (key string, left time.Duration) {
		keys, err := rdb.Keys(ctx, "*:seen:*").Result()
		require.NoError(t, err)
		require.Len(t, keys, 1)
		left, err = rdb.PTTL(ctx, keys[0]).Result()
		require.NoError(t, err)
		return keys[0], left
	}
	stolen := l
	stolen.Token = "another's"
	require.ErrorIs(t, handled(stolen, "e0", noon), store.ErrFenced)

	require.NoError(t, handled(l, "e1", noon))
	key, left := seen()
	require.InDelta(t, 14*24*time.Hour, left, float64(time.Minute), "as long as anybody asks for it, and longer")
	require.NoError(t, rdb.Persist(ctx, key).Err())

	require.NoError(t, handled(l, "e2", noon.Add(59*time.Minute)))
	_, left = seen()
	require.Negative(t, left, "nobody told it again")
	require.NoError(t, handled(l, "e3", noon.Add(time.Hour)))
	_, left = seen()
	require.Positive(t, left)
	n, err := rdb.SCard(ctx, key).Result()
	require.NoError(t, err)
	require.EqualValues(t, 3, n)
}
