package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Waiting is what waits in an account's queues.
type Waiting struct {
	Messages int64
	Due      time.Time // since when the first of those is due that are; zero: none is
}

// WaitingIn looks into the accounts' queues of some partitions, in one round trip. What is put aside with a paused run is
// not in them. A queue's key that holds something else hides that queue alone: whoever takes from it names it.
func (s *Store) WaitingIn(ctx context.Context, partitions []int, accounts []string, now time.Time) (map[string]Waiting, error) {
	type asked struct {
		account         string
		count           *redis.IntCmd
		people, unasked *redis.ZSliceCmd
	}
	p, all := s.rdb.Pipeline(), make([]asked, 0, len(partitions)*len(accounts))
	first := &redis.ZRangeBy{Min: "0", Max: strconv.FormatInt(now.UnixMilli(), 10), Count: 1} // of what goes out unasked
	for _, a := range accounts {
		for _, part := range partitions {
			k := outKey(part, a)
			all = append(all, asked{a, p.ZCard(ctx, k), p.ZRangeWithScores(ctx, k, 0, 0), p.ZRangeByScoreWithScores(ctx, k, first)})
		}
	}
	p.Exec(ctx) //nolint:errcheck // each command has its own error
	out := map[string]Waiting{}
	for _, x := range all {
		if err := firstOf(x.count.Err(), firstOf(x.people.Err(), x.unasked.Err())); wrongType(err) {
			continue
		} else if err != nil {
			return nil, unavailable("looking into the queues", err)
		}
		w := out[x.account]
		w.Messages += x.count.Val()
		for _, z := range append(x.people.Val(), x.unasked.Val()...) {
			if due := dueAt(z.Score); !due.After(now) && (w.Due.IsZero() || due.Before(w.Due)) {
				w.Due = due
			}
		}
		out[x.account] = w
	}
	return out, nil
}

// dueAt is when a message is due that stands there in a queue.
func dueAt(score float64) time.Time {
	if score < 0 {
		score += urgentLead
	}
	return time.UnixMilli(int64(score))
}
