package campaigns_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// asked is a simulation with one customer whose style has been asked, and the question sent.
func asked(t testing.TB, edit string) (*sim, *person) {
	s, p := toAsk(t, edit)
	s.sendAll(p)
	return s, p
}

// toAsk is asked before the question has left.
func toAsk(t testing.TB, edit string) (*sim, *person) {
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit(edit)})
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
	return s, p
}

func write(text string) campaigns.Event {
	return campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: "sms", Channel: address.SMS, Text: text, MessageID: "SM9"}
}

// TestEvidence: an answer carries everything that proves it, and the ledger alone can tell the attribute's history.
func TestEvidence(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes claim=imported")
	out := s.step(p, write("2"))
	got := p.state.Contact.Preferences["style"]
	want := preferences.Evidence{
		Text: "2", Words: "2", Rule: got.Evidence.Rule, MessageID: "SM9", Channel: "sms", Account: "sms", Campaign: "autumn", Run: "r1",
		Question: "style", At: s.now,
	}
	if !got.Evidence.At.Equal(want.At) {
		t.Errorf("at %v", got.Evidence.At)
	}
	want.At = got.Evidence.At
	if got.Evidence != want || got.Evidence.Rule == "" {
		t.Errorf("evidence %+v", got.Evidence)
	}
	if got.Class != preferences.Declared || got.Purpose != "marketing" || !got.FreshUntil.Equal(s.now.Add(180*24*time.Hour)) {
		t.Errorf("%+v", got)
	}
	if !slices.Equal(out.Preferences, []string{"style"}) {
		t.Errorf("changed %v", out.Preferences)
	}
	i := slices.IndexFunc(out.Ledger, func(e preferences.Entry) bool { return e.Kind == preferences.EntryPreference })
	before, now := out.Ledger[i].Detail["old"].(preferences.Preference), out.Ledger[i].Detail["new"].(preferences.Preference)
	if before.Class != preferences.Imported || before.Value.Text != "sporty" || now.Value.Text != "office" {
		t.Errorf("the ledger says %+v, then %+v", before, now)
	}
}

// TestAnOlderButton: a tap counts by its number, unless what is written on the button is not that option's.
func TestAnOlderButton(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, payload, want string }{
		{"", "2", "office"},
		{"Công sở", "2", "office"},
		{"Office", "2", "office"},
		{"2", "2", "office"},
		{"Công s…", "2", "office"},
		{"Thể thao", "2", "sporty"}, // what they saw is what they meant
		{"Không vừa", "2", ""},      // of another question
		{"", "3", ""},
		{"", "-1", ""},
		{"Thể thao", "something:else", "sporty"},
	} {
		s, p := asked(t, "name=Lan yes")
		e := write(c.text)
		e.Payload = c.payload
		s.step(p, e)
		if got := p.state.Contact.Preferences["style"].Value.Text; got != c.want {
			t.Errorf("%q with %q: %q, want %q", c.text, c.payload, got, c.want)
		}
	}
}

// TestStopTakesEverythingBack: the queue, the conversation and what waits, in the step that answers.
func TestStopTakesEverythingBack(t *testing.T) {
	t.Parallel()
	s, p := toAsk(t, "name=Lan yes")
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "gift", Run: "r2"})
	out := s.step(p, write("TC"))
	if !out.Withdraw || len(out.Send) != 1 || !out.Send[0].Once || out.Send[0].Class != campaigns.ClassControl {
		t.Errorf("%+v", out)
	}
	if p.state.Conversation != nil || len(p.state.Waiting) > 0 || p.state.Contact.Consented("marketing") {
		t.Errorf("%+v", p.state)
	}
	x := p.state.Contact.Suppressed
	if x.Reason != "keyword" || x.Text != "TC" || x.MessageID != "SM9" || !x.Confirmed {
		t.Errorf("%+v", x)
	}
	record, _ := p.state.Contact.Consent("marketing")
	if record.Source != "sms keyword" || record.Wording != "TC" || record.Channel != "sms" || record.MessageID != "SM9" {
		t.Errorf("%+v", record)
	}
	s.sendAll(p)
	if len(p.sent) != 1 {
		t.Errorf("%d messages left", len(p.sent))
	}
}

