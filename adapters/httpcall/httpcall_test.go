package httpcall_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

var now = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

// provider serves h and gives a client for it.
func provider(t *testing.T, h http.HandlerFunc) *httpcall.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return client(t, s.URL+"/v1/")
}

func client(t *testing.T, base string) *httpcall.Client {
	t.Helper()
	c, err := httpcall.New(adapters.Account{Settings: map[string]string{"base_url": base}, HTTPClient: &http.Client{Timeout: 5 * time.Second}}, "Acme", "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func fault(err error) adapters.Fault {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return adapters.Unknown
}

func TestDo(t *testing.T) {
	t.Parallel()
	c := provider(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Content-Type"))
		w.Header().Set("X-From", r.Header.Get("User-Agent"))
		_, _ = w.Write(append([]byte(`{"id":9007199254740993,"body":`), append(b, '}')...))
	})
	token := httpcall.Bearer("t0ken")
	call, err := httpcall.JSON("/bot12:A/send", token, map[string]string{"text": "Gu <nào> ạ?"})
	if err != nil {
		t.Fatal(err)
	}
	call.Query = map[string][]string{"q": {"a b"}}
	a, err := c.Do(t.Context(), call)
	if err != nil || a.Header.Get("X-Seen") != "POST /v1/bot12:A/send?q=a+b Bearer t0ken application/json" {
		t.Fatalf("%v, %v", a.Header, err)
	}
	if a.Header.Get("X-From") != "hoidap" {
		t.Errorf("%v", a.Header)
	}
	named, err := c.Do(t.Context(), httpcall.Call{Path: "/me", Header: http.Header{"User-Agent": {"shop/1"}}})
	if err != nil || named.Header.Get("X-From") != "shop/1" {
		t.Errorf("%v, %v", named.Header, err)
	}
	if !strings.Contains(string(a.Body), `"Gu <nào> ạ?"`) || len(token) != 1 {
		t.Errorf("%s, %v", a.Body, token)
	}
	var got struct{ ID any }
	if err := a.JSON(&got); err != nil || got.ID.(interface{ String() string }).String() != "9007199254740993" {
		t.Errorf("%v, %v", got, err)
	}
	if a, err = c.Do(t.Context(), httpcall.Call{Path: "/me"}); err != nil || a.Header.Get("X-Seen") != "GET /v1/me" {
		t.Errorf("%v, %v", a.Header, err)
	}
	a, err = c.Do(t.Context(), httpcall.Form("/f", httpcall.Basic("TOKEN1", "x"), map[string][]string{"to": {"+84"}}))
	if err != nil || a.Header.Get("X-Seen") != "POST /v1/f Basic VE9LRU4xOng= application/x-www-form-urlencoded" {
		t.Errorf("%v, %v", a.Header, err)
	}
}

// What failed before there was a connection was not sent; whatever comes after may have been.
func TestTransportFailures(t *testing.T) {
	t.Parallel()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	slow := provider(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does a server notice that nobody waits
		<-r.Context().Done()
	})
	cut := provider(t, func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	half := provider(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(`{"id":1`))
	})
	closed := httptest.NewServer(nil)
	closed.Close()
	brief, stop := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer stop()
	for name, x := range map[string]struct {
		c    *httpcall.Client
		ctx  context.Context
		want adapters.Fault
	}{
		"given up":      {slow, gone, adapters.Transient},
		"no connection": {client(t, closed.URL), t.Context(), adapters.Transient},
		"too slow":      {slow, brief, adapters.Unknown},
		"cut":           {cut, t.Context(), adapters.Unknown},
		"half":          {half, t.Context(), adapters.Unknown},
	} {
		_, err := x.c.Do(x.ctx, httpcall.Call{Path: "/bot12:SECRET/send", Query: map[string][]string{"to": {"84901234567"}}, Body: []byte("x")})
		if err == nil || fault(err) != x.want {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
		if err != nil && (strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "84901234567")) {
			t.Errorf("%s tells the URL: %v", name, err)
		}
	}
}

