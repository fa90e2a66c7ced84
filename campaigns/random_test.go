package campaigns_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// crowd is a simulation under random events: replies, repeats, timers, reports, edits, runs, in any order. What must
// hold after each of them is in sim.check.
type crowd struct {
	*sim
	rt     *rapid.T
	flying []flight // handed to the provider; the sender's word on them has yet to come
	runs   int
	came   map[string]bool // runs and people that they came to
	twice  map[string]bool // runs that came to somebody twice, which no run really does
}

type flight struct {
	p *person
	o campaigns.Outbound
}

func TestRandomEvents(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := &crowd{sim: newSim(t, rt, "c1", "c2", "c3"), rt: rt, came: map[string]bool{}, twice: map[string]bool{}}
		if rapid.Bool().Draw(rt, "links") {
			c.w.ReplyLink = func(message string) string { return "https://x.example/l/" + message }
		}
		if rapid.Bool().Draw(rt, "windows") {
			c.w.Routes = append([]campaigns.Route{zaloChat, zns}, c.w.Routes...)
		}
		for i, p := range c.people {
			c.step(p, campaigns.Event{Kind: campaigns.Edit, From: c.home(i), Contact: parseEdit("name=Lan yes zalo=" + fmt.Sprint(i))})
		}
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			c.any()
		}
		c.post.deliverAll()
		c.post.atRest()
		c.sameAsCounted()
	})
}

func (c *crowd) home(i int) address.Address {
	return address.Address{Scheme: "tel", ID: fmt.Sprintf("+8490000000%d", i)}
}

func (c *crowd) any() {
	i := rapid.IntRange(0, len(c.people)-1).Draw(c.rt, "who")
	p := c.people[i]
	c.now = c.now.Add(time.Second) // no two events share a moment for long
	switch rapid.IntRange(0, 28).Draw(c.rt, "what") {
	case 0, 1, 2, 3:
		c.writes(i)
	case 4, 5:
		c.asks(p)
	case 6:
		c.sendAll(p)
	case 7:
		c.send(p, rapid.SampledFrom([]string{"sent", "failed"}).Draw(c.rt, "outcome"))
	case 8:
		c.takesOff(p)
	case 9:
		c.lands()
	case 10:
		c.reports(p)
	case 11:
		c.ring(p, rapid.SampledFrom([]string{"", "remind", "expire", "start", "more", "proof", "lease"}).Draw(c.rt, "due"))
	case 12:
		c.now = c.now.Add(time.Duration(rapid.IntRange(1, 30*60).Draw(c.rt, "minutes")) * time.Minute)
	case 13:
		c.edits(i)
	case 14:
		c.happens(i, campaigns.Event{Kind: campaigns.Occurred, From: c.home(i), Type: "order.returned", Data: map[string]any{"sku": "A1"}})
	case 15:
		c.rare(i)
	case 16, 17:
		if len(p.dead) > 0 {
			c.replay(p)
		}
	case 18:
		c.links(i)
	case 19, 20, 21:
		if places := c.post.next(); len(places) > 0 {
			c.post.deliver(rapid.SampledFrom(places).Draw(c.rt, "letter"))
		}
	case 22:
		c.unmerges()
	case 23:
		c.claims(i)
	case 24, 25:
		c.proves(i)
	case 26, 27, 28:
		c.acts(p)
	}
}

// acts: one of the brand's people does something about the contact, at times about an item that is long dealt with.
func (c *crowd) acts(p *person) {
	a := campaigns.Act{By: rapid.SampledFrom([]string{"Hoa", "Nam"}).Draw(c.rt, "by"), Text: "Dạ còn ạ"}
	if len(p.inbox) > 0 {
		i := rapid.SampledFrom(p.inbox).Draw(c.rt, "item")
		a.Item = &i
	} else if p.state.Contact != nil && rapid.Bool().Draw(c.rt, "stale") {
		a.Item = &campaigns.InboxItem{ID: "gone", Reason: "unclear", Text: "?", Campaign: "autumn", Question: "style"}
	}
	a.Value = preferences.Value{Kind: preferences.Choice, Text: rapid.SampledFrom([]string{"office", "sporty", "size", "m"}).Draw(c.rt, "value")}
	a.Declined = rapid.IntRange(0, 9).Draw(c.rt, "declined") == 0
	kind := rapid.SampledFrom([]campaigns.EventKind{campaigns.Settled, campaigns.Settled, campaigns.Said, campaigns.TakenOver, campaigns.HandedBack, campaigns.ItemDone}).Draw(c.rt, "act")
	before := p.state.Taken
	out := c.step(p, campaigns.Event{Kind: kind, Act: &a})
	if held := before != nil && c.now.Before(before.Until) && before.By != a.By; held && p.state.Into == nil && (out.Result.Refused == "" || len(out.Send) > 0) {
		c.t.Fatalf("%s talks to the customer, and %s did %s", before.By, a.By, kind)
	}
}

