package chaos

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
)

// Finding is one promise that was broken.
type Finding struct {
	Law   string // I1 to I11, or silence
	Phone string // whose story shows it; empty: nobody's
	What  string
}

// Verdict is what the oracle says of a history.
type Verdict struct {
	Findings     []Finding
	Acknowledged int // messages, events and receipts that were acknowledged
	Shown        int // messages on phones, each once
	Lost         int // acknowledged, and nowhere to be found
	Doubled      int // applied or shown twice without a word of it
	Repeated     int // shown twice where the class allows it and the ledger says so
	Silent       int // customers' messages that nothing answers or explains
	Judged       int // customers whose whole story was held against the promises
	Unjudged     int // customers of whom the API did not say what it knows: nothing is proven as long as there is one
}

// adMargin is how long after an opt-out was committed an ad may still arrive: the gate was asked just before, and the
// request was on its way. On two busy cores with processes starting all around, that way takes up to a second or so.
// While a gateway stands still its requests do, too, so that such time is not counted.
const adMargin = 2 * time.Second

// Oracle holds what was seen against the invariants: one customer after the other, whose story need not be kept
// afterwards, and at the end what only all of them together tell.
type Oracle struct {
	Verdict
	pauses []Span            // in the order of their beginnings
	owner  map[string]string // by code: the phone of whoever has it
	gifts  map[string]int64  // by offer: how often it was given
	places map[string]*place // by run
	guests []guest
}

// place is what all ledgers and phones together tell of a run.
type place struct {
	shown, unknown int64 // messages on phones, and those of them that are called failed since nobody could tell
	waiting        int64 // customers whose turn has not come
}

// guest is somebody whom each run of their group has to come to.
type guest struct {
	phone, group string
	known        time.Time
	runs         map[string]bool // that did
}

// NewOracle makes an oracle for a run in which gateways stood still during pauses, in the order of their beginnings.
func NewOracle(pauses []Span) *Oracle {
	return &Oracle{pauses: pauses, owner: map[string]string{}, gifts: map[string]int64{}, places: map[string]*place{}}
}

// Judge holds a history against the invariants.
func Judge(h *History) Verdict {
	o := NewOracle(h.Pauses)
	for _, p := range h.People {
		o.Hear(p)
	}
	return o.End(h)
}

// Hear judges a customer's story, and remembers of it what the end asks for. It reports whether every promise was kept.
func (o *Oracle) Hear(p *Person) (kept bool) {
	before := len(o.Findings)
	o.judgePerson(o.pauses, p)
	o.codes(p)
	o.gave(p)
	o.placed(p)
	o.invited(p)
	return len(o.Findings) == before
}

// End judges what is everybody's: offers and runs. Of the history's people it asks nothing.
func (o *Oracle) End(h *History) Verdict {
	o.budgets(h)
	o.runs(h)
	return o.Verdict
}

func (v *Verdict) judgePerson(pauses []Span, p *Person) {
	v.Acknowledged += len(p.Posted) + len(p.Told)
	for _, w := range p.Wrote {
		if !w.Acked.IsZero() {
			v.Acknowledged++
		}
	}
	if p.Unread {
		v.Unjudged++
		v.find("unread", p, "their ledger could not be read: nothing is known of them")
		return
	}
	v.Judged++
	if p.Gone {
		if p.ID != "" {
			v.Lost++
			v.find("I1", p, "the contact was acknowledged as %s, and nobody has this address", p.ID)
		}
		return
	}
	if p.Edit < p.Edited || p.Edit > p.Editing {
		v.Lost++
		v.find("I1", p, "the edit %d was acknowledged, %d was tried, and %d is in force", p.Edited, p.Editing, p.Edit)
	}
	v.received(p)
	v.order(p)
	v.events(p)
	v.receipts(p)
	v.applied(p)
	v.shown(p)
	v.leaveInOrder(p)
	v.ads(pauses, p)
	v.answers(p)
	v.evidence(p)
}

func (v *Verdict) find(law string, p *Person, format string, args ...any) {
	f := Finding{Law: law, What: fmt.Sprintf(format, args...)}
	if p != nil {
		f.Phone = p.Phone
	}
	v.Findings = append(v.Findings, f)
}

// received: every acknowledged message is in the ledger, exactly once (I1, I2).
func (v *Verdict) received(p *Person) {
	times := map[string]int{}
	for _, e := range p.entries(kindReceived) {
		times[e.messageID()]++
	}
	for _, w := range p.Wrote {
		switch n := times[w.SID]; {
		case n == 0 && !w.Acked.IsZero():
			v.Lost++
			v.find("I1", p, "the message %s (%q) was acknowledged at %s and is not in the ledger", w.SID, w.Text, clock(w.Acked))
		case n > 1:
			v.Doubled++
			v.find("I2", p, "the message %s (%q) is in the ledger %d times", w.SID, w.Text, n)
		}
		delete(times, w.SID)
	}
	for sid := range times {
		v.find("I1", p, "the ledger has a message %s that was never written", sid)
	}
}

