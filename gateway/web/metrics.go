package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	panics   prometheus.Counter
}

// newMetrics registers the server's metrics. A registry takes one server.
func newMetrics(r prometheus.Registerer) *metrics {
	labels := []string{"route", "method", "code"}
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoidap_http_requests_total", Help: "HTTP requests answered."}, labels),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hoidap_http_request_seconds", Help: "How long requests took, event streams included.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60},
		}, labels),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "hoidap_http_panics_total", Help: "Handlers that panicked."}),
	}
	r.MustRegister(m.requests, m.seconds, m.panics)
	return m
}

func (m *metrics) observe(route, method string, status int, took time.Duration) {
	method, code := methodOf(method), strconv.Itoa(status)
	m.requests.WithLabelValues(route, method, code).Inc()
	m.seconds.WithLabelValues(route, method, code).Observe(took.Seconds())
}

// methodOf is the method, where it is a known one: clients may invent them, and a label must not grow without bound.
func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}
