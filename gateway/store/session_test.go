package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestASessionHasOneOwner(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		first, ok, _, err := s.AcquireSession(ctx, "brand", "a")
		require.NoError(t, err)
		require.True(t, ok)
		same, ok, _, err := s.AcquireSession(ctx, "brand", "a")
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, first, same)
		_, ok, free, err := s.AcquireSession(ctx, "brand", "b")
		require.NoError(t, err)
		require.False(t, ok)
		require.True(t, free > 0 && free <= s.LeaseTTL(), "%v", free)
		_, ok, _, err = s.AcquireSession(ctx, "other", "b")
		require.NoError(t, err)
		require.True(t, ok, "each account has its own")
		kept, err := s.RenewSession(ctx, first)
		require.NoError(t, err)
		require.True(t, kept)
		require.NoError(t, s.ReleaseSession(ctx, first))
		second, ok, _, err := s.AcquireSession(ctx, "brand", "b")
		require.NoError(t, err)
		require.True(t, ok)
		kept, err = s.RenewSession(ctx, first)
		require.NoError(t, err)
		require.False(t, kept, "it is lost")
		require.NoError(t, s.ReleaseSession(ctx, first))
		kept, err = s.RenewSession(ctx, second)
		require.NoError(t, err)
		require.True(t, kept, "who lost it cannot give it back")
	})
}

func TestQuestionsToTheOwner(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		asked := func() string {
			q, err := s.Asked(ctx, "brand", 1100*time.Millisecond)
			require.NoError(t, err)
			return string(q)
		}
		withdrawn := func(id string) bool {
			ok, err := s.Withdraw(ctx, "brand", id)
			require.NoError(t, err)
			return ok
		}
		ask := func(id string) { require.NoError(t, s.Ask(ctx, "brand", id, []byte("question "+id), time.Minute)) }

		ask("1")
		ask("2")
		require.Equal(t, "question 1", asked())
		require.False(t, withdrawn("1"), "the owner has it")
		require.True(t, withdrawn("2"), "nobody has it")
		require.True(t, withdrawn("2"), "nor later")
		require.Empty(t, asked(), "what was withdrawn is not taken")
		require.True(t, withdrawn("3"), "it never arrived")
		ask("3")
		require.Empty(t, asked(), "and where it arrives late, it is not taken any more")
		require.NoError(t, s.Ask(ctx, "other", "4", []byte("question 4"), time.Minute))
		require.Empty(t, asked(), "each account has its own")

		require.NoError(t, s.Answer(ctx, "brand", "a", []byte("yes")))
		answer, err := s.Answers(ctx, "brand", "b", 10*time.Millisecond)
		require.NoError(t, err)
		require.Nil(t, answer)
		answer, err = s.Answers(ctx, "brand", "a", time.Second)
		require.NoError(t, err)
		require.Equal(t, "yes", string(answer))
	})
}
