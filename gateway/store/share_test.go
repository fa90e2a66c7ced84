package store_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/store"
)

func replicas(least, most int) *rapid.Generator[[]string] {
	return rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z2-7]{1,26}`), least, most, rapid.ID[string])
}

// Every partition once, nobody more than one above anybody else, and the same for all who see the same replicas.
func TestSharesAreEven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		partitions := rapid.SampledFrom([]int{1, 2, 16, 64, 100, 256}).Draw(t, "partitions")
		names := replicas(1, 12).Draw(t, "replicas")
		shares := store.Shares(partitions, names)
		var all []int
		for _, n := range names {
			if got := len(shares[n]); got != partitions/len(names) && got != (partitions+len(names)-1)/len(names) {
				t.Fatalf("%s has %d of %d partitions among %d", n, got, partitions, len(names))
			}
			all = append(all, shares[n]...)
		}
		slices.Sort(all)
		for p := range partitions {
			if p >= len(all) || all[p] != p {
				t.Fatalf("partition %d is not there once: %v", p, all)
			}
		}
		require.Equal(t, shares, store.Shares(partitions, rapid.Permutation(names).Draw(t, "another order")))
	})
}

// Few partitions move where a replica comes or goes: not many more than those that must.
func TestSharesMoveLittle(t *testing.T) {
	t.Parallel()
	const partitions = 64
	var moved, needed int
	rapid.Check(t, func(t *rapid.T) {
		names := replicas(2, 8).Draw(t, "replicas")
		before, after := owners(store.Shares(partitions, names[1:])), owners(store.Shares(partitions, names))
		changed := 0
		for p, owner := range after {
			if before[p] != owner {
				changed++
			}
		}
		moved, needed = moved+changed, needed+partitions/len(names)
		if changed > partitions/2 {
			t.Fatalf("%d of %d partitions move where %d replicas become one more", changed, partitions, len(names)-1)
		}
	})
	require.Less(t, float64(moved), 1.5*float64(needed), "on the whole")
}

func owners(shares map[string][]int) map[int]string {
	of := map[int]string{}
	for owner, ps := range shares {
		for _, p := range ps {
			of[p] = owner
		}
	}
	return of
}

func TestSharesOfThree(t *testing.T) {
	t.Parallel()
	shares := store.Shares(64, []string{"a", "b", "c"})
	sizes := []int{len(shares["a"]), len(shares["b"]), len(shares["c"])}
	slices.Sort(sizes)
	require.Equal(t, []int{21, 21, 22}, sizes)
	require.Empty(t, store.Shares(64, nil))
}
