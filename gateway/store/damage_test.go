package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// A pool's key holds something else: it is named, claims of other pools are answered, what has no code gets its budget back, and a code
// that cannot be given back stays claimed until it can.
func TestADamagedPoolIsNamedAndLosesNothing(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s, rdb, ctx := open(t, server.URL), server.Client(), t.Context()
	defer rdb.Close()
	for pool, code := range map[string]string{"a": "A1", "b": "B1"} {
		_, err := s.AddCodes(ctx, pool, []string{code})
		require.NoError(t, err)
	}
	kept := store.Claim{Key: "k0", Offer: "oa", Budget: 5, Pool: "a"}
	got, err := s.Claim(ctx, []store.Claim{kept})
	require.NoError(t, err)
	require.Equal(t, "A1", got[0].Code)

	require.NoError(t, rdb.Set(ctx, "{pool:a}:codes", "somebody else's", 0).Err()) // the list is empty, and gone
	got, err = s.Claim(ctx, []store.Claim{{Key: "k1", Offer: "oa", Budget: 5, Pool: "a"}, {Key: "k2", Offer: "ob", Budget: 5, Pool: "b"}})
	require.NoError(t, err)
	require.ErrorContains(t, got[0].Damaged, "{pool:a}:codes: rename or delete it")
	require.Empty(t, got[0].Code)
	require.Equal(t, store.Claimed{Code: "B1"}, got[1])
	require.Equal(t, []string{"k0"}, rdb.HKeys(ctx, "{offer:oa}:given").Val(), "the budget of who got no code is whole again")

	var why *store.Misplaced
	require.ErrorAs(t, s.Unclaim(ctx, kept), &why)
	require.Equal(t, store.Shared, why.Partition)
	require.Equal(t, "A1", rdb.HGet(ctx, "{pool:a}:claims", "k0").Val())
	s.Remember(why)
	require.Contains(t, s.DamageNotice(), "{pool:…")
	require.NotContains(t, s.DamageNotice(), "{pool:a", "what anybody may read names no pool")

	require.NoError(t, rdb.Del(ctx, "{pool:a}:codes").Err())
	require.NoError(t, s.Unclaim(ctx, kept))
	require.Equal(t, "A1", rdb.LIndex(ctx, "{pool:a}:codes", 0).Val())
	held, err := s.Held(ctx, []store.Claim{kept})
	require.NoError(t, err)
	require.Empty(t, held)
	require.NoError(t, rdb.Set(ctx, "{offer:oa}:given", "somebody else's", 0).Err())
	held, err = s.Held(ctx, []store.Claim{kept})
	require.NoError(t, err)
	require.Equal(t, []store.Claim{kept}, held, "what cannot be looked up may be held")
	require.ErrorAs(t, s.Unclaim(ctx, kept), &why)
}
