package store

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Options says which Redis to use and how. Without Cluster and Sentinel it is the one server of URL.
type Options struct {
	URL        string        // redis://, rediss://, unix://; user, password and TLS are taken from here in every shape
	Cluster    []string      // host:port of some nodes of a Redis Cluster, beside the one in URL; empty: no cluster
	Sentinel   *Sentinel     // who knows the master; the host in URL is not asked then; nil: nobody
	Confirm    int           // replicas that must have what is written before it counts; 0: the master alone
	TLS        *tls.Config   // how rediss:// is spoken, to every node and sentinel; nil: against the system's authorities
	Partitions int           // fixed at the first start; 64 where 0
	LeaseTTL   time.Duration // how long a dead owner keeps a partition; DefaultLeaseTTL where 0
	Patience   time.Duration // how long Open waits for a Redis that does not answer; 30 s where 0
	Log        *slog.Logger  // for what Open finds dangerous, or waits for; nil: nobody

	Now       func() time.Time // the clock that Redis's is held against; time.Now where nil
	Intercept Intercept        // for tests that break calls; nil: none
	Commands  func([]any)      // for tests that look at what is asked of Redis; nil: nobody
}

// Sentinel names the master that sentinels watch.
type Sentinel struct {
	Master         string
	Addrs          []string // host:port of some of the sentinels
	User, Password string   // of the sentinels themselves; empty: none
}

func (o Options) withDefaults() Options {
	if o.Partitions == 0 {
		o.Partitions = 64
	}
	if o.LeaseTTL == 0 {
		o.LeaseTTL = DefaultLeaseTTL
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

const (
	// dialTimeout bounds the making of a connection. A node that is down is found out, and another asked, within it.
	dialTimeout = time.Second
	// slotsReload is how old the knowledge may be of which node has which slot. A refused connection does not renew it,
	// so this bounds how long writes go to a master that is dead.
	slotsReload = time.Second
	// retryPause is the longest pause between two attempts.
	retryPause = 250 * time.Millisecond
	// attempts bounds the repetitions of a call. After Redis was restarted every idle connection is dead, and each
	// attempt finds one out. Repeating is harmless: an event that is appended twice is dropped by its id, and a commit
	// that was applied is refused as stale.
	attempts = 8
	// attemptsReading bounds those of reading the logs of a cluster: the node that answers must not wait for the one that
	// does not, and who reads will read again anyway.
	attemptsReading = 2
	// waitersMost bounds the calls that wait at once for the answer to an event.
	waitersMost = 512
	// connections bounds those to a node for everything else, in each of the roles.
	connections = 64
)

// client is what one role needs of its connections.
type client struct {
	url      *redis.Options // what the URL says
	pool     int            // connections to a node
	attempts int            // -1: one
}

// connect makes the clients; nothing is asked of Redis yet.
func connect(o Options) (*Store, error) {
	u, err := redis.ParseURL(o.URL)
	if err != nil {
		return nil, fmt.Errorf("redis url: %w", err)
	}
	switch {
	case len(o.Cluster) > 0 && o.Sentinel != nil:
		return nil, errors.New("a Redis is a cluster or watched by sentinels, not both: keep one of them")
	case len(o.Cluster) > 0 && u.DB != 0:
		return nil, fmt.Errorf("a Redis Cluster has no database %d: end the url with /0", u.DB)
	case len(o.Cluster) > 0 && u.Network == "unix":
		return nil, errors.New("a Redis Cluster is not reached by a unix socket: write redis:// or rediss:// and one of its nodes")
	}
	s := &Store{partitions: o.Partitions, leaseTTL: o.LeaseTTL, scripts: newScripts(allowFull), cluster: len(o.Cluster) > 0}
	s.pressure.long = make([]atomic.Bool, o.Partitions)
	s.rdb = o.client(client{u, max(u.PoolSize, connections), attempts})
	s.waiters = o.client(client{u, waitersMost, attempts})
	s.readers = o.client(client{u, max(u.PoolSize, connections), attemptsReading})
	s.once = o.client(client{u, max(u.PoolSize, connections), -1})
	s.appender, s.limiter = newAppender(s.rdb), redis_rate.NewLimiter(&limiting{UniversalClient: s.rdb, store: s})
	if o.Confirm > 0 {
		addConfirm(s.rdb, o.Confirm)
		addConfirm(s.once, o.Confirm)
	}
	if o.Intercept != nil || o.Commands != nil {
		for _, c := range []redis.UniversalClient{s.rdb, s.waiters, s.readers, s.once} {
			c.AddHook(newHook(o))
		}
	}
	return s, nil
}

func (o Options) client(c client) redis.UniversalClient {
	switch {
	case len(o.Cluster) > 0:
		return redis.NewClusterClient(o.clusterOptions(c))
	case o.Sentinel != nil:
		return redis.NewFailoverClient(o.failoverOptions(c))
	}
	return redis.NewClient(o.singleOptions(c))
}

func (o Options) singleOptions(c client) *redis.Options {
	opt := *c.url
	opt.TLSConfig = o.tls(c.url)
	opt.PoolSize = c.pool
	opt.DialTimeout, opt.DialerRetries, opt.ContextTimeoutEnabled = dialTimeout, 1, true
	opt.MaxRetries, opt.MaxRetryBackoff = c.attempts, retryPause
	opt.DisableIdentity, opt.MaintNotificationsConfig = true, noNotifications()
	return &opt
}

func (o Options) failoverOptions(c client) *redis.FailoverOptions {
	return &redis.FailoverOptions{
		MasterName: o.Sentinel.Master, SentinelAddrs: o.Sentinel.Addrs, SentinelUsername: o.Sentinel.User, SentinelPassword: o.Sentinel.Password,
		Username: c.url.Username, Password: c.url.Password, DB: c.url.DB, TLSConfig: o.tls(c.url),
		DialTimeout: dialTimeout, DialerRetries: 1, ContextTimeoutEnabled: true,
		MaxRetries: c.attempts, MaxRetryBackoff: retryPause,
		PoolSize: c.pool, DisableIdentity: true,
	}
}

func (o Options) clusterOptions(c client) *redis.ClusterOptions {
	return &redis.ClusterOptions{
		Addrs:    append([]string{c.url.Addr}, o.Cluster...),
		Username: c.url.Username, Password: c.url.Password, TLSConfig: o.tls(c.url),
		ClusterStateReloadInterval: slotsReload,
		DialTimeout:                dialTimeout, DialerRetries: 1, ContextTimeoutEnabled: true,
		MaxRedirects: c.attempts, MaxRetryBackoff: retryPause,
		PoolSize: c.pool, DisableIdentity: true, MaintNotificationsConfig: noNotifications(),
	}
}

// tls is how to speak to any node: each is checked against the name or number that it is called by, unless a name for
// all is given.
func (o Options) tls(u *redis.Options) *tls.Config {
	if o.TLS != nil || u.TLSConfig == nil {
		return o.TLS
	}
	c := u.TLSConfig.Clone()
	c.ServerName = ""
	return c
}

// noNotifications saves a question that only a managed Redis understands, on each new connection.
func noNotifications() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// eachMaster calls do for each master, at once; for a single Redis or a sentinel's, for that one.
func (s *Store) eachMaster(ctx context.Context, do func(context.Context, *redis.Client) error) error {
	switch c := s.rdb.(type) {
	case *redis.ClusterClient:
		return c.ForEachMaster(ctx, do)
	case *redis.Client:
		return do(ctx, c)
	}
	return errors.New("this kind of client has no masters")
}
