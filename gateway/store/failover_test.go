package store_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// failing is a Redis that has a replica to take a master's place.
type failing struct {
	options store.Options
	master  func(context.Context) (*redistest.Node, error) // of partition 0
	rejoin  func(context.Context, *redistest.Node) error
	settled func(context.Context) error
}

// A master dies in the middle of commits. Its replica works alone within seconds, on a server that has never seen the
// scripts. With Confirm, whatever was acknowledged is there after that, once, and in its place.
func TestAMasterDiesInTheMiddleOfCommits(t *testing.T) {
	test := func(t *testing.T, f failing) {
		f.options.LeaseTTL, f.options.Partitions = 10*time.Minute, 8
		f.worksAlone(t)
		f.losesNothing(t)
	}
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		c := borrowCluster(t)
		test(t, failing{
			options: store.Options{URL: c.URL(), Cluster: c.Addrs()[1:]},
			master:  func(ctx context.Context) (*redistest.Node, error) { return c.MasterOf(ctx, "{p00}:") },
			rejoin:  func(_ context.Context, n *redistest.Node) error { return n.Run() }, settled: c.Settled,
		})
	})
	t.Run("sentinel", func(t *testing.T) {
		t.Parallel()
		s := redistest.StartSentinels(t, redistest.None)
		test(t, failing{
			options: store.Options{URL: s.URL(), Sentinel: &store.Sentinel{Master: redistest.MasterName, Addrs: s.Addrs()}},
			master:  s.Master, rejoin: s.Rejoin, settled: s.Settled,
		})
	})
}

func (f failing) worksAlone(t *testing.T) {
	ctx := t.Context()
	s := open(t, f.options)
	load := startLoad(t, s)
	load.await(20)
	dead, err := f.master(ctx)
	require.NoError(t, err)
	dead.Kill()
	killed := time.Now()
	load.await(20)
	t.Logf("every partition works again after %s", time.Since(killed))
	load.stop()
	_, _, err = s.Spend(ctx, "sms", 1, 1, 1)
	require.NoError(t, err, "a script that is in no pipeline")
	require.NoError(t, f.rejoin(ctx, dead))
	require.NoError(t, f.settled(ctx))
}

func (f failing) losesNothing(t *testing.T) {
	ctx := t.Context()
	f.options.Confirm = 1
	s := open(t, f.options)
	load := startLoad(t, s)
	load.await(20)
	dead, err := f.master(ctx)
	require.NoError(t, err)
	dead.Kill()
	killed := time.Now()
	require.Eventually(t, func() bool {
		now, err := f.master(ctx)
		return err == nil && now != dead
	}, time.Minute, 20*time.Millisecond, "somebody is promoted")
	require.NoError(t, f.rejoin(ctx, dead), "the new master needs a replica")
	load.await(20)
	t.Logf("every partition works again after %s", time.Since(killed))
	load.stop()
	load.verify()
}

// With Confirm, a master alone takes nothing, and says why.
func TestAMasterWithoutReplicaConfirmsNothing(t *testing.T) {
	t.Parallel()
	o := store.Options{URL: redistest.Start(t).URL, Confirm: 1, Patience: 10 * time.Millisecond}
	_, err := store.Open(t.Context(), o)
	require.ErrorContains(t, err, "replicas confirmed")
}

// load writes to every partition at once, and remembers what was acknowledged.
type load struct {
	t       *testing.T
	s       *store.Store
	cancel  context.CancelFunc
	done    sync.WaitGroup
	writers []*writer
}

type writer struct {
	lease  store.Lease
	acked  map[int64]string // by the turns that there had been: what the ledger says there
	events []string         // appended
	count  atomic.Int64
	failed error
}

func startLoad(t *testing.T, s *store.Store) *load {
	ctx, cancel := context.WithCancel(t.Context())
	l := &load{t: t, s: s, cancel: cancel}
	t.Cleanup(l.stop)
	for p := range s.Partitions() {
		w := &writer{lease: acquire(t, s, p, "a"), acked: map[int64]string{}}
		l.writers = append(l.writers, w)
		l.done.Go(func() {
			for ctx.Err() == nil && w.failed == nil {
				w.failed = w.write(ctx, s)
			}
		})
	}
	return l
}

func (w *writer) contact() string { return store.ContactID(w.lease.Partition, "x") }

