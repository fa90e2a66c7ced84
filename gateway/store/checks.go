package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	majorLeast  = 7                // the first version with what the scripts and streams need
	skewWorth   = 2 * time.Second  // of the clocks: worth a warning
	skewMost    = 60 * time.Second // and no longer to be worked with: leases, timers and quiet hours would be wrong
	sampleKeys  = 1000             // of the database, looked through for what is not ours
	samplePages = 20               // SCANs for them, however empty its answers are
)

// node is what one master says of itself. What it does not tell is empty.
type node struct {
	addr    string
	version string
	mode    string // standalone, cluster, sentinel
	policy  string // maxmemory-policy
	aof     string // "0", "1"
	save    string // the points in time of snapshots
	asked   bool   // the configuration could be read
	fsync   string
	skew    time.Duration // how far Redis's clock is ahead of ours, beyond what the network explains
	foreign string        // a key that is not ours
	memory  string        // maxmemory, in bytes
}

var errPartOfACluster = errors.New("this Redis is part of a cluster: name some of its nodes in redis.cluster")

// check refuses a Redis that cannot be relied on, with a line for each reason. The warnings are for what is dangerous.
func (s *Store) check(ctx context.Context, o Options) (warnings []string, err error) {
	first, err := s.rdb.Exists(ctx, metaKey).Result()
	if err != nil {
		return nil, unavailable("looking at the database", err)
	}
	var mu sync.Mutex
	var nodes []node
	err = s.eachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		n, err := o.look(ctx, c)
		mu.Lock()
		defer mu.Unlock()
		nodes = append(nodes, n)
		return err
	})
	if err != nil {
		return nil, unavailable("looking at Redis's settings", err)
	}
	if !s.cluster && nodes[0].mode == "cluster" {
		return nil, errPartOfACluster
	}
	var refusals []error
	for _, n := range nodes {
		r, w := n.judge(first == 0)
		refusals, warnings = append(refusals, r...), append(warnings, w...)
	}
	return warnings, errors.Join(refusals...)
}

// look asks a master about itself. What it may not be asked stays empty; an error means that it does not answer.
func (o Options) look(ctx context.Context, c *redis.Client) (node, error) {
	n := node{addr: c.Options().Addr}
	if o.Sentinel != nil {
		n.addr = "master " + o.Sentinel.Master // whose address only the sentinels know
	}
	info, err := c.Info(ctx).Result()
	if err = allowed(err); err != nil {
		return n, err
	}
	told := fields(info)
	n.version, n.mode, n.policy, n.aof = told["redis_version"], told["redis_mode"], told["maxmemory_policy"], told["aof_enabled"]
	n.memory = told["maxmemory"]
	if err := n.configuration(ctx, c); err != nil {
		return n, err
	}
	if n.skew, err = skew(ctx, c, o.Now); allowed(err) != nil {
		return n, err
	}
	n.foreign, err = foreign(ctx, c)
	return n, allowed(err)
}

// configuration reads what INFO does not tell. Users without the right to CONFIG and hosted Redises cannot be asked.
func (n *node) configuration(ctx context.Context, c *redis.Client) error {
	for name, into := range map[string]*string{"save": &n.save, "appendfsync": &n.fsync, "maxmemory-policy": &n.policy} {
		v, err := c.ConfigGet(ctx, name).Result()
		if err != nil {
			return allowed(err)
		}
		if value, ok := v[name]; ok {
			*into, n.asked = value, true
		}
	}
	return nil
}

// skew is how far Redis's clock is ahead of ours. What the call itself took explains some of it.
func skew(ctx context.Context, c *redis.Client, now func() time.Time) (time.Duration, error) {
	before := now()
	theirs, err := c.Time(ctx).Result()
	if err != nil {
		return 0, err
	}
	half := now().Sub(before) / 2
	ahead := theirs.Sub(before.Add(half))
	if ahead.Abs() <= half {
		return 0, nil
	}
	return ahead, nil
}

// foreign is a key of the database that is not ours; "" where the sample shows none.
func foreign(ctx context.Context, c *redis.Client) (string, error) {
	var cursor uint64
	seen := 0
	for page := 0; page < samplePages && seen < sampleKeys; page++ {
		keys, next, err := c.Scan(ctx, cursor, "", sampleKeys).Result()
		if err != nil {
			return "", err
		}
		for _, k := range keys {
			if !ours(k) {
				return k, nil
			}
		}
		if next == 0 {
			return "", nil
		}
		cursor, seen = next, seen+len(keys)
	}
	return "", nil
}

