package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Shared is where keys are that no partition owns: of offers, of pools, of the pace of accounts.
const Shared = -1

// Misplaced is the error of keys that hold something else than hoidap keeps there, as somebody else has written them. Redis
// answers, so that trying again mends nothing.
type Misplaced struct {
	Partition int  // that the keys belong to, or Shared
	Half      bool // a commit met it half-way: what it wrote before that stands

	expected map[string]string // the keys, with the type that each must have
	keys     []string          // those that have another, as far as was found out
	cause    error
}

// Error names what kind of keys they are, nothing that follows in those of a partition, which may be personal, and the cure.
func (m *Misplaced) Error() string {
	if m.Partition == Shared {
		return fmt.Sprintf("Redis holds something else than hoidap keeps there under %s: rename or delete it: %s", strings.Join(m.keys, ", "), m.cause)
	}
	hints := make([]string, len(m.keys))
	for i, k := range m.keys {
		hints[i] = hint(k)
	}
	return fmt.Sprintf("keys of partition %d hold something else than hoidap keeps there (%s): rename or delete them: %s", m.Partition, strings.Join(hints, ", "), m.cause)
}

// Unwrap gives what Redis said.
func (m *Misplaced) Unwrap() error { return m.cause }

// wrongType reports whether Redis said that a key holds something else than the command is for.
func wrongType(err error) bool { return says(err, "WRONGTYPE") }

// failed is why a command failed: it names the key where that is the cause.
func failed(doing string, c redis.Cmder) error {
	if !wrongType(c.Err()) {
		return unavailable(doing, c.Err())
	}
	if expected := expects(c); len(expected) == 1 {
		for k := range expected {
			return &Misplaced{Partition: placeOf(k), expected: expected, keys: []string{k}, cause: c.Err()}
		}
	}
	return unavailable(doing, c.Err())
}

// misplaced is err, or what it says of expected's keys.
func (s *Store) misplaced(ctx context.Context, err error, expected map[string]string) error {
	if !wrongType(err) {
		return err
	}
	keys, failed := s.otherTypes(ctx, expected)
	if failed != nil || len(keys) == 0 {
		return err
	}
	return &Misplaced{Partition: placeOf(keys[0]), expected: expected, keys: keys, cause: err}
}

// asked is why a script failed that is about these keys: it names those that are the cause.
func (s *Store) asked(ctx context.Context, doing string, err error, expected map[string]string) error {
	if m, ok := errors.AsType[*Misplaced](s.misplaced(ctx, err, expected)); ok {
		return m
	}
	return unavailable(doing, err)
}

// Mended reports whether the keys are what they must be by now, or are gone.
func (s *Store) Mended(ctx context.Context, m *Misplaced) (bool, error) {
	keys, err := s.otherTypes(ctx, m.expected)
	return err == nil && len(keys) == 0, err
}

// otherTypes lists those of the keys that are there and of another type than expected.
func (s *Store) otherTypes(ctx context.Context, expected map[string]string) (other []string, err error) {
	keys := slices.Sorted(maps.Keys(expected))
	p := s.rdb.Pipeline()
	types := make([]*redis.StatusCmd, len(keys))
	for i, k := range keys {
		types[i] = p.Type(ctx, k)
	}
	if err := exec(ctx, p, "looking at the types of keys"); err != nil {
		return nil, err
	}
	for i, k := range keys {
		if is := types[i].Val(); is != "none" && is != expected[k] {
			other = append(other, k)
		}
	}
	return other, nil
}

// typeFor is the type of key that a command is for; "" for any.
func typeFor(command string) string {
	switch c := strings.ToLower(command); {
	case strings.HasPrefix(c, "x"):
		return "stream"
	case strings.HasPrefix(c, "z"):
		return "zset"
	case strings.HasPrefix(c, "h"):
		return "hash"
	case c == "sadd", c == "srem", c == "smismember", c == "sismember", c == "smembers":
		return "set"
	case c == "rpush", c == "lrange", c == "llen", c == "ltrim":
		return "list"
	case c == "get", c == "incr":
		return "string"
	}
	return ""
}

// expects is the keys of a command that reads one key, or several streams, with the type that they must have.
func expects(c redis.Cmder) map[string]string {
	expected, kind := map[string]string{}, typeFor(c.Name())
	if kind == "" {
		return expected
	}
	for _, a := range c.Args()[1:] {
		if k, ok := a.(string); ok {
			if ours(k) {
				expected[k] = kind
			}
		}
	}
	return expected
}

// expects is the keys that the batch writes to, with the type that they must have.
func (b *Batch) expects() map[string]string {
	expected := map[string]string{turnKey(b.lease.Partition): "string"}
	for _, w := range b.writes.list {
		kind, others := typesFor(w.command)
		if kind != "" {
			expected[b.keys[w.key-1]] = kind
		}
		for i, kind := range others {
			if kind != "" {
				expected[b.keys[w.args[i].(int)-1]] = kind
			}
		}
	}
	return expected
}

// typesFor is the type of the key that a command of a batch is for, "" for any, and by their places those of the keys that are among
// its arguments.
func typesFor(c command) (kind string, others []string) {
	switch c {
	case cmdSETBITS, cmdCLEARBITS:
		return "string", nil
	case cmdREQUEUE:
		return "hash", []string{0: "hash", 1: "zset"}
	case cmdPARK:
		return "hash", []string{0: "hash", 1: "zset", 5: "zset", 6: "hash"}
	case cmdUNPARK:
		return "zset", []string{0: "zset"}
	case cmdWITHDRAW:
		return "zset", []string{0: "hash", 2: "hash"}
	case cmdASIDE:
		return "zset", []string{2: "hash"}
	case cmdUNBLOCK:
		return "hash", nil
	case cmdTELL, cmdRETELL:
		return "zset", []string{0: "hash", 1: "hash"}
	case cmdBURYTOLD:
		return "zset", []string{0: "hash", 1: "stream"}
	}
	return typeFor(c.String()), nil
}

// placeOf is the partition of one of our keys, or Shared.
func placeOf(key string) int {
	if p, ok := partitionOfKey(key); ok {
		return p
	}
	return Shared
}

// partitionOfKey reads a key's partition.
func partitionOfKey(key string) (int, bool) {
	number, ok := strings.CutPrefix(key, "{p")
	if !ok {
		return 0, false
	}
	number, _, ok = strings.Cut(number, "}:")
	p, err := strconv.Atoi(number)
	return p, ok && err == nil
}
