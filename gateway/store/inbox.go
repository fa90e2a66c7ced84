package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// InboxPlace is where an item stands in the inbox: oldest first, and of the same millisecond in the order of ids.
type InboxPlace struct {
	At        int64 // milliseconds
	ID        string
	Partition int
}

func (p InboxPlace) compare(q InboxPlace) int {
	return cmp.Or(cmp.Compare(p.At, q.At), cmp.Compare(p.ID, q.ID))
}

// InboxPlaces is the n oldest items behind a place, of all partitions, in order; of one reason, or with "" of all. Of each
// partition little more is read than what is listed.
func (s *Store) InboxPlaces(ctx context.Context, reason string, after InboxPlace, n int) ([]InboxPlace, error) {
	if n <= 0 {
		return nil, nil
	}
	found, wanted := make([][]InboxPlace, s.partitions), make([]int, s.partitions)
	for p := range wanted {
		wanted[p] = p
	}
	var all []InboxPlace
	for most := share(n, s.partitions) + 1; len(wanted) > 0; most *= 4 {
		full, err := s.inboxBehind(ctx, reason, after, most, wanted, found)
		if err != nil {
			return nil, err
		}
		all = slices.SortedFunc(slices.Values(slices.Concat(found...)), InboxPlace.compare)
		all = all[:min(n, len(all))]
		wanted = slices.DeleteFunc(full, func(p int) bool {
			of := found[p]
			return len(of) > 0 && len(all) == n && all[n-1].compare(of[len(of)-1]) <= 0
		})
	}
	return all, nil
}

// inboxBehind looks at up to most items of partitions, from the place's millisecond on. full are those that may have more.
func (s *Store) inboxBehind(ctx context.Context, reason string, after InboxPlace, most int, partitions []int, found [][]InboxPlace) (full []int, err error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.ZSliceCmd, len(partitions))
	for i, part := range partitions {
		k := inboxKey(part)
		if reason != "" {
			k = inboxOfKey(part, reason)
		}
		cmds[i] = p.ZRangeByScoreWithScores(ctx, k, &redis.ZRangeBy{Min: score(time.UnixMilli(after.At)), Max: "+inf", Count: int64(most)})
	}
	if err := exec(ctx, p, "reading the inbox"); err != nil {
		return nil, err
	}
	for i, part := range partitions {
		found[part] = nil
		for _, z := range cmds[i].Val() {
			if at := (InboxPlace{At: int64(z.Score), ID: text(z.Member), Partition: part}); at.compare(after) > 0 {
				found[part] = append(found[part], at)
			}
		}
		if len(cmds[i].Val()) == most {
			full = append(full, part)
		}
	}
	return full, nil
}

// InboxAt reads the items at places, in one round trip; nil for those that are not there any more.
func (s *Store) InboxAt(ctx context.Context, places []InboxPlace) ([][]byte, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.StringCmd, len(places))
	for i, at := range places {
		cmds[i] = p.HGet(ctx, inboxItemsKey(at.Partition), at.ID)
	}
	if err := exec(ctx, p, "reading the inbox"); err != nil {
		return nil, err
	}
	out := make([][]byte, len(places))
	for i, c := range cmds {
		if b := c.Val(); b != "" {
			out[i] = []byte(b)
		}
	}
	return out, nil
}

// InboxItems reads items of partition p by id; nil for those that are not there any more.
func (s *Store) InboxItems(ctx context.Context, p int, ids []string) ([][]byte, error) {
	places := make([]InboxPlace, len(ids))
	for i, id := range ids {
		places[i] = InboxPlace{ID: id, Partition: p}
	}
	return s.InboxAt(ctx, places)
}

// InboxCounts is how many items there are of each reason.
func (s *Store) InboxCounts(ctx context.Context, reasons []string) (map[string]int64, error) {
	p := s.rdb.Pipeline()
	cmds := make(map[string][]*redis.IntCmd, len(reasons))
	for _, r := range reasons {
		for i := range s.partitions {
			cmds[r] = append(cmds[r], p.ZCard(ctx, inboxOfKey(i, r)))
		}
	}
	if err := exec(ctx, p, "counting the inbox"); err != nil {
		return nil, err
	}
	counts := make(map[string]int64, len(reasons))
	for r, list := range cmds {
		for _, c := range list {
			counts[r] += c.Val()
		}
	}
	return counts, nil
}
