package store_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// logged is a log that can be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	opt, err := redis.ParseURL(url)
	require.NoError(t, err)
	rdb := redis.NewClient(opt)
	t.Cleanup(func() { rdb.Close() })
	return rdb
}

// A Redis that cannot be relied on is refused with a line that names the cure; what is merely dangerous is said.
func TestOpenLooksAtRedis(t *testing.T) {
	t.Parallel()
	unbounded := []string{"--appendonly", "yes", "--appendfsync", "always"}
	always := append([]string{"--maxmemory", "100mb"}, unbounded...)
	for _, c := range []struct {
		name   string
		args   []string
		set    func(t *testing.T, rdb *redis.Client)
		change func(*store.Options)
		err    string // "": it opens
		warns  string // "": nothing is said
	}{
		{name: "as deploy ships it", args: always},
		{name: "it drops keys", args: append([]string{"--maxmemory-policy", "allkeys-lru"}, always...),
			err: "drops keys when its memory is full (maxmemory-policy allkeys-lru): set maxmemory-policy noeviction"},
		{name: "nothing on disk", warns: "EVERYTHING IS GONE when it ends. Set appendonly yes"},
		{name: "snapshots only", args: []string{"--save", "3600 1"}, warns: "loses every acknowledged webhook since the last snapshot"},
		{name: "synced every second", args: []string{"--appendonly", "yes", "--appendfsync", "everysec"}, warns: "appendfsync everysec"},
		{name: "memory without a bound", args: unbounded, warns: "maxmemory 0"},
		{name: "clocks a bit apart", args: always, change: shift(5 * time.Second), warns: "apart: let NTP set both"},
		{name: "clocks far apart", args: always, change: shift(-10 * time.Minute), err: "apart: let NTP set both"},
		{name: "somebody else's database", args: always, set: func(t *testing.T, rdb *redis.Client) {
			require.NoError(t, rdb.Set(t.Context(), "session:ofnobodyshere", "x", 0).Err())
		}, err: `holds keys that are not hoidap's, such as "session:…": give hoidap a database of its own`},
		{name: "somebody came later", args: always, set: func(t *testing.T, rdb *redis.Client) {
			open(t, "redis://"+rdb.Options().Addr)
			require.NoError(t, rdb.Set(t.Context(), "somebodyelse", "x", 0).Err())
		}, warns: "somebody…"},
		{name: "ours", args: always, set: func(t *testing.T, rdb *redis.Client) {
			for _, k := range []string{"{p00}:log", "{p1023}:x", "{offer:a}:given", "{pool:a}:codes", "{vault:a}:tokens", "{rate:a}", "rate:{rate:a}"} {
				require.NoError(t, rdb.Set(t.Context(), k, "x", 0).Err())
			}
		}},
		{name: "part of a cluster", args: []string{"--cluster-enabled", "yes"}, err: "this Redis is part of a cluster: name some of its nodes in redis.cluster"},
		{name: "no cluster", args: always, change: func(o *store.Options) {
			o.Cluster = []string{strings.TrimSuffix(strings.TrimPrefix(o.URL, "redis://"), "/0")}
		},
			err: "this Redis is not a cluster: take redis.cluster out"},
		{name: "a replica", args: append([]string{"--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "yes"}, always...),
			err: "this Redis is a replica: let redis.url name the master"},
		{name: "a password is wanted", args: append([]string{"--requirepass", "s3cret"}, always...),
			err: "Redis does not take this user and password: correct them in redis.url"},
		{name: "both", change: func(o *store.Options) { o.Cluster, o.Sentinel = []string{"a:1"}, &store.Sentinel{} }, err: "keep one of them"},
		{name: "a cluster's other database", change: func(o *store.Options) { o.URL, o.Cluster = "redis://h/3", []string{"a:1"} }, err: "end the url with /0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := redistest.StartWith(t, c.args...)
			if c.set != nil {
				c.set(t, client(t, server.URL))
			}
			var said logged
			o := store.Options{URL: server.URL, Partitions: 4, Log: said.logger(), Patience: 100 * time.Millisecond}
			if c.change != nil {
				c.change(&o)
			}
			s, err := store.Open(t.Context(), o)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				require.NotContains(t, err.Error(), "\n", "one line")
				return
			}
			require.NoError(t, err)
			require.NoError(t, s.Close())
			if c.warns == "" {
				require.Empty(t, said.String())
			}
			require.Contains(t, said.String(), c.warns)
			require.NotContains(t, said.String(), "ofnobodyshere")
		})
	}
}

func TestANodeOfAClusterIsNotASingleRedis(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), store.Options{URL: borrowCluster(t).URL()})
	require.ErrorContains(t, err, "this Redis is part of a cluster: name some of its nodes in redis.cluster")
}

