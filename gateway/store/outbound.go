package store

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Answers to people are taken before anything that goes out unasked, however long that has been waiting: their place in
// the queue is urgentLead ahead of their time.
const urgentLead = 4_000_000_000_000 // ms: more than the clock shows, so that the two ranges never meet

// Queue puts a message on an account's outbound queue, to be taken from due on.
func (b *Batch) Queue(account, id string, due time.Time, urgent bool, body []byte) {
	p := b.lease.Partition
	b.write("HSET", bodiesKey(p), id, body)
	b.write("ZADD", outKey(p, account), place(due, urgent), id)
}

// Requeue puts a message back with another body and time, unless it was withdrawn or its contact erased meanwhile.
func (b *Batch) Requeue(account, id string, due time.Time, urgent bool, body []byte) {
	p := b.lease.Partition
	b.write("REQUEUE", bodiesKey(p), b.key(outKey(p, account)), id, body, place(due, urgent))
}

func place(due time.Time, urgent bool) int64 {
	if urgent {
		return due.UnixMilli() - urgentLead
	}
	return due.UnixMilli()
}

// Hasten makes a waiting message due now.
func (b *Batch) Hasten(account, id string, now time.Time) {
	b.write("ZADD", outKey(b.lease.Partition, account), "XX", now.UnixMilli(), id)
}

// Unqueue takes a message off its queue: it was sent, given up or withdrawn.
func (b *Batch) Unqueue(account string, ids ...string) {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	p := b.lease.Partition
	b.writeMany("ZREM", outKey(p, account), args)
	b.writeMany("HDEL", bodiesKey(p), args)
	b.writeMany("HDEL", sendingKey(p), args)
}

// NotSending takes back the mark that a message is being sent.
func (b *Batch) NotSending(id string) { b.write("HDEL", sendingKey(b.lease.Partition), id) }

// Block keeps the later messages to a contact waiting until id has gone; Unblock lets them go.
func (b *Batch) Block(contact, id string) {
	b.write("HSET", blockedKey(b.lease.Partition), contact, id)
}

// Unblock lets the messages to a contact go.
func (b *Batch) Unblock(contact string) { b.write("HDEL", blockedKey(b.lease.Partition), contact) }

// Due is a message that may be taken now.
type Due struct {
	Partition int
	ID        string
	Body      []byte
}

// Due lists up to n messages a partition of an account's queues that are due, answers to people first.
func (s *Store) Due(ctx context.Context, partitions []int, account string, now time.Time, n int) ([]Due, error) {
	p := s.rdb.Pipeline()
	urgent := make([]*redis.StringSliceCmd, len(partitions))
	bulk := make([]*redis.StringSliceCmd, len(partitions))
	ms := now.UnixMilli()
	for i, part := range partitions {
		urgent[i] = p.ZRangeByScore(ctx, outKey(part, account), &redis.ZRangeBy{Min: "-inf", Max: strconv.FormatInt(ms-urgentLead, 10), Count: int64(n)})
		bulk[i] = p.ZRangeByScore(ctx, outKey(part, account), &redis.ZRangeBy{Min: "0", Max: strconv.FormatInt(ms, 10), Count: int64(n)})
	}
	if err := exec(ctx, p, "reading the outbound queue"); err != nil {
		return nil, err
	}
	var due []Due
	for _, from := range [][]*redis.StringSliceCmd{urgent, bulk} {
		for i, part := range partitions {
			for _, id := range from[i].Val() {
				due = append(due, Due{Partition: part, ID: id})
			}
		}
	}
	return due, nil
}

// Bodies reads what is queued under ids; a message that is gone has no body.
func (s *Store) Bodies(ctx context.Context, due []Due) error {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.StringCmd, len(due))
	for i, d := range due {
		cmds[i] = p.HGet(ctx, bodiesKey(d.Partition), d.ID)
	}
	if err := exec(ctx, p, "reading messages"); err != nil {
		return err
	}
	for i, c := range cmds {
		due[i].Body = []byte(c.Val())
	}
	return nil
}

