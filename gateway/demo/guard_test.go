package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// call asks the demo, as a browser at its own address would unless header says otherwise.
func call(t *testing.T, s *shop, method, path, body string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	r.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		r.Header.Set(k, v)
		if k == "Host" {
			r.Host = v
		}
	}
	w := httptest.NewRecorder()
	s.server(nil).ServeHTTP(w, r)
	return w
}

func TestForeignHostsAreRefused(t *testing.T) {
	for _, c := range []struct {
		listen, host string
		known        bool
	}{
		{"127.0.0.1:8080", "127.0.0.1:8080", true},
		{"127.0.0.1:8080", "localhost:8080", true},
		{"127.0.0.1:8080", "LOCALHOST", true},
		{"127.0.0.1:8080", "[::1]:8080", true},
		{"127.0.0.1:8080", "127.3.2.1", true},
		{"127.0.0.1:8080", "evil.example:8080", false},
		{"127.0.0.1:8080", "127.0.0.1.evil.example", false},
		{"127.0.0.1:8080", "192.168.1.5:8080", false},
		{"127.0.0.1:8080", "", false},
		{"", "192.168.1.5:8080", false},
		{"demo.internal:80", "demo.internal", true},
		{"demo.internal:80", "other.internal", false},
		{"0.0.0.0:8080", "192.168.1.5:8080", true},
		{":8080", "192.168.1.5:8080", true},
		{"[::]:8080", "[fe80::1]:8080", true},
		{"0.0.0.0:8080", "evil.example", false},
	} {
		if got := (guard{listen: hostOf(c.listen)}).known(c.host); got != c.known {
			t.Errorf("listening on %q, host %q: known is %v", c.listen, c.host, got)
		}
	}
	s := newShop()
	for _, path := range []string{"/", "/demo", "/demo/assets/app.js", "/demo/api/contacts", "/demo/api/state?contact=c000", "/demo/api/stream?contact=c000"} {
		if w := call(t, s, http.MethodGet, path, "", map[string]string{"Host": "evil.example"}); w.Code != http.StatusMisdirectedRequest {
			t.Errorf("%s: a foreign host got %d", path, w.Code)
		}
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	for name, c := range map[string]struct {
		header map[string]string
		want   int
	}{
		"own page":        {map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8080"}, http.StatusAccepted},
		"old browser":     {map[string]string{"Origin": "http://127.0.0.1:8080"}, http.StatusAccepted},
		"no browser":      {nil, http.StatusAccepted},
		"other site":      {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, http.StatusForbidden},
		"same site":       {map[string]string{"Sec-Fetch-Site": "same-site"}, http.StatusForbidden},
		"other origin":    {map[string]string{"Origin": "http://127.0.0.1:9999"}, http.StatusForbidden},
		"null origin":     {map[string]string{"Origin": "null"}, http.StatusForbidden},
		"form":            {map[string]string{"Content-Type": "text/plain"}, http.StatusUnsupportedMediaType},
		"foreign host":    {map[string]string{"Host": "evil.example", "Origin": "http://evil.example"}, http.StatusMisdirectedRequest},
		"by address line": {map[string]string{"Sec-Fetch-Site": "none"}, http.StatusForbidden},
	} {
		for _, path := range []string{"/demo/api/campaigns/autumn-style/start", "/demo/api/event"} {
			s := newShop()
			w := call(t, s, http.MethodPost, path, `{"contact":"c000","type":"order.returned"}`, c.header)
			if w.Code != c.want {
				t.Errorf("%s: %s: got %d, want %d: %s", name, path, w.Code, c.want, w.Body)
			}
			if done := len(s.runs) + len(s.occurred); (done > 0) != (c.want == http.StatusAccepted) {
				t.Errorf("%s: %s: %d things were done", name, path, done)
			}
		}
	}
}
