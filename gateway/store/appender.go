package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

var errClosed = errors.New("the store is closed")

// Bounds of the appender.
const (
	batchEntries   = 256                     // in one pipeline
	batchBytes     = 1 << 20                 // in one pipeline, unless a single entry is larger
	waitingEntries = 16 << 10                // at once; who comes after gets ErrBusy
	waitingBytes   = 64 << 20                // as above
	appendPatience = 2500 * time.Millisecond // for its turn, and as long again for Redis's answer
)

// appender writes what many callers append at the same time together: whatever has come while the last pipeline was
// under way goes with the next, so that nothing waits for company. It keeps one pipeline under way for each master, for
// what comes first must be on the log first, and a master that is gone must not hold up the others.
type appender struct {
	rdb     redis.UniversalClient
	ctx     context.Context // ends with the store
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex
	lanes  map[string]*lane // by master
	held   int              // entries that wait or are under way
	bytes  int              // of those
	closed bool
}

// lane is what waits for one master.
type lane struct {
	queue, spare []item
	running      bool
}

// item is one entry of a call.
type item struct {
	key   string // the log's
	entry LogEntry
	call  *call
}

func (i *item) size() int { return len(i.entry.ID) + len(i.entry.Key) + len(i.entry.Body) }

// call is one caller of Append, who waits until all entries are settled.
type call struct {
	ctx  context.Context
	came time.Time
	left atomic.Int32
	err  atomic.Pointer[error] // the first one
	done chan struct{}
}

func (c *call) settle(err error) {
	if err != nil {
		c.err.CompareAndSwap(nil, &err)
	}
	if c.left.Add(-1) == 0 {
		close(c.done)
	}
}

func newAppender(rdb redis.UniversalClient) *appender {
	a := &appender{rdb: rdb, lanes: map[string]*lane{}}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	return a
}

// Append makes events durable on the logs of their partitions, entry by entry in their order; it returns nil only once
// all of them are in Redis. An error may have come after some of them: appending them again is harmless, as the engine
// drops repeats by their ids. Who stops waiting stops nobody else. It takes at most some seconds, whatever ctx allows.
// ErrBusy, with nothing written, is the answer where there is no room: see AppendAnyway for what must go in all the same.
func (s *Store) Append(ctx context.Context, partitions []int, entries []LogEntry) error {
	if len(entries) == 0 {
		return nil
	}
	if err := s.room(partitions); err != nil {
		return unavailable("appending to the log", err)
	}
	c := &call{ctx: ctx, came: time.Now(), done: make(chan struct{})}
	c.left.Store(int32(len(entries)))
	if err := s.appender.enqueue(c, partitions, entries); err != nil {
		return unavailable("appending to the log", err)
	}
	select {
	case <-c.done:
		if err := c.err.Load(); err != nil {
			return unavailable("appending to the log", *err)
		}
		return nil
	case <-ctx.Done():
		return unavailable("appending to the log", ctx.Err())
	}
}

// AppendAnyway is Append for what makes room, or was taken in before and is on its way from one partition to another: it
// goes in also where there is no room for anything new, in one round trip of its own.
func (s *Store) AppendAnyway(ctx context.Context, partitions []int, entries []LogEntry) error {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for i, e := range entries {
			s.scripts.append.EvalSha(ctx, p, []string{e.stream(partitions[i])}, e.ID, e.Key, e.Body)
		}
	})
	for _, c := range cmds {
		err = firstOf(err, c.Err())
	}
	return unavailable("appending to the log", err)
}

func (a *appender) enqueue(c *call, partitions []int, entries []LogEntry) error {
	items, masters, size := make([]item, len(entries)), make([]string, len(entries)), 0
	for i, e := range entries {
		items[i] = item{e.stream(partitions[i]), e, c}
		masters[i] = master(c.ctx, a.rdb, items[i].key)
		size += items[i].size()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return errClosed
	}
	if a.held > 0 && (a.held+len(entries) > waitingEntries || a.bytes+size > waitingBytes) {
		return errManyWait
	}
	a.held, a.bytes = a.held+len(entries), a.bytes+size
	for i := range items {
		l := a.lane(masters[i])
		l.queue = append(l.queue, items[i])
		if !l.running {
			l.running = true
			a.running.Go(func() { a.run(l) })
		}
	}
	return nil
}

