package webhooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

const waitMost = time.Hour // however long a receiver asks to be left alone

// Pace is how quickly things go. Zero fields mean the defaults.
type Pace struct {
	Poll     time.Duration   // how often is looked for what is due; 1 s
	Timeout  time.Duration   // for one attempt; 15 s
	Parallel int             // attempts at once to one endpoint, of this replica; 8
	Retries  []time.Duration // how long is waited before each repeat; 5 s and more, 52 hours in all
	BreakFor time.Duration   // how long an endpoint is left alone that does not answer; 30 s
	Long     time.Duration   // how long an endpoint may fail before it is off; 72 h
}

// breakAfter is how many attempts in a row an endpoint did not answer, or not with sense, before it is left alone.
const breakAfter = 5

func (p Pace) orDefault() Pace {
	def := Pace{Poll: time.Second, Timeout: 15 * time.Second, Parallel: 8, BreakFor: 30 * time.Second, Long: 72 * time.Hour,
		Retries: []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour}}
	for _, x := range []struct{ given, def *time.Duration }{{&p.Poll, &def.Poll}, {&p.Timeout, &def.Timeout}, {&p.BreakFor, &def.BreakFor}, {&p.Long, &def.Long}} {
		if *x.given > 0 {
			*x.def = *x.given
		}
	}
	if p.Parallel > 0 {
		def.Parallel = p.Parallel
	}
	if p.Retries != nil {
		def.Retries = p.Retries
	}
	return def
}

// Options is what a deliverer needs.
type Options struct {
	Store     *store.Store
	Owned     func() []store.Lease // the partitions that this replica works on
	Lost      func(store.Lease)    // a lease turned out to be lost
	Endpoints []Endpoint
	Pace      Pace
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   *Metrics
}

// Deliverer delivers what is due in this replica's partitions, from Start to Stop: a goroutine for each endpoint, and one for
// each attempt.
type Deliverer struct {
	Options
	endpoints []*endpoint
	looking   sync.WaitGroup
	posting   sync.WaitGroup
	stop      context.CancelFunc // of looking
	cut       context.CancelFunc // of attempts
	cutoff    context.Context    //nolint:containedctx // ends the attempts under way, which outlive the looking
}

// endpoint is one receiver with what is under way to it.
type endpoint struct {
	Endpoint
	signs   [][]byte
	client  *http.Client
	breaker *gobreaker.TwoStepCircuitBreaker[any]
	bell    chan struct{}

	mu     sync.Mutex
	flying int
	known  map[string]bool // ids that are under way, and false those that have landed since the queue was read
}

// New checks the endpoints; nothing runs yet.
func New(o Options) (*Deliverer, error) {
	o.Pace = o.Pace.orDefault()
	d := &Deliverer{Options: o}
	var problems []error
	for _, e := range o.Endpoints {
		signs, err := e.keys()
		problems = append(problems, err)
		if err := CheckURL(e.URL); err != nil {
			problems = append(problems, fmt.Errorf("webhook %s: %w", e.Name, err))
		}
		d.endpoints = append(d.endpoints, &endpoint{Endpoint: e, signs: signs, client: newClient(e, o.Pace.Timeout, o.Pace.Parallel), bell: make(chan struct{}, 1), known: map[string]bool{},
			breaker: gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{Timeout: o.Pace.BreakFor,
				ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakAfter }})})
	}
	return d, errors.Join(problems...)
}

// Wanted says which endpoints are told of each kind of event; nil: none is of any.
func Wanted(endpoints []Endpoint) map[string][]string {
	var wanted map[string][]string
	for _, e := range endpoints {
		for _, kind := range e.Events {
			if wanted == nil {
				wanted = map[string][]string{}
			}
			wanted[kind] = append(wanted[kind], e.Name)
		}
	}
	return wanted
}

// Start begins to deliver.
func (d *Deliverer) Start(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	looking, stop := context.WithCancel(ctx)
	d.stop = stop
	d.cutoff, d.cut = context.WithCancel(ctx)
	for _, e := range d.endpoints {
		d.looking.Go(func() { d.run(looking, e) })
	}
}

