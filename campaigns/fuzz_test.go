package campaigns_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
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
		{Kind: campaigns.TimerDue},
		{Kind: campaigns.Occurred, From: lan, Type: "order.returned"},
		{Kind: campaigns.ProviderOptOut, From: lan},
		{Kind: campaigns.ProviderOptIn, From: lan},
		{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: "shop ơi"},
		{Kind: campaigns.TakenOver, Act: &campaigns.Act{By: "Hoa"}},
		{Kind: campaigns.Said, Act: &campaigns.Act{By: "Hoa", Text: "Dạ", Item: &campaigns.InboxItem{ID: "e12", Account: "sms"}}},
		{Kind: campaigns.HandedBack, Act: &campaigns.Act{By: "Hoa"}},
		{Kind: campaigns.Settled, Act: &campaigns.Act{By: "Hoa", Declined: true, Item: &campaigns.InboxItem{ID: "e12"}}},
		{Kind: campaigns.ItemDone},
		{Kind: campaigns.TakenAway, Attribute: "style"},
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
		campaigns.Edit, campaigns.ProviderOptOut, campaigns.ProviderOptIn, campaigns.EraseContact, campaigns.TakenAway, campaigns.CopyTaken, "nonsense", "",
	}
	for _, k := range kinds {
		out := campaigns.Step(nil, campaigns.State{}, campaigns.Event{Kind: k}, time.Time{}, nil)
		campaigns.Step(&campaigns.World{}, out.State, campaigns.Event{Kind: k}, time.Time{}, nil)
	}
}

// BenchmarkStep is what engines do all day, with a contact who has been with us for a while.
func BenchmarkStep(b *testing.B) {
	s := newSim(b, b, "c1")
	for _, c := range s.w.Campaigns {
		for i := range c.Questions {
			c.Questions[i].Compile() // as whoever loads campaigns does
		}
	}
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
	known(p)
	claimed := map[string]campaigns.Claimed{"r1:c1:office-20": {OK: true, Code: "AAA"}, "r1:c1:advice": {OK: true}}
	step := func(name string, e campaigns.Event) {
		e.ID = "e"
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				campaigns.Step(s.w, p.state, e, s.now, claimed)
			}
		})
	}
	ask := campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"}
	step("ask", ask)
	s.step(p, ask)
	step("sent", campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: p.queue[0].ID, Status: "sent", Theirs: []string{"X"}}})
	s.sendAll(p)
	step("answer", write("dạ em thích đồ công sở ạ"))
	step("stop", write("thôi đừng nhắn nữa nhé"))
	s.step(p, write("2"))
	step("last answer", write("khoảng 500k tới 700k em ạ"))
	step("unclear", write("để chị hỏi lại chồng đã nhé"))
}

// known fills a state as half a year of campaigns does.
func known(p *person) {
	for i, a := range []string{"size", "colour", "evening", "brand", "shoes"} {
		q := preferences.Preference{Attribute: a, Kind: preferences.Choice, Value: preferences.Value{Kind: preferences.Choice, Text: "x"}, Class: preferences.Declared,
			Confidence: 1, Evidence: preferences.Evidence{Text: "x", Words: "x", Rule: "option-label", MessageID: "SM1", Channel: "sms", Account: "sms", Campaign: "old", Run: "r0", Question: a}}
		p.state.Contact.Preferences[a] = q
		p.state.Seq++
		p.state.Messages = append(p.state.Messages, campaigns.Message{ID: fmt.Sprintf("c1.%d", p.state.Seq), Class: "ad", Run: "r0", Campaign: "old", Question: a, First: i == 0,
			Theirs: []string{fmt.Sprintf("SM%032d", i)}, Status: "delivered"})
	}
	p.state.Contact.Facts = map[string]any{"city": "Huế", "orders": 3.0, "spent": 1250000.0, "tier": "silver", "store": "Hue-02"}
}
