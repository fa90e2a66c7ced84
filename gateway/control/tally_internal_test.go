package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDelays(t *testing.T) {
	t.Parallel()
	q := newTally().question("style")
	for _, d := range []time.Duration{0, 30 * time.Second, 90 * time.Second, 10 * time.Minute, 45 * time.Minute, 3 * time.Hour, 20 * time.Hour, 48 * time.Hour, 900 * time.Hour} {
		q.took.add(d)
	}
	require.Equal(t, map[string]int64{"1m": 2, "5m": 1, "15m": 1, "1h": 1, "4h": 1, "24h": 1, "later": 2}, q.Delays())
}
