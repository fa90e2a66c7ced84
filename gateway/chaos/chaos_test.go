package chaos_test

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/chaos"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// What a run is made of. Without flags it is the short form.
var (
	seed     = flag.Uint64("chaos.seed", 1, "what the faults are drawn from")
	kills    = flag.Int("chaos.kills", 0, "end the faults after so many kills; 0: by time")
	faults   = flag.Duration("chaos.for", 25*time.Second, "end the faults after so long; 0: by kills")
	people   = flag.Int("chaos.people", 60, "customers")
	gateways = flag.Int("chaos.gateways", 3, "replicas of the gateway")
	shape    = flag.String("chaos.redis", "single", "the shape of Redis: single, cluster, sentinel")
	out      = flag.String("chaos.out", "", "where logs and the report go; empty: they are thrown away")
)

// What TestSoak is made of. It says nothing in less than many minutes.
var (
	soak = flag.Duration("chaos.soak", 0, "run without faults for so long and measure what grows; 0: not")
	load = flag.Float64("chaos.load", 700, "acknowledgements a second that the soak keeps up")
)

// TestChaos breaks the system for half a minute, or as long as the flags say, and asks the oracle.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	o := options(t)
	rep, err := chaos.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	rep.Print(t.Output())
	rep.Stories(t.Output(), 3)
	if file, err := rep.Save(); err != nil {
		t.Error(err)
	} else if *out != "" {
		t.Log("written down in", file)
	}
	if rep.Kills == 0 || rep.Messages == 0 || rep.Shown == 0 {
		t.Error("nothing happened: nothing was proven")
	}
	for _, what := range rep.Unfelt() {
		t.Error("a fault of the network was not felt:", what)
	}
	if rep.Unjudged > 0 || rep.Judged != o.People {
		t.Errorf("%d of %d customers were judged", rep.Judged, o.People)
	}
	if len(rep.Findings) > 0 {
		t.Errorf("%d promises were broken: run it again with -chaos.seed=%d", len(rep.Findings), *seed)
	}
}

// options are what the flags say.
func options(t *testing.T) chaos.Options {
	t.Helper()
	redistest.Need(t)
	dir := *out
	if dir == "" {
		dir = t.TempDir()
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "chaos.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	return chaos.Options{
		Dir: dir, Seed: *seed, Kills: *kills, Faults: *faults, People: *people, Gateways: *gateways, Redis: *shape,
		Cycle: 20 * time.Second, Settle: 10 * time.Minute, Log: io.MultiWriter(log, t.Output()),
	}
}

// TestSoak runs the system without faults and looks for what grows.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("takes as long as -chaos.soak says: see make soak")
	}
	o := options(t)
	o.Faults, o.Kills, o.Load = *soak, 0, *load
	rep, err := chaos.Soak(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	rep.Print(t.Output())
	if len(rep.Growths) == 0 {
		t.Error("too few samples to say anything: let it run longer")
	}
	if rep.Load < 0.9*o.Load {
		t.Errorf("%.0f calls a second were acknowledged, which proves nothing for the %.0f that were wanted", rep.Load, o.Load)
	}
	for _, g := range rep.Growths {
		if g.Grows {
			t.Errorf("%s grows", g.Name)
		}
	}
	if rep.Unjudged > 0 || rep.Judged != o.People {
		t.Errorf("%d of %d customers were judged", rep.Judged, o.People)
	}
	if len(rep.Findings) > 0 {
		t.Errorf("%d promises were broken without any fault", len(rep.Findings))
	}
}
