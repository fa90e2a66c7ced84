package store

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Keeper holds this replica's share of the partitions: it takes what is free, keeps it alive, and gives the excess away
// when another replica joins. One goroutine, from Start to Stop.
type Keeper struct {
	store *Store
	owner string
	now   func() time.Time
	log   *slog.Logger

	// Busy says whether a partition has messages in the provider's hands, so that it is not given away under them.
	// It may be set before Start.
	Busy func(partition int) bool

	mu      sync.Mutex
	held    map[int]holding
	changed chan struct{}

	cancel context.CancelFunc
	done   chan struct{}
}

type holding struct {
	lease   Lease
	until   time.Time // by our clock: not ours for certain afterwards
	leaving bool
}

// NewKeeper prepares a keeper; owner must be unique to this process.
func NewKeeper(s *Store, owner string, now func() time.Time, log *slog.Logger) *Keeper {
	return &Keeper{store: s, owner: owner, now: now, log: log, held: map[int]holding{}, changed: make(chan struct{}),
		Busy: func(int) bool { return false }}
}

// Start takes what is free at once, then goes on in the background.
func (k *Keeper) Start(ctx context.Context) {
	ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	k.done = make(chan struct{})
	k.round(ctx)
	go func() {
		defer close(k.done)
		tick := time.NewTicker(k.store.leaseTTL / 4)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				k.round(ctx)
			}
		}
	}()
}

// Stop gives every partition back at once. Whoever works on them must have stopped before.
func (k *Keeper) Stop(ctx context.Context) error {
	k.cancel()
	<-k.done
	err := k.store.Release(ctx, k.all()) // those on the way out too
	k.mu.Lock()
	clear(k.held)
	k.announce()
	k.mu.Unlock()
	if e := k.store.Leave(ctx, k.owner); err == nil {
		err = e
	}
	return err
}

// Abandon stops without giving anything back, as a crash would.
func (k *Keeper) Abandon() {
	k.cancel()
	<-k.done
}

// Owned is what this replica may work on now, by partition.
func (k *Keeper) Owned() []Lease { return k.leases(func(h holding) bool { return !h.leaving }) }

// Held is what this replica may write to: what it works on, and what it is about to give away, where the messages that
// are in the providers' hands are still written down.
func (k *Keeper) Held() []Lease { return k.leases(func(holding) bool { return true }) }

func (k *Keeper) leases(counts func(holding) bool) []Lease {
	now := k.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []Lease
	for _, h := range k.held {
		if counts(h) && now.Before(h.until) {
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

// Lost says that a write under l was refused.
func (k *Keeper) Lost(l Lease) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if h, ok := k.held[l.Partition]; ok && h.lease == l {
		delete(k.held, l.Partition)
		k.announce()
	}
}

func (k *Keeper) announce() {
	close(k.changed)
	k.changed = make(chan struct{})
}

// round renews, and takes or gives away what fairness asks for.
func (k *Keeper) round(ctx context.Context) {
	live, err := k.store.Replicas(ctx, k.owner, k.now())
	if err == nil {
		err = k.renew(ctx)
	}
	if err == nil {
		err = k.share(ctx, live)
	}
	if err != nil && ctx.Err() == nil {
		k.log.Warn("partitions could not be kept: Redis does not answer; trying again", "error", err)
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

func (k *Keeper) renew(ctx context.Context) error {
	leases, asked := k.all(), k.now()
	if len(leases) == 0 {
		return nil
	}
	lost, err := k.store.Renew(ctx, leases)
	if err != nil {
		return err
	}
	k.mu.Lock()
	for p, h := range k.held {
		if slices.Contains(leases, h.lease) {
			h.until = asked.Add(k.store.leaseTTL)
			k.held[p] = h
		}
	}
	k.mu.Unlock()
	for _, l := range lost {
		k.log.Warn("a partition was taken over by another replica", "partition", l.Partition)
		k.Lost(l)
	}
	return nil
}

func (k *Keeper) share(ctx context.Context, live int) error {
	fair := (k.store.partitions + max(live, 1) - 1) / max(live, 1)
	if err := k.give(ctx, fair); err != nil {
		return err
	}
	for p := 0; p < k.store.partitions && len(k.all()) < fair; p++ {
		k.mu.Lock()
		_, have := k.held[p]
		k.mu.Unlock()
		if have {
			continue
		}
		asked := k.now()
		l, ok, err := k.store.Acquire(ctx, p, k.owner)
		if err != nil {
			return err
		}
		if ok {
			k.mu.Lock()
			k.held[p] = holding{lease: l, until: asked.Add(k.store.leaseTTL)}
			k.announce()
			k.mu.Unlock()
		}
	}
	return nil
}

// give marks the excess as leaving, and releases what nobody works on any more.
func (k *Keeper) give(ctx context.Context, fair int) error {
	k.mu.Lock()
	excess := len(k.held) - fair
	var idle []Lease
	for p, h := range k.held {
		if h.leaving {
			excess--
			if !k.Busy(p) {
				idle = append(idle, h.lease)
			}
		}
	}
	for p, h := range k.held {
		if excess > 0 && !h.leaving {
			h.leaving = true
			k.held[p] = h
			excess--
		}
	}
	if len(k.held) > fair {
		k.announce()
	}
	k.mu.Unlock()
	if len(idle) == 0 {
		return nil
	}
	if err := k.store.Release(ctx, idle); err != nil {
		return err
	}
	for _, l := range idle {
		k.Lost(l)
	}
	return nil
}
