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
	config  string
	nodes   []*redistest.Node
	masters func(context.Context) ([]*redistest.Node, error)
	settled func(context.Context) error
	kill    func()

	mu  sync.Mutex // held while a server is hit
	all []*redis.Client
}

// startReplicated takes what a launcher gave.
func startReplicated(r *replicated, err error) (deployment, error) {
	if err != nil {
		return nil, err
	}
	for _, n := range r.nodes {
		r.all = append(r.all, n.Client())
	}
	return r, nil
}

// clustered is a cluster of six.
func clustered(ctx context.Context, dir string) (*replicated, error) {
	c, err := redistest.LaunchCluster(ctx, dir, redistest.Always)
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf("{url: %q, cluster: [%s], confirm: 1, lease: %s}", c.URL(), quoted(c.Addrs()), lease)
	return &replicated{config: config, nodes: c.Nodes, masters: c.Masters, settled: c.Settled, kill: c.Kill}, nil
}

// watched is a master, its replica and three sentinels.
func watched(ctx context.Context, dir string) (*replicated, error) {
	s, err := redistest.LaunchSentinels(ctx, dir, redistest.Always)
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf("{url: %q, sentinel: {master: %s, addrs: [%s]}, confirm: 1, lease: %s}", s.URL(), redistest.MasterName, quoted(s.Addrs()), lease)
	masters := func(ctx context.Context) ([]*redistest.Node, error) {
		m, err := s.Master(ctx)
		return []*redistest.Node{m}, err
	}
	return &replicated{config: config, nodes: s.Nodes, masters: masters, settled: s.Settled, kill: s.Kill}, nil
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

func (r *replicated) section(int) string { return r.config }

// can: the network between gateways and a server is the single one's subject, and so is a disk.
func (r *replicated) can(k Kind) bool {
	switch k {
	case Latency, Reset, HalfOpen, Bandwidth, Cut, FullDisk, Misconf:
		return false
	}
	return true
}

func (r *replicated) clients() []*redis.Client { return r.all }

func (r *replicated) await(ctx context.Context) error { return r.settled(ctx) }

// takeoverTakes stretches how long a server stays away, so that another takes its place most of the time.
const takeoverTakes = 3

func (r *replicated) play(ctx context.Context, f Fault) (killed int, hit bool) {
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
}
