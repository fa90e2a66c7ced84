package engine

import (
	"context"
	"fmt"
	"log/slog"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// turnCampaign is what a backlog answers: one question, and an offer that depends on the answer.
const turnCampaign = `campaign: style
audience: consent.marketing
channels: [sms]
questions:
  - id: style
    attribute: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào?"}
    remind_after: 24h
    options:
      - {value: sporty, label: {vi: Thể thao}, synonyms: {vi: [năng động]}}
      - {value: office, label: {vi: Công sở}}
      - {value: party, label: {vi: Dự tiệc}}
offers: [office-20, thanks-5]
thanks: {vi: "Cảm ơn {{name}}!"}
---
offer: office-20
when: prefs.style == "office"
priority: 10
text: {vi: "Tặng {{name}} mã {{code}} giảm 20% đồ công sở."}
code: {shared: OFFICE20}
---
offer: thanks-5
text: {vi: "Mã {{code}} giảm 5%."}
code: {shared: CAMON5}
`

// turnAnswers are valid ones, in the ways people write.
var turnAnswers = []string{"dạ 2 nha shop", "công sở ạ", "thể thao", "1", "cong so nha", "em thích năng động", "so 3 nhe", "dự tiệc đó em"}

// queues has no room for departures: all that is sent is queued.
type queues struct{}

func (queues) Queued(string, int, time.Time)                                {}
func (queues) Reserve(string, int, bool) bool                               { return false }
func (queues) Depart(store.Lease, campaigns.Outbound, *preferences.Contact) {}
func (queues) Cancel(store.Lease, string, bool)                             {}
func phoneOf(i int) address.Address {
	return address.Address{Scheme: address.Tel, ID: fmt.Sprintf("+8490%07d", i)}
}

// askedCustomers is a worker of one partition with customers who were asked a question.
func askedCustomers(b *testing.B, customers int) *worker {
	ctx := b.Context()
	st, err := store.Open(ctx, store.Options{URL: redistest.Start(b).URL, Partitions: 1})
	require.NoError(b, err)
	b.Cleanup(func() { st.Close() })
	keeper := store.NewKeeper(st, "bench", time.Now, slog.New(slog.DiscardHandler))
	keeper.Start(ctx)
	b.Cleanup(func() { keeper.Stop(context.WithoutCancel(ctx)) }) //nolint:errcheck // Redis ends with the benchmark

	set, problems := files.Load(fstest.MapFS{"bench.yaml": {Data: []byte(turnCampaign)}}, files.Options{Zone: time.UTC})
	require.Empty(b, problems)
	world := &campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: time.UTC}, Campaigns: set.Campaigns, Offers: set.Offers,
		Routes: []campaigns.Route{{Account: "sms", Channel: address.SMS, Inbound: true}}}
	world.Pack, _ = compliance.PackFor("vn")
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	w := newWorker(New(Options{Store: st, Keeper: keeper, World: func() *campaigns.World { return world }, Now: func() time.Time { return now },
		Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(prometheus.NewRegistry()), Secret: "secret", Out: queues{}, Workers: 1,
		Accounts: func() []string { return []string{"sms"} }}), 0)

	happen := func(event func(i int) campaigns.Event) {
		for i := range customers {
			e := event(i)
			e.ID, e.At = fmt.Sprint(e.Kind, i), now
			body := record.Envelope{Event: &e}.Bytes()
			require.NoError(b, st.Append(ctx, []int{0}, []store.LogEntry{{ID: e.ID, Key: phoneOf(i).String(), Body: body}}))
		}
		for {
			logs, err := st.Read(ctx, []int{0}, nil, w.Batch, time.Millisecond)
			require.NoError(b, err)
			if len(logs) == 0 {
				return
			}
			require.NoError(b, w.turn(ctx, logs))
		}
	}
	happen(func(i int) campaigns.Event {
		name, locale := fmt.Sprint("Lan ", i), "vi"
		return campaigns.Event{Kind: campaigns.Edit, From: phoneOf(i), Contact: &campaigns.ContactEdit{Addresses: []address.Address{phoneOf(i)}, Name: &name, Locale: &locale,
			Facts:    map[string]any{"orders": i % 2, "city": "Huế", "returns": 1},
			Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: true, Source: "checkout form", At: now.Add(-24 * time.Hour)}}}}
	})
	happen(func(i int) campaigns.Event {
		return campaigns.Event{Kind: campaigns.RunAsk, Campaign: "style", Run: "style@1"}
	})
	return w
}

// BenchmarkTurn is what a backlog's event costs, from the log to the commit: answers that end a conversation with an offer. No turn
// is committed, as each is stale, so that the next one is the same.
func BenchmarkTurn(b *testing.B) {
	ctx := b.Context()
	const customers = 48
	w := askedCustomers(b, customers)
	for i := range customers {
		p := record.Envelope{Event: &campaigns.Event{ID: fmt.Sprintf("sms:SM%032x", i), Kind: campaigns.MessageIn, At: w.Now(), From: phoneOf(i), Account: "sms", Channel: address.SMS,
			MessageID: fmt.Sprintf("SM%032x", i), Text: turnAnswers[i%len(turnAnswers)]}}
		require.NoError(b, w.Store.Append(ctx, []int{0}, []store.LogEntry{{ID: p.Event.ID, Key: phoneOf(i).String(), Body: p.Bytes()}}))
	}
	b.ReportAllocs()
	b.ResetTimer()
	before := spent(b)
	for left := b.N; left > 0; left -= customers {
		logs, err := w.Store.Read(ctx, []int{0}, nil, w.Batch, time.Millisecond)
		require.NoError(b, err)
		turns, err := w.turnsOf(ctx, w.owned(), logs, map[int][]pending{}, nil, w.Now())
		require.NoError(b, err)
		batches, err := w.prepare(ctx, turns)
		require.NoError(b, err)
		require.Equal(b, customers, int(turns[0].entriesOf[preferences.EntryOffered]))
		batches[0].Turn(turns[0].number + 1)
		require.ErrorIs(b, w.Store.Commit(ctx, batches)[0], store.ErrStale)
		w.over(turns[0])
	}
	b.ReportMetric(float64(spent(b)-before)/float64(b.N), "cpu-ns/op")
}

// spent is the processor time of this process: what waits for Redis, or for the machine's other work, is not in it.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
