package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// Links to answer a message by are kept for at least as long as a question may stay open: those of each such time in a
// hash of their own, which expires as a whole.
const linksFor = 31 * 24 * time.Hour

func linksTurn(t time.Time) int64 { return t.UnixMilli() / linksFor.Milliseconds() }

// LinkReply makes a code lead to a message, or to whatever else its caller names.
func (b *Batch) LinkReply(code, to string, now time.Time) {
	k := replyLinksKey(b.lease.Partition, linksTurn(now))
	b.member(cmdHSET, k, code, code, to)
	b.write(cmdPEXPIRE, k, 2*linksFor.Milliseconds())
}

// Replied is what a code leads to; "" where it leads nowhere (any more).
func (s *Store) Replied(ctx context.Context, partition int, code string, now time.Time) (to string, err error) {
	if partition < 0 || partition >= s.partitions {
		return "", nil
	}
	for turn := linksTurn(now); turn >= linksTurn(now)-1; turn-- {
		to, err = s.rdb.HGet(ctx, replyLinksKey(partition, turn), code).Result()
		if err == nil {
			return to, nil
		}
		if !errors.Is(err, redis.Nil) {
			return "", unavailable("looking up a reply link", err)
		}
	}
	return "", nil
}
