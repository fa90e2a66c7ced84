package campaigns_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// fatal is what a simulation needs of a test; *testing.T and *rapid.T both have it.
type fatal interface {
	Fatalf(format string, args ...any)
}

// sim plays the engine and the sender: it applies outcomes, answers claims out of shared pools, stores and reloads the
// state between steps, and checks after each step what must always hold.
type sim struct {
	t      fatal
	w      *campaigns.World
	now    time.Time
	people []*person
	pools  map[string][]string
	given  map[string]int // pieces of each offer's budget
	claims map[string]campaigns.Claimed
	counts map[string]map[campaigns.CountName]int64
	events int
	wrote  map[string]bool // what customers ever wrote
	post   *post
	ads    map[address.Address][]time.Time // when ads left for telephone numbers
	erased bool                            // somebody was
}

type person struct {
	state  campaigns.State
	queue  []campaigns.Outbound
	sent   []campaigns.Outbound
	dead   []campaigns.Outbound // given up
	ledger []preferences.Entry
	inbox  []campaigns.InboxItem
	given  []offers.Given
}

func newSim(t testing.TB, f fatal, names ...string) *sim {
	s := &sim{
		t: f, w: world(t), now: time.Date(2026, 12, 5, 10, 0, 0, 0, saigon), given: map[string]int{},
		pools: map[string][]string{"office-20": {"AAA", "BBB", "CCC"}},
		wrote: map[string]bool{}, ads: map[address.Address][]time.Time{},
		claims: map[string]campaigns.Claimed{}, counts: map[string]map[campaigns.CountName]int64{},
	}
	s.post = newPost(s)
	for _, n := range names {
		s.people = append(s.people, &person{state: campaigns.State{ID: n}})
	}
	return s
}

// step handles one event as the engine does, and returns what came of it.
func (s *sim) step(p *person, e campaigns.Event) campaigns.Outcome {
	s.events++
	if e.Kind == campaigns.MessageIn {
		s.wrote[e.Text], s.wrote[e.Payload] = true, true
	}
	if e.ID == "" {
		e.ID = fmt.Sprintf("e%d", s.events)
	}
	if e.At.IsZero() {
		e.At = s.now
	}
	out := s.run(p, e, nil)
	for claims := map[string]campaigns.Claimed{}; len(out.Needs) > 0; {
		if len(claims) > 50 {
			s.t.Fatalf("claims have no end")
		}
		for _, c := range out.Needs {
			claims[c.Key] = s.claim(c)
		}
		again := s.run(p, e, claims)
		if out = out.Resume(claims); !reflect.DeepEqual(plain(again), plain(out)) {
			s.t.Fatalf("%s goes on otherwise than it runs again:\n%+v\n%+v", e.Kind, out, again)
		}
	}
	if was := p.state; out.Idle && !reflect.DeepEqual(was, out.State) {
		s.t.Fatalf("%s says that nothing came of it:\n%+v\n%+v", e.Kind, was, out.State)
	}
	s.apply(p, out)
	s.check(p, e, out)
	return out
}

// run calls Step twice, and sees that it changes none of its arguments and gives the same answer.
func (s *sim) run(p *person, e campaigns.Event, claims map[string]campaigns.Claimed) campaigns.Outcome {
	before := fmt.Sprintf("%+v", describe(p.state, e))
	out := campaigns.Step(s.w, p.state, e, s.now, claims)
	if after := fmt.Sprintf("%+v", describe(p.state, e)); after != before {
		s.t.Fatalf("%s changed its arguments:\n%s\n%s", e.Kind, before, after)
	}
	if again := campaigns.Step(s.w, p.state, e, s.now, claims); !reflect.DeepEqual(plain(again), plain(out)) {
		s.t.Fatalf("%s is not deterministic:\n%+v\n%+v", e.Kind, out, again)
	}
	return out
}

// plain leaves out what cannot be compared.
func plain(o campaigns.Outcome) campaigns.Outcome {
	o.Resume = nil
	return o
}

