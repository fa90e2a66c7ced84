package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// OldInbox lists up to n items of partition p's inbox to be closed: those from before a time, and the oldest where there
// are more than most.
func (s *Store) OldInbox(ctx context.Context, p int, before time.Time, most, n int) ([]string, error) {
	pipe := s.rdb.Pipeline()
	old := pipe.ZRangeByScore(ctx, inboxKey(p), &redis.ZRangeBy{Min: "-inf", Max: "(" + score(before), Count: int64(n)})
	all := pipe.ZCard(ctx, inboxKey(p))
	if err := exec(ctx, pipe, "looking for old inbox items"); err != nil {
		return nil, err
	}
	if excess := min(all.Val()-int64(most), int64(n)); excess > int64(len(old.Val())) {
		v, err := s.rdb.ZRange(ctx, inboxKey(p), 0, excess-1).Result()
		return v, unavailable("looking for old inbox items", err)
	}
	return old.Val(), nil
}

// ListedRun is a run on the list of runs.
type ListedRun struct {
	Run      string
	At       time.Time
	Campaign string
}

// OldRuns lists up to n runs that were listed before a time, oldest first.
func (s *Store) OldRuns(ctx context.Context, before time.Time, n int) ([]ListedRun, error) {
	v, err := s.rdb.ZRangeByScoreWithScores(ctx, runsKey(RunsPartition), &redis.ZRangeBy{Min: "-inf", Max: "(" + score(before), Count: int64(n)}).Result()
	if err != nil {
		return nil, unavailable("looking for old runs", err)
	}
	return s.campaignsOf(ctx, v)
}

// CountRuns is how many runs are listed.
func (s *Store) CountRuns(ctx context.Context) (int, error) {
	n, err := s.rdb.ZCard(ctx, runsKey(RunsPartition)).Result()
	return int(n), unavailable("counting runs", err)
}

func (s *Store) campaignsOf(ctx context.Context, listed []redis.Z) ([]ListedRun, error) {
	pipe := s.rdb.Pipeline()
	cmds := make([]*redis.StringCmd, len(listed))
	for i, z := range listed {
		cmds[i] = pipe.HGet(ctx, runKey(RunsPartition, text(z.Member)), "campaign")
	}
	if err := exec(ctx, pipe, "reading runs"); err != nil {
		return nil, err
	}
	out := make([]ListedRun, len(listed))
	for i, z := range listed {
		out[i] = ListedRun{Run: text(z.Member), At: time.UnixMilli(int64(z.Score)), Campaign: cmds[i].Val()}
	}
	return out, nil
}

// UnlistRun takes a run off the list of runs; ForgetRun deletes the partition's record of it.
func (b *Batch) UnlistRun(run string) { b.write(cmdZREM, runsKey(b.lease.Partition), run) }

// ForgetRun deletes the partition's record of a run.
func (b *Batch) ForgetRun(run string) { b.write(cmdDEL, runKey(b.lease.Partition, run)) }

// TrimLedger keeps the newest n entries of a contact's ledger.
func (b *Batch) TrimLedger(contact string, n int) {
	b.write(cmdLTRIM, ledgerKey(b.lease.Partition, contact), strconv.Itoa(-n), -1)
}
