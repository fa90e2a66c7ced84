package store

import (
	"slices"
	"sync"
	"time"
)

// expireAgain is how old the order to expire may be before a key that goes on being written gets it again: a failover may have lost the
// one, and kept what was written afterwards.
const expireAgain = time.Hour

// expiry is of a key of a week's, which expires as a whole some time after it was begun, and is written again and again until then.
type expiry struct {
	key   string
	after time.Duration
	now   time.Time
}

// expire has a key expire that the batch writes.
func (b *Batch) expire(key string, after time.Duration, now time.Time) {
	if !slices.ContainsFunc(b.expiries, func(e expiry) bool { return e.key == key }) {
		b.expiries = append(b.expiries, expiry{key, after, now})
	}
}

// expiries are the keys that were told lately to expire: telling them with each write would cost Redis as much as the write.
type expiries struct {
	mu   sync.Mutex
	told map[string]time.Time
}

// write puts into a batch what its keys are to be told.
func (e *expiries) write(b *Batch) {
	e.mu.Lock()
	defer e.mu.Unlock()
	b.expiries = slices.DeleteFunc(b.expiries, func(x expiry) bool {
		at, told := e.told[x.key]
		return told && x.now.Sub(at).Abs() < expireAgain
	})
	for _, x := range b.expiries {
		b.write(cmdPEXPIRE, x.key, x.after.Milliseconds())
	}
}

// wrote notes what a batch that was applied has told its keys, and forgets what it need not know any more.
func (e *expiries) wrote(b *Batch) {
	if len(b.expiries) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.told == nil {
		e.told = map[string]time.Time{}
	}
	for _, x := range b.expiries {
		e.told[x.key] = x.now
	}
	latest := b.expiries[len(b.expiries)-1].now
	for key, at := range e.told {
		if latest.Sub(at) > expireAgain {
			delete(e.told, key)
		}
	}
}