func TestNoRedirects(t *testing.T) {
	t.Parallel()
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	c := provider(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	a, err := c.Do(t.Context(), httpcall.Call{Path: "/", Body: []byte("x")})
	if err != nil || asked != 0 || fault(a.Refused(now)) != adapters.Operator {
		t.Errorf("%+v, %v, asked %d times", a, err, asked)
	}
	_, _, err = c.Exchange(t.Context(), func(ctx context.Context) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, elsewhere.URL, nil)
	})
	if fault(err) != adapters.Operator || asked != 0 {
		t.Errorf("%v, asked %d times", err, asked)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]adapters.Fault{
		400: adapters.BadMessage, 401: adapters.Operator, 402: adapters.Operator, 403: adapters.Operator, 404: adapters.Operator, 408: adapters.Unknown,
		409: adapters.Unknown, 413: adapters.BadMessage, 422: adapters.BadMessage, 429: adapters.Throttled, 302: adapters.Operator, 500: adapters.Unknown, 503: adapters.Unknown,
	} {
		if err := (httpcall.Answer{Status: status}).Refused(now); err == nil || fault(err) != want {
			t.Errorf("%d: %v, want %q", status, err, want)
		}
	}
	ok := httpcall.Answer{Status: 200}
	if err := ok.Refused(now); err != nil {
		t.Error(err)
	}
	var e *adapters.Error
	if err := ok.RefusedAs("-230", httpcall.Known{Fault: adapters.Window, Detail: "a week has passed"}, now); !errors.As(err, &e) || e.Code != "-230" || e.Fault != adapters.Window {
		t.Errorf("%v", err)
	}
	if err := ok.RefusedAs("7", httpcall.Known{Fault: adapters.Later}, now); !errors.As(err, &e) || !e.After.After(now) {
		t.Errorf("%v", err)
	}
	waits := httpcall.Answer{Status: 429, Header: http.Header{"Retry-After": {"7"}}}
	if err := waits.Refused(now); !errors.As(err, &e) || !e.After.Equal(now.Add(7*time.Second)) {
		t.Errorf("%v", err)
	}
	for v, want := range map[string]time.Time{"": {}, "1.5": now.Add(1500 * time.Millisecond), "-1": {}, "soon": {}, "Fri, 20 Nov 2026 03:00:09 GMT": now.Add(9 * time.Second)} {
		if got := httpcall.RetryAfter(http.Header{"Retry-After": {v}}, now); !got.Equal(want) {
			t.Errorf("%q: %v, want %v", v, got, want)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	declared := []adapters.Setting{{Name: "token", Required: true, Secret: true}, httpcall.BaseURL("https://api.acme.example")}
	for name, x := range map[string]struct {
		settings map[string]string
		want     string
	}{
		"all":      {map[string]string{"token": "s3cret"}, ""},
		"missing":  {map[string]string{}, "token is missing"},
		"no URL":   {map[string]string{"token": "s3cret", "base_url": "acme"}, "base_url must be"},
		"password": {map[string]string{"token": "s3cret", "base_url": "https://a:s3cret@acme.example"}, "base_url must be"},
	} {
		err := httpcall.Open(adapters.Account{Settings: x.settings}, declared)
		if (err == nil) != (x.want == "") || err != nil && (!strings.Contains(err.Error(), x.want) || strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	if _, err := httpcall.New(adapters.Account{}, "Acme", "https://api.acme.example"); err != nil {
		t.Error(err)
	}
	for _, base := range []string{"acme", "https://a:s3cret@acme.example", "https://acme.example/\x00"} { // whoever makes it without Open
		if _, err := httpcall.New(adapters.Account{Settings: map[string]string{"base_url": base}}, "Acme", ""); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", base, err)
		}
	}
}
