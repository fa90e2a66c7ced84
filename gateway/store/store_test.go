package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

func acquire(t *testing.T, s *store.Store, p int, owner string) store.Lease {
	t.Helper()
	l, ok, err := s.Acquire(t.Context(), p, owner)
	require.NoError(t, err)
	require.True(t, ok)
	return l
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestCommitIsAllOrNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")

		b := store.NewBatch(l)
		b.PutContact("c1-x", 0, []store.Field{{Name: "c", Value: []byte("one")}, {Name: "p:style", Value: []byte("office")}})
		b.Ledger("c1-x", [][]byte{[]byte("created")})
		b.Link("tel:+84901234567", "c1-x")
		require.NoError(t, s.CommitOne(ctx, b))

		stale := store.NewBatch(l)
		stale.PutContact("c1-x", 0, []store.Field{{Name: "c", Value: []byte("two")}})
		stale.Ledger("c1-x", [][]byte{[]byte("never")})
		require.ErrorIs(t, s.CommitOne(ctx, stale), store.ErrStale)

		fenced := store.NewBatch(store.Lease{Partition: 1, Token: "somebody#9"})
		fenced.Ledger("c1-x", [][]byte{[]byte("never")})
		require.ErrorIs(t, s.CommitOne(ctx, fenced), store.ErrFenced)

		again := store.NewBatch(l)
		again.PutContact("c1-x", 1, []store.Field{{Name: "c", Value: []byte("two")}, {Name: "p:style"}})
		require.NoError(t, s.CommitOne(ctx, again))

		cs, err := s.Load(ctx, []string{"c1-x", "c1-nobody", "nonsense"})
		require.NoError(t, err)
		require.Equal(t, int64(2), cs[0].Version)
		require.Equal(t, map[string]string{"v": "2", "c": "two"}, cs[0].Fields)
		require.Zero(t, cs[1].Version)
		require.Zero(t, cs[2].Version)
		entries, err := s.Ledger(ctx, "c1-x", 0)
		require.NoError(t, err)
		require.Equal(t, [][]byte{[]byte("created")}, entries)
	})
}

func TestLogIsReadFromItsHeadUntilHandled(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 2, "a")
		for i := range 3 {
			require.NoError(t, s.Append(ctx, []int{2}, []store.LogEntry{{ID: fmt.Sprint("e", i), Key: "k", Body: []byte{byte('0' + i)}}}))
		}
		got, err := s.Read(ctx, []int{0, 1, 2, 3}, 2, 10*time.Millisecond)
		require.NoError(t, err)
		require.Len(t, got[2], 2, "no more than asked for")
		again, err := s.Read(ctx, []int{2}, 2, 10*time.Millisecond)
		require.NoError(t, err)
		require.Equal(t, got[2], again[2], "reading moves nothing")

		b := store.NewBatch(l)
		b.Handled(got[2][1].At, []string{"e0", "e1"}, noon, noon.Add(-time.Hour))
		require.NoError(t, s.CommitOne(ctx, b))
		rest, err := s.Read(ctx, []int{2}, 2, 10*time.Millisecond)
		require.NoError(t, err)
		require.Len(t, rest[2], 1)
		require.Equal(t, "e2", rest[2][0].ID)

		found, err := s.Look(ctx, []store.Lookup{{Partition: 2, Events: []string{"e0", "e2"}}})
		require.NoError(t, err)
		require.Equal(t, []bool{true, false}, found[0].Seen)
	})
}

func TestLeases(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		first := acquire(t, s, 0, "a")
		same := acquire(t, s, 0, "a")
		require.Equal(t, first, same, "taking one's own again keeps it")
		_, ok, err := s.Acquire(ctx, 0, "b")
		require.NoError(t, err)
		require.False(t, ok)
		require.NoError(t, s.Release(ctx, []store.Lease{first}))
		second := acquire(t, s, 0, "b")
		lost, err := s.Renew(ctx, []store.Lease{first, second})
		require.NoError(t, err)
		require.Equal(t, []store.Lease{first}, lost)
		third := acquire(t, s, 0, "b")
		require.Equal(t, second.Token, third.Token)
	})
}

func TestClaimsAreIdempotentAndBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		added, err := s.AddCodes(ctx, "pool", []string{"A", "B", "A"})
		require.NoError(t, err)
		require.Equal(t, 2, added)
		added, err = s.AddCodes(ctx, "pool", []string{"B"})
		require.NoError(t, err)
		require.Zero(t, added)

		code, ok, err := s.ClaimCode(ctx, "pool", "one")
		require.NoError(t, err)
		require.True(t, ok)
		again, _, err := s.ClaimCode(ctx, "pool", "one")
		require.NoError(t, err)
		require.Equal(t, code, again)
		other, _, err := s.ClaimCode(ctx, "pool", "two")
		require.NoError(t, err)
		require.NotEqual(t, code, other)
		_, ok, err = s.ClaimCode(ctx, "pool", "three")
		require.NoError(t, err)
		require.False(t, ok, "the pool is empty")

		for i, want := range []bool{true, true, false} {
			ok, err := s.ClaimBudget(ctx, "offer", fmt.Sprint(i), 2)
			require.NoError(t, err)
			require.Equal(t, want, ok)
		}
		ok, err = s.ClaimBudget(ctx, "offer", "0", 2)
		require.NoError(t, err)
		require.True(t, ok, "the same claim, the same answer")
		left, err := s.CodesLeft(ctx, "pool")
		require.NoError(t, err)
		require.Zero(t, left)
	})
}

func TestAnswersToPeopleOvertakeBulk(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		b := store.NewBatch(l)
		b.Queue("sms", "c1-a.1", noon.Add(-time.Hour), false, []byte("ad"))
		b.Queue("sms", "c1-b.1", noon.Add(time.Hour), false, []byte("held"))
		b.Queue("sms", "c1-c.1", noon, true, []byte("answer"))
		require.NoError(t, s.CommitOne(ctx, b))
		due, err := s.Due(ctx, []int{0, 1}, "sms", noon, 10)
		require.NoError(t, err)
		require.Equal(t, []store.Due{{Partition: 1, ID: "c1-c.1"}, {Partition: 1, ID: "c1-a.1"}}, due)

		b = store.NewBatch(l)
		b.Hasten("sms", "c1-b.1", noon)
		b.Hasten("sms", "c1-gone.1", noon)
		require.NoError(t, s.CommitOne(ctx, b))
		due, err = s.Due(ctx, []int{1}, "sms", noon, 10)
		require.NoError(t, err)
		require.Len(t, due, 3, "hastening brings nothing into being")
	})
}

func TestStartMarksWhatIsQueuedAndReadsTheContact(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		b := store.NewBatch(l)
		b.PutContact("c1-a", 0, []store.Field{{Name: "c", Value: []byte("core")}})
		b.Queue("sms", "c1-a.1", noon, true, []byte("body"))
		require.NoError(t, s.CommitOne(ctx, b))

		got, errs := s.Start(ctx, []store.Lease{l, {Partition: 1, Token: "old#1"}}, [][]store.Start{
			{{ID: "c1-a.1", Contact: "c1-a"}, {ID: "c1-z.1", Contact: "c1-z"}}, {{ID: "c1-a.1", Contact: "c1-a"}}}, noon)
		require.NoError(t, errs[0])
		require.ErrorIs(t, errs[1], store.ErrFenced)
		require.Equal(t, []store.Started{{Body: []byte("body"), Core: []byte("core")}, {}}, got[0])
		left, err := s.Unfinished(ctx, 1)
		require.NoError(t, err)
		require.Len(t, left.Sending, 1)
		require.True(t, left.Sending["c1-a.1"].Equal(noon))

		again, errs := s.Start(ctx, []store.Lease{l}, [][]store.Start{{{ID: "c1-a.1", Contact: "c1-a"}}}, noon)
		require.NoError(t, errs[0])
		require.Equal(t, []store.Started{{Marked: true}}, again[0], "what is being sent is not started twice")

		b = store.NewBatch(l)
		b.Unqueue("sms", "c1-a.1")
		require.NoError(t, s.CommitOne(ctx, b))
		left, err = s.Unfinished(ctx, 1)
		require.NoError(t, err)
		require.Empty(t, left.Sending)
	})
}

