package campaigns_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// TestNeverMoreAdsThanTheCap: whatever is asked, answered, failed, held up, taken back, merged and parted, no number gets a
// fourth ad within 24 hours. The simulation looks at each ad as it leaves (adLeaves).
func TestNeverMoreAdsThanTheCap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := &crowd{sim: newSim(t, rt, "c1", "c2"), rt: rt, came: map[string]bool{}, twice: map[string]bool{}}
		for _, campaign := range c.w.Campaigns {
			for i := range campaign.Questions {
				campaign.Questions[i].FreshFor = time.Second // there is always something to ask
			}
		}
		for i, p := range c.people {
			c.step(p, campaigns.Event{Kind: campaigns.Edit, From: c.home(i), Contact: parseEdit("name=Lan yes")})
		}
		for n := range rapid.IntRange(60, 120).Draw(rt, "steps") {
			c.now = c.now.Add(time.Second)
			c.hurried(n)
		}
	})
}

// hurried is one thing out of a day on which much is asked.
func (c *crowd) hurried(n int) {
	i := rapid.IntRange(0, 1).Draw(c.rt, "who")
	p := c.people[i]
	switch rapid.IntRange(0, 15).Draw(c.rt, "what") {
	case 0, 1, 2, 3:
		campaign := rapid.SampledFrom([]string{"gift", "returned", "autumn"}).Draw(c.rt, "campaign")
		c.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: campaign, Run: fmt.Sprint(campaign, n)})
	case 4, 5:
		if !c.flies(p) {
			c.sendAll(p)
		}
	case 6, 7, 8, 9:
		if conv := p.state.Conversation; conv != nil {
			text := map[string]string{"gift": "có", "why": "không vừa", "size": "s", "colour": "đen", "email": "lan@lua.vn", "style": "thể thao", "budget": "500k"}[conv.Question]
			c.happens(i, campaigns.Event{Kind: campaigns.MessageIn, From: c.home(i), Account: "sms", Channel: address.SMS, Text: text, MessageID: fmt.Sprint("SM", n)})
		}
	case 10:
		if !c.flies(p) {
			c.send(p, "failed")
		}
	case 11:
		c.takesOff(p)
	case 12:
		c.lands()
	case 13:
		c.ring(p, rapid.SampledFrom([]string{"more", "more", "more", "remind", "expire"}).Draw(c.rt, "due"))
	case 14:
		c.now = c.now.Add(time.Duration(rapid.IntRange(1, 5*60).Draw(c.rt, "minutes")) * time.Minute)
	case 15:
		if len(c.flying) > 0 { // what a provider has is told where it was sent
			return
		}
		if p.state.Into == nil && len(p.state.Merges) == 0 {
			c.links(i)
		} else {
			c.unmerges()
		}
		c.post.deliverAll()
	}
}

// busy has had three ads today: at 8, 9 and 10 o'clock.
func busy(t *testing.T) (*sim, *person) {
	t.Helper()
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
	for i := range 3 {
		s.now = time.Date(2026, 12, 5, 8+i, 0, 0, 0, saigon)
		s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "club", Run: fmt.Sprint("r", i)})
		s.sendAll(p)
		s.ring(p, "expire")
	}
	s.now = time.Date(2026, 12, 5, 11, 0, 0, 0, saigon)
	p.state.Ads = nil // the conversations took days to end: what counts is as if each had been answered
	for i := range 3 {
		p.state.Ads = append(p.state.Ads, campaigns.Ad{Seq: int64(i + 1), To: lan, At: time.Date(2026, 12, 5, 8+i, 0, 0, 0, saigon)})
	}
	return s, p
}

// TestWhyNotYet: whoever asks why somebody is not asked is told the rule, and when it will be possible again.
func TestWhyNotYet(t *testing.T) {
	t.Parallel()
	s, p := busy(t)
	again := time.Date(2026, 12, 6, 8, 0, 0, 0, saigon)
	if x := s.w.Standing(p.state, "gift", s.now); !x.Asks || x.Reason != compliance.FrequencyCap || !x.Until.Equal(again) {
		t.Errorf("%+v", x)
	}
	if v := campaigns.Judge(s.w, p.state, "gift", s.now); !v.Asked || v.Reason != compliance.FrequencyCap || !v.Until.Equal(again) {
		t.Errorf("%+v", v)
	}
	p.state.Contact.Addresses = append(p.state.Contact.Addresses, address.Address{Scheme: "zalo", ID: "77"})
	if v := campaigns.Judge(s.w, p.state, "autumn", s.now); !v.Asked || v.Channel != address.Zalo || v.Reason != "" {
		t.Errorf("the rule is about telephone numbers: %+v", v)
	}
	if v := s.w.May(&campaigns.Outbound{ID: "c1.9", Class: campaigns.ClassReply, To: lan}, p.state.Contact, nil, p.state.Ads, s.now); v.Action != compliance.Send {
		t.Errorf("an answer is no ad: %+v", v)
	}
}

