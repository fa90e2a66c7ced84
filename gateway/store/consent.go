package store

import (
	"context"
	"time"
)

// ExpectConsent notes the verifier of a link by which an administrator is to consent, for as long as it may be followed.
func (s *Store) ExpectConsent(ctx context.Context, account, state, verifier string, lives time.Duration) error {
	return unavailable("noting a consent", s.rdb.Set(ctx, consentKey(account, state), verifier, lives).Err())
}

// TakeConsent takes what ExpectConsent noted, once; "" where there is nothing, or not any more.
func (s *Store) TakeConsent(ctx context.Context, account, state string) (string, error) {
	v, err := s.rdb.GetDel(ctx, consentKey(account, state)).Result()
	if err != nil && !isNil(err) {
		return "", unavailable("taking a consent", err)
	}
	return v, nil
}
