package store

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// Lease is the right to write to a partition, with the fencing token that every write is checked against.
type Lease struct {
	Partition int
	Token     string
}

// Acquire takes a partition for owner, or keeps it; ok is false where another replica has it.
func (s *Store) Acquire(ctx context.Context, p int, owner string) (l Lease, ok bool, err error) {
	taken, _, err := s.AcquireAll(ctx, []int{p}, owner)
	if err != nil || len(taken) == 0 {
		return Lease{}, false, err
	}
	return taken[0], true, nil
}

// AcquireAll takes those of partitions that nobody else owns, in one round trip. free is how long until the first of the others'
// leases runs out unless it is renewed; 0 where there is none. What was taken holds even where there is an error: on a
// cluster one node may be away and others not.
func (s *Store) AcquireAll(ctx context.Context, partitions []int, owner string) (taken []Lease, free time.Duration, err error) {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for _, part := range partitions {
			s.scripts.acquire.EvalSha(ctx, p, []string{leaseKey(part), epochKey(part), indexKey(part)}, owner, s.leaseTTL.Milliseconds())
		}
	})
	for i, c := range cmds {
		answer, e := c.(*redis.Cmd).Result()
		switch v := answer.(type) {
		case string:
			taken = append(taken, Lease{Partition: partitions[i], Token: v})
		case int64:
			if left := max(time.Duration(v)*time.Millisecond, time.Millisecond); free == 0 || left < free {
				free = left
			}
		default:
			err = firstOf(err, e)
		}
	}
	return taken, free, unavailable("taking partitions", err)
}

// Renew keeps leases alive and returns those that live on and those that were lost. Any in neither are not known: there is
// an error.
func (s *Store) Renew(ctx context.Context, leases []Lease) (kept, lost []Lease, err error) {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for _, l := range leases {
			s.scripts.renew.EvalSha(ctx, p, []string{leaseKey(l.Partition)}, l.Token, s.leaseTTL.Milliseconds())
		}
	})
	kept, lost, err = sorted(leases, cmds, err)
	return kept, lost, unavailable("renewing leases", err)
}

// Release gives partitions back at once, so that another replica need not wait for the lease to run out. Those that are not
// held any more are passed over.
func (s *Store) Release(ctx context.Context, leases []Lease) error {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for _, l := range leases {
			s.scripts.release.EvalSha(ctx, p, []string{leaseKey(l.Partition)}, l.Token)
		}
	})
	_, _, err = sorted(leases, cmds, err)
	return unavailable("giving partitions back", err)
}

// sorted puts leases apart by what a script answered for each: 1 or 0.
func sorted(leases []Lease, cmds []redis.Cmder, failed error) (ones, zeros []Lease, err error) {
	err = failed
	for i, c := range cmds {
		n, e := c.(*redis.Cmd).Int()
		switch {
		case e != nil:
			err = firstOf(err, e)
		case n == 1:
			ones = append(ones, leases[i])
		default:
			zeros = append(zeros, leases[i])
		}
	}
	return ones, zeros, err
}

// firstOf keeps one error of many that say the same.
func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// LeaseTTL is how long a dead owner keeps a partition.
func (s *Store) LeaseTTL() time.Duration { return s.leaseTTL }
