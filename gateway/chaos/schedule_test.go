package chaos_test

import (
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/chaos"
)

func first(n int, all iter.Seq[chaos.Fault]) (out []chaos.Fault) {
	for f := range all {
		if out = append(out, f); len(out) == n {
			break
		}
	}
	return out
}

func everything(chaos.Kind) bool { return true }

func TestTheScheduleIsAFunctionOfTheSeed(t *testing.T) {
	t.Parallel()
	one, same, other := first(500, chaos.Schedule(7, 3, everything)), first(500, chaos.Schedule(7, 3, everything)), first(500, chaos.Schedule(8, 3, everything))
	if !slices.Equal(one, same) {
		t.Error("the same seed made two schedules")
	}
	if slices.Equal(one, other) {
		t.Error("two seeds made the same schedule")
	}
}

func TestTheScheduleHasEveryFaultAndMostlyKills(t *testing.T) {
	t.Parallel()
	seen, kills := map[chaos.Kind]int{}, 0
	var takes time.Duration
	for _, f := range first(2000, chaos.Schedule(1, 3, everything)) {
		seen[f.Kind]++
		takes += f.After
		switch f.Kind {
		case chaos.KillGateway, chaos.KillRedis:
			kills++
		case chaos.KillAll:
			kills += 3
		}
		if f.Target < 0 || f.Target > 2 || f.After <= 0 || f.Share <= 0 || f.Share > 1 {
			t.Fatalf("%+v", f)
		}
	}
	if len(seen) != 20 {
		t.Errorf("%d kinds: %v", len(seen), seen)
	}
	if kills < 1000 || takes > 2000*2*time.Second {
		t.Errorf("%d kills in %s", kills, takes)
	}
}

func TestTheScheduleLeavesOutWhatCannotBePlayed(t *testing.T) {
	t.Parallel()
	for _, f := range first(500, chaos.Schedule(1, 2, func(k chaos.Kind) bool { return k != chaos.KillRedis })) {
		if f.Kind == chaos.KillRedis {
			t.Fatal("a fault that cannot be played")
		}
	}
}
