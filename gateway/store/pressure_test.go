package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

func TestPressure(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	rdb, ctx := rawClient(t, server), t.Context()
	unbounded := open(t, server.URL)
	require.Zero(t, unbounded.Pressure(), "no limit")
	require.True(t, unbounded.Unbounded())
	require.Contains(t, unbounded.Notice(), "set maxmemory")
	require.NoError(t, rdb.ConfigSet(ctx, "maxmemory", "100mb").Err())
	var asked atomic.Int64
	s := open(t, server.URL, func(o *store.Options) {
		o.Commands = func(args []any) {
			if args[0] == "info" {
				asked.Add(1)
			}
		}
	})
	require.False(t, s.Unbounded())
	require.Empty(t, s.Notice())
	require.Greater(t, s.Pressure(), 0.0)
	require.Less(t, s.Pressure(), 0.5)
	require.NoError(t, rdb.SetRange(ctx, "x", 70<<20, "x").Err())
	require.Eventually(t, func() bool { return s.Pressure() > 0.6 }, soon, 10*time.Millisecond)
	server.Kill()
	before := asked.Load()
	require.Eventually(t, func() bool { return asked.Load() > before+1 }, 2*soon, 10*time.Millisecond)
	require.Greater(t, s.Pressure(), 0.6, "where it does not answer the last one stands")
}

// Taking events in asks nothing of Redis but to store them.
func TestRoomCostsNoRoundTrip(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	s := open(t, redistest.Start(t).URL, func(o *store.Options) {
		o.Commands = func(args []any) {
			if args[0] == "info" || args[0] == "xlen" {
				asked.Add(1)
			}
		}
	})
	asked.Store(0)
	began := time.Now()
	for i := range 2000 {
		require.NoError(t, s.Append(t.Context(), []int{i % 4}, []store.LogEntry{{ID: fmt.Sprint(i)}}))
	}
	looks := 1 + int64(time.Since(began)/store.LookEvery)
	require.LessOrEqual(t, asked.Load(), looks*(1+4), "an INFO and the lengths of four logs each time")
}

// Events are refused while Redis is nearly full, before it refuses anything itself; what makes room goes in.
func TestNothingNewIsTakenWhileRedisIsNearlyFull(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	rdb, s, ctx := rawClient(t, server), open(t, server.URL), t.Context()
	require.NoError(t, rdb.SetRange(ctx, "ballast", 64<<20, "x").Err())
	fill(t, rdb, 0.95)
	one := []store.LogEntry{{ID: "e"}}
	require.Eventually(t, func() bool { return errors.Is(s.Append(ctx, []int{0}, one), store.ErrBusy) }, soon, 10*time.Millisecond)
	require.True(t, store.IsAway(s.Append(ctx, []int{0}, one)), "it is worth trying again")
	require.Contains(t, s.Notice(), "raise")
	require.NoError(t, rdb.Set(ctx, "it", "refuses nothing itself", 0).Err())
	require.NoError(t, s.AppendAnyway(ctx, []int{0}, []store.LogEntry{{ID: "eases"}}))
	require.Contains(t, onTheLog(t, s, 0), "eases")
	require.NoError(t, rdb.Del(ctx, "ballast").Err())
	require.Eventually(t, func() bool { return s.Append(ctx, []int{0}, one) == nil }, soon, 10*time.Millisecond)
	require.Empty(t, s.Notice())
}

// fill sets maxmemory so that so much of it is used.
func fill(t *testing.T, rdb *redis.Client, part float64) {
	t.Helper()
	var used float64
	_, err := fmt.Sscan(rdb.InfoMap(t.Context(), "memory").Item("Memory", "used_memory"), &used)
	require.NoError(t, err)
	require.NoError(t, rdb.ConfigSet(t.Context(), "maxmemory", fmt.Sprint(int64(used/part))).Err())
}

// A partition whose owner lags takes nothing more; the others do.
func TestALogIsBounded(t *testing.T) {
	t.Parallel()
	s := open(t, redistest.Start(t).URL)
	l, ctx := acquire(t, s, 0, "a"), t.Context()
	var entries []store.LogEntry
	for i := range 1000 {
		entries = append(entries, store.LogEntry{ID: fmt.Sprint(i)})
	}
	taken := 0
	require.Eventually(t, func() bool {
		err := s.Append(ctx, make([]int, len(entries)), entries)
		if err == nil {
			taken += len(entries)
		}
		return errors.Is(err, store.ErrBusy)
	}, 4*soon, time.Millisecond)
	require.GreaterOrEqual(t, taken, store.LogMost)
	require.Len(t, onTheLog(t, s, 0), taken)
	require.Contains(t, s.Notice(), "1 of 4 partitions lag")
	require.NoError(t, s.Append(ctx, []int{1}, entries[:1]), "another's")
	require.ErrorIs(t, s.Append(ctx, []int{1, 0}, entries[:2]), store.ErrBusy)
	require.Len(t, onTheLog(t, s, 1), 1, "all or nothing")

	read, err := s.Read(ctx, []int{0}, nil, taken, -1)
	require.NoError(t, err)
	b := store.NewBatch(l)
	b.Handled(read[0][taken-1].At, nil, noon)
	require.NoError(t, s.CommitOne(ctx, b))
	require.Eventually(t, func() bool { return s.Append(ctx, []int{0}, entries[:1]) == nil }, soon, 10*time.Millisecond)
}

