package webhooks

import "github.com/prometheus/client_golang/prometheus"

// Metrics is what is counted of outgoing webhooks. No label carries anything personal.
type Metrics struct {
	Attempts *prometheus.CounterVec // by endpoint and result: delivered, failed, given_up
	Seconds  *prometheus.HistogramVec
	Off      *prometheus.GaugeVec // by endpoint: whether it is off
}

// NewMetrics registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		Attempts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_webhook_attempts_total", Help: "Attempts to deliver a webhook: delivered, failed, given_up."}, []string{"endpoint", "result"}),
		Seconds:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hoidap_webhook_seconds", Help: "How long a webhook's receiver took to answer.", Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"endpoint"}),
		Off:      prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hoidap_webhook_off", Help: "1 while nothing is delivered to an endpoint, since it failed for days or asked for no more."}, []string{"endpoint"}),
	}
	r.MustRegister(m.Attempts, m.Seconds, m.Off)
	return m
}
