// Package store is the only place that knows Redis: every key, script and lease. It deals in bytes and knows no
// business; what the bytes mean is package record's.
//
// All keys of one partition carry the hash tag {pNN}, so a partition lives in one Redis Cluster slot and a Batch commits
// there atomically. Offers and code pools have slots of their own.
package store

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

// Options says which Redis to use and how.
type Options struct {
	URL        string        // redis://, rediss://
	Partitions int           // fixed at the first start; 64 where 0
	LeaseTTL   time.Duration // how long a dead owner keeps a partition; DefaultLeaseTTL where 0
	TLS        *tls.Config   // instead of what the URL says; nil: as the URL says
	Intercept  Intercept     // for tests that break calls; nil: none
	Commands   func([]any)   // for tests that look at what is asked of Redis; nil: nobody
}

// Intercept is called before and after each call to Redis with the name of the command; an error takes the place of the
// call's (before: the call is not made).
type Intercept func(after bool, command string) error

// waitersMost bounds the calls that wait at once for the answer to an event.
const waitersMost = 512

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
	partitions int
	leaseTTL   time.Duration
	scripts    scripts
	appender   *appender
	pressure   pressure
}

// Open connects, checks that the partition count is the one of the first start, and loads the scripts.
func Open(ctx context.Context, o Options) (*Store, error) {
	redis.SetLogger(silent{}) // its lines go to stderr unstructured; what they say comes back to us as errors too
	opt, err := redis.ParseURL(o.URL)
	if err != nil {
		return nil, fmt.Errorf("redis url: %w", err)
	}
	opt.ContextTimeoutEnabled = true
	opt.DialTimeout = time.Second
	opt.DialerRetries = 1
	// After Redis was restarted every idle connection is dead, and each attempt finds one out. Repeating is harmless: an
	// event that is appended twice is dropped by its id, and a commit that was applied is refused as stale.
	opt.MaxRetries, opt.MaxRetryBackoff = 8, 250*time.Millisecond
	opt.DisableIdentity = true
	opt.PoolSize = max(opt.PoolSize, 64)
	if o.TLS != nil {
		opt.TLSConfig = o.TLS
	}
	blocking := *opt
	blocking.PoolSize = waitersMost
	single := *opt
	single.MaxRetries = -1
	s := &Store{rdb: redis.NewClient(opt), waiters: redis.NewClient(&blocking), readers: redis.NewClient(opt), once: redis.NewClient(&single), partitions: o.Partitions, leaseTTL: o.LeaseTTL, scripts: newScripts()}
	s.appender, s.limiter = newAppender(s.rdb), redis_rate.NewLimiter(s.rdb)
	if s.partitions == 0 {
		s.partitions = 64
	}
	if s.leaseTTL == 0 {
		s.leaseTTL = DefaultLeaseTTL
	}
	if o.Intercept != nil || o.Commands != nil {
		s.rdb.AddHook(newHook(o))
		s.waiters.AddHook(newHook(o))
		s.readers.AddHook(newHook(o))
		s.once.AddHook(newHook(o))
	}
	if err := s.settle(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// settle fixes the partition count at the first start, verifies it later, and loads the scripts.
func (s *Store) settle(ctx context.Context) error {
	if err := s.rdb.HSetNX(ctx, metaKey, "partitions", s.partitions).Err(); err != nil {
		return unavailable("reading the partition count", err)
	}
	n, err := s.rdb.HGet(ctx, metaKey, "partitions").Int()
	if err != nil {
		return unavailable("reading the partition count", err)
	}
	if n != s.partitions {
		return fmt.Errorf("this Redis was set up with %d partitions, the configuration says %d: the count cannot change; set partitions: %d", n, s.partitions, n)
	}
	return s.loadScripts(ctx)
}

// Close ends the connections, and what is under way on them.
func (s *Store) Close() error {
	s.appender.close()
	err := errors.Join(s.rdb.Close(), s.waiters.Close(), s.readers.Close(), s.once.Close())
	s.appender.running.Wait()
	return err
}

// Partitions is how many there are.
func (s *Store) Partitions() int { return s.partitions }

// Ping asks Redis for a sign of life.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.rdb.Ping(ctx).Err(); err != nil {
		return unavailable("ping", err)
	}
	return nil
}

// Secret is this installation's key for hashing addresses: made at the first start, kept in Redis.
func (s *Store) Secret(ctx context.Context, fresh string) (string, error) {
	if err := s.rdb.HSetNX(ctx, metaKey, "secret", fresh).Err(); err != nil {
		return "", unavailable("reading the secret", err)
	}
	v, err := s.rdb.HGet(ctx, metaKey, "secret").Result()
	if err != nil {
		return "", unavailable("reading the secret", err)
	}
	return v, nil
}

// Gone records the accounts that are configured now, and returns those that were once and are not any more.
func (s *Store) Gone(ctx context.Context, accounts []string) ([]string, error) {
	now := make([]any, len(accounts))
	for i, a := range accounts {
		now[i] = a
	}
	p := s.rdb.Pipeline()
	if len(now) > 0 {
		p.SAdd(ctx, accountsKey, now...)
	}
	all := p.SMembers(ctx, accountsKey)
	if err := exec(ctx, p, "reading the accounts"); err != nil {
		return nil, err
	}
	gone := slices.DeleteFunc(all.Val(), func(a string) bool { return slices.Contains(accounts, a) })
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

// exec runs a pipeline; missing keys are no failure.
func exec(ctx context.Context, p redis.Pipeliner, doing string) error {
	if p.Len() == 0 {
		return nil
	}
	if _, err := p.Exec(ctx); err != nil && !isNil(err) {
		return unavailable(doing, err)
	}
	return nil
}

// silent is the client's logger.
type silent struct{}

// Printf drops the line.
func (silent) Printf(context.Context, string, ...any) {}
