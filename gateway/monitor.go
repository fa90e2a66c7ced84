package gateway

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/health"
	"github.com/hoidap/hoidap/gateway/sender"
	"github.com/hoidap/hoidap/gateway/store"
)

const (
	tellEvery = 5 * time.Second // how often a replica tells what it sees of the accounts
	tellsKept = 6               // times as long what it told holds, so that one that died vanishes
	tellLimit = 2 * time.Second // for one telling
)

// watched is an account as the monitor knows it.
type watched struct {
	id       string
	adapter  adapters.Adapter
	sending  *sender.Account
	callback string // what its provider is to call; holds a secret perhaps
	shown    string // the same to be read
	print    string // changes with the callback and with whatever else is configured
	byHand   bool
}

// monitor keeps what this replica sees of the accounts in Redis, where every replica finds it, asks their providers how
// they are, and tells them where webhooks go. Two goroutines, from Start to Stop: a provider that hangs keeps nobody from
// learning how the others are.
type monitor struct {
	store    *store.Store
	replica  string
	accounts []watched
	owned    func() []store.Lease
	every    time.Duration
	now      func() time.Time
	log      *slog.Logger
	waiting  *prometheus.GaugeVec
	age      *prometheus.GaugeVec

	probed  map[string]bool      // accounts whose provider was asked by this replica: only the asking goroutine uses it
	told    map[string]bool      // accounts whose provider knows where webhooks go: likewise
	retryAt map[string]time.Time // when it is told again after a failure: likewise

	cancel  context.CancelFunc
	running sync.WaitGroup
}

func newMonitor(s *store.Store, replica string, accounts []watched, owned func() []store.Lease, every time.Duration, now func() time.Time, log *slog.Logger, r prometheus.Registerer) *monitor {
	if every == 0 {
		every = tellEvery
	}
	m := &monitor{store: s, replica: replica, accounts: accounts, owned: owned, every: every, now: now, log: log,
		probed: map[string]bool{}, told: map[string]bool{}, retryAt: map[string]time.Time{},
		waiting: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hoidap_queue_messages", Help: "Messages that wait in an account's queues, of this replica's partitions."}, []string{"account"}),
		age:     prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hoidap_queue_age_seconds", Help: "Since when the first message of an account is due, of this replica's partitions; 0: none is."}, []string{"account"})}
	r.MustRegister(m.waiting, m.age)
	return m
}

// Start begins. Providers are told where webhooks go, so the gateway must listen by now.
func (m *monitor) Start(ctx context.Context) {
	ctx, m.cancel = context.WithCancel(context.WithoutCancel(ctx))
	m.running.Go(func() { m.repeat(ctx, m.every, m.tell) })
	m.running.Go(func() { m.repeat(ctx, m.every, m.ask) })
}

// Stop ends it and takes back what this replica told, as far as ctx allows. A crash would leave it to expire.
func (m *monitor) Stop(ctx context.Context) {
	m.abandon()
	ctx, cancel := context.WithTimeout(ctx, tellLimit)
	defer cancel()
	m.store.ForgetHealth(ctx, m.replica, m.ids()) //nolint:errcheck // it expires
}

func (m *monitor) abandon() {
	if m.cancel == nil {
		return // the start failed before it
	}
	m.cancel()
	m.running.Wait()
}

// repeat does something now and then every so often.
func (m *monitor) repeat(ctx context.Context, every time.Duration, do func(context.Context)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		do(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (m *monitor) ids() []string {
	ids := make([]string, len(m.accounts))
	for i, a := range m.accounts {
		ids[i] = a.id
	}
	return ids
}

// tell tells what this replica sees. While Redis is away nobody reads it either, so that there is nothing to say of it.
func (m *monitor) tell(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, tellLimit)
	defer cancel()
	said, now := make(map[string][]byte, len(m.accounts)), m.now()
	for _, a := range m.accounts {
		b, err := json.Marshal(a.sending.Seen(now))
		if err != nil {
			m.log.Error("what is seen of an account cannot be written", "account", a.id, "error", err)
			continue
		}
		said[a.id] = b
	}
	if err := m.store.TellHealth(ctx, m.replica, said, tellsKept*m.every); err == nil {
		m.measure(ctx, now)
	}
}

// measure sets the gauges of the queues.
func (m *monitor) measure(ctx context.Context, now time.Time) {
	var partitions []int
	for _, l := range m.owned() {
		partitions = append(partitions, l.Partition)
	}
	waiting, err := m.store.WaitingIn(ctx, partitions, m.ids(), now)
	if err != nil {
		return
	}
	for _, id := range m.ids() {
		w := waiting[id]
		m.waiting.WithLabelValues(id).Set(float64(w.Messages))
		age := 0.0
		if !w.Due.IsZero() {
			age = now.Sub(w.Due).Seconds()
		}
		m.age.WithLabelValues(id).Set(age)
	}
}

// known is what was told of an account before, by any replica.
type known struct {
	probe   *finding
	webhook *health.Webhook
	print   string // with what the provider was last told where webhooks go
}

// The names under which it is kept.
const (
	probeNote   = "probe"
	webhookNote = "webhook"
	printNote   = "print"
)

func (m *monitor) known(ctx context.Context, account string) (known, error) {
	h, err := m.store.Healths(ctx, []string{account})
	if err != nil {
		return known{}, err
	}
	k := known{print: string(h[0].Told[printNote])}
	if b := h[0].Told[probeNote]; b != nil {
		k.probe = read[finding](b)
	}
	if b := h[0].Told[webhookNote]; b != nil {
		k.webhook = read[health.Webhook](b)
	}
	return k, nil
}

// read is what a note says; nil where it cannot be read: it is written anew soon.
func read[T any](b []byte) *T {
	var v T
	if json.Unmarshal(b, &v) != nil {
		return nil
	}
	return &v
}

// note keeps something about an account.
func (m *monitor) note(ctx context.Context, account, name string, v any) {
	b, err := json.Marshal(v)
	if err == nil {
		err = m.store.NoteHealth(ctx, account, name, b)
	}
	if err != nil && ctx.Err() == nil {
		m.log.Warn("what is known of an account could not be kept", "account", account, "error", err)
	}
}
