package sso_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/sso"
)

// A provider that takes its time holds up only who waits for it: whoever goes away meanwhile is let go.
func TestNobodyWaitsOnForAProviderThatHangs(t *testing.T) {
	t.Parallel()
	asked, hang := make(chan struct{}, 1), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-hang
		http.Error(w, "away", http.StatusBadGateway)
	}))
	defer s.Close()
	p := sso.New(sso.Options{Issuer: s.URL})
	first := make(chan error, 1)
	go func() {
		_, _, err := p.Begin(t.Context())
		first <- err
	}()
	<-asked
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := p.Begin(gone)
	require.ErrorIs(t, err, context.Canceled)
	close(hang)
	require.Error(t, <-first)
}
