package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store"
)

func TestHalts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		none, err := s.Halts(ctx)
		require.NoError(t, err)
		require.Empty(t, none)
		at := time.UnixMilli(1_780_000_000_000).UTC()
		first, err := s.Halt(ctx, "sms", store.Halt{State: "paused", By: "shop", Reason: "a|b", At: at})
		require.NoError(t, err)
		require.Equal(t, store.Halt{State: "paused", By: "shop", Reason: "a|b", At: at}, first)
		again, err := s.Halt(ctx, "sms", store.Halt{State: "paused", By: "other", At: at.Add(time.Hour)})
		require.NoError(t, err)
		require.Equal(t, first, again, "the first one stands")
		drain, err := s.Halt(ctx, "sms", store.Halt{State: "draining", By: "admin", At: at})
		require.NoError(t, err)
		require.Equal(t, "draining", drain.State, "another state takes its place")
		_, err = s.Halt(ctx, "zalo", store.Halt{State: "paused", By: "shop", At: at})
		require.NoError(t, err)
		all, err := s.Halts(ctx)
		require.NoError(t, err)
		require.Equal(t, map[string]store.Halt{"sms": {State: "draining", By: "admin", At: at}, "zalo": {State: "paused", By: "shop", At: at}}, all)
		was, err := s.Unhalt(ctx, "sms")
		require.NoError(t, err)
		require.Equal(t, drain, was)
		was, err = s.Unhalt(ctx, "sms")
		require.NoError(t, err)
		require.Zero(t, was)
	})
}

func TestHaltsAreHeard(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		heard := make(chan map[string]store.Halt, 100)
		var watching sync.WaitGroup
		watching.Go(func() {
			s.WatchHalts(ctx, 20*time.Millisecond, func(h map[string]store.Halt, err error) {
				if err == nil {
					heard <- h
				}
			})
		})
		defer watching.Wait()
		defer cancel()
		require.Empty(t, <-heard)
		_, err := s.Halt(t.Context(), "sms", store.Halt{State: "paused", By: "shop", At: noon})
		require.NoError(t, err)
		for h := range heard {
			if h["sms"].State == "paused" {
				return
			}
		}
	})
}