// TestTheProviderHasConfirmed: then we do not.
func TestTheProviderHasConfirmed(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	for _, word := range []string{"STOP", "STOP", "START"} {
		e := write(word)
		e.Confirmed = true
		if out := s.step(p, e); len(out.Send) > 0 {
			t.Errorf("%s: %s", word, out.Send[0].Text)
		}
	}
	if p.state.Contact.Suppressed != nil || !p.state.Contact.Consented("marketing") {
		t.Error("START did not lift it")
	}
}

// TestCodesAndBudgets: the best offer that can still be had; the ledger says what became of the better ones.
func TestCodesAndBudgets(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1", "c2", "c3", "c4")
	for i, p := range s.people {
		from := address.Address{Scheme: "tel", ID: fmt.Sprint("+8490000000", i)}
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: from, Contact: parseEdit("yes")})
		s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
		for _, text := range []string{"2", "900000"} {
			e := write(text)
			e.From = from
			s.step(p, e)
		}
	}
	var got []string
	for _, p := range s.people {
		for _, g := range p.given {
			got = append(got, g.Offer+" "+g.Code)
		}
	}
	if want := []string{"office-20 AAA", "office-20 BBB", "advice TUVAN"}; !slices.Equal(got, want) {
		t.Errorf("given %v, want %v", got, want)
	}
	last := s.people[3].ledger
	i := slices.IndexFunc(last, func(e preferences.Entry) bool { return e.Kind == preferences.EntryNoOffer })
	if why := fmt.Sprint(last[i].Detail["considered"]); strings.Count(why, "budget_spent") != 2 || !strings.Contains(why, "when_false") {
		t.Errorf("%s", why)
	}
}

// TestNoCodeNoPromise: a claim that was granted without a code counts as an empty pool.
func TestNoCodeNoPromise(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	s.step(p, write("2"))
	e := write("900000")
	e.ID, e.At = "e", s.now
	claims := map[string]campaigns.Claimed{"r1:c1:office-20": {OK: true}}
	out := campaigns.Step(s.w, p.state, e, s.now, claims)
	if len(out.Needs) != 1 || out.Needs[0].Key != "r1:c1:advice" || out.Needs[0].Budget != 1 {
		t.Fatalf("needs %+v", out.Needs)
	}
	claims["r1:c1:advice"] = campaigns.Claimed{Reason: "budget_spent"}
	if out = campaigns.Step(s.w, p.state, e, s.now, claims); len(out.Given) != 0 || len(out.Send) != 1 {
		t.Fatalf("%+v", out)
	}
}

// TestTheirOwnClock: a campaign that goes by each contact's own clock waits for whoever's is behind.
func TestTheirOwnClock(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{
		"Asia/Ho_Chi_Minh": "", "Asia/Tokyo": "", "Asia/Kolkata": "2026-12-05T10:00", "America/New_York": "2026-12-05T10:00",
	} {
		s := newSim(t, t, "c1")
		p := s.people[0]
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("yes timezone=" + zone)})
		out := s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "gift", Run: "r1", Local: "2026-12-05T10:00"})
		got := ""
		if o := out.Send[0]; o.Held {
			z, _ := preferences.Zone(zone)
			got = o.NotBefore.In(z).Format("2006-01-02T15:04")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", zone, got, want)
		}
	}
}

