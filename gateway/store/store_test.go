package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
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
		b.Turn(0)
		b.PutContact("c1-x", false, []store.Field{{Name: "c", Value: "one"}, {Name: "p:style", Value: "office"}})
		b.Ledger("c1-x", [][]byte{[]byte("created")})
		b.Link("tel:+84901234567", "c1-x")
		require.NoError(t, s.CommitOne(ctx, b))

		stale := store.NewBatch(l)
		stale.Turn(0)
		stale.PutContact("c1-x", false, []store.Field{{Name: "c", Value: "two"}})
		stale.Ledger("c1-x", [][]byte{[]byte("never")})
		require.ErrorIs(t, s.CommitOne(ctx, stale), store.ErrStale)

		fenced := store.NewBatch(store.Lease{Partition: 1, Token: "somebody#9"})
		fenced.Turn(1)
		fenced.Ledger("c1-x", [][]byte{[]byte("never")})
		require.ErrorIs(t, s.CommitOne(ctx, fenced), store.ErrFenced)

		turns, err := s.Turns(ctx, []int{1, 2})
		require.NoError(t, err)
		require.Equal(t, []int64{1, 0}, turns)
		again := store.NewBatch(l)
		again.Turn(1)
		again.PutContact("c1-x", true, []store.Field{{Name: "c", Value: "two"}, {Name: "p:style"}})
		require.NoError(t, s.CommitOne(ctx, again))

		cs, err := s.Load(ctx, []string{"c1-x", "c1-nobody", "nonsense"})
		require.NoError(t, err)
		require.Equal(t, store.Contact{ID: "c1-x", Exists: true, Fields: map[string]string{"v": "1", "c": "two"}}, cs[0])
		require.False(t, cs[1].Exists)
		require.False(t, cs[2].Exists)
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
		got, err := s.Read(ctx, []int{0, 1, 2, 3}, nil, 2, 10*time.Millisecond)
		require.NoError(t, err)
		require.Len(t, got[2], 2, "no more than asked for")
		again, err := s.Read(ctx, []int{2}, nil, 2, 10*time.Millisecond)
		require.NoError(t, err)
		require.Equal(t, got[2], again[2], "reading moves nothing")
		behind, err := s.Read(ctx, []int{1, 2}, []string{"", got[2][0].At}, 5, 10*time.Millisecond)
		require.NoError(t, err)
		require.Equal(t, got[2][1], behind[2][0], "the one behind that which is named")
		require.Len(t, behind[2], 2)
		none, err := s.Read(ctx, []int{1, 2}, []string{"", behind[2][1].At}, 5, 10*time.Millisecond)
		require.NoError(t, err)
		require.Empty(t, none)

		b := store.NewBatch(l)
		b.Handled(got[2][1].At, []string{"e0", "e1"}, noon)
		require.NoError(t, s.CommitOne(ctx, b))
		rest, err := s.Read(ctx, []int{2}, nil, 2, 10*time.Millisecond)
		require.NoError(t, err)
		require.Len(t, rest[2], 1)
		require.Equal(t, "e2", rest[2][0].ID)

		const day = 24 * time.Hour
		for later, want := range map[time.Duration][]bool{0: {true, false}, 7 * day: {true, false}, -30 * time.Second: {true, false}, 14 * day: {false, false}} {
			found, err := s.Look(ctx, []store.Lookup{{Partition: 2, Events: []string{"e0", "e2"}, Now: noon.Add(later)}})
			require.NoError(t, err)
			require.Equal(t, want, found[0].Seen, later)
		}
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
		kept, lost, err := s.Renew(ctx, []store.Lease{first, second})
		require.NoError(t, err)
		require.Equal(t, []store.Lease{second}, kept)
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

		got, err := s.Claim(ctx, []store.Claim{{Key: "one", Offer: "coded", Pool: "pool"}, {Key: "0", Offer: "offer", Budget: 2},
			{Key: "two", Offer: "coded", Pool: "pool"}, {Key: "one", Offer: "coded", Pool: "pool"}})
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"A", "B"}, []string{got[0].Code, got[2].Code})
		require.Equal(t, store.Claimed{}, got[1])
		require.Equal(t, got[0], got[3], "the same claim, the same answer")
		code := got[0].Code
		again, err := s.Claim(ctx, []store.Claim{{Key: "two", Offer: "coded", Pool: "pool"}})
		require.NoError(t, err)
		require.Equal(t, got[2], again[0])

		got, err = s.Claim(ctx, []store.Claim{{Key: "three", Offer: "bounded", Pool: "pool", Budget: 1}, {Key: "four", Offer: "bounded", Budget: 1}})
		require.NoError(t, err)
		require.Equal(t, []store.Claimed{{Empty: true}, {Spent: true}}, got, "both asked for the last one at the same time")
		got, err = s.Claim(ctx, []store.Claim{{Key: "four", Offer: "bounded", Budget: 1}})
		require.NoError(t, err)
		require.Equal(t, []store.Claimed{{}}, got, "who got no code took nothing of the budget")

		got, err = s.Claim(ctx, []store.Claim{{Key: "1", Offer: "offer", Budget: 2}, {Key: "2", Offer: "offer", Budget: 2}, {Key: "0", Offer: "offer", Budget: 2}})
		require.NoError(t, err)
		require.Equal(t, []store.Claimed{{}, {Spent: true}, {}}, got)
		left, err := s.CodesLeft(ctx, "pool")
		require.NoError(t, err)
		require.Zero(t, left)

		one, spent, never := store.Claim{Key: "one", Offer: "coded", Pool: "pool"}, store.Claim{Key: "1", Offer: "offer"}, store.Claim{Key: "never", Offer: "coded", Pool: "pool"}
		held, err := s.Held(ctx, []store.Claim{never, one, spent})
		require.NoError(t, err)
		require.Equal(t, []store.Claim{one, spent}, held)
		for range 2 { // again, as after a crash
			for _, c := range []store.Claim{never, one, spent} {
				require.NoError(t, s.Unclaim(ctx, c))
			}
		}
		held, err = s.Held(ctx, []store.Claim{never, one, spent})
		require.NoError(t, err)
		require.Empty(t, held)
		next, err := s.Claim(ctx, []store.Claim{{Key: "next", Offer: "coded", Pool: "pool"}, {Key: "after that", Offer: "coded", Pool: "pool"}, {Key: "2", Offer: "offer", Budget: 2}})
		require.NoError(t, err)
		require.Equal(t, []store.Claimed{{Code: code}, {Empty: true}, {}}, next, "once each")
	})
}

