package campaigns_test

import (
	"testing"

	"github.com/hoidap/hoidap/campaigns"
)

// TestATextInPartsHasArrivedWhenAllHave: and that one of them has not is told at once. Receipts come in any order, twice,
// and before the sender has said how many parts there are.
func TestATextInPartsHasArrivedWhenAllHave(t *testing.T) {
	t.Parallel()
	told := func(theirs, status string) campaigns.Event {
		return campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: theirs, Status: status}}
	}
	ours := func(part int, status string) campaigns.Event {
		return campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c1.1", Part: part, Status: status}}
	}
	sent := func(status string, theirs ...string) campaigns.Event {
		return campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: "c1.1", Status: status, Theirs: theirs}}
	}
	both := sent("sent", "A", "B")
	for name, c := range map[string]struct {
		events []campaigns.Event
		want   string
	}{
		"one text":                     {[]campaigns.Event{sent("sent", "A"), told("A", "delivered")}, "delivered"},
		"one text, by our id":          {[]campaigns.Event{sent("sent", "A"), ours(0, "delivered")}, "delivered"},
		"one text, told before":        {[]campaigns.Event{ours(0, "delivered"), sent("sent", "A")}, "delivered"},
		"one of two":                   {[]campaigns.Event{both, told("A", "delivered")}, "sent"},
		"one of two, twice":            {[]campaigns.Event{both, told("B", "delivered"), told("B", "delivered")}, "sent"},
		"both":                         {[]campaigns.Event{both, told("B", "delivered"), told("A", "delivered")}, "delivered"},
		"both, told before":            {[]campaigns.Event{told("A", "delivered"), told("B", "delivered"), both}, "delivered"},
		"one told before":              {[]campaigns.Event{told("A", "sent"), told("A", "delivered"), both}, "sent"},
		"the first told before, by us": {[]campaigns.Event{{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c1.1", Theirs: "A", Status: "delivered"}}, both}, "sent"},
		"one was read":                 {[]campaigns.Event{both, told("B", "read")}, "sent"},
		"both, one was read":           {[]campaigns.Event{both, told("A", "delivered"), told("B", "read")}, "read"},
		"one arrived, one not":         {[]campaigns.Event{both, told("A", "delivered"), told("B", "undelivered")}, "undelivered"},
		"one not, one arrived":         {[]campaigns.Event{both, told("B", "failed"), told("A", "delivered")}, "failed"},
		"one not at first":             {[]campaigns.Event{both, told("B", "failed"), told("A", "delivered"), told("B", "delivered")}, "delivered"},
		"ids of our making":            {[]campaigns.Event{sent("sent", "c1.1", "c1.1.2"), ours(2, "delivered"), ours(0, "delivered")}, "delivered"},
		"ids of our making, one":       {[]campaigns.Event{sent("sent", "c1.1", "c1.1.2"), ours(2, "delivered")}, "sent"},
		"given up in the middle":       {[]campaigns.Event{sent("failed", "A"), told("A", "delivered")}, "failed"},
		"given up, told before":        {[]campaigns.Event{told("A", "delivered"), sent("failed", "A")}, "failed"},
		"given up whole, arrived":      {[]campaigns.Event{ours(0, "delivered"), sent("failed")}, "delivered"},
	} {
		s, p := toAsk(t, "name=Lan yes")
		for _, e := range c.events {
			s.step(p, e)
		}
		if got := p.state.Messages[0].Status; got != c.want {
			t.Errorf("%s: %s, not %s: %+v", name, got, c.want, p.state.Messages)
		}
		if n := s.counts["r1"][campaigns.CountDelivered]; (n == 1) != (c.want == "delivered" || c.want == "read") {
			t.Errorf("%s: delivered counts %d", name, n)
		}
	}
}

// TestTheRestOfATextIsSentLater: what had arrived before is not waited for again.
func TestTheRestOfATextIsSentLater(t *testing.T) {
	t.Parallel()
	s, p := givenUp(t)
	s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: "c1.1", Status: "failed", Theirs: []string{"A", "B"}}})
	s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: "A", Status: "delivered"}})
	s.replay(p)
	s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: "c1.1", Status: "sent", Theirs: []string{"A", "B", "C"}}})
	s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: "C", Status: "delivered"}})
	if m := (&p.state.Messages[0]); m.Status != "sent" {
		t.Errorf("%+v", m)
	}
	s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: "B", Status: "delivered"}})
	if m := (&p.state.Messages[0]); m.Status != "delivered" || len(m.Awaited) != 0 {
		t.Errorf("%+v", m)
	}
}
