package store_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

var quiet = slog.New(slog.DiscardHandler)

// eventually waits for a condition, looking whenever the keeper says that something changed.
func eventually(t *testing.T, k *store.Keeper, ok func() bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		changed := k.Changed()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatal("it never came to that: ", len(k.Owned()))
		}
	}
}

// leased makes options with leases of ttl for n partitions.
func leased(ttl time.Duration, n int) func(*store.Options) {
	return func(o *store.Options) { o.LeaseTTL, o.Partitions = ttl, n }
}

// keep starts a keeper with connections of its own. It is stopped with the test, unless that has been done.
func keep(t *testing.T, url, owner string, change ...func(*store.Options)) *store.Keeper {
	t.Helper()
	k := store.NewKeeper(open(t, url, change...), owner, time.Now, quiet)
	k.Start(t.Context())
	return k
}

func stop(t *testing.T, k *store.Keeper) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	require.NoError(t, k.Stop(ctx))
}

func TestKeepersShareThePartitions(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		a := keep(t, url, "a", leased(time.Minute, 8))
		require.Len(t, a.Owned(), 8, "alone it has them all")
		b := keep(t, url, "b", leased(time.Minute, 8))
		eventually(t, b, func() bool { return len(a.Owned()) == 4 && len(b.Owned()) == 4 })
		for _, l := range a.Owned() {
			for _, m := range b.Owned() {
				require.NotEqual(t, l.Partition, m.Partition)
			}
		}
		stop(t, a)
		eventually(t, b, func() bool { return len(b.Owned()) == 8 })
		stop(t, b)
	})
}

// Leases of a minute: whatever happens within seconds, the bell has brought about.
func TestReplicasComeAndGo(t *testing.T) {
	t.Parallel()
	s := open(t, redistest.Start(t).URL, leased(time.Minute, 64))
	rapid.Check(t, func(rt *rapid.T) {
		var living []*store.Keeper
		defer func() {
			for _, k := range living {
				stop(t, k)
			}
		}()
		for i, comes := range rapid.SliceOfN(rapid.Bool(), 1, 8).Draw(rt, "comes") {
			if comes || len(living) == 0 {
				k := store.NewKeeper(s, string(rune('a'+i))+rapid.StringMatching(`[a-z0-9]{8}`).Draw(rt, "owner"), time.Now, quiet)
				k.Start(t.Context())
				living = append(living, k)
			} else {
				goes := rapid.IntRange(0, len(living)-1).Draw(rt, "goes")
				stop(t, living[goes])
				living = slices.Delete(living, goes, goes+1)
			}
			if rapid.Bool().Draw(rt, "it is waited for") {
				converge(t, living, 64)
			}
		}
		converge(t, living, 64)
	})
}

// converge waits until the living hold all partitions, each once and nobody more than one above anybody else.
func converge(t *testing.T, living []*store.Keeper, partitions int) {
	t.Helper()
	until(t, "the partitions are shared out", func() bool { return len(living) == 0 || even(living, partitions) })
}

// until looks again and again: for what more than one keeper brings about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("it never comes to this: " + what)
		}
	}
}

func even(living []*store.Keeper, partitions int) bool {
	held, least, most := map[int]bool{}, partitions, 0
	for _, k := range living {
		owned := k.Owned()
		least, most = min(least, len(owned)), max(most, len(owned))
		for _, l := range owned {
			held[l.Partition] = true
		}
	}
	return len(held) == partitions && most-least <= 1
}

// A stopped replica's partitions are others' within moments, however long the leases.
func TestACleanStopHandsOverAtOnce(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t).URL
	living := []*store.Keeper{keep(t, url, "a", leased(time.Minute, 64)), keep(t, url, "b", leased(time.Minute, 64)), keep(t, url, "c", leased(time.Minute, 64))}
	converge(t, living, 64)
	began := time.Now()
	stop(t, living[0])
	converge(t, living[1:], 64)
	took := time.Since(began)
	t.Logf("handed over in %s", took)
	require.Less(t, took, 10*time.Second, "below a round, which is 15 s; 100 ms on a machine that has nothing else to do")
	stop(t, living[1])
	stop(t, living[2])
}

