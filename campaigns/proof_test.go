package campaigns_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// mai is somebody's number that Lan, whom we know in a chat, says is hers.
var mai = address.Address{Scheme: "tel", ID: "+84912345678"}

// codeFor is such that "250000" is the code of "right amount", and no other of the tests' amounts is any code.
func codeFor(proof string) string {
	if proof == "right amount" {
		return "250000"
	}
	return codeOf(proof)
}

// claimed is Lan, who is known by her phone, and whose second number is to be proved.
func claimed(t *testing.T, id string, change ...func(*sim)) (*sim, *person, campaigns.Outcome) {
	t.Helper()
	s := newSim(t, t, "c1")
	s.w.Code = codeFor
	for _, c := range change {
		c(s)
	}
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
	return s, p, s.proving(p, id, "")
}

func (s *sim) proving(p *person, id, by string) campaigns.Outcome {
	return s.step(p, campaigns.Event{Kind: campaigns.Prove, Proof: &campaigns.Proof{ID: id, Also: mai, By: by}})
}

func reasons(p *person, kind preferences.EntryKind) (all []string) {
	for _, e := range p.ledger {
		if e.Kind == kind {
			all = append(all, e.Reason)
		}
	}
	return all
}

// TestTheCodeAsTyped, on the address that Lan is known by.
func TestTheCodeAsTyped(t *testing.T) {
	t.Parallel()
	code := codeOf("p1")
	for typed, want := range map[string]struct{ proved, tried bool }{
		code:                         {proved: true},
		" " + code + "\n":            {proved: true},
		code[:3] + " " + code[3:]:    {proved: true},
		code[:3] + "." + code[3:]:    {proved: true},
		code + ".":                   {proved: true},
		"mã là " + code:              {},
		code + "0":                   {},
		code[1:]:                     {},
		code + " ạ":                  {},
		"000001":                     {tried: true},
		"250.000":                    {tried: true},
		"STOP":                       {},
		"":                           {},
		"１２３４５６":                     {},
		strings.Repeat("0", 100_000): {},
	} {
		s, p, out := claimed(t, "p1")
		if m := out.Send[0]; m.To != mai || m.Account != "brandname" || m.Class != "control" || !m.Expires.Equal(s.now.Add(10*time.Minute)) {
			t.Fatalf("%+v", m)
		}
		s.step(p, write(typed))
		s.post.deliverAll()
		s.post.atRest()
		if has := slices.Contains(p.state.Contact.Addresses, mai); has != want.proved || len(reasons(p, "contact.link_tried")) > 0 != want.tried {
			t.Errorf("%q: %+v, %v", typed, p.state.Contact.Addresses, p.ledger)
		}
		if want.proved && (p.state.Proof != nil || !slices.Equal(reasons(p, "contact.linked"), []string{"proved", "added"})) {
			t.Errorf("%q: %+v %v", typed, p.state.Proof, p.ledger)
		}
		kept, _ := json.Marshal([]any{p.state, p.ledger, p.queue, p.inbox})
		if want.proved && (strings.Contains(string(kept), code) || strings.Contains(string(kept), code[:3]+" "+code[3:])) {
			t.Errorf("%q: the code is kept: %s", typed, kept)
		}
	}
}

// TestWhatIsSaid, in both languages: to the new address, and to where Lan is known.
func TestWhatIsSaidOfAProof(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string][3]string{
		"vi": {"Lụa: 250000 là mã xác nhận của mình, dùng trong 10 phút.", "Dạ mã chưa đúng, mình xem lại giúp bên em nhé. Mình còn 4 lần thử ạ.", "Lụa: Dạ bên em đã xác nhận +8491***678 cũng là của mình ạ."},
		"en": {"Lụa: 250000 is your code, good for 10 minutes.", "Sorry, that is not the code. Tries left: 4.", "Lụa: We have confirmed that +8491***678 is yours, too."},
	} {
		s, p, _ := claimed(t, "")
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("locale=" + locale)})
		texts := []string{s.w.Fill(s.proving(p, "right amount", "").Send[0]).Text}
		for _, typed := range []string{"250001", "250000"} {
			for _, o := range s.step(p, write(typed)).Send {
				if o.To != lan {
					t.Errorf("%+v", o)
				}
				texts = append(texts, o.Text)
			}
		}
		if len(texts) != 3 {
			t.Fatalf("%q", texts)
		}
		for i := range want {
			if !strings.HasPrefix(texts[i], want[i]) {
				t.Errorf("%q, want %q", texts[i], want[i])
			}
		}
	}
}

