package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// AllPartitions as the target of a forwarded event means every one.
const AllPartitions = -1

// answerTTL is how long an answer waits for whoever asked.
const answerTTL = time.Minute

// LogEntry is one event on a partition's log.
type LogEntry struct {
	At   string // the entry's place in the log; empty where it is not there yet
	ID   string // the event's id: a repeat is dropped
	Key  string // a contact's id or an address, or empty for the partition itself
	Body []byte
	Bulk bool // it stands on the partition's second log, for what nobody waits for
}

func (e LogEntry) stream(p int) string {
	if e.Bulk {
		return bulkKey(p)
	}
	return logKey(p)
}

// Read waits up to block for events on the logs of partitions, at most n each, behind the entries named in behind; "" and
// nil mean the logs' heads. It does not move anything: a commit takes what it handled off the logs.
func (s *Store) Read(ctx context.Context, partitions []int, behind []string, n int, block time.Duration) (map[int][]LogEntry, error) {
	return s.read(ctx, logsOf(partitions, logKey, behind), n, block, false)
}

// BulkHeads is the first entry of each partition's bulk log, as far as there is one. It does not wait.
func (s *Store) BulkHeads(ctx context.Context, partitions []int) (map[int]LogEntry, error) {
	found, err := s.read(ctx, logsOf(partitions, bulkKey, nil), 1, atOnce, true)
	heads := make(map[int]LogEntry, len(found))
	for p, es := range found {
		heads[p] = es[0]
	}
	return heads, err
}

// log is a partition's log, to be read behind an entry.
type log struct {
	partition int
	stream
}

func logsOf(partitions []int, key func(int) string, behind []string) []log {
	out := make([]log, len(partitions))
	for i, p := range partitions {
		out[i] = log{p, stream{key: key(p)}}
		if behind != nil {
			out[i].behind = behind[i]
		}
	}
	return out
}

func (s *Store) read(ctx context.Context, logs []log, n int, block time.Duration, bulk bool) (map[int][]LogEntry, error) {
	streams := make([]stream, len(logs))
	for i, l := range logs {
		streams[i] = l.stream
	}
	found, err := s.readStreams(ctx, streams, n, block)
	if err != nil {
		return nil, err
	}
	out := make(map[int][]LogEntry, len(found))
	for _, l := range logs {
		if ms := found[l.key]; len(ms) > 0 {
			out[l.partition] = entries(ms, bulk)
		}
	}
	return out, nil
}

func entries(ms []redis.XMessage, bulk bool) []LogEntry {
	out := make([]LogEntry, len(ms))
	for i, m := range ms {
		out[i] = LogEntry{At: m.ID, ID: text(m.Values["i"]), Key: text(m.Values["k"]), Body: []byte(text(m.Values["b"])), Bulk: bulk}
	}
	return out
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// Forwarded is an event on its way to another partition.
type Forwarded struct {
	LogEntry
	To int
}

// Forwarding lists what is on its way from partition p, at most n.
func (s *Store) Forwarding(ctx context.Context, p, n int) ([]Forwarded, error) {
	c := s.rdb.XRangeN(ctx, forwardKey(p), "-", "+", int64(n))
	ms, err := c.Result()
	if err != nil {
		return nil, failed("reading what is forwarded", c)
	}
	out := make([]Forwarded, len(ms))
	for i, e := range entries(ms, false) {
		to, err := strconv.Atoi(text(ms[i].Values["to"]))
		if err != nil {
			to = p
		}
		e.Bulk = text(ms[i].Values["q"]) == "bulk"
		out[i] = Forwarded{LogEntry: e, To: to}
	}
	return out, nil
}

// DropAnswer forgets an answer that nobody has come for, before the same is asked again.
func (s *Store) DropAnswer(ctx context.Context, p int, event string) error {
	return unavailable("forgetting an old answer", s.rdb.Del(ctx, answerKey(p, event)).Err())
}

// Await waits for the answer to an event that was appended to partition p. Where one event may be asked for by several, try
// is which of them waits: they are given what was handed to them, too. Empty: nobody else asks.
func (s *Store) Await(ctx context.Context, p int, event, try string, limit time.Duration) ([]byte, error) {
	keys := []string{answerKey(p, event)}
	if try != "" {
		keys = append(keys, handedKey(p, event, try))
	}
	v, err := s.waiters.BLPop(ctx, limit, keys...).Result()
	if isNil(err) {
		return nil, unavailable("waiting for the partition's owner", errors.New("no answer in time"))
	}
	if err != nil {
		return nil, unavailable("waiting for the partition's owner", err)
	}
	return []byte(v[1]), nil
}

// HandAnswer gives an answer to the one who waits for it, as somebody else who asked for the same event has got it.
func (s *Store) HandAnswer(ctx context.Context, p int, event, try string, answer []byte) error {
	key, tx := handedKey(p, event, try), s.rdb.TxPipeline()
	tx.RPush(ctx, key, answer)
	tx.PExpire(ctx, key, answerTTL)
	return exec(ctx, tx, "handing an answer on")
}

func handedKey(p int, event, try string) string { return answerKey(p, event+"#"+try) }
