package skeleton_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/cmd/hoidap/skeleton"
	"github.com/hoidap/hoidap/preferences/address"
)

var root = filepath.Join("..", "..", "..")

// house copies what an adapter is built with into a temporary folder: the module, the contract, the kits, and nothing else.
func house(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	for _, dir := range []string{".", "adapters", "adapters/adaptertest", "adapters/fakekit", "adapters/httpcall", "preferences/address"} {
		names, err := filepath.Glob(filepath.Join(root, dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if ext := filepath.Ext(name); ext != ".go" && ext != ".mod" && ext != ".sum" || strings.HasSuffix(name, "_test.go") {
				continue
			}
			put(t, filepath.Join(to, dir, filepath.Base(name)), read(t, name))
		}
	}
	return to
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// goes runs the go command in a folder, whose name goes into nothing that it builds: so all folders share what is cached.
func goes(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS="+os.Getenv("GOFLAGS")+" -trimpath")
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("go %v: %v\n%s", args, ctx.Err(), out)
	}
	return string(out), err
}

// unwritten are the laws that a skeleton breaks, each with what it says is to be done.
var unwritten = map[string][]string{
	"settings are declared": {
		`Type.Doc is "TODO: one sentence`, `the Doc of setting token is "TODO: what it is`, "the default of setting base_url is https://api.acme.example, which nobody has: write where",
	},
	"capabilities are constant and sound": {
		"write into Capabilities.Carries", "Capabilities.Reports is \"\": write", "Capabilities.Repeat is \"\": write", "Capabilities.TextMax is -1: write", sendTodo,
	},
	"every letter arrives":                        {sendTodo},
	"options arrive up to the limit":              {sendTodo},
	"ids of the provider are stable":              {sendTodo},
	"everything may happen at once":               {sendTodo},
	"without a connection nothing was sent":       {sendTodo},
	"a proxy's answers are classified":            {sendTodo},
	"a lost answer is unknown and can be settled": {"the fake takes it and Shows it"},
	"what the provider tells is understood":       {"the fake cannot tell {Kind: inbound", "the fake cannot tell {Kind: report", "write it in the fake's Hook"},
	"failures are classified":                     {"the fake cannot play throttled: give fakekit.New the provider's answer for it, or name it in Kit.Lacks"},
	"recorded webhooks are read":                  {"text.txtar: TODO: a call that Acme made", "text-forged.txtar: TODO: the same call"},
	"unknown kinds are set aside":                 {"TODO in decode.go: make events of what Acme tells"},
}

const sendTodo = "TODO in send.go: hand the message over by a.http, as Acme's documents show, and read the answer; TODO in fake/fake.go: answer that call in api"

var verdict = regexp.MustCompile(`(?m)^    --- FAIL: TestContract/(\S+) `)

// TestTheSkeletonCompilesAndSaysWhatIsMissing builds skeletons and asks the conformance kit about them.
func TestTheSkeletonCompilesAndSaysWhatIsMissing(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds adapters with the go command")
	}
	t.Parallel()
	for _, a := range []skeleton.Adapter{
		{Name: "acme", Channel: address.SMS, Signed: skeleton.SignedPath},
		{Name: "acme", Channel: address.Viber, Signed: skeleton.SignedHeader},
	} {
		t.Run(a.Signed, func(t *testing.T) {
			t.Parallel()
			dir := house(t)
			written, err := a.Write(dir, false)
			if err != nil {
				t.Fatal(err)
			}
			if len(written) != 9 {
				t.Errorf("written: %v", written)
			}
			if out, err := goes(t, dir, "vet", "./adapters/acme/..."); err != nil {
				t.Fatalf("it does not compile: %v\n%s", err, out)
			}
			out, err := goes(t, dir, "test", "-vet=off", "-run", "^TestContract$", "./adapters/acme")
			if err == nil {
				t.Fatal("a skeleton passes for an adapter")
			}
			laws := map[string]string{}
			at := verdict.FindAllStringSubmatchIndex(out, -1)
			for i, m := range at {
				end := len(out)
				if i+1 < len(at) {
					end = at[i+1][0]
				}
				laws[out[m[2]:m[3]]] = out[m[0]:end]
			}
			for law, reasons := range unwritten {
				told, fails := laws[strings.ReplaceAll(law, " ", "_")]
				if !fails {
					t.Errorf("the law %q does not fail", law)
				}
				for _, r := range reasons {
					if !strings.Contains(told, r) {
						t.Errorf("the law %q does not say %q, but:\n%s", law, r, told)
					}
				}
				delete(laws, strings.ReplaceAll(law, " ", "_"))
			}
			for law, told := range laws {
				t.Errorf("the law %s fails, and nobody says why it should:\n%s", law, told)
			}
		})
	}
}

