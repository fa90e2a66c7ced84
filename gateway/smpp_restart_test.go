package gateway_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	smsc "github.com/hoidap/hoidap/adapters/smpp/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// texters are customers of two replicas that share one session with a message centre.
type texters struct {
	*fleet
	centre  *smsc.SMSC
	numbers []string
	ids     []string
}

func newTexters(t *testing.T, people int) *texters {
	t.Helper()
	x := &texters{}
	x.fleet, x.centre = newSessions(t, 5*time.Second)
	codes := make([]string, people)
	for i := range people {
		codes[i] = fmt.Sprintf("OFF%03d", i)
		x.numbers = append(x.numbers, fmt.Sprintf("+8490%07d", 1000000+i))
		x.ids = append(x.ids, x.contact(x.numbers[i], "Lan"))
	}
	x.addCodes("office-20", codes...)
	return x
}

func phoneAt(number string) address.Address { return address.Address{Scheme: address.Tel, ID: number} }

func (x *texters) shown() (n int) {
	for _, number := range x.numbers {
		n += len(x.centre.Shown(phoneAt(number)))
	}
	return n
}

// answersAll is a customer who answers both questions as soon as they are there. Whoever is told that the centre is away
// writes again; what was acknowledged is not written twice.
func (x *texters) answersAll(i int) {
	ctx, cancel := context.WithTimeout(x.t.Context(), 60*time.Second)
	defer cancel()
	for n, text := range []string{"2", "tầm 600k", ""} {
		if got, err := x.centre.Wait(ctx, phoneAt(x.numbers[i]), n+1); err != nil {
			x.t.Errorf("%s has %d messages and waits for %d", x.numbers[i], len(got), n+1)
			return
		}
		if text != "" {
			x.until("an answer is taken", func() bool {
				return x.centre.Tell(ctx, adapters.Event{Kind: adapters.Inbound, From: phoneAt(x.numbers[i]), Text: text}) == nil
			})
		}
	}
}

// TestAMessageCentreRestartsUnderLoad: in the middle of a run, while customers answer, the centre ends the session and comes
// back. What it had taken it has answered, what it had not waits: nothing is lost, and nothing comes twice.
func TestAMessageCentreRestartsUnderLoad(t *testing.T) {
	t.Parallel()
	const people = 24
	x := newTexters(t, people)
	x.centre.Slow(20 * time.Millisecond) // so that there is always something in its hands
	run := x.run("style")
	var customers sync.WaitGroup
	for i := range x.numbers {
		customers.Go(func() { x.answersAll(i) })
	}
	for _, part := range []int{people / 2, 2 * people} { // of 3 messages each
		x.until("it is in the middle of it", func() bool { return x.shown() >= part })
		require.NoError(t, x.centre.Restart(t.Context()))
		require.Less(t, x.shown(), 3*people, "there is more to come")
		require.NoError(t, x.centre.Ready(t.Context()), "the session is taken up again")
	}
	customers.Wait()
	v := x.settledRun(run, "done")
	require.Equal(t, []int64{people, people, people, 0}, []int64{v.Counts["audience"], v.Counts["sent"], v.Counts["offered"], v.Counts["failed"]})
	given := map[string]bool{}
	for i, number := range x.numbers {
		got := x.centre.Shown(phoneAt(number))
		require.Len(t, got, 3, "nothing lost, nothing twice: %v", got)
		require.False(t, given[got[2].Text], "a gift went to two: %s", got[2].Text)
		given[got[2].Text] = true
		x.until("all of it is written down", func() bool { return count(x.ledger(x.ids[i]), "message.sent", "") == 3 })
	}
}

// TestAMessageCentreDiesUnderLoad: with what was in its hands it is unknown what became of it, and SMPP cannot look. Of the
// questions, which are ads, none comes twice, and the ledger says of each that is not there why; the rest are asked once it
// is back.
func TestAMessageCentreDiesUnderLoad(t *testing.T) {
	t.Parallel()
	const people = 40
	x := newTexters(t, people)
	x.centre.Slow(20 * time.Millisecond)
	run := x.run("style")
	x.until("it is in the middle of it", func() bool { return x.shown() >= people/4 })
	x.centre.Stop()
	died := x.shown()
	require.Less(t, died, people)
	_, err := x.centre.Start()
	require.NoError(t, err)
	require.NoError(t, x.centre.Ready(t.Context()), "the session is taken up again")

	var v runView
	x.until("all are accounted for", func() bool {
		v = x.runOf(run)
		return v.Counts["sent"]+v.Counts["failed"] == people
	})
	unknown := 0
	for i, number := range x.numbers {
		got, es := x.centre.Shown(phoneAt(number)), x.ledger(x.ids[i])
		require.LessOrEqual(t, len(got), 1, "nothing twice")
		switch {
		case count(es, "message.sent", "") == 1:
			require.Len(t, got, 1, "nothing lost")
		default:
			require.Equal(t, 1, count(es, "message.failed", "unknown_outcome"), "%+v", es)
			unknown++
		}
	}
	require.Equal(t, int64(unknown), v.Counts["failed"])
	require.LessOrEqual(t, unknown, 10, "no more than the window")
	require.Greater(t, x.shown(), died, "the others were asked afterwards")
}
