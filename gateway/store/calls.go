package store

import (
	"context"
	"strconv"
	"time"
)

// KeptTogether is the span of time for which it is counted together how much is kept.
const KeptTogether = time.Hour

// BeginCall writes a mark for a call, for so long, unless there is something already: that is then returned, and nil where
// the mark was written.
func (s *Store) BeginCall(ctx context.Context, id string, mark []byte, lives time.Duration) (found []byte, err error) {
	for range 3 { // what stood there may end between the two
		began, err := s.rdb.SetNX(ctx, s.callKey(id), mark, lives).Result()
		if err != nil {
			return nil, unavailable("noting a call", err)
		}
		if began {
			return nil, nil
		}
		found, err := s.rdb.Get(ctx, s.callKey(id)).Bytes()
		if err == nil {
			return found, nil
		}
		if !isNil(err) {
			return nil, unavailable("reading a call", err)
		}
	}
	return nil, unavailable("noting a call", context.DeadlineExceeded)
}

// KeepCall keeps an answer in the place of the mark, and counts its bytes under whose it is.
func (s *Store) KeepCall(ctx context.Context, id, owner string, answer []byte, now time.Time, lives time.Duration) error {
	p, k, hour := s.rdb.Pipeline(), s.keptKey(owner), now.UnixMilli()/KeptTogether.Milliseconds()
	p.Set(ctx, s.callKey(id), answer, lives)
	p.HIncrBy(ctx, k, strconv.FormatInt(hour, 10), int64(len(answer)))
	p.HDel(ctx, k, strconv.FormatInt(hour-int64(lives/KeptTogether)-1, 10))
	p.PExpire(ctx, k, lives+KeptTogether)
	return exec(ctx, p, "keeping an answer")
}

// KeptOf is how many bytes of answers are kept for an owner that were kept within the time that they live.
func (s *Store) KeptOf(ctx context.Context, owner string, now time.Time, lives time.Duration) (sum int64, err error) {
	hours, err := s.rdb.HGetAll(ctx, s.keptKey(owner)).Result()
	if err != nil && !isNil(err) {
		return 0, unavailable("counting kept answers", err)
	}
	oldest := now.Add(-lives).UnixMilli() / KeptTogether.Milliseconds()
	for hour, n := range hours {
		if h, err := strconv.ParseInt(hour, 10, 64); err == nil && h >= oldest {
			bytes, _ := strconv.ParseInt(n, 10, 64)
			sum += bytes
		}
	}
	return sum, nil
}

// ForgetCall takes a mark away: nothing was done.
func (s *Store) ForgetCall(ctx context.Context, id string) error {
	return unavailable("forgetting a call", s.rdb.Del(ctx, s.callKey(id)).Err())
}

// callKey has what was answered to a call that a client gave a key of its own. Calls are spread over the partitions.
func (s *Store) callKey(id string) string { return key(s.PartitionOf(id), "call:"+id) }

// keptKey counts, by the hour, how much is kept for an owner.
func (s *Store) keptKey(owner string) string { return key(s.PartitionOf(owner), "calls:"+owner) }
