package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// However many callers wait for answers, the logs are still read: else none of them would ever get one.
func TestThoseWhoWaitForAnswersDoNotKeepTheLogFromBeingRead(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t).URL
	s, ctx := open(t, url), t.Context()
	l := acquire(t, s, 0, "a")
	done := make(chan struct{})
	const waiting = 512
	answers := store.NewBatch(l)
	for i := range waiting {
		id := fmt.Sprint("e", i)
		answers.Answer(id, []byte("x"))
		go func() {
			s.Await(ctx, 0, id, "", time.Minute) //nolint:errcheck // what the answer is does not matter
			done <- struct{}{}
		}()
	}
	defer func() {
		require.NoError(t, s.CommitOne(ctx, answers))
		for range waiting {
			<-done
		}
	}()
	opt, err := redis.ParseURL(url)
	require.NoError(t, err)
	rdb := redis.NewClient(opt)
	defer rdb.Close()
	require.Eventually(t, func() bool {
		return strings.Contains(rdb.Info(ctx, "clients").Val(), fmt.Sprintf("blocked_clients:%d\r", waiting))
	}, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, s.Append(ctx, []int{1}, []store.LogEntry{{ID: "e"}}))
	got, err := s.Read(ctx, []int{1}, nil, 10, time.Second)
	require.NoError(t, err)
	require.Len(t, got[1], 1)
}

// A batch with more arguments than Lua's stack takes is written whole, not half.
func TestLargeBatches(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		const many, queued = 8_100, 100 // Lua's stack takes 8,000
		var fields, gone []store.Field
		var entries [][]byte
		var ids []string
		b := store.NewBatch(l)
		for i := range many {
			fields = append(fields, store.Field{Name: fmt.Sprint("p:", i), Value: "x"})
			gone = append(gone, store.Field{Name: fmt.Sprint("p:", i)})
			entries = append(entries, []byte("x"))
			ids = append(ids, fmt.Sprint("c1-a.", i))
			if i < queued {
				b.Queue("sms", ids[i], noon, false, []byte("x"))
			}
		}
		b.PutContact("c1-a", false, fields)
		b.Ledger("c1-a", entries)
		require.NoError(t, s.CommitOne(ctx, b))
		cs, err := s.Load(ctx, []string{"c1-a"})
		require.NoError(t, err)
		require.Len(t, cs[0].Fields, many+1)
		written, err := s.Ledger(ctx, "c1-a", 0)
		require.NoError(t, err)
		require.Len(t, written, many)

		b = store.NewBatch(l)
		b.PutContact("c1-a", true, gone)
		b.Unqueue("sms", ids...)
		require.NoError(t, s.CommitOne(ctx, b))
		cs, err = s.Load(ctx, []string{"c1-a"})
		require.NoError(t, err)
		require.Equal(t, map[string]string{"v": "1"}, cs[0].Fields)
		found, err := s.Look(ctx, []store.Lookup{{Partition: 1, Slices: []store.Slice{{Run: "r", Max: 1, Accounts: []string{"sms"}}}}})
		require.NoError(t, err)
		require.Equal(t, []store.Queue{{}}, found[0].Waiting[0])
	})
}

// A batch whose answer was lost is repeated by the client: what it counts must not be counted twice.
func TestARepeatedErasureCountsOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		b := store.NewBatch(l)
		b.PutContact("c1-a", false, []store.Field{{Name: "c", Value: "x"}})
		require.NoError(t, s.CommitOne(ctx, b))
		b = store.NewBatch(l)
		b.Count("run", "n:excluded", 1)
		b.Turn(0)
		b.EraseContact("c1-a", store.Traces{})
		require.NoError(t, s.CommitOne(ctx, b))
		require.ErrorIs(t, s.CommitOne(ctx, b), store.ErrStale)
		run, err := s.Run(ctx, "run")
		require.NoError(t, err)
		require.Equal(t, "1", run[1]["n:excluded"])
	})
}

// Who stops hands over at once, also what was to be handed over anyway and had messages under way.
func TestAKeeperThatStopsGivesEverythingBack(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t).URL
	long := func(o *store.Options) { o.LeaseTTL = 2 * time.Second; o.Partitions = 8 }
	s := open(t, url, long)
	a := store.NewKeeper(s, "a", time.Now, slog.New(slog.DiscardHandler))
	a.Busy = func(int) bool { return true }
	a.Start(t.Context())
	_, err := s.Join(t.Context(), "b")
	require.NoError(t, err)
	eventually(t, a, func() bool { return len(a.Owned()) == 4 })
	require.NoError(t, a.Stop(context.Background()))
	for p := range 8 {
		acquire(t, s, p, "b")
	}
}
