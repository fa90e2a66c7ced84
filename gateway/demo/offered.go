package demo

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// offered is what was considered to be given back, and what was chosen.
type offered struct {
	Decided  bool      `json:"decided"` // false: these are the candidates, before the last answer
	At       time.Time `json:"at,omitzero"`
	Verdict  string    `json:"verdict"`
	Campaign string    `json:"campaign,omitempty"`
	List     []offer   `json:"list"`
}

// offer is one offer with the conditions that speak for and against it.
type offer struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Code     string `json:"code,omitempty"`
	Chosen   bool   `json:"chosen"`
	Eligible bool   `json:"eligible"`
	Reason   string `json:"reason,omitempty"`
	Priority int    `json:"priority"`
	Stock    string `json:"stock,omitempty"`
	Terms    []term `json:"terms"`
}

// considered is one line of an offer entry's detail.
type considered struct {
	Offer    string `json:"offer"`
	Eligible bool   `json:"eligible"`
	Reason   string `json:"reason"`
	Terms    []struct {
		Source string `json:"source"`
		Held   bool   `json:"held"`
		Saw    string `json:"saw"`
	} `json:"terms"`
}

// offered shows the newest decision, or the candidates where nothing has been decided since the open conversation began.
func (n names) offered(v control.ContactView, entries []preferences.Entry, stock []control.OfferView) offered {
	e, ok := lastOf(entries, preferences.EntryOffered, preferences.EntryNoOffer)
	if !ok || v.Conversation != nil && e.At.Before(v.Conversation.Started) {
		return n.candidates(v, stock)
	}
	out := offered{Decided: true, At: e.At, List: []offer{}, Campaign: n.campaign(e.Campaign)}
	var all []considered
	field(e, "considered", &all)
	if len(all) == 0 && e.Offer != "" {
		all = []considered{{Offer: e.Offer, Eligible: true}}
	}
	for _, c := range all {
		out.List = append(out.List, n.weigh(e, c, stock))
	}
	slices.SortStableFunc(out.List, byChance)
	out.Verdict = n.offerVerdict(e)
	return out
}

func (n names) offerVerdict(e preferences.Entry) string {
	if e.Kind == preferences.EntryOffered {
		return n.lang.say("offers.given")
	}
	if e.Reason == "" {
		return n.lang.say("offers.none")
	}
	return n.lang.say("offers.none_because", "reason", n.lang.known("reason", e.Reason))
}

// weigh is one offer that the decision e looked at.
func (n names) weigh(e preferences.Entry, c considered, stock []control.OfferView) offer {
	chosen, code := e.Kind == preferences.EntryOffered && e.Offer == c.Offer, noCode
	if s := text(e, "code"); chosen && s != "" {
		code = s
	}
	o := n.describe(c.Offer, code, stock)
	o.Chosen, o.Eligible = chosen, c.Eligible
	o.Terms = []term{}
	for _, t := range c.Terms {
		w := term{Source: t.Source, Plain: n.plain(t.Source), Held: &t.Held}
		if t.Saw != "" && telling(t.Source, t.Held) {
			w.Saw = n.saw(t.Saw)
		}
		o.Terms = append(o.Terms, w)
	}
	switch {
	case o.Chosen:
		o.Reason = n.lang.say("offers.chosen")
	case c.Reason != "":
		o.Reason = n.lang.known("reason", c.Reason)
	case c.Eligible:
		o.Reason = n.lang.say("offers.outranked")
	default:
		o.Reason = n.lang.say("offers.unmet")
	}
	return o
}

// candidates are the offers of the open campaign, or all of them, with conditions that wait for answers.
func (n names) candidates(v control.ContactView, stock []control.OfferView) offered {
	out := offered{Verdict: n.lang.say("offers.possible"), List: []offer{}}
	if v.Conversation != nil {
		out.Verdict = n.lang.say("offers.waiting")
	}
	var only []string
	if v.Conversation != nil && n.world != nil {
		if c := n.world.Campaigns[v.Conversation.Campaign]; c != nil {
			only, out.Campaign = c.Offers, c.Name
		}
	}
	for _, s := range stock {
		if only != nil && !slices.Contains(only, s.ID) {
			continue
		}
		o := n.describe(s.ID, noCode, stock)
		o.Terms = append([]term{}, n.conditions(s.When)...)
		out.List = append(out.List, o)
	}
	slices.SortStableFunc(out.List, byChance)
	return out
}

// describe is what the catalogue says of an offer, with the code that was given.
func (n names) describe(id, code string, stock []control.OfferView) offer {
	o := offer{ID: id}
	if code != noCode {
		o.Code = code
	}
	for _, s := range stock {
		if s.ID == id {
			o.Text, o.Priority, o.Stock = n.filled(s.Text, code), s.Priority, n.stock(s)
		}
	}
	return o
}

// stock is how much of an offer is left; empty where nothing limits it, as nobody counts it then.
func (n names) stock(s control.OfferView) string {
	switch {
	case s.Budget > 0:
		return n.lang.say("offers.budget", "given", n.number(float64(s.Given), ""), "budget", n.number(float64(s.Budget), ""))
	case s.Pool != "" && s.CodesLeft != nil:
		return n.lang.say("offers.codes", "n", n.number(float64(*s.CodesLeft), ""))
	}
	return ""
}

// byChance puts the chosen offer first, then eligible ones, then by priority.
func byChance(a, b offer) int {
	rank := func(o offer) int {
		switch {
		case o.Chosen:
			return 2
		case o.Eligible:
			return 1
		}
		return 0
	}
	if d := rank(b) - rank(a); d != 0 {
		return d
	}
	return b.Priority - a.Priority
}

// lastOf is the newest entry of one of the kinds.
func lastOf(entries []preferences.Entry, kinds ...preferences.EntryKind) (preferences.Entry, bool) {
	for _, e := range slices.Backward(entries) {
		if slices.Contains(kinds, e.Kind) {
			return e, true
		}
	}
	return preferences.Entry{}, false
}