// takesAway: on their own page they take away what they told, and then it is gone; what others say stays.
func (c *crowd) takesAway(p *person) {
	attribute := rapid.SampledFrom([]string{"style", "budget", "gift", "return_reason"}).Draw(c.rt, "attribute")
	before := toldOf(p, attribute)
	c.step(p, campaigns.Event{Kind: campaigns.TakenAway, Account: campaigns.Web, Channel: address.Web, Attribute: attribute})
	if after := toldOf(p, attribute); p.state.Into == nil && before.Class == preferences.Declared && after.Class != "" || before.Class != preferences.Declared && after.Class != before.Class {
		c.t.Fatalf("they took away their %s, which was %s and is %s", attribute, before.Class, after.Class)
	}
}

func toldOf(p *person, attribute string) preferences.Preference {
	if p.state.Contact == nil {
		return preferences.Preference{}
	}
	return p.state.Contact.Preferences[attribute]
}

// links: somebody vouches that a person has an address: another person's, or nobody's.
func (c *crowd) links(i int) {
	j := rapid.IntRange(0, len(c.people)-1).Draw(c.rt, "also")
	also := rapid.SampledFrom([]address.Address{c.home(j), {Scheme: "zalo", ID: fmt.Sprint(j)}, {Scheme: "telegram", ID: fmt.Sprint(j)}}).Draw(c.rt, "address")
	c.happens(i, campaigns.Event{Kind: campaigns.Linked, From: c.home(i), Also: also, Account: "bot", Channel: address.Telegram})
}

// claims: the brand says that somebody has an address: another person's, or nobody's.
func (c *crowd) claims(i int) {
	j := rapid.IntRange(0, len(c.people)-1).Draw(c.rt, "claimed")
	also := rapid.SampledFrom([]address.Address{c.home(j), {Scheme: "zalo", ID: fmt.Sprint(j)}, {Scheme: "telegram", ID: fmt.Sprint(j)}}).Draw(c.rt, "address")
	p := c.people[i]
	asked := campaigns.Proof{ID: fmt.Sprint("proof", c.events), Also: also, By: rapid.SampledFrom([]string{"", "code", "link"}).Draw(c.rt, "by")}
	why, _ := c.w.WhyNotProve(p.state, asked, c.now)
	out := c.step(p, campaigns.Event{Kind: campaigns.Prove, Proof: &asked})
	if out.Result.Problem != why || (out.Result.Proof != nil) != (why == "") || slices.ContainsFunc(out.Send, func(o campaigns.Outbound) bool { return o.Proof != "" }) != (why == "") {
		c.t.Fatalf("the proof is refused with %q, which was to be %q", out.Result.Problem, why)
	}
}

// proves: the customer types the code, or a wrong one; or says on the link's page that it is them, at times too late.
func (c *crowd) proves(i int) {
	p := c.people[i]
	pr := p.state.Proof
	if pr == nil {
		return
	}
	if pr.By == campaigns.ByLink {
		c.step(p, campaigns.Event{Kind: campaigns.Proved, Proof: &campaigns.Proof{ID: pr.ID}})
		return
	}
	code := codeOf(pr.ID)
	e := campaigns.Event{Kind: campaigns.MessageIn, From: c.home(i), Account: "sms", Channel: address.SMS, MessageID: fmt.Sprint("SM", c.events)}
	e.Text = rapid.SampledFrom([]string{code, code[:3] + " " + code[3:], code + ".", "000001", "250.000"}).Draw(c.rt, "code")
	c.happens(i, e)
	if p.state.Proof == nil && p.state.Contact != nil && pr.Expires.After(c.now) && strings.Contains(fmt.Sprint(p.ledger), code) {
		c.t.Fatalf("the ledger tells the code %s: %+v", code, p.ledger)
	}
}

// unmerges undoes one of the merges that there are.
func (c *crowd) unmerges() {
	for _, p := range c.people {
		for _, m := range p.state.Merges {
			if m.Undone.IsZero() && rapid.Bool().Draw(c.rt, "this one") {
				c.step(p, campaigns.Event{Kind: campaigns.Unmerge, Peer: &campaigns.Peer{Contact: m.Contact}})
				return
			}
		}
	}
}

// at is whom an event from an address is about: whoever the address leads to, else the i-th person, who may be a contact
// anew; nil: that one has another place by now.
func (c *crowd) at(i int, from address.Address) *person {
	if id := c.post.led[from]; id != "" {
		p := c.post.person(id)
		if p.state.Contact == nil {
			return nil // it waits until the address leads to somebody
		}
		return p
	}
	if p := c.people[i]; p.state.Contact == nil && !c.post.spoken(p.state.ID) {
		return p
	}
	return nil
}