// write commits one entry and appends one event, as often as it takes: after an error it is not known whether it was
// applied, and the number of turns tells.
func (w *writer) write(ctx context.Context, s *store.Store) error {
	event := rand.Text()
	if s.Append(ctx, []int{w.lease.Partition}, []store.LogEntry{{ID: event}}) == nil {
		w.events = append(w.events, event)
	}
	turns, err := s.Turns(ctx, []int{w.lease.Partition})
	if err != nil {
		return nil
	}
	entry := rand.Text()
	b := store.NewBatch(w.lease)
	b.Turn(turns[0])
	b.PutContact(w.contact(), turns[0] > 0, []store.Field{{Name: "c", Value: entry}})
	b.Ledger(w.contact(), [][]byte{[]byte(entry)})
	switch err := s.CommitOne(ctx, b); {
	case err == nil:
		w.acked[turns[0]] = entry
		w.count.Add(1)
	case !store.IsAway(err) && err != store.ErrStale: //nolint:errorlint // it is that one itself
		return err
	}
	return nil
}

// await waits until every writer has had n more acknowledged.
func (l *load) await(n int64) {
	l.t.Helper()
	for _, w := range l.writers {
		goal := w.count.Load() + n
		require.Eventually(l.t, func() bool { return w.count.Load() >= goal }, time.Minute, 5*time.Millisecond, "partition %d", w.lease.Partition)
	}
}

func (l *load) stop() {
	l.cancel()
	l.done.Wait()
}

// verify asserts that what was acknowledged is there, in its place.
func (l *load) verify() {
	l.t.Helper()
	ctx := l.t.Context()
	for _, w := range l.writers {
		require.NoError(l.t, w.failed)
		ledger, err := l.s.Ledger(ctx, w.contact(), 0)
		require.NoError(l.t, err)
		turns, err := l.s.Turns(ctx, []int{w.lease.Partition})
		require.NoError(l.t, err)
		require.Len(l.t, ledger, int(turns[0]), "one entry for each turn")
		for turn, entry := range w.acked {
			require.Equal(l.t, entry, string(ledger[turn]), "partition %d, turn %d", w.lease.Partition, turn)
		}
		logs, err := l.s.Read(ctx, []int{w.lease.Partition}, nil, 1<<20, time.Second)
		require.NoError(l.t, err)
		there := map[string]bool{}
		for _, e := range logs[w.lease.Partition] {
			there[e.ID] = true
		}
		for _, e := range w.events {
			require.True(l.t, there[e], "an event was acknowledged and is gone")
		}
	}
}

// While one master of a cluster is away, the logs of the others are read as ever.
func TestLogsAreReadWhileAMasterIsAway(t *testing.T) {
	t.Parallel()
	c := borrowCluster(t)
	s, ctx := open(t, store.Options{URL: c.URL(), Cluster: c.Addrs()[1:], Partitions: 16}), t.Context()
	var all []int
	for p := range 16 {
		all = append(all, p)
		require.NoError(t, s.Append(ctx, []int{p}, []store.LogEntry{{ID: fmt.Sprint("e", p)}}))
	}
	got, err := s.Read(ctx, all, nil, 10, time.Second)
	require.NoError(t, err)
	require.Len(t, got, 16)
	dead, err := c.MasterOf(ctx, "{p00}:")
	require.NoError(t, err)
	replica, err := c.ReplicaOf(ctx, dead)
	require.NoError(t, err)
	replica.Kill() // nobody can take its place
	dead.Kill()
	got, err = s.Read(ctx, all, nil, 10, time.Second)
	if err != nil { // the others may have stopped already: a cluster that misses slots does
		require.True(t, store.IsAway(err), err)
		require.True(t, strings.Contains(err.Error(), "CLUSTERDOWN"), err)
	} else {
		require.NotEmpty(t, got)
		require.Empty(t, got[0])
	}
}

// Reading from a cluster waits as long as it is told, returns as soon as something comes, and ends with its context.
func TestReadingWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		before := time.Now()
		got, err := s.Read(ctx, []int{0, 1, 2, 3}, nil, 10, 60*time.Millisecond)
		require.NoError(t, err)
		require.Empty(t, got)
		require.GreaterOrEqual(t, time.Since(before), 50*time.Millisecond)

		found := make(chan int, 1)
		go func() {
			got, _ := s.Read(ctx, []int{0, 1, 2, 3}, nil, 10, time.Minute)
			found <- len(got[3])
		}()
		require.NoError(t, s.Append(ctx, []int{3}, []store.LogEntry{{ID: "e"}}))
		require.Equal(t, 1, <-found)
	})
	t.Run("ends", func(t *testing.T) {
		t.Parallel()
		c := borrowCluster(t)
		s := open(t, store.Options{URL: c.URL(), Cluster: c.Addrs()[1:]})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := s.Read(ctx, []int{0, 1, 2, 3}, nil, 10, time.Hour)
			ended <- err
		}()
		cancel()
		require.NoError(t, <-ended)
	})
}
