// Package sender takes messages off the outbound queues and hands them to the adapters: gate again, rate, Fit, Send,
// settle what is unknown, and report back as events. It decides nothing about conversations.
package sender

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/store"
)

// Options is what a sender needs.
type Options struct {
	Store    *store.Store
	Keeper   *store.Keeper
	World    func() *campaigns.World
	Accounts []*Account
	Now      func() time.Time
	Log      *slog.Logger
	Metrics  *Metrics
	Frozen   func() bool // sending is stopped: nothing is taken and nothing handed over; never where nil

	Attempts int           // before a message is given up; 8 where 0
	Backoff  time.Duration // before the second attempt, doubling, with jitter; 1 s where 0
	Grace    time.Duration // before a provider's "not taken" is believed: it may still be working on it; 10 s where 0
	Settle   time.Duration // how long an unknown outcome may stay so before the class decides; 2 min where 0
	Poll     time.Duration // how often held messages are looked for; 200 ms where 0
}

// Sender works on the partitions that the keeper holds, from Start to Stop.
type Sender struct {
	Options
	wake    chan struct{}
	results chan result

	mu      sync.Mutex
	dirty   map[int]bool      // partitions where something may have become sendable since they were looked at
	flights map[string]flight // by message id: in the provider's hands, or waiting to be settled
	busy    map[string]string // contact -> the message that its others wait for
	adopted map[int]store.Lease

	cancel context.CancelFunc // ends the taking of new messages
	kill   context.CancelFunc // ends the sends under way
	taker  sync.WaitGroup
	sends  sync.WaitGroup
	writer sync.WaitGroup
}

type flight struct {
	partition int
	contact   string
	account   *Account
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
	if o.Frozen == nil {
		o.Frozen = func() bool { return false }
	}
	if o.Poll == 0 {
		o.Poll = 200 * time.Millisecond
	}
	return &Sender{Options: o, wake: make(chan struct{}, 1), results: make(chan result, 256),
		dirty: map[int]bool{}, flights: map[string]flight{}, busy: map[string]string{}, adopted: map[int]store.Lease{}}
}

// Start begins to send.
func (s *Sender) Start(ctx context.Context) {
	base := context.WithoutCancel(ctx)
	taking, cancel := context.WithCancel(base)
	sending, kill := context.WithCancel(base)
	s.cancel, s.kill = cancel, kill
	s.taker.Go(func() { s.dispatch(taking, sending) })
	s.writer.Go(func() { s.write(sending) })
}

// Stop takes nothing new, waits until ctx ends for what is in the providers' hands, and writes down what became of it.
// What is not known by then stays marked, to be settled by the partition's next owner.
func (s *Sender) Stop(ctx context.Context) {
	s.cancel()
	finished := make(chan struct{})
	go func() {
		s.taker.Wait()
		s.sends.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-ctx.Done():
		s.kill()
		<-finished
	}
	close(s.results)
	s.writer.Wait()
	s.kill()
}

// Queued says that something was queued in a partition; it does not block.
func (s *Sender) Queued(partition int) {
	s.mu.Lock()
	s.dirty[partition] = true
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Busy reports whether messages of a partition are in a provider's hands.
func (s *Sender) Busy(partition int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.flights {
		if f.partition == partition {
			return true
		}
	}
	return false
}

// dispatch takes what is due, whenever something was queued, has come back, or may have become due.
func (s *Sender) dispatch(ctx, sending context.Context) {
	everywhere := true // also where nothing was said to have changed: messages become due by themselves
	looked := time.Now()
	for {
		idle := time.NewTimer(s.idle())
		select {
		case <-ctx.Done():
			idle.Stop()
			return
		case <-s.wake:
			idle.Stop()
		case <-idle.C:
		}
		if time.Since(looked) >= s.Poll {
			everywhere, looked = true, time.Now()
		}
		var err error
		if everywhere, err = s.round(ctx, sending, everywhere); err != nil {
			s.away(ctx, err)
			wait(ctx, s.Poll)
		}
	}
}

// round takes what is due, in all partitions or only where something changed. more says that an account had no room for
// all of it, so that the next round must look everywhere.
func (s *Sender) round(ctx, sending context.Context, everywhere bool) (more bool, err error) {
	leases := s.Keeper.Owned()
	if err := s.adopt(ctx, sending, leases); err != nil {
		return true, err
	}
	s.mu.Lock()
	if !everywhere {
		leases = slices.DeleteFunc(leases, func(l store.Lease) bool { return !s.dirty[l.Partition] })
	}
	clear(s.dirty)
	s.mu.Unlock()
	for _, a := range s.Accounts {
		full, err := s.take(ctx, sending, a, leases)
		if err != nil {
			return true, err
		}
		more = more || full
	}
	return more, nil
}

// idle is how long nothing can become sendable by itself: until a held message may be due, or an account's next turn.
func (s *Sender) idle() time.Duration {
	d := s.Poll
	for _, a := range s.Accounts {
		d = min(d, a.next(s.Now()))
	}
	return d
}

func (s *Sender) away(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.Log.Warn("messages wait: Redis does not answer; trying again", "error", err)
	}
}

// backoff is how long to wait before attempt n+1: doubling up to a quarter of an hour, with a third of jitter.
func (s *Sender) backoff(n int) time.Duration {
	const most = 15 * time.Minute
	d := min(s.Backoff<<min(n, 20), most)
	return d + rand.N(d/3+1)
}