// ours reports whether a key has one of the forms of keys.go.
func ours(key string) bool {
	for _, prefix := range []string{"{hoidap}:", "{offer:", "{pool:", "{vault:", "{ignored:", "{health:", "{session:", "{webhook:", "{files}:", "{launches}:", "{rate:", "rate:{"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return partitionForm().MatchString(key)
}

func partitionForm() *regexp.Regexp { return regexp.MustCompile(`^\{p\d{2,4}\}:`) }

// judge says what is wrong with a node; first: nothing of ours is in the database yet.
func (n node) judge(first bool) (refusals []error, warnings []string) {
	refuse := func(format string, args ...any) { refusals = append(refusals, fmt.Errorf(format, args...)) }
	warn := func(format string, args ...any) { warnings = append(warnings, fmt.Sprintf(format, args...)) }

	major, err := strconv.Atoi(strings.SplitN(n.version, ".", 2)[0])
	switch {
	case err != nil:
		warn("the version of Redis at %s cannot be read: it must be %d.0 or later", n.addr, majorLeast)
	case major < majorLeast:
		refuse("Redis at %s is version %s: hoidap needs %d.0 or later, or Valkey; upgrade it", n.addr, n.version, majorLeast)
	}
	switch n.policy {
	case "noeviction":
	case "":
		warn("it cannot be read whether Redis at %s drops keys when its memory is full: see that its maxmemory-policy is noeviction", n.addr)
	default:
		refuse("Redis at %s drops keys when its memory is full (maxmemory-policy %s): set maxmemory-policy noeviction", n.addr, n.policy)
	}
	if n.memory == "0" {
		warn("Redis at %s has no bound of its memory (maxmemory 0): nothing is refused and no run waits before the machine's memory ends and Redis is killed. Set maxmemory below what the machine has free, as deploy/redis.conf says", n.addr)
	}
	switch far := n.skew.Abs().Round(time.Second / 10); {
	case far > skewMost:
		refuse("the clocks of this machine and of Redis at %s are %s apart: let NTP set both", n.addr, far)
	case far > skewWorth:
		warn("the clocks of this machine and of Redis at %s are %s apart: let NTP set both", n.addr, far)
	}
	if n.foreign != "" && first {
		refuse("the database at %s holds keys that are not hoidap's, such as %q: give hoidap a database of its own", n.addr, hint(n.foreign))
	} else if n.foreign != "" {
		warn("the database at %s holds keys that are not hoidap's, such as %q: give hoidap a database of its own", n.addr, hint(n.foreign))
	}
	return refusals, append(warnings, n.losses()...)
}

// losses says what a crash of Redis would take away.
func (n node) losses() []string {
	switch {
	case n.aof == "0" && n.asked && n.save == "":
		return []string{fmt.Sprintf("DANGER: Redis at %s keeps nothing on disk: EVERYTHING IS GONE when it ends. Set appendonly yes and appendfsync always", n.addr)}
	case n.aof == "0":
		return []string{fmt.Sprintf("DANGER: Redis at %s has no append-only file: a crash loses every acknowledged webhook since the last snapshot. Set appendonly yes and appendfsync always", n.addr)}
	case n.aof == "1" && n.fsync != "" && n.fsync != "always":
		return []string{fmt.Sprintf("Redis at %s has appendfsync %s: a crash of the machine can lose acknowledged webhooks of the last second or more. Set appendfsync always", n.addr, n.fsync)}
	case n.aof == "1" && n.fsync == "":
		return []string{fmt.Sprintf("it cannot be read how Redis at %s syncs its append-only file: see that appendfsync is always", n.addr)}
	}
	return nil
}

// hint is the beginning of a key: enough to find it by, and not what follows, which may be personal.
func hint(key string) string {
	if i := strings.IndexAny(key, ":./"); i >= 0 && i < 24 {
		return key[:i+1] + "…"
	}
	if r := []rune(key); len(r) > 8 {
		return string(r[:8]) + "…"
	}
	return key
}

// fields reads INFO's answer.
func fields(info string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(info) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			out[name] = value
		}
	}
	return out
}

// allowed forgives that something may not be asked: the user has not the right, or this Redis does not know the question.
func allowed(err error) error {
	var e redis.Error
	if errors.As(err, &e) && (says(err, "NOPERM") || strings.Contains(e.Error(), "unknown") || strings.Contains(e.Error(), "not supported")) {
		return nil
	}
	return err
}
