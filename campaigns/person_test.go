package campaigns_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/address"
)

// Where the provider lets nobody write, one of the brand's people cannot either, and is told so.
func TestAPersonWritesWithinTheWindowOnly(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	s.w.Routes = []campaigns.Route{{Account: "wa", Channel: address.WhatsApp, Inbound: true, Window: 24 * time.Hour}}
	p := s.people[0]
	from := address.Address{Scheme: address.Tel, ID: "+84901234567"}
	s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: from, Account: "wa", Channel: address.WhatsApp, Text: "còn size M không shop?", MessageID: "W1"})
	item := p.inbox[0]
	say := campaigns.Event{Kind: campaigns.Said, Act: &campaigns.Act{By: "Hoa", Item: &item, Text: "Dạ còn ạ"}}
	s.now = s.now.Add(23 * time.Hour)
	if out := s.step(p, say); out.Result.Refused != "" || len(out.Send) != 1 || out.Send[0].Account != "wa" || out.Send[0].Class != campaigns.ClassReply {
		t.Fatalf("within the window: %+v", out.Result)
	}
	s.now = s.now.Add(2 * time.Hour)
	if out := s.step(p, say); out.Result.Refused != campaigns.RefusedWindow || len(out.Send) != 0 {
		t.Fatalf("after it: %+v", out.Result)
	}
	for _, text := range []string{"", " \n", "\x00\x1b", string(make([]rune, 2001))} {
		say.Act.Text = text
		if out := s.step(p, say); out.Result.Refused != campaigns.RefusedText {
			t.Errorf("%q: %+v", text, out.Result)
		}
	}
}

// The way that they wrote goes before the way that we talk.
func TestAPersonAnswersWhereTheyWrote(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes zalo=77")})
	s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: address.Address{Scheme: "zalo", ID: "77"}, Account: "zalo", Channel: address.Zalo, Text: "shop ơi"})
	s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: "shop ơi"})
	for _, i := range slices.Clone(p.inbox) {
		item := i
		out := s.step(p, campaigns.Event{Kind: campaigns.Said, Act: &campaigns.Act{By: "Hoa", Item: &item, Text: "Dạ \x1b[31mem nghe"}})
		if len(out.Send) != 1 || out.Send[0].Account != item.Account || out.Send[0].Text != "Dạ [31mem nghe" {
			t.Errorf("to what came by %s: %+v", item.Account, out.Send)
		}
	}
}

// Who asks something while a person looks at what they asked before is told once; who asks anew once that is dealt with is
// told again.
func TestWhoAsksAnewIsNotMetWithSilence(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
	told := func(text string, want bool) {
		t.Helper()
		s.now = s.now.Add(time.Minute)
		if out := s.step(p, write(text)); (len(out.Send) == 1) != want || len(out.Inbox) != 1 {
			t.Fatalf("%q: %+v, inbox %+v", text, out.Send, out.Inbox)
		}
	}
	done := func() {
		for _, i := range slices.Clone(p.inbox) {
			s.step(p, campaigns.Event{Kind: campaigns.ItemDone, Act: &campaigns.Act{By: "Hoa", Item: &i}})
		}
	}
	told("shop mo cua may gio vay", true)
	told("alo shop", false)
	done()
	told("con size M khong", true)
	told("alo", false)
	done()
	told("ship ve Hue bao nhieu tien", true)
	done()
	told("bao gio co hang", false) // a person may write so often; so may a machine
}
