package store_test

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/store"
)

// What many writes do in one batch is what each would do in a batch of its own, whichever of them share a command, and whatever lay in
// the batch's memory before.
func TestABatchDoesWhatItsWritesWouldOneByOne(t *testing.T) {
	together, apart := oneLease(t), oneLease(t)
	all := store.NewBatch(together.lease)
	rapid.Check(t, func(t *rapid.T) {
		together.clear(t)
		apart.clear(t)
		anyWrite(t)(all) // and is given up
		all.Count("run", "n:asked", 1)
		all.CountGiven("offer", noon)
		all.Anew(together.lease)
		for range rapid.IntRange(1, 30).Draw(t, "writes") {
			write := anyWrite(t)
			write(all)
			one := store.NewBatch(apart.lease)
			write(one)
			require.NoError(t, apart.store.CommitOne(context.Background(), one))
		}
		require.NoError(t, together.store.CommitOne(context.Background(), all))
		require.Equal(t, apart.content(t), together.content(t))
	})
}

// anyWrite is one of few writes about few things, so that they meet.
func anyWrite(t *rapid.T) func(*store.Batch) {
	const contact, account = "c1-a", "sms"
	id := fmt.Sprint(contact, ".", rapid.IntRange(1, 2).Draw(t, "number"))
	at := noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "at")) * time.Second)
	state := rapid.SampledFrom([]string{"paused", "running"}).Draw(t, "state")
	body := rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "body")
	number, is := rapid.Int64Range(0, 40).Draw(t, "place"), rapid.Bool().Draw(t, "is")
	other := store.IndexChange{Number: rapid.Int64Range(0, 40).Draw(t, "other place"), True: rapid.Bool().Draw(t, "other is")}
	fields := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Field {
		return store.Field{Name: rapid.SampledFrom([]string{"c", "d", "p:style"}).Draw(t, "field"), Value: string(rapid.SliceOfN(rapid.Byte(), 0, 2).Draw(t, "value"))}
	}), 0, 4).Draw(t, "fields")
	return rapid.SampledFrom([]func(*store.Batch){
		func(b *store.Batch) { b.SetTimer(id, at) },
		func(b *store.Batch) { b.ClearTimer(id) },
		func(b *store.Batch) { b.Queue(account, id, at, false, body) },
		func(b *store.Batch) { b.Depart(id, at, body) },
		func(b *store.Batch) { b.Landed(id, true) },
		func(b *store.Batch) { b.Requeue(account, id, at, true, body) },
		func(b *store.Batch) { b.Park(account, "run", id, at, true, body) },
		func(b *store.Batch) { b.Unpark(account, "run") },
		func(b *store.Batch) { b.Withdraw(account, "run", id) },
		func(b *store.Batch) { b.Unqueue(account, id) },
		func(b *store.Batch) { b.Block(contact, id) },
		func(b *store.Batch) { b.Unblock(contact, id) },
		func(b *store.Batch) { b.StepAside(account, contact, id, at, true) },
		func(b *store.Batch) { b.SetRun("run", "state", state) },
		func(b *store.Batch) { b.Link(id, contact) },
		func(b *store.Batch) { b.Unlink(id) },
		func(b *store.Batch) { b.AddInboxItem(id, "unclear", at, body) },
		func(b *store.Batch) { b.CloseInboxItem(id, "unclear") },
		func(b *store.Batch) { b.Suppress(id) },
		func(b *store.Batch) { b.Unsuppress(id) },
		func(b *store.Batch) { b.PutContact(contact, is, distinct(fields)) },
		func(b *store.Batch) { b.Ledger(contact, [][]byte{body, []byte(id)}) },
		func(b *store.Batch) { b.TrimLedger(contact, 3) },
		func(b *store.Batch) {
			b.Index("term", []store.IndexChange{{Number: number, True: is}, other, {Number: number, True: !is}})
		},
		func(b *store.Batch) { b.IndexTerm(id, "subject") },
		func(b *store.Batch) { b.LumpIndex("subject", "term", body, []string{id}) },
		func(b *store.Batch) { b.ForgetIndex([]string{"term", id}) },
		func(b *store.Batch) { b.Tell("shop", id, at, body) },
		func(b *store.Batch) { b.TellAgain("shop", id, at, body) },
		func(b *store.Batch) { b.Told("shop", id) },
		func(b *store.Batch) { b.BuryTold("shop", id, "gone", body, at) },
		func(b *store.Batch) { b.Append(store.LogEntry{ID: id, Key: contact, Body: body}) },
		func(b *store.Batch) { b.Forward(2, store.LogEntry{ID: id, Key: contact, Body: body}) },
		func(b *store.Batch) { b.Handled("0-0", []string{id}, at) },
		func(b *store.Batch) { b.LinkReply("code", id, at) },
		func(b *store.Batch) { b.Hasten(account, id, at, true) },
		func(b *store.Batch) { b.ListRun(id, at) },
		func(b *store.Batch) {
			b.EraseContact(contact, store.Traces{Timers: []string{id}, Inbox: map[string]string{id: "unclear"}, Queues: map[string][]string{account: {id}}})
		},
	}).Draw(t, "write")
}