// TestWaysToAsk: the campaign's order, what routes can do, and what the contact prefers.
func TestWaysToAsk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit   string
		prefer string
		class  preferences.Class // of what they prefer; empty: declared
		change func(*campaigns.World)
		want   string
	}{
		"the first channel that they have":    {edit: "yes zalo=7", want: "zalo"},
		"the next one":                        {edit: "yes", want: "sms"},
		"what they declared to prefer":        {edit: "yes zalo=7", prefer: "sms", want: "sms"},
		"what somebody else says they prefer": {edit: "yes zalo=7", prefer: "sms", class: preferences.Imported, want: "zalo"},
		"a channel that is not named":         {edit: "yes zalo=7", prefer: "viber", want: "zalo"},
		"no ad by a route that carries none":  {edit: "yes zalo=7", change: func(w *campaigns.World) { w.Routes[2].Carries = []string{"reply"} }, want: "sms"},
		"no question that nobody can answer":  {edit: "yes", change: func(w *campaigns.World) { w.Routes = w.Routes[:1] }, want: ""},
		"where no channel is named, any does": {edit: "yes", change: func(w *campaigns.World) { w.Campaigns["autumn"].Channels = nil }, want: "sms"},
		"not by a channel that is not named":  {edit: "yes", change: func(w *campaigns.World) { w.Campaigns["autumn"].Channels = []address.Channel{"zalo"} }, want: ""},
	} {
		s := newSim(t, t, "c1")
		if c.change != nil {
			c.change(s.w)
		}
		p := s.people[0]
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit(c.edit)})
		if c.prefer != "" {
			p.state.Contact.Preferences["preferred_channel"] = preferences.Preference{
				Attribute: "preferred_channel", Kind: preferences.Choice, Class: cmp.Or(c.class, preferences.Declared), Confidence: 1, Evidence: preferences.Evidence{Text: c.prefer, Question: "q"},
				Value: preferences.Value{Kind: preferences.Choice, Text: c.prefer},
			}
		}
		out := s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
		got := ""
		if len(out.Send) > 0 {
			got = out.Send[0].Account
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestRefusedEdits change nothing at all.
func TestRefusedEdits(t *testing.T) {
	t.Parallel()
	name, badZone, badLocale := "Mai", "Mars/Olympus", "tiếng Việt"
	choice := preferences.Value{Kind: preferences.Choice, Text: "sporty"}
	for why, d := range map[string]campaigns.ContactEdit{
		"IANA zone":               {Timezone: &badZone},
		"language code":           {Locale: &badLocale},
		"needs a purpose":         {Consents: []preferences.Consent{{Granted: true}}},
		"did you mean marketing?": {Consents: []preferences.Consent{{Purpose: "marketting", Granted: true}}},
		"did you mean profiling?": {Consents: []preferences.Consent{{Purpose: "profilling"}}},
		"dated in the future":     {Consents: []preferences.Consent{{Purpose: "marketing", Granted: true, At: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}}},
		"only come from":          {Preferences: []preferences.Preference{{Attribute: "style", Class: preferences.Declared, Value: choice}}},
		"there is no class":       {Preferences: []preferences.Preference{{Attribute: "style", Class: "certain", Value: choice}}},
		"needs an attribute":      {Preferences: []preferences.Preference{{Value: choice}}},
		"is asked as money":       {Preferences: []preferences.Preference{{Attribute: "budget", Value: choice}}},
		"does not fit":            {Preferences: []preferences.Preference{{Attribute: "style"}}},
		"between 0 and 1":         {Preferences: []preferences.Preference{{Attribute: "style", Value: choice, Confidence: 2}}},
		"at most 16 addresses":    {Addresses: phones(16)}, // with the one that they have
	} {
		s, p := asked(t, "name=Lan yes")
		before := describe(p.state, campaigns.Event{})
		d.Name = &name
		out := s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: &d})
		if !strings.Contains(out.Result.Problem, why) || len(out.Ledger) > 0 || describe(p.state, campaigns.Event{}) != before {
			t.Errorf("%s: %q", why, out.Result.Problem)
		}
	}
}

// phones are n telephone numbers.
func phones(n int) (list []address.Address) {
	for i := range n {
		list = append(list, address.Address{Scheme: address.Tel, ID: fmt.Sprintf("+8491%07d", i)})
	}
	return list
}

