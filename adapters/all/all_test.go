package all_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters/all"
)

// Each adapter of the build describes itself, and is held to the contract by a test of its own.
func TestTypes(t *testing.T) {
	var names []string
	for _, x := range all.Types() {
		names = append(names, x.Name)
		if x.Doc == "" || len(x.Channels) == 0 || x.Open == nil {
			t.Errorf("%s says too little about itself", x.Name)
		}
		base := false
		for _, s := range x.Settings {
			base = base || s.Name == "base_url" || s.Name == "address" // address: of a session that is not over HTTP
			if s.Doc == "" || s.Name != strings.ToLower(s.Name) {
				t.Errorf("%s: setting %q needs a doc and a name in lower case", x.Name, s.Name)
			}
			for _, v := range []string{s.Example, s.Default} {
				if v != "" && s.Check != nil && !strings.HasPrefix(v, "${") && s.Check(v) != nil {
					t.Errorf("%s: %s does not accept its own example %q", x.Name, s.Name, v)
				}
			}
		}
		if !base {
			t.Errorf("%s has neither base_url nor address", x.Name)
		}
		if got, ok := all.Find(x.Name); !ok || got.Name != x.Name {
			t.Errorf("%s is not to be found", x.Name)
		}
		tests, _ := filepath.Glob(filepath.Join("..", x.Name, "*_test.go"))
		if !slices.ContainsFunc(tests, func(f string) bool {
			b, err := os.ReadFile(f)
			return err == nil && strings.Contains(string(b), "adaptertest.Run(")
		}) {
			t.Errorf("%s is not held to the contract: no test calls adaptertest.Run", x.Name)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("not in order, or twice: %v", names)
	}
	if _, ok := all.Find("carrier-pigeon"); ok {
		t.Error("found what is not there")
	}
}