func TestAMessageIsNotPutBackForSomebodyErased(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		b := store.NewBatch(l)
		b.Queue("sms", "c1-a.1", noon, true, []byte("body"))
		require.NoError(t, s.CommitOne(ctx, b))
		b = store.NewBatch(l)
		b.Requeue("sms", "c1-a.1", noon, true, []byte("again"))
		b.Requeue("sms", "c1-erased.1", noon, true, []byte("personal"))
		require.NoError(t, s.CommitOne(ctx, b))
		due, err := s.Due(ctx, []int{1}, "sms", noon, 10)
		require.NoError(t, err)
		require.Len(t, due, 1)
		due = append(due, store.Due{Partition: 1, ID: "c1-erased.1"})
		require.NoError(t, s.Bodies(ctx, due))
		require.Equal(t, "again", string(due[0].Body))
		require.Empty(t, due[1].Body)
	})
}

func TestForwardedEventsWaitUntilTheyHaveArrived(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		b := store.NewBatch(l)
		b.Forward(3, store.LogEntry{ID: "x", Key: "k", Body: []byte("b")})
		b.Forward(store.AllPartitions, store.LogEntry{ID: "y"})
		require.NoError(t, s.CommitOne(ctx, b))
		under, err := s.Forwarding(ctx, 1, 10)
		require.NoError(t, err)
		require.Len(t, under, 2)
		require.Equal(t, 3, under[0].To)
		require.Equal(t, store.AllPartitions, under[1].To)
		b = store.NewBatch(l)
		b.Arrived(under[0].At)
		require.NoError(t, s.CommitOne(ctx, b))
		under, err = s.Forwarding(ctx, 1, 10)
		require.NoError(t, err)
		require.Len(t, under, 1)
	})
}

func TestAwaitGetsTheAnswerWheneverItComes(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		got := make(chan string, 1)
		go func() {
			v, err := s.Await(ctx, 1, "ev", 5*time.Second)
			got <- fmt.Sprint(string(v), err)
		}()
		b := store.NewBatch(l)
		b.Answer("ev", []byte("done"))
		require.NoError(t, s.CommitOne(ctx, b))
		require.Equal(t, "done<nil>", <-got)
	})
}

func TestThePartitionCountIsFixedAtTheFirstStart(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		open(t, url)
		o := shape(url)
		o.Partitions = 8
		_, err := store.Open(t.Context(), o)
		require.ErrorContains(t, err, "set up with 4 partitions")
	})
}

func TestForgottenScriptsAreSentAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		o := shape(url)
		rdb := redis.UniversalClient(client(t, o.URL))
		if len(o.Cluster) > 0 {
			rdb = redis.NewClusterClient(&redis.ClusterOptions{Addrs: o.Cluster})
			defer rdb.Close()
		}
		require.NoError(t, rdb.ScriptFlush(t.Context()).Err())
		b1, b2 := store.NewBatch(l), store.NewBatch(l)
		b1.Ledger("c1-a", [][]byte{[]byte("1")})
		b2.Ledger("c1-a", [][]byte{[]byte("2")})
		for _, err := range s.Commit(t.Context(), []*store.Batch{b1, b2}) {
			require.NoError(t, err)
		}
		got, err := s.Ledger(t.Context(), "c1-a", 0)
		require.NoError(t, err)
		require.Equal(t, [][]byte{[]byte("1"), []byte("2")}, got, "each once, in order")
	})
}

// Every script must find all its keys in one slot, or it fails on Redis Cluster and nowhere else.
func TestKeysOfAScriptShareASlot(t *testing.T) {
	onBoth(t, keysShareASlot)
}

