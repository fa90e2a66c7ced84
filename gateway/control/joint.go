package control

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// To look through all contacts may take a minute. So whoever wants to know the same shares one look, and one that a page asks
// for goes on when the page is left: whoever comes back finds what came of it.

// workers are the looks under way. They end with the service. The zero value has none.
type workers struct {
	mu     sync.Mutex
	ctx    context.Context // of all of them; made with the first
	cancel context.CancelFunc
	all    sync.WaitGroup
}

// begin starts work with a context of its own.
func (w *workers) begin(work func(ctx context.Context)) context.CancelFunc {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ctx == nil {
		w.ctx, w.cancel = context.WithCancel(context.Background())
	}
	ctx, cancel := context.WithCancel(w.ctx)
	w.all.Go(func() {
		defer cancel()
		work(ctx)
	})
	return cancel
}

// stop ends them all and waits; what begins later ends at once.
func (w *workers) stop() {
	w.mu.Lock()
	if w.ctx == nil {
		w.ctx, w.cancel = context.WithCancel(context.Background())
	}
	w.cancel()
	w.mu.Unlock()
	w.all.Wait()
}

// Stop ends the looks under way, and waits for them.
func (s *Service) Stop() { s.workers.stop() }

// stayMost is how many looks of a kind go on at a time while nobody follows them. Beyond it, the one that began first ends.
const stayMost = 8

// joint are looks of a kind under way, by what they look for. The zero value has none.
type joint[K comparable, T any] struct {
	mu sync.Mutex
	by map[K]*jointLook[T]
}

// jointLook is a look that somebody follows, or that stays. What it tells is read by many and changed by nobody.
type jointLook[T any] struct {
	began     time.Time
	cancel    context.CancelFunc
	followers int
	stays     bool

	so      T
	before  T    // what it told last, before it ended
	told    bool // it has told something
	done    bool
	err     error
	changed chan struct{} // closed when any of these change
}

// looking says how a look is joined.
type looking[K comparable] struct {
	of    K
	now   time.Time
	late  bool // one that is under way will do, whenever it began
	stays bool // it goes on while nobody follows it
}

// join finds the look that is meant, or begins it. Whoever joins must leave.
func (j *joint[K, T]) join(w *workers, l looking[K], work func(ctx context.Context, tell func(T)) (T, error)) *jointLook[T] {
	j.mu.Lock()
	defer j.mu.Unlock()
	x := j.by[l.of]
	if x == nil || !l.late && l.now.After(x.began) {
		j.replace(x)
		x = &jointLook[T]{began: l.now, changed: make(chan struct{})}
		if j.by == nil {
			j.by = map[K]*jointLook[T]{}
		}
		j.by[l.of] = x
		x.cancel = w.begin(func(ctx context.Context) {
			so, err := survived(func() (T, error) { return work(ctx, func(so T) { j.tell(x, so) }) })
			j.end(l.of, x, so, err)
		})
	}
	x.followers++
	if l.stays && !x.stays {
		x.stays = true
		j.bound()
	}
	return x
}

// survived is what a look comes to. It reads what everybody ever wrote: what no reader was made for must not take the gateway down,
// again and again, whenever somebody opens the page.
func survived[T any](look func() (T, error)) (so T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the look panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return look()
}

// bound lets the look end that began first of those that stay, where there are too many.
func (j *joint[K, T]) bound() {
	var staying []*jointLook[T]
	for _, x := range j.by {
		if x.stays {
			staying = append(staying, x)
		}
	}
	if len(staying) <= stayMost {
		return
	}
	j.replace(slices.MinFunc(staying, func(a, b *jointLook[T]) int { return a.began.Compare(b.began) }))
}

func (j *joint[K, T]) tell(x *jointLook[T], so T) {
	j.mu.Lock()
	defer j.mu.Unlock()
	x.so, x.before, x.told = so, so, true
	x.ring()
}

// end tells what came of a look; whoever comes from now on begins another.
func (j *joint[K, T]) end(of K, x *jointLook[T], so T, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	x.so, x.done, x.err = so, true, err
	x.ring()
	if j.by[of] == x {
		delete(j.by, of)
	}
}

// ring rouses those who follow.
func (x *jointLook[T]) ring() {
	close(x.changed)
	x.changed = make(chan struct{})
}

// replace lets a look go on, whose place another takes, only for those who follow it.
func (j *joint[K, T]) replace(x *jointLook[T]) {
	if x == nil {
		return
	}
	if x.stays = false; x.followers == 0 {
		x.cancel()
		maps.DeleteFunc(j.by, func(_ K, y *jointLook[T]) bool { return y == x })
	}
}

// leave ends a look that nobody follows any more, unless it stays.
func (j *joint[K, T]) leave(of K, x *jointLook[T]) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if x.followers--; x.followers > 0 || x.stays {
		return
	}
	x.cancel()
	if j.by[of] == x {
		delete(j.by, of) // whoever comes now begins another
	}
}

// now is what the look has told, and when it will have more to tell.
func (j *joint[K, T]) now(x *jointLook[T]) (now jointLook[T]) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return *x
}

// follow tells what the look tells until it or ctx ends: at least once, where it has told anything.
func (j *joint[K, T]) follow(ctx context.Context, x *jointLook[T], tell func(T)) (T, error) {
	heard := tell == nil
	for {
		now := j.now(x)
		if now.told && tell != nil && (!now.done || !heard) {
			tell(now.before)
			heard = true
		}
		if now.done {
			return now.so, now.err
		}
		select {
		case <-ctx.Done():
			return now.so, ctx.Err()
		case <-now.changed:
		}
	}
}
