package simulator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Carrier is what an account can carry.
type Carrier struct {
	Capabilities adapters.Capabilities
	Lighten      bool
}

// Stage is where talks are played.
type Stage struct {
	World    *campaigns.World
	Carriers map[string]Carrier // by account
}

// Bubble is a message as it shows on the customer's phone.
type Bubble struct {
	At      time.Time
	Mine    bool     // the customer wrote it
	Text    string   // as the campaign has it
	Parts   []string // as the channel shows it
	Options []string // that it shows as buttons
	Class   string
	Losses  []string // what became simpler: options, parts, marks
}

// Withheld is a message that did not go, or not yet.
type Withheld struct {
	Text   string
	Class  string
	Reason string
	Until  time.Time // zero: it never goes
}

// Step is what came of one move.
type Step struct {
	Move     Move
	At       time.Time
	Bubbles  []Bubble
	Withheld []Withheld
	Ledger   []preferences.Entry
	Offers   []offers.Considered
	Inbox    []campaigns.InboxItem
	Problem  string // what was expected and did not come, or the other way round
}

// Talk is what came of a script.
type Talk struct {
	Steps []Step // the first is the campaign's beginning
	State campaigns.State
	Now   time.Time
	Wake  time.Time // when the gateway would do something of its own accord; zero: never
	Known []Known
	World *campaigns.World
}

// Known is a preference as people read it.
type Known struct{ Name, Attribute, Value string }

// Failed reports whether anything came otherwise than expected.
func (t Talk) Failed() bool {
	return slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Problem != "" })
}

// player plays one talk.
type player struct {
	Stage
	script Script
	route  campaigns.Route
	from   address.Address
	state  campaigns.State
	now    time.Time
	queue  []campaigns.Outbound
	events int
	last   *campaigns.Event // the last message in
	codes  map[string]campaigns.Claimed
	step   Step

	refused string // why there is no such contact
}

// Play plays a script. An error says what of the script is not there.
func (st Stage) Play(s Script) (Talk, error) {
	p := &player{Stage: st, script: s, now: s.At, state: campaigns.State{ID: "c0-simulated"}, codes: map[string]campaigns.Claimed{}}
	if err := p.prepare(); err != nil {
		return Talk{}, err
	}
	var t Talk
	moves := s.Moves
	first := Move{Verb: "begins"}
	if len(moves) > 0 && moves[0].Verb == Wait && moves[0].Wait == 0 && moves[0].Checked { // what is expected of the beginning
		first, moves = moves[0], moves[1:]
		first.Verb = "begins"
	}
	t.Steps = append(t.Steps, p.play(first, p.begins))
	if p.refused != "" {
		return Talk{}, errors.New(p.refused)
	}
	for _, m := range moves {
		t.Steps = append(t.Steps, p.play(m, func() { p.moves(m) }))
	}
	t.State, t.Now, t.Wake, t.Known, t.World = p.state, p.now, p.wake(), p.known(), p.World
	return t, nil
}

// play does one move, lets go what may leave, and holds it against what was expected.
func (p *player) play(m Move, do func()) Step {
	p.step = Step{Move: m, At: p.now}
	do()
	p.sendAll()
	p.step.Problem = p.unexpected(m)
	return p.step
}

// moves does one move.
func (p *player) moves(m Move) {
	in := campaigns.Event{Kind: campaigns.MessageIn, From: p.from, Account: p.route.Account, Channel: p.route.Channel, Text: m.Text}
	switch m.Verb {
	case Says:
		p.writes(in)
	case Taps:
		in.Text, in.Payload = "", m.Text
		p.writes(in)
	case Late:
		in.At = p.now.Add(-m.Wait)
		p.writes(in)
	case Again:
		if p.last != nil {
			p.step.Withheld = append(p.step.Withheld, Withheld{Text: p.last.Text, Reason: "repeated"})
		}
	case Wait:
		p.pass(p.now.Add(m.Wait))
	case Event:
		p.happens(campaigns.Event{Kind: campaigns.Occurred, From: p.from, Type: m.Text})
	case TakeOver:
		p.happens(campaigns.Event{Kind: campaigns.TakenOver, Act: &campaigns.Act{By: somebody}})
	case HandBack:
		p.happens(campaigns.Event{Kind: campaigns.HandedBack, Act: &campaigns.Act{By: somebody}})
	}
}