// TestAnAmountIsAnAnswer, also while a code is waited for, unless it is the code.
func TestAnAmountIsAnAnswer(t *testing.T) {
	t.Parallel()
	for proof, want := range map[string]struct{ answered, proved bool }{"right amount": {false, true}, "another": {true, false}} {
		s, p := asked(t, "name=Lan yes")
		s.w.Code = codeFor
		s.step(p, write("công sở")) // now the budget is asked
		s.sendAll(p)
		s.proving(p, proof, "")
		s.step(p, write("250000"))
		_, answered := p.state.Contact.Preferences["budget"]
		if proved := len(reasons(p, "contact.linked")) > 0; answered != want.answered || proved != want.proved {
			t.Errorf("%s: answered %v, proved %v", proof, answered, proved)
		}
		if want.proved && (p.state.Conversation == nil || p.state.Conversation.Tries != 0) {
			t.Errorf("the question waits on: %+v", p.state.Conversation)
		}
	}
}

// TestFiveTries, and the code is worth nothing.
func TestFiveTries(t *testing.T) {
	t.Parallel()
	s, p, _ := claimed(t, "p1")
	for i := range 5 {
		out := s.step(p, write(fmt.Sprint("00000", i)))
		if len(out.Send) != 1 || (p.state.Proof == nil) != (i == 4) {
			t.Fatalf("try %d: %+v, %+v", i, p.state.Proof, out.Send)
		}
	}
	s.step(p, write(codeOf("p1")))
	s.post.deliverAll()
	if len(p.state.Contact.Addresses) != 1 || !slices.Equal(reasons(p, "contact.not_linked"), []string{"too_many_tries"}) {
		t.Errorf("%+v", p.ledger)
	}
}

// TestACodeIsOver after ten minutes, also where nobody has rung yet.
func TestACodeIsOver(t *testing.T) {
	t.Parallel()
	for _, rings := range []bool{true, false} {
		s, p, _ := claimed(t, "p1")
		if rings {
			s.ring(p, "")
		} else {
			s.now = s.now.Add(10 * time.Minute)
		}
		s.step(p, write(codeOf("p1")))
		if !rings {
			s.ring(p, "")
		}
		if len(p.state.Contact.Addresses) != 1 || p.state.Proof != nil || !slices.Equal(reasons(p, "contact.not_linked"), []string{"expired"}) {
			t.Errorf("%+v", p.ledger)
		}
	}
}

// TestOneAtATimeAndThreeAnHour: the marketer is told why not, and when.
func TestOneAtATimeAndThreeAnHour(t *testing.T) {
	t.Parallel()
	s, p, _ := claimed(t, "p0")
	began := s.now
	for i := 1; ; i++ {
		id := fmt.Sprint("p", i)
		why, until := s.w.WhyNotProve(p.state, campaigns.Proof{ID: id, Also: mai}, s.now)
		if out := s.proving(p, id, ""); !strings.Contains(out.Result.Problem, "under way") || out.Result.Problem != why || !until.Equal(p.state.Proof.Expires) {
			t.Fatalf("%d: %+v, %v", i, out.Result, until)
		}
		s.ring(p, "")
		why, until = s.w.WhyNotProve(p.state, campaigns.Proof{ID: id, Also: mai}, s.now)
		out := s.proving(p, id, "")
		if i == 3 {
			if !strings.Contains(out.Result.Problem, "within an hour") || out.Result.Problem != why || !until.Equal(began.Add(time.Hour)) {
				t.Errorf("%+v, %v", out.Result, until)
			}
			break
		}
		if out.Result.Problem != "" {
			t.Fatalf("%d: %s", i, out.Result.Problem)
		}
	}
	s.now = began.Add(time.Hour)
	if out := s.proving(p, "later", ""); out.Result.Problem != "" {
		t.Error(out.Result.Problem)
	}
}

