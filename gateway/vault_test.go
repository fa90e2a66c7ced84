package gateway_test

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/zalo"
	zalofake "github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/preferences/address"
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

// A token that ends while three replicas send is renewed once for all of them, through their one Redis.
func TestReplicasRenewATokenOnce(t *testing.T) {
	t.Parallel()
	app := zalofake.App{ID: "431234567890123456", Secret: "app-secret", OA: "388613280878808645", OASecret: "oa-secret"}
	provider := zalofake.New(publicURL+"/hooks/zalo", app, true)
	base, err := provider.Start()
	require.NoError(t, err)
	t.Cleanup(func() { provider.Close() })
	s, err := store.Open(t.Context(), store.Options{URL: redistest.Start(t).URL})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	var opened []adapters.Adapter
	kind := zalo.Type()
	open := kind.Open
	kind.Open = func(a adapters.Account) (adapters.Adapter, error) {
		ad, err := open(a)
		opened = append(opened, ad)
		return ad, err
	}
	settings := map[string]string{"app_id": app.ID, "app_secret": app.Secret, "oa_id": app.OA, "oa_secret": app.OASecret, "base_url": base, "refresh_token": zalofake.FirstRefresh}
	for round := 1; round <= 2; round++ { // from nothing, and then from a token that is no more
		opened = nil
		for range 3 {
			_, err := gateway.NewWithStore(gateway.Options{Files: fstest.MapFS{}, Accounts: []gateway.Account{
				{ID: "zalo", Type: kind, Channel: address.Zalo, Settings: settings}, {ID: "numbers", Type: kind, Channel: address.SMS, Settings: settings},
			}}, s)
			require.NoError(t, err)
		}
		require.Len(t, opened, 6)
		var sends sync.WaitGroup
		for _, a := range opened {
			for range 10 {
				sends.Go(func() {
					m := adapters.Message{ID: "c1-abc.1", To: address.Address{Scheme: "zalo", ID: "246845883529197922"}, Text: "Gu nào ạ?"}
					if a.Capabilities().Templates == adapters.TemplatesAlways {
						m.To, m.Template = address.Address{Scheme: "tel", ID: lan}, &adapters.Template{ID: "1"}
					}
					_, err := a.Send(t.Context(), m)
					assert.NoError(t, err)
				})
			}
		}
		sends.Wait()
		asked, given, most := provider.TokenCalls()
		require.Equal(t, []int{round, round, 1}, []int{asked, given, most})
		if round == 1 {
			age(t, s, "zalo:"+app.ID+"/"+app.OA)
			provider.Expire()
		}
	}
}

// age makes a token look as if it had been given a while ago: one that is refused when it is new is not renewed.
func age(t *testing.T, s *store.Store, vault string) {
	t.Helper()
	was, err := s.Token(t.Context(), vault, "tokens")
	require.NoError(t, err)
	var kept map[string]any
	require.NoError(t, json.Unmarshal([]byte(was), &kept))
	kept["issued"] = time.Now().Add(-24 * time.Hour)
	older, err := json.Marshal(kept)
	require.NoError(t, err)
	done, err := s.SwapToken(t.Context(), vault, "tokens", was, string(older))
	require.NoError(t, err)
	require.True(t, done)
}
