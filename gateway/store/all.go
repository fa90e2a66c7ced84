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

// LoadSome reads some fields of contacts by id, in one round trip. Their versions are not read.
func (s *Store) LoadSome(ctx context.Context, ids, fields []string) ([]Contact, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.SliceCmd, len(ids))
	for i, id := range ids {
		if part, ok := s.PartitionOfContact(id); ok {
			cmds[i] = p.HMGet(ctx, contactKey(part, id), fields...)
		}
	}
	if err := exec(ctx, p, "loading contacts"); err != nil {
		return nil, err
	}
	out := make([]Contact, len(ids))
	for i, id := range ids {
		out[i] = Contact{ID: id, Fields: map[string]string{}}
		if cmds[i] == nil {
			continue
		}
		for n, v := range cmds[i].Val() {
			if v != nil {
				out[i].Fields[fields[n]] = text(v)
			}
		}
	}
	return out, nil
}

// Present reports of each contact, by id, whether there is one, in one round trip.
func (s *Store) Present(ctx context.Context, ids []string) ([]bool, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.IntCmd, len(ids))
	for i, id := range ids {
		if part, ok := s.PartitionOfContact(id); ok {
			cmds[i] = p.Exists(ctx, contactKey(part, id))
		}
	}
	if err := exec(ctx, p, "looking for contacts"); err != nil {
		return nil, err
	}
	out := make([]bool, len(ids))
	for i, c := range cmds {
		out[i] = c != nil && c.Val() == 1
	}
	return out, nil
}

// ListedRuns is every run on the list of runs, newest first.
func (s *Store) ListedRuns(ctx context.Context) ([]ListedRun, error) {
	v, err := s.rdb.ZRevRangeWithScores(ctx, runsKey(RunsPartition), 0, -1).Result()
	if err != nil {
		return nil, unavailable("listing runs", err)
	}
	return s.campaignsOf(ctx, v)
}
