package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// run has a round whenever one is due or somebody rings, and in between gives away what is on its way out as soon as
// nobody works on it.
func (k *Keeper) run(ctx context.Context, next time.Duration) {
	defer close(k.done)
	bell := k.listen(ctx)
	defer bell.Close() //nolint:errcheck // nothing can be done about it
	rings := bell.ChannelWithSubscriptions()
	due := time.Now().Add(next)
	for ctx.Err() == nil {
		if !k.waits(ctx, rings, due) && k.handOver(ctx) == nil {
			continue
		}
		for len(rings) > 0 { // one round answers them all
			<-rings
		}
		due = time.Now().Add(k.round(ctx))
	}
}

func (k *Keeper) listen(ctx context.Context) *redis.PubSub {
	ctx, cancel := k.soon(ctx)
	defer cancel()
	return k.store.bell(ctx)
}

// waits until a round is due; it returns false where it is not, but something on its way out may be free by now.
func (k *Keeper) waits(ctx context.Context, rings <-chan any, due time.Time) bool {
	wait := time.Until(due)
	if k.leaving() && !k.away {
		wait = min(wait, releaseGap)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-k.wake:
		return true
	case m := <-rings:
		return rung(m, k.owner)
	case <-timer.C:
		return !time.Now().Before(due)
	}
}

// round renews, and takes or gives away what is asked for. It returns when the next one is due.
func (k *Keeper) round(ctx context.Context) (next time.Duration) {
	reached, err := k.renew(ctx)
	var free time.Duration
	if reached {
		var e error
		free, e = k.share(ctx)
		err = errors.Join(err, e)
	}
	k.note(ctx, err)
	switch ttl := k.store.leaseTTL; {
	case err != nil:
		return ttl / 16
	case free > 0: // whose lease runs out then may be dead
		return min(free+time.Millisecond, ttl/4)
	default:
		return ttl / 4
	}
}

// note logs when partitions cannot be kept, and when they can again.
func (k *Keeper) note(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case err != nil && !k.away:
		k.log.Warn("partitions cannot be kept: Redis does not answer; trying again until it does", "error", err)
		k.away = true
	case err == nil && k.away:
		k.log.Info("partitions are kept again")
		k.away = false
	}
}

// soon bounds a call: one that hangs must leave time for others before the leases run out.
func (k *Keeper) soon(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, k.store.leaseTTL/3)
}

// renew keeps alive what is held. reached says that Redis answered for some of it.
func (k *Keeper) renew(ctx context.Context) (reached bool, err error) {
	leases, asked := k.all(), k.now() // Redis counts from later than that: ours end first
	if len(leases) == 0 {
		return true, nil
	}
	ctx, cancel := k.soon(ctx)
	defer cancel()
	kept, lost, err := k.store.Renew(ctx, leases)
	k.extend(kept, asked.Add(k.store.leaseTTL))
	for _, l := range lost {
		if k.drop(l) {
			k.log.Warn("a partition was lost: its lease had run out, or Redis has forgotten it", "partition", l.Partition)
		}
	}
	return len(kept)+len(lost) > 0, err
}

// extend notes until when leases hold.
func (k *Keeper) extend(leases []Lease, until time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now, revived := k.now(), false
	for _, l := range leases {
		h, ok := k.held[l.Partition]
		if ok && h.lease == l {
			revived = revived || !now.Before(h.until)
			h.until = until
			k.held[l.Partition] = h
		}
	}
	if revived {
		k.announce()
	}
}

// share takes what should be held here and gives away what should not. free is how long until something that others hold,
// or a place among them, may come free.
func (k *Keeper) share(ctx context.Context) (free time.Duration, err error) {
	k.mu.Lock()
	draining := k.draining
	k.mu.Unlock()
	if draining {
		return 0, errors.Join(k.leave(ctx), k.handOver(ctx))
	}
	living, err := k.join(ctx)
	if err != nil {
		return 0, errors.Join(err, k.handOver(ctx))
	}
	mine := Shares(k.store.partitions, living.Owners)[k.owner]
	missing := k.keepAll(mine)
	free, taking := k.take(ctx, missing)
	if living.Next > 0 && (free == 0 || living.Next < free) {
		free = living.Next
	}
	return free, errors.Join(taking, k.handOver(ctx))
}

