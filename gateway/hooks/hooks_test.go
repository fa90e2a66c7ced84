package hooks_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/hooks"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

// plain is a provider whose calls are one id a line: "id", or "mid id" for a report.
type plain struct{ adapters.Adapter }

func (plain) Decode(r adapters.Request) (adapters.Decoded, error) {
	var d adapters.Decoded
	for line := range strings.Lines(string(r.Body)) {
		switch id := strings.TrimSpace(line); id {
		case "forged":
			return d, adapters.ErrForged
		case "malformed":
			return d, fmt.Errorf("%w: no id", adapters.ErrMalformed)
		case "nobody":
			d.Events = append(d.Events, adapters.Event{Kind: adapters.Report, ID: id, Status: adapters.Delivered})
		default:
			d.Events = append(d.Events, adapters.Event{Kind: adapters.Inbound, ID: id, From: lan, Text: r.URL})
		}
	}
	d.Answer = adapters.Answer{Status: http.StatusAccepted, Header: http.Header{"content-type": {"text/plain"}}, Body: []byte("ok")}
	return d, nil
}

type bundle struct {
	store   *store.Store
	intake  *hooks.Intake
	handler http.Handler
}

func setup(t *testing.T, server *redistest.Server, change ...func(*store.Options)) bundle {
	t.Helper()
	o := store.Options{URL: server.URL, Partitions: 4}
	for _, c := range change {
		c(&o)
	}
	s, err := store.Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	log := slog.New(slog.DiscardHandler)
	registry := prometheus.NewRegistry()
	i := hooks.New(hooks.Options{Store: s, Now: time.Now, Log: log, Metrics: hooks.NewMetrics(registry)},
		hooks.Account{ID: "a", Channel: address.SMS, Adapter: plain{}, URL: "https://gw.example.com/hooks/a"})
	w := web.New(web.Options{Log: log, Registry: registry, MaxBody: 100 << 10})
	i.Mount(w.Echo())
	return bundle{s, i, w.Echo()}
}

func (b bundle) post(path, body string) *http.Response {
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
	return w.Result()
}

func (b bundle) calls(result string) int {
	return b.counted(`hoidap_webhook_calls_total{account="a",result="` + result + `"}`)
}

// counted reads a counter as Prometheus would.
func (b bundle) counted(series string) int {
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if v, ok := strings.CutPrefix(line, series+" "); ok {
			n, _ := strconv.Atoi(strings.TrimSpace(v))
			return n
		}
	}
	return -1
}

