package campaigns_test

import (
	"maps"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

func zaloAddress(id string) address.Address {
	return address.Address{Scheme: address.Zalo.Scheme(), ID: id}
}

// chats is a customer who writes to the OA.
func (s *sim) chats(p *person, from address.Address) campaigns.Outcome {
	return s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: from, Account: "oa", Channel: address.Zalo, Text: "shop ơi", MessageID: "w" + s.now.String()})
}

// Nothing is kept of when somebody wrote where it does not matter.
func TestOnlyWindowsRememberWhoWrote(t *testing.T) {
	t.Parallel()
	s, p := routed(t, nil, zaloChat, sms)
	s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: "shop ơi", MessageID: "w1"})
	if len(p.state.Heard) != 0 {
		t.Errorf("%+v", p.state.Heard)
	}
	s.chats(p, zaloAddress("7"))
	if len(p.state.Heard) != 1 {
		t.Errorf("%+v", p.state.Heard)
	}
}

// A window belongs to the address from which they wrote: with two addresses on one channel the question goes to that one.
func TestAWindowBelongsToAnAddress(t *testing.T) {
	t.Parallel()
	first, second := zaloAddress("7"), zaloAddress("8")
	for name, c := range map[string]struct {
		wrote []address.Address
		want  address.Address // none: by SMS
	}{
		"nobody wrote":             {nil, address.Address{}},
		"from the second":          {[]address.Address{second}, second},
		"from the first":           {[]address.Address{first}, first},
		"from both":                {[]address.Address{second, first}, first},
		"a tap that names nobody":  {[]address.Address{{}}, first},
		"a tap, and then a letter": {[]address.Address{{}, second}, first},
	} {
		s, p := routed(t, nil, zaloChat, sms)
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("zalo=8")})
		for _, from := range c.wrote {
			s.chats(p, from)
			s.now = s.now.Add(time.Minute)
		}
		out := s.asks(p)
		if c.want.IsZero() {
			c.want = lan
		}
		if len(out.Send) != 1 || out.Send[0].To != c.want {
			t.Errorf("%s: %+v", name, out.Send)
		}
	}
}

// A reminder goes where the question went, and not to an address whose window is closed.
func TestAReminderKeepsToItsAddress(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]address.Address{24 * time.Hour: zaloAddress("8"), 23 * time.Hour: lan} {
		oa := zaloChat
		oa.Window = after + time.Hour/2
		s, p := routed(t, nil, oa, sms)
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("zalo=8")})
		s.chats(p, zaloAddress("8"))
		s.asks(p)
		s.sendAll(p)
		s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c1.2", Status: "delivered"}})
		s.now = p.state.Conversation.Remind
		if out := s.step(p, campaigns.Event{Kind: campaigns.TimerDue}); len(out.Send) != 1 || out.Send[0].To != want {
			t.Errorf("a window of %s: %+v", oa.Window, out.Send)
		}
	}
}

// Each message of theirs refills what the account may send them; a template is no part of it.
func TestAQuotaIsRefilledByTheirMessages(t *testing.T) {
	t.Parallel()
	oa := zaloChat
	oa.Quota, oa.Templates = campaigns.Quota{Most: 2, Within: 48 * time.Hour}, campaigns.TemplateOutside
	approved := campaigns.Template{ID: "gu_mua_thu"}
	for name, c := range map[string]struct {
		sent      int // after their message, and the answer to it
		later     time.Duration
		again     bool // they write once more
		templates map[string]campaigns.Template
		want      string
		template  bool
		passed    map[string]any
	}{
		"something is left":          {want: "oa"},
		"all is used":                {sent: 1, want: "sms", passed: map[string]any{"oa": "quota_used"}},
		"all is used, by a template": {sent: 1, templates: map[string]campaigns.Template{"oa": approved}, want: "oa", template: true},
		"their time is over":         {later: 48 * time.Hour, want: "sms", passed: map[string]any{"oa": "quota_used"}},
		"just in time":               {later: 48*time.Hour - time.Second, want: "oa"},
		"refilled":                   {sent: 1, again: true, want: "oa"},
		"the window is closed":       {later: 8 * 24 * time.Hour, want: "sms", passed: map[string]any{"oa": "window_closed"}},
	} {
		s, p := routed(t, c.templates, oa, sms)
		s.chats(p, zaloAddress("7")) // and is answered
		for range c.sent {
			p.state.Greeted, p.state.Messages = time.Time{}, nil
			s.w.Routes[0].Quota.Most = 9
			s.chats(p, zaloAddress("7"))
			s.w.Routes[0].Quota.Most = 1
		}
		s.now = s.now.Add(c.later)
		if c.again {
			p.state.Heard[0].Sent = 5
			s.now = s.now.Add(time.Minute)
			s.w.Routes[0].Quota.Most = 2
			s.chats(p, zaloAddress("7"))
		}
		out := s.asks(p)
		if len(out.Send) != 1 {
			t.Errorf("%s: %+v", name, out.Ledger)
			continue
		}
		passed, _ := p.ledger[len(p.ledger)-1].Detail["passed_over"].(map[string]any)
		if o := out.Send[0]; o.Account != c.want || (o.Template != nil) != c.template || !maps.Equal(passed, c.passed) {
			t.Errorf("%s: by %s, template %v, passed over %v; heard %+v", name, o.Account, o.Template, passed, p.state.Heard)
		}
	}
}