func (a *appender) lane(master string) *lane {
	l := a.lanes[master]
	if l == nil {
		l = &lane{}
		a.lanes[master] = l
	}
	return l
}

// master names the one that keeps a key; there is one only outside a Cluster. Where it cannot be told just now the
// pipeline finds it, or fails.
func master(ctx context.Context, rdb redis.UniversalClient, key string) string {
	cluster, ok := rdb.(*redis.ClusterClient)
	if !ok {
		return ""
	}
	m, err := cluster.MasterForKey(ctx, key)
	if err != nil {
		return ""
	}
	return m.Options().Addr
}

// run writes what waits in a lane, batch by batch, until nothing does.
func (a *appender) run(l *lane) {
	for {
		batch := a.next(l)
		if batch == nil {
			return
		}
		size := 0
		for i := range batch {
			size += batch[i].size()
		}
		a.write(batch)
		n := len(batch)
		clear(batch)
		a.mu.Lock()
		a.held, a.bytes, l.spare = a.held-n, a.bytes-size, batch[:0]
		a.mu.Unlock()
	}
}

// next takes the next batch off a lane; nil, and the lane is at rest, where nothing waits.
func (a *appender) next(l *lane) []item {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(l.queue) == 0 {
		l.running = false
		return nil
	}
	n, size := 1, l.queue[0].size()
	for n < min(len(l.queue), batchEntries) && size+l.queue[n].size() <= batchBytes {
		size += l.queue[n].size()
		n++
	}
	batch, rest := l.queue[:n:n], l.queue[n:]
	if len(rest) == 0 {
		batch, rest, l.spare = l.queue, l.spare, nil
	}
	l.queue = rest
	return batch
}

// write brings a batch to Redis and tells each caller what became of their own entries.
func (a *appender) write(batch []item) {
	ctx, cancel := context.WithTimeout(a.ctx, appendPatience)
	defer cancel()
	began := time.Now()
	p := a.rdb.Pipeline()
	sent := make([]*call, 0, len(batch))
	for i := range batch {
		b := &batch[i]
		if err := b.call.hopeless(began); err != nil {
			b.call.settle(err)
			continue
		}
		_ = p.Process(ctx, redis.NewStringCmd(ctx, "xadd", b.key, "*", "i", b.entry.ID, "k", b.entry.Key, "b", b.entry.Body)) //nolint:errcheck // it only queues
		sent = append(sent, b.call)
	}
	if len(sent) == 0 {
		return
	}
	cmds, err := p.Exec(ctx)
	for i, c := range sent {
		c.settle(outcome(cmds[i], err))
	}
}

// hopeless says why a call's entries need not be written any more: nobody waits for them, or has waited too long.
func (c *call) hopeless(now time.Time) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if now.Sub(c.came) > appendPatience {
		return context.DeadlineExceeded
	}
	return nil
}

// outcome is what became of one command of a pipeline that ended with err. Only the id that Redis gave proves an entry.
func outcome(cmd redis.Cmder, err error) error {
	if cmd.Err() != nil {
		return cmd.Err()
	}
	if s, ok := cmd.(*redis.StringCmd); ok && s.Val() != "" {
		return nil
	}
	return errors.Join(errors.New("redis gave no id"), err)
}

// close fails what still waits. Whoever closes a store has ended those who append to it.
func (a *appender) close() {
	a.mu.Lock()
	a.closed = true
	for _, l := range a.lanes {
		for i := range l.queue {
			l.queue[i].call.settle(errClosed)
		}
		l.queue = nil
	}
	a.mu.Unlock()
	a.cancel()
}
