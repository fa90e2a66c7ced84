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
		{"a log that nobody works off", "log entries", func(i int) float64 { return float64(20 * i) }, true},
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
	if chaos.Growths(course("goroutines", func(int) float64 { return 1 })[:10]) != nil {
		t.Error("ten samples say nothing")
	}
}
