package store

// WaitingEntries is how many entries may wait at once.
const WaitingEntries = waitingEntries

// Held is how many entries wait or are under way.
func Held(s *Store) int {
	s.appender.mu.Lock()
	defer s.appender.mu.Unlock()
	return s.appender.held
}

// UnderWay is how many of them wait no longer.
func UnderWay(s *Store) int {
	n := Held(s)
	s.appender.mu.Lock()
	defer s.appender.mu.Unlock()
	for _, l := range s.appender.lanes {
		n -= len(l.queue)
	}
	return n
}

// Judge is what Open says to a node that answers INFO so.
func Judge(info string, first bool) (refusals []error, warnings []string) {
	told := fields(info)
	return node{addr: "it", version: told["redis_version"], policy: told["maxmemory_policy"], aof: told["aof_enabled"]}.judge(first)
}

// Bounds of what is taken in.
const (
	LogMost   = logMost
	LookEvery = lookEvery
)

// Room is for how many keys and commands a batch has memory.
func Room(b *Batch) int { return max(cap(b.keys), cap(b.writes.list)) }

// BatchKept bounds that of the next batch.
const BatchKept = batchKept