// TestAsManyAddressesAsOneMayHave: none is left out in silence, and those that they have already cost nothing.
func TestAsManyAddressesAsOneMayHave(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	edit := func(list []address.Address) string {
		return s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: &campaigns.ContactEdit{Addresses: list}}).Result.Problem
	}
	fifteen := phones(15)
	if why := edit(append(fifteen, fifteen...)); why != "" || len(p.state.Contact.Addresses) != 16 {
		t.Fatalf("%q, %d addresses", why, len(p.state.Contact.Addresses))
	}
	if why := edit(append(fifteen, lan)); why != "" {
		t.Fatal(why)
	}
	if why := edit(phones(16)); why == "" || len(p.state.Contact.Addresses) != 16 {
		t.Fatalf("%q, %d addresses", why, len(p.state.Contact.Addresses))
	}
}

// TestPurposesOfOnesOwn: a purpose that may be a word of its own is taken, and so is one that a campaign has, or that the contact
// has from before.
func TestPurposesOfOnesOwn(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	agree := func(purposes ...string) string {
		var d campaigns.ContactEdit
		for _, purpose := range purposes {
			d.Consents = append(d.Consents, preferences.Consent{Purpose: purpose, Granted: true, Source: "form", At: s.now.Add(-time.Hour)})
		}
		return s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: &d}).Result.Problem
	}
	if why := agree("newsletter", "sms_marketing", "tiếp thị"); why != "" {
		t.Error(why)
	}
	autumn := s.w.Campaigns["autumn"]
	named := *autumn
	named.Purpose = "marketings"
	s.w.Campaigns["autumn"] = &named
	if why := agree("marketings"); why != "" {
		t.Error(why)
	}
	if why := agree("marketingz"); !strings.Contains(why, "did you mean marketing?") {
		t.Error(why)
	}
	s.w.Campaigns["autumn"] = autumn
	if why := agree("marketings"); why != "" {
		t.Errorf("they have it already: %s", why)
	}
}

// TestEditsAgain: an import that runs twice changes nothing the second time.
func TestEditsAgain(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	e := campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes locale=vi-VN timezone=Asia/Tokyo claim=imported")}
	e.Contact.Consents[0].At = s.now.Add(-time.Hour)
	if out := s.step(p, e); !out.Result.Created || out.Result.Contact != "c1" {
		t.Errorf("%+v", out.Result)
	}
	before := describe(p.state, campaigns.Event{})
	s.now = s.now.Add(time.Hour)
	if out := s.step(p, e); out.Result.Created || len(out.Ledger) > 0 || describe(p.state, campaigns.Event{}) != before {
		t.Errorf("%+v", out)
	}
	if c := p.state.Contact; c.Locale != "vi" || c.Timezone != "Asia/Tokyo" || c.Name != "Lan" {
		t.Errorf("%+v", c)
	}
}

// TestEarlyReceipts wait for their message, and only a bounded number of them.
func TestEarlyReceipts(t *testing.T) {
	t.Parallel()
	s, p := toAsk(t, "yes")
	for i := range 20 {
		s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: fmt.Sprint("other", i), Status: "sent"}})
	}
	s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: "Xc1.1", Status: "delivered"}})
	if p.state.Messages[0].Status != "queued" || len(p.state.Early) != 8 {
		t.Errorf("%+v", p.state)
	}
	s.sendAll(p)
	if p.state.Messages[0].Status != "delivered" || s.counts["r1"][campaigns.CountDelivered] != 1 {
		t.Errorf("%+v %v", p.state.Messages, s.counts)
	}
}

// TestStoppedInAReceipt: some providers tell of an opt-out only in a receipt.
func TestStoppedInAReceipt(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	out := s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: "Xc1.1", Status: "failed", Stopped: true}})
	if p.state.Contact.Suppressed == nil || !out.Withdraw || p.state.Conversation != nil || s.counts["r1"][campaigns.CountFailed] != 1 {
		t.Errorf("%+v %v", p.state, s.counts)
	}
}

