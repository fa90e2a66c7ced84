package sender

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
)

// door is a provider that takes so many messages at once.
type door struct{ inFlight int }

func (d door) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{InFlight: d.inFlight}
}

func (door) Send(context.Context, adapters.Message) (adapters.Sent, error) {
	return adapters.Sent{}, nil
}

func (door) Decode(adapters.Request) (adapters.Decoded, error) { return adapters.Decoded{}, nil }

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// account is one of a sender that has nothing else.
func account(perSecond float64) *Account {
	a := NewAccount("sms", door{64}, perSecond)
	a.breaker = New(Options{Metrics: NewMetrics(prometheus.NewRegistry()), Log: slog.New(slog.DiscardHandler)}).newBreaker("sms")
	return a
}

func TestAnAccountSendsMoreAtOnceAsLongAsTheProviderTakesThem(t *testing.T) {
	a := account(0)
	require.Equal(t, firstInFlight, a.room(noon))
	for range 100 {
		a.accepted(noon)
	}
	require.Equal(t, 64, a.room(noon), "never more than it declares")
}

func TestAThrottledAccountHalvesOnceAndComesBack(t *testing.T) {
	a := account(100)
	a.fetched(50)
	for range 20 { // all that are in flight are told so
		a.throttled(noon, noon.Add(2*time.Second))
	}
	require.Zero(t, a.room(noon.Add(time.Second)), "patience was asked for")
	later := noon.Add(2 * time.Second)
	require.Equal(t, firstInFlight/2, a.room(later))
	require.Zero(t, a.allowed(10), "what was fetched at the former pace is not spent")
	_, perSecond, _ := a.need(1)
	require.InDelta(t, 50, perSecond, 0.1)
	for range 100 {
		a.accepted(later)
		later = later.Add(regainEvery)
	}
	_, perSecond, _ = a.need(1)
	require.InDelta(t, 100, perSecond, 0.1)
}

func TestRoomIsGivenBackOnce(t *testing.T) {
	a := account(0)
	for range firstInFlight {
		require.True(t, a.reserve(noon, false))
	}
	require.False(t, a.reserve(noon, false), "no room")
	require.True(t, a.reserve(noon, true), "but for what follows another")
	a.unused()
	a.unused()
	require.True(t, a.reserve(noon, false))
	for range firstInFlight {
		a.sent()
		a.landed()
	}
	require.Equal(t, firstInFlight, a.room(noon))
	require.Zero(t, a.flying())
}

func TestTheRateIsFetchedAheadAndSpentOneByOne(t *testing.T) {
	a := account(1000)
	require.False(t, a.reserve(noon, false), "nothing was fetched yet")
	n, perSecond, burst := a.need(10)
	require.Equal(t, 50, n, "fifty milliseconds of it")
	require.InDelta(t, 1000, perSecond, 0.1)
	require.Equal(t, 100, burst)
	a.fetched(2)
	require.True(t, a.reserve(noon, false))
	require.True(t, a.spend())
	require.False(t, a.spend())
	require.False(t, a.reserve(noon, false))
	n, _, _ = account(0.5).need(10)
	require.Equal(t, 1, n, "a slow account fetches one at a time")
}

func TestAProviderThatDoesNotAnswerIsLeftAlone(t *testing.T) {
	a := account(0)
	for range breakAfter {
		done, err := a.breaker.Allow()
		require.NoError(t, err)
		done(context.DeadlineExceeded)
	}
	require.Zero(t, a.room(noon))
	_, err := a.breaker.Allow()
	require.Error(t, err)
	for _, err := range []error{nil, &adapters.Error{Fault: adapters.Recipient}, &adapters.Error{Fault: adapters.Throttled}} {
		require.NoError(t, sick(err), "that is an answer")
	}
	for _, err := range []error{context.DeadlineExceeded, &adapters.Error{Fault: adapters.Transient}} {
		require.Error(t, sick(err))
	}
}
