package chaos

import (
	"math"
	"testing"
	"time"
)

// TestTheLoadIsKeptUp steers a system in which each conversation is acknowledged some seconds after it was begun, on top of
// what happens anyhow.
func TestTheLoadIsKeptUp(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ wanted, anyhow, want float64 }{{700, 0, 700}, {700, 280, 700}, {50, 20, 50}, {300, 400, 400}} {
		g := governor{wanted: x.wanted}
		measured, before := 0.0, 0.0
		for range 40 {
			measured = x.anyhow + conversation*(before+g.begun)/2 // half of a period's conversations end in the next one
			before = g.begun
			g.steer(measured)
			if measured > 1.2*x.want {
				t.Errorf("%+v: it overshoots to %.0f", x, measured)
			}
		}
		if math.Abs(measured-x.want) > 0.02*x.want {
			t.Errorf("%+v: it is held at %.0f", x, measured)
		}
	}
}

func TestALoadMakesQuietLivesOfManyCustomers(t *testing.T) {
	t.Parallel()
	if p := paceOf(Options{People: 120, Cycle: 20 * time.Second}); p.load != 0 || p.cycle != 20*time.Second || p.writes != 25*time.Second || p.rate != 200 {
		t.Errorf("without a load: %+v", p)
	}
	few, many := paceOf(Options{People: 1000, Load: 700}), paceOf(Options{People: 20_000, Load: 700})
	if many.cycle < 19*few.cycle || many.writes < 19*few.writes {
		t.Errorf("twenty times as many do as much each: %+v and %+v", few, many)
	}
	if asked := 2 * 20_000 / many.cycle.Seconds() * conversation; asked > 0.31*700 || asked < 0.29*700 {
		t.Errorf("runs lead to %.0f acknowledgements a second", asked)
	}
}