// happens lets an event happen to whoever its address leads to.
func (c *crowd) happens(i int, e campaigns.Event) {
	p := c.at(i, e.From)
	if p == nil {
		return
	}
	if other := p.state.Elsewhere(e); other != "" {
		c.post.under = append(c.post.under, letter{p.state.ID, campaigns.Told{Contact: other, Event: p.state.PassedOn(e)}})
		return
	}
	c.step(p, e)
}

func (c *crowd) writes(i int) {
	e := campaigns.Event{Kind: campaigns.MessageIn, From: c.home(i), Account: "sms", Channel: address.SMS, MessageID: fmt.Sprint("SM", c.events)}
	if rapid.Bool().Draw(c.rt, "zalo") {
		e.From, e.Account, e.Channel = address.Address{Scheme: "zalo", ID: fmt.Sprint(i)}, "zalo", address.Zalo
	}
	e.Text = rapid.SampledFrom([]string{
		"1", "2", "1", "2", "700000", "Có", "hmm", "cong xo", "the thoa", "đúng", "lan@gmial.com", "à nhầm, công sở", "đen", "à nhầm 1", "M", "size M, màu đen", "L và trắng, lan@vidu.vn", "em thích", "đừng nhắn", "công sở nha, mà ship bao nhiêu vậy?", "còn size không?", "bỏ qua", "", "TC", "STOP", "DK", "START", "HELP", "DATA", "FORGET", "AGENT",
	}).Draw(c.rt, "text")
	if rapid.IntRange(0, 3).Draw(c.rt, "tap") == 0 {
		e.Payload = rapid.SampledFrom([]string{"1", "2", "9", "x"}).Draw(c.rt, "payload")
	}
	e.Confirmed = rapid.IntRange(0, 9).Draw(c.rt, "confirmed") == 0
	c.happens(i, e)
}

func (c *crowd) asks(p *person) {
	if rapid.IntRange(0, 4).Draw(c.rt, "again") > 0 {
		c.runs++
	}
	campaign := rapid.SampledFrom([]string{"autumn", "gift", "club", "gone"}).Draw(c.rt, "campaign")
	e := campaigns.Event{
		Kind: campaigns.RunAsk, Run: fmt.Sprint(campaign, "-r", c.runs), Campaign: campaign,
		Local: rapid.SampledFrom([]string{"", "", "10:00", "nonsense"}).Draw(c.rt, "local"),
	}
	c.twice[e.Run] = c.twice[e.Run] || c.came[e.Run+p.state.ID]
	c.came[e.Run+p.state.ID] = true
	verdict := campaigns.Judge(c.w, p.state, e.Campaign, c.now)
	o := c.step(p, e)
	if e.Local == "" && !slices.ContainsFunc(o.Ledger, func(l preferences.Entry) bool { return l.Reason == "already_asked" }) {
		c.asJudged(verdict, e.Run, o)
	}
}

// asJudged holds what became of a run's question against the verdict before.
func (c *crowd) asJudged(v campaigns.Verdict, run string, o campaigns.Outcome) {
	counted := map[campaigns.CountName]int64{}
	for _, x := range o.Counts {
		if x.Run == run {
			counted[x.Name] += x.Delta
		}
	}
	one := func(yes bool) int64 {
		if yes {
			return 1
		}
		return 0
	}
	for name, want := range map[campaigns.CountName]int64{
		campaigns.CountAudience: one(v.In), campaigns.CountAsked: one(v.Asked), campaigns.CountExcluded: one(v.Excluded()), campaigns.CountHeld: one(v.Waits() || v.Asked && v.Reason != ""),
	} {
		if counted[name] != want {
			c.rt.Fatalf("%s is %d, and the verdict was %+v", name, counted[name], v)
		}
	}
}

// takesOff: the gate has let a message pass and the provider has it, but nobody has told the contact's log yet.
func (c *crowd) takesOff(p *person) {
	if len(p.queue) == 0 || p.queue[0].NotBefore.After(c.now) {
		return
	}
	o := p.queue[0]
	v := c.w.May(&o, p.state.Contact, p.state.Taken, p.state.Ads, c.now)
	if v.Action == compliance.Send && !(c.flies(p) && o.Class == campaigns.ClassAd) {
		c.adLeaves(o)
		p.queue = p.queue[1:]
		c.flying = append(c.flying, flight{p, o})
	}
}

// flies reports whether a message to the contact is in a provider's hands: the sender lets them go one after the other.
func (c *crowd) flies(p *person) bool {
	return slices.ContainsFunc(c.flying, func(f flight) bool { return f.p == p })
}

