package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// Whatever the rate: the first message is granted, a second one at once is not, and the wait for it is what the rate says. Rates are
// those of configurations, and what is left of them where providers asked for patience.
func TestEveryRateGrantsOneAndNoMore(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{URL: redistest.Start(t).URL, Partitions: 1})
	var rates []float64
	for n := 1; n <= 100; n++ {
		rates = append(rates, float64(n), float64(n)/64, float64(n)/60, float64(n)/3600, float64(n)*0.55)
	}
	for i, perSecond := range rates {
		account := fmt.Sprint("sms", i)
		n, _, err := s.Spend(t.Context(), account, perSecond, 1, 1)
		require.NoError(t, err)
		require.Equal(t, 1, n, "the first of %v a second", perSecond)
		if perSecond > 10 {
			continue // the next one may be due already
		}
		n, wait, err := s.Spend(t.Context(), account, perSecond, 1, 1)
		require.NoError(t, err)
		require.Zero(t, n, "the second of %v a second", perSecond)
		each := time.Duration(float64(time.Second) / perSecond)
		require.InDelta(t, each, wait, float64(100*time.Millisecond), "%v a second", perSecond)
	}
}
