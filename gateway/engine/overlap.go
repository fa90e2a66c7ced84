package engine

import (
	"context"
	"slices"

	"github.com/hoidap/hoidap/gateway/store"
)

// While there is a backlog, a worker's partitions take turns in two halves: what the one wrote is committed while the
// other is prepared, so that neither Redis nor the processor waits for the other.
const halves = 2

// half is in which half a partition takes its turns.
func (w *worker) half(partition int) int { return partition / w.Workers % halves }

// commit is the commit of one half's turns, under way.
type commit struct {
	half  int
	turns []*turn
	logs  map[int][]store.LogEntry // what they were made of
	errs  chan []error
}

// done can be received from once the commit has ended; nil: there is none.
func (c *commit) done() <-chan []error {
	if c == nil {
		return nil
	}
	return c.errs
}

// workHalves takes a turn for each half of what was read ahead.
func (w *worker) workHalves(ctx context.Context, f found) {
	for half := range halves {
		if w.under != nil && w.under.half == half {
			w.finish(ctx)
		}
		logs := w.next(f.of(func(partition int) bool { return w.half(partition) == half }))
		if len(logs) > 0 && ctx.Err() == nil {
			w.workHalf(ctx, half, logs)
		}
	}
}

// workHalf prepares one half's turns while the other half's are committed, and has them committed. What is due waits for a
// turn of all.
func (w *worker) workHalf(ctx context.Context, half int, logs map[int][]store.LogEntry) {
	turns, batches, err := w.prepareHalf(ctx, half, logs)
	w.finish(ctx)
	if err != nil {
		w.wait(ctx, err)
		w.readUnhandledAnew(logs)
		return
	}
	c := &commit{half, turns, logs, make(chan []error, 1)}
	w.under = c
	// The commit is not cut short by Stop: what became of it would not be known.
	go func() { c.errs <- w.Store.Commit(context.WithoutCancel(ctx), batches) }()
}

func (w *worker) prepareHalf(ctx context.Context, half int, logs map[int][]store.LogEntry) ([]*turn, []*store.Batch, error) {
	leases := slices.DeleteFunc(w.owned(), func(l store.Lease) bool { return w.half(l.Partition) != half })
	if err := w.leftovers(ctx, leases); err != nil {
		return nil, nil, err
	}
	owned := byPartition(leases)
	reports := w.reported(byPartition(w.Keeper.Held()), func(partition int) bool {
		_, ok := owned[partition]
		return ok
	})
	turns, err := w.turnsOf(ctx, leases, logs, reports, nil, w.Now())
	if err != nil {
		for _, rs := range reports {
			w.again(rs, false)
		}
		return nil, nil, err
	}
	batches, err := w.prepare(ctx, turns)
	if err != nil {
		w.putOff(turns)
	}
	return turns, batches, err
}

// finish waits for the commit that is under way.
func (w *worker) finish(ctx context.Context) {
	if w.under != nil {
		w.ended(ctx, <-w.under.errs)
	}
}

// ended sees to what became of the commit that was under way. What its turns left is read once more.
func (w *worker) ended(ctx context.Context, errs []error) {
	c := w.under
	w.under = nil
	err := w.conclude(ctx, c.turns, errs)
	clear(w.rest)
	w.readUnhandledAnew(c.logs)
	if err != nil {
		w.wait(ctx, err)
	}
}