// take takes up to n messages of partition 1 and returns their ids.
func take(t *testing.T, s *store.Store, l store.Lease, now time.Time, n int) (ids []string, h store.Haul) {
	t.Helper()
	hauls, errs := s.Take(t.Context(), []store.Lease{l}, "sms", now, n, n)
	require.NoError(t, errs[0])
	for _, m := range hauls[0].Messages {
		ids = append(ids, m.ID)
	}
	return ids, hauls[0]
}

func commit(t *testing.T, s *store.Store, l store.Lease, write func(*store.Batch)) {
	t.Helper()
	b := store.NewBatch(l)
	write(b)
	require.NoError(t, s.CommitOne(t.Context(), b))
}

func TestAnswersToPeopleOvertakeBulk(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			b.Queue("sms", "c1-a.1", noon.Add(-time.Hour), false, []byte("ad"))
			b.Queue("sms", "c1-b.1", noon.Add(time.Hour), false, []byte("held"))
			b.Queue("sms", "c1-c.1", noon, true, []byte("answer"))
			b.Queue("sms", "c1-d.1", noon.Add(time.Minute), true, []byte("held answer"))
		})
		found, err := s.Look(t.Context(), []store.Lookup{{Partition: 1, Slices: []store.Slice{{Run: "r", Max: 1, Accounts: []string{"zalo", "sms"}, Soon: noon.Add(30 * time.Second)}}}})
		require.NoError(t, err)
		require.Equal(t, []store.Queue{{}, {All: 4, Soon: 3}}, found[0].Waiting[0], "answers are due, however long they are held")
		none, errs := s.Take(t.Context(), []store.Lease{l}, "zalo", noon, 10, 0)
		require.NoError(t, errs[0])
		require.Empty(t, none[0].Messages)
		answers, errs := s.Take(t.Context(), []store.Lease{l}, "sms", noon, 10, 0)
		require.NoError(t, errs[0])
		require.Equal(t, []store.Taken{{ID: "c1-c.1", Body: []byte("answer")}}, answers[0].Messages)
		require.True(t, answers[0].Next.Equal(noon.Add(-time.Hour)), "what was not wanted is due: %s", answers[0].Next)
		commit(t, s, l, func(b *store.Batch) { b.Requeue("sms", "c1-c.1", noon, true, []byte("answer")) })

		first, h := take(t, s, l, noon, 1)
		require.Equal(t, []string{"c1-c.1"}, first)
		require.True(t, h.More)
		second, h := take(t, s, l, noon, 10)
		require.Equal(t, []string{"c1-a.1"}, second)
		require.False(t, h.More)
		require.True(t, h.Next.Equal(noon.Add(time.Minute)), "the next is the held answer, not %s", h.Next)
		again, _ := take(t, s, l, noon, 10)
		require.Empty(t, again, "what was taken is off the queue")
	})
}

