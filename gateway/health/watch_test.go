package health_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/health"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func TestWhatOneReplicaSees(t *testing.T) {
	t.Parallel()
	w := health.NewWatch()
	for i := range 3 {
		id := fmt.Sprint("c1-x.", i)
		w.Handing(noon, id)
		w.Taken(noon.Add(time.Second), id, []string{fmt.Sprint("SM", i)})
	}
	w.Arrived(noon.Add(2*time.Second), "", "SM0")
	w.Arrived(noon.Add(4*time.Second), "c1-x.1", "SM1")
	w.Arrived(noon.Add(9*time.Second), "c1-x.1", "SM1") // the provider repeats itself
	w.Arrived(noon, "c1-x.2", "")                       // its clock is behind
	w.Arrived(noon, "c9-y.1", "SM9")                    // nobody's
	w.Receipt(noon.Add(5*time.Second), "undelivered", "30003")
	w.Inbound(noon.Add(6 * time.Second))
	w.Failed(noon.Add(7*time.Second), "c1-x.4", "recipient", "21211", "no such number")
	w.Failed(noon.Add(8*time.Second), "c1-x.5", "recipient", "21211", "no such number")
	w.Forged(noon)
	w.Malformed(noon)
	w.Malformed(noon)
	require.Equal(t, health.Seen{
		Taken: noon.Add(time.Second), Inbound: noon.Add(6 * time.Second), Receipt: noon.Add(5 * time.Second),
		Outcomes: []health.Count{{Result: "taken", N: 3}, {Result: "recipient", Code: "21211", N: 2}, {Result: "undelivered", Code: "30003", N: 1}},
		Forged:   1, Malformed: 2, Lags: []int64{2000, 4000, 0}, Pace: 1,
	}, w.Seen(noon.Add(10*time.Second)))
	later := w.Seen(noon.Add(2 * time.Hour))
	require.Empty(t, later.Outcomes)
	require.Zero(t, later.Forged)
	require.Equal(t, noon.Add(time.Second), later.Taken, "that is not forgotten")
}

func TestARefusalStandsUntilSomethingIsTaken(t *testing.T) {
	t.Parallel()
	w := health.NewWatch()
	w.Failed(noon, "c1-x.1", "operator", "20003", "the credentials are refused")
	require.Equal(t, &health.Refusal{Code: "20003", Detail: "the credentials are refused", At: noon}, w.Seen(noon).Refused)
	w.Failed(noon, "c1-x.2", "recipient", "21211", "")
	require.NotNil(t, w.Seen(noon).Refused)
	w.Taken(noon, "c1-x.3", nil)
	require.Nil(t, w.Seen(noon).Refused)
}

// Nobody watches an account that has no watch.
func TestNobodyWatches(t *testing.T) {
	t.Parallel()
	var w *health.Watch
	w.Handing(noon, "x")
	w.Taken(noon, "x", nil)
	w.Failed(noon, "x", "operator", "", "")
	w.Inbound(noon)
	w.Receipt(noon, "failed", "")
	w.Arrived(noon, "x", "")
	w.Forged(noon)
	w.Malformed(noon)
	require.Zero(t, w.Seen(noon))
}

// Slow receipts count like quick ones, however much is under way; what never comes is waited for an hour and no longer.
func TestMessagesThatAreMeasuredAreASample(t *testing.T) {
	t.Parallel()
	w := health.NewWatch()
	for i := range 5000 {
		w.Handing(noon, fmt.Sprint("c1-x.", i))
		w.Taken(noon, fmt.Sprint("c1-x.", i), []string{fmt.Sprint("SM", i)})
	}
	w.Arrived(noon.Add(30*time.Minute), "c1-x.0", "SM0")
	w.Arrived(noon.Add(time.Second), "c1-x.4999", "SM4999")
	require.Equal(t, []int64{30 * 60 * 1000}, w.Seen(noon.Add(31*time.Minute)).Lags, "the last one was not admitted")
	w.Seen(noon.Add(61 * time.Minute))
	w.Handing(noon.Add(62*time.Minute), "c1-y.1")
	w.Arrived(noon.Add(63*time.Minute), "c1-y.1", "")
	require.Equal(t, []int64{30 * 60 * 1000, 60 * 1000}, w.Seen(noon.Add(63*time.Minute)).Lags)
	w.Arrived(noon.Add(64*time.Minute), "", "SM1")
	require.Len(t, w.Seen(noon.Add(64*time.Minute)).Lags, 2, "the provider's id went with ours")
}

func TestLagsAreTheLastFewHundred(t *testing.T) {
	t.Parallel()
	w := health.NewWatch()
	for i := range 1000 {
		id := fmt.Sprint("c1-x.", i)
		w.Handing(noon, id)
		w.Arrived(noon.Add(time.Duration(i)*time.Millisecond), id, "")
	}
	median, most, n := w.Seen(noon).Lag()
	require.Equal(t, 256, n)
	require.Equal(t, 872*time.Millisecond, median)
	require.Equal(t, 987*time.Millisecond, most)
	_, _, n = health.Seen{}.Lag()
	require.Zero(t, n)
}

// TestMergingLosesNothing: whichever replica saw what, together they saw all of it, in any order.
func TestMergingLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		replicas := make([]*health.Watch, rapid.IntRange(1, 4).Draw(t, "replicas"))
		for i := range replicas {
			replicas[i] = health.NewWatch()
		}
		one, now := health.NewWatch(), noon
		for i := range rapid.IntRange(0, 100).Draw(t, "things") {
			now = now.Add(time.Second)
			to := replicas[rapid.IntRange(0, len(replicas)-1).Draw(t, "to")]
			id, code := fmt.Sprint("m", i), fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "code"))
			for _, w := range []*health.Watch{to, one} {
				switch i % 5 {
				case 0:
					w.Handing(now, id)
					w.Taken(now, id, nil)
					w.Arrived(now.Add(time.Duration(i)*time.Millisecond), id, "")
				case 1:
					w.Failed(now, id, "operator", code, "no")
				case 2:
					w.Forged(now)
				case 3:
					w.Inbound(now)
				default:
					w.Receipt(now, "failed", code)
				}
			}
		}
		var seen []health.Seen
		for _, w := range replicas {
			seen = append(seen, w.Seen(now))
		}
		got, want := health.Merge(seen...), one.Seen(now)
		require.ElementsMatch(t, want.Lags, got.Lags)
		got.Lags, want.Lags = nil, nil
		require.Equal(t, want, got.Seen)
		require.Equal(t, len(replicas), got.Replicas)
	})
}

// BenchmarkAMessage is what watching costs for one message and its receipt.
func BenchmarkAMessage(b *testing.B) {
	w := health.NewWatch()
	theirs := []string{"SM0123456789"}
	for b.Loop() {
		w.Handing(noon, "c1-x.1")
		w.Taken(noon, "c1-x.1", theirs)
		w.Receipt(noon, "delivered", "")
		w.Arrived(noon, "c1-x.1", theirs[0])
	}
}
