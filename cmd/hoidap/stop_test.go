package main_test

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store/redistest"
)

// Whoever asks a second time does not wait for the orderly stop, which a Redis that hangs holds up.
func TestASecondSignalEndsTheGatewayAtOnce(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	b := newBox(t, buildProgram(t), fmt.Sprintf("{url: %q, lease: 1s}", redis.URL), 1).only(0)
	b.write("campaigns/style.yaml", fmt.Sprintf(boxCampaign, `"2099-01-01T10:00:00+07:00"`))
	b.start()
	redis.Node.Signal(syscall.SIGSTOP)
	t.Cleanup(func() { redis.Node.Signal(syscall.SIGCONT) })
	b.signal(syscall.SIGTERM)
	b.until("it takes no more calls", func() bool { status, _ := b.call("GET", "/healthz", nil); return status == 0 })
	b.signal(syscall.SIGTERM)
	var ended *exec.ExitError
	require.True(t, errors.As(b.replicas[0].cmd.Wait(), &ended))
	require.Equal(t, syscall.SIGTERM, ended.Sys().(syscall.WaitStatus).Signal())
}