// TestTheWayOfAProof: by the first account that may write to a stranger; by link where the new address, or the known one,
// cannot answer.
func TestTheWayOfAProof(t *testing.T) {
	t.Parallel()
	page := func(message string) string { return "https://x.example/l/" + message }
	two := campaigns.Route{Account: "sms", Channel: address.SMS, Inbound: true}
	for name, c := range map[string]struct {
		routes  []campaigns.Route
		by      string
		link    bool
		want    string
		problem string
	}{
		"both ways":                   {[]campaigns.Route{two}, "", true, "code", ""},
		"both ways, by link":          {[]campaigns.Route{two}, "link", true, "link", ""},
		"one way":                     {[]campaigns.Route{oneWay, two}, "", true, "link", ""},
		"one way, by code":            {[]campaigns.Route{oneWay, two}, "code", true, "code", ""},
		"one way, no public address":  {[]campaigns.Route{oneWay, two}, "", false, "code", ""},
		"by link, no public address":  {[]campaigns.Route{two}, "link", false, "", "public_url"},
		"nobody can answer":           {[]campaigns.Route{oneWay}, "", true, "link", ""},
		"nobody can answer, by code":  {[]campaigns.Route{oneWay}, "code", true, "", "prove it by a link"},
		"nobody can answer or open":   {[]campaigns.Route{oneWay}, "", false, "", "public_url"},
		"no account":                  {nil, "", true, "", "no account reaches"},
		"an account of another class": {[]campaigns.Route{{Account: "sms", Channel: address.SMS, Inbound: true, Carries: []string{"ad"}}}, "", true, "", "class control"},
		"an account with a window":    {[]campaigns.Route{{Account: "wa", Channel: address.WhatsApp, Inbound: true, Window: time.Hour}}, "", true, "", "template"},
		"drained":                     {[]campaigns.Route{{Account: "sms", Channel: address.SMS, Inbound: true, Draining: true}}, "", true, "", "drained"},
	} {
		s, p, _ := claimed(t, "", func(s *sim) {
			s.w.Routes = c.routes
			if c.link {
				s.w.ReplyLink = page
			}
		})
		out := s.proving(p, "p1", c.by)
		if c.problem != "" {
			if !strings.Contains(out.Result.Problem, c.problem) || len(out.Send) > 0 {
				t.Errorf("%s: %q", name, out.Result.Problem)
			}
			continue
		}
		if out.Result.Problem != "" || out.Result.Proof.By != c.want || out.Send[0].Link != (c.want == "link") {
			t.Errorf("%s: %+v", name, out.Result)
			continue
		}
		filled, word := s.w.Fill(out.Send[0]).Text, codeOf("p1")
		if c.want == "link" {
			word = page(out.Send[0].ID)
		}
		if !strings.Contains(filled, word) || strings.Contains(filled, "{{") || strings.Contains(out.Send[0].Text, word) {
			t.Errorf("%s: %q", name, filled)
		}
	}
}

// TestWhoIsNotAsked: nothing is sent where there is nothing to prove.
func TestWhoIsNotAsked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*person)
		want   string
	}{
		"who has opted out":  {func(p *person) { p.state.Contact.Suppressed = &preferences.Suppression{At: early} }, "opted out"},
		"who is merged":      {func(p *person) { p.state.Into, p.state.Contact.Addresses = &campaigns.Into{Contact: "c9"}, nil }, "merged into c9"},
		"who has it already": {func(p *person) { p.state.Contact.Addresses = []address.Address{lan, mai} }, "already"},
		"who is nobody":      {func(p *person) { p.state.Contact = nil }, "no such contact"},
	} {
		s, p, _ := claimed(t, "")
		c.change(p)
		if out := s.proving(p, "p1", ""); !strings.Contains(out.Result.Problem, c.want) || len(out.Send) > 0 || out.State.Proof != nil {
			t.Errorf("%s: %+v", name, out.Result)
		}
	}
}

// TestAStopEndsAProof: Lan's own, and that of whoever has the number, which is not hers.
func TestAStopEndsAProof(t *testing.T) {
	t.Parallel()
	s, p, _ := claimed(t, "p1")
	s.step(p, write("STOP"))
	s.sendAll(p)
	if p.state.Proof != nil || slices.ContainsFunc(p.sent, func(o campaigns.Outbound) bool { return o.To == mai }) {
		t.Errorf("%+v %+v", p.state.Proof, p.sent)
	}
	for _, reported := range []bool{true, false} {
		s, p, out := claimed(t, "p1")
		id := out.Send[0].ID
		e := campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: id, Status: "failed", Stopped: true}}
		if reported {
			e = campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: id, Status: "failed", Stopped: true}}
		}
		out = s.step(p, e)
		if p.state.Contact.Suppressed != nil || p.state.Proof != nil || len(out.Tell) != 1 || out.Tell[0].Address != mai || out.Tell[0].Event.Kind != campaigns.ProviderOptOut {
			t.Errorf("%+v %+v", p.state, out.Tell)
		}
	}
}

