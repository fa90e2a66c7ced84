package chaos_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/chaos"
)

func TestAFaultOfTheNetworkMustBeFelt(t *testing.T) {
	t.Parallel()
	cut := chaos.Effect{Links: 2, Connections: 5, Ended: 5, Broken: 2}
	for _, c := range []struct {
		name    string
		network map[chaos.Kind]chaos.Effect
		unfelt  string // what is said; empty: nothing
	}{
		{"none was played", nil, ""},
		{"a cut", map[chaos.Kind]chaos.Effect{chaos.Cut: cut}, ""},
		{"a cut that breaks nothing", map[chaos.Kind]chaos.Effect{chaos.Cut: {Links: 2, Connections: 5, Ended: 5, Answered: 2}}, "network: cut"},
		{"a cut beside the gateways' connections", map[chaos.Kind]chaos.Effect{chaos.Cut: {Links: 4, Broken: 4}}, "another way"},
		{"a cut while a gateway is down", map[chaos.Kind]chaos.Effect{chaos.Cut: {Links: 1, Broken: 1}}, ""},
		{"a cut that gateways sit out", map[chaos.Kind]chaos.Effect{chaos.Cut: {Links: 2, Connections: 5, Broken: 2}}, "no connection of a gateway ended"},
		{"half-open that answers", map[chaos.Kind]chaos.Effect{chaos.Cut: cut, chaos.HalfOpen: {Links: 1, Answered: 1}}, "network: half-open"},
		{"latency", map[chaos.Kind]chaos.Effect{chaos.Cut: cut, chaos.Latency: {Links: 1, Answered: 1, Slowest: 90 * time.Millisecond}}, ""},
		{"latency that is none", map[chaos.Kind]chaos.Effect{chaos.Cut: cut, chaos.Latency: {Links: 1, Answered: 1, Slowest: time.Millisecond}}, "network: latency"},
		{"a server that was down meanwhile", map[chaos.Kind]chaos.Effect{chaos.Cut: cut, chaos.Latency: {Links: 1}}, ""},
		{"a server that was killed meanwhile", map[chaos.Kind]chaos.Effect{chaos.Cut: cut, chaos.HalfOpen: {Links: 1, Broken: 1}}, ""},
	} {
		got := strings.Join((&chaos.Report{Network: c.network}).Unfelt(), "; ")
		if c.unfelt == "" && got != "" || !strings.Contains(got, c.unfelt) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
