package campaigns_test

import (
	"maps"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/address"
)

// routed is a contact with a telephone and Zalo, in a world whose autumn campaign goes by these routes.
func routed(t *testing.T, templates map[string]campaigns.Template, routes ...campaigns.Route) (*sim, *person) {
	s := newSim(t, t, "c1")
	s.w.Routes = routes
	autumn := s.w.Campaigns["autumn"]
	autumn.Channels = nil
	autumn.Questions[0].Templates = templates
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes zalo=7")})
	return s, p
}

func (s *sim) asks(p *person) campaigns.Outcome {
	return s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
}

var (
	whatsapp = campaigns.Route{Account: "wa", Channel: address.WhatsApp, Inbound: true, Window: 24 * time.Hour, Templates: campaigns.TemplateOutside, Receipts: true}
	zns      = campaigns.Route{Account: "zns", Channel: address.SMS, Inbound: true, Templates: campaigns.TemplateAlways, Receipts: true}
	zaloChat = campaigns.Route{Account: "oa", Channel: address.Zalo, Inbound: true, Window: 7 * 24 * time.Hour, Receipts: true}
	sms      = campaigns.Route{Account: "sms", Channel: address.SMS, Inbound: true, Receipts: true}
	oneWay   = campaigns.Route{Account: "brandname", Channel: address.SMS}
	leaving  = campaigns.Route{Account: "old", Channel: address.SMS, Inbound: true, Receipts: true, Draining: true}
	line     = campaigns.Route{Account: "line", Channel: address.LINE, Inbound: true}
)

// TestTheWayAndWhatWasPassedOver stands in the ledger.
func TestTheWayAndWhatWasPassedOver(t *testing.T) {
	t.Parallel()
	approved := campaigns.Template{ID: "gu_mua_thu", Language: "vi", Variables: map[string]string{"1": "{{name}}"}}
	for name, c := range map[string]struct {
		routes    []campaigns.Route
		templates map[string]campaigns.Template
		wrote     string // by which account, an hour before
		want      string
		template  bool
		passed    map[string]any
	}{
		"no window, nothing passed over": {routes: []campaigns.Route{sms, whatsapp}, want: "sms"},
		"a closed window":                {routes: []campaigns.Route{whatsapp, zaloChat, sms}, want: "sms", passed: map[string]any{"wa": "window_closed", "oa": "window_closed"}},
		"a template passes it":           {routes: []campaigns.Route{whatsapp, sms}, templates: map[string]campaigns.Template{"whatsapp": approved}, want: "wa", template: true},
		"a template for another account": {routes: []campaigns.Route{whatsapp, sms}, templates: map[string]campaigns.Template{"wa2": approved}, want: "sms", passed: map[string]any{"wa": "window_closed"}},
		"an open window":                 {routes: []campaigns.Route{whatsapp, sms}, wrote: "wa", want: "wa"},
		"an open window needs none":      {routes: []campaigns.Route{whatsapp, sms}, wrote: "wa", templates: map[string]campaigns.Template{"wa": approved}, want: "wa"},
		"templates only, and none":       {routes: []campaigns.Route{zns, sms}, want: "sms", passed: map[string]any{"zns": "no_template"}},
		"templates only":                 {routes: []campaigns.Route{zns, sms}, templates: map[string]campaigns.Template{"zns": approved}, want: "zns", template: true},
		"one is drained":                 {routes: []campaigns.Route{leaving, sms}, want: "sms", passed: map[string]any{"old": "draining"}},
		"all are drained":                {routes: []campaigns.Route{leaving}, passed: map[string]any{"old": "draining"}},
		"one way, and no address":        {routes: []campaigns.Route{oneWay, line, sms}, want: "sms", passed: map[string]any{"brandname": "no_answers"}},
		"no way at all":                  {routes: []campaigns.Route{oneWay, line}, passed: map[string]any{"brandname": "no_answers", "line": "no_address"}},
	} {
		s, p := routed(t, c.templates, c.routes...)
		if c.wrote != "" {
			s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: c.wrote, Channel: address.WhatsApp, Text: "shop ơi", MessageID: "w1"})
			s.now = s.now.Add(time.Hour)
		}
		out := s.asks(p)
		got, template, detail := "", false, p.ledger[len(p.ledger)-1].Detail
		if len(out.Send) > 0 {
			got, template = out.Send[0].Account, out.Send[0].Template != nil
			if template && out.Send[0].Template.Variables["1"] != "Lan" {
				t.Errorf("%s: the template's variables are %v", name, out.Send[0].Template.Variables)
			}
			detail, _ = detail["passed_over"].(map[string]any)
		}
		if got != c.want || template != c.template || !maps.Equal(detail, c.passed) {
			t.Errorf("%s: by %q (template %v), passed over %v", name, got, template, detail)
		}
	}
}

