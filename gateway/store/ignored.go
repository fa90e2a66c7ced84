package store

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	ignoredMost = 100                // of an account: the oldest give way
	ignoredFor  = 7 * 24 * time.Hour // after the last one of the account
)

// Ignored is a piece of what a provider told that no adapter understood, as it came. It may hold anything.
type Ignored struct {
	Kind string    `json:"kind"`
	Raw  []byte    `json:"raw"`
	At   time.Time `json:"at"`
}

// KeepIgnored keeps what a provider told to look at: the last hundred pieces of an account, for a week after the last.
func (s *Store) KeepIgnored(ctx context.Context, account string, told []Ignored) error {
	told = told[max(0, len(told)-ignoredMost):]
	items := make([]any, len(told))
	for i, x := range told {
		b, err := json.Marshal(x)
		if err != nil {
			return err
		}
		items[i] = b
	}
	if len(items) == 0 {
		return nil
	}
	k, pipe := ignoredKey(account), s.rdb.TxPipeline()
	pipe.LPush(ctx, k, items...)
	pipe.LTrim(ctx, k, 0, ignoredMost-1)
	pipe.Expire(ctx, k, ignoredFor)
	return exec(ctx, pipe, "keeping what nobody understood")
}

// IgnoredOf is what is kept of an account, the newest first.
func (s *Store) IgnoredOf(ctx context.Context, account string) ([]Ignored, error) {
	items, err := s.rdb.LRange(ctx, ignoredKey(account), 0, -1).Result()
	if err != nil {
		return nil, unavailable("reading what nobody understood", err)
	}
	out := make([]Ignored, 0, len(items))
	for _, item := range items {
		var x Ignored
		if json.Unmarshal([]byte(item), &x) == nil {
			out = append(out, x)
		}
	}
	return out, nil
}

// ForgetIgnored takes out what names somebody who is erased: one of the ids of their addresses, a number also without
// its country code.
func (s *Store) ForgetIgnored(ctx context.Context, accounts, ids []string) error {
	for _, account := range accounts {
		k := ignoredKey(account)
		items, err := s.rdb.LRange(ctx, k, 0, -1).Result()
		if err != nil {
			return unavailable("looking for what nobody understood", err)
		}
		pipe := s.rdb.Pipeline()
		for _, item := range items {
			var x Ignored
			if json.Unmarshal([]byte(item), &x) != nil || names(x.Raw, ids) {
				pipe.LRem(ctx, k, 0, item)
			}
		}
		if err := forget(ctx, pipe); err != nil {
			return err
		}
	}
	return nil
}

func forget(ctx context.Context, pipe redis.Pipeliner) error {
	if pipe.Len() == 0 {
		return nil
	}
	return exec(ctx, pipe, "forgetting what nobody understood")
}

// nationalDigits is how much of a number's end is looked for: numbers are told with and without their country code.
const nationalDigits = 9

func names(raw []byte, ids []string) bool {
	for _, id := range ids {
		if number, ok := strings.CutPrefix(id, "+"); ok {
			id = number[max(0, len(number)-nationalDigits):]
		}
		if id != "" && bytes.Contains(raw, []byte(id)) {
			return true
		}
	}
	return false
}
