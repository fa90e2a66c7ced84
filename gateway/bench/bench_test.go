package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// TestMain is the program itself where it is called to be a floor.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "floor" {
		if err := run(context.Background(), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// needs skips a test that cannot run here; where everything is installed, as in CI, it fails instead.
func needs(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("redis-server is missing: CI must install it (make test does)")
		}
		t.Skip("SKIPPED: redis-server is missing; install it with: apt-get install redis-server")
	}
}

// built builds the program once for all tests, in the build folder: what is up to date there is not linked again.
var built = sync.OnceValues(func() (binary string, err error) {
	if binary, err = filepath.Abs(filepath.Join("..", "..", "build", "benched")); err != nil {
		return "", err
	}
	if out, err := exec.Command("go", "build", "-o", binary, "github.com/hoidap/hoidap/cmd/hoidap").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

// TestOneSmallRound: everything that is measured works, whatever the numbers are.
func TestOneSmallRound(t *testing.T) {
	needs(t)
	self, err := os.Executable()
	require.NoError(t, err)
	binary, err := built()
	require.NoError(t, err)
	b := &bench{dir: t.TempDir(), binary: binary, self: self, rounds: 1, size: tiny, only: []string{"T3", "T7", "T11", "U1"}}
	require.NoError(t, b.build(t.Context()))
	require.NoError(t, b.measure(t.Context()))
	for _, r := range b.measured() {
		require.Len(t, r.Rounds, 1, r.ID)
		require.Positive(t, r.Rounds[0].Ours, r.ID)
		if !r.Bar.Clock {
			require.Positive(t, r.Rounds[0].Floor, r.ID)
		}
	}
	require.Len(t, b.measured(), 14, "T1 to T5 and T12, T7, T11, U1")
	require.False(t, b.row("T3").Broken, "no reply is lost")
	out := filepath.Join(t.TempDir(), "bench.json")
	require.NoError(t, b.write(out))
	raw, err := os.ReadFile(out)
	require.NoError(t, err)
	require.True(t, json.Valid(raw))
}

// TestEveryPage: the data set is made, and every page of it answers; whatever the times are.
func TestEveryPage(t *testing.T) {
	needs(t)
	binary, err := built()
	require.NoError(t, err)
	b := &bench{dir: t.TempDir(), binary: binary, rounds: 1, size: tiny, town: tinyTown}
	require.NoError(t, b.build(t.Context()))
	out := filepath.Join(t.TempDir(), "pages.json")
	require.NoError(t, b.runPages(t.Context(), out))
	var kept struct{ Pages []view }
	raw, err := os.ReadFile(out)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &kept))
	require.Len(t, kept.Pages, len(views(landmarks{})))
	for _, v := range kept.Pages {
		require.Positive(t, v.Median, v.Name)
		require.Positive(t, v.Bytes, v.Name)
		require.NotEmpty(t, v.Verdict, v.Name)
	}
}

