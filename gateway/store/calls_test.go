package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// How much is kept for an owner is counted for as long as it is kept, hour by hour, and of each owner by themselves.
func TestKeptAnswersAreCounted(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{URL: redistest.Start(t).URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	ctx, now, day := t.Context(), time.Date(2026, 12, 5, 10, 30, 0, 0, time.UTC), 24*time.Hour
	kept := func(owner string, at time.Time) int64 {
		n, err := s.KeptOf(ctx, owner, at, day)
		require.NoError(t, err)
		return n
	}
	require.NoError(t, s.KeepCall(ctx, "a", "ci", make([]byte, 100), now, day))
	require.NoError(t, s.KeepCall(ctx, "b", "ci", make([]byte, 20), now.Add(20*time.Hour), day))
	require.NoError(t, s.KeepCall(ctx, "c", "shop", []byte{0, 0xff, '\n'}, now, day))
	require.EqualValues(t, 120, kept("ci", now.Add(24*time.Hour)))
	require.EqualValues(t, 20, kept("ci", now.Add(25*time.Hour)))
	require.Zero(t, kept("ci", now.Add(46*time.Hour)))
	require.EqualValues(t, 3, kept("shop", now))
	require.NoError(t, s.KeepCall(ctx, "d", "ci", nil, now.Add(25*time.Hour), day))
	found, err := s.BeginCall(ctx, "c", []byte("mark"), day)
	require.NoError(t, err)
	require.Equal(t, []byte{0, 0xff, '\n'}, found)
	found, err = s.BeginCall(ctx, "e", []byte("mark"), day)
	require.NoError(t, err)
	require.Nil(t, found)
}
