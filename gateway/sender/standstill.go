package sender

import (
	"context"
	"errors"
	"time"

	"github.com/hoidap/hoidap/gateway/store"
)

// standFor is how long nothing is taken in a partition where a key holds something else than hoidap keeps there, before it is looked
// at again. What the others send goes on.
const standFor = 5 * time.Second

// stand has nothing taken in a partition for a while where that is what err says.
func (s *Sender) stand(err error) bool {
	why, ok := errors.AsType[*store.Misplaced](err)
	if !ok || why.Partition == store.Shared {
		return false
	}
	s.Store.Remember(why)
	s.Log.Error("nothing is sent in a partition: Redis holds something else under a key of its own; the others go on", "partition", why.Partition, "error", why)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.still[why.Partition] = s.Now().Add(standFor)
	return true
}

// stands reports whether nothing is taken in a partition; s.mu is held.
func (s *Sender) stands(partition int) bool { return s.Now().Before(s.still[partition]) }

// away says why messages wait: Redis does not answer, or a key that all share is damaged.
func (s *Sender) away(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	why, ok := errors.AsType[*store.Misplaced](err)
	if !ok {
		s.Log.Warn("messages wait: Redis does not answer; trying again", "error", err)
		return
	}
	s.Store.Remember(why)
	s.mu.Lock()
	said := s.Now().Before(s.said[why.Error()])
	s.said[why.Error()] = s.Now().Add(standFor)
	s.mu.Unlock()
	if !said {
		s.Log.Error("messages wait: Redis holds something else under a key of ours; trying again", "error", why)
	}
}
