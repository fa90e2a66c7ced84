package sender

import "github.com/prometheus/client_golang/prometheus"

// Metrics is what the sender counts. No label carries anything personal.
type Metrics struct {
	Attempts *prometheus.CounterVec // by account and result: taken, a fault, unknown
	Outcomes *prometheus.CounterVec // by account, class and what became of the message
	Seconds  *prometheus.HistogramVec
	Flying   *prometheus.GaugeVec
	Open     *prometheus.GaugeVec // by account: whether it is left alone since its provider does not answer
}

// NewMetrics registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		Attempts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_send_attempts_total", Help: "Attempts to hand a message to a provider."}, []string{"account", "result"}),
		Outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_messages_total", Help: "What became of messages: sent, held, failed, not_sent."}, []string{"account", "class", "status"}),
		Seconds:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hoidap_send_seconds", Help: "How long a provider took to answer.", Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"account"}),
		Flying:   prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hoidap_sends_in_flight", Help: "Messages in a provider's hands."}, []string{"account"}),
		Open:     prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hoidap_account_left_alone", Help: "2 while nothing is sent by an account since its provider does not answer, 1 while one message tries it, else 0."}, []string{"account"}),
	}
	r.MustRegister(m.Attempts, m.Outcomes, m.Seconds, m.Flying, m.Open)
	return m
}
