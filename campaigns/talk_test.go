package campaigns_test

import (
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// told is what one preference and its evidence are after the messages.
type told struct{ value, text, words string }

func talk(t *testing.T, attribute string, messages ...string) told {
	t.Helper()
	s, p := asked(t, "name=Lan yes")
	for _, m := range messages {
		s.now = s.now.Add(3 * time.Second)
		s.step(p, write(m))
	}
	x := p.state.Contact.Preferences[attribute]
	return told{x.Value.Text, x.Evidence.Text, x.Evidence.Words}
}

// TestEvidenceOfTwoMessages: where it took two messages to say it, both are the evidence.
func TestEvidenceOfTwoMessages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		messages []string
		want     told
	}{
		"asked back, yes":          {[]string{"cong xo nha", "đúng rồi em"}, told{"office", "cong xo nha\nđúng rồi em", "cong xo"}},
		"asked back, 1":            {[]string{"cong xo nha", "1 ạ"}, told{"office", "cong xo nha\n1 ạ", "cong xo"}},
		"asked back, said again":   {[]string{"cong xo nha", "công sở"}, told{"office", "cong xo nha\ncông sở", "cong xo"}},
		"asked back, another":      {[]string{"cong xo nha", "không, thể thao"}, told{"sporty", "không, thể thao", "thể thao"}},
		"asked back, no":           {[]string{"cong xo nha", "không phải"}, told{}},
		"asked back, both at once": {[]string{"cong xo nha", "đúng rồi, thể thao"}, told{}},
		"asked back, a question":   {[]string{"cong xo nha", "đúng không?"}, told{}},
		"in pieces":                {[]string{"em thích", "đồ công sở"}, told{"office", "em thích\nđồ công sở", "công sở"}},
		"in three":                 {[]string{"dạ em", "em thích", "công sở"}, told{"office", "dạ em\nem thích\ncông sở", "công sở"}},
		"ruled out by the first":   {[]string{"không", "thể thao"}, told{}},
	} {
		if got := talk(t, "style", c.messages...); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestWaitingForMoreHasAnEnd: however many pieces come, within twenty seconds of the first somebody answers.
func TestWaitingForMoreHasAnEnd(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	first := s.now
	for range 30 {
		out := s.step(p, write("ờm,"))
		if len(out.Send) > 0 {
			break
		}
		if until := due(p.state, "more"); until.Sub(first) > 20*time.Second {
			t.Fatalf("waits until %v after the first", until.Sub(first))
		}
		s.now = s.now.Add(3 * time.Second)
	}
	if waited := s.now.Sub(first); waited > 21*time.Second || p.state.Conversation.Tries != 1 {
		t.Errorf("answered after %v, try %d", waited, p.state.Conversation.Tries)
	}
}

// TestPiecesThatMakeACommand: an opt-out in two pieces is one.
func TestPiecesThatMakeACommand(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	s.step(p, write("đừng nhắn"))
	s.step(p, write("nữa"))
	if p.state.Contact.Suppressed == nil {
		t.Error("not heard")
	}
}

// TestTheConversationBeforeIsForgotten with the first event after its time.
func TestTheConversationBeforeIsForgotten(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	s.step(p, write("thể thao"))
	if p.state.Ended == nil {
		t.Fatal("not kept")
	}
	s.now = s.now.Add(31 * time.Minute)
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Mai")})
	if p.state.Ended != nil {
		t.Error("kept for ever")
	}
}

// TestAChangeKeepsBoth: the ledger has the old answer and the new one, and why.
func TestAChangeKeepsBoth(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	s.step(p, write("thể thao"))
	out := s.step(p, write("à nhầm, lấy công sở nha"))
	var old, is preferences.Preference
	for _, e := range out.Ledger {
		if e.Kind == preferences.EntryPreference {
			old, _ = e.Detail["old"].(preferences.Preference)
			is, _ = e.Detail["new"].(preferences.Preference)
		}
	}
	if old.Value.Text != "sporty" || is.Value.Text != "office" || is.Evidence.Text != "à nhầm, lấy công sở nha" || len(out.Given) > 0 || len(out.Send) != 1 {
		t.Errorf("%+v, %+v, %+v", old, is, out.Send)
	}
}
