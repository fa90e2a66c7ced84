package redistest

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// How a cluster is made.
const (
	masters       = 3
	slots         = 16384
	nodeTimeoutMS = 1000 // after which a node that does not answer is held for dead
)

// Cluster is a Redis Cluster of three masters and a replica of each.
type Cluster struct {
	Nodes []*Node
	ids   map[*Node]string
	login func(*redis.Options) // as Node's
}

// LaunchCluster runs a cluster whose nodes keep their data under dir, and waits until it serves and every replica has
// caught up.
func LaunchCluster(ctx context.Context, dir string, d Durability, args ...string) (*Cluster, error) {
	c := &Cluster{ids: map[*Node]string{}}
	if err := c.launch(ctx, dir, d, args); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Cluster) launch(ctx context.Context, dir string, d Durability, args []string) (err error) {
	defer func() {
		if err != nil {
			c.Kill()
		}
	}()
	for i := range 2 * masters {
		n, err := launchMember(filepath.Join(dir, "node"+strconv.Itoa(i)), d, args)
		if err != nil {
			return err
		}
		n.login = c.login
		c.Nodes = append(c.Nodes, n)
	}
	for _, step := range []func(context.Context) error{c.assign, c.meet, c.replicate, c.Settled} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func launchMember(dir string, d Durability, args []string) (*Node, error) {
	bus, err := freePort() // the default, port + 10000, may not exist
	if err != nil {
		return nil, err
	}
	own := []string{"--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(bus), "--cluster-node-timeout", strconv.Itoa(nodeTimeoutMS),
		"--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"}
	return Launch(dir, d, append(own, args...)...)
}

// assign shares the slots out among the first nodes.
func (c *Cluster) assign(ctx context.Context) error {
	for i, n := range c.Nodes {
		id, err := n.do(ctx, "cluster", "myid")
		if err != nil {
			return err
		}
		c.ids[n] = fmt.Sprint(id)
		if _, err := n.do(ctx, "cluster", "set-config-epoch", i+1); err != nil {
			return err
		}
		if i >= masters {
			continue
		}
		if _, err := n.do(ctx, "cluster", "addslotsrange", slots*i/masters, slots*(i+1)/masters-1); err != nil {
			return err
		}
	}
	return nil
}

// meet makes the nodes known to each other.
func (c *Cluster) meet(ctx context.Context) error {
	for _, n := range c.Nodes[1:] {
		if _, err := c.Nodes[0].do(ctx, "cluster", "meet", "127.0.0.1", n.Port, n.bus()); err != nil {
			return err
		}
	}
	return until(ctx, "every node knows the others", func(ctx context.Context) (bool, error) {
		for _, n := range c.Nodes {
			told, err := n.clusterInfo(ctx)
			if err != nil || told["cluster_known_nodes"] != strconv.Itoa(2*masters) {
				return false, err
			}
		}
		return true, nil
	})
}

func (n *Node) bus() string {
	for i, a := range n.args {
		if a == "--cluster-port" {
			return n.args[i+1]
		}
	}
	return ""
}

func (n *Node) clusterInfo(ctx context.Context) (map[string]string, error) {
	v, err := n.do(ctx, "cluster", "info")
	if err != nil {
		return nil, err
	}
	told := map[string]string{}
	for line := range strings.Lines(fmt.Sprint(v)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		told[name] = value
	}
	return told, nil
}

func (c *Cluster) replicate(ctx context.Context) error {
	for i, n := range c.Nodes[masters:] {
		err := until(ctx, "a replica follows its master", func(ctx context.Context) (bool, error) {
			_, err := n.do(ctx, "cluster", "replicate", c.ids[c.Nodes[i]])
			return err == nil, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Settled waits until the cluster serves, all nodes that run agree about it, and every replica that runs has caught up.
func (c *Cluster) Settled(ctx context.Context) error {
	return until(ctx, "the cluster is settled", func(ctx context.Context) (bool, error) {
		for _, n := range c.Nodes {
			if !n.Running() {
				continue
			}
			told, err := n.clusterInfo(ctx)
			if err != nil || told["cluster_state"] != "ok" || told["cluster_slots_ok"] != strconv.Itoa(slots) {
				return false, err
			}
			role, err := n.Info(ctx, "replication")
			if err != nil || role["role"] == "slave" && role["master_link_status"] != "up" {
				return false, err
			}
		}
		live, err := c.Masters(ctx)
		return len(live) == masters, err
	})
}

// Addrs is where to ask for the cluster: all its nodes.
func (c *Cluster) Addrs() []string {
	var addrs []string
	for _, n := range c.Nodes {
		addrs = append(addrs, n.Addr)
	}
	return addrs
}

// URL names its first node.
func (c *Cluster) URL() string { return "redis://" + c.Nodes[0].Addr + "/0" }

// Masters is the nodes that are masters now, in the eyes of those that run.
func (c *Cluster) Masters(ctx context.Context) ([]*Node, error) {
	table, err := c.table(ctx)
	if err != nil {
		return nil, err
	}
	var live []*Node
	for _, row := range table {
		if n := c.at(row); n != nil && strings.Contains(row.flags, "master") && !strings.Contains(row.flags, "fail") {
			live = append(live, n)
		}
	}
	return live, nil
}

// MasterOf is the node that is the master of a key's slot now.
func (c *Cluster) MasterOf(ctx context.Context, key string) (*Node, error) {
	o := &redis.Options{}
	if c.login != nil {
		c.login(o)
	}
	rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: c.Addrs(), TLSConfig: o.TLSConfig, Username: o.Username, Password: o.Password})
	defer rdb.Close()
	m, err := rdb.MasterForKey(ctx, key)
	if err != nil {
		return nil, err
	}
	for _, n := range c.Nodes {
		if n.Addr == m.Options().Addr {
			return n, nil
		}
	}
	return nil, fmt.Errorf("no node of ours has the slot of %s", key)
}

// ReplicaOf is a node that runs and follows master now.
func (c *Cluster) ReplicaOf(ctx context.Context, master *Node) (*Node, error) {
	table, err := c.table(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range table {
		if n := c.at(row); n != nil && n.Running() && row.master == c.ids[master] {
			return n, nil
		}
	}
	return nil, fmt.Errorf("%s has no replica", master.Addr)
}

// member is a line of CLUSTER NODES.
type member struct{ id, flags, master string }

func (c *Cluster) at(m member) *Node {
	for n, id := range c.ids {
		if id == m.id {
			return n
		}
	}
	return nil
}

// table is the cluster as the first node that answers sees it.
func (c *Cluster) table(ctx context.Context) (table []member, err error) {
	err = fmt.Errorf("no node of the cluster runs")
	for _, n := range c.Nodes {
		if !n.Running() {
			continue
		}
		var v any
		if v, err = n.do(ctx, "cluster", "nodes"); err != nil {
			continue
		}
		for line := range strings.Lines(fmt.Sprint(v)) {
			if f := strings.Fields(line); len(f) > 3 {
				table = append(table, member{f[0], f[2], f[3]})
			}
		}
		return table, nil
	}
	return nil, err
}

// Run starts the nodes that do not run.
func (c *Cluster) Run() error {
	for _, n := range c.Nodes {
		if err := n.Run(); err != nil {
			return err
		}
	}
	return nil
}

// Kill ends all nodes.
func (c *Cluster) Kill() {
	for _, n := range c.Nodes {
		n.Kill()
	}
}
