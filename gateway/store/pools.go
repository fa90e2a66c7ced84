package store

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// ClaimBudget claims one of an offer's budget; the same claim always gets the same answer. budget 0: no limit.
func (s *Store) ClaimBudget(ctx context.Context, offer, claim string, budget int) (bool, error) {
	n, err := s.scripts.claimBudget.Run(ctx, s.rdb, []string{givenKey(offer)}, claim, budget).Int()
	if err != nil {
		return false, unavailable("claiming budget", err)
	}
	return n == 1, nil
}

// ReturnBudget gives a claim back: its code could not be had.
func (s *Store) ReturnBudget(ctx context.Context, offer, claim string) error {
	return unavailable("returning budget", s.rdb.HDel(ctx, givenKey(offer), claim).Err())
}

// ClaimCode takes a code for a claim; the same claim always gets the same code. ok is false where the pool is empty.
func (s *Store) ClaimCode(ctx context.Context, pool, claim string) (code string, ok bool, err error) {
	code, err = s.scripts.claimCode.Run(ctx, s.rdb, []string{poolCodesKey(pool), poolClaimsKey(pool)}, claim).Text()
	if isNil(err) {
		return "", false, nil
	}
	if err != nil {
		return "", false, unavailable("claiming a code", err)
	}
	return code, true, nil
}

// AddCodes puts codes into a pool, each at most once ever, and returns how many were new.
func (s *Store) AddCodes(ctx context.Context, pool string, codes []string) (added int, err error) {
	const slice = 1000 // a script's arguments are bounded by Lua's stack
	for len(codes) > 0 {
		n := min(slice, len(codes))
		args := make([]any, n)
		for i, c := range codes[:n] {
			args[i] = c
		}
		k, err := s.scripts.addCodes.Run(ctx, s.rdb, []string{poolCodesKey(pool), poolKnownKey(pool)}, args...).Int()
		if err != nil {
			return added, unavailable("adding codes", err)
		}
		added, codes = added+k, codes[n:]
	}
	return added, nil
}

// Stock says how many of an offer were given and how many codes its pool has left.
func (s *Store) Stock(ctx context.Context, offer, pool string) (given, left int64, err error) {
	p := s.rdb.Pipeline()
	g := p.HLen(ctx, givenKey(offer))
	var l *redis.IntCmd
	if pool != "" {
		l = p.LLen(ctx, poolCodesKey(pool))
	}
	if err := exec(ctx, p, "counting stock"); err != nil {
		return 0, 0, err
	}
	if l != nil {
		left = l.Val()
	}
	return g.Val(), left, nil
}