// TestTemplatesOnlyMeansNoOtherWords: whoever was asked by an account that sends templates only, and answers by another
// way, is answered by another way.
func TestTemplatesOnlyMeansNoOtherWords(t *testing.T) {
	t.Parallel()
	approved := map[string]campaigns.Template{"zns": {ID: "gu_mua_thu"}}
	s, p := routed(t, approved, zns, sms)
	if out := s.asks(p); len(out.Send) != 1 || out.Send[0].Account != "zns" {
		t.Fatalf("%+v", out.Send)
	}
	s.sendAll(p)
	for _, account := range []string{"web", "zns"} {
		out := campaigns.Step(s.w, p.state, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: account, Text: "công sở", MessageID: "m1"}, s.now, nil)
		if len(out.Send) != 1 || out.Send[0].Account != "sms" || out.State.Conversation.Route != "sms" {
			t.Errorf("%s: %+v", account, out.Send)
		}
	}
}

// TestATemplateHasNoPlaceForALink, so that a sender of templates that takes no answers needs another way back.
func TestATemplateHasNoPlaceForALink(t *testing.T) {
	t.Parallel()
	dumb := zns
	dumb.Inbound = false
	for by, want := range map[*campaigns.Replies]string{{Link: true}: "brandname", {Account: "oa"}: "zns"} {
		s, p := routed(t, map[string]campaigns.Template{"zns": {ID: "gu_mua_thu"}}, dumb, oneWay, zaloChat)
		s.w.ReplyLink = func(message string) string { return "https://x.example/l/" + message }
		s.w.Campaigns["autumn"].Replies, s.w.Campaigns["autumn"].Channels = by, []address.Channel{address.SMS}
		if out := s.asks(p); len(out.Send) != 1 || out.Send[0].Account != want {
			t.Errorf("%+v: %+v", by, out.Send)
		}
	}
}

// TestADrainedAccountFinishesItsConversations: what runs on it goes on there, and whoever writes to it is answered there.
func TestADrainedAccountFinishesItsConversations(t *testing.T) {
	t.Parallel()
	s, p := routed(t, nil, sms, whatsapp)
	s.asks(p)
	s.w.Routes[0].Draining = true
	out := s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: "hả?", MessageID: "m1"})
	if len(out.Send) == 0 || out.Send[0].Account != "sms" {
		t.Errorf("%+v", out.Send)
	}
}

// TestWindowsCloseAgain some time after the customer's last message, whatever order webhooks come in.
func TestWindowsCloseAgain(t *testing.T) {
	t.Parallel()
	s, p := routed(t, nil, whatsapp, sms)
	first := s.now
	for _, at := range []time.Time{first.Add(2 * time.Hour), first} { // the second is late
		s.now = first.Add(2 * time.Hour)
		s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "wa", Channel: address.WhatsApp, Text: "shop ơi", At: at, MessageID: at.String()})
	}
	if len(p.state.Heard) != 1 || !p.state.Heard[0].At.Equal(first.Add(2*time.Hour)) {
		t.Fatalf("%+v", p.state.Heard)
	}
	s.now = first.Add(26 * time.Hour)
	if out := s.asks(p); len(out.Send) != 1 || out.Send[0].Account != "sms" {
		t.Errorf("%+v", out.Send)
	}
}

