package redistest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// Durability is what is left of a Redis that is killed.
type Durability int

// Nothing is left; all but the last second of writes; every write that was confirmed.
const (
	None Durability = iota
	EverySecond
	Always
)

func (d Durability) args() []string {
	args := []string{"--save", "", "--appendonly", "no"}
	switch d {
	case EverySecond:
		args = []string{"--save", "", "--appendonly", "yes", "--appendfsync", "everysec"}
	case Always:
		args = []string{"--save", "", "--appendonly", "yes", "--appendfsync", "always"}
	}
	return args
}

// startsWithin bounds how long a server may take to come up.
const startsWithin = 20 * time.Second

// portHere stands for the node's port in its arguments.
const portHere = "{port}"

// Node is one redis-server process on a loopback port that stays its own when it is killed and run again.
type Node struct {
	Addr string // host:port
	Port int

	dir   string
	args  []string
	ready string // what it says when it may be used
	cmd   *exec.Cmd
	ended chan struct{}
	login func(*redis.Options) // how its own client gets in; nil: it just does
}

// Launch runs one redis-server whose data is kept in dir, which is made where it does not exist. args are more of its
// settings, as on its command line.
func Launch(dir string, d Durability, args ...string) (*Node, error) {
	return launch(dir, "Ready to accept connections", append(d.args(), args...)...)
}

// launch tries some ports: another process may take one between our looking and the server's binding.
func launch(dir, ready string, args ...string) (*Node, error) {
	var failed error
	for range 3 {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		n := &Node{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), Port: port, dir: dir, ready: ready, args: args}
		if failed = n.Run(); failed == nil {
			return n, nil
		}
	}
	return nil, failed
}

// freePort is a free loopback port below those that the kernel gives to outgoing connections, so that none of these has
// it when a server that was killed wants it back.
func freePort() (int, error) {
	var failed error
	for range 100 {
		port := 15000 + rand.IntN(16000)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, l.Close()
		}
		failed = err
	}
	return 0, fmt.Errorf("no free port: %w", failed)
}

// Run starts the process (again) and waits until it takes connections.
func (n *Node) Run() error {
	if n.Running() {
		return nil
	}
	if err := os.MkdirAll(n.dir, 0o755); err != nil {
		return err
	}
	n.cmd = exec.Command("redis-server", n.commandLine()...)
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := n.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := n.cmd.Start(); err != nil {
		return fmt.Errorf("starting redis-server: %w", err)
	}
	ready, ended := make(chan struct{}), make(chan struct{})
	n.ended = ended
	var last string
	go func() {
		last = listen(out, n.ready, ready)
		n.cmd.Wait() //nolint:errcheck // how it ended does not matter
		close(ended)
	}()
	select {
	case <-ready:
		return nil
	case <-ended:
		return fmt.Errorf("redis-server ended at once: %s", last)
	case <-time.After(startsWithin):
		n.Kill()
		return fmt.Errorf("redis-server did not start in %s", startsWithin)
	}
}

// commandLine is a file where the server writes to its own settings, as a sentinel does, and arguments else.
func (n *Node) commandLine() []string {
	own := []string{"--port", strconv.Itoa(n.Port), "--bind", "127.0.0.1", "--dir", n.dir, "--daemonize", "no"}
	if conf := filepath.Join(n.dir, sentinelFile); exists(conf) {
		own = append([]string{conf, "--sentinel"}, own...)
	}
	for _, a := range n.args {
		own = append(own, strings.ReplaceAll(a, portHere, strconv.Itoa(n.Port)))
	}
	return own
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// listen reads what a server says until it ends, closes ready when it says that it is, and returns its last words.
func listen(out io.Reader, word string, ready chan<- struct{}) (last string) {
	told := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		last = lines.Text()
		if !told && strings.Contains(last, word) {
			told = true
			close(ready)
		}
	}
	return last
}

// Running reports whether the process lives; one that was stopped by a signal does.
func (n *Node) Running() bool {
	if n.ended == nil {
		return false
	}
	select {
	case <-n.ended:
		return false
	default:
		return true
	}
}

// Kill ends the process as a power cut would, and waits for its end.
func (n *Node) Kill() {
	if n.Running() {
		n.cmd.Process.Kill() //nolint:errcheck // it may be gone already
		<-n.ended
	}
}

// Signal sends a signal: SIGSTOP makes it hang, SIGCONT go on. A process goes on for a moment after SIGSTOP was sent;
// Signal returns once it does hang.
func (n *Node) Signal(sig os.Signal) {
	if !n.Running() {
		return
	}
	n.cmd.Process.Signal(sig) //nolint:errcheck // it may be gone already
	for sig == syscall.SIGSTOP && n.Running() && !hangs(n.cmd.Process.Pid) {
		time.Sleep(time.Millisecond)
	}
}

// hangs reports whether a process is stopped, by proc_pid_stat(5): the letter after its name. Where there is no /proc it
// is taken to be.
func hangs(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(state, "T")
}

// Client connects to this node alone, whatever its part. The caller closes it.
func (n *Node) Client() *redis.Client {
	opt := &redis.Options{Addr: n.Addr, DialTimeout: time.Second, MaxRetries: -1, DisableIdentity: true}
	if n.login != nil {
		n.login(opt)
	}
	return redis.NewClient(opt)
}

// do asks the node one thing.
func (n *Node) do(ctx context.Context, args ...any) (any, error) {
	c := n.Client()
	defer c.Close()
	v, err := c.Do(ctx, args...).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("%v at %s: %w", args[0], n.Addr, err)
	}
	return v, nil
}

// Info is what the node tells about itself.
func (n *Node) Info(ctx context.Context, section string) (map[string]string, error) {
	v, err := n.do(ctx, "info", section)
	if err != nil {
		return nil, err
	}
	told := map[string]string{}
	text, _ := v.(string)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			told[name] = value
		}
	}
	return told, nil
}

// until asks again and again until ok, or the time is up.
func until(ctx context.Context, what string, ok func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, startsWithin)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var failed error
	for {
		done, err := ok(ctx)
		if done {
			return nil
		}
		if err != nil {
			failed = err
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("never: %s", what), failed)
		case <-tick.C:
		}
	}
}
