package store_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

func TestFreezeIsHeardAndStandsUntilThawed(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, other := open(t, url), open(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		heard, done := make(chan store.Freeze, 100), make(chan struct{})
		go func() {
			defer close(done)
			other.WatchFreeze(ctx, 50*time.Millisecond, func(f store.Freeze, err error) {
				if err == nil {
					heard <- f
				}
			})
		}()
		f, err := s.Freeze(ctx, "shop", "wrong prices", noon)
		require.NoError(t, err)
		want := store.Freeze{Frozen: true, By: "shop", Reason: "wrong prices", At: noon.Local()}
		require.Equal(t, want, f)
		f, err = s.Freeze(ctx, "other", "once more", noon.Add(time.Hour))
		require.NoError(t, err)
		require.Equal(t, want, f, "the first one stands")
		for f = range heard {
			if f.Frozen {
				break
			}
		}
		require.Equal(t, want, f)
		was, err := s.Thaw(ctx)
		require.NoError(t, err)
		require.Equal(t, want, was)
		for f = range heard {
			if !f.Frozen {
				break
			}
		}
		was, err = s.Thaw(ctx)
		require.NoError(t, err)
		require.False(t, was.Frozen)
		cancel()
		<-done
	})
}

// Where nobody tells, looking finds out.
func TestFreezeIsSeenWithoutBeingTold(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		_, err := s.Freeze(t.Context(), "shop", "", noon) // told before anybody listens
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		seen := make(chan store.Freeze, 1)
		s.WatchFreeze(ctx, 10*time.Millisecond, func(f store.Freeze, err error) {
			if err == nil && f.Frozen {
				seen <- f
				cancel()
			}
		})
		require.True(t, (<-seen).Frozen)
	})
}

func TestDeadLettersKeepWhatWasGivenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		l := acquire(t, s, 1, "a")
		for i := range 5 {
			b := store.NewBatch(l)
			if i%2 == 0 {
				b.Bury(store.LogEntry{ID: fmt.Sprint("e", i), Key: "tel:+84901234567", Body: []byte("event")}, "because", noon)
			} else {
				b.BuryMessage(fmt.Sprint("c1-x.", i), "sms", "refused", []byte("message"), noon)
			}
			require.NoError(t, s.CommitOne(ctx, b))
		}
		newest, err := s.DeadLetters(ctx, store.DeadPlace{}, 2)
		require.NoError(t, err)
		require.Equal(t, []string{"e4", "c1-x.3"}, []string{newest[0].ID, newest[1].ID})
		require.Equal(t, store.Dead{Place: newest[1].Place, ID: "c1-x.3", Key: "sms", Reason: "refused", What: "message", Body: []byte("message"), At: noon.Local()}, newest[1].Dead)
		older, err := s.DeadLetters(ctx, store.DeadPlace{Partition: 1, Place: newest[1].Place}, 10)
		require.NoError(t, err)
		require.Len(t, older, 3)
		first, err := s.OldDeadLetters(ctx, 1, "", 1)
		require.NoError(t, err)
		require.Equal(t, "e0", first[0].ID)
		rest, err := s.OldDeadLetters(ctx, 1, first[0].Place, 10)
		require.NoError(t, err)
		require.Len(t, rest, 4)

		traces, err := s.Traces(ctx, 1, "c1-x", []string{"c1-x", "tel:+84900000000"}, nil, func([]byte) (string, bool) { return "", false })
		require.NoError(t, err)
		require.Len(t, traces.Dead, 2, "messages of theirs, by the id")
		about, err := s.DeadAbout(ctx, 1, "tel:+84901234567")
		require.NoError(t, err)
		require.Len(t, about, 3)

		b := store.NewBatch(l)
		b.Unbury(first[0].Place, rest[0].Place)
		require.NoError(t, s.CommitOne(ctx, b))
		left, err := s.DeadAt(ctx, 1, []string{first[0].Place, newest[0].Place, "1-1"})
		require.NoError(t, err)
		require.Len(t, left, 1)
		require.Equal(t, "e4", left[0].ID)
	})
}

