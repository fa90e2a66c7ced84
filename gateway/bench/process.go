package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program that was started here and is ended here.
type process struct {
	cmd *exec.Cmd
	log string // the file with what it says
}

// launch starts a program; what it says goes to a file in dir.
func launch(dir, name string, args ...string) (*process, error) {
	f, err := os.CreateTemp(dir, filepath.Base(name)+"-*.log")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = f, f
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &process{cmd, f.Name()}, nil
}

// kill ends it at once; stop in order, with what is under way finished.
func (p *process) kill() { p.end(syscall.SIGKILL) }

func (p *process) stop() { p.end(syscall.SIGTERM) }

func (p *process) end(sig syscall.Signal) {
	if p == nil || p.cmd.ProcessState != nil {
		return
	}
	p.cmd.Process.Signal(sig) //nolint:errcheck // it may be gone
	p.cmd.Wait()              //nolint:errcheck // ended by a signal: that is the point
}

// gone reports whether it ended by itself.
func (p *process) gone() bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	return err != nil || bytes.Contains(stat, []byte(") Z "))
}

// said is the end of what it said, for an error.
func (p *process) said() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	const most = 2000
	return string(b[max(0, len(b)-most):])
}

// tick is the kernel's unit of processor time (USER_HZ), the same on every Linux that Go runs on.
const tick = time.Second / 100

// cpu is how much processor time it has used.
func (p *process) cpu() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(b), ") ") // the name in front may hold anything
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, errors.New("/proc: a stat line of another form")
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// readyWithin bounds how long a program may take to be ready.
const readyWithin = 5 * time.Minute

// ready waits until the program at base answers /readyz with 200.
func (p *process) ready(ctx context.Context, base string) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		if answers(ctx, base+"/readyz") {
			return nil
		}
		if p.gone() {
			return fmt.Errorf("%s ended: %s", filepath.Base(p.cmd.Path), p.said())
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is never ready: %s", filepath.Base(p.cmd.Path), p.said())
		case <-again.C:
		}
	}
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