func shift(d time.Duration) func(*store.Options) {
	return func(o *store.Options) { o.Now = func() time.Time { return time.Now().Add(d) } }
}

// A Redis too old says so itself: this one is an old one's answers.
func TestAnOldRedisIsRefused(t *testing.T) {
	t.Parallel()
	for version, err := range map[string]string{"6.2.14": "is version 6.2.14: hoidap needs 7.0 or later, or Valkey; upgrade it", "7.0.15": "", "7.2.4": "", "8.0.0": ""} {
		refusals, _ := store.Judge("redis_version:"+version+"\r\nmaxmemory_policy:noeviction\r\n", true)
		if err == "" {
			require.Empty(t, refusals, version)
			continue
		}
		require.Len(t, refusals, 1, version)
		require.ErrorContains(t, refusals[0], err)
	}
}

// A Redis that comes later than the gateway is waited for; one that never comes is named.
func TestOpenWaitsForRedis(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	server.Kill()
	var said logged
	opened := make(chan error, 1)
	go func() {
		s, err := store.Open(t.Context(), store.Options{URL: server.URL, Log: said.logger()})
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	require.Eventually(t, func() bool { return strings.Contains(said.String(), "does not answer yet") }, 20*time.Second, 5*time.Millisecond)
	server.Run()
	require.NoError(t, <-opened)

	server.Kill()
	_, err := store.Open(t.Context(), store.Options{URL: server.URL, Patience: time.Millisecond})
	require.ErrorContains(t, err, "did not answer for 1ms: start it, or correct the redis part of the configuration")
	require.ErrorContains(t, err, "refused")
	_, err = store.Open(t.Context(), store.Options{URL: strings.Replace(server.URL, "redis://", "rediss://", 1), Patience: time.Millisecond})
	require.ErrorContains(t, err, "tls-port")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = store.Open(ctx, store.Options{URL: server.URL})
	require.Error(t, err)
}

// A Redis that loads its data is waited for longer than one that does not answer.
func TestOpenWaitsWhileRedisLoads(t *testing.T) {
	t.Parallel()
	server := redistest.StartWith(t, "--appendonly", "yes", "--key-load-delay", "2000", "--loading-process-events-interval-bytes", "1024")
	open(t, server.URL)
	rdb := client(t, server.URL)
	require.NoError(t, rdb.Eval(t.Context(), "for i = 1, 1500 do redis.call('SET', '{p00}:x' .. i, string.rep('x', 100)) end return 1", nil).Err())
	require.NoError(t, rdb.Do(t.Context(), "bgrewriteaof").Err())
	require.Eventually(t, func() bool {
		return strings.Contains(rdb.Info(t.Context(), "persistence").Val(), "aof_rewrite_in_progress:0") &&
			strings.Contains(rdb.Info(t.Context(), "persistence").Val(), "aof_rewrite_scheduled:0")
	}, 20*time.Second, 10*time.Millisecond)
	server.Signal(syscall.SIGKILL)
	server.Kill()
	started := make(chan struct{})
	go func() { defer close(started); server.Run() }()
	var said logged
	s, err := store.Open(t.Context(), store.Options{URL: server.URL, Partitions: 4, Log: said.logger(), Patience: 5 * time.Second})
	<-started
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.Equal(t, 1, strings.Count(said.String(), "Redis is loading its data"), said.String())
}

// rights is what docs/operator.md gives hoidap's user.
const rights = "~{p* ~{offer:* ~{vault:* ~{ignored:* ~{health:* ~{session:* ~{webhook:* ~{files}:* ~{launches}:* ~{hoidap}:* ~{rate:* ~rate:* +@all -@admin -@dangerous +info +config|get"

func TestTLSAndAUserWithFewRights(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/operator.md")
	require.NoError(t, err)
	require.Contains(t, string(page), "user hoidap on >password "+rights+"\n")
	server := redistest.StartSecure(t, rights)
	var said logged
	s := open(t, store.Options{URL: server.URL, TLS: server.Config, Log: said.logger()})
	everyWrite(t, s, acquire(t, s, 37%4, "a"))
	require.NotContains(t, said.String(), "cannot be read")
	everyOther(t, s)
	open(t, store.Options{URL: server.URL, TLS: server.Config, Log: said.logger()})
	require.NotContains(t, said.String(), "not hoidap's", "it knows its own keys")

	trusting := server.Config.Clone()
	trusting.RootCAs = nil
	for _, c := range []struct {
		name string
		o    store.Options
		err  string
	}{
		{"an authority that nobody knows", store.Options{URL: server.URL, TLS: trusting}, "certificate of Redis is not trusted: name its authority in redis.tls.ca"},
		{"another name", store.Options{URL: server.URL, TLS: named(server.Config, "redis.internal")}, "redis.tls.server_name"},
		{"a wrong password", store.Options{URL: strings.Replace(server.URL, "hoidap:", "hoidap:x", 1), TLS: server.Config}, "does not take this user and password"},
	} {
		c.o.Patience = 20 * time.Second // none of these is waited for
		_, err := store.Open(t.Context(), c.o)
		require.ErrorContains(t, err, c.err, c.name)
	}

	_, err = store.Open(t.Context(), store.Options{URL: server.URL, TLS: &tls.Config{RootCAs: server.Config.RootCAs}, Patience: time.Millisecond})
	require.Error(t, err, "no certificate to show")

	poor := redistest.StartSecure(t, "~* +@all -config -info -time -scan")
	said = logged{}
	open(t, store.Options{URL: poor.URL, TLS: poor.Config, Log: said.logger()})
	require.Contains(t, said.String(), "maxmemory-policy is noeviction")
	none := redistest.StartSecure(t, "~nothing* +@all")
	_, err = store.Open(t.Context(), store.Options{URL: none.URL, TLS: none.Config, Patience: 20 * time.Second})
	require.ErrorContains(t, err, "does not let this user do what hoidap must")
}

// In each shape every node, and every sentinel, is spoken to by TLS and as the user.
func TestTLSAndAUserInEachShape(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/operator.md")
	require.NoError(t, err)
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		c := redistest.StartSecureCluster(t, rights)
		s := open(t, store.Options{URL: c.URL(), Cluster: c.Addrs(), TLS: c.Config})
		for p := range 4 {
			everyWrite(t, s, acquire(t, s, p, "a"))
		}
		everyOther(t, s)
	})
	t.Run("sentinel", func(t *testing.T) {
		t.Parallel()
		require.Contains(t, string(page), "user hoidap on >password &* "+redistest.SentinelRights+"\n")
		x := redistest.StartSecureSentinels(t, rights)
		o := store.Options{URL: x.URL(), TLS: x.Config, Sentinel: &store.Sentinel{Master: redistest.MasterName, Addrs: x.Addrs(), User: x.User, Password: x.Password}}
		s := open(t, o)
		everyWrite(t, s, acquire(t, s, 1, "a"))
		o.Sentinel = &store.Sentinel{Master: redistest.MasterName, Addrs: x.Addrs(), User: x.User, Password: "wrong"}
		o.Patience = 20 * time.Second // it is not waited for
		_, err := store.Open(t.Context(), o)
		require.ErrorContains(t, err, "correct redis.sentinel.user and its password")
	})
}

