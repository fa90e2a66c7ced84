package campaigns_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

var (
	chat  = address.Address{Scheme: "telegram", ID: "77"}
	early = time.Date(2026, 11, 1, 9, 0, 0, 0, saigon)
)

// likes is an answer of the customer's, or what somebody else says of them.
func likes(style string, class preferences.Class, at time.Time) preferences.Preference {
	return preferences.Preference{Attribute: "style", Kind: preferences.Choice, Value: preferences.Value{Kind: preferences.Choice, Text: style}, Class: class,
		Confidence: 1, Evidence: preferences.Evidence{Text: style, Question: "style", At: at}}
}

// pair is an older contact at Lan's phone and a younger one in a chat, as they are before anybody knows better.
func pair(t *testing.T, older, younger preferences.Contact) (s *sim, a, b *person) {
	t.Helper()
	s = newSim(t, t, "c1", "c2")
	home := [...]address.Address{lan, chat}
	for i, c := range []*preferences.Contact{&older, &younger} {
		c.ID, c.Created, c.Addresses = s.people[i].state.ID, early.Add(time.Duration(i)*time.Hour), []address.Address{home[i]}
		if c.Preferences == nil {
			c.Preferences = map[string]preferences.Preference{}
		}
		s.people[i].state.Contact = c
		s.post.led[c.Addresses[0]] = c.ID
	}
	return s, s.people[0], s.people[1]
}

// prove lets the chat's provider vouch for Lan's phone.
func (s *sim) prove(p *person) {
	s.step(p, campaigns.Event{Kind: campaigns.Linked, From: chat, Also: lan, Account: "bot", Channel: address.Telegram})
	s.post.deliverAll()
	s.post.atRest()
}

// TestOfWhatBothKnow: the customer's own word counts more than anybody else's, and of two words the newer; undone, each has
// its own again.
func TestOfWhatBothKnow(t *testing.T) {
	t.Parallel()
	declared, imported := preferences.Declared, preferences.Imported
	for name, c := range map[string]struct{ older, younger, want *preferences.Preference }{
		"only the younger knows":        {nil, ref(likes("office", declared, early)), ref(likes("office", declared, early))},
		"only the older knows":          {ref(likes("sporty", declared, early)), nil, ref(likes("sporty", declared, early))},
		"the younger's is newer":        {ref(likes("sporty", declared, early)), ref(likes("office", declared, early.Add(1))), ref(likes("office", declared, early.Add(1)))},
		"the older's is newer":          {ref(likes("sporty", declared, early.Add(1))), ref(likes("office", declared, early)), ref(likes("sporty", declared, early.Add(1)))},
		"an import is not a word":       {ref(likes("sporty", declared, early)), ref(likes("office", imported, early.Add(1))), ref(likes("sporty", declared, early))},
		"a word is more than an import": {ref(likes("sporty", imported, early.Add(1))), ref(likes("office", declared, early)), ref(likes("office", declared, early))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			with := func(p *preferences.Preference) (c preferences.Contact) {
				if p != nil {
					c.Preferences = map[string]preferences.Preference{"style": *p}
				}
				return c
			}
			s, a, b := pair(t, with(c.older), with(c.younger))
			s.prove(b)
			if got := a.state.Contact.Preferences["style"]; got.Value.Text != c.want.Value.Text || !got.Evidence.At.Equal(c.want.Evidence.At) || got.Class != c.want.Class {
				t.Errorf("known is %+v", got)
			}
			s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
			s.post.deliverAll()
			s.post.atRest()
			for p, want := range map[*person]*preferences.Preference{a: c.older, b: c.younger} {
				got, ok := p.state.Contact.Preferences["style"]
				if ok != (want != nil) || ok && got.Value.Text != want.Value.Text {
					t.Errorf("parted, %s likes %+v", p.state.ID, got)
				}
			}
		})
	}
}

func ref[T any](x T) *T { return &x }