func (k *Keeper) join(ctx context.Context) (Living, error) {
	ctx, cancel := k.soon(ctx)
	defer cancel()
	living, err := k.store.Join(ctx, k.owner)
	if err == nil && living.New && len(living.Owners) > 1 {
		k.ring(ctx)
	}
	return living, err
}

func (k *Keeper) leave(ctx context.Context) error {
	ctx, cancel := k.soon(ctx)
	defer cancel()
	return k.store.Leave(ctx, k.owner)
}

// keepAll marks what is not of mine as leaving, and returns what of mine is not held yet.
func (k *Keeper) keepAll(mine []int) (missing []int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.draining { // since a moment
		return nil
	}
	k.keep(mine)
	for _, p := range mine {
		if _, have := k.held[p]; !have {
			missing = append(missing, p)
		}
	}
	return missing
}

// keep marks what is not of mine as leaving, and what is as staying; k.mu is held.
func (k *Keeper) keep(mine []int) {
	stays := make(map[int]bool, len(mine))
	for _, p := range mine {
		stays[p] = true
	}
	now, changed := k.now(), false
	for p, h := range k.held {
		if stays[p] == h.leaving.IsZero() {
			continue
		}
		h.leaving = now
		if stays[p] {
			h.leaving = time.Time{}
		}
		k.held[p], changed = h, true
	}
	if changed {
		k.announce()
	}
}

func (k *Keeper) take(ctx context.Context, missing []int) (free time.Duration, err error) {
	if len(missing) == 0 {
		return 0, nil
	}
	ctx, cancel := k.soon(ctx)
	defer cancel()
	asked := k.now()
	taken, free, err := k.store.AcquireAll(ctx, missing, k.owner)
	if len(taken) == 0 {
		return free, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range taken {
		h := holding{lease: l, until: asked.Add(k.store.leaseTTL)}
		if k.draining {
			h.leaving = asked
		}
		k.held[l.Partition] = h
	}
	k.announce()
	return free, err
}

// leaving reports whether anything is on its way out.
func (k *Keeper) leaving() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, h := range k.held {
		if !h.leaving.IsZero() {
			return true
		}
	}
	return false
}

// handOver releases what is on its way out and nobody works on any more, and rings.
func (k *Keeper) handOver(ctx context.Context) error {
	out := k.ready()
	if len(out) == 0 {
		return nil
	}
	ctx, cancel := k.soon(ctx)
	defer cancel()
	if err := k.store.Release(ctx, out); err != nil {
		return err
	}
	for _, l := range out {
		k.drop(l)
	}
	k.ring(ctx)
	return nil
}

// ring tells the others. Where that fails they find out at their next round.
func (k *Keeper) ring(ctx context.Context) {
	if err := k.store.Ring(ctx, k.owner); err != nil {
		k.log.Warn("the other replicas could not be told that partitions change hands: they find out within seconds", "error", err)
	}
}

// ready is what may be released.
func (k *Keeper) ready() (out []Lease) {
	now, leaving := k.now(), []holding{}
	k.mu.Lock()
	for _, h := range k.held {
		if !h.leaving.IsZero() && now.Sub(h.leaving) >= turnGrace {
			leaving = append(leaving, h)
		}
	}
	k.mu.Unlock()
	for _, h := range leaving {
		busy := k.Busy(h.lease.Partition)
		if busy && now.Sub(h.leaving) < k.Patience {
			continue
		}
		if busy {
			k.log.Warn("a partition is handed over with messages in a provider's hands: its next owner finds out what became of them", "partition", h.lease.Partition)
		}
		out = append(out, h.lease)
	}
	return out
}
