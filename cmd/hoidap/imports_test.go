package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/hoidap/hoidap"

// row is what one package may import beside the standard library. Own packages are named from the module's root, with
// path.Match's * for one folder; modules from outside by a path that covers what is below it. An entry that nothing
// needs any more fails as stale, so that the table shows the house as it is.
type row struct {
	own     []string
	outside []string
	pure    bool // no I/O, no clock, no chance, no goroutines: see never and clock
}

const everything = "..." // the program itself may put all parts together

// The modules, by the name under which the table has them.
const (
	norm        = "golang.org/x/text/unicode/norm"
	cobra       = "github.com/spf13/cobra"
	cron        = "github.com/robfig/cron/v3"
	echo        = "github.com/labstack/echo/v4"
	errgroup    = "golang.org/x/sync/errgroup"
	exprLang    = "github.com/expr-lang/expr"
	lineDiff    = "github.com/rogpeppe/go-internal/diff"
	gomock      = "github.com/golang/mock/gomock"
	miniredis   = "github.com/alicebob/miniredis/v2"
	mpb         = "github.com/vbauerster/mpb/v8"
	phones      = "github.com/nyaruka/phonenumbers"
	protowire   = "google.golang.org/protobuf/encoding/protowire"
	prometheus  = "github.com/prometheus/client_golang/prometheus"
	rapid       = "pgregory.net/rapid"
	oapiRuntime = "github.com/oapi-codegen/runtime"
	scs         = "github.com/alexedwards/scs/v2"
	oidcGo      = "github.com/coreos/go-oidc/v3/oidc"
	oauth2      = "golang.org/x/oauth2"
	argon2      = "github.com/alexedwards/argon2id"
	breaker     = "github.com/sony/gobreaker/v2"
	redisRate   = "github.com/go-redis/redis_rate/v10"
	lru         = "github.com/hashicorp/golang-lru/v2"
	redis       = "github.com/redis/go-redis/v9"
	twilioGo    = "github.com/twilio/twilio-go"
	toxiproxy   = "github.com/Shopify/toxiproxy/v2"
	txtar       = "golang.org/x/tools/txtar"
	unix        = "golang.org/x/sys/unix"
	uuid        = "github.com/google/uuid"
	yamlV4      = "go.yaml.in/yaml/v4"
	zerolog     = "github.com/rs/zerolog"
)