func describe(s campaigns.State, e campaigns.Event) string {
	b, err := json.Marshal([]any{s, e})
	if err != nil {
		return err.Error()
	}
	if s.Contact != nil {
		p, _ := json.Marshal(s.Contact.Preferences)
		b = append(b, p...)
	}
	return string(b)
}

func (s *sim) claim(c campaigns.Claim) campaigns.Claimed {
	if got, ok := s.claims[c.Key]; ok {
		return got
	}
	got := campaigns.Claimed{OK: true}
	switch {
	case c.Budget > 0 && s.given[c.Offer] >= c.Budget:
		got = campaigns.Claimed{Reason: "budget_spent"}
	case c.Pool != "" && len(s.pools[c.Pool]) == 0:
		got = campaigns.Claimed{Reason: "pool_empty"}
	case c.Pool != "":
		got.Code, s.pools[c.Pool] = s.pools[c.Pool][0], s.pools[c.Pool][1:]
	}
	if got.OK {
		s.given[c.Offer]++
	}
	s.claims[c.Key] = got
	return got
}

func (s *sim) apply(p *person, out campaigns.Outcome) {
	for _, c := range out.Counts {
		if s.counts[c.Run] == nil {
			s.counts[c.Run] = map[campaigns.CountName]int64{}
		}
		s.counts[c.Run][c.Name] += c.Delta
	}
	p.given = append(p.given, out.Given...)
	s.post.take(p, out)
	if out.Erase {
		s.erased = true
		for _, a := range out.Suppress {
			delete(s.ads, a)
		}
		p.state = campaigns.State{ID: p.state.ID, Listed: true}
		p.queue, p.ledger, p.inbox = nil, nil, nil
		return
	}
	listed := p.state.Listed && len(out.Unsuppress) == 0
	if out.Withdraw {
		p.queue = slices.DeleteFunc(p.queue, func(o campaigns.Outbound) bool { return o.Class == campaigns.ClassAd })
	}
	p.queue = slices.DeleteFunc(p.queue, func(o campaigns.Outbound) bool { return slices.Contains(out.TakeBack, o.ID) })
	for i := range p.queue {
		if slices.ContainsFunc(out.Hasten, func(m campaigns.Message) bool { return m.ID == p.queue[i].ID }) {
			p.queue[i].NotBefore = s.now
		}
	}
	p.queue = append(p.queue, out.Send...)
	p.ledger = append(p.ledger, out.Ledger...)
	p.inbox = slices.DeleteFunc(append(p.inbox, out.Inbox...), func(i campaigns.InboxItem) bool {
		return slices.ContainsFunc(out.Close, func(c campaigns.Closed) bool { return c.ID == i.ID && c.Reason == i.Reason })
	})
	p.state = s.reload(out.State)
	p.state.Listed = listed
}

// reload stores the state and reads it back, so that what a test relies on is what a store keeps.
func (s *sim) reload(st campaigns.State) campaigns.State {
	prefs := map[string]preferences.Preference{}
	if st.Contact != nil {
		s.through(st.Contact.Preferences, &prefs)
	}
	var back campaigns.State
	s.through(st, &back)
	if back.Contact != nil {
		back.Contact.Preferences = prefs
	}
	return back
}

func (s *sim) through(from, to any) {
	raw, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		s.t.Fatalf("storing: %v", err)
	}
}

