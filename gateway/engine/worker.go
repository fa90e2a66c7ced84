package engine

import (
	"context"
	"errors"
	"time"

	"github.com/hoidap/hoidap/gateway/store"
)

// The pace of a worker. Events are read as they come; timers and schedules need no more than these.
const (
	readBlock     = 200 * time.Millisecond // also bounds how long Stop takes
	timerEvery    = 200 * time.Millisecond
	scheduleEvery = time.Second
	timerBatch    = 32
	pauseAfterErr = 100 * time.Millisecond
)

// worker owns every Workers-th partition, so that each partition has one goroutine.
type worker struct {
	*Engine
	number        int
	timersAt      time.Time
	scheduleAt    time.Time
	swept         map[int]time.Time    // when a partition is to be swept again
	known         map[int]store.Lease  // partitions where nothing is left on its way to others
	listed        map[string]bool      // event campaigns' runs that are on the list of runs
	scheduled     map[string]time.Time // when each campaign's schedule was last looked at, as Redis has it
	scheduleLease store.Lease          // under which scheduled was read
}

func (w *worker) run(ctx context.Context) {
	w.known, w.swept = map[int]store.Lease{}, map[int]time.Time{}
	for ctx.Err() == nil {
		changed := w.Keeper.Changed()
		leases := w.mine()
		if len(leases) == 0 {
			select {
			case <-ctx.Done():
			case <-changed:
			}
			continue
		}
		if err := w.turn(ctx, leases); err != nil && ctx.Err() == nil {
			w.Log.Warn("events wait: Redis does not answer; trying again", "error", err)
			pause(ctx, pauseAfterErr)
		}
	}
}

func (w *worker) mine() []store.Lease {
	var out []store.Lease
	for _, l := range w.Keeper.Owned() {
		if l.Partition%w.Workers == w.number {
			out = append(out, l)
		}
	}
	return out
}

// turn reads what came, and handles it and what is due.
func (w *worker) turn(ctx context.Context, leases []store.Lease) error {
	if err := w.leftovers(ctx, leases); err != nil {
		return err
	}
	partitions := make([]int, len(leases))
	for i, l := range leases {
		partitions[i] = l.Partition
	}
	logs, err := w.Store.Read(ctx, partitions, w.Batch, readBlock)
	if err != nil {
		return err
	}
	now := w.Now()
	var timers map[int][]store.DueTimer
	if !now.Before(w.timersAt) {
		w.timersAt = now.Add(timerEvery)
		if timers, err = w.Store.DueTimers(ctx, partitions, now, timerBatch); err != nil {
			return err
		}
	}
	if err := w.schedules(ctx, leases, now); err != nil {
		return err
	}
	if err := w.sweep(ctx, leases, now); err != nil {
		return err
	}
	var turns []*turn
	for _, l := range leases {
		if len(logs[l.Partition]) > 0 || len(timers[l.Partition]) > 0 {
			turns = append(turns, newTurn(w, l, logs[l.Partition], timers[l.Partition], now))
		}
	}
	if len(turns) == 0 {
		return nil
	}
	return w.handle(ctx, turns)
}

// handle takes turns through lookup, load, step and commit, each one round trip for all of them.
func (w *worker) handle(ctx context.Context, turns []*turn) error {
	if err := w.look(ctx, turns); err != nil {
		return err
	}
	if err := w.load(ctx, turns); err != nil {
		return err
	}
	batches := make([]*store.Batch, len(turns))
	for i, t := range turns {
		if err := t.steps(ctx); err != nil {
			return err
		}
		batches[i] = t.finish()
	}
	// The commit is not cut short by Stop: what became of it would not be known.
	errs := w.Store.Commit(context.WithoutCancel(ctx), batches)
	var failed error
	for i, err := range errs {
		failed = errors.Join(failed, w.committed(ctx, turns[i], err))
	}
	return failed
}

func (w *worker) committed(ctx context.Context, t *turn, err error) error {
	switch {
	case errors.Is(err, store.ErrFenced):
		w.Metrics.Commits.WithLabelValues("fenced").Inc()
		w.Keeper.Lost(t.lease)
		return nil
	case errors.Is(err, store.ErrStale): // it was applied, and its answer lost: the log has moved on
		w.Metrics.Commits.WithLabelValues("stale").Inc()
		delete(w.known, t.lease.Partition) // what it forwards is still on its way
		pause(ctx, pauseAfterErr)
		return nil
	case err != nil:
		w.Metrics.Commits.WithLabelValues("away").Inc()
		delete(w.known, t.lease.Partition) // it may have been applied, with what it forwards
		return err
	}
	w.Metrics.Commits.WithLabelValues("ok").Inc()
	t.report()
	if !t.forwards {
		return nil
	}
	if err := w.forward(context.WithoutCancel(ctx), t.lease); err != nil {
		delete(w.known, t.lease.Partition) // to be gone on with before the next turn
		return err
	}
	return nil
}

// leftovers sends on its way what a former owner of a partition had not.
func (w *worker) leftovers(ctx context.Context, leases []store.Lease) error {
	for _, l := range leases {
		if w.known[l.Partition] == l {
			continue
		}
		if err := w.forward(ctx, l); err != nil {
			return err
		}
		w.known[l.Partition] = l
	}
	return nil
}

// forward takes events to other partitions' logs. A crash in between repeats some; their ids are known there.
func (w *worker) forward(ctx context.Context, l store.Lease) error {
	const most = 256
	for {
		under, err := w.Store.Forwarding(ctx, l.Partition, most)
		if err != nil || len(under) == 0 {
			return err
		}
		var to []int
		var entries []store.LogEntry
		for _, f := range under {
			for _, p := range targets(f.To, w.Store.Partitions()) {
				to, entries = append(to, p), append(entries, f.LogEntry)
			}
		}
		if err := w.Store.Append(ctx, to, entries); err != nil {
			return err
		}
		b := store.NewBatch(l)
		b.Arrived(under[len(under)-1].At)
		if err := w.Store.CommitOne(ctx, b); errors.Is(err, store.ErrFenced) {
			w.Keeper.Lost(l)
			return nil
		} else if err != nil || len(under) < most {
			return err
		}
	}
}

func targets(to, partitions int) []int {
	if to != store.AllPartitions {
		return []int{to}
	}
	all := make([]int, partitions)
	for i := range all {
		all[i] = i
	}
	return all
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
