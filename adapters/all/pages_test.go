package all_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/all"
)

var update = flag.Bool("update", false, "write the tables of docs/channels anew")

// channelDocs has a page for each adapter, and README.md, which compares them.
var channelDocs = filepath.Join("..", "..", "docs", "channels")

// part is what of a page is written from declarations: what stands between the two comments of its name.
type part struct{ name, heading, text string }

func (p part) begin() string { return "<!-- " + p.name + ": written by `make docs` -->" }
func (p part) end() string   { return "<!-- /" + p.name + " -->" }

func (p part) whole() string { return p.begin() + "\n" + p.text + p.end() }

// span finds the part in a page, with the note behind the name or without it, as the skeleton has it.
func (p part) span() *regexp.Regexp {
	return regexp.MustCompile(`(?s)<!-- ` + p.name + `(: [^>]*)? -->\n.*?` + regexp.QuoteMeta(p.end()))
}

// TestChannelPages: each adapter has a page whose tables are what the adapter declares. With -update, it makes it so.
func TestChannelPages(t *testing.T) {
	known := map[string]bool{"README": true}
	modes := map[string][]mode{}
	for _, x := range all.Types() {
		known[x.Name] = true
		modes[x.Name] = modesOf(t, x)
		page(t, x.Name,
			part{"settings", "Settings", settingsTable(x.Settings)},
			part{"capabilities", "What it can do", capabilitiesTable(modes[x.Name])})
	}
	page(t, "README", part{"channels", "All channels", comparison(modes)})
	names, err := filepath.Glob(filepath.Join(channelDocs, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if n := strings.TrimSuffix(filepath.Base(name), ".md"); !known[n] {
			t.Errorf("docs/channels/%s.md belongs to no adapter of the build: add %s.Type() to adapters/all/all.go", n, n)
		}
	}
}

// page holds one page against its parts.
func page(t *testing.T, name string, parts ...part) {
	t.Helper()
	file := filepath.Join(channelDocs, name+".md")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("docs/channels/%s.md is missing: `hoidap adapter new` shows in another name what belongs on it (%v)", name, err)
		return
	}
	was := string(raw)
	if !*update && strings.Contains(was, "TODO") {
		t.Errorf("docs/channels/%s.md: there is a TODO left to write", name)
	}
	now := was
	for _, p := range parts {
		now = p.into(now)
	}
	if now == was {
		return
	}
	if !*update {
		t.Errorf("docs/channels/%s.md is not what the adapter declares; run make docs. First difference:\n%s", name, firstDifference(was, now))
		return
	}
	t.Logf("docs/channels/%s.md is written anew", name)
	for _, l := range lost(was, now) {
		t.Logf("  this went, see whether the setting's Doc says it: %s", l)
	}
	if err := os.WriteFile(file, []byte(now), 0o644); err != nil {
		t.Fatal(err)
	}
}

// into puts the part into a page: between its comments, else below its heading, else at the end. A table of settings
// that somebody wrote below the heading is replaced.
func (p part) into(text string) string {
	if at := p.span().FindStringIndex(text); at != nil {
		return text[:at[0]] + p.whole() + text[at[1]:]
	}
	heading := "\n## " + p.heading + "\n"
	i := strings.Index(text, heading)
	if i < 0 {
		return strings.TrimRight(text, "\n") + "\n" + heading + "\n" + p.whole() + "\n"
	}
	i += len(heading)
	rest := text[i:]
	if p.name == "settings" {
		section, further, more := strings.Cut(rest, "\n## ")
		rest = plainTable.ReplaceAllString(section, "")
		if more {
			rest += "\n## " + further
		}
	}
	return text[:i] + "\n" + p.whole() + "\n" + rest
}

// plainTable is a table of settings that somebody wrote.
var plainTable = regexp.MustCompile(`\n\| setting \|.*\n(\|.*\n)*`)

func firstDifference(was, now string) string {
	a, b := strings.Split(was, "\n"), strings.Split(now, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d is  %s\nand must be %s", i+1, a[i], b[i])
		}
	}
	return "one is longer"
}

// lost are the rows of tables that stand no longer on a page.
func lost(was, now string) (rows []string) {
	stays := strings.Split(now, "\n")
	for l := range strings.Lines(was) {
		if l = strings.TrimSpace(l); strings.HasPrefix(l, "| `") && !slices.Contains(stays, l) {
			rows = append(rows, l)
		}
	}
	return rows
}

// settingsTable is the reference of an adapter's settings.
func settingsTable(settings []adapters.Setting) string {
	var b strings.Builder
	b.WriteString("| setting | | |\n|---|---|---|\n")
	for _, s := range settings {
		var is []string
		if s.Required {
			is = append(is, "required")
		}
		if s.Secret {
			is = append(is, "secret")
		}
		if s.Default != "" {
			is = append(is, "`"+s.Default+"`")
		}
		doc := cell(s.Doc)
		if s.Example != "" && s.Example != s.Default && !s.Secret {
			doc += " Such as `" + cell(s.Example) + "`."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, strings.Join(is, ", "), doc)
	}
	return b.String()
}

// cell is a text that may stand in a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ").Replace(s)
}

// TestPagesOfOthersAreTakenIn: a page that was written without the comments gets them, keeps what else stands on it, and
// is left alone the second time.
func TestPagesOfOthersAreTakenIn(t *testing.T) {
	t.Parallel()
	settings := part{"settings", "Settings", "| setting | | |\n|---|---|---|\n| `token` | required | The token. |\n"}
	can := part{"capabilities", "What it can do", "| | |\n|---|---|\n| text | no limit |\n"}
	for name, c := range map[string]struct{ was, want string }{
		"a plain table": {
			"# Acme\n\n## Settings\n\n| setting | |\n|---|---|\n| `token` | it |\n\n```yaml\na: 1\n```\n\n## What it can do\n\n| | |\n|---|---|\n| stickers | no |\n\n| setting | of another table |\n",
			"# Acme\n\n## Settings\n\n" + settings.whole() + "\n\n```yaml\na: 1\n```\n\n## What it can do\n\n" + can.whole() + "\n\n| | |\n|---|---|\n| stickers | no |\n\n| setting | of another table |\n",
		},
		"no headings": {
			"# Acme\n",
			"# Acme\n\n## Settings\n\n" + settings.whole() + "\n\n## What it can do\n\n" + can.whole() + "\n",
		},
		"the skeleton's comments": {
			"## Settings\n\n<!-- settings -->\n<!-- /settings -->\n\n## What it can do\n\n<!-- capabilities -->\n<!-- /capabilities -->\n\nMore.\n",
			"## Settings\n\n" + settings.whole() + "\n\n## What it can do\n\n" + can.whole() + "\n\nMore.\n",
		},
		"stale": {
			"## Settings\n\n" + part{"settings", "", "| old |\n"}.whole() + "\nBelow.\n\n## What it can do\n\n" + can.whole() + "\n",
			"## Settings\n\n" + settings.whole() + "\nBelow.\n\n## What it can do\n\n" + can.whole() + "\n",
		},
	} {
		got := can.into(settings.into(c.was))
		if got != c.want {
			t.Errorf("%s became\n%s\nwant\n%s", name, got, c.want)
		}
		if again := can.into(settings.into(got)); again != got {
			t.Errorf("%s: the second time it became\n%s", name, again)
		}
	}
}