func TestSoMuchIsTakenOfWhatGoesOutUnasked(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			for i := range 4 {
				b.Queue("sms", fmt.Sprint("c1-ad", i, ".1"), noon.Add(time.Duration(i-4)*time.Minute), false, []byte("ad"))
			}
			b.Queue("sms", "c1-c.1", noon, true, []byte("answer"))
		})
		for _, part := range []struct {
			most, unasked int
			want          []string
			more          bool
			next          time.Time
		}{
			{10, 1, []string{"c1-c.1", "c1-ad0.1"}, false, noon.Add(-3 * time.Minute)},
			{10, 0, nil, false, noon.Add(-3 * time.Minute)},
			{1, 2, []string{"c1-ad1.1"}, true, time.Time{}},
			{10, 2, []string{"c1-ad2.1", "c1-ad3.1"}, false, time.Time{}},
		} {
			hauls, errs := s.Take(t.Context(), []store.Lease{l}, "sms", noon, part.most, part.unasked)
			require.NoError(t, errs[0])
			var ids []string
			for _, m := range hauls[0].Messages {
				ids = append(ids, m.ID)
			}
			require.Equal(t, part.want, ids)
			require.Equal(t, part.more, hauls[0].More)
			if !part.more {
				require.True(t, hauls[0].Next.Equal(part.next), "next is %s", hauls[0].Next)
			}
		}
	})
}

func TestMessagesDueAtOnceLeaveInTheOrderOfTheirNumbers(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			for _, n := range []int{10, 9, 11, 100, 8} {
				b.Queue("sms", fmt.Sprint("c1-a.", n), noon, true, []byte("answer"))
			}
		})
		ids, _ := take(t, s, l, noon, 10)
		require.Equal(t, []string{"c1-a.8", "c1-a.9", "c1-a.10", "c1-a.11", "c1-a.100"}, ids)
	})
}

func TestWhatIsWithdrawnIsNotTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			for _, id := range []string{"c1-a.1", "c1-a.2", "c1-a.3"} {
				b.Queue("sms", id, noon, false, []byte("ad"))
			}
			b.SetRun("run", "state", "paused")
		})
		taken, _ := take(t, s, l, noon, 2)
		require.Equal(t, []string{"c1-a.1", "c1-a.2"}, taken)
		commit(t, s, l, func(b *store.Batch) {
			b.Park("sms", "run", "c1-a.2", noon, false, []byte("ad"))
			b.Queue("sms", "c1-b.1", noon, false, []byte("tried again"))
			b.Block("c1-b", "c1-b.1")
			b.Queue("sms", "c1-b.2", noon, true, []byte("an answer that waits for it"))
		})
		commit(t, s, l, func(b *store.Batch) {
			for _, id := range []string{"c1-a.1", "c1-a.2", "c1-a.3", "c1-b.1", "c1-none.1"} {
				b.Withdraw("sms", "run", id)
			}
			b.Unpark("sms", "run")
		})
		ids, _ := take(t, s, l, noon, 10)
		require.Equal(t, []string{"c1-b.2"}, ids, "nothing but what waited for one of them")
		commit(t, s, l, func(b *store.Batch) { b.Landed("c1-b.2", true) })
		left, err := s.Unfinished(t.Context(), 1)
		require.NoError(t, err)
		require.Len(t, left.Sending, 1, "what is being sent stays marked")
		require.Equal(t, "ad", string(left.Sending[0].Body))
		bodies, err := s.Bodies(t.Context(), 1, []string{"c1-a.2", "c1-a.3"})
		require.NoError(t, err)
		require.Empty(t, bodies)
	})
}

func TestWhatIsTakenIsMarkedUntilItHasLanded(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			b.Queue("sms", "c1-a.1", noon, true, []byte("queued"))
			b.Queue("sms", "c1-b.1", noon, true, []byte("withdrawn"))
			b.Unqueue("sms", "c1-b.1")
			b.Depart("c1-c.1", noon, []byte("1|departs|"))
		})
		_, errs := s.Take(ctx, []store.Lease{{Partition: 1, Token: "old#1"}}, "sms", noon, 10, 10)
		require.ErrorIs(t, errs[0], store.ErrFenced)
		_, h := take(t, s, l, noon, 10)
		require.Equal(t, []store.Taken{{ID: "c1-a.1", Body: []byte("queued")}}, h.Messages)

		left, err := s.Unfinished(ctx, 1)
		require.NoError(t, err)
		marked := map[string]store.Sending{}
		for _, m := range left.Sending {
			require.True(t, m.At.Equal(noon))
			require.Equal(t, l.Token, m.Token)
			marked[m.ID] = m
		}
		require.Len(t, marked, 2)
		require.Equal(t, "queued", string(marked["c1-a.1"].Body))
		require.True(t, marked["c1-a.1"].Queued)
		require.Equal(t, "1|departs|", string(marked["c1-c.1"].Body))
		require.False(t, marked["c1-c.1"].Queued)
		still, err := s.StillSending(ctx, 1, []string{"c1-c.1", "c1-b.1"})
		require.NoError(t, err)
		require.Equal(t, []bool{true, false}, still)

		commit(t, s, l, func(b *store.Batch) {
			b.Landed("c1-a.1", true)
			b.Landed("c1-c.1", false)
		})
		left, err = s.Unfinished(ctx, 1)
		require.NoError(t, err)
		require.Empty(t, left.Sending)
		bodies, err := s.Bodies(ctx, 1, []string{"c1-a.1"})
		require.NoError(t, err)
		require.Empty(t, bodies)
	})
}

