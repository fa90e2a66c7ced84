package skeleton

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]{1,19}$`)

// checkName: the name is a folder, a package of Go, and what operators write.
func checkName(root, name string) error {
	switch {
	case !nameForm.MatchString(name):
		return fmt.Errorf("%q is no name for an adapter: it becomes a folder, a Go package and the setting adapter; write 2 to 20 small letters and digits, a letter first, such as %s", name, suggestion(name))
	case token.IsKeyword(name) || slices.Contains(takenByGo(), name):
		return fmt.Errorf("%q has a meaning in Go or in every adapter's imports; write the provider's name, such as %s", name, name+"sms")
	case slices.Contains(takenHere(), name):
		return fmt.Errorf("adapters/%s is what adapters are built with or share, and no provider; choose another name", name)
	}
	if info, err := os.Stat(filepath.Join(root, "adapters", name)); err == nil && !info.IsDir() {
		return fmt.Errorf("adapters/%s is a file; choose another name", name)
	}
	return nil
}

// suggestion is what is left of a name, where that is one.
func suggestion(name string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	kept = strings.TrimLeft(kept, "0123456789")
	if kept = kept[:min(len(kept), 20)]; nameForm.MatchString(kept) {
		return kept
	}
	return "acme"
}

// takenByGo are the names that the go command or the skeleton's own files use otherwise.
func takenByGo() []string {
	return []string{"adapters", "address", "context", "errors", "fake", "fmt", "hex", "hmac", "http", "internal", "json", "main", "os", "testdata", "testing", "time", "vendor"}
}

// takenHere are the folders below adapters that are no provider's.
func takenHere() []string {
	return []string{"adaptermock", "adaptertest", "all", "fakekit", "httpcall", "meta", "phone"}
}
