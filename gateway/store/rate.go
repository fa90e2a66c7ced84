package store

import (
	"context"
	"time"

	"github.com/go-redis/redis_rate/v10"
)

// Spend takes up to n of what an account may send now, of a rate of perSecond that all replicas share (GCRA: evenly
// spread, with up to burst at once). It returns how many were granted and, where that is none, how long to wait.
func (s *Store) Spend(ctx context.Context, account string, perSecond float64, burst, n int) (granted int, wait time.Duration, err error) {
	each := time.Duration(float64(time.Second) / perSecond)
	limit := redis_rate.Limit{Rate: 1, Period: max(each, time.Nanosecond), Burst: burst}
	r, err := s.limiter.AllowAtMost(ctx, "{"+account+"}", limit, n)
	if err != nil {
		return 0, 0, unavailable("asking for the account's pace", err)
	}
	return r.Allowed, max(r.RetryAfter, 0), nil
}