func TestAContactsMessagesWaitForTheOneThatIsTriedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		const many = 250 // more than one look takes in
		commit(t, s, l, func(b *store.Batch) {
			for i := range many {
				b.Queue("sms", fmt.Sprint("c1-a.", i+2), noon, true, []byte("later"))
			}
			b.Queue("sms", "c1-b.1", noon.Add(time.Second), true, []byte("another's"))
			b.Queue("sms", "c1-a.1", noon.Add(time.Minute), true, []byte("first"))
			b.Block("c1-a", "c1-a.1")
		})
		ids, h := take(t, s, l, noon.Add(2*time.Second), 10)
		require.Equal(t, []string{"c1-b.1"}, ids, "those who wait stand in nobody's way")
		require.False(t, h.More)
		require.True(t, h.Left)
		ids, _ = take(t, s, l, noon.Add(time.Minute), 10)
		require.Equal(t, []string{"c1-a.1"}, ids)
		commit(t, s, l, func(b *store.Batch) { b.Unblock("c1-a", "c1-a.0") })
		ids, _ = take(t, s, l, noon.Add(time.Minute), 10)
		require.Empty(t, ids, "that is not what they wait for")
		commit(t, s, l, func(b *store.Batch) { b.Unblock("c1-a", "c1-a.1") })
		ids, h = take(t, s, l, noon.Add(time.Minute), many)
		require.Len(t, ids, many)
		require.True(t, h.More, "there may be more behind as many as were asked for")
	})
}

// What cannot be tried now steps aside: it goes back to its place, and lets the others go. One that was taken meanwhile, or that
// nobody waits for, stays where it is.
func TestWhatIsTriedAgainStepsAside(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			b.Queue("sms", "c1-a.1", noon.Add(time.Hour), true, []byte("first"))
			b.Queue("sms", "c1-a.2", noon, true, []byte("later"))
			b.Block("c1-a", "c1-a.1")
			b.Queue("sms", "c1-b.1", noon.Add(time.Hour), true, []byte("waits by itself"))
			b.Queue("sms", "c1-c.1", noon, true, []byte("taken"))
			b.Block("c1-c", "c1-c.1")
		})
		ids, h := take(t, s, l, noon, 10)
		require.Equal(t, []string{"c1-c.1"}, ids)
		require.True(t, h.Left)
		blocked, err := s.Blocked(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"c1-a": "c1-a.1", "c1-c": "c1-c.1"}, blocked)
		commit(t, s, l, func(b *store.Batch) {
			for _, contact := range []string{"c1-a", "c1-b", "c1-c"} {
				b.StepAside("sms", contact, contact+".1", noon.Add(-time.Second), true)
			}
		})
		blocked, err = s.Blocked(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"c1-c": "c1-c.1"}, blocked)
		ids, h = take(t, s, l, noon, 10)
		require.Equal(t, []string{"c1-a.1", "c1-a.2"}, ids, "in its order")
		require.False(t, h.Left)
	})
}

func TestWhichMessagesWait(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			b.Queue("sms", "c1-a.1", noon, true, []byte("taken"))
			b.Queue("sms", "c1-a.2", noon.Add(time.Hour), true, []byte("waits"))
		})
		take(t, s, l, noon, 10)
		got, err := s.Waits(t.Context(), 1, []string{"sms", "sms", "zalo"}, []string{"c1-a.1", "c1-a.2", "c1-a.2"})
		require.NoError(t, err)
		require.Equal(t, []bool{false, true, false}, got)
		got, err = s.Waits(t.Context(), 1, nil, nil)
		require.NoError(t, err)
		require.Empty(t, got)
	})
}

func TestAMessageIsNotPutBackForSomebodyErased(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			b.Queue("sms", "c1-a.1", noon, true, []byte("body"))
			b.Queue("sms", "c1-erased.1", noon, true, []byte("personal"))
		})
		take(t, s, l, noon, 10)
		commit(t, s, l, func(b *store.Batch) { b.Unqueue("sms", "c1-erased.1") })
		commit(t, s, l, func(b *store.Batch) {
			b.Requeue("sms", "c1-a.1", noon, true, []byte("again"))
			b.Requeue("sms", "c1-erased.1", noon, true, []byte("personal"))
		})
		_, h := take(t, s, l, noon, 10)
		require.Equal(t, []store.Taken{{ID: "c1-a.1", Body: []byte("again")}}, h.Messages)
	})
}