// TestTheOlderOneGoesOn, whichever of them was told first.
func TestTheOlderOneGoesOn(t *testing.T) {
	t.Parallel()
	for _, first := range []int{0, 1} {
		s, a, b := pair(t, preferences.Contact{Name: "Lan"}, preferences.Contact{Timezone: "Asia/Tokyo", Facts: map[string]any{"city": "Huế"}})
		from, also := chat, lan
		if first == 0 {
			from, also = lan, chat
		}
		s.step(s.people[first], campaigns.Event{Kind: campaigns.Linked, From: from, Also: also, Account: "bot"})
		s.post.deliverAll()
		s.post.atRest()
		c := a.state.Contact
		if !slices.Equal(c.Addresses, []address.Address{lan, chat}) || c.Name != "Lan" || c.Timezone != "Asia/Tokyo" || c.Facts["city"] != "Huế" {
			t.Errorf("%+v", c)
		}
		if into := b.state.Into; into == nil || into.Contact != "c1" || len(b.state.Contact.Addresses) > 0 || b.state.Contact.Facts["city"] != "Huế" {
			t.Errorf("%+v", b.state)
		}
		out := s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
		s.post.deliverAll()
		s.post.atRest()
		if c := a.state.Contact; out.Result.Problem != "" || !slices.Equal(c.Addresses, []address.Address{lan}) || c.Timezone != "" || len(c.Facts) > 0 {
			t.Errorf("%q %+v", out.Result.Problem, c)
		}
		if out := s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}}); out.Result.Problem == "" {
			t.Error("what was undone is undone again")
		}
	}
}

// arrives lets the first letter of that kind to somebody arrive.
func (b *post) arrives(kind campaigns.EventKind, to string) {
	i := slices.IndexFunc(b.under, func(l letter) bool { return l.Event.Kind == kind && b.to(l) == to })
	if i < 0 {
		b.sim.t.Fatalf("no %s for %s is on its way", kind, to)
	}
	b.deliver(i)
}

// TestWhoCameInByWayOfAnother is with whoever has what it brought, also once that other one has gone out again: what it is
// told goes there, a stop above all.
func TestWhoCameInByWayOfAnother(t *testing.T) {
	t.Parallel()
	third := address.Address{Scheme: "tel", ID: "+84909000003"}
	stopped := campaigns.Event{Kind: campaigns.ProviderOptOut, From: third, Account: "sms", Channel: address.SMS}
	for name, want := range map[string]string{"it was there before the parting": "c1", "it came after the parting": "c2"} {
		s := newSim(t, t, "c1", "c2", "c3")
		for i, a := range []address.Address{lan, chat, third} {
			s.people[i].state.Contact = &preferences.Contact{ID: s.people[i].state.ID, Created: early.Add(time.Duration(i) * time.Hour), Addresses: []address.Address{a},
				Preferences: map[string]preferences.Preference{}}
			s.post.led[a] = s.people[i].state.ID
		}
		first, second, p := s.people[0], s.people[1], s.people[2]
		s.step(p, campaigns.Event{Kind: campaigns.Linked, From: third, Also: chat, Account: "bot"})
		s.post.arrives(campaigns.SamePerson, chat.String())
		s.goesIn(second)
		s.post.arrives(campaigns.SamePerson, "c3") // it comes in to c2, which has gone to c1
		s.post.arrives(campaigns.Merged, "c2")
		if want == "c1" {
			s.post.arrives(campaigns.Merged, "c1")
		}
		s.step(first, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
		s.post.arrives(campaigns.Unmerged, "c2")
		if late := second.state.Elsewhere(stopped); want == "c1" && late != "c1" {
			t.Errorf("%s: what was on its way from it goes to %q", name, late)
		}
		s.post.deliverAll()
		s.post.atRest()
		if into := p.state.Into; into == nil || into.Contact != want {
			t.Errorf("%s: it is with %+v", name, into)
		}
		s.step(p, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: "c3.1", Status: "failed", Stopped: true}})
		s.post.deliverAll()
		for _, o := range []*person{first, second} {
			if stopped := o.state.Contact.Suppressed != nil; stopped != (o.state.ID == want) {
				t.Errorf("%s: that %s stopped is %v", name, o.state.ID, stopped)
			}
		}
	}
}

