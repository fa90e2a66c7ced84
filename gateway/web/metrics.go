package web

import (
	"maps"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	known    atomic.Pointer[map[series]counted] // replaced, never changed: looking up by labels costs more than counting
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	panics   prometheus.Counter
}

// series is what one counter and one histogram are of.
type series struct {
	route, method string
	code          int
}

type counted struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
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
	c := m.of(series{route, methodOf(method), status})
	c.requests.Inc()
	c.seconds.Observe(took.Seconds())
}

// of finds a series, or begins it. Routes, methods and codes are few.
func (m *metrics) of(s series) counted {
	known := m.known.Load()
	if known != nil {
		if c, ok := (*known)[s]; ok {
			return c
		}
	}
	code := strconv.Itoa(s.code)
	c := counted{m.requests.WithLabelValues(s.route, s.method, code), m.seconds.WithLabelValues(s.route, s.method, code)}
	more := map[series]counted{s: c}
	if known != nil {
		maps.Copy(more, *known)
	}
	m.known.CompareAndSwap(known, &more) // who comes too late asks again the next time
	return c
}

// methodOf is the method, where it is a known one: clients may invent them, and a label must not grow without bound.
func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}