// TestListsOfAllPartitionsReadLittleMoreThanAPage: wherever what is listed lies, pages are in order and have each once; where much lies
// in each partition, little of it is read for a page.
func TestListsOfAllPartitionsReadLittleMoreThanAPage(t *testing.T) {
	redis := redistest.Start(t)
	var asked atomic.Int64 // how much may be read
	s, err := store.Open(t.Context(), store.Options{URL: redis.URL, Partitions: 8, Commands: func(args []any) {
		if i := slices.IndexFunc(args, func(a any) bool { return strings.EqualFold(fmt.Sprint(a), "count") }); i >= 0 {
			n, _ := strconv.Atoi(fmt.Sprint(args[i+1]))
			asked.Add(int64(n))
		}
	}})
	require.NoError(t, err)
	defer s.Close()
	ctx, letters, items := t.Context(), 0, 0
	for p := range 8 {
		l := acquire(t, s, p, "a")
		for i := range []int{90, 90, 3, 90, 90, 0, 90, 1}[p] {
			b := store.NewBatch(l)
			b.Bury(store.LogEntry{ID: fmt.Sprint(p, "-", i), Body: []byte("event")}, "because", noon)
			b.AddInboxItem(fmt.Sprint("i", p, "-", i), "unclear", noon.Add(time.Duration(i*i%7)*time.Hour), []byte("x"))
			require.NoError(t, s.CommitOne(ctx, b))
			letters, items = letters+1, items+1
		}
	}
	for _, n := range []int{1, 7, 64, 500} {
		seen, last := map[string]bool{}, store.DeadPlace{}
		for {
			asked.Store(0)
			page, err := s.DeadLetters(ctx, last, n)
			require.NoError(t, err)
			if n == 7 {
				require.LessOrEqual(t, asked.Load(), int64(8*7*4), "a partition or two may hold all of a page")
			}
			for _, d := range page {
				require.False(t, seen[d.ID], d.ID)
				seen[d.ID] = true
				if last.Place != "" {
					require.False(t, newer(d.Place, last.Place), "%s after %s", d.Place, last.Place)
				}
				last = store.DeadPlace{Partition: d.Partition, Place: d.Place}
			}
			if len(page) < n {
				break
			}
		}
		require.Len(t, seen, letters)
		places, at := map[string]bool{}, store.InboxPlace{}
		for {
			page, err := s.InboxPlaces(ctx, "", at, n)
			require.NoError(t, err)
			for _, x := range page {
				require.False(t, places[x.ID], x.ID)
				require.GreaterOrEqual(t, x.At, at.At)
				places[x.ID], at = true, x
			}
			if len(page) < n {
				break
			}
		}
		require.Len(t, places, items)
	}
	asked.Store(0)
	_, err = s.InboxPlaces(ctx, "", store.InboxPlace{}, 200)
	require.NoError(t, err)
	require.Less(t, asked.Load(), int64(8*200), "each partition gives its share")
	asked.Store(0)
	_, err = s.DeadLetters(ctx, store.DeadPlace{}, 200)
	require.NoError(t, err)
	require.Less(t, asked.Load(), int64(8*200))
}

// newer reports whether a place in a stream is newer than another.
func newer(a, b string) bool {
	var of [4]uint64
	fmt.Sscanf(a, "%d-%d", &of[0], &of[1]) //nolint:errcheck // Redis gave it
	fmt.Sscanf(b, "%d-%d", &of[2], &of[3]) //nolint:errcheck // likewise
	return of[0] > of[2] || of[0] == of[2] && of[1] > of[3]
}

func TestOldInboxIsOldOrTooMuch(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		b := store.NewBatch(acquire(t, s, 1, "a"))
		for i := range 6 {
			b.AddInboxItem(fmt.Sprint("i", i), "unclear", noon.Add(time.Duration(i)*time.Hour), []byte("x"))
		}
		require.NoError(t, s.CommitOne(ctx, b))
		for _, c := range []struct {
			before  time.Duration
			most, n int
			want    []string
		}{
			{0, 100, 10, []string{}},
			{2 * time.Hour, 100, 10, []string{"i0", "i1"}},
			{100 * time.Hour, 100, 3, []string{"i0", "i1", "i2"}},
			{time.Hour, 3, 10, []string{"i0", "i1", "i2"}},
			{0, 1, 2, []string{"i0", "i1"}},
		} {
			got, err := s.OldInbox(ctx, 1, noon.Add(c.before), c.most, c.n)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		}
	})
}

func TestAddressesOfAreFoundInEveryPartition(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		for p := range 4 {
			b := store.NewBatch(acquire(t, s, p, "a"))
			b.Link(fmt.Sprint("zalo:", p), "c1-x")
			b.Link(fmt.Sprint("viber:", p), "c1-y")
			require.NoError(t, s.CommitOne(ctx, b))
		}
		found, err := s.AddressesOf(ctx, "c1-x")
		require.NoError(t, err)
		require.Equal(t, []string{"zalo:0", "zalo:1", "zalo:2", "zalo:3"}, found)
	})
}

// The inbox is read oldest first, by pages that neither repeat an item nor leave one out, also where many came in the same
// millisecond; and so is what is there for one reason.
func TestInboxIsReadByPages(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		var want, questions []string
		for i := range 40 {
			p, reason := i%2+1, "unclear"
			at := noon.Add(time.Duration(i/20) * time.Millisecond)
			id := fmt.Sprintf("i%02d", i)
			if i%3 == 0 {
				reason, questions = "question", append(questions, id)
			}
			want = append(want, id)
			b := store.NewBatch(acquire(t, s, p, "a"))
			b.AddInboxItem(id, reason, at, []byte("of "+id))
			require.NoError(t, s.CommitOne(ctx, b))
		}
		pages := func(reason string, n int) (ids []string) {
			for at := (store.InboxPlace{}); ; {
				page, err := s.InboxPlaces(ctx, reason, at, n)
				require.NoError(t, err)
				if len(page) == 0 {
					return ids
				}
				bodies, err := s.InboxAt(ctx, page)
				require.NoError(t, err)
				for i, x := range page {
					require.Equal(t, "of "+x.ID, string(bodies[i]))
					ids, at = append(ids, x.ID), x
				}
			}
		}
		for _, n := range []int{1, 3, 7, 100} {
			require.Equal(t, want, pages("", n), n)
			require.Equal(t, questions, pages("question", n), n)
		}
		counts, err := s.InboxCounts(ctx, []string{"unclear", "question", "late"})
		require.NoError(t, err)
		require.Equal(t, map[string]int64{"unclear": 26, "question": 14, "late": 0}, counts)

		b := store.NewBatch(acquire(t, s, 1, "a"))
		b.CloseInboxItem("i00", "question")
		b.CloseInboxItem("i00", "question")
		require.NoError(t, s.CommitOne(ctx, b))
		require.Equal(t, want[1:], pages("", 7))
		require.Equal(t, questions[1:], pages("question", 7))
	})
}
