package sender

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// While runs are fanned out, what goes out unasked waits for its place in the second; answers never do.
func TestBulkIsPacedWhileRunsAreFannedOut(t *testing.T) {
	fansOut := true
	l := &line{Sender: &Sender{Options: Options{FansOut: func() bool { return fansOut }}}}
	of := func(classes ...string) (fs []*flight) {
		for _, c := range classes {
			fs = append(fs, &flight{out: campaigns.Outbound{Class: c}})
		}
		return fs
	}
	l.paceBulk(of(campaigns.ClassReply, campaigns.ClassControl), noon)
	require.Equal(t, noon, l.bulk)
	l.paceBulk(of(campaigns.ClassAd, campaigns.ClassReply, campaigns.ClassAd), noon)
	require.Equal(t, noon.Add(2*time.Second/bulkBeside), l.bulk)
	l.paceBulk(of(campaigns.ClassAd), noon)
	require.Equal(t, noon.Add(3*time.Second/bulkBeside), l.bulk)
	l.paceBulk(of(campaigns.ClassAd), noon.Add(time.Minute))
	require.Equal(t, noon.Add(time.Minute+time.Second/bulkBeside), l.bulk, "what was not used is not saved up")
	l.paceBulk(of(campaigns.ClassAd), l.bulk.Add(lateMost))
	require.Equal(t, noon.Add(time.Minute+2*time.Second/bulkBeside), l.bulk, "who comes a little late keeps the pace")
	fansOut = false
	l.paceBulk(of(campaigns.ClassAd), noon.Add(time.Minute))
	require.True(t, l.bulk.IsZero())
}

// So that those who reply do not wait behind a second's worth of it, little of what goes out unasked leaves at once.
func TestLittleOfWhatIsUnaskedLeavesAtOnceWhileRunsAreFannedOut(t *testing.T) {
	fansOut := false
	l := &line{Sender: &Sender{Options: Options{FansOut: func() bool { return fansOut }}}}
	require.Equal(t, 64, l.unasked(8, 64, noon))
	fansOut = true
	require.Equal(t, bulkAtOnce, l.unasked(1, 64, noon))
	require.Equal(t, bulkAtOnce/8, l.unasked(8, 64, noon))
	require.Equal(t, 1, l.unasked(32, 64, noon), "each partition has its turn")
	require.Equal(t, 2, l.unasked(1, 2, noon), "never more than there is room for")
	l.bulk = noon.Add(time.Millisecond)
	require.Zero(t, l.unasked(1, 64, noon))
	require.Equal(t, bulkAtOnce, l.unasked(1, 64, l.bulk))
}

// What is left is looked for again as soon as more of it may go, and not before: until then there is nothing but answers.
func TestWhatIsLeftOfWhatIsUnaskedIsExpectedWhenItMayGo(t *testing.T) {
	for name, c := range map[string]struct {
		gone bool
		due  time.Time
	}{
		"due": {false, noon.Add(-time.Hour)},
		"given up with its account, whenever it is due": {true, noon.Add(time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.FansOut = func() bool { return true }
			l := d.byID["sms"]
			l.gone = c.gone
			d.adopted[1] = d.lease
			d.commit(func(b *store.Batch) {
				for i := range 2 * bulkAtOnce {
					o := campaigns.Outbound{ID: fmt.Sprintf("c1-%d.1", i), Contact: fmt.Sprintf("c1-%d", i), Account: "sms", Class: campaigns.ClassAd, Queued: noon}
					b.Queue("sms", o.ID, c.due, false, record.Outbound(o))
				}
			})
			now := noon
			for _, left := range []bool{true, false} {
				require.Len(t, l.takeFrom(t.Context(), []store.Lease{d.lease}, takeMost, now), bulkAtOnce)
				now = now.Add(bulkAtOnce * time.Second / bulkBeside)
				due, expected := l.due[1]
				require.Equal(t, left, expected)
				if left {
					require.Equal(t, now, due)
				}
				delete(l.due, 1)
			}
		})
	}
}

// Who was asked for answers only has not had its turn: else the same partitions would be asked each time that more may go.
func TestEachPartitionHasItsTurnOfWhatIsUnasked(t *testing.T) {
	l := &line{Sender: &Sender{}, due: map[int]time.Time{}}
	var all []store.Lease
	for p := range 4 {
		all = append(all, store.Lease{Partition: p})
	}
	asked := func(leases []store.Lease, now time.Time) []int {
		some, _ := l.share(leases, 2*takeLeast, now)
		return partitionsOf(some)
	}
	l.turn = 3
	require.Equal(t, []int{0, 1}, asked(all, noon))
	l.bulk = noon.Add(time.Millisecond)
	require.Equal(t, []int{2, 3}, asked(all[2:], noon))
	require.Equal(t, []int{2, 3}, asked(all, l.bulk))
	require.Equal(t, []int{0, 1}, asked(all, l.bulk))
}

func partitionsOf(leases []store.Lease) (of []int) {
	for _, l := range leases {
		of = append(of, l.Partition)
	}
	return of
}
