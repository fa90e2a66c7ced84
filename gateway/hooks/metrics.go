package hooks

import "github.com/prometheus/client_golang/prometheus"

// Metrics is what the webhooks count. No label carries anything personal.
type Metrics struct {
	Calls  *prometheus.CounterVec // by account and result: taken, forged, malformed, away
	Events *prometheus.CounterVec // by account and kind
}

// NewMetrics registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		Calls:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_webhook_calls_total", Help: "Webhook calls, by what became of them."}, []string{"account", "result"}),
		Events: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_webhook_events_total", Help: "Events that providers told, by kind."}, []string{"account", "kind"}),
	}
	r.MustRegister(m.Calls, m.Events)
	return m
}
