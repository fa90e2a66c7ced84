package gateway

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hoidap/hoidap/gateway/store"
)

// brakeEvery is how often the brake is looked at where nobody calls. It bounds, with the time of one look, how long a
// replica that hears nothing goes on sending.
const brakeEvery = 250 * time.Millisecond

// Brake knows on this replica whether sending is stopped everywhere. While Redis does not answer, what was known last
// holds. One goroutine, from Start to Stop.
type Brake struct {
	store  *store.Store
	log    *slog.Logger
	gauge  prometheus.Gauge
	frozen atomic.Bool

	mu      sync.Mutex
	state   store.Freeze
	changed chan struct{}

	cancel context.CancelFunc
	done   chan struct{}
}

func newBrake(s *store.Store, log *slog.Logger, r prometheus.Registerer) *Brake {
	b := &Brake{store: s, log: log, changed: make(chan struct{}),
		gauge: prometheus.NewGauge(prometheus.GaugeOpts{Name: "hoidap_sending_stopped", Help: "1 while sending is stopped by the emergency stop."})}
	r.MustRegister(b.gauge)
	return b
}

// Start looks, so that nothing is sent before it is known whether that is allowed, and then keeps looking. Its error says
// that Redis does not answer.
func (b *Brake) Start(ctx context.Context) error {
	f, err := b.store.Frozen(ctx)
	if err != nil {
		return err
	}
	b.set(f)
	ctx, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
	b.done = make(chan struct{})
	go func() {
		defer close(b.done)
		b.store.WatchFreeze(ctx, brakeEvery, func(f store.Freeze, err error) {
			if err == nil {
				b.set(f)
			}
		})
	}()
	return nil
}

// Stop ends the looking; what was known last stays known.
func (b *Brake) Stop() {
	b.cancel()
	<-b.done
}

// Frozen reports whether sending is stopped. It is asked before each message, so it costs next to nothing.
func (b *Brake) Frozen() bool { return b.frozen.Load() }

// State is who stopped sending, why and since when.
func (b *Brake) State() store.Freeze {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// Changed is closed when Frozen may have changed.
func (b *Brake) Changed() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}

func (b *Brake) set(f store.Freeze) {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.state
	b.state = f
	if was.Frozen == f.Frozen {
		return
	}
	b.frozen.Store(f.Frozen)
	close(b.changed)
	b.changed = make(chan struct{})
	if f.Frozen {
		b.gauge.Set(1)
		b.log.Warn("SENDING IS STOPPED: nothing is handed to any provider until it is resumed", "by", f.By, "since", f.At)
		return
	}
	b.gauge.Set(0)
	b.log.Warn("sending goes on", "was stopped by", was.By, "since", was.At)
}

// notice is what /readyz says beside that the gateway is ready. Anybody may read it, so it does not give the reason.
func (b *Brake) notice() string {
	if f := b.State(); f.Frozen {
		return "sending is stopped since " + f.At.UTC().Format(time.RFC3339)
	}
	return ""
}
