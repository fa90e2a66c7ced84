package engine

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/hoidap/hoidap/preferences"
)

// Metrics is what the engine counts. No label carries anything personal.
type Metrics struct {
	Events  *prometheus.CounterVec // by kind and result: handled, repeated, buried, quarantined
	Replies *prometheus.CounterVec // by status of the reading
	Commits *prometheus.CounterVec // by result: ok, fenced, away
	Lag     prometheus.Histogram   // seconds from an event's arrival to its commit
	Fired   *prometheus.CounterVec // schedules, by result: on_time, made_up, missed
}

// NewMetrics registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		Events:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_events_total", Help: "Events taken off the partitions' logs."}, []string{"kind", "result"}),
		Replies: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_ledger_entries_total", Help: "Ledger entries written, by kind: how replies were read, what was asked, given and not sent."}, []string{"kind"}),
		Commits: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_commits_total", Help: "Commits of batches of events."}, []string{"result"}),
		Lag:     prometheus.NewHistogram(prometheus.HistogramOpts{Name: "hoidap_event_lag_seconds", Help: "From an event's arrival to its commit.", Buckets: []float64{.001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30, 120}}),
		Fired:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_schedules_total", Help: "Firings of campaign schedules."}, []string{"result"}),
	}
	r.MustRegister(m.Events, m.Replies, m.Commits, m.Lag, m.Fired)
	return m
}

// count adds what a turn did.
func (m *Metrics) count(events map[tally]float64, entries map[preferences.EntryKind]float64) {
	for t, n := range events {
		m.Events.WithLabelValues(t.kind, t.result).Add(n)
	}
	for kind, n := range entries {
		m.Replies.WithLabelValues(string(kind)).Add(n)
	}
}