// distinct is the last of the fields of each name: what a contact is given has each once.
func distinct(fields []store.Field) (out []store.Field) {
	for i, f := range fields {
		if !slices.ContainsFunc(fields[i+1:], func(x store.Field) bool { return x.Name == f.Name }) {
			out = append(out, f)
		}
	}
	return out
}

// partitioned is a store with a lease, and the Redis under it.
type partitioned struct {
	store *store.Store
	lease store.Lease
	rdb   *redis.Client
}

func oneLease(t *testing.T) partitioned {
	t.Helper()
	m := miniredis.RunT(t)
	s := open(t, "redis://"+m.Addr())
	rdb := redis.NewClient(&redis.Options{Addr: m.Addr(), DisableIdentity: true})
	t.Cleanup(func() { rdb.Close() })
	return partitioned{s, acquire(t, s, 1, "a"), rdb}
}

// partition is where the keys of everything but the lease lie.
const partition = "*{p01}*"

func (l partitioned) keys(t *rapid.T) []string {
	all, err := l.rdb.Keys(context.Background(), partition).Result()
	require.NoError(t, err)
	keys := slices.DeleteFunc(all, func(k string) bool {
		return k == "{p01}:lease" || k == "{p01}:epoch"
	})
	sort.Strings(keys)
	return keys
}

func (l partitioned) clear(t *rapid.T) {
	if keys := l.keys(t); len(keys) > 0 {
		require.NoError(t, l.rdb.Del(context.Background(), keys...).Err())
	}
}

// content is everything that lies in the partition. The token of the lease is part of a mark, and the same in both.
func (l partitioned) content(t *rapid.T) map[string]any {
	ctx, out := context.Background(), map[string]any{}
	for _, k := range l.keys(t) {
		switch typ := l.rdb.Type(ctx, k).Val(); typ {
		case "hash":
			out[k] = l.rdb.HGetAll(ctx, k).Val()
		case "zset":
			out[k] = l.rdb.ZRangeWithScores(ctx, k, 0, -1).Val()
		case "set":
			members := l.rdb.SMembers(ctx, k).Val()
			sort.Strings(members)
			out[k] = members
		case "string":
			out[k] = l.rdb.Get(ctx, k).Val()
		case "list":
			out[k] = l.rdb.LRange(ctx, k, 0, -1).Val()
		case "stream":
			var entries []map[string]any
			for _, x := range l.rdb.XRange(ctx, k, "-", "+").Val() {
				entries = append(entries, x.Values) // their ids tell the time
			}
			out[k] = entries
		default:
			t.Fatalf("%s is a %s", k, typ)
		}
	}
	return out
}

// TestManyBitsOfATermAreSet on a real Redis, where one command sets many, and on the demo's, where each has its own.
func TestManyBitsOfATermAreSet(t *testing.T) {
	const people = 2500 // more than one command takes
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		var changes []store.IndexChange
		expected := make([]byte, (people*3+7)/8)
		for i := range int64(people) {
			changes = append(changes, store.IndexChange{Number: 3 * i, True: true})
			expected[3*i/8] |= 0x80 >> (3 * i % 8)
		}
		b := store.NewBatch(acquire(t, s, 1, "a"))
		b.Index("term", changes)
		require.NoError(t, s.CommitOne(t.Context(), b))
		found, err := s.IndexBits(t.Context(), [][]string{nil, {"term"}})
		require.NoError(t, err)
		require.Equal(t, string(expected), found[1]["term"])
	})
}

// TestALargeBatchLeavesNoLargeMemory: an erasure that touches every term of an index, say, is seldom, and the next batch is not as large.
func TestALargeBatchLeavesNoLargeMemory(t *testing.T) {
	l := store.Lease{Partition: 1, Token: "a"}
	b := store.NewBatch(l)
	for _, n := range []int{100, 20_000, 100} {
		for i := range n {
			b.Index(fmt.Sprint("term", i), []store.IndexChange{{Number: 7}})
		}
		b.Anew(l)
		require.True(t, b.Empty())
		require.LessOrEqual(t, store.Room(b), store.BatchKept)
		require.Equal(t, n < store.BatchKept, store.Room(b) >= n, "but what most need")
	}
}
