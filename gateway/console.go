package gateway

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/hoidap/hoidap/gateway/console"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/store"
)

// Console is how people come into the console.
type Console struct {
	SSO  console.SSO // nil: by password alone
	Open bool        // whoever comes is an administrator: for the demo on one's own machine
	// Hashing is the cost of passwords; zero is the one to use. Tests that sign in all the time take less.
	Hashing control.PasswordCost
}

func (g *Gateway) consoleOptions() console.Options {
	b := g.o.World.Brand
	return console.Options{Control: g.Control, Sessions: sessions{g.store}, Brand: b.Name, Zone: b.Zone, HTTPS: strings.HasPrefix(g.o.PublicURL, "https://"),
		Host: origin(g.o.PublicURL), SSO: g.o.Console.SSO, Open: g.o.Console.Open, Done: g.server.Done(), Now: g.o.Now, Log: g.o.Log}
}

// origin is an address without its path.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// FirstUser is a link for the first administrator, which works once within an hour; empty where somebody can sign in.
func (g *Gateway) FirstUser(ctx context.Context) (string, error) {
	code, err := g.Control.FirstUser(ctx)
	if err != nil || code == "" {
		return "", err
	}
	return console.WelcomePath + code, nil
}

// sessions keeps who is signed in at the console.
type sessions struct{ store *store.Store }

// FindCtx implements scs.CtxStore, as do the others.
func (s sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	b, err := s.store.Session(ctx, token)
	return b, b != nil, err
}

// CommitCtx keeps a session until it expires.
func (s sessions) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	return s.store.KeepSession(ctx, token, b, max(time.Second, time.Until(expiry)))
}

// DeleteCtx ends a session.
func (s sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.store.EndSession(ctx, token)
}

// Find is never called: the console has a context.
func (s sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit likewise.
func (s sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete likewise.
func (s sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