func (b bundle) events(t *testing.T) []string {
	t.Helper()
	found, err := b.store.Read(t.Context(), []int{0, 1, 2, 3}, nil, 1000, -1)
	require.NoError(t, err)
	var ids []string
	for _, p := range found {
		for _, e := range p {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

func TestCallsAreAnswered(t *testing.T) {
	t.Parallel()
	b := setup(t, redistest.Start(t))
	for _, x := range []struct {
		path, body string
		status     int
		result     string
	}{
		{"/hooks/a", "1\n2", http.StatusAccepted, "taken"},
		{"/hooks/a?x=1", "3", http.StatusAccepted, "taken"},
		{"/hooks/a", "", http.StatusAccepted, "taken"},
		{"/hooks/a", "nobody", http.StatusAccepted, "taken"},
		{"/hooks/a", strings.Repeat("x", 70<<10), http.StatusAccepted, "taken"},
		{"/hooks/a", "forged", http.StatusForbidden, "forged"},
		{"/hooks/a", "malformed", http.StatusBadRequest, "malformed"},
		{"/hooks/a", strings.Repeat("x", 101<<10), http.StatusRequestEntityTooLarge, ""},
		{"/hooks/b", "4", http.StatusNotFound, ""},
	} {
		before := b.calls(x.result)
		r := b.post(x.path, x.body)
		require.Equal(t, x.status, r.StatusCode, "%s %.20s", x.path, x.body)
		if x.result != "" {
			require.Equal(t, before+1, b.calls(x.result), "%s %.20s", x.path, x.body)
		}
		if x.result == "taken" {
			require.Equal(t, []string{"text/plain"}, r.Header.Values("Content-Type"))
		}
	}
	ids := b.events(t)
	require.Len(t, ids, 4)
	require.Subset(t, ids, []string{"a:1", "a:2", "a:3"})
	require.Equal(t, 4, b.counted(`hoidap_webhook_events_total{account="a",kind="inbound"}`))
	require.Equal(t, 1, b.counted(`hoidap_webhook_events_total{account="a",kind="nobody"}`))
}

// Adapters are given the address that the provider called and signed: the public one, with what stands behind the account's name.
func TestAdaptersSeeThePublicAddress(t *testing.T) {
	t.Parallel()
	b := setup(t, redistest.Start(t))
	for id, path := range map[string]string{"1": "/hooks/a", "2": "/hooks/a?x=1&y=%2F", "3": "/hooks/a/s3cr3t%2Fet", "4": "/hooks/a/s3cr3t?x=1"} {
		require.Equal(t, http.StatusAccepted, b.post(path, id).StatusCode)
		found, err := b.store.Read(t.Context(), []int{0, 1, 2, 3}, nil, 1000, -1)
		require.NoError(t, err)
		said := ""
		for _, p := range found {
			for _, e := range p {
				if e.ID == "a:"+id {
					e, err := record.ReadEnvelope(e.Body)
					require.NoError(t, err)
					said = e.Event.Text
				}
			}
		}
		require.Equal(t, "https://gw.example.com"+path, said)
	}
}

// A body that ends before its announced length was not called by a provider that is well.
func TestHalfABody(t *testing.T) {
	t.Parallel()
	b := setup(t, redistest.Start(t))
	r := httptest.NewRequest(http.MethodPost, "/hooks/a", strings.NewReader("1"))
	r.ContentLength = 10
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	require.Equal(t, http.StatusBadRequest, w.Code, "no failure of ours: anybody could make us log errors")
	require.Equal(t, 1, b.calls("malformed"))
	require.Empty(t, b.events(t))
}

func TestListenersGoTheSameWay(t *testing.T) {
	t.Parallel()
	b := setup(t, redistest.Start(t))
	require.NoError(t, b.intake.Accept(t.Context(), "a", []adapters.Event{{Kind: adapters.Inbound, ID: "1", From: lan}}))
	require.Error(t, b.intake.Accept(t.Context(), "b", []adapters.Event{{Kind: adapters.Inbound, ID: "2", From: lan}}))
	require.Error(t, b.intake.Accept(t.Context(), "a", []adapters.Event{{Kind: "gossip", ID: "3", From: lan}}))
	require.Equal(t, []string{"a:1"}, b.events(t))
}

// Invariant I1, its second half: where Redis is away, hangs, or more waits for it than may, the provider is told to call
// again, and soon enough for it to hear that.
func TestProvidersAreToldToCallAgain(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	crowded := make(chan struct{})
	told := sync.OnceFunc(func() { close(crowded) })
	b := setup(t, server, func(o *store.Options) {
		o.Commands = func(args []any) {
			if slices.Contains(args, any("a:many")) {
				told()
			}
		}
	})
	again := func(want string) {
		t.Helper()
		began, before := time.Now(), b.calls(want)
		r := b.post("/hooks/a", "1")
		require.Equal(t, http.StatusServiceUnavailable, r.StatusCode)
		require.NotEmpty(t, r.Header.Get("Retry-After"))
		require.Equal(t, before+1, b.calls(want))
		require.Less(t, time.Since(began), 10*time.Second, "Twilio waits for 15 seconds")
	}
	server.Signal(syscall.SIGSTOP)
	again("away")
	crowd := make(chan error, 1)
	go func() {
		many := make([]adapters.Event, 20_000)
		for i := range many {
			many[i] = adapters.Event{Kind: adapters.Inbound, ID: "many", From: lan}
		}
		crowd <- b.intake.Accept(context.Background(), "a", many)
	}()
	<-crowded
	again("busy")
	server.Signal(syscall.SIGCONT)
	<-crowd //nolint:errcheck // what became of the crowd does not matter
	server.Kill()
	again("away")
	server.Run()
	require.Eventually(t, func() bool { return b.post("/hooks/a", "3").StatusCode == http.StatusAccepted }, 20*time.Second, 10*time.Millisecond)
}