// TestWhatWasPassedOnComesBack: a contact that has gone out again gets what it had passed on while it was in, unless it is
// from an address of the other's.
func TestWhatWasPassedOnComesBack(t *testing.T) {
	t.Parallel()
	s, a, b := pair(t, preferences.Contact{}, preferences.Contact{})
	s.prove(b)
	stranger := address.Address{Scheme: "zalo", ID: "9"}
	passed := map[address.Address]campaigns.Event{}
	for _, from := range []address.Address{stranger, chat, lan} {
		passed[from] = b.state.PassedOn(campaigns.Event{Kind: campaigns.MessageIn, From: from, Text: "2"})
	}
	if to := a.state.Elsewhere(passed[stranger]); to != "" {
		t.Errorf("as one, it goes to %q", to)
	}
	s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
	s.post.deliverAll()
	for from, want := range map[address.Address]string{stranger: "c2", chat: "c2", lan: ""} {
		if to := a.state.Elsewhere(passed[from]); to != want {
			t.Errorf("parted, what is from %s goes to %q", from, to)
		}
		if to := b.state.Elsewhere(a.state.PassedOn(passed[from])); to != "" {
			t.Errorf("and what is from %s from there to %q", from, to)
		}
	}
}

// TestWhoWasPartedIsForgotten by the other, once one of them is erased.
func TestWhoWasPartedIsForgotten(t *testing.T) {
	t.Parallel()
	for _, erased := range []int{0, 1} {
		s, a, b := pair(t, preferences.Contact{}, preferences.Contact{})
		other := address.Address{Scheme: "zalo", ID: "424242"}
		a.state.Contact.Addresses = append(a.state.Contact.Addresses, other)
		a.state.Merges = []campaigns.Merge{{Peer: campaigns.Peer{Contact: "c9"}, Came: early, Took: preferences.Contact{Addresses: []address.Address{other}}}}
		s.post.led[other] = "c1"
		s.step(b, campaigns.Event{Kind: campaigns.Linked, From: chat, Also: lan, Account: "bot"})
		s.post.deliverAll()
		s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
		s.post.deliverAll()
		if len(a.state.Merges) != 2 || len(b.state.Merges) != 1 {
			t.Fatalf("%+v, %+v", a.state.Merges, b.state.Merges)
		}
		a.state.Merges = slices.DeleteFunc(a.state.Merges, func(m campaigns.Merge) bool { return m.Contact == "c9" }) // there is no such person here
		s.step(s.people[erased], campaigns.Event{Kind: campaigns.EraseContact})
		s.post.deliverAll()
		if left := s.people[1-erased].state; len(left.Merges) > 0 {
			t.Errorf("%s is gone, and %+v is left", s.people[erased].state.ID, left.Merges)
		}
	}
}

// goesIn lets c2 come in to c1, whose phone it turns out to have.
func (s *sim) goesIn(second *person) {
	s.step(second, campaigns.Event{Kind: campaigns.Linked, From: chat, Also: lan, Account: "bot"})
	s.post.arrives(campaigns.SamePerson, lan.String())
	s.post.arrives(campaigns.SamePerson, "c2")
	s.post.arrives(campaigns.Merged, "c1")
}

// TestAStopOfEitherStopsBoth: and the yes of one is no yes of the other's once they are parted.
func TestAStopOfEitherStopsBoth(t *testing.T) {
	t.Parallel()
	stop := &preferences.Suppression{Reason: "keyword", Text: "TC", At: early}
	yes := []preferences.Consent{{Purpose: "marketing", Granted: true, Source: "form", At: early}}
	for name, c := range map[string]struct {
		older, younger           preferences.Contact
		during, afterA, afterB   bool // suppressed
		agreed, agreedA, agreedB bool
	}{
		"the younger stopped": {preferences.Contact{Consents: yes}, preferences.Contact{Suppressed: stop}, true, false, true, true, true, false},
		"the older stopped":   {preferences.Contact{Suppressed: stop}, preferences.Contact{Consents: yes}, true, true, true, true, false, true},
		"nobody did":          {preferences.Contact{}, preferences.Contact{Consents: yes}, false, false, false, true, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a, b := pair(t, c.older, c.younger)
			s.prove(b)
			if got := a.state.Contact; (got.Suppressed != nil) != c.during || got.Consented("marketing") != c.agreed {
				t.Errorf("as one: %+v", got)
			}
			s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
			s.post.deliverAll()
			if got := a.state.Contact; (got.Suppressed != nil) != c.afterA || got.Consented("marketing") != c.agreedA {
				t.Errorf("the older by itself: %+v", got)
			}
			if got := b.state.Contact; (got.Suppressed != nil) != c.afterB || got.Consented("marketing") != c.agreedB {
				t.Errorf("the younger by itself: %+v", got)
			}
		})
	}
}

