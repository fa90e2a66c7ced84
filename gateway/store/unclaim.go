package store

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"
)

// Held are those of claims that were granted anything.
func (s *Store) Held(ctx context.Context, claims []Claim) ([]Claim, error) {
	p := s.rdb.Pipeline()
	granted := make([][]*redis.StringCmd, len(claims))
	for i, c := range claims {
		granted[i] = append(granted[i], p.HGet(ctx, givenKey(c.Offer), c.Key))
		if c.Pool != "" {
			granted[i] = append(granted[i], p.HGet(ctx, poolClaimsKey(c.Pool), c.Key))
		}
	}
	if err := exec(ctx, p, "looking for claims"); err != nil {
		return nil, err
	}
	var held []Claim
	for i, c := range claims {
		if slices.ContainsFunc(granted[i], func(g *redis.StringCmd) bool { return g.Err() == nil }) {
			held = append(held, c)
		}
	}
	return held, nil
}

// Unclaim gives back what a claim was granted, its code to be the next that is taken. Nobody may come to the claim any more.
// What is given back already stays so.
func (s *Store) Unclaim(ctx context.Context, c Claim) error {
	if c.Pool != "" {
		if err := s.scripts.unclaimCode.Run(ctx, s.rdb, []string{poolCodesKey(c.Pool), poolClaimsKey(c.Pool)}, c.Key).Err(); err != nil {
			return unavailable("giving a code back", err)
		}
	}
	return unavailable("giving budget back", s.rdb.HDel(ctx, givenKey(c.Offer), c.Key).Err())
}
