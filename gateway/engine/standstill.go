package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hoidap/hoidap/gateway/store"
)

// standFor is how long a partition stands still before it is looked at again.
const standFor = 5 * time.Second

// standstill is the partitions where a key holds something else than hoidap keeps there. Nothing is done in them, so that the
// worker's others go on, and so that a commit that was applied half-way is not made again and again.
type standstill struct {
	mu sync.Mutex
	of map[int]stopped
}

// stopped is why a partition stands still, and until when.
type stopped struct {
	why   *store.Misplaced
	until time.Time
}

// stand has a partition stand still where that is what err says.
func (w *worker) stand(err error) bool {
	why, ok := errors.AsType[*store.Misplaced](err)
	if !ok || why.Partition == store.Shared {
		return false
	}
	w.Store.Remember(why)
	w.Log.Error("a partition stands still: Redis holds something else under a key of its own; the others go on", "partition", why.Partition, "error", why)
	w.still.mu.Lock()
	defer w.still.mu.Unlock()
	w.still.of[why.Partition] = stopped{why, w.Now().Add(standFor)}
	w.places.anew(why.Partition, "")
	return true
}

// goOn lets partitions go on whose keys are mended. What only reading met is found out by reading.
func (w *worker) goOn(ctx context.Context) {
	for partition, s := range w.stopped() {
		if w.Now().Before(s.until) {
			continue
		}
		mended := !s.why.Half
		if s.why.Half {
			ok, err := w.Store.Mended(ctx, s.why)
			mended = ok && err == nil
		}
		w.still.mu.Lock()
		if mended {
			delete(w.still.of, partition)
			w.Log.Info("a partition that stood still goes on", "partition", partition)
		} else {
			w.still.of[partition] = stopped{s.why, w.Now().Add(standFor)}
		}
		w.still.mu.Unlock()
	}
}

func (w *worker) stopped() map[int]stopped {
	w.still.mu.Lock()
	defer w.still.mu.Unlock()
	all := make(map[int]stopped, len(w.still.of))
	for partition, s := range w.still.of {
		all[partition] = s
	}
	return all
}

// stands reports whether a partition stands still.
func (w *worker) stands(partition int) bool {
	w.still.mu.Lock()
	defer w.still.mu.Unlock()
	_, stands := w.still.of[partition]
	return stands
}

// reportWait is how long reports are collected. Those of a partition that stands still come back at once, again and again.
func (w *worker) reportWait() time.Duration {
	w.still.mu.Lock()
	defer w.still.mu.Unlock()
	if len(w.still.of) > 0 {
		return timerEvery
	}
	return reportWait
}

// owned is the leases that this worker works under: of those that it sees to, the ones that do not stand still.
func (w *worker) owned() []store.Lease {
	all := w.mine(w.Keeper.Owned())
	out := all[:0]
	for _, l := range all {
		if !w.stands(l.Partition) {
			out = append(out, l)
		}
	}
	return out
}
