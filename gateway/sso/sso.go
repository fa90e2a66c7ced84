// Package sso signs people in at the console whom an identity provider knows: OpenID Connect, by authorization code with
// PKCE, a state and a nonce.
package sso

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/hoidap/hoidap/gateway/access"
)

// Options names the provider, and says who may do what.
type Options struct {
	Issuer       string // its address, below which /.well-known/openid-configuration is
	ClientID     string
	ClientSecret string
	Callback     string // where the provider sends the browser back: the console's /sso/callback

	Claim   string                 // of the ID token, a text or a list: what Roles are looked up by, such as groups
	Roles   map[string]access.Role // by a value of the claim; of several, the highest counts
	Default access.Role            // of whom none of Roles fits; Nobody: they must have been invited
}

// patience is how long one call to the provider may take.
const patience = 10 * time.Second

// Provider is an identity provider. It is looked up when somebody first signs in, so that the gateway starts without it.
type Provider struct {
	o      Options
	client *http.Client

	looking  chan struct{} // holds one token: whose turn it is to look the provider up, and to read what was found
	verifier *oidc.IDTokenVerifier
	config   oauth2.Config
}

// New makes one; nothing is asked of it yet.
func New(o Options) *Provider {
	return &Provider{o: o, client: &http.Client{Timeout: patience}, looking: make(chan struct{}, 1)}
}

// discovered looks the provider up, once that works.
func (p *Provider) discovered(ctx context.Context) (oauth2.Config, *oidc.IDTokenVerifier, error) {
	ctx, cancel := context.WithTimeout(ctx, patience) // while it is away many may wait, each for the one before
	defer cancel()
	select {
	case p.looking <- struct{}{}:
		defer func() { <-p.looking }()
	case <-ctx.Done():
		return oauth2.Config{}, nil, fmt.Errorf("the identity provider is still being looked up: %w", ctx.Err())
	}
	if p.verifier != nil {
		return p.config, p.verifier, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.o.Issuer) // its keys are fetched with this context later, too
	if err != nil {
		return oauth2.Config{}, nil, fmt.Errorf("the identity provider does not answer as OpenID Connect wants: %w", err)
	}
	p.verifier = found.Verifier(&oidc.Config{ClientID: p.o.ClientID})
	p.config = oauth2.Config{ClientID: p.o.ClientID, ClientSecret: p.o.ClientSecret, RedirectURL: p.o.Callback, Endpoint: found.Endpoint(),
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
	return p.config, p.verifier, nil
}

// Begin is where the browser goes to sign in; keep is for Finish, and is nobody else's.
func (p *Provider) Begin(ctx context.Context) (url string, keep []string, err error) {
	config, _, err := p.discovered(ctx)
	if err != nil {
		return "", nil, err
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	return config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), []string{state, nonce, verifier}, nil
}

// claims is what is read of an ID token (OpenID Connect Core, 5.1).
type claims struct {
	Email    string `json:"email"`
	Verified any    `json:"email_verified"` // some providers write it as a text
	Name     string `json:"name"`
}

// Finish is who came back. They are known by their e-mail address, which the provider must have verified. Role is Nobody
// where nothing says what they may do.
func (p *Provider) Finish(ctx context.Context, keep []string, state, code string) (name, display string, role access.Role, err error) {
	if len(keep) != 3 || subtle.ConstantTimeCompare([]byte(keep[0]), []byte(state)) != 1 {
		return "", "", access.Nobody, errors.New("the state is not the one that was sent")
	}
	config, verifier, err := p.discovered(ctx)
	if err != nil {
		return "", "", access.Nobody, err
	}
	token, err := config.Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(keep[2]))
	if err != nil {
		return "", "", access.Nobody, fmt.Errorf("the code gave no token: %w", redacted(err))
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return "", "", access.Nobody, fmt.Errorf("the ID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(keep[1])) != 1 {
		return "", "", access.Nobody, errors.New("the nonce is not the one that was sent")
	}
	var c claims
	var all map[string]any
	if err := errors.Join(id.Claims(&c), id.Claims(&all)); err != nil {
		return "", "", access.Nobody, fmt.Errorf("the ID token: %w", err)
	}
	if c.Email == "" || c.Verified != true && c.Verified != "true" {
		return "", "", access.Nobody, errors.New("the provider does not vouch for an e-mail address: it must give email and email_verified")
	}
	return strings.ToLower(c.Email), c.Name, p.roleOf(all[p.o.Claim]), nil
}

// roleOf is the highest role that a claim's values stand for.
func (p *Provider) roleOf(claim any) access.Role {
	role := p.o.Default
	for value, r := range p.o.Roles {
		if r > role && has(claim, value) {
			role = r
		}
	}
	return role
}

func has(claim any, value string) bool {
	switch c := claim.(type) {
	case string:
		return c == value
	case []any:
		return slices.Contains(c, any(value))
	}
	return false
}

// redacted is an error of the token endpoint without its answer, which may hold what is secret.
func redacted(err error) error {
	var r *oauth2.RetrieveError
	if errors.As(err, &r) {
		return fmt.Errorf("status %d, %q", r.Response.StatusCode, r.ErrorCode)
	}
	return err
}
