package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// soon is how long what has to come is waited for, and appendMost what an Append that is refused may take: five seconds, by appendPatience, and
// four times that on a machine that is busy with other things.
const (
	soon       = time.Minute
	appendMost = 20 * time.Second
)

// client speaks to a server beside the store.
func rawClient(t *testing.T, server *redistest.Server) *redis.Client {
	t.Helper()
	opt, err := redis.ParseURL(server.URL)
	require.NoError(t, err)
	rdb := redis.NewClient(opt)
	t.Cleanup(func() { rdb.Close() })
	return rdb
}

// logged are the ids on the log of a partition, in their order.
func onTheLog(t require.TestingT, s *store.Store, p int) []string {
	got, err := s.Read(context.Background(), []int{p}, nil, 1<<20, -1)
	require.NoError(t, err)
	ids := make([]string, len(got[p]))
	for i, e := range got[p] {
		ids[i] = e.ID
	}
	return ids
}

// Whoever appends gets what became of their own entries, whatever goes with them in one pipeline: nil if and only if
// all of them are on the logs.
func TestEachAppendGetsItsOwnOutcome(t *testing.T) {
	t.Parallel()
	const broken = 1
	server := redistest.Start(t)
	s := open(t, server.URL)
	require.NoError(t, rawClient(t, server).Set(t.Context(), "{p01}:log", "no stream", 0).Err())
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		calls := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 3), 1, 5), 1, 40).Draw(t, "partitions of each call")
		errs := make([]error, len(calls))
		var work sync.WaitGroup
		for i, partitions := range calls {
			work.Go(func() { errs[i] = s.Append(context.Background(), partitions, entriesOf(run, i, len(partitions))) })
		}
		work.Wait()
		on := make([][]string, 4)
		for p := range on {
			if p != broken {
				on[p] = onTheLog(t, s, p)
			}
		}
		for i, partitions := range calls {
			if bad := slices.Contains(partitions, broken); bad != (errs[i] != nil) || bad && !errors.Is(errs[i], store.ErrUnavailable) {
				t.Fatalf("call %d to %v: %v", i, partitions, errs[i])
			}
			for n, p := range partitions {
				if p != broken && !slices.Contains(on[p], entriesOf(run, i, n+1)[n].ID) {
					t.Fatalf("call %d: entry %d is not on log %d", i, n, p)
				}
			}
		}
	})
}

func entriesOf(run, call, n int) []store.LogEntry {
	es := make([]store.LogEntry, n)
	for i := range es {
		es[i] = store.LogEntry{ID: fmt.Sprint(run, ".", call, ".", i), Key: "k", Body: []byte("b")}
	}
	return es
}

// Invariant I1: what was acknowledged is in Redis, however often it is killed meanwhile, and in the order in which each
// caller appended it.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	server := redistest.StartDurable(t)
	s := open(t, server.URL)
	const callers, kills = 24, 3
	acked := make([][]string, callers)
	var failed, took atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	for c := range callers {
		work.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id := fmt.Sprintf("%d-%06d", c, n)
				if err := s.Append(context.Background(), []int{c % 4}, []store.LogEntry{{ID: id}}); err != nil {
					failed.Add(1)
					continue
				}
				acked[c] = append(acked[c], id)
				took.Add(1)
			}
		})
	}
	for range kills {
		enough := took.Load() + 500
		require.Eventually(t, func() bool { return took.Load() >= enough }, time.Minute, time.Millisecond)
		broke := failed.Load()
		server.Kill()
		require.Eventually(t, func() bool { return failed.Load() > broke }, time.Minute, time.Millisecond)
		server.Run()
	}
	enough := took.Load() + 500
	require.Eventually(t, func() bool { return took.Load() >= enough }, time.Minute, time.Millisecond)
	stop()
	work.Wait()
	for p := range 4 {
		at := map[string]int{}
		for i, id := range onTheLog(t, s, p) {
			if _, repeated := at[id]; !repeated {
				at[id] = i
			}
		}
		for c := p; c < callers; c += 4 {
			last := -1
			for _, id := range acked[c] {
				i, ok := at[id]
				require.True(t, ok, "%s was acknowledged and is not on the log", id)
				require.Greater(t, i, last, "%s is not in its place", id)
				last = i
			}
		}
	}
}

