package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// checkedAt is when the files are checked.
var checkedAt = time.Date(2026, 11, 27, 3, 0, 0, 0, time.UTC)

// checked runs the command in a folder of files.
func checked(t *testing.T, contents map[string]string, args ...string) (out, errs string, code int) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range contents {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	t.Chdir(dir)
	out, errs, code, _ = executed(t, checkCommand(func() time.Time { return checkedAt }), "", args...)
	return out, errs, code
}

// executed runs a command: what it printed, its exit code, and the error behind that.
func executed(t *testing.T, c *cobra.Command, stdin string, args ...string) (out, errs string, code int, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c.SetIn(strings.NewReader(stdin))
	c.SetOut(&stdout)
	c.SetErr(&stderr)
	c.SetArgs(args)
	if err = c.Execute(); err != nil {
		var e exitError
		require.ErrorAs(t, err, &e)
		require.Error(t, errors.Unwrap(e))
		code = e.code
	}
	return stdout.String(), stderr.String(), code, err
}

const (
	asking = "campaign: a\nquestions: [{id: note, kind: text, text: \"?\"}]\noffers: [gift]\n"
	giving = "offer: gift\ntext: For you\n"
)

func TestCheckFolder(t *testing.T) {
	out, errs, code := checked(t, map[string]string{"set/a.yaml": asking, "set/more/b.yaml": giving}, "set")
	require.Zero(t, code, errs)
	require.Equal(t, "1 campaign and 1 offer: no mistake\n", out)
	require.Empty(t, errs)
}

func TestCheckFilesTogether(t *testing.T) {
	contents := map[string]string{"a.yaml": asking, "b.yaml": giving}
	_, errs, code := checked(t, contents, "a.yaml", "b.yaml")
	require.Zero(t, code, errs)
	out, errs, code := checked(t, contents, "a.yaml")
	require.Equal(t, 2, code)
	require.Equal(t, "a.yaml:3:10: there is no offer gift; write a document that begins with offer: gift\n", errs)
	require.Equal(t, "1 mistake in 1 file\n", out)
}

func TestCheckMistakes(t *testing.T) {
	out, errs, code := checked(t, map[string]string{"set/a.yaml": "campaign: a\nqestions: []\n", "set/b.yaml": "offer: [\n"}, "set", "gone", "./set/")
	require.Equal(t, 2, code)
	require.Contains(t, errs, filepath.Join("set", "a.yaml")+":2:1: unknown key qestions; did you mean questions?\n")
	require.Contains(t, errs, "gone: there is no such file or folder\n")
	require.Contains(t, out, "in 3 files\n")
}

func TestCheckWarnings(t *testing.T) {
	out, errs, code := checked(t, map[string]string{"b.yaml": giving}, "b.yaml")
	require.Zero(t, code)
	require.Equal(t, "b.yaml:1:8: warning: no campaign gives the offer gift; name it under offers of a campaign\n", errs)
	require.Equal(t, "0 campaigns and 1 offer: no mistake, 1 warning\n", out)
}

// What has passed is a warning here: whether it ran is known to the gateway alone.
func TestCheckWarnsOfWhatHasPassed(t *testing.T) {
	out, errs, code := checked(t, map[string]string{"set/a.yaml": "schedule: {at: 2026-11-27T09:59}\n" + asking,
		"set/b.yaml": "valid: {until: 2026-11-26}\n" + giving}, "set", "--timezone", "Asia/Ho_Chi_Minh")
	require.Zero(t, code)
	require.Equal(t, filepath.Join("set", "a.yaml")+":1:16: warning: 2026-11-27T09:59 has passed: the campaign does not start by itself any more; write a time to come where it is to start again\n"+
		filepath.Join("set", "b.yaml")+":1:16: warning: the offer gift is over: nobody is given it any more; write a day to come, or leave the offer out\n", errs)
	require.Equal(t, "1 campaign and 1 offer: no mistake, 2 warnings\n", out)
	_, errs, _ = checked(t, map[string]string{"set/a.yaml": "schedule: {at: 2026-11-27T10:01}\n" + asking, "set/b.yaml": "valid: {until: 2026-11-27}\n" + giving}, "set")
	require.Empty(t, errs)
}

func TestCheckEmptyFolder(t *testing.T) {
	_, errs, code := checked(t, map[string]string{"set/readme.txt": "x"}, "set")
	require.Equal(t, 2, code)
	require.Equal(t, "set: there is no campaign and no offer here; name a folder with *.yaml files\n", errs)
}

func TestCheckTimezone(t *testing.T) {
	_, _, code := checked(t, nil, "--timezone", "Hanoi", "x")
	require.Equal(t, 2, code)
}
