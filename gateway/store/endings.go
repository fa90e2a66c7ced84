package store

import (
	"slices"
	"sync"
	"time"
)

// endsAnew is how old the order to expire may be before a key that goes on being written gets it again: a failover may have lost the
// one, and kept what was written afterwards.
const endsAnew = time.Hour

// ending is a key of a week's, which expires as a whole some time after it was begun, and is written again and again until then.
type ending struct {
	key   string
	after time.Duration
	now   time.Time
}

// end has a key expire that the batch writes.
func (b *Batch) end(key string, after time.Duration, now time.Time) {
	if !slices.ContainsFunc(b.ends, func(e ending) bool { return e.key == key }) {
		b.ends = append(b.ends, ending{key, after, now})
	}
}

// endings are the keys that were told lately to expire: telling them with each write would cost Redis as much as the write.
type endings struct {
	mu   sync.Mutex
	told map[string]time.Time
}

// write puts into a batch what its keys are to be told.
func (e *endings) write(b *Batch) {
	e.mu.Lock()
	defer e.mu.Unlock()
	b.ends = slices.DeleteFunc(b.ends, func(x ending) bool {
		at, told := e.told[x.key]
		return told && x.now.Sub(at).Abs() < endsAnew
	})
	for _, x := range b.ends {
		b.write(cmdPEXPIRE, x.key, x.after.Milliseconds())
	}
}

// wrote notes what a batch that was applied has told its keys, and forgets what it need not know any more.
func (e *endings) wrote(b *Batch) {
	if len(b.ends) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.told == nil {
		e.told = map[string]time.Time{}
	}
	for _, x := range b.ends {
		e.told[x.key] = x.now
	}
	latest := b.ends[len(b.ends)-1].now
	for key, at := range e.told {
		if latest.Sub(at) > endsAnew {
			delete(e.told, key)
		}
	}
}
