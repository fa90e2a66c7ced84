package chaos

import (
	"slices"
	"testing"
	"time"
)

// throws are the first throws of a dice, of every kind.
func throws(d *dice) (out []float64) {
	for range 20 {
		out = append(out, d.chance(), float64(d.below(1000)), float64(d.within(time.Hour)), float64(d.order(5)[0]))
	}
	return out
}

func TestChanceFollowsFromTheSeed(t *testing.T) {
	t.Parallel()
	first := throws(newDice(7, "weather"))
	if !slices.Equal(first, throws(newDice(7, "weather"))) {
		t.Error("the same seed gave two weathers")
	}
	for name, other := range map[string]*dice{"another seed": newDice(8, "weather"), "another subject": newDice(7, "edits")} {
		if slices.Equal(first, throws(other)) {
			t.Errorf("%s gave the same", name)
		}
	}
	if got := newDice(7, "weather").within(0); got != 0 {
		t.Errorf("%s within no time at all", got)
	}
}