// Nobody hears the bell: others find out at their next rounds.
func TestABellThatIsNotHeardCostsARound(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t).URL
	deaf := func(o *store.Options) {
		leased(400*time.Millisecond, 8)(o)
		o.Intercept = func(after bool, command string) error {
			if command == "publish" {
				return errors.New("no")
			}
			return nil
		}
	}
	a, b := keep(t, url, "a", deaf), keep(t, url, "b", deaf)
	converge(t, []*store.Keeper{a, b}, 8)
	stop(t, a)
	converge(t, []*store.Keeper{b}, 8)
	stop(t, b)
}

// Who dies is replaced when the leases run out, and not a round later.
func TestADeadReplicaIsReplaced(t *testing.T) {
	t.Parallel()
	const ttl = 800 * time.Millisecond
	url := redistest.Start(t).URL
	a, b := keep(t, url, "a", leased(ttl, 16)), keep(t, url, "b", leased(ttl, 16))
	converge(t, []*store.Keeper{a, b}, 16)
	began := time.Now()
	a.Abandon()
	converge(t, []*store.Keeper{b}, 16)
	took := time.Since(began)
	t.Logf("taken over in %s, with leases of %s", took, ttl)
	require.Less(t, took, 10*ttl, "about one, on a machine that has nothing else to do")
	stop(t, b)
}

func TestABusyPartitionIsWaitedForButNotForEver(t *testing.T) {
	t.Parallel()
	for name, patience := range map[string]time.Duration{"until it is free": time.Hour, "for as long as there is patience": 300 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := redistest.Start(t).URL
			var busy atomic.Bool
			busy.Store(true)
			a := store.NewKeeper(open(t, url, leased(time.Minute, 8)), "a", time.Now, quiet)
			a.Busy, a.Patience = func(int) bool { return busy.Load() }, patience
			a.Start(t.Context())
			b := keep(t, url, "b", leased(time.Minute, 8))
			began := time.Now()
			eventually(t, a, func() bool { return len(a.Owned()) == 4 })
			if patience == time.Hour {
				require.Empty(t, b.Owned(), "nothing more is begun in what goes, but it is not given away yet")
				busy.Store(false)
			}
			eventually(t, b, func() bool { return len(b.Owned()) == 4 })
			if patience < time.Hour {
				require.GreaterOrEqual(t, time.Since(began), patience-100*time.Millisecond)
			}
			stop(t, a)
			stop(t, b)
		})
	}
}

// Draining gives each partition away as it comes free, keeps the others alive, and begins nothing.
func TestDrainingGivesAwayWhatIsFree(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t).URL
	var busy sync.Map
	a := store.NewKeeper(open(t, url, leased(time.Minute, 4)), "a", time.Now, quiet)
	a.Busy = func(p int) bool { _, ok := busy.Load(p); return ok }
	busy.Store(3, true)
	a.Start(t.Context())
	leases := a.Owned()
	b := store.NewKeeper(open(t, url, leased(time.Minute, 4)), "b", time.Now, quiet)
	a.Drain()
	require.Empty(t, a.Owned())
	b.Start(t.Context())
	eventually(t, b, func() bool { return len(b.Owned()) == 3 })
	still := store.NewBatch(leases[3])
	still.CountGiven("offer", time.Now())
	require.NoError(t, open(t, url).CommitOne(t.Context(), still), "what became of it can be written down")
	busy.Delete(3)
	eventually(t, b, func() bool { return len(b.Owned()) == 4 })
	stop(t, a)
	stop(t, b)
}

// hand is a clock that goes by itself and whose wall can be moved apart from its monotonic reading, as a clock that is put
// right does.
type hand struct{ wall atomic.Int64 }

func (h *hand) now() time.Time {
	t := time.Now()
	// The seconds of the wall clock stand above 30 bits of nanoseconds in the first word, under the flag that says that there
	// is a monotonic reading.
	*(*uint64)(unsafe.Pointer(&t)) += uint64(h.wall.Load()) << 30
	return t
}