// TestTheGateCountsAgain: what has left since an ad was queued counts, and so does that it waits itself, for those behind it.
func TestTheGateCountsAgain(t *testing.T) {
	t.Parallel()
	s, p := busy(t)
	p.state.Ads = p.state.Ads[:2]
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "gift", Run: "r9"})
	mine := p.queue[0].ID
	p.state.Ads = append(p.state.Ads, campaigns.Ad{To: lan, At: s.now}) // with a contact that has come in
	s.sendAll(p)
	until := time.Date(2026, 12, 6, 8, 0, 0, 0, saigon)
	if len(p.queue) != 1 || !p.queue[0].NotBefore.Equal(until) || p.state.Messages[len(p.state.Messages)-1].Status != "held" {
		t.Fatalf("%+v", p.queue)
	}
	i := slices.IndexFunc(p.state.Ads, func(a campaigns.Ad) bool { return fmt.Sprint("c1.", a.Seq) == mine })
	if i < 0 || !p.state.Ads[i].At.Equal(until) {
		t.Errorf("%+v", p.state.Ads)
	}
	if e := p.ledger[len(p.ledger)-1]; e.Kind != preferences.EntryHeld || e.Reason != compliance.FrequencyCap || !e.Detail["until"].(time.Time).Equal(until) {
		t.Errorf("%+v", e)
	}
}

// TestWhatCountsAsSent: what no provider took does not count; what one may have taken does.
func TestWhatCountsAsSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		d      campaigns.Dispatch
		counts bool
	}{
		"sent":                          {campaigns.Dispatch{Status: "sent", Theirs: []string{"X"}}, true},
		"refused":                       {campaigns.Dispatch{Status: "failed", Reason: "recipient"}, false},
		"refused after its first part":  {campaigns.Dispatch{Status: "failed", Reason: "message", Theirs: []string{"X"}}, true},
		"nobody knows":                  {campaigns.Dispatch{Status: "failed", Reason: "unknown_outcome"}, true},
		"nobody knows, after all tries": {campaigns.Dispatch{Status: "failed", Reason: "gave_up_unknown"}, true},
		"its run was cancelled":         {campaigns.Dispatch{Status: "not_sent", Reason: "run_cancelled"}, false},
	} {
		for _, forgotten := range []bool{false, true} {
			s, p := toAsk(t, "name=Lan yes")
			at := s.now.Add(40 * time.Hour) // it lay with its run, which was paused
			if forgotten {
				p.state.Ads = nil
			}
			s.now = at
			c.d.Message, c.d.Run, c.d.First, c.d.Was, c.d.Ad = "c1.1", "r1", true, "queued", lan
			s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &c.d})
			counts := slices.ContainsFunc(p.state.Ads, func(a campaigns.Ad) bool { return a.At.Equal(at) && a.To == lan })
			if counts != c.counts || len(p.state.Ads) > 1 {
				t.Errorf("%s, forgotten %v: %+v", name, forgotten, p.state.Ads)
			}
		}
	}
}

// TestAdsGoWithTheNumber: what was sent to a number counts for whomever it belongs to, after a merge and after its end.
func TestAdsGoWithTheNumber(t *testing.T) {
	t.Parallel()
	agreed := preferences.Contact{Consents: []preferences.Consent{{Purpose: "marketing", Granted: true, At: early}}}
	s, a, b := pair(t, agreed, agreed)
	second := address.Address{Scheme: "tel", ID: "+84912345678"}
	b.state.Contact.Addresses = append(b.state.Contact.Addresses, second)
	s.post.led[second] = "c2"
	s.step(b, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "club", Run: "r1"})
	s.sendAll(b)
	s.prove(b)
	if len(a.state.Ads) != 1 || a.state.Ads[0].To != second {
		t.Fatalf("%+v", a.state.Ads)
	}
	a.state.Ads = append(a.state.Ads, campaigns.Ad{Seq: 1, To: second, At: s.now.Add(time.Minute)}, campaigns.Ad{Seq: 2, To: lan, At: s.now.Add(time.Minute)})
	s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
	s.post.deliverAll()
	if len(b.state.Ads) != 2 || slices.ContainsFunc(b.state.Ads, func(x campaigns.Ad) bool { return x.To != second }) {
		t.Errorf("%+v", b.state.Ads)
	}
	// Here it is no number any more: whoever has it may be forgotten, and nothing would take it out.
	s.step(a, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: "c1.1", Status: "sent", Ad: second}})
	if len(a.state.Ads) != 1 || a.state.Ads[0].To != lan {
		t.Errorf("%+v", a.state.Ads)
	}
}

