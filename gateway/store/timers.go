package store

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// DueTimer is a timer whose time has come.
type DueTimer struct {
	Name string
	At   time.Time
}

// DueTimers lists up to n timers a partition that are due.
func (s *Store) DueTimers(ctx context.Context, partitions []int, now time.Time, n int) (map[int][]DueTimer, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.ZSliceCmd, len(partitions))
	for i, part := range partitions {
		cmds[i] = p.ZRangeByScoreWithScores(ctx, timersKey(part), &redis.ZRangeBy{Min: "-inf", Max: score(now), Count: int64(n)})
	}
	if err := exec(ctx, p, "reading timers"); err != nil {
		return nil, err
	}
	due := map[int][]DueTimer{}
	for i, part := range partitions {
		for _, z := range cmds[i].Val() {
			due[part] = append(due[part], DueTimer{Name: text(z.Member), At: time.UnixMilli(int64(z.Score))})
		}
	}
	return due, nil
}
