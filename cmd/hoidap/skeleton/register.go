package skeleton

import (
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// listFile has the list of adapters.
const listFile = "adapters/all/all.go"

const importPath = "github.com/hoidap/hoidap/adapters/"

// Lines are what a list of adapters needs to hold the adapter: its import, and its line in Types.
func (a Adapter) Lines() (imported, listed string) {
	return "\t\"" + importPath + a.Name + "\"", "\t\t" + a.Name + ".Type(),"
}

// Register adds the adapter to the list in adapters/all/all.go, in order of the names. Where it stands there already,
// nothing changes.
func (a Adapter) Register(root string) error {
	file := filepath.Join(root, filepath.FromSlash(listFile))
	was, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	imported, listed := a.Lines()
	lines := strings.Split(string(was), "\n")
	lines, errI := insert(lines, imported, func(l string) bool { return strings.HasPrefix(l, "\t\""+importPath) })
	lines, errL := insert(lines, listed, func(l string) bool { return strings.HasPrefix(l, "\t\t") && strings.HasSuffix(l, ".Type(),") })
	if err := errors.Join(errI, errL); err != nil {
		return fmt.Errorf("%s does not look as it did: %w; add %s and %s by hand", listFile, err, strings.TrimSpace(imported), strings.TrimSpace(listed))
	}
	text, err := format.Source([]byte(strings.Join(lines, "\n")))
	if err != nil {
		return fmt.Errorf("%s: %w", listFile, err)
	}
	return os.WriteFile(file, text, 0o644)
}

// insert puts a line among those that are like it, in their order.
func insert(lines []string, line string, like func(string) bool) ([]string, error) {
	at := -1
	for i, l := range lines {
		switch {
		case l == line:
			return lines, nil
		case like(l) && l < line:
			at = i + 1
		case like(l) && at < 0:
			at = i
		}
	}
	if at < 0 {
		return lines, fmt.Errorf("no line is like %q", strings.TrimSpace(line))
	}
	return slices.Insert(lines, at, line), nil
}
