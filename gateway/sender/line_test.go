package sender

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
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
