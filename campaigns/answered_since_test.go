package campaigns_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// overnight is somebody whose first question waits for the morning, and who was asked for their style days before.
func overnight(t *testing.T) (*sim, *person) {
	t.Helper()
	s, p := asked(t, "name=Lan yes")
	s.ring(p, "expire")
	s.now = time.Date(2026, 12, 8, 23, 0, 0, 0, saigon)
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r2"})
	return s, p
}

// TestTheNextQuestionTakesItsPlace: the run has one first question for this contact, in its counts and in its results.
func TestTheNextQuestionTakesItsPlace(t *testing.T) {
	t.Parallel()
	s, p := overnight(t)
	before := p.queue[0].ID
	out := s.step(p, write("công sở"))
	if !slices.Contains(out.TakeBack, before) || p.state.Conversation.Question != "budget" || len(p.state.Ads) != 1 {
		t.Fatalf("%+v %+v", out.TakeBack, p.state.Ads)
	}
	walk := campaigns.Walks(p.ledger, "autumn")[1]
	if walk.Status != "held" || walk.Excluded() || len(walk.Asks) != 1 || walk.Asks[0].Question != "budget" || walk.Reason != "quiet_hours" {
		t.Errorf("%+v", walk)
	}
	s.now = time.Date(2026, 12, 9, 7, 0, 0, 0, saigon)
	s.sendAll(p)
	if walk = campaigns.Walks(p.ledger, "autumn")[1]; !walk.Sent() || s.counts["r2"][campaigns.CountSent] != 1 || s.counts["r2"][campaigns.CountAsked] != 1 {
		t.Errorf("%+v %v", walk, s.counts["r2"])
	}
	for _, o := range p.sent {
		if o.Run == "r2" && o.Question == "style" {
			t.Error("it was asked all the same")
		}
	}
}

// TestNothingIsLeftToAsk: the run leaves them out, with the reason that it would have had.
func TestNothingIsLeftToAsk(t *testing.T) {
	t.Parallel()
	s, p := overnight(t)
	s.step(p, write("thể thao"))
	walk := campaigns.Walks(p.ledger, "autumn")[1]
	if p.state.Conversation != nil || !walk.Excluded() || walk.Reason != "nothing_to_ask" || s.counts["r2"][campaigns.CountExcluded] != 1 || len(p.state.Ads) != 0 {
		t.Errorf("%+v %v %+v", walk, s.counts["r2"], p.state.Ads)
	}
}

// TestTheyWouldRatherNotSay: what was declined elsewhere is not asked either.
func TestTheyWouldRatherNotSay(t *testing.T) {
	t.Parallel()
	s, p := overnight(t)
	p.state.Contact.Declined = map[string]time.Time{"style": s.now}
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("fact.city=Huế")}) // anything of theirs that changes
	if last := p.ledger[len(p.ledger)-1]; p.state.Conversation != nil || last.Reason != "declined_before" {
		t.Errorf("%+v", last)
	}
}

// TestAnImportIsNoAnswer: as for a run, what somebody else says never stands in for the customer's word.
func TestAnImportIsNoAnswer(t *testing.T) {
	t.Parallel()
	s, p := overnight(t)
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("claim=imported")})
	if c := p.state.Conversation; c == nil || c.Question != "style" {
		t.Errorf("%+v", c)
	}
}

// TestAnsweredWhileAPersonTalks: the gateway begins nothing then; once the person is done the question is judged.
func TestAnsweredWhileAPersonTalks(t *testing.T) {
	t.Parallel()
	s, p := overnight(t)
	s.step(p, campaigns.Event{Kind: campaigns.TakenOver, Act: &campaigns.Act{By: "Hoa"}})
	style := likes("office", preferences.Declared, s.now)
	p.state.Contact.Preferences["style"] = style
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("fact.city=Huế")})
	if p.state.Conversation.Question != "style" {
		t.Fatal("it went on beside the person")
	}
	s.step(p, campaigns.Event{Kind: campaigns.HandedBack, Act: &campaigns.Act{By: "Hoa"}})
	if p.state.Conversation.Question != "budget" {
		t.Errorf("%+v", p.state.Conversation)
	}
}

// TestWhatIsAnsweredIsNotReminded: neither where the reminder is due, nor where it waits in the queue.
func TestWhatIsAnsweredIsNotReminded(t *testing.T) {
	t.Parallel()
	for _, queued := range []bool{false, true} {
		s, p := asked(t, "name=Lan yes")
		if queued {
			s.ring(p, "remind")
		}
		p.state.Contact.Preferences["style"] = likes("office", preferences.Declared, s.now)
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("fact.city=Huế")})
		if !queued {
			s.ring(p, "remind")
		}
		s.sendAll(p)
		if last := p.ledger[len(p.ledger)-1]; len(p.sent) != 1 || last.Kind != preferences.EntryNotSent || last.Reason != "answered_since" {
			t.Errorf("queued %v: %d were sent, and %+v", queued, len(p.sent), last)
		}
	}
}