// Where Redis is full what is under way goes on, all or nothing: leases, commits, claims, taking and pace, the emergency
// stop; a gateway may start. What would bring something new is refused.
func TestAFullRedisLetsWorkGoOn(t *testing.T) {
	t.Run("single", func(t *testing.T) {
		server := redistest.Start(t)
		letsWorkGoOn(t, shape(server.URL), func(ctx context.Context, do func(*redis.Client) error) error { return do(rawClient(t, server)) })
	})
	t.Run("cluster", func(t *testing.T) {
		c := borrowCluster(t)
		o := shape(clusterScheme + strings.Join(c.Addrs(), ","))
		rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: c.Addrs()})
		t.Cleanup(func() { rdb.Close() })
		letsWorkGoOn(t, o, func(ctx context.Context, do func(*redis.Client) error) error {
			return rdb.ForEachMaster(ctx, func(_ context.Context, m *redis.Client) error { return do(m) })
		})
	})
}

func letsWorkGoOn(t *testing.T, o store.Options, each func(context.Context, func(*redis.Client) error) error) {
	s, ctx := open(t, o), t.Context()
	_, err := s.Secret(ctx, "fresh")
	require.NoError(t, err)
	_, err = s.Gone(ctx, []string{"sms"})
	require.NoError(t, err)
	l := acquire(t, s, 1, "a")
	require.NoError(t, s.Append(ctx, []int{1, 1}, []store.LogEntry{{ID: "one"}, {ID: "two"}}))
	b := store.NewBatch(l)
	b.Queue("sms", "c1-x.1", noon, false, []byte("hello"))
	require.NoError(t, s.CommitOne(ctx, b))
	read, err := s.Read(ctx, []int{1}, nil, 10, -1)
	require.NoError(t, err)

	limit := func(to string) error {
		return each(ctx, func(m *redis.Client) error { return m.ConfigSet(ctx, "maxmemory", to).Err() })
	}
	t.Cleanup(func() {
		each(context.WithoutCancel(ctx), func(m *redis.Client) error { //nolint:errcheck // the cluster is lent on
			return m.ConfigSet(context.WithoutCancel(ctx), "maxmemory", "0").Err()
		})
	})
	require.NoError(t, limit("1"))

	again := open(t, o)
	got, err := again.Secret(ctx, "another")
	require.NoError(t, err)
	require.Equal(t, "fresh", got)
	gone, err := again.Gone(ctx, []string{})
	require.NoError(t, err)
	require.Equal(t, []string{"sms"}, gone)
	require.ErrorIs(t, again.Append(ctx, []int{1}, []store.LogEntry{{ID: "three"}}), store.ErrBusy)
	require.NoError(t, s.AppendAnyway(ctx, []int{1}, []store.LogEntry{{ID: "forwarded"}}))

	_, ok, err := s.Acquire(ctx, 2, "a")
	require.NoError(t, err)
	require.True(t, ok)
	kept, _, err := s.Renew(ctx, []store.Lease{l})
	require.NoError(t, err)
	require.Len(t, kept, 1)
	for range 2 { // by the script's text, and by its hash
		_, _, err = s.Spend(ctx, "sms", 10, 1, 1)
		require.NoError(t, err)
	}
	claimed, err := s.Claim(ctx, []store.Claim{{Offer: "gift", Key: "k", Budget: 1}})
	require.NoError(t, err)
	require.False(t, claimed[0].Spent)
	f, err := s.Freeze(ctx, "lan", "wrong prices", noon)
	require.NoError(t, err)
	require.Equal(t, "wrong prices", f.Reason)

	b = store.NewBatch(l)
	b.Turn(0)
	b.PutContact("c1-x", false, []store.Field{{Name: "c", Value: "one"}})
	b.Ledger("c1-x", [][]byte{[]byte("created")})
	b.Handled(read[1][1].At, []string{"one", "two"}, noon)
	require.NoError(t, s.CommitOne(ctx, b))
	require.Equal(t, []string{"forwarded"}, onTheLog(t, s, 1))
	cs, err := s.Load(ctx, []string{"c1-x"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"v": "1", "c": "one"}, cs[0].Fields)
	hauls, errs := s.Take(ctx, []store.Lease{l}, "sms", noon, 10, 10)
	require.NoError(t, errs[0])
	require.Len(t, hauls[0].Messages, 1)

	_, err = s.AddCodes(ctx, "pool", []string{"A"})
	require.ErrorContains(t, err, "OOM")
	require.NoError(t, limit("0"))
	require.Eventually(t, func() bool { return s.Append(ctx, []int{1}, []store.LogEntry{{ID: "three"}}) == nil }, soon, 10*time.Millisecond)
}