func (c *crowd) lands() {
	if len(c.flying) == 0 {
		return
	}
	f := c.flying[0]
	c.flying = c.flying[1:]
	was := "queued"
	if f.o.Held {
		was = "held"
	}
	d := &campaigns.Dispatch{Message: f.o.ID, Run: f.o.Run, First: f.o.First, Was: was, Ad: adTo(f.o)}
	d.Status = rapid.SampledFrom([]string{"sent", "sent", "failed", "not_sent"}).Draw(c.rt, "landing")
	d.Reason = rapid.SampledFrom([]string{"", "unknown_outcome", "recipient"}).Draw(c.rt, "reason")
	if d.Status == "not_sent" { // it was taken off the provider's hands
		c.adStays(f.o)
	}
	d.Stopped = rapid.IntRange(0, 9).Draw(c.rt, "stopped") == 0
	d.Theirs = []string{"X" + f.o.ID}
	e := campaigns.Event{Kind: campaigns.Dispatched, Sent: d}
	c.step(f.p, e)
	if d.Status == "failed" && d.Reason != "unknown_outcome" {
		f.p.dead = append(f.p.dead, f.o)
	}
	if f.p.state.Contact != nil && slices.ContainsFunc(f.p.state.Messages, func(m campaigns.Message) bool { return m.ID == d.Message }) {
		c.step(f.p, e) // the same word again changes no count
	}
}

func (c *crowd) reports(p *person) {
	r := &campaigns.Report{At: c.now, Stopped: rapid.IntRange(0, 9).Draw(c.rt, "stopped") == 0, Status: rapid.SampledFrom([]string{
		"queued", "sent", "delivered", "read", "failed", "undelivered", "nonsense",
	}).Draw(c.rt, "status")}
	var ids []string
	for _, m := range p.state.Messages {
		ids = append(ids, m.ID)
	}
	for _, f := range c.flying {
		ids = append(ids, f.o.ID)
	}
	ids = append(ids, "unknown")
	id := rapid.SampledFrom(ids).Draw(c.rt, "message")
	if r.Theirs = "X" + id; rapid.Bool().Draw(c.rt, "ours") {
		r.Ours, r.Theirs = id, ""
	}
	c.step(p, campaigns.Event{Kind: campaigns.Reported, Report: r})
}

func (c *crowd) edits(i int) {
	p := c.at(i, c.home(i))
	if p == nil || p.state.Elsewhere(campaigns.Event{Kind: campaigns.Edit, From: c.home(i)}) != "" {
		return
	}
	d := parseEdit(rapid.SampledFrom([]string{
		"yes", "no", "name=Mai", "locale=en", "timezone=America/New_York", "claim=imported", "claim=declared", "fact.city=Huế", "timezone=Nowhere",
	}).Draw(c.rt, "edit"))
	before := declared(p)
	out := c.step(p, campaigns.Event{Kind: campaigns.Edit, From: c.home(i), Contact: d})
	if after := declared(p); after != before {
		c.t.Fatalf("an edit changed what was declared: %s, %s", before, after)
	}
	if out.Result.Problem == "" && out.Result.Contact == "" {
		c.t.Fatalf("an edit without a result")
	}
}

func declared(p *person) string {
	s := ""
	if p.state.Contact == nil {
		return s
	}
	for _, a := range slices.Sorted(keys(p.state.Contact.Preferences)) {
		if x := p.state.Contact.Preferences[a]; x.Class == preferences.Declared {
			s += fmt.Sprint(a, x.Value.Text, x.Value.Bool, number(x.Value.Min), " ")
		}
	}
	return s
}

func (c *crowd) rare(i int) {
	e := campaigns.Event{From: c.home(i), Account: "sms", Channel: address.SMS}
	switch rapid.IntRange(0, 7).Draw(c.rt, "rare") {
	case 0:
		e.Kind = campaigns.ProviderOptOut
	case 1:
		e.Kind = campaigns.ProviderOptIn
	case 2:
		c.step(c.people[i], campaigns.Event{Kind: campaigns.EraseContact})
		return
	case 3: // the campaign file loses a question
		gift := *c.w.Campaigns["gift"]
		gift.Questions = nil
		c.w.Campaigns["gift"] = &gift
		return
	case 4:
		delete(c.w.Campaigns, "autumn")
		return
	case 5: // they write to an account with a window
		e.Kind, e.From, e.Account, e.Channel, e.Text = campaigns.MessageIn, address.Address{Scheme: "zalo", ID: fmt.Sprint(i)}, "oa", address.Zalo, "2"
	case 7:
		c.takesAway(c.people[i])
		return
	case 6: // no account is left that could carry anything
		c.w.Routes = nil
		return
	}
	c.happens(i, e)
}
