// Package sender takes messages off the outbound queues and hands them to the adapters: gate again, rate, Fit, Send,
// settle what is unknown, and report back as events. It decides nothing about conversations.
package sender

import (
	"context"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options is what a sender needs.
type Options struct {
	Store    *store.Store
	Keeper   *store.Keeper
	World    func() *campaigns.World
	Accounts []*Account
	Gone     []string // accounts that were configured once: what waits for them is given up
	Now      func() time.Time
	Log      *slog.Logger
	Metrics  *Metrics
	Report   func(Report)              // who writes down what became of messages; does not block
	Frozen   func() bool               // an emergency stop: nothing is handed to any provider. Nil: never
	Halted   func(account string) bool // this account is paused: nothing is handed to its provider. Nil: never
	// Stopped reports whether whoever an address leads to has opted out: asked before a code or link of a proof leaves, whose
	// address is not the contact's own yet. Nil: nothing of the kind is ever sent.
	Stopped func(ctx context.Context, a address.Address) (bool, error)
	FansOut func() bool // runs are being fanned out here. Nil: never

	Attempts int           // before a message is given up; 8 where 0
	Backoff  time.Duration // before the second attempt, doubling, with jitter; 1 s where 0
	Grace    time.Duration // before a provider's "not taken" is believed: it may still be working on it; 10 s where 0
	Settle   time.Duration // how long an unknown outcome may stay so before the class decides; 2 min where 0
	BreakFor time.Duration // how long an account is left alone whose provider does not answer; 5 s where 0
	Poll     time.Duration // how often the clock is asked whether something that was held is due; 200 ms where 0
}

// Sender works on the partitions that the keeper holds, from Start to Stop.
type Sender struct {
	Options
	lines  []*line // one an account
	byID   map[string]*line
	adopts chan struct{} // rings where a partition wants to be looked at for what is marked as being sent

	marking  sync.RWMutex // held by who marks messages until they are in the books, and by who reads the marks
	mu       sync.Mutex
	stopping bool                 // nothing new is taken
	ended    bool                 // nothing new is begun
	flights  map[string]*flight   // by message id: from being taken until it is written down
	behind   map[string][]*flight // by contact: the message under way, then those that wait for it
	adopted  map[int]store.Lease
	tried    map[string]store.Lease  // messages out of the books that were handed to a provider, with the lease under which
	marked   map[int]int             // partition -> messages that are being marked and are in no books yet
	landings map[int]map[string]bool // partition whose marks are being read -> messages that have landed since
	still    map[int]time.Time       // partition where a key is damaged -> until when nothing is taken there
	said     map[string]time.Time    // which key that all share is damaged -> until when that need not be said again

	sending context.Context    // of the sends under way
	cancel  context.CancelFunc // ends the taking of new messages
	kill    context.CancelFunc // ends the sends under way
	takers  sync.WaitGroup
	sends   sync.WaitGroup
	landed  chan struct{} // rings when a message was written down
}

// New prepares a sender.
func New(o Options) *Sender {
	if o.Attempts == 0 {
		o.Attempts = 8
	}
	if o.Backoff == 0 {
		o.Backoff = time.Second
	}
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
	if o.Settle == 0 {
		o.Settle = 2 * time.Minute
	}
	if o.BreakFor == 0 {
		o.BreakFor = breakFor
	}
	if o.Poll == 0 {
		o.Poll = 200 * time.Millisecond
	}
	if o.Frozen == nil {
		o.Frozen = func() bool { return false }
	}
	if o.Halted == nil {
		o.Halted = func(string) bool { return false }
	}
	if o.FansOut == nil {
		o.FansOut = func() bool { return false }
	}
	s := &Sender{Options: o, byID: map[string]*line{}, adopts: make(chan struct{}, 1), flights: map[string]*flight{},
		behind: map[string][]*flight{}, adopted: map[int]store.Lease{}, tried: map[string]store.Lease{}, landings: map[int]map[string]bool{}, marked: map[int]int{},
		still: map[int]time.Time{}, said: map[string]time.Time{}, landed: make(chan struct{}, 1)}
	for _, a := range o.Accounts {
		s.add(a, false)
	}
	for _, id := range o.Gone {
		s.add(goneAccount(id), true)
	}
	return s
}

func (s *Sender) add(a *Account, gone bool) {
	l := &line{Sender: s, Account: a, gone: gone, due: map[int]time.Time{}, left: map[int]bool{}, ended: map[int]int{}}
	l.breaker = s.newBreaker(l.ID)
	s.lines, s.byID[l.ID] = append(s.lines, l), l
}

// newBreaker leaves an account alone for a while after too many attempts in a row that its provider did not answer.
func (s *Sender) newBreaker(account string) *gobreaker.TwoStepCircuitBreaker[any] {
	return gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
		Name: account, Timeout: s.BreakFor,
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= breakAfter },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			s.Metrics.Open.WithLabelValues(account).Set(float64(to))
			s.Log.Warn("the way to a provider is "+tell(to), "account", account)
		},
	})
}

// tell says where a breaker stands, for an operator.
func tell(s gobreaker.State) string {
	switch s {
	case gobreaker.StateOpen:
		return "closed for now: it does not answer; messages wait"
	case gobreaker.StateHalfOpen:
		return "being tried with one message"
	}
	return "open again"
}

// Start begins to send.
func (s *Sender) Start(ctx context.Context) {
	base := context.WithoutCancel(ctx)
	var taking context.Context
	taking, s.cancel = context.WithCancel(base)
	s.sending, s.kill = context.WithCancel(base)
	s.takers.Go(func() { s.adoptAll(taking) })
	for _, l := range s.lines {
		s.takers.Go(func() { l.run(taking) })
	}
}

// Stop takes nothing new and waits until ctx ends for what is in the providers' hands, and for it to be written down: who
// writes must go on until Stop returns. What is not known by then stays marked, to be settled by the partition's next owner.
func (s *Sender) Stop(ctx context.Context) {
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	s.cancel()
	s.takers.Wait()
	for s.underWay() && ctx.Err() == nil {
		select {
		case <-s.landed:
		case <-ctx.Done():
		}
	}
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.kill()
	s.sends.Wait()
}

// underWay reports whether something is in a provider's hands or waits to be written down. What waits to be settled does
// not count: the next owner does that as well.
func (s *Sender) underWay() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.marked) > 0 || slices.ContainsFunc(slices.Collect(maps.Values(s.flights)), (*flight).counts)
}

// Queued implements engine.Departures: messages of an account were queued in a partition.
func (s *Sender) Queued(account string, partition int, due time.Time) {
	if l := s.byID[account]; l != nil {
		l.expect(partition, due)
		l.rouse()
	}
}

// Busy reports whether messages of a partition are in a provider's hands, or being marked or written down: then it is not
// given away. What waits to be settled does not count.
func (s *Sender) Busy(partition int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marked[partition] > 0 {
		return true
	}
	for _, f := range s.flights {
		if f.lease.Partition == partition && f.counts() {
			return true
		}
	}
	return false
}

// backoff is how long to wait before attempt n+1: doubling up to a quarter of an hour, with a third of jitter.
func (s *Sender) backoff(n int) time.Duration {
	const most = 15 * time.Minute
	d := min(s.Backoff<<min(n, 20), most)
	return d + rand.N(d/3+1)
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
