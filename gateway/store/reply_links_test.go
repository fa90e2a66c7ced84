package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
)

// A code leads where it was put for at least a month, in its own partition alone, and nowhere where its commit was refused.
func TestReplyLinks(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		put := func(l store.Lease, code, to string, now time.Time) error {
			b := store.NewBatch(l)
			b.LinkReply(code, to, now)
			return s.CommitOne(ctx, b)
		}
		leads := func(p int, code string, now time.Time) string {
			to, err := s.Replied(ctx, p, code, now)
			require.NoError(t, err)
			return to
		}
		now := time.Now()
		l := acquire(t, s, 1, "a")
		require.NoError(t, put(l, "1-question", "c1-x.7", now))
		require.NoError(t, put(l, "1-proof", "proof:c1-x.8", now))
		require.ErrorIs(t, put(store.Lease{Partition: 1, Token: "somebody#9"}, "1-late", "c1-x.9", now), store.ErrFenced)

		for _, at := range []time.Time{now, now.Add(10 * time.Minute), now.Add(31 * 24 * time.Hour)} {
			require.Equal(t, "c1-x.7", leads(1, "1-question", at))
			require.Equal(t, "proof:c1-x.8", leads(1, "1-proof", at))
		}
		require.Empty(t, leads(1, "1-question", now.Add(63*24*time.Hour)))
		require.Empty(t, leads(1, "1-late", now))
		require.Empty(t, leads(2, "1-question", now), "of another partition")
		for _, p := range []int{-1, 4, 1 << 20} {
			require.Empty(t, leads(p, "1-question", now), "a partition that is none")
		}
	})
}
