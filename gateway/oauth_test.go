package gateway_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/zalo"
	zalofake "github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

// An administrator consents by a link that works once, and the token is there for both of the OA's accounts.
func TestConsentByLink(t *testing.T) {
	t.Parallel()
	app := zalofake.App{ID: "431234567890123456", Secret: "app-secret", OA: "388613280878808645", OASecret: "oa-secret"}
	provider := zalofake.New(publicURL+"/hooks/zalo", app, true)
	base, err := provider.Start()
	require.NoError(t, err)
	t.Cleanup(func() { provider.Close() })
	r := newRig(t)
	r.g.Crash()
	settings := map[string]string{"app_id": app.ID, "app_secret": app.Secret, "oa_id": app.OA, "oa_secret": app.OASecret, "base_url": base}
	r.opts.Accounts = append(r.opts.Accounts,
		gateway.Account{ID: "zalo", Type: zalo.Type(), Channel: address.Zalo, Settings: settings},
		gateway.Account{ID: "numbers", Type: zalo.Type(), Channel: address.SMS, Settings: settings})
	r.opts.Tokens = append(r.opts.Tokens, web.Token{Name: "shop", Secret: "marketers-token", Role: web.Marketer})
	r.start()

	get := func(path, token string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.base+path, nil)
		require.NoError(t, err)
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, "no-store", res.Header.Get("Cache-Control"), path)
		return res.StatusCode, string(body)
	}
	callback := func(account, code, state string) (int, string) {
		return get("/oauth/"+account+"/callback?"+url.Values{"code": {code}, "state": {state}}.Encode(), "")
	}
	ask := func() string {
		status, body := get("/oauth/zalo", apiToken)
		require.Equal(t, http.StatusOK, status, body)
		var told struct{ URL string }
		require.NoError(t, json.Unmarshal([]byte(body), &told))
		require.Contains(t, told.URL, url.QueryEscape(publicURL+"/oauth/zalo/callback"))
		return told.URL
	}
	for _, x := range []struct {
		path, token string
		status      int
	}{
		{"/oauth/zalo", "", http.StatusUnauthorized},
		{"/oauth/zalo", "marketers-token", http.StatusForbidden},
		{"/oauth/sms", apiToken, http.StatusNotFound},
		{"/oauth/nobody", apiToken, http.StatusNotFound},
		{"/oauth/zalo/callback", "", http.StatusForbidden},
		{"/oauth/zalo/callback?code=x&state=", "", http.StatusForbidden},
	} {
		status, body := get(x.path, x.token)
		require.Equal(t, x.status, status, "%s: %s", x.path, body)
	}

	code, state, err := provider.Consents(ask())
	require.NoError(t, err)
	flipped := "A" + state[1:]
	if flipped == state {
		flipped = "B" + state[1:]
	}
	for _, x := range [][2]string{{"zalo", flipped}, {"zalo", state + "A"}, {"numbers", state}} {
		status, _ := callback(x[0], code, x[1])
		require.Equal(t, http.StatusForbidden, status, x)
	}
	status, body := callback("zalo", code, state)
	require.Equal(t, http.StatusOK, status, body)
	status, _ = callback("zalo", code, state)
	require.Equal(t, http.StatusForbidden, status, "a link works once")

	s, err := store.Open(t.Context(), r.opts.Redis)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	kept, err := s.Token(t.Context(), "zalo:"+app.ID+"/"+app.OA, "tokens")
	require.NoError(t, err)
	require.Contains(t, kept, "refresh-token-1")

	_, state, err = provider.Consents(ask())
	require.NoError(t, err)
	status, body = callback("zalo", "", state)
	require.Equal(t, http.StatusBadRequest, status, body)
	_, state, err = provider.Consents(ask())
	require.NoError(t, err)
	status, body = callback("zalo", "code-of-another", state)
	require.Equal(t, http.StatusBadGateway, status)
	require.Contains(t, body, "-14003")
	require.False(t, strings.Contains(body, "code-of-another") || strings.Contains(body, app.Secret), body)
}