// Stop begins nothing more and waits for the attempts under way, as far as ctx allows. What was cut off is delivered once
// more by whoever owns the partition next.
func (d *Deliverer) Stop(ctx context.Context) {
	d.stop()
	d.looking.Wait()
	over := context.AfterFunc(ctx, d.cut)
	d.posting.Wait()
	over()
	d.cut()
	for _, e := range d.endpoints {
		e.client.CloseIdleConnections()
	}
}

// Ring has an endpoint's queue looked at: something was put there. It does not block.
func (d *Deliverer) Ring(name string) {
	if i := slices.IndexFunc(d.endpoints, func(e *endpoint) bool { return e.Name == name }); i >= 0 {
		d.endpoints[i].ring()
	}
}

func (e *endpoint) ring() {
	select {
	case e.bell <- struct{}{}:
	default:
	}
}

// run looks for what is due now and then, and when the bell rings.
func (d *Deliverer) run(ctx context.Context, e *endpoint) {
	tick := time.NewTicker(d.Pace.Poll)
	defer tick.Stop()
	for {
		if err := d.round(ctx, e); err != nil && ctx.Err() == nil {
			d.Log.Warn("webhooks wait: Redis does not answer; trying again", "webhook", e.Name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-e.bell:
		}
	}
}

// round begins as many attempts as there is room for.
func (d *Deliverer) round(ctx context.Context, e *endpoint) error {
	leases := map[int]store.Lease{}
	var partitions []int
	for _, l := range d.Owned() {
		leases[l.Partition] = l
		partitions = append(partitions, l.Partition)
	}
	room := d.room(e)
	if len(partitions) == 0 || room <= 0 {
		return nil
	}
	state, err := d.Store.EndpointState(ctx, e.Name)
	if err != nil {
		return err
	}
	off := state[store.EndpointOff] != ""
	e.look()
	d.Metrics.Off.WithLabelValues(e.Name).Set(map[bool]float64{true: 1}[off])
	due, err := d.Store.DueTellings(ctx, e.Name, partitions, d.Now(), 2*d.Pace.Parallel) // some of it may be flying
	if err != nil {
		return err
	}
	slices.SortStableFunc(due, func(a, b store.Telling) int { return a.Due.Compare(b.Due) })
	for _, t := range due {
		if room == 0 {
			return nil
		}
		if !e.take(t.ID) {
			continue
		}
		room--
		d.posting.Go(func() {
			defer e.land(t.ID)
			d.deliver(d.cutoff, e, leases[t.Partition], t, off)
		})
	}
	return nil
}

// room is how many attempts may begin.
func (d *Deliverer) room(e *endpoint) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch e.breaker.State() {
	case gobreaker.StateOpen:
		return 0
	case gobreaker.StateHalfOpen:
		return 1 - e.flying
	}
	return d.Pace.Parallel - e.flying
}

// look begins a look at the queue: what has landed by now does not stand there any more as it did.
func (e *endpoint) look() {
	e.mu.Lock()
	defer e.mu.Unlock()
	maps.DeleteFunc(e.known, func(_ string, flying bool) bool { return !flying })
}

// take begins an attempt, unless one is under way, or has landed since the queue was read.
func (e *endpoint) take(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, known := e.known[id]; known {
		return false
	}
	e.known[id] = true
	e.flying++
	return true
}

// land ends an attempt; there is room for another one.
func (e *endpoint) land(id string) {
	e.mu.Lock()
	e.known[id] = false
	e.flying--
	e.mu.Unlock()
	e.ring()
}

// deliver makes one attempt and writes down what came of it.
func (d *Deliverer) deliver(ctx context.Context, e *endpoint, l store.Lease, t store.Telling, off bool) {
	b := store.NewBatch(l)
	n, err := record.ReadNotice(t.ID, t.Body)
	switch {
	case t.Body == nil: // its contact was erased
		b.Told(e.Name, t.ID)
	case err != nil:
		b.BuryTold(e.Name, t.ID, "unreadable: "+err.Error(), t.Body, d.Now())
	case off:
		b.BuryTold(e.Name, t.ID, "endpoint_off", t.Body, d.Now())
	default:
		done, err := e.breaker.Allow()
		if err != nil {
			return
		}
		o := e.post(ctx, n, d.Now())
		if ctx.Err() != nil {
			done(nil) // it says nothing about the receiver
			return
		}
		done(o.illness())
		d.settle(ctx, e, b, n, o)
	}
	d.commit(ctx, e, l, b)
}

