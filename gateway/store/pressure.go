package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Bounds of what is taken in.
const (
	// intakeMost is how full Redis may be while events are taken in. The rest is for what follows from those that were:
	// answers, ledgers, and what an append-only file being rewritten takes.
	intakeMost = 0.93
	// logMost is how long a partition's log may be. With 64 partitions that is a million events, some 400 MB of Redis and
	// minutes of work: who asks for more is told to come again, also where Redis has no bound of its own.
	logMost = 16 << 10
	// lookEvery is how old may be what is known of either.
	lookEvery = 500 * time.Millisecond
)

// ErrBusy means that there is no room for more events just now: nothing was written. It comes with ErrUnavailable.
var ErrBusy = errors.New("no room for more events")

var (
	errManyWait = fmt.Errorf("%w: too many wait for redis already", ErrBusy)
	errFull     = fmt.Errorf("%w: redis's memory is nearly full; it opens again as what waits is handled, or when maxmemory is raised", ErrBusy)
	errLongLog  = fmt.Errorf("%w: too many wait on the partition's log; it opens again as they are handled", ErrBusy)
)

// pressure is how much room there was at the last look. One goroutine looks; who takes events in only reads.
type pressure struct {
	full      atomic.Uint64 // a float64: used memory as a part of the limit
	unbounded atomic.Bool   // a Redis has no limit
	long      []atomic.Bool // by partition: its log is too long

	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// beginLooking looks once, and then again and again until the store is closed.
func (s *Store) beginLooking(ctx context.Context) {
	s.look(ctx)
	ctx, s.pressure.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.pressure.ended.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				s.look(ctx)
			}
		}
	})
}

// endLooking has it end.
func (p *pressure) endLooking() {
	if p.cancel != nil {
		p.cancel()
	}
}

// look renews what is known. Where Redis does not answer the last look stands.
func (s *Store) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	if m, err := s.memory(ctx); err == nil {
		s.pressure.full.Store(math.Float64bits(m.full))
		s.pressure.unbounded.Store(m.unbounded)
	}
	s.forgetMended(ctx)
	pipe := s.rdb.Pipeline()
	lengths := make([]*redis.IntCmd, s.partitions)
	for p := range lengths {
		lengths[p] = pipe.XLen(ctx, logKey(p))
	}
	pipe.Exec(ctx) //nolint:errcheck // each command has its own error
	for p, n := range lengths {
		if n.Err() == nil {
			s.pressure.long[p].Store(n.Val() >= logMost)
		}
	}
}

// Pressure is how full Redis was within the last second or so: its used memory as a part of maxmemory, 1 where it begins
// to refuse, of a Cluster that of the fullest master. 0 means that it has no limit, or does not say.
func (s *Store) Pressure() float64 { return math.Float64frombits(s.pressure.full.Load()) }

// Unbounded reports whether Redis, or a master of a Cluster, has no limit of its memory (maxmemory 0): Pressure says
// nothing then, and nothing is refused before the machine's memory ends.
func (s *Store) Unbounded() bool { return s.pressure.unbounded.Load() }

// Notice is what whoever looks after Redis should know of its memory, in a line; "" where all is well.
func (s *Store) Notice() string {
	switch {
	case s.Pressure() >= intakeMost:
		return fmt.Sprintf("redis's memory is %.0f%% full: webhooks get 503 until what waits is handled, or maxmemory is raised", 100*s.Pressure())
	case s.lagging() > 0:
		return fmt.Sprintf("%d of %d partitions lag: webhooks for them get 503 until their logs are shorter", s.lagging(), s.partitions)
	case s.Unbounded():
		return "redis has no bound of its memory: set maxmemory below what its machine has free"
	}
	return ""
}

// lagging is how many partitions have a log that is too long.
func (s *Store) lagging() (n int) {
	for p := range s.pressure.long {
		if s.pressure.long[p].Load() {
			n++
		}
	}
	return n
}

// room is nil where events for partitions may be taken in.
func (s *Store) room(partitions []int) error {
	if s.Pressure() >= intakeMost {
		return errFull
	}
	for _, p := range partitions {
		if s.pressure.long[p].Load() {
			return errLongLog
		}
	}
	return nil
}

// memory is what one look at the masters' memory found.
type memory struct {
	full      float64 // of the fullest
	unbounded bool
}

func (s *Store) memory(ctx context.Context) (memory, error) {
	var mu sync.Mutex
	var all memory
	err := s.eachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		one, err := memoryOf(ctx, c)
		mu.Lock()
		defer mu.Unlock()
		all = memory{max(all.full, one.full), all.unbounded || one.unbounded}
		return err
	})
	return all, err
}

func memoryOf(ctx context.Context, c redis.Cmdable) (memory, error) {
	info, err := c.Info(ctx, "memory").Result()
	if err != nil {
		if _, said := err.(redis.Error); said { //nolint:errorlint // as the client gives it
			return memory{}, nil // not every Redis has this section
		}
		return memory{}, err
	}
	return memoryIn(info), nil
}

// memoryIn reads the memory section of INFO.
func memoryIn(info string) memory {
	var used, limit float64
	told := false
	for lines := bufio.NewScanner(strings.NewReader(info)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		switch name {
		case "used_memory":
			used, _ = strconv.ParseFloat(value, 64)
		case "maxmemory":
			limit, _ = strconv.ParseFloat(value, 64)
			told = true
		}
	}
	if limit <= 0 {
		return memory{unbounded: told}
	}
	return memory{full: used / limit}
}
