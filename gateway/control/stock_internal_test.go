package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStock(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		days [7]int64
		left int64
		want *Pace
	}{
		"nothing given":    {left: 9},
		"today alone":      {days: [7]int64{6: 10}, left: 30, want: &Pace{Given: 10, Days: 1, Left: 3}},
		"since three days": {days: [7]int64{4: 3, 6: 2}, left: 100, want: &Pace{Given: 5, Days: 2.5, Left: 50}},
		"a week":           {days: [7]int64{0: 13}, left: 26, want: &Pace{Given: 13, Days: 6.5, Left: 13}},
		"nothing is left":  {days: [7]int64{6: 1}, want: &Pace{Given: 1, Days: 1}},
	} {
		require.Equal(t, c.want, stockOf(c.days, c.left, noon), name)
	}
	few, many := int64(FewCodes-1), int64(1000)
	require.True(t, OfferView{CodesLeft: &few}.Low())
	require.False(t, OfferView{CodesLeft: &many}.Low())
	require.True(t, OfferView{CodesLeft: &many, Pace: &Pace{Left: 2.9}}.Low())
	require.False(t, OfferView{}.Low(), "no pool")
}
