package campaigns_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// TestStandingIsWhatARunDoes: whatever has happened to somebody, what is told of them is what a run then does.
func TestStandingIsWhatARunDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := &crowd{sim: newSim(t, rt, "c1", "c2"), rt: rt, came: map[string]bool{}, twice: map[string]bool{}}
		for i, p := range c.people {
			c.step(p, campaigns.Event{Kind: campaigns.Edit, From: c.home(i), Contact: parseEdit("name=Lan yes zalo=" + fmt.Sprint(i))})
		}
		for range rapid.IntRange(0, 30).Draw(rt, "steps") {
			c.any()
		}
		p := c.people[0]
		if p.state.Contact == nil {
			return
		}
		campaign := rapid.SampledFrom([]string{"autumn", "gift", "club"}).Draw(rt, "which")
		x := c.w.Standing(p.state, campaign, c.now)
		out := c.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: campaign, Run: "the-run"})
		asked := p.state.Conversation != nil && p.state.Conversation.Run == "the-run"
		waits := slices.ContainsFunc(p.state.Waiting, func(w campaigns.Waiting) bool { return w.Run == "the-run" })
		full := reasonOf(out.Ledger) == "too_many_waiting"
		switch {
		case x.Asks != (asked || waits || full):
			rt.Fatalf("told %+v, and came to %+v", x, out.Ledger)
		case asked && (p.state.Conversation.Question != x.Question || p.state.Conversation.Route != x.Account):
			rt.Fatalf("told %+v, and asked %+v", x, p.state.Conversation)
		case asked && len(out.Send) > 0 && !out.Send[len(out.Send)-1].NotBefore.Equal(x.Until) && campaign != "gift":
			rt.Fatalf("told %+v, and sent %+v", x, out.Send)
		case !x.Asks && x.Reason != "not_in_audience" && x.Reason != "merged" && reasonOf(out.Ledger) != x.Reason:
			rt.Fatalf("told %+v, and said %+v", x, out.Ledger)
		}
	})
}

func reasonOf(ledger []preferences.Entry) string {
	for _, e := range ledger {
		if e.Kind == preferences.EntryNotAsked {
			return e.Reason
		}
	}
	return ""
}

func TestStandingSaysUntilWhen(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
	if x := s.w.Standing(p.state, "club", s.now); !x.Asks || x.Reason != "another_question_is_open" || !x.Until.Equal(p.state.Conversation.Expires) {
		t.Errorf("while a question is open: %+v", x)
	}
	s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: "sms", Text: "1"})
	if x := s.w.Standing(p.state, "autumn", s.now); x.Asks || x.Reason != "nothing_to_ask" || !x.Until.Equal(s.now.Add(180*24*time.Hour)) || x.Detail["style"] != "fresh" {
		t.Errorf("once it is answered: %+v", x)
	}
	s.now = time.Date(2026, 12, 5, 23, 0, 0, 0, saigon)
	if x := s.w.Standing(p.state, "club", s.now); !x.Asks || x.Reason != "quiet_hours" || !x.Until.Equal(s.w.Pack.Allowed(p.state.Contact, s.now)) {
		t.Errorf("at night: %+v", x)
	}
	if x := s.w.Standing(p.state, "nothing", s.now); x.Asks || x.Reason != "campaign_gone" {
		t.Errorf("of no campaign: %+v", x)
	}
}
