package gateway_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// Accounts share a token where their type says so, and with no other account, whatever its name.
func TestAccountsShareAVault(t *testing.T) {
	t.Parallel()
	vaults := map[string]adapters.Vault{}
	account := func(id, oa string) gateway.Account {
		return gateway.Account{ID: id, Settings: map[string]string{"oa": oa}, Type: adapters.Type{
			Name: "acme",
			Open: func(a adapters.Account) (adapters.Adapter, error) {
				vaults[a.ID] = a.Vault
				return nil, errors.New("only its vault is wanted")
			},
			SharedVault: func(settings map[string]string) string { return settings["oa"] },
		}}
	}
	server := redistest.Start(t)
	s, err := store.Open(t.Context(), store.Options{URL: server.URL})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	_, err = gateway.NewWithStore(gateway.Options{Files: fstest.MapFS{}, Accounts: []gateway.Account{
		account("chat", "7"), account("notify", "7"), account("other", "8"), account("lone", ""), account("7", ""),
	}}, s)
	require.Error(t, err)

	swapped, err := vaults["chat"].Swap(t.Context(), "pair", "", "token")
	require.NoError(t, err)
	require.True(t, swapped)
	for id, want := range map[string]string{"chat": "token", "notify": "token", "other": "", "lone": "", "7": ""} {
		got, err := vaults[id].Get(t.Context(), "pair")
		require.NoError(t, err)
		require.Equal(t, want, got, id)
	}
	swapped, err = vaults["notify"].Swap(t.Context(), "pair", "", "another")
	require.NoError(t, err)
	require.False(t, swapped, "the other account was first")
}
