package sender

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// desk is a sender with two accounts, whose reports the test writes down when it wants to.
type desk struct {
	*Sender
	t       *testing.T
	lease   store.Lease
	frozen  bool
	halted  bool // the account sms is
	reports []Report
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(t.Context(), store.Options{URL: "redis://" + miniredis.RunT(t).Addr(), Partitions: 2, Log: log})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	d := &desk{t: t}
	var ok bool
	d.lease, ok, err = s.Acquire(t.Context(), 1, "a")
	require.NoError(t, err)
	require.True(t, ok)
	d.Sender = New(Options{Store: s, Accounts: []*Account{NewAccount("sms", door{64}, 0), NewAccount("zalo", door{64}, 0)}, Log: log,
		Now: func() time.Time { return noon }, Metrics: NewMetrics(prometheus.NewRegistry()), Report: func(r Report) { d.reports = append(d.reports, r) },
		Frozen: func() bool { return d.frozen }, Halted: func(account string) bool { return d.halted && account == "sms" }})
	d.sending = t.Context()
	return d
}

func (d *desk) commit(write func(*store.Batch)) {
	d.t.Helper()
	b := store.NewBatch(d.lease)
	write(b)
	require.NoError(d.t, d.Store.CommitOne(d.t.Context(), b))
}

// settleReports writes down all that was reported, and says how much that was.
func (d *desk) settleReports() int {
	d.t.Helper()
	n := len(d.reports)
	for _, r := range d.reports {
		d.commit(r.Write)
		r.Done(true)
	}
	d.reports = d.reports[n:]
	return n
}

// triedAgain is a message by SMS that is tried again, for which the contact's others wait; it is being sent.
func (d *desk) triedAgain() *flight {
	d.t.Helper()
	o := campaigns.Outbound{ID: "c1-a.1", Contact: "c1-a", Account: "sms", Class: campaigns.ClassReply, Queued: noon, Attempt: 1}
	d.commit(func(b *store.Batch) {
		b.Queue("sms", o.ID, noon, true, record.Outbound(o))
		b.Block(o.Contact, o.ID)
	})
	hauls, errs := d.Store.Take(d.t.Context(), []store.Lease{d.lease}, "sms", noon, 1, 1)
	require.NoError(d.t, errs[0])
	require.Len(d.t, hauls[0].Messages, 1)
	f := &flight{lease: d.lease, account: d.byID["sms"].Account, out: o, queued: true}
	first, known := d.admit(f)
	require.True(d.t, first && !known)
	f.account.taken()
	return f
}

func (d *desk) waits() bool {
	d.t.Helper()
	blocked, err := d.Store.Blocked(d.t.Context(), 1)
	require.NoError(d.t, err)
	return blocked["c1-a"] == "c1-a.1"
}

// TestWhoWaitsForWhatIsPutBack: what goes to the contact by other accounts does not wait for an account that cannot send. It does
// where nothing may be sent at all, since nothing could overtake it then, and something could afterwards.
func TestWhoWaitsForWhatIsPutBack(t *testing.T) {
	for name, c := range map[string]struct {
		back  func(*desk, *flight)
		waits bool
	}{
		"all sending is stopped": {func(d *desk, f *flight) { d.frozen = true; d.mayAttempt(t.Context(), f, true) }, true},
		"and the account is paused": {func(d *desk, f *flight) {
			d.frozen, d.halted = true, true
			d.mayAttempt(t.Context(), f, true)
		}, true},
		"it was scattered": {func(d *desk, f *flight) { f.scattered = true; d.repeat(f, adapters.Unknown) }, true},
		"its account is paused": {func(d *desk, f *flight) {
			d.halted = true
			d.mayAttempt(t.Context(), f, true)
		}, false},
		"its account is refused": {func(d *desk, f *flight) {
			d.failed(f, adapters.Message{}, &adapters.Error{Fault: adapters.Operator, Err: errors.New("no balance")})
		}, false},
		"its account is left alone": {func(d *desk, f *flight) { d.failed(f, adapters.Message{}, errClosed) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			f := d.triedAgain()
			c.back(d, f)
			require.Equal(t, 1, d.settleReports())
			require.Equal(t, c.waits, d.waits())
			hauls, errs := d.Store.Take(t.Context(), []store.Lease{d.lease}, "sms", noon, 1, 1)
			require.NoError(t, errs[0])
			require.Len(t, hauls[0].Messages, 1, "it is in its queue again")
		})
	}
}

// TestWhatIsBeingSentStepsAsideWhenThatIsOver: others wait for a message whose account was paused while it was being sent. Nothing
// is written until it is in the queue again; then they are let go, once.
func TestWhatIsBeingSentStepsAsideWhenThatIsOver(t *testing.T) {
	d := newDesk(t)
	f := d.triedAgain()
	d.halted = true
	zalo := d.byID["zalo"]
	looks := func() (again bool) {
		zalo.haul(t.Context(), d.lease, store.Haul{Left: true}, nil, zalo.endings(1), noon)
		written := d.settleReports() > 0
		zalo.mu.Lock()
		defer zalo.mu.Unlock()
		_, again = zalo.due[1]
		delete(zalo.due, 1)
		require.Equal(t, written, again, "whoever looks again has seen something happen")
		return again
	}
	require.False(t, looks(), "it is being sent: nothing can be done about it now")
	require.True(t, d.waits())
	d.again(f, noon.Add(time.Hour)) // its outcome is known
	require.Equal(t, 1, d.settleReports())
	zalo.mu.Lock()
	require.Contains(t, zalo.due, 1, "it is looked for again when it has landed")
	delete(zalo.due, 1)
	zalo.mu.Unlock()
	require.True(t, looks())
	require.False(t, d.waits())
	require.False(t, looks(), "that was all")
}

