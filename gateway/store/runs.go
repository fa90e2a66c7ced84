package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// RunsPartition is where the list of runs and the schedules are kept.
const RunsPartition = 0

// Runs lists the newest n runs, newest first.
func (s *Store) Runs(ctx context.Context, n int) ([]string, error) {
	v, err := s.rdb.ZRevRange(ctx, runsKey(RunsPartition), 0, int64(n-1)).Result()
	if err != nil {
		return nil, unavailable("listing runs", err)
	}
	return v, nil
}

// RunPlace is where a run stands on the list: its id, and when it was listed, in milliseconds.
type RunPlace struct {
	ID string
	At int64
}

// RunsAfter lists up to n runs behind the one of that id, which was listed at that time, newest first; "" for the newest.
func (s *Store) RunsAfter(ctx context.Context, at int64, id string, n int) ([]RunPlace, error) {
	by := &redis.ZRangeBy{Max: "+inf", Min: "-inf", Count: int64(n)}
	if id != "" {
		by.Max = strconv.FormatInt(at, 10)
	}
	var out []RunPlace
	for {
		found, err := s.rdb.ZRevRangeByScoreWithScores(ctx, runsKey(RunsPartition), by).Result()
		if err != nil {
			return nil, unavailable("listing runs", err)
		}
		for _, z := range found {
			r := RunPlace{text(z.Member), int64(z.Score)}
			if (id == "" || r.At < at || r.ID < id) && len(out) < n { // of one moment they stand in the order of their ids
				out = append(out, r)
			}
		}
		if len(out) == n || int64(len(found)) < by.Count {
			return out, nil
		}
		by.Offset += by.Count
	}
}

// Run reads the record of a run in every partition. A run that was never listed has none in RunsPartition.
func (s *Store) Run(ctx context.Context, run string) ([]map[string]string, error) {
	all, err := s.RunsOf(ctx, []string{run})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// RunsOf reads the records of runs in every partition, in one round trip.
func (s *Store) RunsOf(ctx context.Context, runs []string) ([][]map[string]string, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.MapStringStringCmd, 0, len(runs)*s.partitions)
	for _, run := range runs {
		for i := range s.partitions {
			cmds = append(cmds, p.HGetAll(ctx, runKey(i, run)))
		}
	}
	if err := exec(ctx, p, "reading runs"); err != nil {
		return nil, err
	}
	out := make([][]map[string]string, len(runs))
	for i := range runs {
		for _, c := range cmds[i*s.partitions : (i+1)*s.partitions] {
			out[i] = append(out[i], c.Val())
		}
	}
	return out, nil
}

// RunFields reads some fields of the records of runs in every partition, in one round trip; those that are not there are empty.
func (s *Store) RunFields(ctx context.Context, runs, fields []string) ([][][]string, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.SliceCmd, 0, len(runs)*s.partitions)
	for _, run := range runs {
		for i := range s.partitions {
			cmds = append(cmds, p.HMGet(ctx, runKey(i, run), fields...))
		}
	}
	if err := exec(ctx, p, "reading runs"); err != nil {
		return nil, err
	}
	out := make([][][]string, len(runs))
	for i := range runs {
		for _, c := range cmds[i*s.partitions : (i+1)*s.partitions] {
			of := make([]string, len(fields))
			for n, v := range c.Val() {
				if v != nil {
					of[n] = text(v)
				}
			}
			out[i] = append(out[i], of)
		}
	}
	return out, nil
}

// Schedules is when each campaign's schedule was last looked at.
func (s *Store) Schedules(ctx context.Context) (map[string]time.Time, error) {
	v, err := s.rdb.HGetAll(ctx, schedulesKey(RunsPartition)).Result()
	if err != nil {
		return nil, unavailable("reading schedules", err)
	}
	out := make(map[string]time.Time, len(v))
	for c, at := range v {
		ms, _ := strconv.ParseInt(at, 10, 64)
		out[c] = time.UnixMilli(ms)
	}
	return out, nil
}
