package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

const (
	sentinelFile = "sentinel.conf" // in its folder: a sentinel writes down what it finds out
	watchers     = 3
	// MasterName is what the sentinels call the master.
	MasterName = "hoidap"
)

// Sentinels is a master, its replica, and those who watch them.
type Sentinels struct {
	Nodes    []*Node // the first begins as the master
	Watchers []*Node

	login        func(*redis.Options) // as Node's, for all of them
	watcherArgs  []string             // more settings of the sentinels, as on a command line
	watcherLines []string             // and as in their file
}

// LaunchSentinels runs a master, a replica and three sentinels that keep their data under dir, and waits until the replica
// has caught up and the sentinels know of all.
func LaunchSentinels(ctx context.Context, dir string, d Durability, args ...string) (*Sentinels, error) {
	s := &Sentinels{}
	if err := s.launch(ctx, dir, d, args); err != nil {
		s.Kill()
		return nil, err
	}
	return s, nil
}

func (s *Sentinels) launch(ctx context.Context, dir string, d Durability, args []string) error {
	args = append([]string{"--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"}, args...)
	master, err := Launch(filepath.Join(dir, "node0"), d, args...)
	if err != nil {
		return err
	}
	master.login = s.login
	s.Nodes = append(s.Nodes, master)
	replica, err := Launch(filepath.Join(dir, "node1"), d, args...)
	if err != nil {
		return err
	}
	replica.login = s.login
	s.Nodes = append(s.Nodes, replica)
	if _, err := replica.do(ctx, "replicaof", "127.0.0.1", master.Port); err != nil {
		return err
	}
	for i := range watchers {
		w, err := s.launchWatcher(filepath.Join(dir, "sentinel"+strconv.Itoa(i)), master)
		if err != nil {
			return err
		}
		s.Watchers = append(s.Watchers, w)
	}
	return s.Settled(ctx)
}

func (s *Sentinels) launchWatcher(dir string, master *Node) (*Node, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	lines := []string{
		fmt.Sprintf("sentinel monitor %s 127.0.0.1 %d %d", MasterName, master.Port, watchers/2+1),
		fmt.Sprintf("sentinel down-after-milliseconds %s 500", MasterName),
		fmt.Sprintf("sentinel failover-timeout %s 2000", MasterName),
		fmt.Sprintf("sentinel parallel-syncs %s 1", MasterName),
	}
	lines = append(lines, s.watcherLines...)
	if err := os.WriteFile(filepath.Join(dir, sentinelFile), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return nil, err
	}
	w, err := launch(dir, "+monitor master", s.watcherArgs...)
	if err != nil {
		return nil, err
	}
	w.login = s.login
	return w, nil
}

// sentinel connects to a sentinel. The caller closes it.
func (n *Node) sentinel() *redis.SentinelClient {
	o := &redis.Options{Addr: n.Addr}
	if n.login != nil {
		n.login(o)
	}
	return redis.NewSentinelClient(o)
}

// Settled waits until the sentinels that run agree about a master that runs, know each other, and every replica that
// runs has caught up.
func (s *Sentinels) Settled(ctx context.Context) error {
	return until(ctx, "the sentinels are settled", func(ctx context.Context) (bool, error) {
		master, err := s.Master(ctx)
		if err != nil || !master.Running() {
			return false, err
		}
		for _, w := range s.Watchers {
			if knows, err := s.knows(ctx, w, master); !knows {
				return false, err
			}
		}
		for _, n := range s.Nodes {
			if n == master || !n.Running() {
				continue
			}
			told, err := n.Info(ctx, "replication")
			if err != nil || told["role"] != "slave" || told["master_link_status"] != "up" {
				return false, err
			}
		}
		return true, nil
	})
}

// knows reports whether a sentinel knows the master, its replica and its colleagues. One that does not run knows nothing,
// and nothing is expected of it.
func (s *Sentinels) knows(ctx context.Context, w, master *Node) (bool, error) {
	if !w.Running() {
		return true, nil
	}
	c := w.sentinel()
	defer c.Close()
	told, err := c.Master(ctx, MasterName).Result()
	if err != nil {
		return false, err
	}
	return told["port"] == strconv.Itoa(master.Port) && told["flags"] == "master" &&
		told["num-slaves"] == strconv.Itoa(len(s.Nodes)-1) && told["num-other-sentinels"] == strconv.Itoa(watchers-1), nil
}

// Master is the node that the sentinels hold for the master now.
func (s *Sentinels) Master(ctx context.Context) (*Node, error) {
	err := fmt.Errorf("no sentinel runs")
	for _, w := range s.Watchers {
		if !w.Running() {
			continue
		}
		c := w.sentinel()
		var at []string
		at, err = c.GetMasterAddrByName(ctx, MasterName).Result()
		c.Close()
		if err != nil || len(at) != 2 {
			continue
		}
		for _, n := range s.Nodes {
			if n.Addr == net.JoinHostPort(at[0], at[1]) {
				return n, nil
			}
		}
	}
	return nil, fmt.Errorf("the sentinels name no master of ours: %w", err)
}

// Rejoin runs a former master again, as a replica of the present one. Left alone, the sentinels would see to that, ten
// seconds later.
func (s *Sentinels) Rejoin(ctx context.Context, n *Node) error {
	if err := n.Run(); err != nil {
		return err
	}
	master, err := s.Master(ctx)
	if err != nil || master == n {
		return err
	}
	_, err = n.do(ctx, "replicaof", "127.0.0.1", master.Port)
	return err
}

// Addrs is where the sentinels are.
func (s *Sentinels) Addrs() []string {
	var addrs []string
	for _, w := range s.Watchers {
		addrs = append(addrs, w.Addr)
	}
	return addrs
}

// URL names the first node, with its database; who it really is the sentinels say.
func (s *Sentinels) URL() string { return "redis://" + s.Nodes[0].Addr + "/0" }

// Kill ends all of them.
func (s *Sentinels) Kill() {
	for _, n := range append(append([]*Node{}, s.Watchers...), s.Nodes...) {
		n.Kill()
	}
}
