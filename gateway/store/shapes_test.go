package store_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// onBoth runs a test on redis-server, alone and as a cluster, and on miniredis, which the demo embeds: every script must
// work on each.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		test(t, redistest.Start(t).URL)
	})
	t.Run("miniredis", func(t *testing.T) {
		t.Parallel()
		m := miniredis.RunT(t)
		m.ClockTTL(true)
		test(t, "redis://"+m.Addr())
	})
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		test(t, clusterScheme+strings.Join(borrowCluster(t).Addrs(), ","))
	})
}

// clusterScheme begins what stands for a URL in the tests where a cluster is meant: open takes it apart.
const clusterScheme = "cluster://"

// shape is how to reach the Redis that url stands for.
func shape(url string) store.Options {
	nodes, ok := strings.CutPrefix(url, clusterScheme)
	if !ok {
		return store.Options{URL: url}
	}
	addrs := strings.Split(nodes, ",")
	return store.Options{URL: "redis://" + addrs[0] + "/0", Cluster: addrs[1:]}
}

// open opens the store on what a URL of onBoth, or options, name.
func open[T string | store.Options](t *testing.T, at T, change ...func(*store.Options)) *store.Store {
	t.Helper()
	var o store.Options
	switch at := any(at).(type) {
	case string:
		o = shape(at)
	case store.Options:
		o = at
	}
	if o.Partitions == 0 {
		o.Partitions = 4
	}
	if o.LeaseTTL == 0 {
		o.LeaseTTL = time.Minute
	}
	for _, c := range change {
		c(&o)
	}
	s, err := store.Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// theCluster is shared by the tests of this package: it takes two seconds to come up. Each has it to itself, empty.
type theCluster struct {
	sync.Mutex
	dir     string
	cluster *redistest.Cluster
}

var shared theCluster

func borrowCluster(t *testing.T) *redistest.Cluster {
	t.Helper()
	redistest.Need(t)
	shared.Lock()
	t.Cleanup(shared.Unlock)
	ctx := t.Context()
	if shared.cluster == nil {
		c, err := redistest.LaunchCluster(ctx, shared.dir, redistest.None)
		require.NoError(t, err)
		shared.cluster = c
	}
	require.NoError(t, shared.cluster.Run())
	require.NoError(t, shared.cluster.Settled(ctx))
	require.NoError(t, shared.cluster.Flush(ctx))
	return shared.cluster
}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "hoidap-cluster")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	shared.dir = dir
	defer func() {
		if shared.cluster != nil {
			shared.cluster.Kill()
		}
	}()
	return m.Run()
}
