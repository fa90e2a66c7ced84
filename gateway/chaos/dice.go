package chaos

import (
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"
)

// dice is chance that follows from a run's seed: one for each subject, so that how often one is thrown changes no other.
// Who throws the same one at the same moment, and in which order, is not the seed's. Its methods may be called concurrently.
type dice struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newDice(seed uint64, subject string) *dice {
	h := fnv.New64a()
	h.Write([]byte(subject)) //nolint:errcheck // a hash takes everything
	return &dice{rng: rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// chance is a number from 0 up to 1.
func (d *dice) chance() float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rng.Float64()
}

// below is a number from 0 up to n.
func (d *dice) below(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rng.IntN(n)
}

// within is a time from 0 up to most.
func (d *dice) within(most time.Duration) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(d.rng.Int64N(max(1, int64(most))))
}

// order is the numbers below n in some order.
func (d *dice) order(n int) []int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rng.Perm(n)
}
