package console_test

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
)

//go:embed testdata/driver.js
var driver string

// chromium is the one browser of the package's tests: it starts when the first of them asks for it.
var chromium browser

func TestMain(m *testing.M) {
	code := m.Run()
	chromium.close()
	os.Exit(code)
}

// browser drives Chromium for many tests at a time.
type browser struct {
	start sync.Once
	cmd   *exec.Cmd
	in    io.WriteCloser
	err   error // it could not be started, or has ended

	mu      sync.Mutex
	asked   int
	waiting map[string]chan []string // what went wrong, by the id of the journey
}

// journey is what the driver is asked to do.
type journey struct {
	ID       string `json:"id"`
	Script   string `json:"script"`
	Asked    any    `json:"asked"`
	Base     string `json:"base"`
	Password string `json:"password"`
	Shots    string `json:"shots"`
}

// travel makes a journey and gives what went wrong in it.
func (b *browser) travel(t *testing.T, j journey) []string {
	t.Helper()
	path := judge.Browser(t)
	b.start.Do(func() { b.open(path) })
	b.mu.Lock()
	if b.err != nil {
		b.mu.Unlock()
		require.NoError(t, b.err)
	}
	b.asked++
	j.ID = strconv.Itoa(b.asked)
	done := make(chan []string, 1)
	b.waiting[j.ID] = done
	err := json.NewEncoder(b.in).Encode(j)
	b.mu.Unlock()
	require.NoError(t, err)
	select {
	case problems := <-done:
		return problems
	case <-t.Context().Done():
		return []string{t.Context().Err().Error()}
	}
}

func (b *browser) open(path string) {
	b.waiting = map[string]chan []string{}
	if b.cmd, b.err = judge.Shared("-e", driver, path); b.err != nil {
		return
	}
	var out io.ReadCloser
	if out, b.err = b.cmd.StdoutPipe(); b.err != nil {
		return
	}
	if b.in, b.err = b.cmd.StdinPipe(); b.err != nil {
		return
	}
	b.cmd.Stderr = os.Stderr
	if b.err = b.cmd.Start(); b.err == nil {
		go b.listen(out)
	}
}

// listen hands out what comes back, until the driver ends.
func (b *browser) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var came struct {
			ID       string   `json:"id"`
			Problems []string `json:"problems"`
		}
		if json.Unmarshal(lines.Bytes(), &came) != nil {
			continue
		}
		b.mu.Lock()
		b.waiting[came.ID] <- came.Problems
		delete(b.waiting, came.ID)
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = errors.New("the browser's driver has ended")
	for _, done := range b.waiting {
		done <- []string{b.err.Error()}
	}
}

// close ends the driver, and Chromium with it.
func (b *browser) close() {
	if b.cmd != nil && b.cmd.Process != nil {
		b.in.Close() //nolint:errcheck // the driver ends with its input
		b.cmd.Wait() //nolint:errcheck // the tests have said what they wanted to
	}
}

// browse drives a real browser: the script is the body of an async function with `page`, `base`, `asked` and
//   - signIn(name): signs in, as whoever has that name;
//   - check(what): fails where the page has barriers (axe) or scrolls sideways; fits(what): the latter alone;
//   - shot(name): takes a picture, where -shots asks for any;
//   - expect(condition, what): fails with what;
//   - browser.newContext(options): somebody else's browser; tools(page) are the above on a page of it.
//
// Errors in the page's console, and so all that breaks the content security policy, fail the test.
func (h *house) browse(script string, asked any) {
	h.t.Helper()
	require.Empty(h.t, chromium.travel(h.t, journey{Script: script, Asked: asked, Base: h.base, Password: password, Shots: shots(h.t)}))
}

func shots(t *testing.T) string {
	if *shotsIn == "" {
		return ""
	}
	dir, err := filepath.Abs(*shotsIn)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	return dir
}