// TestWhatDoesNotArriveGoesElsewhere: a question that is known not to have arrived is asked by the next way, and the run
// counts the person once. Where nobody knows, where they said stop, or where the run was called off, it is not.
func TestWhatDoesNotArriveGoesElsewhere(t *testing.T) {
	t.Parallel()
	said := func(d campaigns.Dispatch) campaigns.Event {
		d.Message = "c1.1"
		return campaigns.Event{Kind: campaigns.Dispatched, Sent: &d}
	}
	told := func(status string, stopped bool) campaigns.Event {
		return campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c1.1", Status: status, Stopped: stopped}}
	}
	for name, c := range map[string]struct {
		after []campaigns.Event
		want  bool
	}{
		"refused":           {[]campaigns.Event{said(campaigns.Dispatch{Status: "failed", Reason: "recipient"})}, true},
		"window":            {[]campaigns.Event{said(campaigns.Dispatch{Status: "failed", Reason: "window"})}, true},
		"reported so":       {[]campaigns.Event{said(campaigns.Dispatch{Status: "sent"}), told("undelivered", false)}, true},
		"nobody knows":      {[]campaigns.Event{said(campaigns.Dispatch{Status: "failed", Reason: "unknown_outcome"})}, false},
		"they stopped":      {[]campaigns.Event{said(campaigns.Dispatch{Status: "failed", Reason: "stopped", Stopped: true})}, false},
		"stopped, reported": {[]campaigns.Event{said(campaigns.Dispatch{Status: "sent"}), told("failed", true)}, false},
		"called off":        {[]campaigns.Event{said(campaigns.Dispatch{Status: "not_sent", Reason: "run_cancelled"})}, false},
		"it has arrived":    {[]campaigns.Event{said(campaigns.Dispatch{Status: "sent"}), told("delivered", false), told("undelivered", false)}, false},
		"answered":          {[]campaigns.Event{said(campaigns.Dispatch{Status: "sent"}), write("2"), told("undelivered", false)}, false},
	} {
		s, p := routed(t, nil, zaloChat, sms, whatsapp)
		p.state.Heard = []campaigns.Heard{{Account: "oa", At: s.now}}
		s.asks(p)
		var out campaigns.Outcome
		for _, e := range c.after {
			out = s.step(p, e)
		}
		asked := len(out.Send) == 1 && out.Send[0].First && out.Send[0].Account == "sms"
		if asked != c.want {
			t.Errorf("%s: %+v", name, out.Send)
			continue
		}
		if !asked {
			continue
		}
		if conv := p.state.Conversation; conv == nil || conv.Route != "sms" || s.counts["r1"][campaigns.CountQueued] != 1 || s.counts["r1"][campaigns.CountFailed] != 0 {
			t.Errorf("%s: %+v %v", name, p.state.Conversation, s.counts)
		}
		// It fails there as well, and there is no third way: WhatsApp's window is closed.
		s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: "c1.2", Status: "failed", Reason: "recipient"}})
		if p.state.Conversation != nil || s.counts["r1"][campaigns.CountFailed] != 1 || s.counts["r1"][campaigns.CountQueued] != 0 {
			t.Errorf("%s, twice: %+v %v", name, p.state.Conversation, s.counts)
		}
	}
}

