package engine

import (
	"context"
	"sync"
	"time"

	"github.com/hoidap/hoidap/gateway/store"
)

// Where one look finds a crowd of events, the next one waits a moment for more: what a partition's turn costs by itself is
// shared by the events that it handles, and while so many write nobody is answered at once. Where few write nobody waits.
const (
	crowd     = 8
	gatherFor = 3 * time.Millisecond
)

// found is what one look at the logs found.
type found struct {
	logs  map[int][]store.LogEntry
	from  map[int]string // behind which entry of a log the look began; "" for its head
	ahead bool           // there was more than that: the next look has begun already
	err   error
}

// crowded reports whether so many write that a moment more brings others.
func (f found) crowded() bool { return entriesOf(f.logs) >= crowd }

func entriesOf(logs map[int][]store.LogEntry) (n int) {
	for _, entries := range logs {
		n += len(entries)
	}
	return n
}

// of is the part of f that concerns some of the partitions.
func (f found) of(some func(partition int) bool) found {
	part := found{logs: map[int][]store.LogEntry{}, from: f.from, ahead: f.ahead}
	for partition, entries := range f.logs {
		if some(partition) {
			part.logs[partition] = entries
		}
	}
	return part
}

// places is how far a worker's logs are read, which may be further than they are handled. Two goroutines use it.
type places struct {
	mu sync.Mutex
	of map[int]*place // by partition
}

// place is how far one log is read and handled under a lease: ids of entries; "" is the log's head, from where everything
// is read that a commit has not taken off.
type place struct {
	lease         store.Lease
	read, handled string
}

func newPlaces() places { return places{of: map[int]*place{}} }

// behind is the entries behind which the logs are to be read next.
func (ps *places) behind(leases []store.Lease) []string {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	out := make([]string, len(leases))
	for i, l := range leases {
		if p := ps.of[l.Partition]; p == nil || p.lease != l {
			ps.of[l.Partition] = &place{lease: l}
		}
		out[i] = ps.of[l.Partition].read
	}
	return out
}

// advance notes what was found: the next look begins behind it. Where the log is to be read anew it stays with that.
func (ps *places) advance(f found) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for partition, entries := range f.logs {
		if p := ps.of[partition]; p.read == f.from[partition] {
			p.read = entries[len(entries)-1].At
		}
	}
}

// continues reports whether what was read behind from is what comes next.
func (ps *places) continues(l store.Lease, from string) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p := ps.of[l.Partition]
	return p != nil && p.lease == l && p.handled == from
}

// reached notes that a commit has taken everything up to at off a log.
func (ps *places) reached(l store.Lease, at string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if p := ps.of[l.Partition]; p != nil && p.lease == l {
		p.handled = at
	}
}

// anew has a log read from its head, unless everything up to at is handled.
func (ps *places) anew(partition int, at string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if p := ps.of[partition]; p != nil && (at == "" || p.handled != at) {
		p.read, p.handled = "", ""
	}
}

// read waits for what comes to the logs. It reads ahead of the turns only where more lies there than one turn takes: what
// comes one by one is better read together once the turn before is over.
func (w *worker) read(ctx context.Context) {
	for ctx.Err() == nil {
		changed := w.Keeper.Changed()
		leases := w.owned()
		if len(leases) == 0 {
			select {
			case <-ctx.Done():
			case <-changed:
			}
			continue
		}
		f := w.lookAtLogs(ctx, leases)
		if len(f.logs) == 0 && f.err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case w.found <- f:
		}
		if f.ahead {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-w.more:
		}
		if f.crowded() {
			pause(ctx, gatherFor)
		}
	}
}

func (w *worker) lookAtLogs(ctx context.Context, leases []store.Lease) found {
	behind := w.places.behind(leases)
	logs, err := w.Store.Read(ctx, partitionsOf(leases), behind, w.Batch, readBlock)
	f := found{logs: logs, from: map[int]string{}, err: err}
	for i, l := range leases {
		f.from[l.Partition] = behind[i]
		f.ahead = f.ahead || len(logs[l.Partition]) == w.Batch
	}
	w.places.advance(f)
	return f
}

// next is what of f comes next on the logs. The rest was read before the log was found to be read anew.
func (w *worker) next(f found) map[int][]store.LogEntry {
	owned := byPartition(w.owned())
	for partition := range f.logs {
		if l, ok := owned[partition]; !ok || !w.places.continues(l, f.from[partition]) {
			delete(f.logs, partition)
			w.places.anew(partition, "")
		}
	}
	return f.logs
}

// took notes what a turn has taken off the log, and what it left for a turn of its own.
func (w *worker) took(t *turn) {
	if t.reached != "" {
		w.places.reached(t.lease, t.reached)
	}
	if len(t.rest) > 0 {
		w.rest[t.lease.Partition] = t.rest
	}
}

// left is what the last turn left of what was read.
func (w *worker) left() map[int][]store.LogEntry {
	logs := w.rest
	w.rest = map[int][]store.LogEntry{}
	return logs
}

// readUnhandledAnew has the logs read anew of which a turn has handled less than it was given.
func (w *worker) readUnhandledAnew(logs map[int][]store.LogEntry) {
	for partition, entries := range logs {
		if len(w.rest[partition]) == 0 {
			w.places.anew(partition, entries[len(entries)-1].At)
		}
	}
}