// somebody is the one of the brand's people who takes a conversation over.
const somebody = "simulator"

// writes is a message of the customer's.
func (p *player) writes(in campaigns.Event) {
	in.MessageID = fmt.Sprint("in", p.events)
	text := in.Text
	if in.Payload != "" {
		text = p.optionOf(in.Payload)
	}
	p.step.Bubbles = append(p.step.Bubbles, Bubble{At: p.now, Mine: true, Text: text, Parts: []string{text}})
	p.last = &in
	p.happens(in)
}

// optionOf is what stands on the button of an option.
func (p *player) optionOf(payload string) string {
	if open := p.World.Pending(p.state, p.now); open != nil {
		if n, err := strconv.Atoi(payload); err == nil && n >= 1 && n <= len(open.Options) {
			return open.Options[n-1]
		}
	}
	return payload
}

// happens runs the step, with made-up codes for what it gives away.
func (p *player) happens(e campaigns.Event) campaigns.Result {
	p.events++
	e.ID = fmt.Sprint("simulated", p.events)
	if e.At.IsZero() {
		e.At = p.now
	}
	out := campaigns.Step(p.World, p.state, e, p.now, nil)
	for claims := map[string]campaigns.Claimed{}; len(out.Needs) > 0 && len(claims) < 100; {
		for _, c := range out.Needs {
			claims[c.Key] = p.claimed(c)
		}
		out = out.Resume(claims)
	}
	p.take(out)
	return out.Result
}

// claimed gives a code that nobody can use.
func (p *player) claimed(c campaigns.Claim) campaigns.Claimed {
	got, ok := p.codes[c.Key]
	if !ok {
		got = campaigns.Claimed{OK: true}
		if c.Pool != "" {
			got.Code = fmt.Sprintf("TEST-%04d", len(p.codes)+1)
		}
		p.codes[c.Key] = got
	}
	return got
}

// take keeps what came of a step.
func (p *player) take(out campaigns.Outcome) {
	for _, e := range out.Ledger {
		p.step.Ledger = append(p.step.Ledger, e)
		if considered, ok := e.Detail["considered"].([]offers.Considered); ok {
			p.step.Offers = considered
		}
		switch e.Kind {
		case preferences.EntryNotSent, preferences.EntryNotAsked:
			p.step.Withheld = append(p.step.Withheld, Withheld{Text: e.Text, Class: e.Class, Reason: e.Reason})
		case preferences.EntryHeld:
			until, _ := e.Detail["until"].(time.Time)
			p.step.Withheld = append(p.step.Withheld, Withheld{Text: e.Text, Class: e.Class, Reason: e.Reason, Until: until})
		}
	}
	p.step.Inbox = append(p.step.Inbox, out.Inbox...)
	if out.Erase {
		p.state, p.queue = campaigns.State{ID: p.state.ID, Listed: true}, nil
		return
	}
	if out.Withdraw {
		p.queue = slices.DeleteFunc(p.queue, func(o campaigns.Outbound) bool { return o.Class == campaigns.ClassAd })
	}
	p.queue = slices.DeleteFunc(p.queue, func(o campaigns.Outbound) bool { return slices.Contains(out.TakeBack, o.ID) })
	for i := range p.queue {
		if slices.ContainsFunc(out.Hasten, func(m campaigns.Message) bool { return m.ID == p.queue[i].ID }) {
			p.queue[i].NotBefore = p.now
		}
	}
	p.queue, p.state = append(p.queue, out.Send...), out.State
}

// sendAll lets go what may leave now.
func (p *player) sendAll() {
	for range movesMax {
		i := slices.IndexFunc(p.queue, func(o campaigns.Outbound) bool { return !o.NotBefore.After(p.now) })
		if i < 0 {
			break
		}
		o := p.queue[i]
		p.queue = slices.Delete(p.queue, i, i+1)
		p.send(o)
	}
}