// TestAStopAfterAProofCounts: the provider's word comes when the proof is over, however that ended.
func TestAStopAfterAProofCounts(t *testing.T) {
	t.Parallel()
	for _, reported := range []bool{true, false} {
		s, p, out := claimed(t, "p1")
		id := out.Send[0].ID
		s.step(p, write("STOP"))
		if p.state.Proof != nil {
			t.Fatalf("%+v", p.state.Proof)
		}
		e := campaigns.Event{Kind: campaigns.Dispatched, Account: "sms", Sent: &campaigns.Dispatch{Message: id, Status: "failed", Stopped: true}}
		if reported {
			e = campaigns.Event{Kind: campaigns.Reported, Account: "sms", Report: &campaigns.Report{Ours: id, Status: "failed", Stopped: true}}
		}
		out = s.step(p, e)
		for _, m := range p.state.Messages {
			if !m.To.IsZero() {
				t.Errorf("somebody else's address is kept: %+v", m)
			}
		}
		if len(out.Tell) != 1 || out.Tell[0].Address != mai || out.Tell[0].Event.Kind != campaigns.ProviderOptOut || out.Tell[0].Event.Account != "sms" {
			t.Errorf("%+v", out.Tell)
		}
	}
}

// TestACodeThatDoesNotArrive ends the proof, and is not sent after all by whoever brings dead letters back.
func TestACodeThatDoesNotArrive(t *testing.T) {
	t.Parallel()
	s, p, _ := claimed(t, "p1")
	s.send(p, "failed")
	if !slices.Equal(reasons(p, "contact.not_linked"), []string{"not_delivered"}) {
		t.Errorf("%+v", p.ledger)
	}
	if out := s.replay(p); len(out.Send) > 0 || out.Ledger[0].Reason != "proof_over" {
		t.Errorf("%+v", out.Ledger)
	}
}

// TestTheLinkProves once, and only while it is good; a code's proof is not proved by a page.
func TestTheLinkProves(t *testing.T) {
	t.Parallel()
	page := func(s *sim) { s.w.ReplyLink = func(m string) string { return "https://x.example/l/" + m } }
	for name, c := range map[string]struct {
		by, id string
		after  time.Duration
		want   bool
	}{
		"in time": {"link", "p1", time.Minute, true}, "too late": {"link", "p1", 10 * time.Minute, false},
		"of another proof": {"link", "p2", time.Minute, false}, "of a code": {"code", "p1", time.Minute, false},
	} {
		s, p, _ := claimed(t, "", page)
		s.proving(p, "p1", c.by)
		s.now = s.now.Add(c.after)
		for range 2 {
			s.step(p, campaigns.Event{Kind: campaigns.Proved, Proof: &campaigns.Proof{ID: c.id}})
			s.post.deliverAll()
		}
		s.post.atRest()
		told := slices.ContainsFunc(p.queue, func(o campaigns.Outbound) bool { return o.To == lan && strings.Contains(o.Text, "***678") })
		if has := slices.Contains(p.state.Contact.Addresses, mai); has != c.want || told != c.want || len(reasons(p, "contact.linked")) > 2 {
			t.Errorf("%s: %+v", name, p.ledger)
		}
	}
}

// TestAProofMerges as a provider's word does, with its evidence in both ledgers.
func TestAProofMerges(t *testing.T) {
	t.Parallel()
	s, a, b := pair(t, preferences.Contact{Name: "Lan"}, preferences.Contact{})
	b.state.Contact.Addresses = []address.Address{{Scheme: "zalo", ID: "5"}}
	s.post.led[b.state.Contact.Addresses[0]] = "c2"
	s.step(b, campaigns.Event{Kind: campaigns.Prove, Proof: &campaigns.Proof{ID: "p1", Also: lan}})
	s.step(b, campaigns.Event{Kind: campaigns.MessageIn, From: b.state.Contact.Addresses[0], Account: "zalo", Channel: address.Zalo, Text: codeOf("p1"), MessageID: "m1"})
	s.post.deliverAll()
	if b.state.Into == nil || b.state.Into.Contact != "c1" || len(a.state.Merges) != 1 || a.state.Merges[0].By != "code" || a.state.Merges[0].Account != "brandname" {
		t.Errorf("%+v %+v", b.state.Into, a.state.Merges)
	}
}

// TestThePageIsGone: where no public address is configured any more by the time that an answer leaves, it leads nowhere and says
// nothing of a page.
func TestThePageIsGone(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
	o := s.step(p, write("DU LIEU")).Send[0]
	w := *s.w
	w.OwnPage = nil
	if text := w.Fill(o).Text; !strings.HasSuffix(text, "\nMuốn sửa hoặc xóa, mình nhắn bên em bất cứ lúc nào ạ.") {
		t.Error(text)
	}
}
