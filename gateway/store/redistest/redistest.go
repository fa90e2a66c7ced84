// Package redistest starts redis-server: one, a master with sentinels, or a cluster; on free loopback ports, gone with
// whoever started them. Launch and its like are for any program and return errors; Start and its like are for tests.
package redistest

import (
	"os"
	"os/exec"
	"testing"
)

// Server is a redis-server of a test.
type Server struct {
	*Node
	URL string
	t   testing.TB
}

// Start runs redis-server without persistence. The test is skipped, loudly, where there is none.
func Start(t testing.TB) *Server { return start(t, None) }

// StartDurable runs it with an append-only file that is synced on each write, as deploy ships it.
func StartDurable(t testing.TB) *Server { return start(t, Always) }

// StartEverySecond runs it with an append-only file that is synced every second.
func StartEverySecond(t testing.TB) *Server { return start(t, EverySecond) }

// StartWith runs it without persistence and with more settings.
func StartWith(t testing.TB, args ...string) *Server { return start(t, None, args...) }

func start(t testing.TB, d Durability, args ...string) *Server {
	t.Helper()
	Need(t)
	n, err := Launch(t.TempDir(), d, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Kill)
	return &Server{Node: n, URL: "redis://" + n.Addr + "/0", t: t}
}

// StartCluster runs a cluster of three masters and their replicas.
func StartCluster(t testing.TB, d Durability) *Cluster {
	t.Helper()
	Need(t)
	c, err := LaunchCluster(t.Context(), t.TempDir(), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Kill)
	return c
}

// StartSentinels runs a master, a replica and three sentinels.
func StartSentinels(t testing.TB, d Durability) *Sentinels {
	t.Helper()
	Need(t)
	s, err := LaunchSentinels(t.Context(), t.TempDir(), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	return s
}

// Need skips the test, loudly, where there is no redis-server; where CI is set it fails.
func Need(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatal("redis-server is missing: CI must install it (make test does)")
	}
	t.Skip("SKIPPED: redis-server is missing; install it with: apt-get install redis-server")
}

// Run starts the server (again) and waits until it takes connections.
func (s *Server) Run() {
	s.t.Helper()
	if err := s.Node.Run(); err != nil {
		s.t.Fatal(err)
	}
}

// Delete deletes the keys that match a pattern.
func (s *Server) Delete(pattern string) {
	s.t.Helper()
	if err := s.Node.Delete(pattern); err != nil {
		s.t.Fatal(err)
	}
}

// Everything reads all keys with what they hold, as text.
func (s *Server) Everything() map[string]string {
	s.t.Helper()
	all, err := s.Node.Everything()
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}
