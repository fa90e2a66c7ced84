package engine

import (
	"context"
	"slices"
	"time"

	"github.com/hoidap/hoidap/gateway/store"
)

// How a worker sees to its bulk logs.
const (
	bulkEvery = 50 * time.Millisecond // how often it looks at them while nothing is there
	bulkAlone = 2                     // partitions whose slices share a turn, where nobody who wrote waits in it
)

// bulkHead is the first entry of a partition's bulk log.
type bulkHead struct {
	partition int
	entry     store.LogEntry
}

// bulk is what a worker knows of its bulk logs. A turn takes few of the entries that one look found, so that nobody who
// wrote waits behind many slices of a fan-out; nobody else takes them, so that they need not be looked for again.
type bulk struct {
	found chan []bulkHead // from the goroutine that looks
	more  chan struct{}   // to it: what it found has been seen to
	bell  chan struct{}   // to it: something was put there
	heads []bulkHead
}

func newBulk() bulk {
	return bulk{found: make(chan []bulkHead), more: make(chan struct{}), bell: make(chan struct{}, 1)}
}

// ring has the bulk logs looked at soon.
func (b *bulk) ring() {
	select {
	case b.bell <- struct{}{}:
	default:
	}
}

// lookForBulk looks at the bulk logs, often while there is something.
func (w *worker) lookForBulk(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.bulk.bell:
		case <-pause.C:
		}
		pause.Reset(bulkEvery)
		firsts, err := w.Store.BulkHeads(ctx, partitionsOf(w.mine(w.Keeper.Owned())))
		if err != nil || len(firsts) == 0 {
			continue // that Redis is away is told where the logs are read
		}
		heads := make([]bulkHead, 0, len(firsts))
		for p, e := range firsts {
			heads = append(heads, bulkHead{p, e})
		}
		slices.SortFunc(heads, func(a, b bulkHead) int { return a.partition - b.partition })
		select {
		case <-ctx.Done():
			return
		case w.bulk.found <- heads:
		}
		select {
		case <-ctx.Done():
			return
		case <-w.bulk.more:
			pause.Reset(0)
		}
	}
}

// take removes the entries that have their turn now.
func (b *bulk) take(n int) []bulkHead {
	n = min(n, len(b.heads))
	taken := b.heads[:n]
	b.heads = b.heads[n:]
	return taken
}

// seen has the logs looked at again once everything that was found has had its turn.
func (b *bulk) seen(ctx context.Context) {
	select {
	case <-ctx.Done():
	case b.more <- struct{}{}:
	}
}
