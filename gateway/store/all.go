package store

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// CountContacts is how many contacts each partition has.
func (s *Store) CountContacts(ctx context.Context) ([]int64, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.IntCmd, s.partitions)
	for i := range cmds {
		cmds[i] = p.ZCard(ctx, contactsKey(i))
	}
	if err := exec(ctx, p, "counting contacts"); err != nil {
		return nil, err
	}
	out := make([]int64, len(cmds))
	for i, c := range cmds {
		out[i] = c.Val()
	}
	return out, nil
}
