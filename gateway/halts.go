package gateway

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hoidap/hoidap/gateway/health"
	"github.com/hoidap/hoidap/gateway/store"
)

// Halts knows on this replica which accounts are paused or drained, as Brake knows whether all sending is stopped: it
// hears of changes, looks as often, and while Redis does not answer, what was known last holds. One goroutine, from Start
// to Stop.
type Halts struct {
	store    *store.Store
	log      *slog.Logger
	gauge    *prometheus.GaugeVec
	accounts []string
	drained  func(accounts map[string]bool) // told before anybody is told of the change
	known    atomic.Pointer[map[string]store.Halt]

	mu      sync.Mutex
	changed chan struct{}

	cancel context.CancelFunc
	done   chan struct{}
}

func newHalts(s *store.Store, accounts []string, drained func(map[string]bool), log *slog.Logger, r prometheus.Registerer) *Halts {
	h := &Halts{store: s, log: log, accounts: accounts, drained: drained, changed: make(chan struct{}),
		gauge: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hoidap_account_halted", Help: "2 while an account is paused, 1 while it is drained, else 0."}, []string{"account"})}
	h.known.Store(&map[string]store.Halt{})
	for _, a := range accounts {
		h.gauge.WithLabelValues(a).Set(0)
	}
	r.MustRegister(h.gauge)
	return h
}

// Start looks, so that nothing is sent before it is known whether that is allowed, and then keeps looking. Its error says
// that Redis does not answer.
func (h *Halts) Start(ctx context.Context) error {
	now, err := h.store.Halts(ctx)
	if err != nil {
		return err
	}
	h.set(now)
	ctx, h.cancel = context.WithCancel(context.WithoutCancel(ctx))
	h.done = make(chan struct{})
	go func() {
		defer close(h.done)
		h.store.WatchHalts(ctx, brakeEvery, func(now map[string]store.Halt, err error) {
			if err == nil {
				h.set(now)
			}
		})
	}()
	return nil
}

// Stop ends the looking; what was known last stays known.
func (h *Halts) Stop() {
	h.cancel()
	<-h.done
}

// Paused reports whether nothing may be handed to an account's provider. It is asked before each message, so it costs next
// to nothing.
func (h *Halts) Paused(account string) bool {
	return (*h.known.Load())[account].State == string(health.Paused)
}

// Draining reports whether nothing new may be put on an account.
func (h *Halts) Draining(account string) bool {
	return (*h.known.Load())[account].State == string(health.Draining)
}

// Changed is closed when Paused or Draining may have changed.
func (h *Halts) Changed() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.changed
}

func (h *Halts) set(now map[string]store.Halt) {
	was, changes, draining := *h.known.Load(), false, map[string]bool{}
	for _, a := range h.accounts {
		changes = changes || now[a] != was[a]
		draining[a] = now[a].State == string(health.Draining)
	}
	if !changes {
		return
	}
	h.known.Store(&now)
	h.drained(draining)
	for _, a := range h.accounts {
		if now[a] != was[a] {
			h.tell(a, was[a], now[a])
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *Halts) tell(account string, was, now store.Halt) {
	switch now.State {
	case string(health.Paused):
		h.gauge.WithLabelValues(account).Set(2)
		h.log.Warn("an account is paused: nothing is handed to its provider until it is resumed", "account", account, "by", now.By, "since", now.At)
	case string(health.Draining):
		h.gauge.WithLabelValues(account).Set(1)
		h.log.Warn("an account is drained: nothing new is put on it, and what is queued goes out", "account", account, "by", now.By, "since", now.At)
	default:
		h.gauge.WithLabelValues(account).Set(0)
		h.log.Warn("an account goes on", "account", account, "was", was.State, "by", was.By, "since", was.At)
	}
}