func TestWhatIsParkedComesBackInItsPlace(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			b.Queue("sms", "c1-a.1", noon, false, []byte("paused"))
			b.Queue("sms", "c1-b.1", noon.Add(time.Second), false, []byte("other"))
		})
		take(t, s, l, noon, 10)
		commit(t, s, l, func(b *store.Batch) {
			b.SetRun("run", "state", "paused")
			b.Park("sms", "run", "c1-a.1", noon, false, []byte("paused"))
		})
		none, _ := take(t, s, l, noon, 10)
		require.Empty(t, none)
		for range 2 { // once more changes nothing
			commit(t, s, l, func(b *store.Batch) { b.Unpark("sms", "run") })
		}
		ids, _ := take(t, s, l, noon.Add(time.Minute), 10)
		require.Equal(t, []string{"c1-a.1", "c1-b.1"}, ids)
		commit(t, s, l, func(b *store.Batch) {
			b.SetRun("run", "state", "running")
			b.Park("sms", "run", "c1-a.1", noon, false, []byte("went on"))
		})
		ids, _ = take(t, s, l, noon, 10)
		require.Equal(t, []string{"c1-a.1"}, ids, "a run that has gone on meanwhile holds nothing back")
	})
}

func TestWhereMessagesStand(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		l := acquire(t, s, 1, "a")
		commit(t, s, l, func(b *store.Batch) {
			b.PutContact("c1-a", false, []store.Field{{Name: "c", Value: "core"}})
			b.SetRun("run", "state", "paused")
			b.Block("c1-z", "c1-z.4")
		})
		got, err := s.Standings(t.Context(), []store.Departure{{Partition: 1, Contact: "c1-a", Run: "run"}, {Partition: 2, Contact: "c2-a"}, {Partition: 1, Contact: "c1-z"}})
		require.NoError(t, err)
		require.Equal(t, []store.Standing{{Core: []byte("core"), State: "paused"}, {}, {First: "c1-z.4"}}, got)
	})
}

// Two replicas that spend the same account's rate get no more of it together than one alone would.
func TestTheRateIsShared(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		a, b := open(t, url), open(t, url)
		n, _, err := a.Spend(t.Context(), "sms", 0.01, 3, 2)
		require.NoError(t, err)
		require.Equal(t, 2, n)
		n, _, err = b.Spend(t.Context(), "sms", 0.01, 3, 2)
		require.NoError(t, err)
		require.Zero(t, n, "two, or nothing")
		n, _, err = b.Spend(t.Context(), "sms", 0.01, 3, 1)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		n, wait, err := a.Spend(t.Context(), "sms", 0.01, 3, 1)
		require.NoError(t, err)
		require.Zero(t, n)
		require.Greater(t, wait, time.Minute)
		n, _, err = a.Spend(t.Context(), "zalo", 0.01, 3, 2)
		require.NoError(t, err)
		require.Equal(t, 2, n, "each account has its own")
	})
}

func TestAccountsThatAreGone(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		for _, step := range []struct{ now, gone []string }{{[]string{"a", "b"}, nil}, {[]string{"b"}, []string{"a"}}, {nil, []string{"a", "b"}}, {[]string{"a", "b"}, nil}} {
			gone, err := s.Gone(t.Context(), step.now)
			require.NoError(t, err)
			require.ElementsMatch(t, step.gone, gone)
		}
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
			v, err := s.Await(ctx, 1, "ev", "", 5*time.Second)
			got <- fmt.Sprint(string(v), err)
		}()
		b := store.NewBatch(l)
		b.Answer("ev", []byte("done"))
		require.NoError(t, s.CommitOne(ctx, b))
		require.Equal(t, "done<nil>", <-got)
	})
}

