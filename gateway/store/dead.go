package store

import (
	"cmp"
	"context"
	"slices"
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
	b.write(cmdXADD, deadKey(b.lease.Partition), "MAXLEN", "~", deadMost, "*", "i", id, "k", key, "b", body, "r", reason, "at", now.UnixMilli(), "what", what)
}

// Unbury takes letters off the list.
func (b *Batch) Unbury(places ...string) {
	args := make([]any, len(places))
	for i, at := range places {
		args[i] = at
	}
	b.writeMany(cmdXDEL, deadKey(b.lease.Partition), args)
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

// DeadPlace is where a dead letter lies: the newest first, and of one moment in the order of the partitions.
type DeadPlace struct {
	Partition int
	Place     string // "": before the newest of all
}

func (p DeadPlace) compare(q DeadPlace) int {
	a, b := streamPlace(p.Place), streamPlace(q.Place)
	return cmp.Or(cmp.Compare(b[0], a[0]), cmp.Compare(b[1], a[1]), cmp.Compare(p.Partition, q.Partition))
}

// streamPlace is the two numbers of a place in a stream.
func streamPlace(place string) (of [2]uint64) {
	ms, seq, _ := strings.Cut(place, "-")
	of[0], _ = strconv.ParseUint(ms, 10, 64)
	of[1], _ = strconv.ParseUint(seq, 10, 64)
	return of
}

// DeadIn is a dead letter of a partition.
type DeadIn struct {
	Dead
	Partition int
}

func (d DeadIn) place() DeadPlace { return DeadPlace{d.Partition, d.Place} }

// DeadLetters lists the newest n of all partitions that lie behind a place, in order. Of each partition little more is read than
// what is listed.
func (s *Store) DeadLetters(ctx context.Context, after DeadPlace, n int) ([]DeadIn, error) {
	if n <= 0 {
		return nil, nil
	}
	from, wanted := make([]string, s.partitions), make([]int, s.partitions)
	for p := range from {
		switch wanted[p] = p; {
		case after.Place == "":
			from[p] = "+"
		case p > after.Partition:
			from[p] = after.Place
		default:
			from[p] = "(" + after.Place
		}
	}
	var all []DeadIn
	for most := share(n, s.partitions); len(wanted) > 0; most *= 2 {
		pipe, cmds := s.rdb.Pipeline(), make([]*redis.XMessageSliceCmd, len(wanted))
		for i, p := range wanted {
			cmds[i] = pipe.XRevRangeN(ctx, deadKey(p), from[p], "-", int64(most))
		}
		if err := exec(ctx, pipe, "reading dead letters"); err != nil {
			return nil, err
		}
		last := map[int]DeadPlace{} // of the partitions that may have more
		for i, p := range wanted {
			ms := cmds[i].Val()
			for _, m := range ms {
				all = append(all, DeadIn{dead(m), p})
			}
			if len(ms) == most {
				last[p] = DeadPlace{p, ms[most-1].ID}
				from[p] = "(" + ms[most-1].ID
			}
		}
		slices.SortFunc(all, func(a, b DeadIn) int { return a.place().compare(b.place()) })
		all = all[:min(n, len(all))]
		wanted = slices.DeleteFunc(wanted, func(p int) bool {
			at, more := last[p]
			return !more || len(all) == n && all[n-1].place().compare(at) <= 0
		})
	}
	return all, nil
}

// share is how many of a list of n are read of each partition at first: what is listed together lies in all of them alike, mostly.
func share(n, partitions int) int { return min(n, n/partitions+8) }

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
