package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// profile begins to take profiles of the gateway, of its CPU and of what it has allocated by then, and returns what waits
// until they are written. It does nothing but in the round that is played for it, which does not count: a profiled program
// is a slower one.
func (b *bench) profile(ctx context.Context, o *ours, name string, d time.Duration) (wait func()) {
	if !b.profiling {
		return func() {}
	}
	var taking sync.WaitGroup
	taking.Go(func() {
		b.keepProfile(ctx, o, fmt.Sprintf("profile?seconds=%d", max(1, int(d.Seconds()))), name+".pprof")
		b.keepProfile(ctx, o, "allocs", name+".allocs.pprof")
	})
	return taking.Wait
}

func (b *bench) keepProfile(ctx context.Context, o *ours, what, name string) {
	file := filepath.Join(b.profiles, name)
	raw, err := get(ctx, fmt.Sprintf("http://%s/debug/pprof/%s", o.debug, what))
	if err == nil {
		err = os.WriteFile(file, []byte(raw), 0o644)
	}
	if err != nil {
		b.say("  no profile of %s: %v", name, err)
		return
	}
	b.say("  profile: go tool pprof -top %s", file)
}

// profiled plays one more round, for profiles alone.
func (b *bench) profiled(ctx context.Context, round func(ctx context.Context, first bool) error) error {
	if b.profiles == "" {
		return nil
	}
	counted := make([]int, len(b.rows))
	for i, r := range b.rows {
		counted[i] = len(r.Rounds)
	}
	b.profiling = true
	err := round(ctx, true)
	b.profiling = false
	for i, r := range b.rows {
		r.Rounds = r.Rounds[:counted[i]]
	}
	return err
}
