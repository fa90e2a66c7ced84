package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
)

type sendingView struct {
	State, By, Reason string
	At                time.Time
}

// stopSending stops it, and waits until this replica knows: until then it may send.
func (r *rig) stopSending(reason string) (v sendingView) {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.call("POST", "/api/v1/sending/stop", m{"reason": reason}, &v))
	if r.g != nil { // of several replicas it is whoever has them that waits
		r.until("this replica knows of the stop", r.g.Brake.Frozen)
	}
	return v
}

func (r *rig) resumeSending() {
	r.t.Helper()
	var v sendingView
	require.Equal(r.t, http.StatusOK, r.call("POST", "/api/v1/sending/resume", nil, &v))
	require.Equal(r.t, "running", v.State)
}

// replica is one gateway more on the rig's Redis.
func (r *rig) replica() *gateway.Gateway {
	r.t.Helper()
	g, err := gateway.New(r.opts)
	require.NoError(r.t, err)
	_, err = g.Start(context.Background())
	require.NoError(r.t, err)
	r.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		g.Stop(ctx) //nolint:errcheck // the test has said what it wanted to
	})
	return g
}

// within waits until the brake says so. It takes a fraction of a second, on a machine that has nothing else to do.
func within(t *testing.T, b *gateway.Brake, frozen bool, since time.Time) {
	t.Helper()
	limit := time.After(patience)
	for b.Frozen() != frozen {
		changed := b.Changed()
		if b.Frozen() == frozen {
			break
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("after %s the brake does not say %v", patience, frozen)
		}
	}
	t.Logf("the brake says %v after %s", frozen, time.Since(since))
}

func (r *rig) get(path string) (int, string) {
	r.t.Helper()
	resp, err := http.Get(r.base + path)
	require.NoError(r.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	return resp.StatusCode, string(b)
}

func TestTheEmergencyStopHoldsOnEveryReplica(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := r.replica()
	id := r.contact(lan, "Lan")
	stop := r.stopSending("sai giá")
	began := time.Now()
	within(t, r.g.Brake, true, began)
	within(t, other.Brake, true, began)
	require.Equal(t, "test", stop.By)
	require.Equal(t, stop, r.stopSending("once more"), "the first stop stands")

	run := r.run("style")
	r.until("the question waits", func() bool { return r.runOf(run).Counts["queued"] == 1 })
	r.reply(minh, "HD")
	var other2 string
	r.until("who wrote is known", func() bool { var ok bool; other2, ok = r.byPhone(minh); return ok })
	r.until("the answer waits", func() bool { return has("message.queued", "")(r.ledger(other2)) })
	r.reply(lan, "2")
	r.until("the reply is understood", func() bool { return has("preference.changed", "")(r.ledger(id)) }) // by either replica
	require.Zero(t, r.fake.Calls(), "nothing was handed over")

	var v struct{ Sending, State string }
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/runs/"+run, nil, &v))
	require.Equal(t, "stopped", v.Sending)
	var all struct{ Runs []struct{ Sending string } }
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/runs", nil, &all))
	require.Equal(t, "stopped", all.Runs[0].Sending)
	status, body := r.get("/readyz")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "sending is stopped since")
	require.NotContains(t, body, "sai giá")
	_, body = r.get("/metrics")
	require.Contains(t, body, "hoidap_sending_stopped 1")

	r.resumeSending()
	began = time.Now()
	within(t, r.g.Brake, false, began)
	within(t, other.Brake, false, began)
	r.resumeSending()
	r.phone(minh, 1)
	r.phone(lan, 2)
	r.settledRun(run, "done")
	_, body = r.get("/metrics")
	require.Contains(t, body, "hoidap_sending_stopped 0")
	_, body = r.get("/readyz")
	require.Contains(t, body, "ready\n")
	require.NotContains(t, body, "stopped")
}

// A stop in the middle of a run ends the sending within moments, and afterwards everybody hears once.
func TestAStopInTheMiddleOfARun(t *testing.T) {
	t.Parallel()
	r := newRig(t, steady, withRate(100))
	const people = 400 // four seconds, of which the stop may take three
	var run string
	defer func() {
		if t.Failed() {
			t.Logf("%d calls, %+v", r.fake.Calls(), r.runOf(run))
		}
	}()
	for i := range people {
		r.contact(fmt.Sprintf("+8490%07d", 1000000+i), "Lan")
	}
	run = r.run("style")
	r.until("some have been asked", func() bool { return r.fake.Calls() >= 10 })
	r.stopSending("")
	r.until("what was in the provider's hands has landed", func() bool {
		c := r.runOf(run).Counts
		return r.flying() == 0 && c["sent"] == int64(r.fake.Calls()) && c["sent"]+c["queued"] == people
	})
	calls := r.fake.Calls()
	require.Less(t, calls, people)
	r.reply(minh, "HD") // a whole way through the engine later ...
	id, _ := r.byPhone(minh)
	for id == "" {
		id, _ = r.byPhone(minh)
	}
	r.settled(id, has("message.queued", ""))
	require.Equal(t, calls, r.fake.Calls(), "... nobody has heard")
	r.resumeSending()
	v := r.settledRun(run, "done")
	require.Equal(t, int64(people), v.Counts["sent"])
	for i := range people {
		require.Len(t, r.fake.Phone(fmt.Sprintf("+8490%07d", 1000000+i)), 1)
	}
}

// A replica that starts while sending is stopped sends nothing, and what has expired by the end is not sent any more.
func TestAStopOutlastsARestartAndWhatExpiresIsDropped(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	r.stopSending("x")
	r.reply(lan, "2") // nothing is open: a thank-you of class reply, good for a day
	r.settled(id, has("message.queued", ""))
	r.crash()
	r.start()
	require.True(t, r.g.Brake.Frozen())
	r.clock.Forward(25 * time.Hour)
	r.resumeSending()
	r.settled(id, has("message.not_sent", "expired"))
	require.Zero(t, r.fake.Calls())
}

// While Redis does not answer, what was known last holds.
func TestTheBrakeHoldsWhileRedisIsAway(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	looks := make(chan struct{}, 1000)
	r := newRig(t, withIntercept(func(after bool, command string) error {
		if !after && command == "hgetall" && away.Load() {
			looks <- struct{}{}
			return errors.New("away")
		}
		return nil
	}))
	r.stopSending("x")
	away.Store(true)
	r.resumeSending()
	for range 3 {
		<-looks
	}
	require.True(t, r.g.Brake.Frozen())
	away.Store(false)
	within(t, r.g.Brake, false, time.Now())
}

func TestStoppingIsForMarketersAndResumingForAdmins(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	status, body := r.try("POST", "/api/v1/sending/stop", nil) // no body, no reason: in a hurry
	require.Equal(t, http.StatusOK, status, "%s", body)
	require.True(t, strings.Contains(string(body), `"state":"stopped"`))
	status, _ = r.try("POST", "/api/v1/sending/stop", m{"reasn": "x"})
	require.Equal(t, http.StatusBadRequest, status)
}
