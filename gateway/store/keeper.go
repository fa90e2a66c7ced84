package store

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// DefaultLeaseTTL is how long a dead owner keeps a partition unless Options say otherwise. It is renewed four times as
// often, so that three rounds may fail: a Redis that stands still for three seconds, or a long pause of the process, costs
// nobody a partition.
const DefaultLeaseTTL = 5 * time.Second

// The pace of a keeper beside the lease's own.
const (
	turnGrace  = 20 * time.Millisecond // a turn that is under way may end before its partition goes: else its work is done twice
	releaseGap = 10 * time.Millisecond // between two looks whether a partition on its way out is still busy
	patience   = 20 * time.Second      // longer than any attempt to send (15 s unless an adapter says otherwise)
)

// Keeper holds this replica's share of the partitions: it takes what is its own by Shares, keeps it alive, and gives the
// rest away when other replicas join. One goroutine, from Start to Stop.
//
// Between two rounds, a quarter of the lease apart, the other replicas' bell and the running out of their leases have it
// look at once. No wall clock is asked: leases run out by Redis's clock there and by the monotonic one here.
type Keeper struct {
	store *Store
	owner string
	now   func() time.Time
	log   *slog.Logger

	// Busy says whether a partition has messages in the provider's hands, so that it is not given away under them: true from
	// before the commit that marks a message as being sent until after the one that says what became of it. It may be
	// set before Start.
	Busy func(partition int) bool
	// Patience is how long a partition that is to be given away may be busy; 20 s unless set before Start. Afterwards it goes
	// all the same. A message that is in a provider's hands then keeps its mark, what we learn of it cannot be committed any more,
	// and the next owner settles it as after a crash.
	Patience time.Duration

	mu       sync.Mutex
	held     map[int]holding
	changed  chan struct{}
	draining bool

	away   bool // the last round failed; of the running goroutine
	wake   chan struct{}
	cancel context.CancelFunc
	done   chan struct{}
}

type holding struct {
	lease   Lease
	until   time.Time // by our clock: not ours for certain afterwards
	leaving time.Time // since when it is on its way out; zero: it stays
}

// NewKeeper prepares a keeper; owner must be unique to this process, and now must carry a monotonic reading, as time.Now
// does.
func NewKeeper(s *Store, owner string, now func() time.Time, log *slog.Logger) *Keeper {
	return &Keeper{store: s, owner: owner, now: now, log: log, held: map[int]holding{}, changed: make(chan struct{}),
		wake: make(chan struct{}, 1), Patience: patience, Busy: func(int) bool { return false }}
}

// Start takes what is free at once, then goes on in the background.
func (k *Keeper) Start(ctx context.Context) {
	ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	k.done = make(chan struct{})
	next := k.round(ctx)
	go k.run(ctx, next)
}

// Drain takes nothing more and gives every partition back as soon as it is not busy. It returns at once; Owned is empty
// from then on. What is still held is kept alive until Stop, so that what becomes of it can be written down.
func (k *Keeper) Drain() {
	k.mu.Lock()
	k.draining = true
	k.keep(nil)
	k.mu.Unlock()
	k.look()
}

// Stop gives every partition back at once, or tries until ctx ends. Whoever works on them must have stopped before.
func (k *Keeper) Stop(ctx context.Context) error {
	k.cancel()
	select {
	case <-k.done:
	case <-ctx.Done(): // a round waits for Redis, no longer than a call may take
	}
	held := k.all() // those on the way out too
	k.mu.Lock()
	k.draining = true
	clear(k.held)
	k.announce()
	k.mu.Unlock()
	left := k.store.Leave(ctx, k.owner) // before the rest, so that who takes the partitions does not leave us a share
	err := errors.Join(left, k.store.Release(ctx, held))
	if err == nil {
		k.ring(ctx)
	}
	return err
}

// Abandon stops without giving anything back, as a crash would.
func (k *Keeper) Abandon() {
	k.cancel()
	<-k.done
}

// Owned is what this replica may work on now, by partition.
func (k *Keeper) Owned() []Lease {
	now := k.now()
	return k.leases(func(h holding) bool { return h.leaving.IsZero() && now.Before(h.until) })
}

// Held is what this replica may still write to, as far as it knows: what it works on, what it is about to give away, and
// what it could not renew in time. What became of the messages in the providers' hands is written down there; whether a
// lease is still good the fence tells.
func (k *Keeper) Held() []Lease { return k.leases(func(holding) bool { return true }) }

func (k *Keeper) leases(counts func(holding) bool) []Lease {
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []Lease
	for _, h := range k.held {
		if counts(h) {
			out = append(out, h.lease)
		}
	}
	slices.SortFunc(out, func(a, b Lease) int { return a.Partition - b.Partition })
	return out
}

// Changed is closed when Owned may have changed.
func (k *Keeper) Changed() <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.changed
}

// Lost says that a write under l was refused. Where nobody has taken the partition it is taken again at once.
func (k *Keeper) Lost(l Lease) {
	if k.drop(l) {
		k.look()
	}
}

// drop forgets a lease that is not ours any more.
func (k *Keeper) drop(l Lease) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	h, ok := k.held[l.Partition]
	if !ok || h.lease != l {
		return false
	}
	delete(k.held, l.Partition)
	k.announce()
	return true
}

// announce tells that Owned may have changed; k.mu is held.
func (k *Keeper) announce() {
	close(k.changed)
	k.changed = make(chan struct{})
}

// look has the next round come at once.
func (k *Keeper) look() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

func (k *Keeper) all() []Lease {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := make([]Lease, 0, len(k.held))
	for _, h := range k.held {
		out = append(out, h.lease)
	}
	return out
}