// TestTheTalkGoesOn: a question that was seen is answered after the merge, from either address; one that has not left is
// taken back.
func TestTheTalkGoesOn(t *testing.T) {
	t.Parallel()
	for _, seen := range []bool{true, false} {
		zalo := address.Address{Scheme: "zalo", ID: "5"}
		s, a, b := pair(t, preferences.Contact{}, preferences.Contact{Name: "Lan", Consents: []preferences.Consent{{Purpose: "marketing", Granted: true, At: early}}})
		b.state.Contact.Addresses = append(b.state.Contact.Addresses, zalo)
		s.post.led[zalo] = "c2"
		s.step(b, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
		if seen {
			s.sendAll(b)
		}
		s.prove(b)
		if b.state.Conversation != nil || (a.state.Conversation != nil) != seen {
			t.Fatalf("seen %v: %+v, %+v", seen, a.state.Conversation, b.state.Conversation)
		}
		if !seen {
			if s.counts["r1"][campaigns.CountExcluded] != 1 || len(b.queue) > 0 {
				t.Errorf("%v", s.counts["r1"])
			}
			continue
		}
		s.step(a, write("1"))
		if got := a.state.Contact.Preferences["style"]; got.Value.Text != "sporty" || s.counts["r1"][campaigns.CountAnswered] != 1 {
			t.Errorf("%+v", got)
		}
	}
}

// TestTheNextQuestionIsOnItsWay: it is not taken back, so that its answer is waited for.
func TestTheNextQuestionIsOnItsWay(t *testing.T) {
	t.Parallel()
	zalo := address.Address{Scheme: "zalo", ID: "5"}
	s, a, b := pair(t, preferences.Contact{}, preferences.Contact{Consents: []preferences.Consent{{Purpose: "marketing", Granted: true, At: early}}})
	b.state.Contact.Addresses = append(b.state.Contact.Addresses, zalo)
	s.post.led[zalo] = "c2"
	s.step(b, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
	s.sendAll(b)
	s.step(b, campaigns.Event{Kind: campaigns.MessageIn, From: zalo, Account: "zalo", Channel: address.Zalo, Text: "công sở", MessageID: "z1"})
	s.prove(b)
	s.sendAll(b)
	s.step(a, campaigns.Event{Kind: campaigns.MessageIn, From: zalo, Account: "zalo", Channel: address.Zalo, Text: "700000", MessageID: "z2"})
	if _, ok := a.state.Contact.Preferences["budget"]; !ok {
		t.Errorf("%+v", a.ledger[len(a.ledger)-1])
	}
}

// TestTooMany: more contacts than a person has channels are not one person.
func TestTooMany(t *testing.T) {
	t.Parallel()
	s, a, b := pair(t, preferences.Contact{}, preferences.Contact{})
	for _, id := range []string{"a", "b", "c", "d"} {
		a.state.Merges = append(a.state.Merges, campaigns.Merge{Peer: campaigns.Peer{Contact: id}, Came: early})
	}
	s.step(b, campaigns.Event{Kind: campaigns.Linked, From: chat, Also: lan, Account: "bot"})
	s.post.deliverAll()
	if b.state.Into != nil || len(a.state.Merges) != 4 || a.ledger[len(a.ledger)-1].Reason != "too_many_merges" {
		t.Errorf("%+v", a.ledger)
	}
}

// TestWhatWasTakenAwayThereGoesHere: the younger one had told nothing of it any more, and the newest that they did counts, both ways;
// undone, each has again what was theirs, save what was said of it since.
func TestWhatWasTakenAwayThereGoesHere(t *testing.T) {
	t.Parallel()
	since := map[string]time.Time{"style": early.Add(time.Hour)}
	declared, imported := preferences.Declared, preferences.Imported
	for name, c := range map[string]struct {
		ours   preferences.Preference
		theirs preferences.Contact
		want   bool
	}{
		"taken away since":             {likes("office", declared, early), preferences.Contact{Declined: since}, false},
		"told since":                   {likes("office", declared, early.Add(2*time.Hour)), preferences.Contact{Declined: since}, true},
		"never the customer's word":    {likes("office", imported, early), preferences.Contact{Declined: since}, true},
		"not to be asked, but told so": {likes("office", declared, early), preferences.Contact{Declined: since, Preferences: map[string]preferences.Preference{"style": likes("sporty", declared, early.Add(-1))}}, true},
	} {
		for again, declines := range map[string]bool{"": false, ", and declined here after": true} {
			t.Run(name+again, func(t *testing.T) {
				t.Parallel()
				s, a, b := pair(t, preferences.Contact{Preferences: map[string]preferences.Preference{"style": c.ours}}, c.theirs)
				s.prove(b)
				if _, has := a.state.Contact.Preferences["style"]; has != c.want {
					t.Errorf("%+v", a.state.Contact.Preferences)
				}
				if declines {
					a.state.Contact.Declined = map[string]time.Time{"style": s.now.Add(time.Minute)}
				}
				s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
				s.post.deliverAll()
				if got, has := a.state.Contact.Preferences["style"]; has == (declines && !c.want) || has && got.Value.Text != "office" {
					t.Errorf("parted: %+v", a.state.Contact.Preferences)
				}
				if _, has := b.state.Contact.Declined["style"]; !has {
					t.Error("they would rather not say")
				}
			})
		}
	}
}

// TestAFullYoungerOneGoesIn: whom others have come in to takes no more than one place, whichever of the two was told first.
func TestAFullYoungerOneGoesIn(t *testing.T) {
	t.Parallel()
	for _, first := range []int{0, 1} {
		s, a, b := pair(t, preferences.Contact{}, preferences.Contact{})
		for _, id := range []string{"a", "b", "c", "d"} {
			b.state.Merges = append(b.state.Merges, campaigns.Merge{Peer: campaigns.Peer{Contact: id}, Came: early})
		}
		from, also := lan, chat
		if first == 1 {
			from, also = chat, lan
		}
		s.step(s.people[first], campaigns.Event{Kind: campaigns.Linked, From: from, Also: also, Account: "bot"})
		s.post.deliverAll()
		if into := b.state.Into; into == nil || into.Contact != "c1" || len(a.state.Merges) != 1 {
			t.Errorf("told %d first: %+v", first, b.ledger)
		}
	}
}

// many are addresses of a contact.
func many(n int) (list []address.Address) {
	for i := range n {
		list = append(list, address.Address{Scheme: "viber", ID: fmt.Sprint("v", i, "-", n)})
	}
	return list
}

// TestTooManyAddresses: two contacts that have more addresses than one may have stay two, and both ledgers say why.
func TestTooManyAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		older, younger int
		merged         bool
	}{{14, 0, true}, {15, 0, false}, {1, 14, false}, {7, 7, true}, {8, 7, false}} {
		s, a, b := pair(t, preferences.Contact{}, preferences.Contact{})
		a.state.Contact.Addresses = append(a.state.Contact.Addresses, many(c.older)...)
		b.state.Contact.Addresses = append(b.state.Contact.Addresses, many(c.younger)...)
		s.step(b, campaigns.Event{Kind: campaigns.Linked, From: chat, Also: lan, Account: "bot", Channel: address.Telegram})
		s.post.deliverAll()
		merged := b.state.Into != nil
		if merged != c.merged || len(a.state.Contact.Addresses) > 16 {
			t.Errorf("%d and %d: merged %v, %d addresses", c.older, c.younger, merged, len(a.state.Contact.Addresses))
		}
		for _, p := range s.people {
			last := p.ledger[len(p.ledger)-1]
			if refused := last.Kind == preferences.EntryNotLinked && last.Reason == "too_many_addresses"; refused == c.merged {
				t.Errorf("%d and %d: %s says %+v", c.older, c.younger, p.state.ID, last)
			}
		}
	}
}

