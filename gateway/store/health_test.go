package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

func TestHealthIsToldByEachReplicaAndDeadOnesVanish(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		say := func(replica, what string, ttl time.Duration) {
			require.NoError(t, s.TellHealth(ctx, replica, map[string][]byte{"sms": []byte("sms:" + what), "zalo": []byte("zalo:" + what)}, ttl))
		}
		seen := func(account string) (out []string) {
			got, err := s.Healths(ctx, []string{"gone", account})
			require.NoError(t, err)
			require.Empty(t, got[0].Seen)
			for _, b := range got[1].Seen {
				out = append(out, string(b))
			}
			return out
		}
		say("a", "1|2", time.Minute)
		say("b", "1", time.Minute)
		say("a", "2|3", time.Minute)
		require.ElementsMatch(t, []string{"sms:2|3", "sms:1"}, seen("sms"))
		require.NoError(t, s.ForgetHealth(ctx, "b", []string{"sms"}))
		require.Equal(t, []string{"sms:2|3"}, seen("sms"))
		require.Len(t, seen("zalo"), 2)
		say("dying", "0", 50*time.Millisecond)
		require.Eventually(t, func() bool {
			say("a", "3", time.Minute)
			return len(seen("zalo")) == 2
		}, 20*time.Second, 10*time.Millisecond, "what a dead replica said goes when another one speaks")
		say("a", "4", 50*time.Millisecond)
		require.Eventually(t, func() bool { return len(seen("sms")) == 0 }, 20*time.Second, 10*time.Millisecond, "and by itself where nobody does")
	})
}

func TestHealthIsNoted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		require.NoError(t, s.NoteHealth(ctx, "sms", "probe", []byte("one")))
		require.NoError(t, s.NoteHealth(ctx, "sms", "probe", []byte("two")))
		require.NoError(t, s.NoteHealth(ctx, "sms", "webhook", []byte("three")))
		got, err := s.Healths(ctx, []string{"sms", "zalo"})
		require.NoError(t, err)
		require.Equal(t, map[string][]byte{"probe": []byte("two"), "webhook": []byte("three")}, got[0].Told)
		require.Empty(t, got[1].Told)
	})
}

func TestOneAtATimeHasItsTurn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		turn := func(account, what string, ttl time.Duration) bool {
			ok, err := s.HealthTurn(ctx, account, what, ttl)
			require.NoError(t, err)
			return ok
		}
		require.True(t, turn("sms", "probe", 50*time.Millisecond))
		require.True(t, turn("sms", "test", time.Minute))
		require.True(t, turn("zalo", "probe", time.Minute))
		require.False(t, turn("sms", "test", time.Minute))
		require.Eventually(t, func() bool { return turn("sms", "probe", time.Minute) }, 20*time.Second, 10*time.Millisecond)
		require.False(t, turn("sms", "probe", time.Minute))
	})
}

func TestWhatWaits(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		queue := func(p int, id, account string, due time.Time, urgent bool) {
			b := store.NewBatch(acquire(t, s, p, "a"))
			b.Queue(account, id, due, urgent, []byte("x"))
			require.NoError(t, s.CommitOne(ctx, b))
		}
		queue(1, "c1-x.1", "sms", noon.Add(-time.Minute), false)
		queue(1, "c1-y.1", "sms", noon.Add(time.Hour), false)
		queue(2, "c2-x.1", "sms", noon.Add(-time.Hour), true)
		queue(2, "c2-y.1", "sms", noon.Add(-time.Second), false)
		queue(2, "c2-z.1", "held", noon.Add(time.Hour), false)
		queue(2, "c2-z.2", "held", noon.Add(2*time.Hour), true)
		got, err := s.WaitingIn(ctx, []int{0, 1, 2, 3}, []string{"sms", "held", "idle"}, noon)
		require.NoError(t, err)
		require.Equal(t, int64(4), got["sms"].Messages)
		require.WithinDuration(t, noon.Add(-time.Hour), got["sms"].Due, time.Millisecond)
		require.Equal(t, store.Waiting{Messages: 2}, got["held"])
		require.Zero(t, got["idle"])
		some, err := s.WaitingIn(ctx, []int{1}, []string{"sms"}, noon)
		require.NoError(t, err)
		require.Equal(t, int64(2), some["sms"].Messages)
		require.WithinDuration(t, noon.Add(-time.Minute), some["sms"].Due, time.Millisecond)
	})
}

// A queue whose key holds something else hides that queue alone.
func TestWhatWaitsBesideADamagedQueue(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s, rdb, ctx := open(t, server.URL), server.Client(), t.Context()
	defer rdb.Close()
	b := store.NewBatch(acquire(t, s, 1, "a"))
	b.Queue("sms", "c1-x.1", noon.Add(-time.Minute), false, []byte("x"))
	require.NoError(t, s.CommitOne(ctx, b))
	require.NoError(t, rdb.Set(ctx, "{p02}:out:due:sms", "somebody else's", 0).Err())
	got, err := s.WaitingIn(ctx, []int{1, 2}, []string{"sms", "zalo"}, noon)
	require.NoError(t, err)
	require.Equal(t, int64(1), got["sms"].Messages)
	require.WithinDuration(t, noon.Add(-time.Minute), got["sms"].Due, time.Millisecond)

	server.Kill()
	_, err = s.WaitingIn(ctx, []int{1}, []string{"sms"}, noon)
	require.ErrorIs(t, err, store.ErrUnavailable)
}
