package main_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/all"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/config"
	"github.com/hoidap/hoidap/preferences/address"
)

var root = filepath.Join("..", "..")

// block is one fenced block of a page.
type block struct {
	page string
	line int // of its first line
	info string
	text string
}

func (b block) place() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

// begins reports whether the block's first key, behind comments, is one of keys.
func (b block) begins(keys ...string) bool {
	for line := range strings.Lines(b.text) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, _, _ := strings.Cut(line, ":")
		return slices.Contains(keys, key)
	}
	return false
}

// pages reads README.md, CHANGELOG.md and docs/*.md, by name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	return pagesOf(t, "docs/*.md", "README.md", "CHANGELOG.md")
}

// channelPages reads the pages of the channels, by name.
func channelPages(t *testing.T) map[string]string {
	t.Helper()
	return pagesOf(t, "docs/channels/*.md")
}

func pagesOf(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	var names []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(p)))
		if err != nil || len(found) == 0 {
			t.Fatalf("no pages %s: %v", p, err)
		}
		names = append(names, found...)
	}
	out := map[string]string{}
	for _, name := range names {
		rel, err := filepath.Rel(root, name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.ToSlash(rel)] = read(t, rel)
	}
	return out
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func blocks(page, text string) (out []block) {
	var in *block
	n := 0
	for line := range strings.Lines(text) {
		n++
		fence, found := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "```")
		switch {
		case in != nil && found:
			out, in = append(out, *in), nil
		case found:
			in = &block{page: page, line: n + 1, info: fence}
		case in != nil:
			in.text += line
		}
	}
	return out
}

// allPages are both.
func allPages(t *testing.T) map[string]string {
	t.Helper()
	all := pages(t)
	maps.Copy(all, channelPages(t))
	return all
}

// TestExamplesOfCampaignsLoad loads the campaigns and offers of each page as one set. Lines are those of the page.
func TestExamplesOfCampaignsLoad(t *testing.T) {
	t.Parallel()
	seen := 0
	for page, text := range allPages(t) {
		var whole strings.Builder
		lines := 0
		for _, b := range blocks(page, text) {
			if b.info != "yaml" || !b.begins("campaign", "offer") {
				continue
			}
			seen++
			whole.WriteString(strings.Repeat("\n", b.line-2-lines) + "---\n" + b.text)
			lines = b.line - 1 + strings.Count(b.text, "\n")
		}
		if whole.Len() == 0 {
			continue
		}
		_, problems := files.Load(fstest.MapFS{page + ".yaml": {Data: []byte(whole.String())}}, files.Options{})
		for _, p := range problems {
			t.Error(p)
		}
	}
	if seen == 0 {
		t.Error("no page shows a campaign")
	}
}

func environment(name string) string {
	return map[string]string{"TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001", "TWILIO_AUTH_TOKEN": "secret", "HOIDAP_TOKEN": "0123456789abcdef"}[name]
}