// Start is a message about to be sent, and its contact.
type Start struct {
	ID, Contact string
}

// Started is what the gate must know at the moment of sending: the message as it is queued now (nil: withdrawn) and the
// core of its contact (nil: erased). Where it is marked already, it must be settled before anything else.
type Started struct {
	Body, Core []byte
	Marked     bool
}

// Start marks messages of one partition as being sent, so that a crash leaves a trace, and reads what the gate asks for
// in the same breath. errs as in Commit.
func (s *Store) Start(ctx context.Context, leases []Lease, starts [][]Start, now time.Time) (started [][]Started, errs []error) {
	started, errs = make([][]Started, len(leases)), make([]error, len(leases))
	mark := strconv.FormatInt(now.UnixMilli(), 10) + "|" + rand.Text()
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for i, l := range leases {
			keys := []string{leaseKey(l.Partition), bodiesKey(l.Partition), sendingKey(l.Partition)}
			args := []any{l.Token, mark}
			for _, m := range starts[i] {
				keys = append(keys, contactKey(l.Partition, m.Contact))
				args = append(args, m.ID)
			}
			s.scripts.start.EvalSha(ctx, p, keys, args...)
		}
	})
	for i := range leases {
		if err != nil {
			errs[i] = err
			continue
		}
		started[i], errs[i] = startedOf(cmds[i].(*redis.Cmd))
	}
	return started, errs
}

func startedOf(c *redis.Cmd) ([]Started, error) {
	v, err := c.Result()
	if err != nil {
		return nil, unavailable("starting to send", err)
	}
	if word, ok := v.(string); ok && word == "FENCED" {
		return nil, ErrFenced
	}
	rows, _ := v.([]any)
	out := make([]Started, len(rows))
	for i, r := range rows {
		pair, _ := r.([]any)
		if len(pair) > 0 && pair[0] != nil {
			out[i].Body = []byte(text(pair[0]))
		}
		if len(pair) > 1 && pair[1] != nil {
			out[i].Core = []byte(text(pair[1]))
		}
		if len(pair) > 2 {
			out[i].Marked = pair[2] == int64(1)
		}
	}
	return out, nil
}

// Unfinished is what a former owner of partition p left: messages marked as being sent, and contacts whose messages wait
// for one that is tried again.
type Unfinished struct {
	Sending map[string]time.Time // message id -> when it was started
	Blocked map[string]string    // contact -> message id
}

// Unfinished reads what a former owner left.
func (s *Store) Unfinished(ctx context.Context, p int) (Unfinished, error) {
	pipe := s.rdb.Pipeline()
	sending, blocked := pipe.HGetAll(ctx, sendingKey(p)), pipe.HGetAll(ctx, blockedKey(p))
	if err := exec(ctx, pipe, "reading what was being sent"); err != nil {
		return Unfinished{}, err
	}
	u := Unfinished{Sending: map[string]time.Time{}, Blocked: blocked.Val()}
	for id, at := range sending.Val() {
		at, _, _ = strings.Cut(at, "|")
		ms, _ := strconv.ParseInt(at, 10, 64)
		u.Sending[id] = time.UnixMilli(ms)
	}
	return u, nil
}

// Waiting is how many messages wait in partition p for the accounts.
func (s *Store) Waiting(ctx context.Context, p int, accounts []string) (int64, error) {
	pipe := s.rdb.Pipeline()
	cmds := make([]*redis.IntCmd, len(accounts))
	for i, a := range accounts {
		cmds[i] = pipe.ZCard(ctx, outKey(p, a))
	}
	if err := exec(ctx, pipe, "counting what waits"); err != nil {
		return 0, err
	}
	var n int64
	for _, c := range cmds {
		n += c.Val()
	}
	return n, nil
}
