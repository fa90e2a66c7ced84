package campaigns_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
)

// TestErasedOnTheWay: what a run still counted as on its way to somebody who is erased becomes excluded, and the sender's
// later word on it changes nothing.
func TestErasedOnTheWay(t *testing.T) {
	t.Parallel()
	s, p := toAsk(t, "yes")
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "gift", Run: "r2"})
	s.step(p, campaigns.Event{Kind: campaigns.EraseContact})
	late := campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{
		Message: "c1.1", Status: "sent", Run: "r1", First: true, Was: "queued",
	}}
	s.step(p, late)
	s.now = s.now.Add(time.Minute)
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("yes")}) // imported again
	s.step(p, late)
	for _, run := range []string{"r1", "r2"} {
		if c := s.counts[run]; c[campaigns.CountExcluded] != 1 || c[campaigns.CountSent] != 0 || c[campaigns.CountOptedOut] != 0 {
			t.Errorf("%s: %v", run, c)
		}
	}
	if p.state.Contact.Suppressed == nil {
		t.Error("an import brought them back")
	}
}

// TestTooManyWait: the list of runs that wait has an end, and whoever finds it full is counted and told of.
func TestTooManyWait(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	for i := range 12 {
		s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "gift", Run: fmt.Sprint("g", i)})
	}
	if len(p.state.Waiting) != 8 || s.counts["g7"][campaigns.CountHeld] != 1 || s.counts["g8"][campaigns.CountExcluded] != 1 {
		t.Errorf("%v %v", p.state.Waiting, s.counts)
	}
	// One after the other gets its turn; those who have waited for over a week do not.
	for range 8 {
		s.ring(p, "expire")
		s.sendAll(p)
	}
	if s.counts["g0"][campaigns.CountSent] != 1 || s.counts["g7"][campaigns.CountExcluded] != 1 || len(p.state.Waiting) != 0 {
		t.Errorf("%v %v", p.state.Waiting, s.counts)
	}
}

// TestAReceiptTellsTheProvidersID: who looks at the provider for a message with the same text must know which one this is.
func TestAReceiptTellsTheProvidersID(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"queued", "sent", "delivered"} {
		s, p := toAsk(t, "name=Lan yes")
		s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c1.1", Theirs: "SM7", Status: status}})
		if got := p.state.Messages[0].Theirs; !slices.Equal(got, []string{"SM7"}) {
			t.Errorf("%s: %v", status, got)
		}
	}
}

// TestReminders keep quiet hours, do not overtake their question, and come once.
func TestReminders(t *testing.T) {
	t.Parallel()
	s, p := toAsk(t, "yes")
	s.ring(p, "remind") // the question has not left yet
	if p.state.Conversation.Reminded {
		t.Error("the reminder overtook its question")
	}
	s.now = time.Date(2026, 12, 6, 21, 0, 0, 0, saigon)
	s.sendAll(p)
	s.now = time.Date(2026, 12, 7, 22, 0, 0, 0, saigon)
	out := s.step(p, campaigns.Event{Kind: campaigns.TimerDue})
	if morning := time.Date(2026, 12, 8, 7, 0, 0, 0, saigon); len(out.Send) > 0 || !due(p.state, "remind").Equal(morning) {
		t.Errorf("at night: %+v", out)
	}
	s.ring(p, "remind")
	s.sendAll(p)
	s.step(p, campaigns.Event{Kind: campaigns.TimerDue})
	s.sendAll(p)
	if len(p.sent) != 2 || p.sent[1].Class != campaigns.ClassAd {
		t.Errorf("%d messages", len(p.sent))
	}
}

// TestAFirstQuestionIsRemembered until it has left, however much is said meanwhile.
func TestAFirstQuestionIsRemembered(t *testing.T) {
	t.Parallel()
	s, p := toAsk(t, "yes")
	for i := range 30 {
		s.now = s.now.Add(9 * time.Hour)
		s.step(p, write([]string{"HELP", "DATA"}[i%2]))
	}
	if len(p.state.Messages) != campaigns.KeepMessages || p.state.Messages[0].ID != "c1.1" {
		t.Errorf("%+v", p.state.Messages)
	}
}

// TestADelayedRunMeetsAnOpenQuestion: it waits in line, and no timer rings for ever.
func TestADelayedRunMeetsAnOpenQuestion(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("yes")})
	s.step(p, campaigns.Event{Kind: campaigns.Occurred, From: lan, Type: "order.returned", Data: map[string]any{"sku": "A1"}})
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
	s.ring(p, "start")
	run := "returned@2026-12-05"
	if at := due(p.state, "start"); !at.IsZero() || s.counts[run][campaigns.CountHeld] != 1 {
		t.Errorf("%v %v", p.state.Waiting, s.counts)
	}
	s.step(p, write("1"))
	if c := p.state.Conversation; c == nil || c.Run != run || c.Event["sku"] != "A1" {
		t.Errorf("%+v", c)
	}
}

// TestAnOldConsentIsNoWithdrawal: naming a purpose in an edit ends nothing by itself.
func TestAnOldConsentIsNoWithdrawal(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	d := parseEdit("no")
	d.Consents[0].At = s.now.Add(-24 * time.Hour) // before the yes
	if out := s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: d}); out.Withdraw || p.state.Conversation == nil {
		t.Errorf("%+v", out)
	}
	if out := s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("no")}); !out.Withdraw || p.state.Conversation != nil {
		t.Errorf("%+v", out)
	}
}

// TestATapOfNobody: who was erased stays so, whatever is tapped in the messages that they still have.
func TestATapOfNobody(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	out := campaigns.Step(s.w, campaigns.State{ID: "c1"}, campaigns.Event{ID: "e1", Kind: campaigns.MessageIn, Account: "zalo", Text: "2", Payload: "2"}, s.now, nil)
	if out.State.Contact != nil || len(out.Send) > 0 || len(out.Ledger) > 0 {
		t.Errorf("%+v", out)
	}
}
