package chaos_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/chaos"
)

// course is a number measured sixty times.
func course(name string, at func(i int) float64) (out []chaos.Sample) {
	for i := range 60 {
		out = append(out, chaos.Sample{At: time.Duration(i) * time.Second, Values: map[string]float64{name: at(i)}})
	}
	return out
}

func TestGrowths(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for _, x := range []struct {
		name  string
		of    string
		at    func(i int) float64
		grows bool
	}{
		{"flat", "goroutines, gateway 0", func(int) float64 { return 200 }, false},
		{"a leak", "goroutines, gateway 0", func(i int) float64 { return 200 + 3*float64(i) }, true},
		{"warming up", "goroutines, gateway 0", func(i int) float64 { return 200 * min(1, float64(i+1)/10) }, false},
		{"a sawtooth", "heap in use, gateway 1", func(i int) float64 { return float64(40+i%7*10) * mb }, false},
		{"a leak under a sawtooth", "heap in use, gateway 1", func(i int) float64 { return float64(40+i%7*10+2*i) * mb }, true},
		{"a log that nobody works off", "stream entries, log", func(i int) float64 { return float64(20 * i) }, true},
		{"a stream that nobody has heard of", "stream entries, rumours", func(i int) float64 { return float64(20 * i) }, true},
		{"the record of changes", "stream entries, audit", func(i int) float64 { return float64(20 * i) }, false},
		{"a stream of some size", "stream entries, dead", func(int) float64 { return 9000 }, false},
		{"what may grow", "Redis memory", func(i int) float64 { return float64(20*i) * mb }, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			got := slices.ContainsFunc(chaos.Growths(course(x.of, x.at)), func(g chaos.Growth) bool { return g.Name == x.of && g.Grows })
			if got != x.grows {
				t.Errorf("grows: %v", got)
			}
		})
	}
	late := course("goroutines", func(int) float64 { return 1 })
	for i := 40; i < 60; i++ {
		late[i].Values["stream entries, dead"] = float64(100 * i)
	}
	if !slices.ContainsFunc(chaos.Growths(late), func(g chaos.Growth) bool { return g.Name == "stream entries, dead" && g.Grows }) {
		t.Error("a stream that came late and grows is not seen")
	}
	if chaos.Growths(course("goroutines", func(int) float64 { return 1 })[:10]) != nil {
		t.Error("ten samples say nothing")
	}
}
