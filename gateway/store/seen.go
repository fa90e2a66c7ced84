package store

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// The ids of handled events are remembered for at least a week, so that repeats are dropped: those of each week in a set
// of their own, which expires as a whole. A sorted set would cost Redis several times as much for each event.
const (
	rememberFor = 7 * 24 * time.Hour
	clocksApart = time.Minute // a former owner's clock may have been ahead by as much
)

// week numbers the weeks.
func week(t time.Time) int64 { return t.UnixMilli() / rememberFor.Milliseconds() }

// askSeen asks which events were handled before.
func askSeen(ctx context.Context, p redis.Pipeliner, l Lookup) []*redis.BoolSliceCmd {
	ids := make([]any, len(l.Events))
	for i, id := range l.Events {
		ids[i] = id
	}
	var asked []*redis.BoolSliceCmd
	for w := week(l.Now.Add(-rememberFor)); w <= week(l.Now.Add(clocksApart)); w++ {
		asked = append(asked, p.SMIsMember(ctx, seenKey(l.Partition, w), ids...))
	}
	return asked
}