// illness is an error where the receiver is not well.
func (o outcome) illness() error {
	if o.sick {
		return errors.New(o.why)
	}
	return nil
}

// settle says in b what becomes of a notice after an attempt, and puts the attempt on the endpoint's list.
func (d *Deliverer) settle(ctx context.Context, e *endpoint, b *store.Batch, n record.Notice, o outcome) {
	n.Attempts++
	a := attemptOf(n, o, d.Now())
	switch {
	case o.why == "":
		b.Told(e.Name, n.ID)
	case n.Attempts > len(d.Pace.Retries):
		a.Result = "given_up"
		n.Attempts = 0
		b.BuryTold(e.Name, n.ID, "gave_up: "+o.why, n.Bytes(), d.Now())
	default:
		b.TellAgain(e.Name, n.ID, d.Now().Add(max(o.wait, d.Pace.Retries[n.Attempts-1])), n.Bytes())
	}
	d.note(ctx, e, a, o)
}

func attemptOf(n record.Notice, o outcome, now time.Time) record.Attempt {
	a := record.Attempt{Notice: n.ID, Type: n.Type, At: now, Number: n.Attempts, Result: "delivered", Status: o.status, Millis: int(o.after.Milliseconds()), Error: o.why}
	if o.why != "" {
		a.Result = "failed"
	}
	return a
}

// commit writes what became of a notice. Where that fails it stays where it is, and is told once more.
func (d *Deliverer) commit(ctx context.Context, e *endpoint, l store.Lease, b *store.Batch) {
	err := d.Store.CommitOne(context.WithoutCancel(ctx), b)
	switch {
	case errors.Is(err, store.ErrFenced):
		d.Lost(l)
	case err != nil:
		d.Log.Warn("what became of a webhook could not be written down; it may be delivered again", "webhook", e.Name, "error", err)
	}
}

// note puts an attempt on the endpoint's list, and switches the endpoint off that fails for too long or wants no more.
func (d *Deliverer) note(ctx context.Context, e *endpoint, a record.Attempt, o outcome) {
	d.Metrics.Attempts.WithLabelValues(e.Name, a.Result).Inc()
	d.Metrics.Seconds.WithLabelValues(e.Name).Observe(o.after.Seconds())
	now := strconv.FormatInt(a.At.UnixMilli(), 10)
	ctx = context.WithoutCancel(ctx)
	var is map[string]string
	var err error
	if o.why == "" {
		is, err = d.Store.Attempted(ctx, e.Name, a.Bytes(), map[string]string{store.EndpointDelivered: now}, []string{store.EndpointSince}, nil)
	} else {
		is, err = d.Store.Attempted(ctx, e.Name, a.Bytes(), map[string]string{store.EndpointFailed: now, store.EndpointWhy: o.why}, nil, map[string]string{store.EndpointSince: now})
	}
	if err != nil {
		d.Log.Warn("a webhook's delivery could not be listed", "webhook", e.Name, "error", err)
		return
	}
	since, _ := strconv.ParseInt(is[store.EndpointSince], 10, 64)
	var why string
	switch {
	case o.status == http.StatusGone:
		why = "gone"
	case o.why != "" && a.At.Sub(time.UnixMilli(since)) > d.Pace.Long:
		why = "failing"
	default:
		return
	}
	if _, err := d.Store.Attempted(ctx, e.Name, nil, nil, nil, map[string]string{store.EndpointOff: now, store.EndpointOffWhy: why}); err == nil {
		d.Log.Error("a webhook's endpoint is off: what it is to be told goes to the dead letters until it is resumed", "webhook", e.Name, "why", why)
	}
}

// Try posts a test to an endpoint, at once and once, and lists it.
func (d *Deliverer) Try(ctx context.Context, name string, n record.Notice) (record.Attempt, bool) {
	i := slices.IndexFunc(d.endpoints, func(e *endpoint) bool { return e.Name == name })
	if i < 0 {
		return record.Attempt{}, false
	}
	e := d.endpoints[i]
	o := e.post(ctx, n, d.Now())
	a := attemptOf(n, o, d.Now())
	if _, err := d.Store.Attempted(context.WithoutCancel(ctx), name, a.Bytes(), nil, nil, nil); err != nil {
		d.Log.Warn("a webhook's test could not be listed", "webhook", name, "error", err)
	}
	return a, true
}
