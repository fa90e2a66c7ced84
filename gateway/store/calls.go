package store

import (
	"context"
	"time"
)

// BeginCall writes a mark for a call, for so long, unless there is something already: that is then returned, and "" where
// the mark was written.
func (s *Store) BeginCall(ctx context.Context, id, mark string, lives time.Duration) (found string, err error) {
	for range 3 { // what stood there may end between the two
		began, err := s.rdb.SetNX(ctx, s.callKey(id), mark, lives).Result()
		if err != nil {
			return "", unavailable("noting a call", err)
		}
		if began {
			return "", nil
		}
		found, err := s.rdb.Get(ctx, s.callKey(id)).Result()
		if err == nil {
			return found, nil
		}
		if !isNil(err) {
			return "", unavailable("reading a call", err)
		}
	}
	return "", unavailable("noting a call", context.DeadlineExceeded)
}

// KeepCall keeps an answer in the place of the mark.
func (s *Store) KeepCall(ctx context.Context, id, answer string, lives time.Duration) error {
	return unavailable("keeping an answer", s.rdb.Set(ctx, s.callKey(id), answer, lives).Err())
}

// ForgetCall takes a mark away: nothing was done.
func (s *Store) ForgetCall(ctx context.Context, id string) error {
	return unavailable("forgetting a call", s.rdb.Del(ctx, s.callKey(id)).Err())
}

// callKey has what was answered to a call that a client gave a key of its own. Calls are spread over the partitions.
func (s *Store) callKey(id string) string { return key(s.PartitionOf(id), "call:"+id) }