// TestAddressesCameInBetween: where the older contact was given addresses while the younger was on its way to it, the younger
// goes back, with all its addresses.
func TestAddressesCameInBetween(t *testing.T) {
	t.Parallel()
	s, a, b := pair(t, preferences.Contact{}, preferences.Contact{})
	b.state.Contact.Addresses = append(b.state.Contact.Addresses, many(3)...)
	s.step(b, campaigns.Event{Kind: campaigns.Linked, From: chat, Also: lan, Account: "bot", Channel: address.Telegram})
	for b.state.Into == nil {
		s.post.deliver(s.post.next()[0])
	}
	a.state.Contact.Addresses = append(a.state.Contact.Addresses, many(14)...)
	s.post.deliverAll()
	last := a.ledger[len(a.ledger)-1]
	if b.state.Into != nil || len(b.state.Contact.Addresses) != 4 || len(a.state.Contact.Addresses) != 15 || last.Reason != "too_many_addresses" {
		t.Errorf("%+v %d addresses, %+v", b.state.Into, len(a.state.Contact.Addresses), last)
	}
	if last := b.ledger[len(b.ledger)-1]; last.Kind != preferences.EntryUnmerged || last.Reason != "too_many_addresses" {
		t.Errorf("the younger is not told why: %+v", last)
	}
	// What they wrote meanwhile is still on its way to the older, who would take the address for its own.
	if to := a.state.Elsewhere(campaigns.Event{Kind: campaigns.MessageIn, From: chat, Via: "c2"}); to != "c2" {
		t.Errorf("it goes to %q", to)
	}
	s.step(b, campaigns.Event{Kind: campaigns.EraseContact})
	s.post.deliverAll()
	if len(a.state.Merges) != 0 {
		t.Errorf("who was erased is remembered: %+v", a.state.Merges)
	}
}