// anyVariable is set whatever its name, to what most settings of providers accept.
func anyVariable(name string) string {
	switch name {
	case "TELEGRAM_BOT_TOKEN":
		return "123456789:AAEhBOweik9ad9r_QXMENQjcrGbqCr4K-bc"
	case "WEBHOOK_SECRET":
		return "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	}
	return cmp.Or(environment(name), "0123456789abcdef0123456789abcdef")
}

// emptyVault holds no token: accounts that keep one open all the same.
type emptyVault struct{}

func (emptyVault) Get(context.Context, string) (string, error) { return "", nil }

func (emptyVault) Swap(context.Context, string, string, string) (bool, error) { return false, nil }

// loads reads a configuration, and opens its accounts.
func loads(t *testing.T, place, text string, environment func(string) string) {
	t.Helper()
	c, problems := config.Load("hoidap.yaml", environment, func(name string) ([]byte, error) {
		if name == "hoidap.yaml" {
			return []byte(text), nil
		}
		return []byte("secret"), nil
	})
	for _, p := range problems {
		t.Errorf("%s: %s", place, p)
	}
	if c == nil {
		return
	}
	for _, a := range c.Accounts {
		kind, ok := all.Find(a.Adapter)
		if !ok {
			t.Errorf("%s: there is no adapter %s", place, a.Adapter)
			continue
		}
		settings := map[string]string{}
		for name, s := range a.Settings {
			settings[name] = string(s.Value)
			if !slices.ContainsFunc(kind.Settings, func(s adapters.Setting) bool { return s.Name == name }) {
				t.Errorf("%s: %s has no setting %s", place, a.Adapter, name)
			}
		}
		account := adapters.Account{ID: a.ID, Channel: address.Channel(a.Channel), Settings: settings, WebhookURL: c.HTTP.PublicURL + "/hooks/" + a.ID, HTTPClient: http.DefaultClient, Vault: emptyVault{}, Now: time.Now}
		if _, err := kind.Open(account); err != nil {
			t.Errorf("%s: account %s: %v", place, a.ID, err)
		}
	}
}

// TestExamplesOfConfigurationLoad also demands that each block of YAML is something that can be checked.
func TestExamplesOfConfigurationLoad(t *testing.T) {
	t.Parallel()
	seen := 0
	for page, text := range pages(t) {
		for _, b := range blocks(page, text) {
			switch {
			case b.info != "yaml":
			case b.begins("brand"):
				seen++
				loads(t, b.place(), b.text, environment)
			case b.begins("webhooks", "console", "blast_guard", "approvals"): // parts of a configuration
				loads(t, b.place(), "brand: b\nredis: {url: redis://h}\naccounts: {sms: {adapter: twilio, channel: sms, from: \"+15005550006\", account_sid: AC00000000000000000000000000000001, auth_token: t}}\n"+b.text, anyVariable)
			case !b.begins("campaign", "offer"):
				t.Errorf("%s: a block of YAML begins with campaign, offer, brand or a part of a configuration, so that it can be checked", b.place())
			}
		}
	}
	if seen == 0 {
		t.Error("no page shows a configuration")
	}
}

// TestExamplesOfAccountsOpen opens the accounts on the channels' pages. Each page has one, and nothing in YAML that nobody checks.
func TestExamplesOfAccountsOpen(t *testing.T) {
	t.Parallel()
	for page, text := range channelPages(t) {
		seen := 0
		for _, b := range blocks(page, text) {
			switch {
			case b.info != "yaml" || b.begins("campaign", "offer"):
			case b.begins("brand"):
				seen++
				loads(t, b.place(), b.text, anyVariable)
			case !b.begins("accounts"):
				t.Errorf("%s: a block of YAML begins with accounts, brand, campaign or offer, so that it can be checked", b.place())
			default:
				seen++
				loads(t, b.place(), "brand: Lụa\nhttp: {public_url: https://msg.example.com}\nredis: {url: \"redis://127.0.0.1:6379/0\"}\napi: {tokens: [{name: shop, token: 0123456789abcdef, role: admin}]}\n"+b.text, anyVariable)
			}
		}
		if seen == 0 && page != "docs/channels/README.md" {
			t.Errorf("%s shows no account", page)
		}
	}
}

// TestDeployedExamplesLoad holds what deploy/ ships to the same.
func TestDeployedExamplesLoad(t *testing.T) {
	t.Parallel()
	loads(t, "deploy/config/hoidap.yaml", read(t, "deploy/config/hoidap.yaml"), environment)
	set, problems := files.Load(os.DirFS(filepath.Join(root, "deploy", "config", "campaigns")), files.Options{})
	for _, p := range problems {
		t.Error(p)
	}
	if set != nil && len(set.Warnings) > 0 {
		t.Error(set.Warnings)
	}
	var compose struct {
		Services map[string]struct{ Volumes []string }
	}
	if err := yaml.Unmarshal([]byte(read(t, "deploy/compose.yaml")), &compose); err != nil {
		t.Fatal(err)
	}
	for name, s := range compose.Services {
		for _, v := range s.Volumes {
			if from, _, _ := strings.Cut(v, ":"); strings.HasPrefix(from, ".") {
				if _, err := os.Stat(filepath.Join(root, "deploy", from)); err != nil {
					t.Errorf("compose.yaml mounts for %s what is not there: %v", name, err)
				}
			}
		}
	}
}

var (
	linkForm   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headForm   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	dataForm   = regexp.MustCompile(`(?s) -d '([^']*)'`)
	metricForm = regexp.MustCompile(`hoidap_[a-z_]+`)
)

// anchor is how a heading is linked to.
func anchor(heading string) string {
	keep := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(heading), "")
	return strings.ReplaceAll(keep, " ", "-")
}

