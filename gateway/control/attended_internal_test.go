package control

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestALookGivesWayToPages: it goes on when the last page has been answered, or after a rest.
func TestALookGivesWayToPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Service{}
		var at []time.Duration
		began := time.Now()
		read := func() {
			require.NoError(t, s.gently(t.Context(), false, func() error { at = append(at, time.Since(began)); return nil }))
		}
		read()
		first, second := s.Attend(), s.Attend()
		time.AfterFunc(10*time.Millisecond, first)
		time.AfterFunc(30*time.Millisecond, second)
		read()
		done := s.Attend()
		waiting := make(chan struct{})
		go func() {
			defer close(waiting)
			read()
		}()
		synctest.Wait()
		asked := time.Since(began)
		require.NoError(t, s.gently(t.Context(), true, func() error { return nil }), "a page is in nobody's way")
		require.Equal(t, asked, time.Since(began), "nor waits for itself, or for a look that gives way to it")
		<-waiting
		time.Sleep(attendMost) // a stream goes on
		last := time.Since(began)
		read()
		done()
		require.Equal(t, []time.Duration{0, 30 * time.Millisecond, 30*time.Millisecond + restMost, last}, at)
		left, cancel := context.WithCancel(t.Context())
		cancel()
		defer s.Attend()()
		require.ErrorIs(t, s.gently(left, false, func() error { return nil }), context.Canceled)
	})
}
