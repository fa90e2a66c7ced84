package campaigns_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/address"
)

// FuzzStep: whatever is stored and whatever comes, a step neither panics nor changes what it was handed, and its
// outcome can be stored.
func FuzzStep(f *testing.F) {
	w := world(f)
	add := func(s campaigns.State, e campaigns.Event) {
		rawS, _ := json.Marshal(s)
		rawE, _ := json.Marshal(e)
		f.Add(rawS, rawE)
	}
	s := newSim(f, f, "c1")
	p := s.people[0]
	for _, e := range []campaigns.Event{
		{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes claim=imported")},
		{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1", Local: "10:00"},
		{Kind: campaigns.RunAsk, Campaign: "gift", Run: "r2"},
		{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: "c1.1", Status: "sent", Theirs: []string{"X"}}},
		{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: "X", Status: "delivered"}},
		{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: "2", Payload: "2"},
		{Kind: campaigns.TimerDue, Timer: campaigns.TimerRemind},
		{Kind: campaigns.Occurred, From: lan, Type: "order.returned"},
		{Kind: campaigns.ProviderOptOut, From: lan},
		{Kind: campaigns.ProviderOptIn, From: lan},
		{Kind: campaigns.EraseContact},
	} {
		add(p.state, e)
		s.step(p, e)
	}
	f.Fuzz(func(t *testing.T, rawS, rawE []byte) {
		var st campaigns.State
		var e campaigns.Event
		if json.Unmarshal(rawS, &st) != nil || json.Unmarshal(rawE, &e) != nil {
			t.Skip()
		}
		before := describe(st, e)
		out := campaigns.Step(w, st, e, time.Date(2026, 12, 5, 10, 0, 0, 0, saigon), nil)
		if after := describe(st, e); after != before {
			t.Fatalf("changed its arguments:\n%s\n%s", before, after)
		}
		if _, err := json.Marshal(out); err != nil {
			t.Fatal(err)
		}
	})
}

// TestStepOnNothing: no world, no state, no event.
func TestStepOnNothing(t *testing.T) {
	t.Parallel()
	kinds := []campaigns.EventKind{
		campaigns.MessageIn, campaigns.Reported, campaigns.Dispatched, campaigns.TimerDue, campaigns.RunAsk, campaigns.Occurred,
		campaigns.Edit, campaigns.ProviderOptOut, campaigns.ProviderOptIn, campaigns.EraseContact, "nonsense", "",
	}
	for _, k := range kinds {
		out := campaigns.Step(nil, campaigns.State{}, campaigns.Event{Kind: k}, time.Time{}, nil)
		campaigns.Step(&campaigns.World{}, out.State, campaigns.Event{Kind: k}, time.Time{}, nil)
	}
}

func BenchmarkStep(b *testing.B) {
	s := newSim(b, b, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
	ask := campaigns.Event{ID: "e", Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"}
	b.Run("ask", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			campaigns.Step(s.w, p.state, ask, s.now, nil)
		}
	})
	s.step(p, ask)
	in := campaigns.Event{ID: "e", Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: "2"}
	b.Run("answer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			campaigns.Step(s.w, p.state, in, s.now, nil)
		}
	})
	sent := campaigns.Event{ID: "e", Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: "c1.1", Status: "sent", Theirs: []string{"X"}}}
	b.Run("sent", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			campaigns.Step(s.w, p.state, sent, s.now, nil)
		}
	})
}
