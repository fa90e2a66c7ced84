package hooks_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/hooks"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

const secret = "0123456789abcdef0123456789abcdef"

// unsigned is a provider that signs nothing: its calls are known by their path.
type unsigned struct {
	adapters.Adapter
	acc adapters.Account
}

func (u unsigned) Decode(r adapters.Request) (adapters.Decoded, error) {
	if err := adapters.CheckPath(r, u.acc); err != nil {
		return adapters.Decoded{}, err
	}
	switch body := string(r.Body); body {
	case "poll":
		return adapters.Decoded{Ignored: []adapters.Ignored{{Kind: "poll", Raw: bytes.Repeat([]byte("x"), 5000)}}}, nil
	case "contact":
		return adapters.Decoded{Events: []adapters.Event{{Kind: adapters.Linked, ID: "1", From: lan, Also: address.Address{Scheme: "zalo", ID: "77"}}}}, nil
	default:
		return adapters.Decoded{Events: []adapters.Event{{Kind: adapters.Inbound, ID: body, From: lan}}}, nil
	}
}

func setupUnsigned(t *testing.T) (bundle, *bytes.Buffer) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: redistest.Start(t).URL, Partitions: 4})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	var told bytes.Buffer
	log := slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))
	registry := prometheus.NewRegistry()
	acc := adapters.Account{WebhookURL: "https://gw.example.com/hooks/a", Settings: map[string]string{"path_secret": secret}}
	i := hooks.New(hooks.Options{Store: s, Now: time.Now, Log: log, Metrics: hooks.NewMetrics(registry)},
		hooks.Account{ID: "a", Channel: address.SMS, Adapter: unsigned{acc: acc}, URL: acc.WebhookURL})
	w := web.New(web.Options{Log: log, Registry: registry})
	i.Mount(w.Echo())
	return bundle{s, i, w.Echo()}, &told
}

// A provider that signs nothing is known by the path that it calls; neither that nor a wrong one is told to anybody.
func TestPathSecrets(t *testing.T) {
	t.Parallel()
	b, told := setupUnsigned(t)
	for path, want := range map[string]int{
		"/hooks/a/" + secret:        http.StatusOK,
		"/hooks/a/" + secret + "?x": http.StatusOK,
		"/hooks/a":                  http.StatusForbidden,
		"/hooks/a/":                 http.StatusForbidden,
		"/hooks/a/" + secret[1:]:    http.StatusForbidden,
		"/hooks/a/" + secret + "/":  http.StatusForbidden,
		"/hooks/a/x/" + secret:      http.StatusForbidden,
		"/hooks/a/%30" + secret[1:]: http.StatusForbidden,
		"/hooks/a?" + secret:        http.StatusForbidden,
		"/hooks/b/" + secret:        http.StatusNotFound,
	} {
		require.Equal(t, want, b.post(path, "1").StatusCode, path)
	}
	require.Equal(t, 2, b.calls("taken"))
	require.Equal(t, 7, b.calls("forged"))
	metrics := httptest.NewRecorder()
	b.handler.ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.NotEmpty(t, told.String())
	require.NotContains(t, told.String()+metrics.Body.String(), secret[1:])
}

func TestWhatNobodyKnowsIsCountedAndKept(t *testing.T) {
	t.Parallel()
	b, told := setupUnsigned(t)
	require.Equal(t, http.StatusOK, b.post("/hooks/a/"+secret, "poll").StatusCode)
	require.Equal(t, 1, b.counted(`hoidap_webhook_ignored_total{account="a"}`))
	kept, err := b.store.IgnoredOf(t.Context(), "a")
	require.NoError(t, err)
	require.Len(t, kept, 1)
	require.Equal(t, "poll", kept[0].Kind)
	require.Equal(t, strings.Repeat("x", adapters.IgnoredMax), string(kept[0].Raw))
	require.NotContains(t, told.String(), "xxx")
}

// That somebody has another address is an event on the log like any other.
func TestLinkedIsStored(t *testing.T) {
	t.Parallel()
	b, _ := setupUnsigned(t)
	require.Equal(t, http.StatusOK, b.post("/hooks/a/"+secret, "contact").StatusCode)
	require.Equal(t, []string{"a:1"}, b.events(t))
	require.Equal(t, 1, b.counted(`hoidap_webhook_events_total{account="a",kind="linked"}`))
}