// table is who may import whom: the arrows point from the program down to the customer's words, never back up.
var table = map[string]row{
	// What customers told us, what is asked, what is given back: pure.
	"preferences/address":    {outside: []string{phones}, pure: true},
	"preferences":            {own: []string{"preferences/address"}, pure: true},
	"preferences/understand": {own: []string{"preferences"}, outside: []string{lru, norm}, pure: true},
	"campaigns/expr":         {own: []string{"config/nearest", "preferences", "preferences/address"}, outside: []string{exprLang}, pure: true},
	"campaigns/offers":       {own: []string{"campaigns/expr"}, pure: true},
	"campaigns/compliance":   {own: []string{"preferences", "preferences/address"}, pure: true},
	"campaigns": {
		own:     []string{"campaigns/compliance", "campaigns/expr", "campaigns/offers", "config/nearest", "preferences", "preferences/address", "preferences/understand"},
		outside: []string{cron}, pure: true,
	},
	"campaigns/files": {
		own:     []string{"campaigns", "campaigns/expr", "campaigns/offers", "config/nearest", "config/strict", "preferences", "preferences/address", "preferences/understand"},
		outside: []string{cron, yamlV4}, pure: true,
	},

	// Reading YAML strictly, shared by the configuration and the campaign files.
	"config/nearest": {pure: true},
	"config/strict":  {own: []string{"config/nearest"}, outside: []string{yamlV4, norm}, pure: true},
	"config":         {own: []string{"config/strict"}},

	// Providers. An adapter knows the contract and its provider, never another adapter and never the gateway; its fake
	// does not even know the adapter.
	"adapters":                   {own: []string{"preferences/address"}},
	"adapters/*":                 {own: []string{"adapters", "adapters/httpcall", "preferences/address"}},
	"adapters/*/fake":            {own: []string{"adapters", "adapters/fakekit", "preferences/address"}},
	"adapters/httpcall":          {own: []string{"adapters"}},
	"adapters/fakekit":           {own: []string{"adapters", "preferences/address"}},
	"adapters/meta":              {own: []string{"adapters", "adapters/httpcall"}}, // what Meta's two channels share
	"adapters/messenger":         {own: []string{"adapters", "adapters/httpcall", "adapters/meta", "preferences/address"}},
	"adapters/whatsapp":          {own: []string{"adapters", "adapters/httpcall", "adapters/meta", "preferences/address"}},
	"adapters/smpp":              {own: []string{"adapters", "adapters/httpcall", "adapters/smpp/pdu", "preferences/address"}},
	"adapters/smpp/pdu":          {}, // a codec, which knows nothing of messages; the fake has its own
	"adapters/twilio":            {own: []string{"adapters", "adapters/httpcall", "preferences/address"}, outside: []string{twilioGo}},
	"adapters/adaptertest":       {own: []string{"adapters", "preferences/address"}, outside: []string{rapid, txtar}},
	"adapters/adaptermock":       {own: []string{"adapters"}, outside: []string{gomock}},
	"adapters/all":               {own: []string{"adapters", "adapters/*"}},
	"adapters/adaptertest/judge": {},

	// The gateway. The store knows bytes and no business; whoever faces the world faces control.
	"gateway/store":           {outside: []string{redis, redisRate}},
	"gateway/store/redistest": {outside: []string{redis}},
	// What the gateway's speed is measured with: a server of one's own, and programs on the bare client.
	"gateway/store/scratch": {outside: []string{redis}},
	"gateway/store/floor":   {outside: []string{echo, miniredis, redis}},
	"gateway/record":        {own: []string{"adapters", "campaigns", "campaigns/offers", "preferences", "preferences/address"}, outside: []string{protowire}},
	// How an account is doing: counts and a verdict, told the time.
	"gateway/health": {},
	"gateway/engine": {
		own:     []string{"campaigns", "campaigns/expr", "gateway/record", "gateway/replylink", "gateway/store", "preferences", "preferences/address"},
		outside: []string{prometheus},
	},
	"gateway/sender": {
		own:     []string{"adapters", "campaigns", "campaigns/compliance", "gateway/health", "gateway/record", "gateway/store", "preferences", "preferences/address"},
		outside: []string{breaker, prometheus},
	},
	"gateway/hooks": {
		own:     []string{"adapters", "gateway/health", "gateway/record", "gateway/store", "gateway/web", "preferences/address"},
		outside: []string{echo, prometheus},
	},
	// What is told to a shop's own programs.
	"gateway/webhooks": {own: []string{"gateway/record", "gateway/store"}, outside: []string{breaker, prometheus}},
	"gateway/oauth":    {own: []string{"adapters", "gateway/store", "gateway/web"}, outside: []string{echo}},
	// Talks that are only played: the pure step, and how channels show messages. Nothing here could write anywhere.
	"gateway/simulator": {own: []string{"adapters", "campaigns", "campaigns/compliance", "campaigns/offers", "preferences", "preferences/address", "preferences/understand"}, pure: true},
	"gateway/control": {
		own:     []string{"campaigns", "campaigns/expr", "campaigns/files", "campaigns/offers", "gateway/access", "gateway/health", "gateway/record", "gateway/replylink", "gateway/simulator", "gateway/store", "preferences", "preferences/address", "preferences/understand"},
		outside: []string{argon2, lineDiff, uuid},
	},
	"gateway/web": {own: []string{"gateway/access"}, outside: []string{echo, prometheus}},
	"gateway/api": {
		// Beside control, the types that its functions take and give.
		own: []string{"campaigns", "campaigns/expr", "campaigns/files", "campaigns/offers", "gateway/control", "gateway/simulator", "gateway/web", "preferences",
			"preferences/address"},
		outside: []string{echo, yamlV4},
	},
	"gateway/api/client": {outside: []string{oapiRuntime}}, // generated, for tests: nothing of the program imports it
	"gateway/access":     {},                               // who asks, and what they may do: known to the doors and to control
	"gateway/console": {
		own:     []string{"campaigns", "campaigns/expr", "campaigns/files", "campaigns/offers", "gateway/access", "gateway/control", "gateway/health", "gateway/simulator", "gateway/web", "preferences", "preferences/address"},
		outside: []string{echo, errgroup, norm, scs},
	},
	"gateway/sso":       {own: []string{"gateway/access"}, outside: []string{oidcGo, oauth2}},
	"gateway/replylink": {},
	"gateway/portal": {
		own:     []string{"gateway/control", "gateway/replylink", "preferences"},
		outside: []string{echo},
	},
	"gateway/demo": {
		own: []string{"adapters/phone", "campaigns", "campaigns/expr", "gateway/access", "gateway/control", "preferences",
			"preferences/address", "preferences/understand"},
		outside: []string{echo, uuid},
	},
	"gateway": {
		own: []string{"adapters", "campaigns", "campaigns/files", "gateway/api", "gateway/console", "gateway/control", "gateway/engine", "gateway/health",
			"gateway/hooks", "gateway/oauth", "gateway/portal", "gateway/replylink", "gateway/sender", "gateway/simulator", "gateway/store", "gateway/web", "gateway/webhooks", "preferences/address"},
		outside: []string{echo, prometheus},
	},

	// The benchmark: it runs the program from outside, and reaches inside only to fill a Redis and to time reading alone.
	"gateway/bench": {
		own: []string{"adapters", "campaigns", "gateway/bench/load", "gateway/record", "gateway/store", "gateway/store/floor",
			"gateway/store/scratch", "preferences", "preferences/address", "preferences/understand"},
	},
	"gateway/bench/load": {},
	// The fault harness stands outside: it knows the built program, HTTP, and the provider's side of the wire.
	"gateway/chaos": {own: []string{"adapters/twilio/fake", "gateway/store/redistest"}, outside: []string{redis, toxiproxy, unix, zerolog}},

	// The program.
	"cmd/hoidap":          {own: []string{everything}, outside: []string{cobra, echo, errgroup, miniredis, mpb, norm}},
	"cmd/hoidap/sample":   {},
	"cmd/hoidap/skeleton": {own: []string{"preferences/address"}}, // what a new adapter begins with
}