// order: messages stand in the ledger in the order in which they were acknowledged (I3).
func (v *Verdict) order(p *Person) {
	at := map[string]int{}
	for i, w := range p.Wrote {
		at[w.SID] = i
	}
	last := -1
	for _, e := range p.entries(kindReceived) {
		i, ok := at[e.messageID()]
		if !ok {
			continue
		}
		if i < last {
			v.find("I3", p, "the message %s was handled after %s, which was written later", p.Wrote[i].SID, p.Wrote[last].SID)
		}
		last = max(last, i)
	}
}

// events: what the shop told is in the ledger, exactly once (I1, I2).
func (v *Verdict) events(p *Person) {
	times := map[string]int{}
	for _, e := range p.entries(kindEvent) {
		times[strings.TrimPrefix(e.Event, "event:")]++
	}
	for _, id := range p.Posted {
		switch n := times[id]; {
		case n == 0:
			v.Lost++
			v.find("I1", p, "the event %s was acknowledged and is not in the ledger", id)
		case n > 1:
			v.Doubled++
			v.find("I2", p, "the event %s is in the ledger %d times", id, n)
		}
	}
}

// receipts: a receipt of delivery that was acknowledged is in the ledger, and none is there twice (I1, I2).
func (v *Verdict) receipts(p *Person) {
	delivered := map[string]int{}
	for _, e := range p.entries(kindDelivered) {
		delivered[e.Message]++
	}
	for id, n := range delivered {
		if n > 1 {
			v.Doubled++
			v.find("I2", p, "the delivery of %s is in the ledger %d times", id, n)
		}
	}
	unknown := p.unknown()
	for _, r := range p.Told {
		if p.Blind && unknown[r.Message] {
			continue // the provider's id came with the answer that was lost
		}
		if r.Status == "delivered" && r.Message != "" && delivered[r.Message] == 0 && p.remembers(r) {
			v.Lost++
			v.find("I1", p, "the delivery of %s was acknowledged and is not in the ledger", r.Message)
		}
	}
}

// keptMessages is how many of its messages a contact's state remembers: receipts of older ones change nothing.
const keptMessages = 16

// remembers reports whether the contact's state still had the message when its receipt came.
func (p *Person) remembers(r Receipt) bool {
	later := 0
	for id, e := range p.queued() {
		if sequence(id) > sequence(r.Message) && e.At.Before(r.Acked) {
			later++
		}
	}
	return later < keptMessages
}

// applied: no event, however often it came, changed anything twice (I2).
func (v *Verdict) applied(p *Person) {
	times := map[string]int{}
	for _, e := range p.Ledger {
		switch e.Kind {
		case kindPreference: // a message may answer several questions
			times["preference.changed for "+e.Question+" by "+e.Event]++
		case kindOffered, kindSuppressed, kindUnsuppressed:
			times[e.Kind+" by "+e.Event]++
		case kindQueued:
			times["queueing of "+e.Message]++
		case kindAsked:
			times["question "+e.Question+" of "+e.Run+" by "+e.Event]++
		}
	}
	for what, n := range times {
		if n > 1 {
			v.Doubled++
			v.find("I2", p, "%s: %d times", what, n)
		}
	}
}

// mostShown is how often an answer may be on the phone where nobody can tell whether the provider took it: it is repeated once.
const mostShown = 2

// shown: no message is on the phone twice, but for answers that the ledger owns up to (I5).
func (v *Verdict) shown(p *Person) {
	queued, owned := p.queued(), p.unsure()
	maps.Copy(owned, p.unknown()) // the repeat's outcome was not known either
	times := map[string]int{}
	for _, g := range p.Got {
		times[g.Message]++
		if times[g.Message] > 1 {
			continue
		}
		v.Shown++
		if _, ok := queued[g.Message]; !ok {
			v.find("I5", p, "the phone shows %s (%q), which the ledger never queued", g.Message, g.Text)
		}
	}
	for id, n := range times {
		class := queued[id].Class
		switch {
		case n == 1:
		case owned[id] && n <= mostShown && (class == "reply" || class == "control"):
			v.Repeated += n - 1
		default:
			v.Doubled++
			v.find("I5", p, "the phone shows %s, of class %s, %d times", id, class, n)
		}
	}
	v.shownByText(p)
}

// shownByText: one step's message does not come under two ids either: the same words to the same event.
func (v *Verdict) shownByText(p *Person) {
	seen := map[[2]string]string{}
	for _, e := range p.entries(kindQueued) {
		k := [2]string{e.Event, e.Text}
		if first, twice := seen[k]; twice && first != e.Message && e.Event != "" {
			v.Doubled++
			v.find("I5", p, "the event %s was answered with the same words by %s and %s", e.Event, first, e.Message)
		}
		seen[k] = e.Message
	}
}

