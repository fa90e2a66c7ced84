package campaigns_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the tests need zones wherever they run

	"github.com/robfig/cron/v3"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
)

func scheduled(t testing.TB, spec, zone string) *campaigns.Campaign {
	t.Helper()
	c, err := cron.ParseStandard(spec)
	if err != nil {
		t.Fatal(err)
	}
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return &campaigns.Campaign{ID: "c", Schedule: &campaigns.Schedule{Cron: c, Spec: spec, Zone: z, ZoneName: zone}}
}

func clock(t testing.TB, zone, s string) time.Time {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", s, z)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func tell(due []campaigns.Firing) (out []string) {
	for _, f := range due {
		s := f.Local
		if f.MadeUp {
			s += " made up"
		}
		if f.Missed {
			s += " missed"
		}
		out = append(out, s)
	}
	return out
}

func TestDue(t *testing.T) {
	t.Parallel()
	const vn, ny = "Asia/Ho_Chi_Minh", "America/New_York"
	for name, c := range map[string]struct {
		spec, zone, last, now string
		want                  []string
	}{
		"at its time":           {"0 10 * * SAT", vn, "2026-12-05T09:59", "2026-12-05T10:00", []string{"2026-12-05T10:00"}},
		"not twice":             {"0 10 * * SAT", vn, "2026-12-05T10:00", "2026-12-05T10:01", nil},
		"another day":           {"0 10 * * SAT", vn, "2026-12-06T09:59", "2026-12-06T10:01", nil},
		"late, but made up for": {"0 10 * * *", vn, "2026-12-05T09:00", "2026-12-05T10:59", []string{"2026-12-05T10:00 made up"}},
		"an hour is the limit":  {"0 10 * * *", vn, "2026-12-05T09:00", "2026-12-05T11:01", []string{"2026-12-05T10:00 missed"}},
		"at most one is made up for": {
			"*/20 * * * *", vn, "2026-12-05T09:05", "2026-12-05T10:10",
			[]string{"2026-12-05T09:20 missed", "2026-12-05T09:40 missed", "2026-12-05T10:00 made up"},
		},
		"days away": {
			"0 10 * * *", vn, "2026-12-02T10:00", "2026-12-05T10:00",
			[]string{"2026-12-03T10:00 missed", "2026-12-04T10:00 missed", "2026-12-05T10:00"},
		},
		"the spring skips half past two":              {"30 2 * * *", ny, "2027-03-14T01:59", "2027-03-14T03:00", []string{"2027-03-14T03:00"}},
		"and what is due at three as well is not two": {"0,30 2,3 * * *", ny, "2027-03-14T01:59", "2027-03-14T03:00", []string{"2027-03-14T03:00"}},
		"a day that never comes":                      {"0 0 31 2 *", vn, "2026-12-05T10:00", "2026-12-06T10:00", nil},
		"its own zone in the spec":                    {"CRON_TZ=UTC 0 10 * * *", vn, "2026-12-05T09:00", "2026-12-05T10:00", []string{"2026-12-05T10:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			due := campaigns.Due(scheduled(t, c.spec, c.zone), clock(t, c.zone, c.last), clock(t, c.zone, c.now))
			if got := tell(due); !slices.Equal(got, c.want) {
				t.Fatalf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestTheAutumnHour comes twice, and its firings once, however often we look.
func TestTheAutumnHour(t *testing.T) {
	t.Parallel()
	c := scheduled(t, "30 1 * * *", "America/New_York")
	last := clock(t, "America/New_York", "2027-11-07T00:00")
	var fired []string
	for now := last; now.Sub(last) < 30*time.Hour; now = now.Add(10 * time.Minute) {
		fired = append(fired, tell(campaigns.Due(c, now.Add(-10*time.Minute), now))...)
	}
	if want := []string{"2027-11-07T01:30", "2027-11-08T01:30"}; !slices.Equal(fired, want) {
		t.Fatalf("fired %v, want %v", fired, want)
	}
}

func TestOnceAndByEvent(t *testing.T) {
	t.Parallel()
	at := clock(t, "Asia/Ho_Chi_Minh", "2026-12-01T10:00")
	once := &campaigns.Campaign{Schedule: &campaigns.Schedule{At: at, Zone: at.Location()}}
	if got := tell(campaigns.Due(once, at.Add(-time.Minute), at)); !slices.Equal(got, []string{"2026-12-01T10:00"}) {
		t.Error(got)
	}
	if got := campaigns.Due(once, at, at.Add(time.Hour)); got != nil {
		t.Error(got)
	}
	if n := campaigns.Next(once, at.Add(-time.Hour)); !n.Equal(at) {
		t.Error(n)
	}
	for _, c := range []*campaigns.Campaign{nil, {}, {Schedule: &campaigns.Schedule{Event: "x"}}} {
		if campaigns.Due(c, at, at.Add(time.Hour)) != nil || !campaigns.Next(c, at).IsZero() {
			t.Error("a campaign without times fires")
		}
	}
}

// TestFiringsDoNotDependOnWhenWeLook: walking the time in random strides, each firing is seen once, in order, under a
// name of its own, and never before its time.
func TestFiringsDoNotDependOnWhenWeLook(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom([]string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "UTC"}).Draw(rt, "zone")
		spec := fmt.Sprintf("%d %s * * *", rapid.IntRange(0, 59).Draw(rt, "minute"), rapid.SampledFrom([]string{"*", "0", "1", "2", "3", "9", "23"}).Draw(rt, "hour"))
		c := scheduled(t, spec, zone)
		start := time.Unix(rapid.Int64Range(1_790_000_000, 1_900_000_000).Draw(rt, "start"), 0)
		seen, newest := map[string]bool{}, start
		for last, now := start, start; now.Sub(start) < 5*24*time.Hour; last = now {
			now = now.Add(time.Duration(rapid.IntRange(1, 8*3600).Draw(rt, "stride")) * time.Second)
			for _, f := range campaigns.Due(c, last, now) {
				if seen[f.Local] || !f.At.After(newest) || f.At.After(now) {
					rt.Fatalf("%s again, or out of order", f.Local)
				}
				seen[f.Local], newest = true, f.At
			}
			if next := campaigns.Next(c, now); !next.After(now) {
				rt.Fatalf("the next firing after %v is %v", now, next)
			}
		}
		if len(seen) < 4 {
			rt.Fatalf("%s fired only %d times in five days", spec, len(seen))
		}
	})
}