// TestWhatWasTakenTooEarlyWaits: Redis gives a message to be sent, and then writes down that the contact's others wait for an
// earlier one; but the sender hears of the second first.
func TestWhatWasTakenTooEarlyWaits(t *testing.T) {
	d := newDesk(t)
	first := &flight{lease: d.lease, account: d.byID["sms"].Account, out: campaigns.Outbound{ID: "c1-a.1", Contact: "c1-a", Account: "sms", Class: campaigns.ClassControl, Queued: noon}}
	second := &flight{lease: d.lease, account: first.account, queued: true, out: campaigns.Outbound{ID: "c1-a.2", Contact: "c1-a", Account: "sms", Class: campaigns.ClassReply, Queued: noon}}
	core := record.CoreField(&preferences.Contact{ID: "c1-a"})
	d.commit(func(b *store.Batch) {
		b.PutContact("c1-a", false, []store.Field{store.Field(core)})
		b.Depart(first.out.ID, noon, record.Outbound(first.out))
		b.Queue("sms", second.out.ID, noon, true, record.Outbound(second.out))
	})
	_, known := d.admit(first)
	require.False(t, known)
	hauls, errs := d.Store.Take(t.Context(), []store.Lease{d.lease}, "sms", noon, 1, 1)
	require.NoError(t, errs[0])
	require.Len(t, hauls[0].Messages, 1)

	d.again(first, noon.Add(time.Hour))
	require.Equal(t, 1, d.settleReports())
	goes, _ := d.admit(second)
	require.True(t, goes, "nothing of the contact's is in the books any more")
	second.account.taken()
	d.release(t.Context(), []*flight{second})
	require.Equal(t, 1, d.settleReports(), "it goes back")
	hauls, errs = d.Store.Take(t.Context(), []store.Lease{d.lease}, "sms", noon, 2, 2)
	require.NoError(t, errs[0])
	require.Empty(t, hauls[0].Messages, "and waits")
	hauls, errs = d.Store.Take(t.Context(), []store.Lease{d.lease}, "sms", noon.Add(time.Hour), 2, 2)
	require.NoError(t, errs[0])
	require.Len(t, hauls[0].Messages, 1)
	require.Equal(t, "c1-a.1", hauls[0].Messages[0].ID)
}

// TestAnOrphanGoesBehindWhatWaits: an owner puts messages of a contact back one after the other, and may die in between. What is
// still marked then does not go before what is in the queue already.
func TestAnOrphanGoesBehindWhatWaits(t *testing.T) {
	for name, c := range map[string]struct {
		earlier string // what became of the message before
		first   bool   // the contact's others wait for the orphan
	}{
		"the one before waits in the queue": {"queued", false},
		"the one before was sent":           {"sent", true},
		"the one before failed":             {"failed", true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			state := campaigns.State{ID: "c1-a", Contact: &preferences.Contact{ID: "c1-a"},
				Messages: []campaigns.Message{{ID: "c1-a.1", Status: c.earlier}, {ID: "c1-a.2", Status: "queued"}}}
			var fields []store.Field
			for _, f := range record.Changes(nil, state, nil) {
				fields = append(fields, store.Field(f))
			}
			o := campaigns.Outbound{ID: "c1-a.2", Contact: "c1-a", Account: "sms", Class: campaigns.ClassReply, Queued: noon}
			d.commit(func(b *store.Batch) {
				b.PutContact("c1-a", false, fields)
				b.Depart(o.ID, noon, record.Outbound(o))
			})
			f := &flight{lease: d.lease, account: d.byID["sms"].Account, out: o, settles: true}
			first, known := d.admit(f)
			require.True(t, first && !known)
			f.account.taken()
			d.classDecides(f)
			require.Equal(t, 1, d.settleReports())
			blocked, err := d.Store.Blocked(t.Context(), 1)
			require.NoError(t, err)
			require.Equal(t, c.first, blocked["c1-a"] == "c1-a.2")
		})
	}
}

// TestAPauseThatBecomesKnownLate: a message was left because its contact waits for one of another account, and only then it becomes
// known here that that account is paused. Nothing lands there any more, so the message is looked at again.
func TestAPauseThatBecomesKnownLate(t *testing.T) {
	d := newDesk(t)
	zalo := d.byID["zalo"]
	zalo.lookAgain(noon)
	zalo.remain(1, zalo.endings(1), noon)
	zalo.lookAgain(noon)
	require.Empty(t, zalo.due, "it waits for what is on its way")
	d.halted = true
	zalo.lookAgain(noon)
	require.Equal(t, map[int]time.Time{1: noon}, zalo.due)
}
