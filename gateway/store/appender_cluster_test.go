package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	osexec "os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// masters starts a cluster of n masters without replicas: enough to see what a pipeline over several slots does.
func masters(t *testing.T, n int) (addrs []string, servers []*osexec.Cmd) {
	t.Helper()
	if _, err := osexec.LookPath("redis-server"); err != nil {
		t.Skip("SKIPPED: redis-server is missing")
	}
	ctx := t.Context()
	nodes := make([]*redis.Client, n)
	for i := range n {
		port, bus := free(t), free(t)
		cmd := osexec.Command("redis-server", "--port", port, "--cluster-port", bus, "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", "", "--appendonly", "no",
			"--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--cluster-node-timeout", "2000")
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		require.NoError(t, cmd.Start())
		t.Cleanup(func() {
			cmd.Process.Kill() //nolint:errcheck // it may be gone already
			cmd.Wait()         //nolint:errcheck // killed: that is the point
		})
		addrs, servers = append(addrs, "127.0.0.1:"+port), append(servers, cmd)
		nodes[i] = redis.NewClient(&redis.Options{Addr: addrs[i]})
		t.Cleanup(func() { nodes[i].Close() })
		require.Eventually(t, func() bool { return nodes[i].Ping(ctx).Err() == nil }, time.Minute, 10*time.Millisecond)
		require.NoError(t, nodes[i].ClusterAddSlotsRange(ctx, i*16384/n, (i+1)*16384/n-1).Err())
		require.NoError(t, nodes[i].Do(ctx, "cluster", "set-config-epoch", i+1).Err())
		require.NoError(t, nodes[0].Do(ctx, "cluster", "meet", "127.0.0.1", port, bus).Err())
	}
	for _, node := range nodes {
		require.Eventually(t, func() bool {
			info, err := node.ClusterInfo(ctx).Result()
			return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, fmt.Sprint("cluster_known_nodes:", n)) &&
				strings.Contains(info, "cluster_slots_ok:16384")
		}, time.Minute, 10*time.Millisecond)
	}
	return addrs, servers
}

func free(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// On a Cluster each caller gets their own outcome too, and a master that is gone holds up none of the others.
func TestAppendOnCluster(t *testing.T) {
	t.Parallel()
	addrs, servers := masters(t, 3)
	const partitions, callers = 16, 64
	rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, ContextTimeoutEnabled: true, DialTimeout: time.Second, DialerRetries: 1, MaxRetries: 2})
	t.Cleanup(func() { rdb.Close() })
	s := &Store{rdb: rdb, partitions: partitions, appender: newAppender(rdb), pressure: pressure{long: make([]atomic.Bool, partitions)}}
	t.Cleanup(func() {
		s.appender.close()
		s.appender.running.Wait()
	})
	ctx := context.Background()
	all := func(mark string) (errs [callers]error, took [callers]time.Duration) {
		var work sync.WaitGroup
		for c := range callers {
			work.Go(func() {
				began, p := time.Now(), c%partitions
				errs[c] = s.Append(ctx, []int{p, p}, []LogEntry{{ID: fmt.Sprint(mark, c, "a")}, {ID: fmt.Sprint(mark, c, "b")}})
				took[c] = time.Since(began)
			})
		}
		work.Wait()
		return errs, took
	}
	errs, _ := all("well")
	for c, err := range errs {
		require.NoError(t, err, "caller %d", c)
	}
	require.NoError(t, s.Append(ctx, []int{0, 1, 2, 3, 4, 5}, make([]LogEntry, 6)), "over several masters")
	for p := range partitions {
		n, err := rdb.XLen(ctx, logKey(p)).Result()
		require.NoError(t, err)
		want := int64(2 * callers / partitions)
		if p < 6 {
			want++
		}
		require.Equal(t, want, n)
	}

	gone := addrs[2]
	of := map[int]bool{}
	for p := range partitions {
		of[p] = master(ctx, rdb, logKey(p)) == gone
	}
	require.NoError(t, servers[2].Process.Kill())
	errs, took := all("one gone")
	for c, err := range errs {
		if of[c%partitions] {
			require.ErrorIs(t, err, ErrUnavailable, "caller %d", c)
			continue
		}
		require.NoError(t, err, "caller %d", c)
		require.Less(t, took[c], patience, "caller %d waited for somebody else's master", c)
	}
	require.ErrorIs(t, s.Append(ctx, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, make([]LogEntry, 16)), ErrUnavailable, "half of it is not all of it")
	require.False(t, errors.Is(errs[0], ErrBusy))
}
