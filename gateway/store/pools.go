package store

import (
	"context"
	"fmt"
	"strconv"

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

// Given counts what was given of each offer.
func (s *Store) Given(ctx context.Context) (map[string]int64, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.MapStringStringCmd, s.partitions)
	for i := range cmds {
		cmds[i] = p.HGetAll(ctx, offersGivenKey(i))
	}
	if err := exec(ctx, p, "counting offers"); err != nil {
		return nil, err
	}
	given := map[string]int64{}
	for _, c := range cmds {
		for offer, n := range c.Val() {
			k, err := strconv.ParseInt(n, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("counting offers: %q is no count", n)
			}
			given[offer] += k
		}
	}
	return given, nil
}

// CodesLeft is how many codes a pool has left.
func (s *Store) CodesLeft(ctx context.Context, pool string) (int64, error) {
	n, err := s.rdb.LLen(ctx, poolCodesKey(pool)).Result()
	if err != nil {
		return 0, unavailable("counting codes", err)
	}
	return n, nil
}