// TestARepeatedReplayDoesNotAskTwice: a question that went elsewhere is not sent again by the way that failed.
func TestARepeatedReplayDoesNotAskTwice(t *testing.T) {
	t.Parallel()
	s, p := routed(t, nil, zaloChat, sms)
	p.state.Heard = []campaigns.Heard{{Account: "oa", At: s.now}}
	first := s.asks(p).Send[0]
	s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: first.ID, Status: "failed", Reason: "recipient"}})
	out := s.step(p, campaigns.Event{Kind: campaigns.Replayed, Account: "oa", Resend: &first})
	if len(out.Send) != 0 || p.ledger[len(p.ledger)-1].Reason != "asked_elsewhere" {
		t.Errorf("%+v %+v", out.Send, p.ledger[len(p.ledger)-1])
	}
}

// TestAReplayOfWhatIsForgotten: also where nothing but the conversation knows of it any more.
func TestAReplayOfWhatIsForgotten(t *testing.T) {
	t.Parallel()
	s, p := routed(t, nil, zaloChat, sms)
	p.state.Heard = []campaigns.Heard{{Account: "oa", At: s.now}}
	first := s.asks(p).Send[0]
	s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: first.ID, Status: "failed", Reason: "recipient"}})
	s.sendAll(p)
	p.state.Messages = nil
	out := s.step(p, campaigns.Event{Kind: campaigns.Replayed, Account: "oa", Resend: &first})
	if len(out.Send)+len(out.Counts) != 0 || p.ledger[len(p.ledger)-1].Reason != "asked_elsewhere" {
		t.Errorf("%+v %+v", out.Send, p.ledger[len(p.ledger)-1])
	}
}

// TestALateWordOnTheFirstMessage: where a provider tells in the end that the question did not arrive, and the customer was
// reminded of it by another way or has said something to it, it stays open, and is not asked by a third way.
func TestALateWordOnTheFirstMessage(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(s *sim, p *person){
		"reminded": func(s *sim, p *person) {
			s.now = p.state.Conversation.Remind
			s.step(p, campaigns.Event{Kind: campaigns.TimerDue})
			s.sendAll(p)
		},
		"unclear, asked again": func(s *sim, p *person) {
			s.step(p, write("màu gì cũng được mà shop ơi cái này hôm trước hỏi rồi"))
		},
		"unclear, a person looks": func(s *sim, p *person) {
			s.w.Campaigns["autumn"].Questions[0].Retries = 0
			s.step(p, write("màu gì cũng được mà shop ơi cái này hôm trước hỏi rồi"))
		},
		"begun":        func(s *sim, p *person) { s.step(p, write("em thích")) },
		"a likely one": func(s *sim, p *person) { s.step(p, write("cong xo")) },
	} {
		s, p := routed(t, nil, zaloChat, sms, whatsapp)
		p.state.Heard = []campaigns.Heard{{Account: "oa", At: s.now}}
		s.asks(p)
		s.sendAll(p)
		meanwhile(s, p)
		out := s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c1.1", Status: "undelivered"}})
		if len(out.Send) != 0 || p.state.Conversation == nil {
			t.Errorf("%s: %+v %+v", name, out.Send, p.ledger[len(p.ledger)-1])
			continue
		}
		s.step(p, write("công sở"))
		if got := p.state.Contact.Preferences["style"].Value.Text; got != "office" {
			t.Errorf("%s: the answer was read as %q", name, got)
		}
	}
}

// TestSilenceIsRemindedElsewhere: where no receipt says that the question arrived, the reminder takes another way.
func TestSilenceIsRemindedElsewhere(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{"sent": "sms", "delivered": "oa"} {
		s, p := routed(t, nil, zaloChat, sms)
		p.state.Heard = []campaigns.Heard{{Account: "oa", At: s.now}}
		s.asks(p)
		s.sendAll(p)
		s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c1.1", Status: status}})
		s.now = p.state.Conversation.Remind
		out := s.step(p, campaigns.Event{Kind: campaigns.TimerDue})
		if len(out.Send) != 1 || out.Send[0].Account != want || p.state.Conversation.Route != want {
			t.Errorf("%s: %+v", status, out.Send)
		}
	}
}
