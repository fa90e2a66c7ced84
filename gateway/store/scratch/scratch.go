// Package scratch starts a redis-server of one's own, for benchmarks: on a free loopback port, with an append-only file
// in a folder that the caller gives, and gone with the process that started it.
package scratch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// Server is a running redis-server.
type Server struct {
	Addr string // host:port
	Dir  string
	cmd  *exec.Cmd
	log  *bytes.Buffer
	rdb  *redis.Client
}

// readyWithin bounds how long a server may take to load its file.
const readyWithin = 5 * time.Minute

// Start runs redis-server on what is in dir and waits until it answers. Its append-only file is synced every second
// until Sync says otherwise, and rewritten only by Compact, so that its growth can be measured.
func Start(ctx context.Context, dir string) (*Server, error) {
	s, err := Launch(dir)
	if err != nil {
		return nil, err
	}
	if err := s.Await(ctx); err != nil {
		s.Kill()
		return nil, err
	}
	return s, nil
}

// Launch runs it and does not wait.
func Launch(dir string) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a port for redis-server: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return nil, err
	}
	s := &Server{Addr: "127.0.0.1:" + strconv.Itoa(port), Dir: dir}
	return s, s.Again()
}

// Again runs a server that was ended, on the same port and folder, and does not wait.
func (s *Server) Again() error {
	_, port, _ := net.SplitHostPort(s.Addr)
	s.log = &bytes.Buffer{}
	// As deploy/redis.conf ships it, but for appendfsync and snapshots.
	s.cmd = exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", s.Dir, "--daemonize", "no", "--save", "",
		"--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0", "--maxmemory-policy", "noeviction",
		"--hash-max-listpack-value", "1024", "--loglevel", "warning")
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("redis-server (Debian: apt-get install redis-server): %w", err)
	}
	s.rdb = redis.NewClient(&redis.Options{Addr: s.Addr, DisableIdentity: true, ReadTimeout: time.Minute, PoolSize: 2})
	return nil
}

// Await waits until the server has loaded its file and answers.
func (s *Server) Await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.rdb.Ping(ctx).Err()
		if err == nil {
			return nil
		}
		if s.ended() {
			return fmt.Errorf("redis-server ended: %s", s.log)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("redis-server does not answer: %w", err)
		case <-tick.C:
		}
	}
}

func (s *Server) ended() bool {
	_, err := os.Stat("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/cwd")
	if err != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/stat")
	return err != nil || bytes.Contains(stat, []byte(") Z "))
}

// URL is the server's address as the gateway's configuration wants it.
func (s *Server) URL() string { return "redis://" + s.Addr + "/0" }

// Kill ends the server as a power cut would.
func (s *Server) Kill() { s.end(syscall.SIGKILL) }

// Stop ends it in order: what it was told is on the disk.
func (s *Server) Stop() { s.end(syscall.SIGTERM) }

func (s *Server) end(sig syscall.Signal) {
	if s.cmd == nil {
		return
	}
	s.rdb.Close()
	s.cmd.Process.Signal(sig) //nolint:errcheck // it may be gone
	s.cmd.Wait()              //nolint:errcheck // ended by a signal: that is the point
	s.cmd = nil
}

// Sync chooses whether each write is synced, or one a second.
func (s *Server) Sync(ctx context.Context, always bool) error {
	policy := "everysec"
	if always {
		policy = "always"
	}
	return s.rdb.ConfigSet(ctx, "appendfsync", policy).Err()
}

// Flush deletes everything.
func (s *Server) Flush(ctx context.Context) error { return s.rdb.FlushAll(ctx).Err() }

// Compact rewrites the append-only file and waits for it.
func (s *Server) Compact(ctx context.Context) error {
	if err := s.rdb.BgRewriteAOF(ctx).Err(); err != nil {
		return err
	}
	return s.until(ctx, "aof_rewrite_in_progress", "aof_rewrite_scheduled")
}

// until waits until the fields of how data is kept are all 0.
func (s *Server) until(ctx context.Context, fields ...string) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		busy, err := s.number(ctx, "persistence", fields...)
		if err != nil || busy == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// CPU is how much processor time the server has used.
func (s *Server) CPU(ctx context.Context) (time.Duration, error) {
	seconds, err := s.number(ctx, "cpu", "used_cpu_sys", "used_cpu_user")
	return time.Duration(seconds * float64(time.Second)), err
}

// Memory is how many bytes the server holds.
func (s *Server) Memory(ctx context.Context) (float64, error) {
	return s.number(ctx, "memory", "used_memory")
}

// AOF is how many bytes its append-only file has, with what waits to be written to it while the disk is busy.
func (s *Server) AOF(ctx context.Context) (float64, error) {
	if err := s.until(ctx, "aof_buffer_length"); err != nil {
		return 0, err
	}
	return s.number(ctx, "persistence", "aof_current_size")
}

// number is the sum of fields of INFO.
func (s *Server) number(ctx context.Context, section string, fields ...string) (sum float64, err error) {
	text, err := s.rdb.Info(ctx, section).Result()
	if err != nil {
		return 0, fmt.Errorf("INFO %s: %w", section, err)
	}
	found := 0
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		for _, f := range fields {
			if name != f {
				continue
			}
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return 0, fmt.Errorf("INFO %s: %s: %w", section, f, err)
			}
			sum += n
			found++
		}
	}
	if found != len(fields) {
		return 0, errors.New("INFO " + section + " lacks " + strings.Join(fields, " or "))
	}
	return sum, nil
}
