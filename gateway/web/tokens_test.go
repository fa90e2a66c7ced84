package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/gateway/web"
	"github.com/labstack/echo/v4"
)

func tokens(t *testing.T) *web.Tokens {
	t.Helper()
	ts, err := web.NewTokens(
		web.Token{Name: "dashboard", Secret: "see", Role: web.Viewer},
		web.Token{Name: "shop", Secret: "run", Role: web.Marketer},
		web.Token{Name: "ci", Secret: "all", Role: web.Admin},
	)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func TestRoles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ok := func(c echo.Context) error {
		who, _ := web.CallerOf(c)
		return c.String(http.StatusOK, who.Name)
	}
	auth := tokens(t).Authenticate
	b.s.Echo().GET("/read", ok, auth, web.Require(web.Viewer))
	b.s.Echo().GET("/run", ok, auth, web.Require(web.Marketer))
	b.s.Echo().GET("/change", ok, auth, web.Require(web.Admin))
	for header, want := range map[string][3]int{
		"":             {401, 401, 401},
		"Bearer":       {401, 401, 401},
		"Bearer ":      {401, 401, 401},
		"Bearer wrong": {401, 401, 401},
		"Basic all":    {401, 401, 401},
		"Bearer se":    {401, 401, 401},
		"Bearer see":   {200, 403, 403},
		"Bearer run":   {200, 200, 403},
		"bearer all":   {200, 200, 200},
		"BEARER  all":  {200, 200, 200},
	} {
		for i, path := range []string{"/read", "/run", "/change"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			if header != "" {
				r.Header.Set("Authorization", header)
			}
			w := b.do(t, r)
			if w.StatusCode != want[i] {
				t.Errorf("%q on %s: %d, want %d", header, path, w.StatusCode, want[i])
			}
			challenge := w.Header.Get("WWW-Authenticate")
			invalid := header == "Bearer wrong" || header == "Bearer se"
			if strings.HasPrefix(challenge, "Bearer ") != (w.StatusCode == 401) || strings.Contains(challenge, "invalid_token") != invalid {
				t.Errorf("%q on %s: challenge %q", header, path, challenge)
			}
			if w.StatusCode == 403 {
				if p := problem(t, w); !strings.Contains(p.Detail, "role") {
					t.Errorf("%+v", p)
				}
			}
		}
	}
	if log := b.log.String(); strings.Contains(log, "wrong") || !strings.Contains(log, "caller=ci") {
		t.Errorf("the log shows a token, or not who called:\n%s", log)
	}
}

func TestNewTokensRefuses(t *testing.T) {
	t.Parallel()
	for name, ts := range map[string][]web.Token{
		"empty":   {{Name: "a", Role: web.Admin}},
		"no role": {{Name: "a", Secret: "x"}},
		"twice":   {{Name: "a", Secret: "x", Role: web.Admin}, {Name: "b", Secret: "x", Role: web.Viewer}},
	} {
		if _, err := web.NewTokens(ts...); err == nil || strings.Contains(err.Error(), "x\"") {
			t.Errorf("%s: %v", name, err)
		}
	}
	none, err := web.NewTokens()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := none.Lookup(""); ok {
		t.Error("without tokens everybody may call")
	}
}

func TestParseRole(t *testing.T) {
	t.Parallel()
	for _, r := range []web.Role{web.Viewer, web.Marketer, web.Admin} {
		if got, err := web.ParseRole(r.String()); got != r || err != nil {
			t.Errorf("%v: %v, %v", r, got, err)
		}
	}
	if _, err := web.ParseRole("root"); err == nil || !strings.Contains(err.Error(), "marketer") {
		t.Error(err)
	}
}

func TestTokenIsNotLogged(t *testing.T) {
	t.Parallel()
	var b syncBuffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "token", web.Token{Name: "ci", Secret: "hush", Role: web.Admin})
	if s := b.String(); strings.Contains(s, "hush") || !strings.Contains(s, "admin") {
		t.Error(s)
	}
}
