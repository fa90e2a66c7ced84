package store

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/go-redis/redis_rate/v10"
)

// Spend takes n of what an account may send now, or nothing, of a rate of perSecond that all replicas share (GCRA: evenly spread, with
// up to burst at once, which n is no more than). It returns how many were granted and, where that is none, how long to wait until
// there are n. Less than n is never granted: redis_rate would charge for the broken rest, too.
func (s *Store) Spend(ctx context.Context, account string, perSecond float64, burst, n int) (granted int, wait time.Duration, err error) {
	r, err := s.limiter.AllowN(ctx, strings.TrimPrefix(rateKey(account), "rate:"), limitOf(perSecond, burst), n)
	if err != nil {
		return 0, 0, s.asked(ctx, "asking for the account's pace", err, map[string]string{rateKey(account): "string"})
	}
	return r.Allowed, max(r.RetryAfter, 0), nil
}

// Of which parts of a second the time between two messages is a multiple.
const (
	finely   = 1 << 22 // where it is less than a second
	coarsely = 1 << 9  // where it is more, so that it stays a Duration for weeks
)

// limitOf is a rate as redis_rate takes it. Its script adds the times between messages to a clock of some 10^8 seconds, subtracts the
// burst's, and asks whether the clock has come that far. In doubles that comes out even only for parts of a second that are powers of two
// (until 2085): with 1/5 s nothing would ever be granted where one message is all that may go at once.
func limitOf(perSecond float64, burst int) redis_rate.Limit {
	parts := finely
	if perSecond < 1 {
		parts = coarsely
	}
	each := max(1, math.Round(float64(parts)/perSecond))
	return redis_rate.Limit{Rate: parts, Period: time.Duration(each) * time.Second, Burst: burst}
}
