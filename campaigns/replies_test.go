package campaigns_test

import (
	"strings"
	"testing"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/address"
)

// shortCode is a world in which questions go out under the brand's name and answers come to a short code.
func shortCode(t *testing.T) (*sim, *person) {
	s, p := routed(t, nil, oneWay, campaigns.Route{Account: "shortcode", Channel: address.SMS, Inbound: true, Carries: []string{"control"}})
	s.w.Campaigns["autumn"].Replies = &campaigns.Replies{Account: "shortcode", Keyword: "LUA", How: campaigns.Texts{"vi": "Soạn LUA và câu trả lời, gửi 8077"}}
	return s, p
}

func TestAnswersToAShortCode(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"LUA 2": "office", "lua 2": "office", "Lua: công sở": "office", "2": "office", "LUA2": "", "LUA": "", "luan 2": ""} {
		s, p := shortCode(t)
		out := s.asks(p)
		if len(out.Send) != 1 || out.Send[0].Account != "brandname" || !strings.Contains(out.Send[0].Text, "1. Thể thao\n2. Công sở\nSoạn LUA và câu trả lời, gửi 8077") {
			t.Fatalf("%+v", out.Send)
		}
		s.sendAll(p)
		s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "shortcode", Channel: address.SMS, Text: typed, MessageID: "m1"})
		if got := p.state.Contact.Preferences["style"].Value.Text; got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}

// TestTheKeywordIsAnAnswerElsewhere: only at the account that the campaign names is it anything but a word.
func TestTheKeywordIsAnAnswerElsewhere(t *testing.T) {
	t.Parallel()
	s, p := shortCode(t)
	s.asks(p)
	s.sendAll(p)
	out := s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: "LUA", MessageID: "m1"})
	for _, e := range out.Ledger {
		if e.Kind == "message.received" && e.Text != "LUA" {
			t.Errorf("%+v", e)
		}
	}
}

// TestOneWayRoutesNeedAWayBack: a link where the gateway has a public address, an account that takes answers.
func TestOneWayRoutesNeedAWayBack(t *testing.T) {
	t.Parallel()
	page := func(message string) string { return "https://x.example/l/" + message }
	for name, c := range map[string]struct {
		replies *campaigns.Replies
		link    func(string) string
		want    bool
	}{
		"none":                          {},
		"a link":                        {&campaigns.Replies{Link: true}, page, true},
		"a link, and no public address": {&campaigns.Replies{Link: true}, nil, false},
		"another account":               {&campaigns.Replies{Account: "oa"}, nil, true},
		"an account that is not there":  {&campaigns.Replies{Account: "wa"}, nil, false},
		"an account that takes none":    {&campaigns.Replies{Account: "brandname"}, nil, false},
	} {
		s, p := routed(t, nil, oneWay, campaigns.Route{Account: "oa", Channel: address.Zalo, Inbound: true, Carries: []string{"reply"}})
		s.w.Campaigns["autumn"].Replies, s.w.ReplyLink = c.replies, c.link
		out := s.asks(p)
		if asked := len(out.Send) == 1; asked != c.want {
			t.Errorf("%s: %+v", name, out.Send)
			continue
		}
		if c.want && c.replies.Link && (!out.Send[0].Link || !strings.Contains(out.Send[0].Text, "https://x.example/l/"+out.Send[0].ID) || len(out.Send[0].Options) > 0) {
			t.Errorf("%s: %+v", name, out.Send[0])
		}
	}
}

// TestWhoAnswersIsRepaid: some route must reach the same customers with what their answer earns.
func TestWhoAnswersIsRepaid(t *testing.T) {
	t.Parallel()
	adsOnly := campaigns.Route{Account: "qc", Channel: address.SMS, Carries: []string{"ad"}}
	care := campaigns.Route{Account: "care", Channel: address.SMS, Carries: []string{"reply", "control"}}
	chat := campaigns.Route{Account: "oa", Channel: address.Zalo, Inbound: true}
	for name, c := range map[string]struct {
		channels []address.Channel
		routes   []campaigns.Route
		want     int
	}{
		"nothing is known of accounts":         {},
		"one that carries everything":          {routes: []campaigns.Route{sms}},
		"advertisements only":                  {routes: []campaigns.Route{adsOnly}, want: 1},
		"beside one for answers":               {routes: []campaigns.Route{adsOnly, care}},
		"beside one that is not named":         {channels: []address.Channel{address.SMS}, routes: []campaigns.Route{adsOnly, whatsapp}},
		"beside one of other customers":        {channels: []address.Channel{address.SMS}, routes: []campaigns.Route{adsOnly, chat}, want: 1},
		"beside one that sends templates only": {routes: []campaigns.Route{adsOnly, zns}, want: 1},
	} {
		if got := (&campaigns.Campaign{Channels: c.channels}).Unrepaid(c.routes); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestHowTheyComeBack: the confirmation of a stop names a way to start again only where there is one.
func TestHowTheyComeBack(t *testing.T) {
	t.Parallel()
	brandname := campaigns.Route{Account: "brandname", Channel: address.SMS}
	shortcode := campaigns.Route{Account: "shortcode", Channel: address.SMS, Inbound: true, Carries: []string{"reply"}}
	wa := campaigns.Route{Account: "wa", Channel: address.WhatsApp, Inbound: true, Carries: []string{"reply"}}
	oa := campaigns.Route{Account: "oa", Channel: address.Zalo, Inbound: true, Carries: []string{"reply"}}
	gone := oa
	gone.Draining = true
	const confirmed = "Bên em ngừng gửi tin quảng cáo từ 10:00 05/12/2026."
	for name, c := range map[string]struct {
		routes []campaigns.Route
		by     string // the account that the stop came by
		want   string
	}{
		"it can be answered":              {[]campaigns.Route{sms}, "sms", " Muốn nhận lại, mình soạn DK."},
		"on the page, and it can":         {[]campaigns.Route{sms}, campaigns.Web, " Muốn nhận lại, mình soạn DK."},
		"on the page, and they know Zalo": {[]campaigns.Route{brandname, oa}, campaigns.Web, " Muốn nhận lại, mình nhắn DK cho bên em qua Zalo."},
		"on the page, and Zalo ends":      {[]campaigns.Route{brandname, gone}, campaigns.Web, ""},
		"on the page, and it is the end":  {[]campaigns.Route{brandname}, campaigns.Web, ""},
		"a number that they do not know":  {[]campaigns.Route{brandname, wa, shortcode}, campaigns.Web, ""},
		"to a number that says nothing":   {[]campaigns.Route{brandname, shortcode}, "shortcode", " Muốn nhận lại, mình soạn DK gửi tới nơi vừa nhắn."},
	} {
		s, p := routed(t, nil, c.routes...)
		s.step(p, campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: c.by, Channel: address.Web, Text: "STOP", MessageID: "m1"})
		if len(p.queue) != 1 || !strings.HasSuffix(p.queue[0].Text, confirmed+c.want) {
			t.Errorf("%s: %+v", name, p.queue)
		}
	}
}