func TestLeasesRestOnTheMonotonicClock(t *testing.T) {
	t.Parallel()
	var h hand
	before := h.now()
	h.wall.Store(3600)
	require.InDelta(t, 3600, h.now().Round(0).Sub(before.Round(0)).Seconds(), 1, "the wall jumps")
	require.Less(t, h.now().Sub(before), time.Second, "and the monotonic reading does not")
	h.wall.Store(0)

	url := redistest.Start(t).URL
	var cut atomic.Bool
	s := open(t, url, leased(2*time.Second, 4), func(o *store.Options) {
		o.Intercept = func(bool, string) error {
			if cut.Load() {
				return errors.New("cut off")
			}
			return nil
		}
	})
	k := store.NewKeeper(s, "a", h.now, quiet)
	k.Start(t.Context())
	leases := k.Owned()
	require.Len(t, leases, 4)
	for _, seconds := range []int64{3600, -3600, 86400 * 365, 0} {
		h.wall.Store(seconds)
		require.Equal(t, leases, k.Owned(), "a jump of the wall clock loses nothing")
	}
	cut.Store(true)
	h.wall.Store(-3600)
	require.Equal(t, leases, k.Owned())
	until(t, "a wall clock that was put back keeps nothing that has run out", func() bool { return len(k.Owned()) == 0 })
	cut.Store(false)
	eventually(t, k, func() bool { return len(k.Owned()) == 4 })
	stop(t, k)
}

// Redis comes back without leases, list and scripts: each replica has a share again, under leases of which none is older.
func TestARedisThatForgotEverything(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t)
	a, b := keep(t, r.URL, "a", leased(2*time.Second, 8)), keep(t, r.URL, "b", leased(2*time.Second, 8))
	living := []*store.Keeper{a, b}
	converge(t, living, 8)
	r.Kill()
	r.Run()
	s := open(t, r.URL, leased(2*time.Second, 8))
	inForce := func() bool {
		kept, _, err := s.Renew(t.Context(), append(a.Owned(), b.Owned()...))
		return err == nil && len(kept) == 8
	}
	until(t, "both have a share under leases that are in force", func() bool { return even(living, 8) && inForce() })
	stop(t, a)
	stop(t, b)
}

// A Redis that stands still for a good part of a lease costs nobody a partition.
func TestASlowRedisLosesNoPartition(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t)
	k := keep(t, r.URL, "a", leased(4*time.Second, 8))
	leases := k.Owned()
	r.Signal(syscall.SIGSTOP)
	time.Sleep(1500 * time.Millisecond) // that is the disturbance
	r.Signal(syscall.SIGCONT)
	s := open(t, r.URL, leased(4*time.Second, 8))
	kept, lost, err := s.Renew(t.Context(), leases)
	require.NoError(t, err)
	require.Empty(t, lost)
	require.Equal(t, leases, kept)
	require.Equal(t, leases, k.Owned())
	stop(t, k)
}

func TestAKeeperStopsInTimeWhateverRedisDoes(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t)
	k := keep(t, r.URL, "a", leased(time.Minute, 8))
	r.Signal(syscall.SIGSTOP)
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, k.Stop(ctx), context.DeadlineExceeded, "it is its context that ends it")
	require.Empty(t, k.Owned())
}

// All partitions are taken, and given back, in a handful of round trips.
func TestTakingIsOneRoundTrip(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := open(t, redistest.Start(t).URL, leased(time.Minute, 64), func(o *store.Options) {
		o.Intercept = func(after bool, command string) error {
			if !after && strings.Contains(command, "evalsha") {
				calls.Add(1)
			}
			return nil
		}
	})
	k := store.NewKeeper(s, "a", time.Now, quiet)
	before := calls.Load()
	k.Start(t.Context())
	require.Len(t, k.Owned(), 64)
	require.LessOrEqual(t, calls.Load()-before, int64(4), "joining, taking; and perhaps a round that the bell has brought about")
	stop(t, k)
}