// send asks the gate once more, as the sender does, and shows the message on the phone.
func (p *player) send(o campaigns.Outbound) {
	d := &campaigns.Dispatch{Message: o.ID, Status: "sent", Run: o.Run, First: o.First, Was: "queued"}
	if o.Held {
		d.Was = "held"
	}
	switch v := p.World.May(&o, p.state.Contact, p.state.Taken, p.state.Ads, p.now); v.Action {
	case compliance.Drop:
		d.Status, d.Reason = "not_sent", v.Reason
	case compliance.Defer:
		o.NotBefore, o.Held = v.Until, true
		d.Status, d.Reason, d.Until = "held", v.Reason, v.Until
		p.queue = append(p.queue, o)
	default:
		d.Theirs = []string{"X" + o.ID}
		p.step.Bubbles = append(p.step.Bubbles, p.shown(o))
	}
	p.happens(campaigns.Event{Kind: campaigns.Dispatched, Sent: d})
}

// shown is a message as the channel shows it.
func (p *player) shown(o campaigns.Outbound) Bubble {
	o = p.World.Fill(o)
	b := Bubble{At: p.now, Text: o.Text, Class: o.Class}
	m := adapters.Message{ID: o.ID, To: o.To, Class: adapters.Class(o.Class), Text: o.Text}
	for _, x := range o.Options {
		m.Options = append(m.Options, adapters.Option{Payload: x.Payload, Label: x.Label})
		b.Text += "\n(" + x.Payload + ") " + x.Label
	}
	carrier, ok := p.Carriers[o.Account]
	if !ok {
		carrier.Capabilities.Options.Max = p.script.Options
	}
	var losses []adapters.Loss
	if carrier.Lighten {
		m, losses = adapters.Lighten(m, o.Fixed...)
	}
	parts, more, err := adapters.Fit(m, carrier.Capabilities)
	if err != nil {
		b.Parts, b.Losses = []string{m.Text}, []string{"message"}
		return b
	}
	for _, l := range append(losses, more...) {
		b.Losses = append(b.Losses, string(l))
	}
	for _, part := range parts {
		b.Parts = append(b.Parts, part.Text)
		for _, x := range part.Options {
			b.Options = append(b.Options, x.Label)
		}
	}
	return b
}

// pass lets time go by: timers ring and what was held leaves, each at its time.
func (p *player) pass(to time.Time) {
	for range 1000 {
		at := p.wake()
		if at.IsZero() || at.After(to) {
			break
		}
		if at.After(p.now) {
			p.now = at
		}
		if wake := p.state.Wake(); !wake.IsZero() && !wake.After(p.now) {
			p.happens(campaigns.Event{Kind: campaigns.TimerDue})
		}
		p.sendAll()
	}
	p.now = to
}

// wake is when the gateway does something of its own accord.
func (p *player) wake() time.Time {
	at := p.state.Wake()
	for _, o := range p.queue {
		if o.NotBefore.After(p.now) && (at.IsZero() || o.NotBefore.Before(at)) {
			at = o.NotBefore
		}
	}
	return at
}

// known is what the contact has told.
func (p *player) known() (list []Known) {
	if p.state.Contact == nil {
		return nil
	}
	for _, a := range slices.Sorted(maps.Keys(p.state.Contact.Preferences)) {
		k := Known{Attribute: a}
		k.Name, k.Value = p.World.Told(p.state, p.state.Contact.Preferences[a])
		list = append(list, k)
	}
	return list
}

// says reports whether what was told is what was wanted, of which " ..." at the end leaves the rest open.
func says(told, want string) bool {
	begin, open := strings.CutSuffix(want, " ...")
	return told == want || open && strings.HasPrefix(told, begin)
}

// unexpected is the first thing that came otherwise than the move expects; "" where all is as it should be.
func (p *player) unexpected(m Move) string {
	if !m.Checked {
		return ""
	}
	var told []string
	for _, b := range p.step.Bubbles {
		if !b.Mine {
			told = append(told, b.Text)
		}
	}
	for i, want := range m.Expects {
		if i >= len(told) {
			return fmt.Sprintf("expected %q, and nothing was said", want)
		}
		if !says(told[i], want) {
			return fmt.Sprintf("expected %q, and it was %q", want, told[i])
		}
	}
	if len(told) > len(m.Expects) && len(m.Expects) > 0 {
		return fmt.Sprintf("also said, which was not expected: %q", told[len(m.Expects)])
	}
	for _, want := range m.Knows {
		if !slices.ContainsFunc(p.known(), func(k Known) bool { return k.Attribute+" = "+k.Value == want }) {
			return fmt.Sprintf("expected that %s is known, and it is not", want)
		}
	}
	return ""
}
