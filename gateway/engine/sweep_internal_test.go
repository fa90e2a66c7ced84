package engine

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEachLedgerIsLookedAt: whichever turns of its partition write a contact, and be it every second or every 64th, its ledger does
// not grow for ever.
func TestEachLedgerIsLookedAt(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"c7-a", "c7-b", "c12-lan"} {
		for step := int64(1); step <= 130; step++ {
			looks, since, most := 0, 0, 0
			for turn := range int64(6400) {
				if since++; trims(id, turn*step) {
					looks, since = looks+1, 0
				}
				most = max(most, since)
			}
			require.True(t, looks > 50 && looks < 150 && most < 1500, "%s, every %dth turn: %d looks, %d turns without one", id, step, looks, most)
		}
	}
}
