package http_test

import (
	"os"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters/http"
)

func page(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("../../docs/channels/http.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// example is the page's block of YAML that has an account of that name.
func example(t testing.TB, account string) string {
	t.Helper()
	for _, block := range strings.Split(page(t), "```yaml\n")[1:] {
		if text, _, _ := strings.Cut(block, "```"); strings.Contains(text, "\n  "+account+":\n") {
			return text
		}
	}
	t.Fatalf("the page shows no account %s", account)
	return ""
}

// Each setting is explained on the page, and each example is one of those that the kit tries.
func TestPage(t *testing.T) {
	t.Parallel()
	text := page(t)
	for _, s := range http.Type().Settings {
		if !strings.Contains(text, "`"+s.Name+"`") {
			t.Errorf("the page does not explain %s", s.Name)
		}
	}
	if n := strings.Count(text, "```yaml\n"); n != 2 {
		t.Errorf("%d examples, and the kit tries 2", n)
	}
}
