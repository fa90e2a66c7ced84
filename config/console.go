package config

import (
	"github.com/hoidap/hoidap/config/strict"
)

// Console is how people come into the console.
type Console struct {
	OIDC *OIDC // nil: by password alone
}

// OIDC is an identity provider that signs people in.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret Secret
	Claim        string            // of the ID token: what Roles are looked up by
	Roles        map[string]string // role by a value of the claim
	Default      string            // role of whom none fits; empty: they must have been invited
}

func (r *reader) console(v strict.Value) Console {
	if !v.Present() {
		return Console{}
	}
	o := v.Group("oidc").Get("oidc")
	if !o.Present() {
		return Console{}
	}
	return Console{OIDC: r.oidc(o)}
}

func (r *reader) oidc(v strict.Value) *OIDC {
	g := v.Group("issuer", "client_id", "client_secret", "claim", "roles", "default")
	issuer := g.Need("issuer", "https://login.example.com")
	o := &OIDC{Issuer: r.text(issuer), ClientID: r.text(g.Need("client_id", "hoidap")), ClientSecret: Secret(r.text(g.Need("client_secret", "${OIDC_SECRET}"))), Claim: "groups", Roles: map[string]string{}}
	publicURL(issuer, o.Issuer)
	if c := g.Get("claim"); c.Present() {
		o.Claim = r.text(c)
	}
	if d := g.Get("default"); d.Present() {
		o.Default = d.OneOf(userRoles()...)
	}
	roles := g.Get("roles")
	if !roles.Present() {
		return o
	}
	for _, p := range roles.Pairs() {
		o.Roles[p.Name] = p.Value.OneOf(userRoles()...)
	}
	return o
}

func userRoles() []string { return []string{"viewer", "agent", "marketer", "admin"} }
