// Package redistest starts redis-server for tests: a server of its own for each test, on a free loopback port, gone with
// the test.
package redistest

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Server is a running redis-server.
type Server struct {
	URL  string
	port int
	dir  string
	cmd  *exec.Cmd
	t    testing.TB
	args []string
}

// Start runs redis-server without persistence. The test is skipped, loudly, where there is none.
func Start(t testing.TB) *Server { return start(t, "--save", "", "--appendonly", "no") }

// StartDurable runs it with an append-only file that is synced on each write, as deploy ships it.
func StartDurable(t testing.TB) *Server {
	return start(t, "--save", "", "--appendonly", "yes", "--appendfsync", "always")
}

// StartEverySecond runs it with an append-only file that is synced every second.
func StartEverySecond(t testing.TB) *Server {
	return start(t, "--save", "", "--appendonly", "yes", "--appendfsync", "everysec")
}

func start(t testing.TB, args ...string) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("redis-server is missing: CI must install it (make test does)")
		}
		t.Skip("SKIPPED: redis-server is missing; install it with: apt-get install redis-server")
	}
	s := &Server{t: t, args: args, dir: t.TempDir(), port: freePort(t)}
	s.URL = fmt.Sprintf("redis://127.0.0.1:%d/0", s.port)
	s.Run()
	t.Cleanup(s.Kill)
	return s
}

func freePort(t testing.TB) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// Run starts the server (again) and waits until it takes connections.
func (s *Server) Run() {
	s.t.Helper()
	args := append([]string{"--port", fmt.Sprint(s.port), "--bind", "127.0.0.1", "--dir", s.dir, "--daemonize", "no"}, s.args...)
	s.cmd = exec.Command("redis-server", args...)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ready := make(chan struct{})
	go func() {
		lines := bufio.NewScanner(out)
		told := false
		for lines.Scan() {
			if !told && strings.Contains(lines.Text(), "Ready to accept connections") {
				told = true
				close(ready)
			}
		}
	}()
	select {
	case <-ready:
	case <-time.After(20 * time.Second):
		s.t.Fatal("redis-server did not start in 20 seconds")
	}
}

// Kill ends the server as a power cut would.
func (s *Server) Kill() {
	if s.cmd.ProcessState == nil {
		s.cmd.Process.Kill() //nolint:errcheck // it may be gone already
		s.cmd.Wait()         //nolint:errcheck // killed: that is the point
	}
}

// Signal sends a signal: SIGSTOP makes it hang, SIGCONT go on.
func (s *Server) Signal(sig os.Signal) { s.cmd.Process.Signal(sig) } //nolint:errcheck // as Kill

// Delete deletes the keys that match a pattern.
func (s *Server) Delete(pattern string) {
	s.t.Helper()
	opt, err := redis.ParseURL(s.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	rdb := redis.NewClient(opt)
	defer rdb.Close()
	keys, err := rdb.Keys(context.Background(), pattern).Result()
	if err == nil && len(keys) > 0 {
		err = rdb.Del(context.Background(), keys...).Err()
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// Everything reads all keys with what they hold, as text.
func (s *Server) Everything() map[string]string {
	s.t.Helper()
	opt, err := redis.ParseURL(s.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	rdb := redis.NewClient(opt)
	defer rdb.Close()
	ctx := context.Background()
	keys, err := rdb.Keys(ctx, "*").Result()
	if err != nil {
		s.t.Fatal(err)
	}
	all := map[string]string{}
	for _, k := range keys {
		all[k] = content(ctx, rdb, k)
	}
	return all
}

func content(ctx context.Context, rdb *redis.Client, k string) string {
	switch rdb.Type(ctx, k).Val() {
	case "string":
		return rdb.Get(ctx, k).Val()
	case "hash":
		return fmt.Sprint(rdb.HGetAll(ctx, k).Val())
	case "list":
		return fmt.Sprint(rdb.LRange(ctx, k, 0, -1).Val())
	case "set":
		return fmt.Sprint(rdb.SMembers(ctx, k).Val())
	case "zset":
		return fmt.Sprint(rdb.ZRangeWithScores(ctx, k, 0, -1).Val())
	case "stream":
		return fmt.Sprint(rdb.XRange(ctx, k, "-", "+").Val())
	}
	return ""
}
