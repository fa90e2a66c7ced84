package store

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"
)

// Held are those of claims that were granted anything, and those of which a damaged key hides it.
func (s *Store) Held(ctx context.Context, claims []Claim) ([]Claim, error) {
	p := s.rdb.Pipeline()
	granted := make([][]*redis.StringCmd, len(claims))
	for i, c := range claims {
		granted[i] = append(granted[i], p.HGet(ctx, givenKey(c.Offer), c.Key))
		if c.Pool != "" {
			granted[i] = append(granted[i], p.HGet(ctx, poolClaimsKey(c.Pool), c.Key))
		}
	}
	p.Exec(ctx) //nolint:errcheck // each command has its own error
	var held []Claim
	for i, c := range claims {
		for _, g := range granted[i] {
			if err := g.Err(); err != nil && !isNil(err) && !wrongType(err) {
				return nil, unavailable("looking for claims", err)
			}
		}
		if slices.ContainsFunc(granted[i], func(g *redis.StringCmd) bool { return g.Err() == nil || wrongType(g.Err()) }) {
			held = append(held, c)
		}
	}
	return held, nil
}

// Unclaim gives back what a claim was granted, its code to be the next that is taken. Nobody may come to the claim any more.
// What is given back already stays so.
func (s *Store) Unclaim(ctx context.Context, c Claim) error {
	if c.Pool != "" {
		codes, taken := poolCodesKey(c.Pool), poolClaimsKey(c.Pool)
		if err := s.scripts.unclaimCode.Run(ctx, s.rdb, []string{codes, taken}, c.Key).Err(); err != nil {
			return s.asked(ctx, "giving a code back", err, map[string]string{codes: "list", taken: "hash"})
		}
	}
	back := s.rdb.HDel(ctx, givenKey(c.Offer), c.Key)
	if back.Err() != nil {
		return failed("giving budget back", back)
	}
	return nil
}
