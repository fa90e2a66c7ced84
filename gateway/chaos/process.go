package chaos

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a program that is kept running, as an init system would, until it is told to stay down. All its methods may
// be called concurrently.
type process struct {
	name  string
	argv  []string
	env   []string
	ready string   // a line on stdout that holds it says that the program is up
	log   *os.File // its stderr, and stdout too

	mu      sync.Mutex
	cmd     *exec.Cmd // nil: it is not running
	exited  chan struct{}
	up      chan struct{} // closed once it is ready
	wanted  bool
	ordered bool // the exit that comes next was asked for
	changed chan struct{}
	strays  int // exits that nobody asked for
	starts  int

	done sync.WaitGroup
	stop context.CancelFunc
}

func newProcess(name, logFile, ready string, env []string, argv ...string) (*process, error) {
	f, err := os.OpenFile(logFile, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	return &process{name: name, argv: argv, env: env, ready: ready, log: f, changed: make(chan struct{}, 1)}, nil
}

// keep starts the program and starts it again whenever it ends, unless it is held down.
func (p *process) keep() {
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	p.hold(false)
	p.done.Go(func() {
		for ctx.Err() == nil {
			if !p.want() {
				select {
				case <-ctx.Done():
				case <-p.changed:
				}
				continue
			}
			if !p.once() { // it ended by itself: not at once again, or a broken one would eat the machine
				wait(ctx, 200*time.Millisecond)
			}
		}
	})
}

func (p *process) want() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wanted
}

// hold says whether the program should stay down.
func (p *process) hold(down bool) {
	p.mu.Lock()
	p.wanted = !down
	p.mu.Unlock()
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// once runs the program to its end, and reports whether the end was asked for.
func (p *process) once() (asked bool) {
	cmd := exec.Command(p.argv[0], p.argv[1:]...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = p.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		fmt.Fprintf(p.log, "chaos: %v\n", err)
		return false
	}
	p.mu.Lock()
	if !p.wanted {
		p.mu.Unlock()
		return true
	}
	if err := cmd.Start(); err != nil {
		p.mu.Unlock()
		fmt.Fprintf(p.log, "chaos: %v\n", err)
		return false
	}
	exited, up := make(chan struct{}), make(chan struct{})
	p.cmd, p.exited, p.up, p.ordered = cmd, exited, up, false
	p.starts++
	p.mu.Unlock()
	p.watch(out, up)
	err = cmd.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd, p.up, p.exited = nil, nil, nil
	close(exited)
	if !p.ordered {
		p.strays++
		fmt.Fprintf(p.log, "chaos: %s ended by itself: %v\n", p.name, err)
	}
	return p.ordered
}

// watch copies what the program says to the log until it ends, and looks for the line that says it is up.
func (p *process) watch(out io.Reader, up chan struct{}) {
	lines, told := bufio.NewScanner(out), false
	for lines.Scan() {
		fmt.Fprintln(p.log, lines.Text())
		if !told && strings.Contains(lines.Text(), p.ready) {
			told = true
			close(up)
		}
	}
}

// end sends a signal that ends the program, waits until it has, and keeps it down for so long. It reports whether there
// was anything to end.
func (p *process) end(ctx context.Context, sig syscall.Signal, down time.Duration) bool {
	p.mu.Lock()
	p.wanted = false
	cmd, exited := p.cmd, p.exited
	if cmd != nil {
		p.ordered = true
		cmd.Process.Signal(sig) //nolint:errcheck // it may be gone already: then there is nothing to end
	}
	p.mu.Unlock()
	if cmd != nil {
		select {
		case <-exited:
		case <-time.After(endMost):
			cmd.Process.Kill() //nolint:errcheck // as above
			<-exited
		}
	}
	wait(ctx, down)
	p.hold(false)
	return cmd != nil
}

// endMost is how long a program may take to stop when it is asked to.
const endMost = 40 * time.Second

// signal sends a signal that does not end the program.
func (p *process) signal(sig syscall.Signal) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd != nil && p.cmd.Process.Signal(sig) == nil
}

// pid is the running program's; 0: it is not running.
func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

// await waits until the program is up.
func (p *process) await(ctx context.Context) error {
	for {
		p.mu.Lock()
		up, exited := p.up, p.exited
		p.mu.Unlock()
		if up != nil {
			select {
			case <-up:
				return nil
			case <-exited:
			case <-ctx.Done():
			}
		}
		if !wait(ctx, 10*time.Millisecond) {
			return fmt.Errorf("%s did not come up: %w; its log ends with:\n%s", p.name, ctx.Err(), p.lastWords())
		}
	}
}

// lastWords is the end of the log.
func (p *process) lastWords() string {
	raw, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(raw[max(0, len(raw)-1000):])
}

// strayed is how often it ended by itself.
func (p *process) strayed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.strays
}

// close ends the program for good.
func (p *process) close() {
	if p.stop == nil {
		return
	}
	p.stop()
	p.mu.Lock()
	p.wanted = false
	if p.cmd != nil {
		p.ordered = true
		p.cmd.Process.Kill() //nolint:errcheck // it may be gone already
	}
	p.mu.Unlock()
	p.hold(true)
	p.done.Wait()
	p.log.Close() //nolint:errcheck // it is only written to
}

// wait sleeps, or until ctx ends; it reports whether the time went by.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
