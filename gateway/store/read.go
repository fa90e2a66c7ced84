package store

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// How often the streams of a cluster are looked at while nothing comes: often after something came, then ever less.
const (
	lookSoon = 2 * time.Millisecond
	lookLate = 20 * time.Millisecond
)

// atOnce instead of how long to wait means not at all.
const atOnce = -1

// stream is a stream to be read behind an entry; "" is its head.
type stream struct{ key, behind string }

// readStreams waits up to block for entries of streams, at most n each, and returns as soon as there is
// anything. It does not move anything. Keys may lie in any slots: on a single Redis one call waits for all of them; a
// cluster cannot do that over several slots, so there they are looked at again and again. Where ctx ends it returns
// nothing and no error. Where some nodes of a cluster do not answer and others have entries, those are returned: the
// rest is read next time.
func (s *Store) readStreams(ctx context.Context, streams []stream, n int, block time.Duration) (map[string][]redis.XMessage, error) {
	if len(streams) == 0 {
		return nil, nil
	}
	read := s.blockOn
	if s.cluster {
		read = s.poll
	}
	found, err := read(ctx, streams, n, block)
	if err != nil && ctx.Err() != nil {
		return nil, nil
	}
	if wrongType(err) {
		expected := make(map[string]string, len(streams))
		for _, st := range streams {
			expected[st.key] = "stream"
		}
		if m, ok := errors.AsType[*Misplaced](s.misplaced(ctx, err, expected)); ok {
			return nil, m
		}
	}
	return found, unavailable("reading the log", err)
}

// blockOn is one XREAD that waits in Redis. An end of ctx without a deadline is noticed after block only.
func (s *Store) blockOn(ctx context.Context, streams []stream, n int, block time.Duration) (map[string][]redis.XMessage, error) {
	names := make([]string, 2*len(streams))
	for i, st := range streams {
		names[i], names[len(streams)+i] = st.key, cmp.Or(st.behind, "0")
	}
	found, err := s.readers.XRead(ctx, &redis.XReadArgs{Streams: names, Count: int64(n), Block: block}).Result()
	if err != nil && !isNil(err) {
		return nil, err
	}
	out := make(map[string][]redis.XMessage, len(found))
	for _, st := range found {
		out[st.Stream] = st.Messages
	}
	return out, nil
}

// poll looks at the heads, at least once, until there is something, block is over or ctx ends.
func (s *Store) poll(ctx context.Context, streams []stream, n int, block time.Duration) (map[string][]redis.XMessage, error) {
	end := time.NewTimer(max(block, 0))
	defer end.Stop()
	look := time.NewTimer(0)
	defer look.Stop()
	wait := lookSoon
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-look.C:
		}
		found, err := s.heads(ctx, streams, n)
		if len(found) > 0 {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		select {
		case <-end.C:
			return nil, nil
		default:
		}
		look.Reset(wait)
		wait = min(2*wait, lookLate)
	}
}

// heads reads the next n entries of each stream, in a pipeline that go-redis splits by node. What was found is returned
// beside the errors of those that did not answer.
func (s *Store) heads(ctx context.Context, streams []stream, n int) (map[string][]redis.XMessage, error) {
	p := s.readers.Pipeline()
	cmds := make([]*redis.XMessageSliceCmd, len(streams))
	for i, st := range streams {
		from := "-"
		if st.behind != "" {
			from = "(" + st.behind
		}
		cmds[i] = p.XRangeN(ctx, st.key, from, "+", int64(n))
	}
	p.Exec(ctx) //nolint:errcheck // each command has its own error
	out := make(map[string][]redis.XMessage, len(streams))
	var failed error // one of them tells the cause
	for i, c := range cmds {
		switch ms, err := c.Result(); {
		case err != nil:
			failed = err
		case len(ms) > 0:
			out[streams[i].key] = ms
		}
	}
	return out, failed
}
