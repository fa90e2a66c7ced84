package engine

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hoidap/hoidap/gateway/store"
)

// How a worker sees to its bulk logs.
const (
	bulkEvery = 50 * time.Millisecond // how often it looks at them while nothing is there
	bulkCalm  = 2                     // partitions whose slices share a turn while nobody writes
	sliceBusy = 20                    // contacts of a slice while people write
	busyFor   = time.Second           // after somebody wrote
	restMost  = time.Second           // between two turns with bulk while people write
)

// bulkHead is the first entry of a partition's bulk log.
type bulkHead struct {
	partition int
	entry     store.LogEntry
}

// bulk is what a worker knows of its bulk logs. A turn takes few of the entries that one look found; nobody else takes
// them, so that they need not be looked for again.
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
		firsts, err := w.Store.BulkHeads(ctx, partitionsOf(w.owned()))
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

// fan decides who may fan out now. While people write, one worker of a replica at a time does, in small slices, so that
// those who write find the processor and Redis free; while nobody does, all do.
type fan struct {
	heard  atomic.Int64  // when somebody last wrote, in ms
	fanned atomic.Int64  // when a slice was last handled that was not a run's last, in ms
	single chan struct{} // holds the turn of the one
	all    chan struct{} // closed
}

func newFan() *fan {
	f := &fan{single: make(chan struct{}, 1), all: make(chan struct{})}
	f.single <- struct{}{}
	close(f.all)
	return f
}

// passOn gives the turn of the one back that began then, after as long a rest as it took: half of the time belongs to those
// who write. A turn that waited for a Redis that hung asks for no rest as long as that.
func (f *fan) passOn(began time.Time) {
	time.AfterFunc(min(time.Since(began), restMost), func() { f.single <- struct{}{} })
}

// busy reports whether people write.
func (w *worker) busy() bool { return w.fan.busy(w.Now()) }

func (f *fan) busy(now time.Time) bool {
	return now.UnixMilli()-f.heard.Load() < busyFor.Milliseconds()
}

// bulkTurn can be received from once the worker may take a turn with bulk; nil: there is none.
func (w *worker) bulkTurn(busy bool) <-chan struct{} {
	switch {
	case len(w.bulk.heads) == 0:
		return nil
	case busy:
		return w.fan.single
	}
	return w.fan.all
}

// workBulk takes a turn with the next entries of the bulk logs, after what was written meanwhile.
func (w *worker) workBulk(ctx context.Context, busy bool) {
	n := bulkCalm
	w.slice = w.Slice
	if busy {
		n, w.slice = 1, min(sliceBusy, w.Slice)
		defer w.fan.passOn(time.Now())
	}
	select {
	case f := <-w.found:
		w.workRead(ctx, f)
	default:
	}
	logs := map[int][]store.LogEntry{}
	for _, h := range w.bulk.heads[:min(n, len(w.bulk.heads))] {
		logs[h.partition] = []store.LogEntry{h.entry}
	}
	w.bulk.heads = w.bulk.heads[len(logs):]
	w.work(ctx, logs)
	if len(w.bulk.heads) == 0 {
		w.bulk.seen(ctx)
	}
}

// seen has the logs looked at again once everything that was found has had its turn.
func (b *bulk) seen(ctx context.Context) {
	select {
	case <-ctx.Done():
	case b.more <- struct{}{}:
	}
}
