package floor

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// The batching of the intake: what comes together goes to Redis together.
const (
	pipelines   = 2 // under way at once
	pipelineMax = 128
	queueMax    = 4096
)

// waiting is a message whose webhook waits for it to be durable.
type waiting struct {
	entry *redis.XAddArgs
	done  chan error
}

// intake puts messages on the partitions' logs, those that come together in one round trip.
func intake(rdb *redis.Client, logs []string) func(context.Context, inbound) error {
	queue := make(chan waiting, queueMax)
	for range pipelines {
		go pipeline(rdb, queue)
	}
	return func(_ context.Context, m inbound) error {
		w := waiting{m.entry(logs[partitionOf(m.from)]), make(chan error, 1)}
		queue <- w
		return <-w.done
	}
}

func pipeline(rdb *redis.Client, queue <-chan waiting) {
	ctx := context.Background()
	held := make([]waiting, 0, pipelineMax)
	for first := range queue {
		held = gather(append(held[:0], first), queue)
		p := rdb.Pipeline()
		added := make([]*redis.StringCmd, len(held))
		for i, w := range held {
			added[i] = p.XAdd(ctx, w.entry)
		}
		p.Exec(ctx) //nolint:errcheck // each command has its own
		for i, w := range held {
			w.done <- added[i].Err()
		}
	}
}

// gather adds what waits already, as far as there is room.
func gather[T any](held []T, queue <-chan T) []T {
	for len(held) < cap(held) {
		select {
		case x := <-queue:
			held = append(held, x)
		default:
			return held
		}
	}
	return held
}
