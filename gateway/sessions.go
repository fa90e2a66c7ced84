package gateway

import (
	"context"
	"time"

	"github.com/hoidap/hoidap/gateway/store"
)

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