// TestWhatIsUnderWayIsSettledWhereItBegan: a receipt that names only the provider's id finds the contact that has come in,
// and what a provider says there of the person is the person's.
func TestWhatIsUnderWayIsSettledWhereItBegan(t *testing.T) {
	t.Parallel()
	s, a, b := pair(t, preferences.Contact{}, preferences.Contact{Consents: []preferences.Consent{{Purpose: "marketing", Granted: true, At: early}}})
	sms := address.Address{Scheme: "tel", ID: "+84912345678"}
	b.state.Contact.Addresses = append(b.state.Contact.Addresses, sms)
	s.post.led[sms] = "c2"
	s.step(b, campaigns.Event{Kind: campaigns.RunAsk, Campaign: "autumn", Run: "r1"})
	s.sendAll(b)
	s.prove(b)
	s.step(a, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Theirs: b.state.Messages[0].Theirs[0], Status: "delivered", At: s.now}})
	s.post.deliverAll()
	if got := b.state.Messages[0].Status; got != "delivered" || s.counts["r1"][campaigns.CountDelivered] != 1 {
		t.Errorf("it is %s, %v", got, s.counts["r1"])
	}
	s.step(b, campaigns.Event{Kind: campaigns.Reported, Report: &campaigns.Report{Ours: b.state.Messages[0].ID, Status: "failed", Stopped: true, At: s.now}})
	s.post.deliverAll()
	if a.state.Contact.Suppressed == nil || a.state.Conversation != nil {
		t.Errorf("%+v", a.state)
	}
}

