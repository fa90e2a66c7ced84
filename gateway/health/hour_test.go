package health

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 25, 12, 0, 30, 0, time.UTC)

// TestAnHourHoldsTheLastSixtyMinutes holds the buckets against a list of everything that was counted.
func TestAnHourHoldsTheLastSixtyMinutes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var h hour
		type one struct {
			at time.Time
			k  key
		}
		var all []one
		now := noon
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "seconds")) * time.Second)
			k := key{"transient", fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "code"))}
			h.add(now, k)
			all = append(all, one{now, k})
			want := map[key]int{}
			for _, x := range all {
				if now.Unix()/60-x.at.Unix()/60 < minutes {
					want[x.k]++
				}
			}
			require.Equal(t, want, h.sum(now))
		}
		require.Empty(t, h.sum(now.Add(time.Hour)))
	})
}

// A provider with a new code for each message fills no memory, and nothing is lost of the sum.
func TestCodesAreBounded(t *testing.T) {
	t.Parallel()
	var h hour
	const many = 10_000
	for i := range many {
		h.add(noon.Add(time.Duration(i%7)*time.Minute), key{"message", fmt.Sprint("code ", i)})
	}
	for _, b := range h {
		require.LessOrEqual(t, len(b.counts), codesMost+1)
	}
	got := sorted(h.sum(noon.Add(7 * time.Minute)))
	require.Len(t, got, codesMost+1)
	require.Equal(t, other, got[codesMost].Result)
	sum := 0
	for _, c := range got {
		sum += c.N
	}
	require.Equal(t, many, sum)
}

func TestAClockThatGoesBackCountsOn(t *testing.T) {
	t.Parallel()
	var h hour
	k := key{result: taken}
	h.add(noon, k)
	before := noon.Add(-10 * time.Minute)
	h.add(before, k)
	require.Equal(t, map[key]int{k: 1}, h.sum(before), "what lies ahead is not of the last hour")
	require.Equal(t, map[key]int{k: 2}, h.sum(noon))
}

func TestCutsBetweenLetters(t *testing.T) {
	t.Parallel()
	require.Equal(t, "a", cut("aế", 2))
	require.Equal(t, "aế", cut("aế", 4))
	require.Empty(t, cut("ế", 2))
}
