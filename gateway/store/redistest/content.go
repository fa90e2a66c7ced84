package redistest

import (
	"context"
	"fmt"
	"maps"

	"github.com/redis/go-redis/v9"
)

// Delete deletes the keys of a node that match a pattern.
func (n *Node) Delete(pattern string) error {
	rdb, ctx := n.Client(), context.Background()
	defer rdb.Close()
	keys, err := rdb.Keys(ctx, pattern).Result()
	for _, k := range keys { // one by one: on a cluster they lie in several slots
		if err == nil {
			err = rdb.Del(ctx, k).Err()
		}
	}
	return err
}

// Everything reads all keys of a node with what they hold, as text.
func (n *Node) Everything() (map[string]string, error) {
	rdb, ctx := n.Client(), context.Background()
	defer rdb.Close()
	keys, err := rdb.Keys(ctx, "*").Result()
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, k := range keys {
		all[k] = content(ctx, rdb, k)
	}
	return all, nil
}

// Everything reads all keys of the masters.
func (c *Cluster) Everything(ctx context.Context) (map[string]string, error) {
	live, err := c.Masters(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, n := range live {
		some, err := n.Everything()
		if err != nil {
			return nil, err
		}
		maps.Copy(all, some)
	}
	return all, nil
}

// Flush empties the masters.
func (c *Cluster) Flush(ctx context.Context) error {
	live, err := c.Masters(ctx)
	if err != nil {
		return err
	}
	for _, n := range live {
		if _, err := n.do(ctx, "flushall"); err != nil {
			return err
		}
	}
	return nil
}

func content(ctx context.Context, rdb *redis.Client, k string) string {
	switch rdb.Type(ctx, k).Val() {
	case "string":
		return rdb.Get(ctx, k).Val()
	case "hash":
		return fmt.Sprint(rdb.HGetAll(ctx, k).Val())
	case "list":
		return fmt.Sprint(rdb.LRange(ctx, k, 0, -1).Val())
	case "set":
		return fmt.Sprint(rdb.SMembers(ctx, k).Val())
	case "zset":
		return fmt.Sprint(rdb.ZRangeWithScores(ctx, k, 0, -1).Val())
	case "stream":
		return fmt.Sprint(rdb.XRange(ctx, k, "-", "+").Val())
	}
	return ""
}
