package chaos

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// replicated is a Redis of several servers, where another takes over when a master is killed: a cluster, or a master that
// sentinels watch. Each write is confirmed by a replica. That stands one dead server at a time, so that the next one is
// hit only once everybody has caught up.
type replicated struct {
	config   string
	nodes    []*redistest.Node
	watchers []string // where the sentinels are
	masters  func(context.Context) ([]*redistest.Node, error)
	settled  func(context.Context) error
	kill     func()
	net      *network

	mu  sync.Mutex // held while a server is hit
	all []*redis.Client
}

// startReplicated makes the ways to what was launched: to the servers, and to the sentinels where there are some.
func startReplicated(gateways int, r *replicated) (deployment, error) {
	servers := r.watchers
	for _, n := range r.nodes {
		servers = append(servers, n.Addr)
	}
	var err error
	if r.net, err = newNetwork(gateways, servers); err != nil {
		r.kill()
		return nil, err
	}
	for _, n := range r.nodes {
		r.all = append(r.all, n.Client())
	}
	return r, nil
}

// clustered is a cluster of six.
func clustered(ctx context.Context, dir string, gateways int) (deployment, error) {
	c, err := redistest.LaunchCluster(ctx, dir, redistest.Always)
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf("{url: %q, cluster: [%s], confirm: 1, lease: %s}", c.URL(), quoted(c.Addrs()), lease)
	return startReplicated(gateways, &replicated{config: config, nodes: c.Nodes, masters: c.Masters, settled: c.Settled, kill: c.Kill})
}

// watched is a master, its replica and three sentinels.
func watched(ctx context.Context, dir string, gateways int) (deployment, error) {
	s, err := redistest.LaunchSentinels(ctx, dir, redistest.Always)
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf("{url: %q, sentinel: {master: %s, addrs: [%s]}, confirm: 1, lease: %s}", s.URL(), redistest.MasterName, quoted(s.Addrs()), lease)
	masters := func(ctx context.Context) ([]*redistest.Node, error) {
		m, err := s.Master(ctx)
		return []*redistest.Node{m}, err
	}
	return startReplicated(gateways, &replicated{config: config, nodes: s.Nodes, watchers: s.Addrs(), masters: masters, settled: s.Settled, kill: s.Kill})
}

func quoted(list []string) (out string) {
	for i, s := range list {
		if i > 0 {
			out += ", "
		}
		out += fmt.Sprintf("%q", s)
	}
	return out
}

func (r *replicated) section(gateway int) string { return r.net.seen(gateway, r.config) }

// can: what a disk may do is the single one's subject.
func (r *replicated) can(k Kind) bool { return k != FullDisk && k != Misconf }

func (r *replicated) effects() map[Kind]Effect { return r.net.effects() }

func (r *replicated) clients() []*redis.Client { return r.all }

func (r *replicated) await(ctx context.Context) error { return r.settled(ctx) }

// takeoverTakes stretches how long a server stays away, so that another takes its place most of the time.
const takeoverTakes = 3

func (r *replicated) play(ctx context.Context, f Fault) (killed int, hit bool) {
	switch f.Kind {
	case Latency, Reset, HalfOpen, Bandwidth, Cut:
		return 0, r.net.play(ctx, f, r.side(ctx, f))
	}
	if !r.mu.TryLock() {
		return 0, false
	}
	defer r.mu.Unlock()
	n, err := r.victim(ctx, f)
	if err != nil {
		return 0, false
	}
	away := f.For * takeoverTakes
	switch f.Kind {
	case KillRedis:
		n.Kill()
		r.net.shut(n.Addr)
		defer r.net.open(n.Addr)
		killed = 1
		wait(ctx, away)
	case PauseRedis:
		n.Signal(syscall.SIGSTOP)
		wait(ctx, away)
		n.Signal(syscall.SIGCONT)
	case OutOfMemory:
		c := n.Client()
		defer c.Close()
		c.ConfigSet(ctx, "maxmemory", "1") //nolint:errcheck // if it fails there is no fault this time
		wait(ctx, f.For)
		c.ConfigSet(context.WithoutCancel(ctx), "maxmemory", "0") //nolint:errcheck // nothing else hits the server meanwhile
		return 0, true
	}
	return killed, r.revive(context.WithoutCancel(ctx), n) == nil
}

// side is to which server the network of a gateway is hit: a master half of the time, "" for all of them, sentinels too.
func (r *replicated) side(ctx context.Context, f Fault) string {
	masters, err := r.masters(ctx)
	if err != nil || len(masters) == 0 || f.Pick%2 == 0 {
		return ""
	}
	return masters[f.Pick/2%len(masters)].Addr
}

// victim is a master, and sometimes a replica.
func (r *replicated) victim(ctx context.Context, f Fault) (*redistest.Node, error) {
	masters, err := r.masters(ctx)
	if err != nil || len(masters) == 0 {
		return nil, fmt.Errorf("no master: %w", err)
	}
	if f.Share < 0.3 {
		return r.nodes[f.Target%len(r.nodes)], nil
	}
	return masters[f.Target%len(masters)], nil
}

// revive starts a server again and waits until all have caught up.
func (r *replicated) revive(ctx context.Context, n *redistest.Node) error {
	if err := n.Run(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		err := r.settled(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

func (r *replicated) close() {
	for _, c := range r.all {
		c.Close() //nolint:errcheck // they were only looked through
	}
	r.kill()
	r.net.close()
}