// TestAnUnknownOutcome leaves the question open: the customer may have it on the screen.
func TestAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	for reason, open := range map[string]bool{"unknown_outcome": true, "recipient": false} {
		s := newSim(t, t, "c1")
		p := s.people[0]
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("yes")})
		s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
		s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: "c1.1", Status: "failed", Reason: reason}})
		if (p.state.Conversation != nil) != open {
			t.Errorf("%s: open %v", reason, !open)
		}
	}
}

// TestForgottenMessages: what the state has let go is counted by the sender's word.
func TestForgottenMessages(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	for _, c := range []struct {
		d    campaigns.Dispatch
		want string
	}{
		{campaigns.Dispatch{Message: "c1.0", Status: "sent", Run: "r0", First: true, Was: "queued"}, "[{r0 queued -1} {r0 sent 1}]"},
		{campaigns.Dispatch{Message: "c1.0", Status: "not_sent", Run: "r0", First: true, Was: "held"}, "[{r0 held -1} {r0 excluded 1}]"},
		{campaigns.Dispatch{Message: "c1.0", Status: "sent", Run: "r0", Was: "queued"}, "[]"},
		{campaigns.Dispatch{Message: "c1.0", Status: "nonsense", Run: "r0", First: true, Was: "queued"}, "[]"},
		{campaigns.Dispatch{Message: "c1.0", Status: "failed", Run: "r0", First: true, Was: "sent"}, "[]"},
	} {
		out := campaigns.Step(s.w, p.state, campaigns.Event{Kind: campaigns.Dispatched, Sent: &c.d}, s.now, nil)
		if got := fmt.Sprint(out.Counts); got != c.want {
			t.Errorf("%+v: %s", c.d, got)
		}
	}
}

// TestAWordEndlessly: two machines that answer each other come to an end.
func TestAWordEndlessly(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"HELP", "DATA", "AGENT", "START", "hmm?", "STOP"} {
		s, p := asked(t, "name=Lan yes")
		sent := 0
		for range 30 {
			sent += len(s.step(p, write(word)).Send)
		}
		if sent > 4 {
			t.Errorf("%s was answered %d times", word, sent)
		}
	}
}

// TestConsentsAreBounded: records that are outdated give way, the newest of each purpose never does.
func TestConsentsAreBounded(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: &campaigns.ContactEdit{Consents: []preferences.Consent{
		{Purpose: "profiling", Granted: true, Source: "form", At: s.now.Add(-time.Hour)}}}})
	for i := range 300 {
		s.now = s.now.Add(time.Hour)
		s.step(p, write([]string{"TC", "START"}[i%2]))
	}
	c := p.state.Contact
	if len(c.Consents) != 200 || !c.Consented("profiling") || !c.Consented("marketing") || c.Suppressed != nil {
		t.Errorf("%d records, %+v", len(c.Consents), c.Suppressed)
	}
}

// TestAPageConfirmsByItself: who stops and starts on a page again and again is told there each time, and not by a message that the
// brand pays for. Who writes is answered each time.
func TestAPageConfirmsByItself(t *testing.T) {
	t.Parallel()
	for account, want := range map[string]int{campaigns.Web: 3, "sms": 5} {
		s := newSim(t, t, "c1")
		p := s.people[0]
		s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
		confirmed := 0
		for n := range 5 {
			for _, word := range []string{"STOP", "START"} {
				e := campaigns.Event{Kind: campaigns.MessageIn, From: lan, Account: account, Channel: address.Channel(account), Text: word, MessageID: fmt.Sprint(word, n)}
				out := s.step(p, e)
				if word == "STOP" {
					confirmed += len(out.Send)
					if p.state.Contact.Suppressed == nil || !p.state.Contact.Suppressed.Confirmed {
						t.Errorf("%s: %+v", account, p.state.Contact.Suppressed)
					}
				}
			}
		}
		if confirmed != want {
			t.Errorf("%s: confirmed %d times, not %d", account, confirmed, want)
		}
	}
}
