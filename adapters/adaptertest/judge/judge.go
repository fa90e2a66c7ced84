// Package judge lets independent programs judge what this one does: providers' own SDKs and calculators by other hands,
// run by Node. What two programs of different origin agree on, neither has made up.
//
// The programs are installed when a test asks for one the first time, from the versions in package-lock.json, into the
// build folder. Where that fails, or there is no Node, the test fails in CI and is skipped elsewhere.
package judge

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

//go:embed package.json
var manifest []byte

//go:embed package-lock.json
var lock []byte

// Ask runs a script with what is asked as JSON in the constant `asked`; what it gives to answer() comes back in answer.
// The script may require what is in package.json, and may be asynchronous: it ends when it has answered.
func Ask(t testing.TB, script string, asked, answer any) {
	t.Helper()
	in, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	cmd := Command(t, "-e", "const asked = JSON.parse(require('fs').readFileSync(0));"+
		"const answer = (x) => require('fs').writeFileSync(1, JSON.stringify(x));"+script)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the judge says %v: %s", err, cmd.Stderr)
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatalf("the judge's answer %.200q: %v", out, err)
	}
}

// Command is node with the programs at hand, for those that play a provider for as long as a test runs. It ends with the
// test at the latest.
func Command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	home, err := install()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no judge: %v", err)
		}
		t.Skipf("no judge: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), "node", args...)
	prepare(cmd, home)
	return cmd
}

// Shared is Command for what all tests of a package have together: whoever starts it ends it.
func Shared(args ...string) (*exec.Cmd, error) {
	home, err := install()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), "node", args...)
	prepare(cmd, home)
	return cmd, nil
}

func prepare(cmd *exec.Cmd, home string) {
	cmd.Dir = home
	cmd.Stderr = &bytes.Buffer{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// install gives the folder where the programs are, in the versions of the lock file. Tests of several packages run at the
// same time: the first installs, the others wait.
func install() (home string, err error) {
	root, err := module()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(manifest[:len(manifest):len(manifest)], lock...))
	home = filepath.Join(root, "build", "judges", hex.EncodeToString(sum[:6]))
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", err
	}
	only, err := os.OpenFile(filepath.Join(home, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer only.Close() //nolint:errcheck // gives the lock back
	if err := syscall.Flock(int(only.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	done := filepath.Join(home, "done")
	if _, err := os.Stat(done); err == nil {
		return home, nil
	}
	if err := fetch(home); err != nil {
		return "", err
	}
	return home, os.WriteFile(done, nil, 0o644)
}

func fetch(home string) error {
	for name, body := range map[string][]byte{"package.json": manifest, "package-lock.json": lock} {
		if err := os.WriteFile(filepath.Join(home, name), body, 0o644); err != nil {
			return err
		}
	}
	npm := exec.CommandContext(context.Background(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = home
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %.500s", err, out)
	}
	return nil
}

// module is the folder of go.mod, above where the test runs.
func module() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("there is no go.mod above the test")
}

// InABrowser is how the names of the tests that ask for Browser end: by it the Makefile runs them, without the race detector.
const InABrowser = "InABrowser"

// Browser is the path of Chromium, for scripts that drive one with playwright-core. It is missed as the judges are. With
// the race detector the test is skipped: what waits for a browser then takes minutes, and make test tries it without.
func Browser(t testing.TB) string {
	t.Helper()
	if !strings.HasSuffix(t.Name(), InABrowser) {
		t.Fatalf("%s drives a browser, so its name must end with %s: else make test runs it only with the race detector, where it is skipped", t.Name(), InABrowser)
	}
	if raced {
		t.Skip("browsers take minutes beside the race detector: make test tries them without it")
	}
	path, err := exec.LookPath("chromium")
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Fatal("there is no chromium: install it with deploy/needs.sh chromium")
	}
	t.Skip("there is no chromium: install it with deploy/needs.sh chromium")
	return ""
}