// TestAnAdThatWaitsIsNotAnswered: what is written before a capped question has left is no answer to it, by day as well.
func TestAnAdThatWaitsIsNotAnswered(t *testing.T) {
	t.Parallel()
	s, p := busy(t)
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "gift", Run: "r9"})
	s.step(p, write("có"))
	if _, ok := p.state.Contact.Preferences["gift"]; ok {
		t.Error("they answered what they had not seen")
	}
	s.now = time.Date(2026, 12, 6, 8, 0, 0, 0, saigon)
	s.sendAll(p)
	s.step(p, write("có"))
	if _, ok := p.state.Contact.Preferences["gift"]; !ok {
		t.Errorf("%+v", p.ledger)
	}
}

// TestAReminderKeepsTheCap: it waits, as it does for the end of quiet hours.
func TestAReminderKeepsTheCap(t *testing.T) {
	t.Parallel()
	s, p := asked(t, "name=Lan yes")
	s.now = s.now.Add(24 * time.Hour)
	for i := range 3 {
		p.state.Ads = append(p.state.Ads, campaigns.Ad{To: lan, At: s.now.Add(time.Duration(i-8) * time.Hour)})
	}
	out := s.step(p, campaigns.Event{Kind: campaigns.TimerDue})
	again := s.now.Add(16 * time.Hour) // 02:00, so that it is the morning
	again = time.Date(again.Year(), again.Month(), again.Day(), 7, 0, 0, 0, saigon)
	if len(out.Send) != 0 || p.state.Conversation.Reminded || !due(p.state, "remind").Equal(again) {
		t.Fatalf("%v, to be reminded at %v", out.Send, due(p.state, "remind"))
	}
	s.ring(p, "remind")
	if !p.state.Conversation.Reminded {
		t.Error("it never came")
	}
}

// TestSentOnceMore: a message that was given up and is sent after all counts twice, since nobody knows that they did not get it.
func TestSentOnceMore(t *testing.T) {
	t.Parallel()
	s, p := toAsk(t, "name=Lan yes")
	o := p.queue[0]
	p.queue = nil
	s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: &campaigns.Dispatch{Message: o.ID, Status: "failed", Reason: "gave_up_unknown", Run: "r1", First: true, Was: "queued", Ad: lan}})
	s.now = s.now.Add(time.Hour)
	p.dead = []campaigns.Outbound{o}
	s.replay(p)
	s.sendAll(p)
	if len(p.sent) != 1 || len(p.state.Ads) != 2 || p.state.Ads[0].Seq != 0 {
		t.Errorf("%+v", p.state.Ads)
	}
}

// TestWhatIsTakenBackDoesNotCount: an ad that was withdrawn before it left is none.
func TestWhatIsTakenBackDoesNotCount(t *testing.T) {
	t.Parallel()
	s, p := toAsk(t, "name=Lan yes")
	if len(p.state.Ads) != 1 || p.state.Ads[0] != (campaigns.Ad{Seq: 1, To: lan, At: p.state.Ads[0].At}) || !p.state.Ads[0].At.Equal(s.now) {
		t.Fatalf("%+v", p.state.Ads)
	}
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("no")})
	if len(p.state.Ads) != 0 {
		t.Errorf("%+v", p.state.Ads)
	}
}

// TestAsManyAdsAreRememberedAsCount: where somebody allows more a day, with several numbers, none is forgotten that counts.
func TestAsManyAdsAreRememberedAsCount(t *testing.T) {
	t.Parallel()
	s := newSim(t, t, "c1")
	p := s.people[0]
	s.w.Pack.Cap.Most = 24
	s.step(p, campaigns.Event{Kind: campaigns.Edit, From: lan, Contact: parseEdit("name=Lan yes")})
	for i := range 3 * 24 {
		p.state.Ads = append(p.state.Ads, campaigns.Ad{To: address.Address{Scheme: "tel", ID: fmt.Sprint("+8490000000", i%3)}, At: s.now.Add(-time.Hour)})
	}
	s.step(p, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "gift", Run: "r1"})
	if len(p.state.Ads) != 3*24+1 {
		t.Errorf("%d are left", len(p.state.Ads))
	}
}
