package store_test

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// TestACommitNamesWhateverKeyItMeets that holds something else, also where it is one of the script's own commands that meets it: a
// commit that was applied half-way must not be made again and again.
func TestACommitNamesWhateverKeyItMeets(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s, rdb, ctx := open(t, server.URL), server.Client(), t.Context()
	defer rdb.Close()
	l := acquire(t, s, 1, "a")
	const contact, id, shop = "c1-a", "c1-a.1", "shop"
	body := []byte("a body")
	queued := func(b *store.Batch) { b.Queue("sms", id, noon, true, body); b.Block(contact, id) }
	departed := func(b *store.Batch) { b.Depart(id, noon, body) }
	paused := func(b *store.Batch) { departed(b); b.SetRun("run", "state", "paused") }
	parked := func(b *store.Batch) { paused(b); b.Park("sms", "run", id, noon, true, body) }
	told := func(b *store.Batch) { b.Tell(shop, id, noon, body) }
	none := func(*store.Batch) {}
	for name, c := range map[string]struct {
		before, write func(*store.Batch)
		keys          []string
	}{
		"requeue":    {departed, func(b *store.Batch) { b.Requeue("sms", id, noon, true, body) }, []string{"out:sending", "out:bodies", "out:due:sms"}},
		"park":       {paused, func(b *store.Batch) { b.Park("sms", "run", id, noon, true, body) }, []string{"out:sending", "out:bodies", "out:parked:sms:run", "run:run"}},
		"unpark":     {parked, func(b *store.Batch) { b.Unpark("sms", "run") }, []string{"out:parked:sms:run", "out:due:sms"}},
		"withdraw":   {queued, func(b *store.Batch) { b.Withdraw("sms", "run", id) }, []string{"out:due:sms", "out:bodies", "out:blocked"}},
		"step aside": {queued, func(b *store.Batch) { b.StepAside("sms", contact, id, noon, true) }, []string{"out:due:sms", "out:blocked"}},
		"unblock":    {queued, func(b *store.Batch) { b.Unblock(contact, id) }, []string{"out:blocked"}},
		"tell":       {none, func(b *store.Batch) { b.Tell(shop, id, noon, body) }, []string{"webhooks:due:shop", "webhooks:bodies"}},
		"tell again": {told, func(b *store.Batch) { b.TellAgain(shop, id, noon, body) }, []string{"webhooks:due:shop", "webhooks:bodies"}},
		"bury told":  {told, func(b *store.Batch) { b.BuryTold(shop, id, "gone", body, noon) }, []string{"webhooks:due:shop", "webhooks:bodies", "dead"}},
		"bits":       {none, func(b *store.Batch) { b.Index("term", []store.IndexChange{{Number: 1, True: true}}) }, []string{"index:of:term"}},
		"many bits": {none, func(b *store.Batch) {
			b.Index("term", []store.IndexChange{{Number: 1, True: true}, {Number: 2, True: true}})
		}, []string{"index:of:term"}},
		"no bits": {none, func(b *store.Batch) { b.Index("term", []store.IndexChange{{Number: 1}}) }, []string{"index:of:term"}},
	} {
		for _, key := range c.keys {
			t.Run(name+" "+key, func(t *testing.T) {
				key := "{p01}:" + key
				prepared := store.NewBatch(l)
				c.before(prepared)
				require.NoError(t, s.CommitOne(ctx, prepared))
				_, err := rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
					p.Del(ctx, key)
					if strings.HasSuffix(name, "bits") {
						p.HSet(ctx, key, "somebody", "else's")
					} else {
						p.Set(ctx, key, "somebody else's", 0)
					}
					return nil
				})
				require.NoError(t, err)
				b := store.NewBatch(l)
				c.write(b)
				var why *store.Misplaced
				require.ErrorAs(t, s.CommitOne(ctx, b), &why)
				require.True(t, why.Half)
				require.Equal(t, 1, why.Partition)
				mended, err := s.Mended(ctx, why)
				require.NoError(t, err)
				require.False(t, mended)
				for _, k := range rdb.Keys(ctx, "{p01}:*").Val() {
					if k != "{p01}:lease" && k != "{p01}:epoch" {
						require.NoError(t, rdb.Del(ctx, k).Err())
					}
				}
			})
		}
	}
}
