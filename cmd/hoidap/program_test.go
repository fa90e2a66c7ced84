package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"hoidap": func() { os.Exit(program()) }})
}

// TestScripts runs the program as a user would: testdata/script has what is typed and what is seen.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"gateway": startGateway, "exits": exits, "kept": kept},
	})
}

// exits runs a command that must end with a code: exits 2 hoidap check.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("ended with %s, not %s", code, args[0])
	}
}

// startGateway serves the API over a control in memory: gateway [AWAY], which is unavailable for the first AWAY calls.
func startGateway(ts *testscript.TestScript, _ bool, args []string) {
	m := &memory{contacts: map[string]campaigns.ContactEdit{}}
	if len(args) > 0 {
		n, err := strconv.Atoi(args[0])
		ts.Check(err)
		m.away = n
	}
	tokens, err := web.NewTokens(web.Token{Name: "admin", Secret: "secret", Role: web.Admin}, web.Token{Name: "viewer", Secret: "look", Role: web.Viewer})
	ts.Check(err)
	s := web.New(web.Options{})
	api.Mount(s.Group(api.Prefix), m, tokens)
	h := httptest.NewServer(s.Echo())
	ts.Defer(h.Close)
	ts.Setenv("HOIDAP_API", h.URL)
	ts.Setenv("HOIDAP_TOKEN", "secret")
	running.Store(ts.Getenv("WORK"), m)
}

// running finds the gateway of a script. Scripts run side by side, and a command is told nothing but its script.
var running sync.Map // WORK -> *memory

// kept checks what a contact was imported as: kept tel:+84901234567 'Lan vi marketing=true'.
func kept(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: kept ADDRESS WHAT")
	}
	v, _ := running.Load(ts.Getenv("WORK"))
	m, _ := v.(*memory)
	if got := m.describe(args[0]); (got == args[1]) == neg {
		ts.Fatalf("kept %q", got)
	}
}

// memory is control for the import: contacts in a map. What else is asked of it panics.
type memory struct {
	control.API

	mu       sync.Mutex
	away     int
	contacts map[string]campaigns.ContactEdit
	order    []string
}

func (m *memory) Upsert(_ context.Context, e campaigns.ContactEdit) (control.ContactView, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away > 0 {
		m.away--
		return control.ContactView{}, false, control.ErrUnavailable
	}
	id := e.Addresses[0].String()
	if strings.HasSuffix(id, "409") {
		return control.ContactView{}, false, fmt.Errorf("%w: the addresses belong to two contacts", control.ErrConflict)
	}
	_, known := m.contacts[id]
	if !known {
		m.order = append(m.order, id)
	}
	m.contacts[id] = e
	return m.view(id), !known, nil
}

func (m *memory) view(id string) control.ContactView {
	e := m.contacts[id]
	c := preferences.Contact{ID: id, Addresses: e.Addresses, Consents: e.Consents, Facts: e.Facts}
	if e.Name != nil {
		c.Name = *e.Name
	}
	v := control.ContactView{Contact: c}
	if strings.HasSuffix(id, "308") { // turned out to be somebody else
		v.MergedInto, v.Addresses = "c1-lan", nil
	}
	return v
}

// List gives one contact a page, so that an export has pages to follow.
func (m *memory) List(_ context.Context, cursor string, _ int) ([]control.ContactView, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, _ := strconv.Atoi(cursor)
	if n >= len(m.order) {
		return nil, "", nil
	}
	return []control.ContactView{m.view(m.order[n])}, strconv.Itoa(n + 1), nil
}

func (m *memory) Preferences(context.Context, string) ([]preferences.Preference, error) {
	return []preferences.Preference{{
		Attribute: "style", Kind: preferences.Choice, Value: preferences.Value{Kind: preferences.Choice, Text: "office"}, Class: preferences.Declared,
	}}, nil
}

func (m *memory) describe(id string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.contacts[id]
	if !ok {
		return "nothing"
	}
	var s []string
	for _, p := range []*string{e.Name, e.Locale, e.Timezone} {
		if p != nil {
			s = append(s, *p)
		}
	}
	for _, c := range e.Consents {
		s = append(s, fmt.Sprintf("%s=%v %s %s", c.Purpose, c.Granted, c.Source, c.At.Format("2006-01-02T15:04Z07:00")))
	}
	for k, v := range e.Facts {
		s = append(s, fmt.Sprintf("%s=%v(%T)", k, v, v))
	}
	return oneLine(strings.Join(s, " "))
}