func TestVerdicts(t *testing.T) {
	for name, c := range map[string]struct {
		bar    bar
		rounds []pair
		score  float64
		want   string
		busy   bool
	}{
		"more is better":            {bar{Enough: .3, Excellent: .45}, []pair{{30, 100}, {50, 100}, {40, 100}}, .4, met, false},
		"excellent":                 {bar{Enough: .3, Excellent: .45}, []pair{{45, 100}}, .45, excellent, false},
		"missed":                    {bar{Enough: .3, Excellent: .45}, []pair{{29, 100}}, .29, missed, false},
		"less is better":            {bar{Enough: 3, Excellent: 2, Smaller: true}, []pair{{5, 2}}, 2.5, met, false},
		"less is better and missed": {bar{Enough: 3, Excellent: 2, Smaller: true}, []pair{{8, 2}}, 4, missed, false},
		"the clock":                 {bar{Enough: 100, Excellent: 30, Smaller: true, Clock: true}, []pair{{20, 0}}, 20, excellent, false},
		"the ratio of each round, not of the medians": {bar{Enough: .3, Excellent: .45}, []pair{{10, 100}, {40, 80}, {50, 160}}, .3125, met, false},
		"a busy machine":       {bar{Enough: .3, Excellent: .45}, []pair{{40, 100}, {16, 40}}, .4, met, true},
		"an even number":       {bar{Enough: .3, Excellent: .45}, []pair{{30, 100}, {40, 100}}, .35, met, false},
		"nothing was measured": {bar{Enough: .3, Excellent: .45}, nil, 0, unmeasured, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := row{ID: "T0", Work: "work", Bar: c.bar, Rounds: c.rounds}
			r.judge()
			require.InDelta(t, c.score, r.Score, 1e-9)
			require.Equal(t, c.want, r.Verdict)
			require.Equal(t, c.busy, r.Truthless)
			var out bytes.Buffer
			print(&out, []*row{&r})
			require.Contains(t, out.String(), c.want)
			require.Equal(t, c.busy, bytes.Contains(out.Bytes(), []byte("too busy")))
		})
	}
}

func TestSpeedIsNotAll(t *testing.T) {
	r := row{Bar: bar{Enough: .3, Excellent: .45}, Rounds: []pair{{90, 100}}, Broken: true}
	r.judge()
	require.Equal(t, missed, r.Verdict, "some of the work was lost")
	r.Broken, r.Void = false, true
	r.judge()
	require.Equal(t, void, r.Verdict)
	r.Void, r.Bar.Excellent = false, 0
	r.judge()
	require.Equal(t, met, r.Verdict, "nothing is asked for beyond that")
}

// TestEveryListIsMeasured: whatever the API tells on being asked is measured, with each of its filters, and with a deep page where
// a cursor leads on.
func TestEveryListIsMeasured(t *testing.T) {
	raw, err := os.ReadFile("../api/openapi.yaml")
	require.NoError(t, err)
	var spec struct {
		Paths      map[string]map[string]yaml.Node
		Components struct {
			Parameters map[string]struct{ Name string }
		}
	}
	require.NoError(t, yaml.Unmarshal(raw, &spec))
	never := map[string]string{
		"/openapi.yaml":                   "it is a file",
		"/campaigns/{id}/results.csv":     "it takes as long as it takes",
		"/files/{id}/diff?from":           "measured together with to",
		"/campaigns/{id}/results?max_age": "measured together with only",
	}
	all := lists(landmarks{person: "c1-x", run: "r1", phone: "+84901234567", item: "i1", of: "c1-y"})
	measured := func(path, parameter string) bool {
		shape := regexp.MustCompile("^/api/v1" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), `[^/?]+`) + `(\?|$)`)
		return slices.ContainsFunc(all, func(v *view) bool {
			switch {
			case !shape.MatchString(v.Path) || v.Body != "":
				return false
			case parameter == "cursor":
				return v.Deep
			}
			return parameter == "" || strings.Contains(v.Path, "?"+parameter+"=") || strings.Contains(v.Path, "&"+parameter+"=")
		})
	}
	lists := 0
	for path, of := range spec.Paths {
		get, ok := of["get"]
		if !ok || never[path] != "" {
			continue
		}
		lists++
		require.True(t, measured(path, ""), "GET %s is not measured", path)
		var o struct {
			Parameters []struct {
				Ref  string `yaml:"$ref"`
				Name string
			}
		}
		require.NoError(t, get.Decode(&o))
		for _, p := range o.Parameters {
			name := p.Name
			if p.Ref != "" {
				name = spec.Components.Parameters[p.Ref[strings.LastIndexByte(p.Ref, '/')+1:]].Name
			}
			if never[path+"?"+name] == "" {
				require.True(t, measured(path, name), "GET %s by %s is not measured", path, name)
			}
		}
	}
	require.Greater(t, lists, 30)
}