// TestNames: what cannot be an adapter's name is refused, with what to write instead.
func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                      "such as acme",
		"Acme-SMS":              `"Acme-SMS" is no name for an adapter`,
		"acme_sms":              "such as acmesms",
		"../acme":               "such as acme",
		"9pay":                  "such as pay",
		"a":                     "2 to 20 small letters",
		"tin nhắn":              "such as tinnhn",
		"func":                  "has a meaning in Go",
		"http":                  "such as httpsms",
		"testdata":              "has a meaning in Go",
		"all":                   "no provider; choose another name",
		"adaptertest":           "no provider; choose another name",
		"authentic.go":          "2 to 20 small letters",
		strings.Repeat("x", 21): "2 to 20 small letters",
	} {
		a := skeleton.Adapter{Name: name, Channel: address.SMS, Signed: skeleton.SignedPath}
		if _, err := a.Write(t.TempDir(), true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	for _, a := range []skeleton.Adapter{
		{Name: "acme", Channel: "fax", Signed: skeleton.SignedPath},
		{Name: "acme", Channel: address.Web, Signed: skeleton.SignedPath},
		{Name: "acme", Channel: address.SMS, Signed: "blood"},
	} {
		dir := t.TempDir()
		if _, err := a.Write(dir, true); err == nil || !strings.Contains(err.Error(), "choose ") {
			t.Errorf("%+v: %v", a, err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%+v was refused and wrote %v", a, left)
		}
	}
}

// TestFoldersOfTheHouseAreNoNames: every folder below adapters that has no test of the contract of its own, or is not
// in the list of adapters, is refused as a name.
func TestFoldersOfTheHouseAreNoNames(t *testing.T) {
	t.Parallel()
	list := read(t, filepath.Join(root, "adapters", "all", "all.go"))
	dirs, err := os.ReadDir(filepath.Join(root, "adapters"))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if !d.IsDir() || strings.Contains(list, "adapters/"+d.Name()+`"`) {
			continue
		}
		a := skeleton.Adapter{Name: d.Name(), Channel: address.SMS, Signed: skeleton.SignedPath}
		if err := a.Check(root); err == nil {
			t.Errorf("adapters/%s could be written over", d.Name())
		}
	}
}

// TestWhatExistsIsLeftAlone, all of it, unless that is wanted.
func TestWhatExistsIsLeftAlone(t *testing.T) {
	t.Parallel()
	a := skeleton.Adapter{Name: "acme", Channel: address.SMS, Signed: skeleton.SignedPath}
	dir := t.TempDir()
	mine := filepath.Join(dir, "adapters", "acme", "send.go")
	beside := filepath.Join(dir, "adapters", "acme", "probe.go")
	put(t, mine, "mine")
	put(t, beside, "mine, too")
	_, err := a.Write(dir, false)
	if !errors.Is(err, skeleton.ErrExists) || !strings.Contains(err.Error(), "adapters/acme/send.go; choose another name, or say --force") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "docs")); err == nil || read(t, mine) != "mine" {
		t.Error("something was written all the same")
	}
	if _, err := a.Write(dir, true); err != nil || read(t, mine) == "mine" || read(t, beside) != "mine, too" {
		t.Errorf("with force: %v, %q, %q", err, read(t, mine), read(t, beside))
	}
}