func TestAnAnswerThatNobodyCameForIsNotTheNextOne(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		for _, answer := range []string{"refused", "done"} {
			require.NoError(t, s.DropAnswer(ctx, 1, "ev"))
			b := store.NewBatch(l)
			b.Answer("ev", []byte(answer))
			require.NoError(t, s.CommitOne(ctx, b))
		}
		v, err := s.Await(ctx, 1, "ev", "", 5*time.Second)
		require.NoError(t, err)
		require.Equal(t, "done", string(v))
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
	_, _, err := s.Renew(ctx, []store.Lease{l})
	require.NoError(t, err)
	_, err = s.Join(ctx, "a")
	require.NoError(t, err)
	_, errs := s.Take(ctx, []store.Lease{l}, "sms", noon, 10, 10)
	require.NoError(t, errs[0])
	_, _, err = s.Spend(ctx, "sms", 1, 1, 1)
	require.NoError(t, err)
	_, err = s.AddCodes(ctx, "p", []string{"A"})
	require.NoError(t, err)
	_, err = s.Claim(ctx, []store.Claim{{Key: "c", Offer: "o", Budget: 1, Pool: "p"}})
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
	b.PutContact(id, false, []store.Field{{Name: "c", Value: "x"}, {Name: "p:a"}})
	b.Link("tel:+84901234567", id)
	b.Unlink("tel:+84901234568")
	b.Ledger(id, [][]byte{[]byte("x")})
	b.SetTimer("t", noon)
	b.ClearTimer("t")
	b.Append(store.LogEntry{ID: "e"})
	b.Forward(1, store.LogEntry{ID: "e"})
	b.Arrived("1-1")
	b.Handled("1-1", []string{"e"}, noon)
	b.HandledBulk("1-1")
	b.Bury(store.LogEntry{ID: "e"}, "r", noon)
	b.BuryMessage("m", "sms", "r", []byte("x"), noon)
	b.Unbury("1-1")
	b.UnlistRun("run")
	b.ForgetRun("run")
	b.TrimLedger(id, 7)
	b.Count("run", "n:audience", 1)
	b.SetRun("run", "state", "paused")
	b.CountGiven("o", time.Now())
	b.AddInboxItem("i", "unclear", noon, []byte("x"))
	b.CloseInboxItem("i", "unclear")
	b.Suppress("h")
	b.Unsuppress("h")
	b.Answer("e", []byte("x"))
	b.Fired("c", noon)
	b.ListRun("run", noon)
	b.Queue("sms", id+".1", noon, true, []byte("x"))
	b.Requeue("sms", id+".1", noon, true, []byte("x"))
	b.Withdraw("sms", "run", id+".1")
	b.Depart(id+".3", noon, []byte("x"))
	b.Landed(id+".3", true)
	b.Park("sms", "run", id+".1", noon, true, []byte("x"))
	b.Unpark("sms", "run")
	b.Block(id, id+".1")
	b.Unblock(id, id+".1")
	b.StepAside("sms", id, id+".1", noon, true)
	b.Unqueue("sms", id+".2")
	b.EraseContact("c37-b", store.Traces{Timers: []string{"t"}, Inbox: map[string]string{"i": "unclear"}, Dead: []string{"1-1"}, Queues: map[string][]string{"sms": {"c37-b.1"}}})
	require.NoError(t, s.CommitOne(t.Context(), b))
}

// What was given is counted on its day, and forgotten after some weeks.
func TestGivenLately(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		keeper := store.NewKeeper(s, "a", time.Now, quiet)
		keeper.Start(t.Context())
		eventually(t, keeper, func() bool { return len(keeper.Owned()) > 0 })
		day := 24 * time.Hour
		now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		for p, lease := range keeper.Owned() {
			if p > 1 {
				continue
			}
			b := store.NewBatch(lease)
			for _, at := range []time.Time{now, now, now.Add(-day), now.Add(-6 * day), now.Add(-7 * day)} {
				b.CountGiven("o:1", at)
			}
			require.NoError(t, s.CommitOne(t.Context(), b))
		}
		lately, err := s.GivenLately(t.Context(), now)
		require.NoError(t, err)
		require.Equal(t, map[string][store.GivenDays]int64{"o:1": {0: 2, 5: 2, 6: 4}}, lately)
		all, err := s.Given(t.Context())
		require.NoError(t, err)
		require.Equal(t, int64(10), all["o:1"])
		stop(t, keeper)
	})
}
