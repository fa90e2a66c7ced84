package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheMakefileNamesTestsThatExist: one that was renamed would no longer be run, and nobody would notice.
func TestTheMakefileNamesTestsThatExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	tests := testNames(t)
	patterns := regexp.MustCompile(`(?m)(?:^UNRACED := |-run )'?([^'\n]+)'?`).FindAllStringSubmatch(string(makefile), -1)
	seen := 0
	for _, p := range patterns {
		for alternative := range strings.SplitSeq(strings.ReplaceAll(p[1], "$$", "$"), "|") {
			if alternative = strings.Fields(alternative)[0]; strings.HasPrefix(alternative, "$(") || alternative == "^$" {
				continue
			}
			seen++
			if re := regexp.MustCompile("(?m)" + alternative); !re.MatchString(tests) {
				t.Errorf("the Makefile asks for tests %q, and there is none", alternative)
			}
		}
	}
	if seen < 4 {
		t.Errorf("%d names of tests were found in the Makefile: this test does not read it any more", seen)
	}
}

// testNames is the names of all tests, one a line, so that ^ and $ hold in a pattern as go test has them.
func testNames(t *testing.T) string {
	t.Helper()
	var names []string
	name := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range name.FindAllStringSubmatch(string(b), -1) {
			names = append(names, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, "\n")
}
