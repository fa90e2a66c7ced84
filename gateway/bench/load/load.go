// Package load plays a provider at both of its ends: it posts signed webhooks as Twilio does, and it is the door at which
// the gateway's messages arrive, so that one process holds both ends of the clock. Its client and its door speak plain
// HTTP/1.1 on kept connections: they must cost less than what they measure.
package load

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// prefix begins the numbers of all customers; seven digits follow.
const prefix = "+8490"

// Numbers is how many customers there can be.
const Numbers = 10_000_000

// Phone is the number of the i-th customer.
func Phone(i int) string { return fmt.Sprintf("%s%07d", prefix, i) }

// customer is the other way round; ok is false for a number of somebody else.
func customer(phone string) (i int, ok bool) {
	digits, ok := strings.CutPrefix(phone, prefix)
	if !ok || len(digits) != 7 {
		return 0, false
	}
	i, err := strconv.Atoi(digits)
	return i, err == nil && i >= 0
}

// Times keeps how long things took. At these counts keeping each is cheaper than being clever.
type Times struct {
	mu   sync.Mutex
	took []time.Duration
}

// Add adds one.
func (t *Times) Add(d time.Duration) {
	t.mu.Lock()
	t.took = append(t.took, d)
	t.mu.Unlock()
}

// Quantile is the value that the share q of all is not above; zero where there are none.
func (t *Times) Quantile(q float64) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.took) == 0 {
		return 0
	}
	slices.Sort(t.took)
	return t.took[min(len(t.took)-1, int(q*float64(len(t.took))))]
}

// Len is how many there are.
func (t *Times) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.took)
}