// send lets the sender take the oldest message that may leave: it asks the gate again, and reports what it did.
func (s *sim) send(p *person, status string) {
	i := slices.IndexFunc(p.queue, func(o campaigns.Outbound) bool { return !o.NotBefore.After(s.now) })
	if i < 0 {
		return
	}
	o := p.queue[i]
	p.queue = slices.Delete(p.queue, i, i+1)
	was := "queued"
	if o.Held {
		was = "held"
	}
	d := &campaigns.Dispatch{Message: o.ID, Status: status, Run: o.Run, First: o.First, Was: was, Ad: adTo(o)}
	v := s.w.May(&o, p.state.Contact, p.state.Taken, p.state.Ads, s.now)
	switch v.Action {
	case compliance.Drop:
		d.Status, d.Reason = "not_sent", v.Reason
	case compliance.Defer:
		o.NotBefore, o.Held = v.Until, true
		p.queue = slices.Insert(p.queue, i, o)
		d.Status, d.Reason, d.Until = "held", v.Reason, v.Until
	default:
		if status == "sent" {
			d.Theirs = []string{"X" + o.ID}
			p.sent = append(p.sent, o)
			s.adLeaves(o)
			if o.Class == campaigns.ClassAd && p.state.Contact.Suppressed != nil {
				s.t.Fatalf("an ad left after the opt-out: %s", o.Text)
			}
			if x := p.state.Taken; x != nil && !o.Person && o.Proof == "" && o.Class != campaigns.ClassControl {
				s.t.Fatalf("%s talks to the customer, and this left: %s", x.By, o.Text)
			}
		} else {
			d.Reason = "recipient"
		}
	}
	s.step(p, campaigns.Event{Kind: campaigns.Dispatched, Sent: d})
	if d.Status == "failed" {
		p.dead = append(p.dead, o)
	}
}

// adTo is whom an ad goes to.
func adTo(o campaigns.Outbound) (to address.Address) {
	if o.Class == campaigns.ClassAd {
		to = o.To
	}
	return to
}

// adLeaves holds ads to Vietnam's rule: three to a telephone number within any 24 hours (VN-10).
func (s *sim) adLeaves(o campaigns.Outbound) {
	if o.Class != campaigns.ClassAd || o.To.Scheme != address.Tel {
		return
	}
	left := append(s.ads[o.To], s.now)
	if n := len(left); n > 3 && s.now.Sub(left[n-4]) < 24*time.Hour {
		s.t.Fatalf("four ads to %s within 24 hours: %v", o.To, left[n-4:])
	}
	s.ads[o.To] = left
}

// adStays: the newest of those to its number did not leave after all.
func (s *sim) adStays(o campaigns.Outbound) {
	if left := s.ads[adTo(o)]; len(left) > 0 {
		s.ads[o.To] = left[:len(left)-1]
	}
}

// replay has the oldest dead letter again.
func (s *sim) replay(p *person) campaigns.Outcome {
	o := p.dead[0]
	p.dead = p.dead[1:]
	return s.step(p, campaigns.Event{Kind: campaigns.Replayed, Account: o.Account, Resend: &o})
}

// sendAll lets the sender take everything that may leave.
func (s *sim) sendAll(p *person) {
	may := func(o campaigns.Outbound) bool { return !o.NotBefore.After(s.now) }
	for range 100 {
		if !slices.ContainsFunc(p.queue, may) {
			return
		}
		s.send(p, "sent")
	}
}

// due is when what is awaited comes: "remind", "more", "expire", "start", "proof", "lease", or "" for whichever is first. Zero: never.
func due(st campaigns.State, what string) time.Time {
	conv := st.Conversation
	switch {
	case what == "lease" && st.Taken != nil:
		return st.Taken.Until
	case what == "lease", st.Taken != nil && what != "" && what != "proof": // a person talks: everything waits
		return time.Time{}
	case what == "":
		return st.Wake()
	case what == "start":
		st.Conversation, st.Proof = nil, nil
		return st.Wake()
	case what == "proof":
		st.Conversation, st.Waiting, st.Taken = nil, nil, nil
		return st.Wake()
	case conv == nil:
	case what == "remind":
		return conv.Remind
	case what == "expire":
		return conv.Expires
	case what == "more" && conv.Unfinished != nil:
		return conv.Unfinished.Until
	}
	return time.Time{}
}

// ring lets the clock go on to when something is due.
func (s *sim) ring(p *person, what string) {
	at := due(p.state, what)
	if at.IsZero() {
		return
	}
	if at.After(s.now) {
		s.now = at
	}
	s.step(p, campaigns.Event{Kind: campaigns.TimerDue})
}