// TestNoAddressOutlivesAnErasure: neither in the record of somebody who was parted while another stayed, nor in one whose
// counterpart gave way to newer ones.
func TestNoAddressOutlivesAnErasure(t *testing.T) {
	t.Parallel()
	viber := address.Address{Scheme: "viber", ID: "v"}
	s, a, b := pair(t, preferences.Contact{}, preferences.Contact{})
	s.prove(b)
	a.state.Merges = append(a.state.Merges, campaigns.Merge{Peer: campaigns.Peer{Contact: "c3"}, Came: early, Took: preferences.Contact{Addresses: []address.Address{viber}}})
	a.state.Contact.Addresses = append(a.state.Contact.Addresses, viber)
	s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
	s.post.deliverAll()
	if len(b.state.Merges) != 1 || !slices.Contains(b.state.Merges[0].Took.Addresses, viber) {
		t.Fatalf("%+v", b.state.Merges)
	}
	erased := s.step(a, campaigns.Event{Kind: campaigns.MergedErased, Peer: &campaigns.Peer{Contact: "c3"}})
	s.post.deliverAll()
	if len(erased.Ledger) != 1 || erased.Ledger[0].Kind != preferences.EntryUnmerged || erased.Ledger[0].Reason != "erased" {
		t.Errorf("%+v", erased.Ledger)
	}
	if len(b.state.Merges) != 0 {
		t.Errorf("what stayed is remembered: %+v", b.state.Merges)
	}

	s, a, b = pair(t, preferences.Contact{}, preferences.Contact{})
	s.prove(b)
	s.step(b, campaigns.Event{Kind: campaigns.EraseContact})
	s.post.deliverAll()
	if last := a.ledger[len(a.ledger)-1]; len(a.state.Merges) != 0 || last.Kind != preferences.EntryUnmerged || last.Reason != "erased" {
		t.Errorf("%+v: %+v", a.state.Merges, last)
	}

	s, a, b = pair(t, preferences.Contact{}, preferences.Contact{})
	s.prove(b)
	for _, id := range []string{"c4", "c5", "c6", "c7"} {
		a.state.Merges = append(a.state.Merges, campaigns.Merge{Peer: campaigns.Peer{Contact: id}, Came: early, Undone: early})
	}
	s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
	s.post.deliverAll()
	if len(b.state.Merges) != 1 {
		t.Fatalf("%+v", b.state.Merges)
	}
	a.state.Into = &campaigns.Into{Contact: "c8"}
	s.step(a, campaigns.Event{Kind: campaigns.Unmerged, Peer: &campaigns.Peer{Contact: "c8"}, Back: &campaigns.Back{Addresses: []address.Address{lan}}})
	s.post.deliverAll() // the record of c2 has given way
	if len(b.state.Merges) != 0 {
		t.Errorf("who is not remembered any more remembers: %+v", b.state.Merges)
	}
}

// TestWhatWasTakenAwayStaysAway where somebody turns out to be who had said it elsewhere before; what they said since comes along.
func TestWhatWasTakenAwayStaysAway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		away time.Time
		want bool
	}{
		"said before it was taken away": {early.Add(time.Hour), false},
		"said since":                    {early.Add(-time.Hour), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := preferences.Preference{Attribute: "style", Kind: preferences.Choice, Class: preferences.Declared, Value: preferences.Value{Kind: preferences.Choice, Text: "office"}, Confidence: 1, Evidence: preferences.Evidence{Text: "2", MessageID: "m1", Channel: "sms", Account: "sms", Campaign: "autumn", Question: "style", At: early}}
			s, a, b := pair(t, preferences.Contact{Declined: map[string]time.Time{"style": c.away}}, preferences.Contact{Preferences: map[string]preferences.Preference{"style": told}})
			s.goesIn(b)
			if _, has := a.state.Contact.Preferences["style"]; has != c.want {
				t.Errorf("%+v", a.state.Contact.Preferences)
			}
			s.post.deliverAll()
			s.step(a, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: "c2"}})
			s.post.deliverAll()
			if _, has := b.state.Contact.Preferences["style"]; !has {
				t.Error("each has again what was theirs")
			}
		})
	}
}