// What is sent is counted, whatever it is about, and up to the quota at most.
func TestWhatIsSentCounts(t *testing.T) {
	t.Parallel()
	oa := zaloChat
	oa.Quota = campaigns.Quota{Most: 8, Within: 48 * time.Hour}
	s, p := routed(t, nil, oa)
	s.chats(p, zaloAddress("7"))
	if h := p.state.Heard; len(h) != 1 || h[0].Sent != 1 {
		t.Fatalf("the answer: %+v", h)
	}
	s.asks(p)
	if h := p.state.Heard; h[0].Sent != 2 {
		t.Fatalf("the answer and the question: %+v", h)
	}
	s.now = s.now.Add(time.Minute)
	s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: zaloAddress("7"), Account: "oa", Channel: address.Zalo, Text: "thể thao", MessageID: "a1"})
	if h := p.state.Heard; len(h) != 1 || h[0].Sent != 1 {
		t.Fatalf("refilled, and the thanks: %+v", h)
	}
}

// A yes may be limited to channels; the way goes by those, and what they never agreed to is passed over.
func TestConsentOnAChannel(t *testing.T) {
	t.Parallel()
	record := func(granted bool, day int, chs ...address.Channel) preferences.Consent {
		return preferences.Consent{Purpose: preferences.Marketing, Granted: granted, Source: "form", At: time.Date(2026, 11, day, 9, 0, 0, 0, saigon), Channels: chs}
	}
	for name, c := range map[string]struct {
		records []preferences.Consent
		want    string // "": not asked
		reason  string
		passed  map[string]any
	}{
		"everywhere":               {records: []preferences.Consent{record(true, 1)}, want: "oa"},
		"by SMS alone":             {records: []preferences.Consent{record(true, 1, address.SMS)}, want: "sms", passed: map[string]any{"oa": "no_consent"}},
		"not by Zalo":              {records: []preferences.Consent{record(true, 1), record(false, 2, address.Zalo)}, want: "sms", passed: map[string]any{"oa": "no_consent"}},
		"not by Zalo, and then so": {records: []preferences.Consent{record(true, 1), record(false, 2, address.Zalo), record(true, 3)}, want: "oa"},
		"where there is no way":    {records: []preferences.Consent{record(true, 1, address.LINE)}, reason: "no_route", passed: map[string]any{"oa": "no_consent", "sms": "no_consent"}},
		"nowhere any more":         {records: []preferences.Consent{record(true, 1, address.Zalo), record(false, 2)}, reason: "no_consent"},
		"taken back by parts":      {records: []preferences.Consent{record(true, 1, address.Zalo), record(false, 2, address.Zalo)}, reason: "no_consent"},
	} {
		s := newSim(t, t, "c1")
		s.w.Routes = []campaigns.Route{zaloChat, sms}
		s.w.Campaigns["autumn"].Channels, s.w.Campaigns["autumn"].Audience = nil, nil
		p := s.people[0]
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan zalo=7")})
		s.chats(p, zaloAddress("7"))
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: &campaigns.ContactEdit{Consents: c.records}})
		out := s.asks(p)
		last := p.ledger[len(p.ledger)-1]
		got, passed := "", last.Detail
		if len(out.Send) > 0 {
			got = out.Send[0].Account
			passed, _ = last.Detail["passed_over"].(map[string]any)
		} else if last.Reason != c.reason {
			t.Errorf("%s: %s", name, last.Reason)
		}
		if got != c.want || c.reason != "no_consent" && !maps.Equal(passed, c.passed) {
			t.Errorf("%s: by %q, passed over %v", name, got, passed)
		}
	}
}

// A channel's consent that is taken back counts at the moment of sending, and ends nothing else.
func TestConsentOnAChannelIsTakenBack(t *testing.T) {
	t.Parallel()
	s, p := routed(t, nil, sms, zaloChat)
	o := s.asks(p).Send[0]
	for _, c := range []struct {
		channel address.Channel
		want    string
	}{{address.Zalo, ""}, {address.SMS, "no_consent"}} {
		s.now = s.now.Add(time.Minute)
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: &campaigns.ContactEdit{Consents: []preferences.Consent{
			{Purpose: preferences.Marketing, Source: "form", At: s.now, Channels: []address.Channel{c.channel}}}}})
		if p.state.Conversation == nil {
			t.Fatalf("%s: the conversation ended", c.channel)
		}
		if why := s.gate(p, o); why != c.want {
			t.Errorf("not by %s: %q", c.channel, why)
		}
	}
}

// gate is why a message may not be sent now; "" where it may.
func (s *sim) gate(p *person, o campaigns.Outbound) string {
	return compliance.May(s.w.Pack, s.w.Check(&o, p.state.Contact), s.now).Reason
}