// check is what must hold after every step.
func (s *sim) check(p *person, e campaigns.Event, out campaigns.Outcome) {
	s.checkCounts(e)
	s.checkCodes()
	s.checkEvidence(p)
	s.checkTaken(p, e, out)
	if len(p.state.Open) > campaigns.KeepOpen || len(p.state.Waiting) > 8 || len(p.state.Messages) > campaigns.KeepMessages || len(p.state.Early) > 8 || len(p.state.Ads) > 16*s.w.Pack.Cap.Most {
		s.t.Fatalf("%s: a list has outgrown its bound", e.Kind)
	}
	waits := slices.ContainsFunc(p.state.Waiting, func(w campaigns.Waiting) bool { return w.NotBefore.IsZero() })
	if c := p.state.Contact; c != nil && c.Suppressed != nil && (p.state.Conversation != nil || waits) {
		s.t.Fatalf("%s: suppressed, and yet something is open or waits", e.Kind)
	}
	s.checkTalk(p)
	s.checkProof(p)
	s.checkMerged(p)
	if c := p.state.Conversation; c != nil && c.Expires.IsZero() {
		s.t.Fatalf("%s: a conversation that never ends", e.Kind)
	}
	s.checkWake(p, e)
	if e.Kind == campaigns.MessageIn && len(out.Send) == 0 && !out.Erase && !explained(out.Ledger) {
		s.t.Fatalf("silence to %q", e.Text)
	}
	ids := map[string]bool{}
	for _, o := range append(slices.Clone(p.queue), p.sent...) {
		if ids[o.ID] {
			s.t.Fatalf("two messages are called %s", o.ID)
		}
		ids[o.ID] = true
		if o.Text == "" {
			s.t.Fatalf("%s: an empty message", e.Kind)
		}
	}
}

// checkWake: what is due is done when its time comes, so that no timer rings for ever.
func (s *sim) checkWake(p *person, e campaigns.Event) {
	wake := p.state.Wake()
	if e.Kind == campaigns.TimerDue && !wake.IsZero() && !wake.After(s.now) {
		s.t.Fatalf("woken at %v, and to be woken at %v again", s.now, wake)
	}
	for _, what := range []string{"remind", "expire", "more", "start", "proof", "lease"} {
		if at := due(p.state, what); !at.IsZero() && (wake.IsZero() || wake.After(at)) {
			s.t.Fatalf("%s is due at %v, and nobody wakes before %v", what, at, wake)
		}
	}
}

// checkTalk: what was asked back is of the open question, and is nobody's preference yet.
func (s *sim) checkTalk(p *person) {
	conv := p.state.Conversation
	if e := p.state.Ended; e != nil && (p.state.Contact.Suppressed != nil || e.Conversation.Maybe != nil || s.now.Sub(e.At) > 24*time.Hour) {
		s.t.Fatalf("a conversation that is over is kept: %+v", e)
	}
	if conv == nil {
		return
	}
	if u := conv.Unfinished; u != nil && u.Until.Sub(u.Since) > 20*time.Second {
		s.t.Fatalf("the customer waits too long: %+v", u)
	}
	if m := conv.Maybe; m != nil && (m.Evidence.Question != conv.Question || m.Evidence.Run != conv.Run || m.Class != "") {
		s.t.Fatalf("%s was asked back about %+v", conv.Question, m)
	}
}

// checkTaken: while a person talks to the customer the gateway begins nothing, and what the customer writes is theirs to see.
func (s *sim) checkTaken(p *person, e campaigns.Event, out campaigns.Outcome) {
	if x := p.state.Taken; x == nil || p.state.Contact == nil {
		return
	} else if e.Kind == campaigns.MessageIn && s.now.Before(x.Until) && slices.ContainsFunc(out.Send, func(o campaigns.Outbound) bool { return o.Question != "" }) {
		s.t.Fatalf("%s talks to the customer, and %v was asked beside it", x.By, out.Send)
	}
	for _, o := range p.state.Open {
		if !slices.ContainsFunc(p.inbox, func(i campaigns.InboxItem) bool { return i.ID == o.ID }) {
			s.t.Fatalf("%s is open, and not in the inbox", o.ID)
		}
	}
}

