// Package store is the only place that knows Redis: every key, script and lease. It deals in bytes and knows no
// business; what the bytes mean is package record's.
//
// All keys of one partition carry the hash tag {pNN}, so a partition lives in one Redis Cluster slot and a Batch commits
// there atomically. Offers and code pools have slots of their own.
package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

// Intercept is called before and after each call to Redis with the name of the command; an error takes the place of the
// call's (before: the call is not made).
type Intercept func(after bool, command string) error

// What callers can tell apart.
var (
	// ErrFenced means that another replica owns the partition now: nothing was written.
	ErrFenced = errors.New("the partition is owned by another replica")
	// ErrStale means that a contact's version is not the one that was read: nothing was written.
	ErrStale = errors.New("the contact changed in the meantime")
	// ErrUnavailable wraps what Redis or the network said.
	ErrUnavailable = errors.New("redis does not answer")
)

// Store is a connection to Redis. Its methods may be called concurrently.
type Store struct {
	rdb        redis.UniversalClient
	waiters    redis.UniversalClient // for calls that wait for answers: they must not take the connections of those they wait for
	readers    redis.UniversalClient // for reading the logs, which blocks too: who waits for an answer must not keep it from being found
	once       redis.UniversalClient // for what must not be repeated by the client: a second taking takes other messages
	limiter    *redis_rate.Limiter
	cluster    bool
	partitions int
	leaseTTL   time.Duration
	scripts    scripts
	appender   *appender
	expiries   expiries
	pressure   pressure
	damage     damage
}

// Close ends the connections, and what is under way on them.
func (s *Store) Close() error {
	s.pressure.endLooking()
	s.appender.close()
	err := errors.Join(s.rdb.Close(), s.waiters.Close(), s.readers.Close(), s.once.Close())
	s.appender.running.Wait()
	s.pressure.ended.Wait() // its last look may have waited for a Redis that hangs
	return err
}

// Partitions is how many there are.
func (s *Store) Partitions() int { return s.partitions }

// Ping asks Redis for a sign of life: of a cluster, whether it serves.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.rdb.Exists(ctx, metaKey).Err(); err != nil {
		return unavailable("ping", err)
	}
	return nil
}

// Secret is this installation's key for hashing addresses: made at the first start, kept in Redis.
func (s *Store) Secret(ctx context.Context, fresh string) (string, error) {
	v, err := s.setOnce(ctx, "secret", fresh)
	return v, unavailable("reading the secret", err)
}

// setOnce is the setting that was made at the first start, which this is where there is none. It writes only then: a full
// Redis lets a gateway start.
func (s *Store) setOnce(ctx context.Context, name, first string) (string, error) {
	v, err := s.rdb.HGet(ctx, metaKey, name).Result()
	if !isNil(err) {
		return v, err
	}
	if err := s.rdb.HSetNX(ctx, metaKey, name, first).Err(); err != nil {
		return "", err
	}
	return s.rdb.HGet(ctx, metaKey, name).Result()
}

// Gone records the accounts that are configured now, and returns those that were once and are not any more.
func (s *Store) Gone(ctx context.Context, accounts []string) ([]string, error) {
	all, err := s.rdb.SMembers(ctx, accountsKey).Result()
	if err != nil {
		return nil, unavailable("reading the accounts", err)
	}
	var fresh []any
	for _, a := range accounts {
		if !slices.Contains(all, a) {
			fresh = append(fresh, a)
		}
	}
	if len(fresh) > 0 { // a full Redis lets a gateway start that brings nothing new
		if err := s.rdb.SAdd(ctx, accountsKey, fresh...).Err(); err != nil {
			return nil, unavailable("noting the accounts", err)
		}
	}
	gone := slices.DeleteFunc(all, func(a string) bool { return slices.Contains(accounts, a) })
	slices.Sort(gone)
	return gone, nil
}

func unavailable(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w: %w", doing, ErrUnavailable, err)
}

// isNil reports redis's "no such thing", which is no failure.
func isNil(err error) bool { return errors.Is(err, redis.Nil) }

// exec runs a pipeline; missing keys are no failure. Each answer is looked at: of a pipeline over several nodes, one may
// say that a key is missing and the next not answer at all.
func exec(ctx context.Context, p redis.Pipeliner, doing string) error {
	if p.Len() == 0 {
		return nil
	}
	cmds, err := p.Exec(ctx)
	if err == nil {
		return nil
	}
	for _, c := range cmds {
		if err := c.Err(); err != nil && !isNil(err) {
			return failed(doing, c)
		}
	}
	return nil
}

// silent is the client's logger.
type silent struct{}

// Printf drops the line.
func (silent) Printf(context.Context, string, ...any) {}