// Who stops waiting stops nobody else, and what nobody waits for is not written once its turn comes.
func TestGivingUpIsOnesOwnAffair(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s := open(t, server.URL)
	ctx := t.Context()
	require.NoError(t, s.Append(ctx, []int{0}, []store.LogEntry{{ID: "before"}}))

	server.Signal(syscall.SIGSTOP)
	stays := make(chan error, 2)
	go func() { stays <- s.Append(ctx, []int{0}, []store.LogEntry{{ID: "under way"}}) }()
	require.Eventually(t, func() bool { return store.UnderWay(s) == 1 }, soon, time.Millisecond)
	impatient, giveUp := context.WithCancel(ctx)
	gone := make(chan error, 1)
	go func() { gone <- s.Append(impatient, []int{0}, []store.LogEntry{{ID: "gives up"}}) }()
	go func() { stays <- s.Append(ctx, []int{0}, []store.LogEntry{{ID: "waits"}}) }()
	require.Eventually(t, func() bool { return store.Held(s) == 3 }, soon, time.Millisecond)
	giveUp()
	require.ErrorIs(t, <-gone, context.Canceled)
	server.Signal(syscall.SIGCONT)
	require.NoError(t, <-stays)
	require.NoError(t, <-stays)
	require.Equal(t, []string{"before", "under way", "waits"}, onTheLog(t, s, 0))
	require.Eventually(t, func() bool { return store.Held(s) == 0 }, soon, time.Millisecond, "nothing is left behind")
}

// A Redis that hangs holds nobody for longer than some seconds, and who comes when too much waits is told at once.
func TestAppendIsBounded(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s := open(t, server.URL)
	server.Signal(syscall.SIGSTOP)
	defer server.Signal(syscall.SIGCONT)
	ctx := t.Context()
	began := time.Now()
	most := make([]store.LogEntry, store.WaitingEntries)
	waiting := make(chan error, 1)
	go func() { waiting <- s.Append(ctx, make([]int, len(most)), most) }()
	require.Eventually(t, func() bool { return store.Held(s) == len(most) }, soon, time.Millisecond)
	err := s.Append(ctx, []int{0}, []store.LogEntry{{ID: "one too many"}})
	require.ErrorIs(t, err, store.ErrBusy)
	require.ErrorIs(t, err, store.ErrUnavailable)
	require.ErrorIs(t, <-waiting, store.ErrUnavailable)
	require.Less(t, time.Since(began), appendMost)
	server.Signal(syscall.SIGCONT)
	require.Eventually(t, func() bool { return s.Append(ctx, []int{0}, []store.LogEntry{{ID: "later"}}) == nil }, soon, time.Millisecond, "it goes on by itself")
}

// A Redis that is full, or is no master any more, refuses: nobody is told that their events are safe.
func TestRefusalsAreErrors(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string][]string{
		"OOM":       {"maxmemory", "1mb"},
		"READONLY":  {"replicaof", "127.0.0.1 1"},
		"NOREPLICA": {"min-replicas-to-write", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Start(t)
			s := open(t, server.URL)
			rdb := rawClient(t, server)
			if name == "READONLY" {
				require.NoError(t, rdb.ReplicaOf(t.Context(), "127.0.0.1", "1").Err())
			} else {
				require.NoError(t, rdb.ConfigSet(t.Context(), settings[0], settings[1]).Err())
			}
			began := time.Now()
			err := s.Append(t.Context(), []int{0}, []store.LogEntry{{ID: "e", Body: make([]byte, 1<<16)}})
			require.ErrorIs(t, err, store.ErrUnavailable)
			require.Less(t, time.Since(began), appendMost)
			require.Empty(t, onTheLog(t, s, 0))
		})
	}
}

// Closing fails whoever still waits, and leaves nothing running.
func TestCloseWhileCallersWait(t *testing.T) {
	quiet := goleak.IgnoreCurrent()
	t.Run("", func(t *testing.T) {
		server := redistest.Start(t)
		s := open(t, server.URL)
		server.Signal(syscall.SIGSTOP)
		const callers = 20
		errs := make(chan error, callers)
		for i := range callers {
			go func() { errs <- s.Append(context.Background(), []int{i % 4}, []store.LogEntry{{ID: "e"}}) }()
		}
		require.Eventually(t, func() bool { return store.Held(s) == callers }, soon, time.Millisecond)
		require.NoError(t, s.Close())
		for range callers {
			err := <-errs
			require.ErrorIs(t, err, store.ErrUnavailable)
			require.NotErrorIs(t, err, context.DeadlineExceeded, "nobody waits until their patience ends")
			require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
		}
		require.ErrorIs(t, s.Append(t.Context(), []int{0}, []store.LogEntry{{ID: "e"}}), store.ErrUnavailable)
		server.Signal(syscall.SIGCONT)
		server.Kill()
	})
	goleak.VerifyNone(t, quiet)
}
