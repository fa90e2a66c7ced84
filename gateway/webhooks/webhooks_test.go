package webhooks

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/record"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// The convention's own example.
func TestSign(t *testing.T) {
	t.Parallel()
	keys, err := Endpoint{Secrets: []string{secret, secret}}.keys()
	require.NoError(t, err)
	const one = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	got := sign(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	require.Equal(t, one+" "+one, got)
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%", "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 23)), "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65))} {
		_, err := Endpoint{Name: "crm", Secrets: []string{s}}.keys()
		require.ErrorContains(t, err, "crm", s)
		if s != "" && s != "whsec_" {
			require.NotContains(t, err.Error(), s)
		}
	}
	_, err := Endpoint{Name: "crm"}.keys()
	require.ErrorContains(t, err, "no secret")
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for at, ok := range map[string]bool{
		"https://shop.example.com/hooks?k=1": true, "http://127.0.0.1:9/x": true, "http://localhost/x": true, "http://[::1]:9": true, "http://127.9.9.9": true,
		"http://shop.example.com": false, "ftp://shop.example.com": false, "shop.example.com": false, "https://": false, "https://u:p@shop.example.com": false,
		"https://shop.example.com#x": false, "http://127.0.0.1.example.com": false, "http://10.0.0.1": false, "": false, "http://[::ffff:127.0.0.1]/": true,
	} {
		require.Equal(t, ok, CheckURL(at) == nil, at)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"8.8.8.8", "1.1.1.1", "2606:4700::1111", "172.32.0.1", "100.128.0.1"} {
		require.True(t, open(netip.MustParseAddr(s)), s)
	}
	for _, s := range []string{"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255",
		"198.18.0.1", "192.0.0.8", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "64:ff9b::a00:1", "2002:a00:1::", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "2001:0:a00:1::"} {
		require.False(t, open(netip.MustParseAddr(s)), s)
	}
}

// A name that leads inside is refused when it is connected to, whatever it led to before; unless that is configured.
func TestGuard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		e    Endpoint
		to   string
		open bool
	}{
		{Endpoint{URL: "https://shop.example.com"}, "8.8.8.8:443", true},
		{Endpoint{URL: "https://shop.example.com"}, "127.0.0.1:443", false},
		{Endpoint{URL: "https://shop.example.com"}, "10.0.0.1:443", false},
		{Endpoint{URL: "https://shop.example.com"}, "[::ffff:10.0.0.1]:443", false},
		{Endpoint{URL: "https://shop.example.com"}, "169.254.169.254:80", false},
		{Endpoint{URL: "https://shop.example.com", Private: true}, "10.0.0.1:443", true},
		{Endpoint{URL: "http://localhost:9"}, "127.0.0.1:9", true},
		{Endpoint{URL: "http://localhost:9"}, "[::1]:9", true},
		{Endpoint{URL: "http://localhost:9"}, "10.0.0.1:9", false},
	} {
		require.Equal(t, c.open, guard(c.e)("tcp", c.to, nil) == nil, "%+v to %s", c.e, c.to)
	}
}

// What was put on an endpoint's queue is looked at without waiting for the next look.
func TestRing(t *testing.T) {
	t.Parallel()
	d, err := New(Options{Endpoints: []Endpoint{{Name: "crm", URL: "https://shop.example.com", Secrets: []string{secret}}, {Name: "bi", URL: "https://bi.example.com", Secrets: []string{secret}}}})
	require.NoError(t, err)
	for _, name := range []string{"crm", "crm", "nobody"} {
		d.Ring(name)
	}
	require.Len(t, d.endpoints[0].bell, 1)
	require.Empty(t, d.endpoints[1].bell)
	d.Ring("bi")
	require.Len(t, d.endpoints[1].bell, 1)
}

func testEndpoint(t *testing.T, at string) *endpoint {
	t.Helper()
	d, err := New(Options{Endpoints: []Endpoint{{Name: "crm", URL: at, Secrets: []string{secret}}}, Pace: Pace{Timeout: 5 * time.Second}})
	require.NoError(t, err)
	t.Cleanup(d.endpoints[0].client.CloseIdleConnections)
	return d.endpoints[0]
}

// Where it is answered with a redirect nobody is asked any more: what is signed is for the one who is configured.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	o := testEndpoint(t, s.URL).post(t.Context(), record.TestNotice("t", "webhook.test", time.Now()), time.Now())
	require.Equal(t, 1, asked)
	require.Equal(t, "answered 307: redirects are not followed", o.why)
}

func TestWhatAnswersMean(t *testing.T) {
	t.Parallel()
	var status int
	var after string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		w.WriteHeader(status)
	}))
	defer s.Close()
	e := testEndpoint(t, s.URL+"/?token=s3cret")
	for _, c := range []struct {
		status int
		after  string
		taken  bool
		sick   bool
		wait   time.Duration
	}{
		{200, "", true, false, 0}, {204, "", true, false, 0}, {400, "", false, false, 0}, {410, "", false, false, 0},
		{429, "7", false, true, 7 * time.Second}, {503, "100000", false, true, waitMost}, {500, "soon", false, true, 0}, {503, "-1", false, true, 0},
	} {
		status, after = c.status, c.after
		o := e.post(t.Context(), record.TestNotice("t", "webhook.test", time.Now()), time.Now())
		require.Equal(t, c.taken, o.why == "", c)
		require.Equal(t, c.sick, o.sick, c)
		require.Equal(t, c.wait, o.wait, c)
	}
	s.Close()
	o := e.post(t.Context(), record.TestNotice("t", "webhook.test", time.Now()), time.Now())
	require.True(t, o.sick)
	require.Contains(t, o.why, "connection refused")
	require.NotContains(t, o.why, "s3cret", "the address may hold a secret")
}
