package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// What a page of the console may take: from asking on a kept connection on the loopback to the last byte.
const (
	pageMedian = 100 * time.Millisecond
	pageMost   = 300 * time.Millisecond // at p99
	countMost  = 500 * time.Millisecond // until it is known how many a rule of indexed conditions fits
	pageWeight = 300 << 10              // bytes of a page and of all that it loads, but for what draws charts
	pageVisits = 50                     // how often each is asked for
)

// town is how large the data set of the pages is.
type town struct {
	people   int // contacts
	early    int // of them, those whom the small runs are for: each run looks through all that there are
	runs     int // small runs of each campaign
	repliers int // who answer the large run
	letters  int // dead letters, and deliveries to an endpoint
	users    int
	visits   int // of each page
}

var (
	wholeTown = town{people: 1_000_000, early: 2000, runs: 3, repliers: 100_000, letters: 2000, users: 20, visits: pageVisits}
	quickTown = town{people: 50_000, early: 2000, runs: 1, repliers: 10_000, letters: 500, users: 10, visits: pageVisits}
	tinyTown  = town{people: 1500, early: 400, runs: 1, repliers: 100, letters: 20, users: 2, visits: 3} // for its own test
)

// pages measures every page of the console, and the lists of the API, on a large data set.
func (b *bench) pages(ctx context.Context) ([]*view, error) {
	dir, err := b.townStage(ctx)
	if err != nil {
		return nil, err
	}
	_, door, err := b.door(ctx, 0)
	if err != nil {
		return nil, err
	}
	defer door.Close()
	b.told = door.URL() + "/told"
	o, err := b.onStage(ctx, dir, account{"sms", "sms", door.URL(), ""})
	if err != nil {
		return nil, err
	}
	defer o.end()
	v, err := b.visitor(ctx, o)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := v.settle(ctx); err != nil {
		return nil, err
	}
	b.say("the gateway has settled after %s", time.Since(began).Round(100*time.Millisecond))
	if err := o.tell(ctx, b.town.letters); err != nil {
		return nil, err
	}
	where, err := v.landmarks(ctx)
	if err != nil {
		return nil, err
	}
	views := views(where)
	b.say("measuring %d pages, %d times each", len(views), b.town.visits)
	for _, w := range views {
		if len(b.only) > 0 && !slices.ContainsFunc(b.only, func(s string) bool { return strings.Contains(strings.ToUpper(w.Name), s) }) {
			continue
		}
		if err := v.visit(ctx, w, b.town.visits); err != nil {
			return views, fmt.Errorf("%s: %w", w.Name, err)
		}
		b.say("  %s", w)
	}
	return slices.DeleteFunc(views, func(w *view) bool { return w.Visits == 0 }), ctx.Err()
}

// runPages prints and keeps what pages measured.
func (b *bench) runPages(ctx context.Context, out string) error {
	views, failed := b.pages(ctx)
	showViews(os.Stdout, views)
	fmt.Printf("%d contacts, %d campaigns; %d cores; load (1, 5, 15 minutes) at the end: %s\n", b.town.people, townCampaigns, runtime.NumCPU(),
		strings.Join(strings.Fields(read("/proc/loadavg") + " ? ? ?")[:3], " "))
	raw, err := json.MarshalIndent(map[string]any{"pages": views, "contacts": b.town.people, "campaigns": townCampaigns, "at": time.Now().UTC(), "machine": machine()}, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(out), 0o755)
	}
	if err == nil {
		err = os.WriteFile(out, append(raw, '\n'), 0o644)
	}
	if failed != nil {
		return failed
	}
	return err
}
