package gateway

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/health"
)

// TestWhenAProviderIsAsked: at the start, unless another replica of the same configuration just did, and then every five
// minutes by whichever replica is first.
func TestWhenAProviderIsAsked(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration, print string) *finding {
		return &finding{health.Probe{At: now.Add(-d), OK: true}, print}
	}
	for name, c := range map[string]struct {
		last    *finding
		started bool // it was asked since the replica started
		want    bool
	}{
		"never asked":                          {nil, false, true},
		"asked a minute before the start":      {ago(time.Minute, "mine"), false, true},
		"asked with us by another":             {ago(time.Second, "mine"), false, false},
		"asked just now with other settings":   {ago(time.Second, "other"), false, true},
		"asked a minute ago":                   {ago(time.Minute, "mine"), true, false},
		"asked a minute ago by somebody older": {ago(time.Minute, "other"), true, false},
		"asked long ago":                       {ago(probeEvery, "mine"), true, true},
	} {
		m := &monitor{now: func() time.Time { return now }, probed: map[string]bool{"sms": c.started}}
		require.Equal(t, c.want, m.due(watched{id: "sms", print: "mine"}, c.last), name)
	}
	m, later := &monitor{probed: map[string]bool{}}, now
	m.now = func() time.Time { return later }
	require.False(t, m.due(watched{id: "sms", print: "mine"}, ago(time.Second, "mine")))
	later = now.Add(time.Minute)
	require.False(t, m.due(watched{id: "sms", print: "mine"}, ago(time.Second, "mine")), "what another did at the start was done for us, too")
}
