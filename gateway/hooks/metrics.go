package hooks

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/hoidap/hoidap/adapters"
)

// Metrics is what the webhooks count. No label carries anything personal.
type Metrics struct {
	Calls   *prometheus.CounterVec // by account and result: taken, forged, malformed, away, busy
	Events  *prometheus.CounterVec // by account and kind
	Ignored *prometheus.CounterVec // by account
}

// NewMetrics registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		Calls:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_webhook_calls_total", Help: "Webhook calls, by what became of them."}, []string{"account", "result"}),
		Ignored: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_webhook_ignored_total", Help: "What providers told of kinds that the adapter does not know."}, []string{"account"}),
		Events:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_webhook_events_total", Help: "Events that providers told, by kind."}, []string{"account", "kind"}),
	}
	r.MustRegister(m.Calls, m.Events, m.Ignored)
	return m
}

// counters are one account's: looked up once, as each call counts.
type counters struct {
	taken, forged, malformed, away, busy                    prometheus.Counter // calls
	inbound, report, optOut, optIn, linked, nobody, ignored prometheus.Counter // events
}

func (m *Metrics) of(account string) counters {
	call := func(result string) prometheus.Counter { return m.Calls.WithLabelValues(account, result) }
	event := func(kind string) prometheus.Counter { return m.Events.WithLabelValues(account, kind) }
	return counters{
		taken: call("taken"), forged: call("forged"), malformed: call("malformed"), away: call("away"), busy: call("busy"),
		inbound: event(string(adapters.Inbound)), report: event(string(adapters.Report)),
		optOut: event(string(adapters.OptOut)), optIn: event(string(adapters.OptIn)),
		linked: event(string(adapters.Linked)), nobody: event("nobody"), ignored: m.Ignored.WithLabelValues(account),
	}
}

// told is the counter of a kind of events; record.FromProvider has refused those of other kinds.
func (c *counters) told(kind adapters.EventKind) prometheus.Counter {
	switch kind {
	case adapters.Inbound:
		return c.inbound
	case adapters.Report:
		return c.report
	case adapters.OptOut:
		return c.optOut
	case adapters.Linked:
		return c.linked
	default:
		return c.optIn
	}
}