// never is what a pure package may not import, whatever its row says.
var never = []string{"net", "net/http", "os", "os/exec", "os/signal", "syscall", "math/rand", "math/rand/v2", "crypto/rand", "log", redis, echo}

// clock is what reads or waits for the real time.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// onlyIn is what tests, too, may import in some packages only.
var onlyIn = map[string][]string{
	redis:     {"gateway/store", "gateway/store/redistest", "gateway"}, // gateway: benchmarks measure against the bare client
	miniredis: {"gateway/store", "gateway/store/redistest", "gateway/sender", "gateway", "cmd/hoidap"},
}

// listed is one package as the go command sees it.
type listed struct {
	ImportPath, Dir                    string
	Imports, TestImports, XTestImports []string
	GoFiles                            []string
}

func (p listed) name() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

func packages(t *testing.T) []listed {
	t.Helper()
	ps, err := list()
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

// list asks the go command once for all tests.
var list = sync.OnceValues(func() (ps []listed, err error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,TestImports,XTestImports,GoFiles", "./...")
	cmd.Dir = filepath.Join("..", "..")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.String())
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return ps, nil
		} else if err != nil {
			return nil, err
		}
		ps = append(ps, p)
	}
})

// TestImports holds every import of every package against the table.
func TestImports(t *testing.T) {
	t.Parallel()
	used := map[string]bool{} // "row", "row own", "row outside"
	for _, p := range packages(t) {
		key, r, ok := rowOf(p.name())
		if !ok {
			t.Errorf("%s has no row in the table: say what it may import", p.name())
			continue
		}
		used[key] = true
		for _, i := range p.Imports {
			entry, ok := r.allows(i)
			if !ok {
				t.Errorf("%s imports %s, which its row does not allow", p.name(), i)
			}
			if r.pure && slices.Contains(never, i) {
				t.Errorf("%s is pure and imports %s", p.name(), i)
			}
			used[key+" "+entry] = true
		}
		for _, problem := range testImports(p, r) {
			t.Error(problem)
		}
	}
	for _, stale := range unused(used) {
		t.Errorf("the table's %s is stale: nothing needs it", stale)
	}
}