// leaveInOrder: answers leave in the order in which they were queued (I3). Ads may be held and overtaken, and what nobody
// could tell of may have been on its way for longer than it was waited for.
func (v *Verdict) leaveInOrder(p *Person) {
	queued, seen := p.queued(), p.unknown()
	last, lastID := int64(-1), ""
	for _, g := range p.Got {
		if seen[g.Message] || queued[g.Message].Class == classAd || queued[g.Message].Class == "" {
			continue
		}
		seen[g.Message] = true
		if n := sequence(g.Message); n < last {
			v.find("I3", p, "the phone shows %s before %s, which was queued earlier", lastID, g.Message)
		} else {
			last, lastID = n, g.Message
		}
	}
}

// sequence is the number of a message among its contact's.
func sequence(message string) int64 {
	n, err := strconv.ParseInt(message[strings.LastIndexByte(message, '.')+1:], 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// ads: none is queued while the customer has opted out, and none arrives later than just after the opt-out (I4).
func (v *Verdict) ads(pauses []Span, p *Person) {
	var out []Span
	for _, e := range p.Ledger {
		open := len(out) > 0 && out[len(out)-1].To.IsZero()
		switch {
		case e.Kind == kindSuppressed && !open:
			out = append(out, Span{From: e.At})
		case e.Kind == kindUnsuppressed && open:
			out[len(out)-1].To = e.At
		case (e.Kind == kindQueued || e.Kind == kindHeld) && e.Class == classAd && e.Reason == "" && open:
			v.find("I4", p, "the ad %s was queued after the opt-out of %s", e.Message, clock(out[len(out)-1].From))
		}
	}
	queued := p.queued()
	for _, g := range p.Got {
		if queued[g.Message].Class != classAd {
			continue
		}
		for _, s := range out {
			if late := g.Asked.Sub(s.From) - standing(pauses, s.From, g.Asked); late > adMargin && (s.To.IsZero() || g.Asked.Before(s.To)) {
				v.find("I4", p, "the ad %s came %s after the opt-out of %s", g.Message, g.Asked.Sub(s.From).Round(time.Millisecond), clock(s.From))
			}
		}
	}
}

// standing is how much of the time between from and to some gateway stood still.
func standing(pauses []Span, from, to time.Time) (sum time.Duration) {
	at := from
	for _, s := range pauses { // in the order of their beginnings
		begin, end := s.From, s.To
		if begin.Before(at) {
			begin = at
		}
		if end.After(to) {
			end = to
		}
		if d := end.Sub(begin); d > 0 {
			sum, at = sum+d, end
		}
	}
	return sum
}

// answers: no customer who wrote was met with silence. Their message led to an answer that reached the phone, or the
// ledger says why not.
func (v *Verdict) answers(p *Person) {
	on, ended := map[string]bool{}, p.ended()
	for _, g := range p.Got {
		on[g.Message] = true
	}
	heard := map[string]bool{} // events that something answers or explains
	refused := map[string]bool{}
	for _, e := range p.entries(kindNotSent, kindFailed) {
		refused[e.Message] = true
	}
	var pieces []string // events that wait for the rest of what they say
	hear := func(event string) {
		heard[event] = true
		for _, piece := range pieces {
			heard[piece] = true
		}
		pieces = nil
	}
	for _, e := range p.Ledger {
		if e.Kind == kindUnclear && e.Reason == waitsForMore {
			pieces = append(pieces, e.Event)
		}
		switch {
		case e.Kind == kindNotSent && e.Message == "":
			hear(e.Event)
		case e.Kind == kindQueued && e.Class != classAd:
			if on[e.Message] || refused[e.Message] {
				hear(e.Event)
			}
			if !ended[e.Message] {
				v.find("I5", p, "nobody says what became of %s (%q)", e.Message, e.Text)
			}
		case e.Kind == kindFailed && strings.HasPrefix(e.Reason, "gave_up"):
			v.find("silence", p, "%s was given up: %s", e.Message, e.Reason)
		}
	}
	for _, e := range p.entries(kindReceived) {
		if !heard[e.Event] {
			v.Silent++
			v.find("silence", p, "the message %s (%q) was met with silence", e.messageID(), e.Text)
		}
	}
	for _, e := range p.entries(kindSent) {
		if !on[e.Message] {
			v.Lost++
			v.find("I5", p, "%s is called sent, and the phone does not show it", e.Message)
		}
	}
}

// evidence: what is called declared rests on the customer's own messages, one a line (I6).
func (v *Verdict) evidence(p *Person) {
	for _, x := range p.Preferences {
		if x.Class != "declared" {
			continue
		}
		if !p.wrote(x.Evidence.MessageID, strings.Split(x.Evidence.Text, "\n")) {
			v.find("I6", p, "%s rests on %q (%s), which the customer never wrote", x.Attribute, x.Evidence.Text, x.Evidence.MessageID)
		}
	}
}

func clock(t time.Time) string { return t.Format("15:04:05.000") }
