package engine

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// TestWhileAThrongWritesOneWorkerTakesItsTurn: on two processors, and whoever has few goes on.
func TestWhileAThrongWritesOneWorkerTakesItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := New(Options{AtOnce: 1}).seats
		var order []string
		s.take(ctx, throng, func() {
			go s.take(ctx, throng, func() { order = append(order, "the next throng") })
			synctest.Wait()
			s.take(ctx, throng-1, func() { order = append(order, "few") })
			order = append(order, "a throng")
		})
		synctest.Wait()
		require.Equal(t, []string{"few", "a throng", "the next throng"}, order)

		s.take(ctx, throng, func() {
			cancel()
			s.take(ctx, throng, func() { t.Error("a turn after the end") })
		})
	})
}

// TestAProcessorStaysFree for the webhooks, where there is more than one.
func TestAProcessorStaysFree(t *testing.T) {
	require.Equal(t, 7, cap(New(Options{AtOnce: 7}).seats))
	require.GreaterOrEqual(t, cap(New(Options{}).seats), 1)
}