// rowOf finds a package's row: its own, else the pattern that it fits.
func rowOf(name string) (key string, r row, ok bool) {
	if r, ok := table[name]; ok {
		return name, r, true
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if fits, _ := path.Match(key, name); fits {
			return key, table[key], true
		}
	}
	return "", row{}, false
}

// allows gives the row's entry that lets a package import i; the standard library needs none.
func (r row) allows(i string) (entry string, ok bool) {
	if own, ok := strings.CutPrefix(i, module+"/"); ok {
		for _, o := range r.own {
			if fits, _ := path.Match(o, own); fits || o == everything {
				return o, true
			}
		}
		return "", false
	}
	for _, o := range r.outside {
		if i == o || strings.HasPrefix(i, o+"/") {
			return o, true
		}
	}
	first, _, _ := strings.Cut(i, "/")
	return "", !strings.Contains(first, ".")
}

// testImports: tests may use more, but Redis stays where it is, and what is pure is tested without the gateway.
func testImports(p listed, r row) (problems []string) {
	for _, i := range slices.Concat(p.TestImports, p.XTestImports) {
		for what, where := range onlyIn {
			if (i == what || strings.HasPrefix(i, what+"/")) && !slices.Contains(where, p.name()) {
				problems = append(problems, fmt.Sprintf("the tests of %s import %s", p.name(), i))
			}
		}
		own := strings.TrimPrefix(i, module+"/")
		if r.pure && (own == "gateway" || strings.HasPrefix(own, "gateway/") || own == "adapters" || strings.HasPrefix(own, "adapters/")) {
			problems = append(problems, fmt.Sprintf("%s is pure, and its tests import %s", p.name(), own))
		}
	}
	return problems
}

func unused(used map[string]bool) (stale []string) {
	for key, r := range table {
		if !used[key] {
			stale = append(stale, "row "+key)
			continue
		}
		for _, entry := range slices.Concat(r.own, r.outside) {
			if !used[key+" "+entry] {
				stale = append(stale, "entry "+entry+" of "+key)
			}
		}
	}
	slices.Sort(stale)
	return stale
}

// TestPurePackagesStartNothingAndReadNoClock looks for what imports do not show.
func TestPurePackagesStartNothingAndReadNoClock(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range packages(t) {
		if _, r, _ := rowOf(p.name()); !r.pure {
			continue
		}
		for _, name := range p.GoFiles {
			seen++
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range impure(fset, f) {
				t.Error(p.name() + "/" + problem)
			}
		}
	}
	if seen == 0 {
		t.Fatal("no pure package was found")
	}
}

func impure(fset *token.FileSet, f *ast.File) (problems []string) {
	say := func(n ast.Node, what string) {
		at := fset.Position(n.Pos())
		problems = append(problems, fmt.Sprintf("%s:%d: %s", filepath.Base(at.Filename), at.Line, what))
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			say(n, "a pure package starts a goroutine")
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
				say(n, "a pure package calls time."+n.Sel.Name+"; it is told the time")
			}
		}
		return true
	})
	return problems
}

func TestImpurityIsFound(t *testing.T) {
	t.Parallel()
	const source = "package p\nimport \"time\"\nfunc f() {\n\tgo f()\n\t_ = time.Now\n\t_ = time.Date\n}\n"
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"p.go:4: a pure package starts a goroutine", "p.go:5: a pure package calls time.Now; it is told the time"}
	if got := impure(fset, f); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestTheSimulatorReachesNoStore: what only plays talks has no way to write, not even by way of what it imports.
func TestTheSimulatorReachesNoStore(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "../../gateway/simulator")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, module+"/campaigns") {
		t.Fatal("nothing was listed")
	}
	for _, banned := range []string{module + "/gateway/store", module + "/gateway/record", module + "/gateway/sender", redis, echo} {
		if slices.Contains(deps, banned) {
			t.Errorf("the simulator reaches %s", banned)
		}
	}
}