func keysShareASlot(t *testing.T, url string) {
	var scripts [][]string
	s := open(t, url, func(o *store.Options) {
		o.Partitions = 64
		o.Commands = func(args []any) {
			if name := strings.ToLower(fmt.Sprint(args[0])); name == "evalsha" || name == "eval" {
				var keys []string
				n, err := strconv.Atoi(fmt.Sprint(args[2]))
				if err != nil {
					t.Errorf("the number of keys of %v: %v", args, err)
				}
				for _, k := range args[3 : 3+n] {
					keys = append(keys, fmt.Sprint(k))
				}
				scripts = append(scripts, keys)
			}
		}
	})
	ctx := t.Context()
	l := acquire(t, s, 37, "a")
	everyWrite(t, s, l)
	_, err := s.Renew(ctx, []store.Lease{l})
	require.NoError(t, err)
	_, errs := s.Start(ctx, []store.Lease{l}, [][]store.Start{{{ID: "c37-a.1", Contact: "c37-a"}}}, noon)
	require.NoError(t, errs[0])
	_, err = s.ClaimBudget(ctx, "o", "c", 1)
	require.NoError(t, err)
	_, err = s.AddCodes(ctx, "p", []string{"A"})
	require.NoError(t, err)
	_, _, err = s.ClaimCode(ctx, "p", "c")
	require.NoError(t, err)
	_, err = s.SwapToken(ctx, "zalo", "refresh", "", "new")
	require.NoError(t, err)
	require.NoError(t, s.Release(ctx, []store.Lease{l}))

	require.GreaterOrEqual(t, len(scripts), 8)
	for _, keys := range scripts {
		for _, k := range keys {
			require.Equal(t, tag(keys[0]), tag(k), "keys %v", keys)
		}
	}
}

func tag(key string) string {
	_, rest, _ := strings.Cut(key, "{")
	t, _, _ := strings.Cut(rest, "}")
	return t
}

// everyWrite commits one of each write that a batch can hold.
func everyWrite(t *testing.T, s *store.Store, l store.Lease) {
	t.Helper()
	b := store.NewBatch(l)
	id := "c37-a"
	b.PutContact(id, 0, []store.Field{{Name: "c", Value: []byte("x")}, {Name: "p:a"}})
	b.Link("tel:+84901234567", id)
	b.Unlink("tel:+84901234568")
	b.Ledger(id, [][]byte{[]byte("x")})
	b.SetTimer("t", noon)
	b.ClearTimer("t")
	b.Append(store.LogEntry{ID: "e"})
	b.Forward(1, store.LogEntry{ID: "e"})
	b.Arrived("1-1")
	b.Handled("1-1", []string{"e"}, noon, noon)
	b.Bury(store.LogEntry{ID: "e"}, "r", noon)
	b.BuryMessage("m", "sms", "r", noon)
	b.Count("run", "n:audience", 1)
	b.SetRun("run", "state", "paused")
	b.CountGiven("o")
	b.AddInboxItem("i", noon, []byte("x"))
	b.CloseInboxItem("i")
	b.Suppress("h")
	b.Unsuppress("h")
	b.Answer("e", []byte("x"))
	b.Fired("c", noon)
	b.ListRun("run", noon)
	b.Queue("sms", id+".1", noon, true, []byte("x"))
	b.Requeue("sms", id+".1", noon, true, []byte("x"))
	b.Hasten("sms", id+".1", noon)
	b.NotSending(id + ".1")
	b.Block(id, id+".1")
	b.Unblock(id)
	b.Unqueue("sms", id+".2")
	b.EraseContact("c37-b", store.Traces{Timers: []string{"t"}, Inbox: []string{"i"}, Dead: []string{"1-1"}, Queues: map[string][]string{"sms": {"c37-b.1"}}})
	require.NoError(t, s.CommitOne(t.Context(), b))
}

func TestKeepersShareThePartitions(t *testing.T) {
	url := redistest.Start(t).URL
	quick := func(o *store.Options) { o.LeaseTTL = 400 * time.Millisecond; o.Partitions = 8 }
	a := store.NewKeeper(open(t, url, quick), "a", time.Now, slog.New(slog.DiscardHandler))
	b := store.NewKeeper(open(t, url, quick), "b", time.Now, slog.New(slog.DiscardHandler))
	a.Start(t.Context())
	require.Len(t, a.Owned(), 8, "alone it has them all")
	b.Start(t.Context())
	eventually(t, b, func() bool { return len(a.Owned()) == 4 && len(b.Owned()) == 4 })
	for _, l := range a.Owned() {
		for _, m := range b.Owned() {
			require.NotEqual(t, l.Partition, m.Partition)
		}
	}
	require.NoError(t, a.Stop(context.Background()))
	eventually(t, b, func() bool { return len(b.Owned()) == 8 })
	require.NoError(t, b.Stop(context.Background()))
}

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
