package campaigns_test

import (
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// givenUp is a simulation in which the first question was given up.
func givenUp(t *testing.T) (*sim, *person) {
	s, p := toAsk(t, "name=Lan yes")
	s.send(p, "failed")
	if len(p.dead) != 1 || p.state.Conversation != nil || s.counts["r1"][campaigns.CountFailed] != 1 {
		t.Fatalf("%+v, counts %v", p.state, s.counts["r1"])
	}
	return s, p
}

// TestReplayed: a question that was given up is asked after all, as if it had never failed.
func TestReplayed(t *testing.T) {
	t.Parallel()
	s, p := givenUp(t)
	p.dead[0].Attempt, p.dead[0].Parts, p.dead[0].Taken = 7, 1, []string{"SM1"}
	s.now = s.now.Add(3 * time.Hour)
	out := s.replay(p)
	if len(out.Send) != 1 {
		t.Fatalf("%+v", out.Ledger)
	}
	o := out.Send[0]
	if o.Attempt != 0 || o.Replays != 1 || o.Parts != 1 || len(o.Taken) != 1 || o.ID != "c1.1" || o.Held || !o.Queued.Equal(s.now) {
		t.Errorf("%+v", o)
	}
	if c := s.counts["r1"]; c[campaigns.CountFailed] != 0 || c[campaigns.CountQueued] != 1 || c[campaigns.CountAsked] != 1 {
		t.Errorf("%v", c)
	}
	last := out.Ledger[len(out.Ledger)-1]
	if last.Kind != preferences.EntryQueued || last.Reason != "replayed" || last.Message != "c1.1" || last.Text == "" {
		t.Errorf("%+v", last)
	}
	conv := p.state.Conversation
	if conv == nil || conv.Question != "style" || conv.Run != "r1" || !o.Expires.Equal(conv.Expires) || !conv.Expires.After(s.now) {
		t.Fatalf("%+v", conv)
	}
	s.sendAll(p)
	s.step(p, write("2"))
	if got := p.state.Contact.Preferences["style"].Value.Text; got != "office" {
		t.Errorf("the answer was read as %q", got)
	}
}

// In quiet hours it waits for their end.
func TestReplayedAtNight(t *testing.T) {
	t.Parallel()
	s, p := givenUp(t)
	s.now = time.Date(2026, 12, 5, 23, 30, 0, 0, saigon)
	o := s.replay(p).Send[0]
	if !o.Held || !o.NotBefore.After(s.now) || s.counts["r1"][campaigns.CountHeld] != 1 || s.counts["r1"][campaigns.CountFailed] != 0 {
		t.Errorf("%+v %v", o, s.counts["r1"])
	}
	s.now = o.NotBefore
	s.sendAll(p)
	if len(p.sent) != 1 || s.counts["r1"][campaigns.CountSent] != 1 {
		t.Errorf("%v", s.counts["r1"])
	}
}

// TestNotReplayed: what may not or need not be sent any more is not, and the ledger says why.
func TestNotReplayed(t *testing.T) {
	t.Parallel()
	for reason, prepare := range map[string]func(s *sim, p *person){
		"opted_out":  func(s *sim, p *person) { s.step(p, write("TC")) },
		"no_consent": func(s *sim, p *person) { s.edit(p, "no") },
		"expired":    func(s *sim, _ *person) { s.now = s.now.Add(30 * 24 * time.Hour) },
		"already_sent": func(s *sim, p *person) {
			s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c1.1", Status: "delivered"}})
		},
		"no_route":     func(s *sim, _ *person) { s.w.Routes = nil },
		"address_gone": func(_ *sim, p *person) { p.dead[0].To.ID = "+84987654321" },
		"another_question_is_open": func(s *sim, p *person) {
			s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "gift", Run: "r2"})
		},
		"nothing_to_ask": func(s *sim, p *person) {
			p.state.Contact.Declined = map[string]time.Time{"style": s.now}
		},
		"conversation_over": func(s *sim, _ *person) { delete(s.w.Campaigns, "autumn") },
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s, p := givenUp(t)
			prepare(s, p)
			before := s.counts["r1"][campaigns.CountFailed]
			out := s.replay(p)
			if len(out.Send) > 0 || len(out.Ledger) != 1 || out.Ledger[0].Kind != preferences.EntryNotSent || out.Ledger[0].Reason != reason {
				t.Errorf("%+v %+v", out.Send, out.Ledger)
			}
			if s.counts["r1"][campaigns.CountFailed] != before {
				t.Errorf("%v", s.counts["r1"])
			}
		})
	}
}

// A letter of somebody else's, or of nobody's, does nothing.
func TestReplayedToNobody(t *testing.T) {
	t.Parallel()
	s, p := givenUp(t)
	o := p.dead[0]
	o.Contact = "c2"
	for _, e := range []campaigns.Event{{Kind: campaigns.Replayed}, {Kind: campaigns.Replayed, Resend: &o}} {
		if out := s.step(p, e); len(out.Send)+len(out.Ledger)+len(out.Counts) > 0 {
			t.Errorf("%+v", out)
		}
	}
	s.step(p, campaigns.Event{Kind: campaigns.EraseContact})
	if out := s.replay(p); len(out.Send)+len(out.Ledger)+len(out.Counts) > 0 {
		t.Errorf("%+v", out)
	}
	s.edit(p, "name=Lan yes") // back, in another life
	p.dead = append(p.dead, o)
	p.dead[0].Contact = "c1"
	if out := s.replay(p); len(out.Send) > 0 || len(out.Counts) > 0 {
		t.Errorf("%+v", out)
	}
}

func (s *sim) edit(p *person, text string) {
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit(text)})
}

// Who has answered before it was known that the question was given up is not asked again.
func TestReplayedAfterAnAnswer(t *testing.T) {
	t.Parallel()
	s, p := toAsk(t, "name=Lan yes")
	o := p.queue[0]
	s.step(p, write("1")) // it had arrived
	s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: o.ID, Status: "failed", Reason: "gave_up_transient", Run: o.Run, First: true, Was: "queued"}})
	p.dead = append(p.dead, o)
	s.now = s.now.Add(time.Hour)
	if out := s.replay(p); len(out.Send) > 0 || out.Ledger[0].Reason != "answered_since" {
		t.Errorf("%+v", out)
	}
}
