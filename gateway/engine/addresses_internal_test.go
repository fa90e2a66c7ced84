package engine

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// TestAnAddressComesAndGoesInOneTurn: each order to another partition has an id of its own, or all but the first would be repeats there.
func TestAnAddressComesAndGoesInOneTurn(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{URL: redistest.Start(t).URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	address := ""
	for i := 0; address == "" || s.PartitionOf(address) == 1; i++ {
		address = fmt.Sprint("tel:+8490000000", i)
	}
	l, ok, err := s.Acquire(t.Context(), 1, "a")
	require.NoError(t, err)
	require.True(t, ok)
	tn := &turn{w: &worker{Engine: New(Options{Store: s, Secret: "s"})}, lease: l, batch: store.NewBatch(l), number: 7}
	comes, goes := record.Link{Address: address, Contact: "c1-a"}, record.Link{Address: address, Was: "c1-a"}
	for _, link := range []record.Link{comes, goes, comes} {
		tn.route(link)
	}
	require.NoError(t, s.CommitOne(t.Context(), tn.batch))
	under, err := s.Forwarding(t.Context(), 1, 10)
	require.NoError(t, err)
	ids := map[string]bool{}
	for _, f := range under {
		ids[f.ID] = true
	}
	require.Len(t, ids, 3)
}