// TestRegister puts an adapter among the others, in order, and once.
func TestRegister(t *testing.T) {
	t.Parallel()
	list := read(t, filepath.Join(root, "adapters", "all", "all.go"))
	for _, name := range []string{"aaa", "mmm", "zzz"} {
		dir := t.TempDir()
		file := filepath.Join(dir, "adapters", "all", "all.go")
		put(t, file, list)
		a := skeleton.Adapter{Name: name}
		for range 2 {
			if err := a.Register(dir); err != nil {
				t.Fatal(err)
			}
		}
		got := strings.Split(read(t, file), "\n")
		imported, listed := a.Lines()
		rest := slices.DeleteFunc(slices.Clone(got), func(l string) bool { return l == imported || l == listed })
		if len(got) != len(rest)+2 || strings.Join(rest, "\n") != list {
			t.Errorf("%s: the list became\n%s", name, strings.Join(got, "\n"))
		}
		like := func(prefix, suffix string) (out []string) {
			for _, l := range got {
				if strings.HasPrefix(l, prefix) && strings.HasSuffix(l, suffix) {
					out = append(out, l)
				}
			}
			return out
		}
		for _, lines := range [][]string{like("\t\"github.com/hoidap/hoidap/adapters/", `"`), like("\t\t", ".Type(),")} {
			if len(lines) < 5 || !slices.IsSorted(lines) {
				t.Errorf("%s: not in order: %v", name, lines)
			}
		}
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "adapters", "all", "all.go"), "package all\n")
	if err := (skeleton.Adapter{Name: "acme"}).Register(dir); err == nil || !strings.Contains(err.Error(), "acme.Type(), by hand") {
		t.Errorf("a list that is none: %v", err)
	}
}

// The kit's own address of the webhook stands in the recorded calls of the skeleton.
func TestTheRecordedCallsGoToTheKitsWebhook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := skeleton.Adapter{Name: "acme", Channel: address.SMS, Signed: skeleton.SignedPath}
	if _, err := a.Write(dir, false); err != nil {
		t.Fatal(err)
	}
	if got := read(t, filepath.Join(dir, "adapters", "acme", "testdata", "text.txtar")); !strings.Contains(got, "\nPOST "+adaptertest.Webhook+"/") {
		t.Error(got)
	}
}

// TestTheExampleIsWhole: what docs/adapters.md makes of the skeleton keeps every law, and is short. Its files are those of
// the skeleton, so that who reads them beside each other sees what was written.
func TestTheExampleIsWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds an adapter with the go command")
	}
	t.Parallel()
	dir := house(t)
	a := skeleton.Adapter{Name: "chim", Channel: address.SMS, Signed: skeleton.SignedHeader}
	written, err := a.Write(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for _, name := range written {
		from := filepath.Join("testdata", strings.TrimPrefix(name, "adapters/"))
		if strings.HasPrefix(name, "docs/") {
			continue
		}
		text := read(t, from)
		put(t, filepath.Join(dir, name), text)
		if ext := filepath.Ext(name); ext == ".go" && !strings.HasSuffix(name, "_test.go") {
			lines[filepath.Base(filepath.Dir(name))] += code(text)
		}
	}
	if out, err := goes(t, dir, "test", "./adapters/chim/..."); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if lines["chim"] >= 150 || lines["fake"] >= 120 || lines["fake"] == 0 {
		t.Errorf("lines of code: %v; a text-only adapter has less than 150, its fake less than 120", lines)
	}
	t.Logf("lines of code: %v", lines)
}

// code counts the lines that are neither empty nor a comment.
func code(text string) (n int) {
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "//") {
			n++
		}
	}
	return n
}
