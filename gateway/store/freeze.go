package store

import (
	"context"
	"strconv"
	"time"
)

// frozenKey is there while sending is stopped, everywhere. Its name is that of the channel that tells of changes, too.
const frozenKey = "{hoidap}:frozen"

// lookTimeout bounds one look, so that a Redis that hangs does not keep a replica from stopping.
const lookTimeout = time.Second

// Freeze says whether sending is stopped, and who stopped it, why and since when.
type Freeze struct {
	Frozen     bool
	By, Reason string
	At         time.Time
}

// Freeze stops sending. Where it is stopped already, that stop stands and is returned.
func (s *Store) Freeze(ctx context.Context, by, reason string, at time.Time) (Freeze, error) {
	v, err := s.scripts.freeze.Run(ctx, s.rdb, []string{frozenKey}, by, reason, at.UnixMilli()).StringSlice()
	if err != nil {
		return Freeze{}, unavailable("stopping to send", err)
	}
	s.tellFreeze(ctx)
	now := make(map[string]string, len(v)/2)
	for i := 0; i+1 < len(v); i += 2 {
		now[v[i]] = v[i+1]
	}
	return freezeOf(now), nil
}

// Thaw lets sending go on; was says what it ended.
func (s *Store) Thaw(ctx context.Context) (was Freeze, err error) {
	p := s.rdb.TxPipeline()
	before := p.HGetAll(ctx, frozenKey)
	p.Del(ctx, frozenKey)
	if err := exec(ctx, p, "resuming to send"); err != nil {
		return Freeze{}, err
	}
	s.tellFreeze(ctx)
	return freezeOf(before.Val()), nil
}

// Frozen reads whether sending is stopped.
func (s *Store) Frozen(ctx context.Context) (Freeze, error) {
	v, err := s.rdb.HGetAll(ctx, frozenKey).Result()
	if err != nil {
		return Freeze{}, unavailable("reading whether sending is stopped", err)
	}
	return freezeOf(v), nil
}

// tellFreeze lets every replica look at once. That it is heard is a convenience: they look by themselves too.
func (s *Store) tellFreeze(ctx context.Context) {
	s.rdb.Publish(ctx, frozenKey, "") //nolint:errcheck // as above
}

// WatchFreeze tells what Frozen reads, whenever somebody changed it and at least every so often, until ctx ends.
func (s *Store) WatchFreeze(ctx context.Context, every time.Duration, tell func(Freeze, error)) {
	s.watch(ctx, frozenKey, every, func(ctx context.Context) func() {
		f, err := s.Frozen(ctx)
		return func() { tell(f, err) }
	})
}

func freezeOf(v map[string]string) Freeze {
	if len(v) == 0 {
		return Freeze{}
	}
	ms, _ := strconv.ParseInt(v["at"], 10, 64)
	return Freeze{Frozen: true, By: v["by"], Reason: v["reason"], At: time.UnixMilli(ms)}
}
