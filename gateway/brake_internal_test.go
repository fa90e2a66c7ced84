package gateway

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestASecondIsEnoughForAStop: a replica that has just looked looks again, and has half of the second for that. Tests of the stop
// itself wait for it as long as a loaded machine takes.
func TestASecondIsEnoughForAStop(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, brakeEvery, time.Second/2)
}
