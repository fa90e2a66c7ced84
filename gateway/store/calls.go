package store

import (
	"context"
	"time"
)

// callKey has what was answered to a call that a client gave a key of its own.
func callKey(id string) string { return "{call:" + id + "}:answer" }

// BeginCall writes a mark for a call, for so long, unless there is something already: that is then returned, and "" where
// the mark was written.
func (s *Store) BeginCall(ctx context.Context, id, mark string, lives time.Duration) (found string, err error) {
	for range 3 { // what stood there may end between the two
		began, err := s.rdb.SetNX(ctx, callKey(id), mark, lives).Result()
		if err != nil {
			return "", unavailable("noting a call", err)
		}
		if began {
			return "", nil
		}
		found, err := s.rdb.Get(ctx, callKey(id)).Result()
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
	return unavailable("keeping an answer", s.rdb.Set(ctx, callKey(id), answer, lives).Err())
}

// ForgetCall takes a mark away: nothing was done.
func (s *Store) ForgetCall(ctx context.Context, id string) error {
	return unavailable("forgetting a call", s.rdb.Del(ctx, callKey(id)).Err())
}
