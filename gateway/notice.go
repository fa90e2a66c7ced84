package gateway

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// notices is what /readyz says beside that the gateway is ready, a line each. Anybody may read them.
func (g *Gateway) notices() []string {
	return slices.DeleteFunc([]string{g.Brake.notice(), g.store.Notice(), g.store.DamageNotice()}, func(line string) bool { return line == "" })
}

// measurePressure lets the metrics say how full Redis is.
func (g *Gateway) measurePressure() {
	g.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "hoidap_redis_memory_full", Help: "Redis's used memory as a part of its maxmemory, of a Cluster the fullest master's; 0: it has no limit."}, g.Pressure))
}

// measureDamage lets the metrics say how many keys hold something else than they should.
func (g *Gateway) measureDamage() {
	g.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "hoidap_redis_keys_damaged", Help: "Keys of Redis that are known to hold something else than hoidap keeps there."},
		func() float64 { return float64(g.store.Damaged()) }))
}

// Pressure is how full Redis is, from 0 to 1 of its maxmemory; 0 where it has none.
func (g *Gateway) Pressure() float64 { return g.store.Pressure() }