// TestLinksLeadSomewhere follows the links within the repository.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	all := allPages(t)
	for page, text := range all {
		for _, m := range linkForm.FindAllStringSubmatch(text, -1) {
			to, part, _ := strings.Cut(m[1], "#")
			if strings.Contains(to, "://") || strings.HasSuffix(to, "demo.png") { // the picture is taken by make screenshots
				continue
			}
			name := page
			if to != "" {
				name = filepath.ToSlash(filepath.Join(filepath.Dir(page), to))
			}
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
			if part == "" {
				continue
			}
			heads := headForm.FindAllStringSubmatch(all[name], -1)
			if !slices.ContainsFunc(heads, func(h []string) bool { return anchor(h[1]) == part }) {
				t.Errorf("%s links to %s, which has no such heading", page, m[1])
			}
		}
	}
}

// TestPagesAreMerged: no page holds two versions of what it says.
func TestPagesAreMerged(t *testing.T) {
	t.Parallel()
	mark := regexp.MustCompile(`(?m)^(<<<<<<<|>>>>>>>) `)
	for page, text := range allPages(t) {
		if mark.MatchString(text) {
			t.Errorf("%s holds the marks of a merge that was not ended", page)
		}
	}
}

// TestJSONIsJSON looks at blocks of JSON and at what examples of curl send.
func TestJSONIsJSON(t *testing.T) {
	t.Parallel()
	for page, text := range allPages(t) {
		for _, b := range blocks(page, text) {
			bodies := []string{}
			if b.info == "json" {
				bodies = append(bodies, b.text)
			}
			for _, m := range dataForm.FindAllStringSubmatch(b.text, -1) {
				bodies = append(bodies, m[1])
			}
			for _, body := range bodies {
				if !json.Valid([]byte(body)) {
					t.Errorf("%s: this is no JSON: %s", b.place(), body)
				}
			}
		}
	}
}

// TestMetricsAreDocumented holds operator.md against what the program registers.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/operator.md")
	registered := map[string]bool{}
	err := fs.WalkDir(os.DirFS(filepath.Join(root, "gateway")), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		for _, m := range regexp.MustCompile(`Name: "(hoidap_[a-z_]+)"`).FindAllStringSubmatch(read(t, filepath.Join("gateway", name)), -1) {
			registered[m[1]] = true
		}
		return nil
	})
	if err != nil || len(registered) == 0 {
		t.Fatalf("no metrics: %v", err)
	}
	told := map[string]bool{}
	for _, m := range metricForm.FindAllString(page, -1) {
		told[m] = true
		if !registered[m] {
			t.Errorf("operator.md tells of %s, which does not exist", m)
		}
	}
	for m := range registered {
		if !told[m] {
			t.Errorf("operator.md does not tell of %s", m)
		}
	}
}

// TestTheLedgerIsDocumented: whatever a ledger may hold, marketers.md explains.
func TestTheLedgerIsDocumented(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/marketers.md")
	kinds := regexp.MustCompile(`Entry\w+ +EntryKind = "([a-z_.]+)"`).FindAllStringSubmatch(read(t, "preferences/ledger.go"), -1)
	if len(kinds) == 0 {
		t.Fatal("no kinds of entries were found")
	}
	for _, k := range kinds {
		if !strings.Contains(page, "`"+k[1]+"`") {
			t.Errorf("marketers.md does not explain %s", k[1])
		}
	}
}

// TestDependenciesAreDocumented: each module that is imported has its reason in dependencies.md, and no other has.
func TestDependenciesAreDocumented(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/dependencies.md")
	var modules []string
	for _, m := range regexp.MustCompile(`(?m)^\t(?:require )?(\S+) v\S+`).FindAllStringSubmatch(read(t, "go.mod"), -1) {
		modules = append(modules, m[1])
	}
	imported := map[string]bool{}
	for _, p := range packages(t) {
		for _, i := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if m := longest(modules, i); m != "" {
				imported[m] = true
			}
		}
	}
	if len(imported) == 0 {
		t.Fatal("nothing is imported")
	}
	for _, m := range modules {
		if told := strings.Contains(page, "`"+m+"`"); told != imported[m] {
			t.Errorf("%s: imported %v, in dependencies.md %v", m, imported[m], told)
		}
	}
}

// longest is the module that a package belongs to.
func longest(modules []string, pkg string) (found string) {
	for _, m := range modules {
		if (pkg == m || strings.HasPrefix(pkg, m+"/")) && len(m) > len(found) {
			found = m
		}
	}
	return found
}
