package console_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/sso"
)

// identities is an identity provider that vouches for whomever it is told to.
type identities struct {
	*httptest.Server
	t      *testing.T
	key    *rsa.PrivateKey
	claims map[string]any // of the next token, beside what every token has
	asked  url.Values     // of the last authorization
	left   []*http.Cookie // that the console set with it
	nonce  string         // instead of the right one
	away   atomic.Bool    // it cannot be looked up
}

func newIdentities(t *testing.T) *identities {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	p := &identities{t: t, key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		if p.away.Load() {
			http.Error(w, "away", http.StatusBadGateway)
			return
		}
		p.answer(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *identities) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	require.NoError(p.t, json.NewEncoder(w).Encode(v))
}

// token answers a code of the last authorization, if the verifier fits its challenge (RFC 7636).
func (p *identities) token(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if r.FormValue("code") != "the-code" || base64.RawURLEncoding.EncodeToString(sum[:]) != p.asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		p.answer(w, map[string]string{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{"iss": p.URL, "sub": "42", "aud": "console", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "nonce": p.asked.Get("nonce")}
	if p.nonce != "" {
		claims["nonce"] = p.nonce
	}
	for k, v := range p.claims {
		claims[k] = v
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "k"}}, nil)
	require.NoError(p.t, err)
	body, err := json.Marshal(claims)
	require.NoError(p.t, err)
	signed, err := signer.Sign(body)
	require.NoError(p.t, err)
	id, err := signed.CompactSerialize()
	require.NoError(p.t, err)
	p.answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": id})
}

// come goes to the provider and back.
func (p *identities) come(v *visitor, twist func(url.Values)) (status int, body string) {
	v.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/authorize" {
			p.asked, p.left = r.URL.Query(), r.Response.Cookies()
			return http.ErrUseLastResponse
		}
		return nil
	}
	v.get("/console/sso")
	back := url.Values{"state": {p.asked.Get("state")}, "code": {"the-code"}}
	if twist != nil {
		twist(back)
	}
	return v.get("/console/sso/callback?" + back.Encode())
}

func TestSigningInByAnIdentityProvider(t *testing.T) {
	t.Parallel()
	p := newIdentities(t)
	h := newHouse(t, func(o *gateway.Options) {
		o.Console.SSO = sso.New(sso.Options{Issuer: p.URL, ClientID: "console", ClientSecret: "s", Callback: "http://msg.example.com/console/sso/callback",
			Claim: "groups", Roles: map[string]access.Role{"care": access.Agent, "leads": access.Admin}})
	})
	_, body := h.visitor().get("/console/sign-in")
	require.Contains(t, body, "Đăng nhập bằng tài khoản công ty")
	p.away.Store(true)
	status, body := h.visitor().get("/console/sso")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, "Chưa đăng nhập được bằng tài khoản công ty.")
	require.Contains(t, body, `name="password"`, "who has a password comes in by it")
	p.away.Store(false)

	p.claims = map[string]any{"email": "Mai@Shop.vn", "email_verified": true, "name": "Mai", "groups": []string{"staff", "care", "leads"}}
	v := h.visitor()
	status, body = p.come(v, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "<h1>Tổng quan</h1>")
	u, err := h.g.Control.User(h.program(), "mai@shop.vn")
	require.NoError(t, err)
	require.Equal(t, []any{"Mai", access.Admin}, []any{u.Display, u.Role}, "the highest of their roles")

	p.claims["groups"] = "care" // as a text, and less than before
	stranger := h.visitor()
	stranger.get("/console/settings") // where they were going
	_, body = p.come(stranger, nil)
	require.Contains(t, body, "<h1>Cài đặt</h1>")
	require.Contains(t, body, "Nhân viên")
	require.InDelta(t, (15 * time.Minute).Seconds(), p.left[0].MaxAge, 5, "until somebody has signed in, little is kept of them")
	_, body = v.get("/console/overview")
	require.Contains(t, body, `name="password"`, "what was signed in with the other role is over")

	signedIn := h.visitor()
	p.come(signedIn, nil)
	p.claims["groups"] = []string{"staff"} // they have left the group
	status, _ = p.come(h.visitor(), nil)
	require.Equal(t, http.StatusForbidden, status, "who has no role any more is not let in with the last one")
	_, body = signedIn.get("/console/overview")
	require.Contains(t, body, `name="password"`, "nor does what was signed in before go on")

	// Each but the first would come in as an administrator, were it not for what is wrong with it.
	for name, c := range map[string]struct {
		claims map[string]any
		nonce  string
		twist  func(url.Values)
	}{
		"no role and no invitation":     {claims: map[string]any{"email": "la@shop.vn", "email_verified": true}},
		"an address nobody verified":    {claims: map[string]any{"email": "mai@shop.vn", "email_verified": false, "groups": "leads"}},
		"no address":                    {claims: map[string]any{"email_verified": true, "groups": "leads"}},
		"for another client":            {claims: map[string]any{"email": "mai@shop.vn", "email_verified": true, "aud": "other", "groups": "leads"}},
		"too old":                       {claims: map[string]any{"email": "mai@shop.vn", "email_verified": true, "exp": 1, "groups": "leads"}},
		"of another sign-in":            {claims: map[string]any{"email": "mai@shop.vn", "email_verified": true, "groups": "leads"}, nonce: "other"},
		"a state that was not sent":     {claims: map[string]any{"email": "mai@shop.vn", "email_verified": true, "groups": "leads"}, twist: func(q url.Values) { q.Set("state", "x") }},
		"a code that was not given":     {claims: map[string]any{"email": "mai@shop.vn", "email_verified": true, "groups": "leads"}, twist: func(q url.Values) { q.Set("code", "x") }},
		"refused at the provider's own": {claims: map[string]any{"email": "mai@shop.vn", "email_verified": true, "groups": "leads"}, twist: func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }},
	} {
		p.claims, p.nonce = c.claims, c.nonce
		v := h.visitor()
		status, body := p.come(v, c.twist)
		require.Equal(t, http.StatusForbidden, status, name)
		require.Contains(t, body, `role="alert"`, name)
		_, body = v.get("/console/overview")
		require.Contains(t, body, `name="password"`, name)
	}
	p.claims, p.nonce = map[string]any{"email": "viewer@shop.vn", "email_verified": "true"}, ""
	h.user("viewer@shop.vn", access.Viewer)
	_, body = p.come(h.visitor(), nil)
	require.Contains(t, body, "Người xem", "who was invited comes in as what they are")
	p.claims["groups"] = "leads"
	_, body = p.come(h.visitor(), nil)
	require.Contains(t, body, `<span class="soft small">Quản trị</span>`, "the provider may make them more")
	delete(p.claims, "groups")
	_, body = p.come(h.visitor(), nil)
	require.Contains(t, body, "Người xem", "and when it does not any more, they are what they were invited as")
}
