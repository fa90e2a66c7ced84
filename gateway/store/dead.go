package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// deadMost bounds the dead letters of a partition, roughly: the oldest give way.
const deadMost = 10000

// Dead is an event or message that was given up, with what is needed to have it again.
type Dead struct {
	Place  string // in the partition's stream of dead letters
	ID     string // the event's or message's
	Key    string // of an event: the contact's id or an address; of a message: its account
	Reason string
	What   string // event, message
	Body   []byte // as it was stored: a log entry's, or a queued message's; empty where it was not kept
	At     time.Time
}

// Bury keeps an event that cannot be handled, for people to look at and to replay.
func (b *Batch) Bury(e LogEntry, reason string, now time.Time) {
	b.bury("event", e.ID, e.Key, reason, e.Body, now)
}

// BuryMessage keeps a message that was given up, as it was queued.
func (b *Batch) BuryMessage(id, account, reason string, body []byte, now time.Time) {
	b.bury("message", id, account, reason, body, now)
}

func (b *Batch) bury(what, id, key, reason string, body []byte, now time.Time) {
	b.write("XADD", deadKey(b.lease.Partition), "MAXLEN", "~", deadMost, "*", "i", id, "k", key, "b", body, "r", reason, "at", now.UnixMilli(), "what", what)
}

// Unbury takes letters off the list.
func (b *Batch) Unbury(places ...string) {
	args := make([]any, len(places))
	for i, at := range places {
		args[i] = at
	}
	b.writeMany("XDEL", deadKey(b.lease.Partition), args)
}

// CountDead is how many there are in all partitions.
func (s *Store) CountDead(ctx context.Context) (n int64, err error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.IntCmd, s.partitions)
	for i := range cmds {
		cmds[i] = p.XLen(ctx, deadKey(i))
	}
	if err := exec(ctx, p, "counting dead letters"); err != nil {
		return 0, err
	}
	for _, c := range cmds {
		n += c.Val()
	}
	return n, nil
}

// DeadLetters lists up to n of partition p that lie before a place ("": the newest), newest first.
func (s *Store) DeadLetters(ctx context.Context, p int, before string, n int) ([]Dead, error) {
	from := "+"
	if before != "" {
		from = "(" + before
	}
	return deadOf(s.rdb.XRevRangeN(ctx, deadKey(p), from, "-", int64(n)))
}

// OldDeadLetters lists up to n of partition p that lie after a place ("": the oldest), oldest first.
func (s *Store) OldDeadLetters(ctx context.Context, p int, after string, n int) ([]Dead, error) {
	from := "-"
	if after != "" {
		from = "(" + after
	}
	return deadOf(s.rdb.XRangeN(ctx, deadKey(p), from, "+", int64(n)))
}

// DeadAt reads the letters at places; those that are gone are left out.
func (s *Store) DeadAt(ctx context.Context, p int, places []string) ([]Dead, error) {
	pipe := s.rdb.Pipeline()
	cmds := make([]*redis.XMessageSliceCmd, len(places))
	for i, at := range places {
		cmds[i] = pipe.XRange(ctx, deadKey(p), at, at)
	}
	if err := exec(ctx, pipe, "reading dead letters"); err != nil {
		return nil, err
	}
	var out []Dead
	for _, c := range cmds {
		for _, m := range c.Val() {
			out = append(out, dead(m))
		}
	}
	return out, nil
}

// DeadAbout is the places of the letters of partition p that have to do with an address.
func (s *Store) DeadAbout(ctx context.Context, p int, address string) ([]string, error) {
	ms, err := s.rdb.XRange(ctx, deadKey(p), "-", "+").Result()
	if err != nil {
		return nil, unavailable("reading dead letters", err)
	}
	var places []string
	for _, m := range ms {
		if text(m.Values["k"]) == address || strings.Contains(text(m.Values["b"]), address) {
			places = append(places, m.ID)
		}
	}
	return places, nil
}

func deadOf(c *redis.XMessageSliceCmd) ([]Dead, error) {
	ms, err := c.Result()
	if err != nil {
		return nil, unavailable("reading dead letters", err)
	}
	out := make([]Dead, len(ms))
	for i, m := range ms {
		out[i] = dead(m)
	}
	return out, nil
}

func dead(m redis.XMessage) Dead {
	at, _ := strconv.ParseInt(text(m.Values["at"]), 10, 64)
	return Dead{Place: m.ID, ID: text(m.Values["i"]), Key: text(m.Values["k"]), Reason: text(m.Values["r"]), What: text(m.Values["what"]),
		Body: []byte(text(m.Values["b"])), At: time.UnixMilli(at)}
}
