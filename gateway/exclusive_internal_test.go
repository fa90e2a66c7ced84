package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/preferences/address"
)

// played is an adapter with a session, whose Send a test plays.
type played struct {
	send func(context.Context, adapters.Message) (adapters.Sent, error)

	mu        sync.Mutex
	listening int
	most      int
}

func (p *played) Capabilities() adapters.Capabilities { return adapters.Capabilities{InFlight: 2} }
func (p *played) Decode(adapters.Request) (adapters.Decoded, error) {
	return adapters.Decoded{}, adapters.ErrForged
}

func (p *played) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	return p.send(ctx, m)
}

func (p *played) Listen(ctx context.Context, _ func(context.Context, []adapters.Event) error) error {
	p.mu.Lock()
	p.listening++
	p.most = max(p.most, p.listening)
	p.mu.Unlock()
	<-ctx.Done()
	p.mu.Lock()
	p.listening--
	p.mu.Unlock()
	return ctx.Err()
}

// replica opens an account at one of several replicas.
func replica(t *testing.T, url string, a adapters.Adapter) *exclusive {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: url, Partitions: 8, LeaseTTL: 2 * time.Second, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	x := shared(a, "brand", func() bool { return false }, slog.New(slog.DiscardHandler))
	x.store = s
	t.Cleanup(func() { _ = s.Close() })
	return x
}

// listens lets a replica listen until stop.
func (x *exclusive) listens(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = x.Listen(ctx, func(context.Context, []adapters.Event) error { return nil })
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

var ours = adapters.Message{ID: "c1-x.7", To: address.Address{Scheme: "tel", ID: "+84901234567"}, Class: adapters.Reply, Text: "Dạ chị ơi", Queued: time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC),
	Options: []adapters.Option{{Payload: "1", Label: "Có"}}, Expires: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}

func TestWhatTheOwnerSaysComesBack(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	var got adapters.Message
	var says error
	p := &played{send: func(_ context.Context, m adapters.Message) (adapters.Sent, error) {
		got = m
		return adapters.Sent{IDs: []string{"9007199254740993", "9007199254740995"}, Units: 2}, says
	}}
	owner, other := replica(t, redis.URL, p), replica(t, redis.URL, &played{})
	owner.listens(t)
	require.Eventually(t, owner.owns, 20*time.Second, 5*time.Millisecond)
	other.listens(t)
	s, err := other.Send(t.Context(), ours)
	require.NoError(t, err)
	require.Equal(t, adapters.Sent{IDs: []string{"9007199254740993", "9007199254740995"}, Units: 2}, s)
	require.Equal(t, ours, got)
	for _, says = range []error{
		&adapters.Error{Fault: adapters.Throttled, Code: "0x58", Detail: "too fast", After: time.Date(2026, 11, 20, 3, 0, 1, 0, time.UTC)},
		&adapters.Error{Fault: adapters.Operator, Detail: "the password was refused"},
		&adapters.Error{Code: "0x401"}, errors.New("dial tcp 10.0.0.1:2775: broken pipe"),
	} {
		_, err := other.Send(t.Context(), ours)
		var e, want *adapters.Error
		require.ErrorAs(t, err, &e)
		if errors.As(says, &want) {
			require.Equal(t, want, e)
		} else {
			require.Equal(t, adapters.Unknown, e.Fault)
		}
	}
}

// A message that the owner has in its hands when it dies is unknown, one that it never took is not sent.
func TestTheOwnerDies(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	taken := make(chan string, 10)
	dead := make(chan struct{})
	p := &played{send: func(_ context.Context, m adapters.Message) (adapters.Sent, error) {
		taken <- m.ID
		<-dead
		return adapters.Sent{IDs: []string{"1"}}, nil
	}}
	owner, other := replica(t, redis.URL, p), replica(t, redis.URL, &played{})
	stop := owner.listens(t)
	require.Eventually(t, owner.owns, 20*time.Second, 5*time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	results := make(chan error, 3)
	for _, id := range []string{"c1-x.1", "c1-x.2", "c1-x.3"} { // the owner takes two at once
		go func() { m := ours; m.ID = id; _, err := other.Send(ctx, m); results <- err }()
	}
	<-taken
	<-taken
	cancel() // nobody waits any longer, and by now the owner has two
	count := map[string]int{}
	for range 3 {
		err := <-results
		var e *adapters.Error
		switch {
		case errors.As(err, &e) && e.Fault == adapters.Transient:
			count["not sent"]++
		case err != nil && !errors.As(err, &e):
			count["unknown"]++
		default:
			t.Errorf("%v", err)
		}
	}
	require.Equal(t, map[string]int{"not sent": 1, "unknown": 2}, count)
	close(dead)
	stop()
	require.Empty(t, taken, "what was withdrawn is not sent later")
}

// What is asked of an owner that knows of a stop is not handed on, and counts as not tried.
func TestTheOwnerHandsNothingOnWhileSendingIsStopped(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	var stopped atomic.Bool
	calls := 0
	p := &played{send: func(context.Context, adapters.Message) (adapters.Sent, error) {
		calls++
		return adapters.Sent{IDs: []string{"1"}}, nil
	}}
	owner, other := replica(t, redis.URL, p), replica(t, redis.URL, &played{})
	owner.held = stopped.Load
	owner.listens(t)
	require.Eventually(t, owner.owns, 20*time.Second, 5*time.Millisecond)
	other.listens(t)
	stopped.Store(true)
	_, err := other.Send(t.Context(), ours)
	var e *adapters.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, adapters.Transient, e.Fault, "which is what a replica of an older version makes of it")
	require.ErrorIs(t, err, adapters.ErrHeld)
	require.Zero(t, calls)
	stopped.Store(false)
	_, err = other.Send(t.Context(), ours)
	require.NoError(t, err)
	require.Equal(t, 1, calls)
}

func TestNobodyHasTheSession(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	other := replica(t, redis.URL, &played{})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := other.Send(ctx, ours)
	var e *adapters.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, adapters.Transient, e.Fault)
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	_, err = other.Send(ctx, ours)
	require.Error(t, err)
}

// Whatever happens, two never listen at a time; and an owner that dies without a word is followed within a lease.
func TestOneListensAtATime(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	p := &played{send: func(context.Context, adapters.Message) (adapters.Sent, error) {
		return adapters.Sent{IDs: []string{"1"}}, nil
	}}
	var all []*exclusive
	var stops []func()
	for range 3 {
		all = append(all, replica(t, redis.URL, p))
		stops = append(stops, all[len(all)-1].listens(t))
	}
	for n := len(all); n > 0; n-- {
		owner := -1
		require.Eventually(t, func() bool {
			for i, x := range all {
				if x != nil && x.owns() {
					owner = i
				}
			}
			return owner >= 0
		}, 20*time.Second, 5*time.Millisecond)
		for _, x := range all {
			if x == nil {
				continue
			}
			_, err := x.Send(t.Context(), ours)
			require.NoError(t, err)
		}
		if n%2 == 1 {
			all[owner].abandon()
		}
		stops[owner]()
		all[owner] = nil
	}
	require.Equal(t, 1, p.most)
}
