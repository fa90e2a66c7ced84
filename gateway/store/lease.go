package store

import (
	"context"
	"errors"
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
	token, err := s.scripts.acquire.Run(ctx, s.rdb, []string{leaseKey(p), epochKey(p)}, owner, s.leaseTTL.Milliseconds()).Text()
	if isNil(err) {
		return Lease{}, false, nil
	}
	if err != nil {
		return Lease{}, false, unavailable("taking a partition", err)
	}
	return Lease{Partition: p, Token: token}, true, nil
}

// Renew keeps leases alive and returns those that were lost.
func (s *Store) Renew(ctx context.Context, leases []Lease) (lost []Lease, err error) {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for _, l := range leases {
			s.scripts.renew.EvalSha(ctx, p, []string{leaseKey(l.Partition)}, l.Token, s.leaseTTL.Milliseconds())
		}
	})
	if err != nil {
		return nil, err
	}
	for i, c := range cmds {
		n, err := c.(*redis.Cmd).Int()
		if err != nil {
			return nil, unavailable("renewing leases", err)
		}
		if n == 0 {
			lost = append(lost, leases[i])
		}
	}
	return lost, nil
}

// Release gives partitions back at once, so that another replica need not wait for the lease to run out.
func (s *Store) Release(ctx context.Context, leases []Lease) error {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for _, l := range leases {
			s.scripts.release.EvalSha(ctx, p, []string{leaseKey(l.Partition)}, l.Token)
		}
	})
	for _, c := range cmds {
		err = errors.Join(err, c.Err())
	}
	return unavailable("giving partitions back", err)
}

// LeaseTTL is how long a dead owner keeps a partition.
func (s *Store) LeaseTTL() time.Duration { return s.leaseTTL }

// Replicas says which replicas live: those that said so within the last ttl. It records that owner does.
func (s *Store) Replicas(ctx context.Context, owner string, now time.Time) (int, error) {
	p := s.rdb.TxPipeline()
	p.ZAdd(ctx, replicasKey, redis.Z{Score: float64(now.UnixMilli()), Member: owner})
	p.ZRemRangeByScore(ctx, replicasKey, "-inf", score(now.Add(-s.leaseTTL)))
	n := p.ZCard(ctx, replicasKey)
	if err := exec(ctx, p, "counting replicas"); err != nil {
		return 0, err
	}
	return int(n.Val()), nil
}

// Leave takes owner off the list of living replicas.
func (s *Store) Leave(ctx context.Context, owner string) error {
	return unavailable("leaving", s.rdb.ZRem(ctx, replicasKey, owner).Err())
}