// checkProof: a proof has an end, and its code stands in nothing that is kept.
func (s *sim) checkProof(p *person) {
	pr, c := p.state.Proof, p.state.Contact
	if pr == nil {
		return
	}
	if c == nil || c.Suppressed != nil || p.state.Into != nil || pr.Tries >= 5 || pr.Message == "" || pr.Expires.IsZero() || len(p.state.Proofs) > 3 {
		s.t.Fatalf("a proof is under way that ought to be over: %+v", pr)
	}
	said := slices.DeleteFunc(slices.Clone(p.ledger), func(e preferences.Entry) bool {
		return e.Kind == preferences.EntryReceived || e.Kind == preferences.EntryInbox // what else the customer writes, they write
	})
	kept, err := json.Marshal([]any{p.state, said, p.queue})
	if err != nil {
		s.t.Fatalf("%v", err)
	}
	if code := codeOf(pr.ID); pr.By == campaigns.ByCode && s.now.Before(pr.Expires) && strings.Contains(string(kept), code) {
		s.t.Fatalf("the code %s is kept: %s", code, kept)
	}
}

// explained: the reasons for which a customer may go without an answer.
func explained(ledger []preferences.Entry) bool {
	return slices.ContainsFunc(ledger, func(e preferences.Entry) bool {
		return e.Kind == preferences.EntryInbox && e.Reason == "taken_over" || e.Kind == preferences.EntryUnclear && e.Reason == "waits_for_more" || e.Kind == preferences.EntryNotSent &&
			slices.Contains([]string{"answered_today", "stop_confirmed_before", "provider_confirmed", "no_route"}, e.Reason)
	})
}

// checkCounts is I11: at every moment each of a run's audience is in exactly one place.
func (s *sim) checkCounts(e campaigns.Event) {
	for run, c := range s.counts {
		places := []campaigns.CountName{
			campaigns.CountQueued, campaigns.CountHeld, campaigns.CountSent, campaigns.CountFailed, campaigns.CountExcluded,
		}
		var sum int64
		for _, name := range places {
			if c[name] < 0 {
				s.t.Fatalf("%s: run %s: %s is %d", e.Kind, run, name, c[name])
			}
			sum += c[name]
		}
		if sum != c[campaigns.CountAudience] {
			s.t.Fatalf("%s: run %s: audience %d, but %v", e.Kind, run, c[campaigns.CountAudience], c)
		}
		if c[campaigns.CountDelivered] > c[campaigns.CountAudience] || c[campaigns.CountAnswered] > c[campaigns.CountAsked] {
			s.t.Fatalf("%s: run %s: %v", e.Kind, run, c)
		}
	}
}

// checkCodes is I5: a code has one owner, and no more is given than the budget allows.
func (s *sim) checkCodes() {
	owner, given, talks := map[string]string{}, map[string]int{}, map[string]bool{}
	for _, p := range s.people {
		for _, g := range p.given {
			o := s.w.Offers[g.Offer]
			given[g.Offer]++
			if talks[g.Conversation] {
				s.t.Fatalf("conversation %s was repaid twice", g.Conversation)
			}
			talks[g.Conversation] = true
			if o.Budget > 0 && given[g.Offer] > o.Budget {
				s.t.Fatalf("offer %s was given %d times", g.Offer, given[g.Offer])
			}
			if who, ok := owner[g.Code]; o.Pool != "" && (g.Code == "" || ok) {
				s.t.Fatalf("code %q: %s and %s", g.Code, who, g.Conversation)
			}
			if o.Pool != "" {
				owner[g.Code] = g.Conversation
			}
		}
	}
}

// checkEvidence is I6: what is called declared stands in a message of the customer's own.
func (s *sim) checkEvidence(p *person) {
	if p.state.Contact == nil {
		return
	}
	for a, x := range p.state.Contact.Preferences {
		if x.Class == preferences.Declared && (x.Evidence.Text == "" || x.Evidence.Question == "" || x.Confidence < 0.85) {
			s.t.Fatalf("preference %s has no evidence: %+v", a, x)
		}
		for line := range strings.SplitSeq(x.Evidence.Text, "\n") {
			if x.Evidence.Rule == "person" && (!s.wrote[line] || x.Evidence.By == "") {
				s.t.Fatalf("preference %s was not said by the customer: %+v", a, x)
			}
		}
	}
}
