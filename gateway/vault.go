package gateway

import "context"

// vault keeps an account's tokens in Redis, or those of several accounts that share them.
type vault struct {
	g    *Gateway
	name string
}

// Get implements adapters.Vault.
func (v vault) Get(ctx context.Context, name string) (string, error) {
	return v.g.store.Token(ctx, v.name, name)
}

// Swap implements adapters.Vault.
func (v vault) Swap(ctx context.Context, name, old, fresh string) (bool, error) {
	return v.g.store.SwapToken(ctx, v.name, name, old, fresh)
}
