package store

import "context"

// Token reads one of the rotating tokens of a vault, which is an account's or several accounts' together; "" where there
// is none.
func (s *Store) Token(ctx context.Context, vault, name string) (string, error) {
	v, err := s.rdb.HGet(ctx, vaultKey(vault), name).Result()
	if err != nil && !isNil(err) {
		return "", unavailable("reading a token", err)
	}
	return v, nil
}

// SwapToken replaces old by new and reports false where somebody else was first.
func (s *Store) SwapToken(ctx context.Context, vault, name, old, fresh string) (bool, error) {
	n, err := s.scripts.swap.Run(ctx, s.rdb, []string{vaultKey(vault)}, name, old, fresh).Int()
	if err != nil {
		return false, unavailable("swapping a token", err)
	}
	return n == 1, nil
}
