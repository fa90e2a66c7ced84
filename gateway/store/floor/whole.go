package floor

import (
	"context"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Mini as a server's Redis means one in memory, in the floor's own process.
const Mini = "mini"

// Whole is the least program that does the whole job: signed webhook, batched XADD, the logs read from their heads, one
// script a partition and batch, the outbound streams, an HTTP POST to the provider.
func Whole(ctx context.Context, o Server) error {
	if o.Redis == Mini {
		m := miniredis.NewMiniRedis()
		if err := m.Start(); err != nil {
			return err
		}
		defer m.Close()
		o.Redis = m.Addr()
	}
	rdb := client(o.Redis)
	defer rdb.Close()
	e, err := newEngine(ctx, rdb)
	if err != nil {
		return err
	}
	s, err := newSender(ctx, rdb, o.Provider, o.Token)
	if err != nil {
		return err
	}
	e.start(ctx)
	s.start(ctx)
	return serve(o, intake(rdb, keys("log")))
}

// Took is what a floor that ends by itself measured.
type Took struct {
	N       int     // items
	Seconds float64 // for all of them
	First   float64 // seconds until the first; 0 where that means nothing
}

// Rate is items a second.
func (t Took) Rate() float64 { return float64(t.N) / t.Seconds }

// fillBatch is how many entries are written in one round trip when a stream is filled.
const fillBatch = 500

// Backlog puts n events on the logs and measures how fast the engine alone works them off.
func Backlog(ctx context.Context, addr string, n int) (Took, error) {
	rdb := client(addr)
	defer rdb.Close()
	e, err := newEngine(ctx, rdb)
	if err != nil {
		return Took{}, err
	}
	err = fill(ctx, rdb, n, func(i int) *redis.XAddArgs {
		from := phone(i)
		return inbound{from, "+15005550006", "Chị thích màu hồng nhạt, size M nha shop", fmt.Sprintf("SM%032x", i)}.entry(key(partitionOf(from), "log"))
	})
	if err != nil {
		return Took{}, err
	}
	began := time.Now()
	e.start(ctx)
	return count(ctx, began, n, e.handled.Load)
}

// Send puts n messages on the outbound streams and measures how fast they are posted to the provider.
func Send(ctx context.Context, addr, provider string, n int) (Took, error) {
	rdb := client(addr)
	defer rdb.Close()
	s, err := newSender(ctx, rdb, provider, "token")
	if err != nil {
		return Took{}, err
	}
	err = fill(ctx, rdb, n, func(i int) *redis.XAddArgs {
		to := phone(i)
		return &redis.XAddArgs{Stream: key(partitionOf(to), "out"), Values: []any{"to", to, "body",
			"Cảm ơn chị! Tặng chị mã STYLE20 giảm 20%: https://l.example/abcd1234", "campaign", "autumn-style"}}
	})
	if err != nil {
		return Took{}, err
	}
	began := time.Now()
	s.start(ctx)
	return count(ctx, began, n, s.sent.Load)
}

func fill(ctx context.Context, rdb *redis.Client, n int, entry func(int) *redis.XAddArgs) error {
	p := rdb.Pipeline()
	for i := range n {
		p.XAdd(ctx, entry(i))
		if p.Len() == fillBatch || i == n-1 {
			if _, err := p.Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// count waits until n are done.
func count(ctx context.Context, began time.Time, n int, done func() int64) (Took, error) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for done() < int64(n) {
		select {
		case <-ctx.Done():
			return Took{}, ctx.Err()
		case <-tick.C:
		}
	}
	return Took{N: n, Seconds: time.Since(began).Seconds()}, nil
}
