package store

import (
	"bufio"
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// pressureAge is how old a sample may be.
const pressureAge = time.Second

// pressure is the last sample of Redis's memory.
type pressure struct {
	mu    sync.Mutex
	taken time.Time
	full  float64
}

// Pressure is how full Redis is: its used memory as a part of maxmemory, 1 where it begins to refuse, of a Cluster that
// of the fullest master. 0 means that it has no limit, or does not say. It is asked at most once a second; where it does
// not answer the last sample stands.
func (s *Store) Pressure(ctx context.Context) float64 {
	p := &s.pressure
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.taken) >= pressureAge {
		p.taken = now
		if full, err := fullest(ctx, s.rdb); err == nil {
			p.full = full
		}
	}
	return p.full
}

func fullest(ctx context.Context, rdb redis.UniversalClient) (float64, error) {
	cluster, ok := rdb.(*redis.ClusterClient)
	if !ok {
		return fullness(ctx, rdb)
	}
	var mu sync.Mutex
	most := 0.0
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		full, err := fullness(ctx, c)
		mu.Lock()
		defer mu.Unlock()
		most = max(most, full)
		return err
	})
	return most, err
}

func fullness(ctx context.Context, c redis.Cmdable) (float64, error) {
	info, err := c.Info(ctx, "memory").Result()
	if err != nil {
		if _, said := err.(redis.Error); said { //nolint:errorlint // as the client gives it
			return 0, nil // not every Redis has this section
		}
		return 0, err
	}
	return fullnessOf(info), nil
}

// fullnessOf reads the memory section of INFO.
func fullnessOf(info string) float64 {
	var used, limit float64
	for lines := bufio.NewScanner(strings.NewReader(info)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		switch name {
		case "used_memory":
			used, _ = strconv.ParseFloat(value, 64)
		case "maxmemory":
			limit, _ = strconv.ParseFloat(value, 64)
		}
	}
	if limit <= 0 {
		return 0
	}
	return used / limit
}
