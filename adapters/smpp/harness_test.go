package smpp_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp"
	"github.com/hoidap/hoidap/adapters/smpp/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// rig is an adapter that listens, and the centre that it listens to.
type rig struct {
	adapters.Adapter
	t     *testing.T
	fake  *fake.SMSC
	heard chan adapters.Event
	stop  func() // ends the listening and waits for its end

	mu    sync.Mutex
	clock time.Duration // ahead
	deaf  int           // so many batches are not stored
}

// newRig opens an account at a centre that answers at once, and waits for the session.
func newRig(t *testing.T, settings map[string]string, hold, parts time.Duration) *rig {
	t.Helper()
	r := &rig{t: t, fake: fake.New(systemID, password)}
	at, err := r.fake.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.fake.Close() })
	r.open(at, settings)
	r.listen(hold, parts)
	if err := r.fake.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) open(at string, settings map[string]string) {
	r.t.Helper()
	all := map[string]string{"address": at, "system_id": systemID, "password": password, "from": "8041"}
	maps.Copy(all, settings)
	var err error
	r.Adapter, err = smpp.Type().Open(adapters.Account{ID: "main", Channel: address.SMS, Settings: all, Now: r.now})
	if err != nil {
		r.t.Fatal(err)
	}
}

// listen begins a life of the account, as a process would.
func (r *rig) listen(hold, parts time.Duration) {
	smpp.Hurry(r.Adapter, hold, parts)
	r.heard = make(chan adapters.Event, 1000)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = r.Adapter.(adapters.Listener).Listen(ctx, r.accept)
	}()
	r.stop = func() { cancel(); <-done }
	r.t.Cleanup(r.stop)
}

var errFull = errors.New("no room")

func (r *rig) accept(_ context.Context, events []adapters.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deaf > 0 {
		r.deaf--
		return errFull
	}
	for _, e := range events {
		r.heard <- e
	}
	return nil
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC).Add(r.clock)
}

func (r *rig) forward(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock += d
}

func (r *rig) deafen(batches int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deaf = batches
}

// next is the next event that was stored.
func (r *rig) next() adapters.Event {
	r.t.Helper()
	select {
	case e := <-r.heard:
		return e
	case <-time.After(30 * time.Second):
		r.t.Fatal("nothing was told")
		return adapters.Event{}
	}
}

func (r *rig) nothing() {
	r.t.Helper()
	select {
	case e := <-r.heard:
		r.t.Errorf("told %+v", e)
	default:
	}
}

func (r *rig) send(id, text string) (adapters.Sent, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancel()
	return r.Send(ctx, adapters.Message{ID: id, To: lan, Class: adapters.Reply, Text: text})
}

func fault(err error) adapters.Fault {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return adapters.Unknown
}