// everyOther writes one of each key that belongs to no partition and that no batch writes.
func everyOther(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, now := t.Context(), time.UnixMilli(1_780_000_000_000)
	_, err := s.ChangeFile(ctx, store.FileChange{Is: store.FileHead{Name: "a.yaml", Version: 1}, Set: -1, Text: "campaign: a"})
	require.NoError(t, err)
	_, err = s.FileSet(ctx)
	require.NoError(t, err)
	_, err = s.SwapRequest(ctx, "r", "", "x")
	require.NoError(t, err)
	_, err = s.Attempted(ctx, "shop", []byte("x"), map[string]string{store.EndpointWhy: "x"}, nil, nil)
	require.NoError(t, err)
	_, err = s.SwapUser(ctx, "lan", "", "x")
	require.NoError(t, err)
	require.NoError(t, s.KeepSession(ctx, "h", []byte("x"), time.Minute))
	_, err = s.Try(ctx, "place:x", time.Minute)
	require.NoError(t, err)
	require.NoError(t, s.Welcome(ctx, "h", "lan", time.Minute))
	require.NoError(t, s.Audit(ctx, []byte("x")))
	_, err = s.Halt(ctx, "sms", store.Halt{State: "paused", At: now})
	require.NoError(t, err)
}

func named(c *tls.Config, name string) *tls.Config {
	c = c.Clone()
	c.ServerName = name
	return c
}

func TestSentinelsAreAskedForTheMaster(t *testing.T) {
	t.Parallel()
	redis := redistest.StartSentinels(t, redistest.None)
	o := store.Options{URL: "redis://nobody.invalid:1", Partitions: 4, Sentinel: &store.Sentinel{Master: redistest.MasterName, Addrs: redis.Addrs()}}
	var said logged
	o.Log = said.logger()
	s := open(t, o) // the host of the URL is not asked
	require.Contains(t, said.String(), "Redis at master "+redistest.MasterName)
	require.NoError(t, s.Ping(t.Context()))
	o.Sentinel.Master, o.Patience = "another", time.Millisecond
	_, err := store.Open(t.Context(), o)
	require.ErrorContains(t, err, "the sentinels watch no master another: correct redis.sentinel.master")
}
