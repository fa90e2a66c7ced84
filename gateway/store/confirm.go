package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// confirmWithin is how long replicas may take to confirm what was written.
const confirmWithin = time.Second

// errUnconfirmed means that a write is on the master and perhaps not on its replicas: it may be lost if the master is.
var errUnconfirmed = errors.New("not enough replicas confirmed the write: see that each master has as many as redis.confirm says, connected")

// confirm makes writes wait for replicas. Replication runs behind the master: without this, what a master had confirmed
// and not yet passed on is gone when a replica takes its place. WAIT counts for the connection it is sent on, so it goes
// behind the writes in their own pipeline, node by node.
type confirm struct {
	node     *redis.Client
	replicas int
}

// addConfirm lets a client wait for so many replicas, of each node.
func addConfirm(c redis.UniversalClient, replicas int) {
	switch c := c.(type) {
	case *redis.ClusterClient:
		c.OnNewNode(func(n *redis.Client) { n.AddHook(confirm{n, replicas}) })
	case *redis.Client:
		c.AddHook(confirm{c, replicas})
	}
}

func (confirm) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessHook makes a pipeline of a single write.
func (h confirm) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if reads(cmd) {
			return next(ctx, cmd)
		}
		p := h.node.Pipeline()
		p.Process(ctx, cmd) //nolint:errcheck // it is only queued
		_, err := p.Exec(ctx)
		return err
	}
}

// ProcessPipelineHook adds the WAIT. What was not confirmed has failed, whatever the master says.
func (h confirm) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if cmds[0].Name() == "multi" || !slices.ContainsFunc(cmds, func(c redis.Cmder) bool { return !reads(c) }) {
			return next(ctx, cmds)
		}
		wait := redis.NewIntCmd(ctx, "wait", h.replicas, confirmWithin.Milliseconds())
		err := next(ctx, append(slices.Clone(cmds), wait))
		if wait.Err() == nil && wait.Val() >= int64(h.replicas) {
			return err
		}
		for _, c := range cmds {
			if c.Err() == nil && !reads(c) {
				c.SetErr(fmt.Errorf("%w (%d of %d)", errUnconfirmed, wait.Val(), h.replicas))
			}
		}
		if err == nil {
			err = errUnconfirmed
		}
		return err
	}
}

// reads reports whether a command leaves everything as it is. One that is not listed is taken for a write: waiting in
// vain costs less than not waiting. The last row is what a new connection says before anything else.
func reads(c redis.Cmder) bool {
	switch c.Name() {
	case "exists", "get", "hget", "hgetall", "hkeys", "hmget", "llen", "lrange", "sismember", "smismember", "zcard", "smembers", "zmscore", "zrange",
		"zrangebylex", "zrangebyscore", "zrevrange", "xlen", "xrange", "xrevrange", "xread",
		"cluster", "command", "config", "info", "memory", "ping", "scan", "script", "time", "asking", "wait",
		"hello", "auth", "select", "client", "readonly":
		return true
	}
	return false
}
