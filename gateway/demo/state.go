package demo

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/labstack/echo/v4"
)

// shownEntries is how much of a ledger the page shows.
const shownEntries = 150

// state is everything that the page shows about one contact, in one language.
type state struct {
	Lang        lang           `json:"lang"`
	Contact     card           `json:"contact"`
	Phone       []message      `json:"phone"`
	Suggestions []suggestion   `json:"suggestions"`
	Story       story          `json:"story"`
	Understood  *understood    `json:"understood"` // nil: no reply yet
	Preferences []preference   `json:"preferences"`
	Facts       []fact         `json:"facts"`
	Offers      offered        `json:"offers"`
	Ledger      []line         `json:"ledger"` // newest first
	Campaigns   []campaignRow  `json:"campaigns"`
	Fits        map[string]fit `json:"fits"` // by campaign: whether it would ask this contact
}

// card is who the phone belongs to.
type card struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Full     string    `json:"full"`    // with the family name, where the shop knows it
	Address  string    `json:"address"` // what the webhook takes as `from`
	Locale   string    `json:"locale"`
	Consents []consent `json:"consents"`
	Stopped  string    `json:"stopped,omitempty"` // why nothing is sent to them
	Open     string    `json:"open,omitempty"`    // the open question
}

type consent struct {
	Purpose string    `json:"purpose"`
	Granted bool      `json:"granted"`
	Source  string    `json:"source"`
	At      time.Time `json:"at"`
}

type fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// state answers with what the page shows about ?contact=.
func (d *demo) state(c echo.Context) error {
	s, err := d.look(c.Request().Context(), langOf(c.QueryParam("lang")), c.QueryParam("contact"))
	if err != nil {
		return problem(err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, s)
}

// look reads everything about one contact.
func (d *demo) look(ctx context.Context, l lang, id string) (state, error) {
	v, err := d.o.API.Contact(ctx, id)
	if err != nil {
		return state{}, err
	}
	prefs, err := d.o.API.Preferences(ctx, id)
	if err != nil {
		return state{}, err
	}
	entries, err := d.o.API.Ledger(ctx, id, shownEntries)
	if err != nil {
		return state{}, err
	}
	stock, err := d.o.API.Offers(ctx)
	if err != nil {
		return state{}, err
	}
	rows, err := d.strip(ctx, l)
	if err != nil {
		return state{}, err
	}
	n := d.names(l)
	n.customer = nameOf(v)
	return state{
		Lang: l, Contact: n.card(v), Phone: d.screen(l, v, entries), Suggestions: n.suggest(v),
		Story: n.story(v, entries), Understood: n.understood(entries),
		Preferences: n.preferences(prefs), Facts: n.facts(v.Facts),
		Offers: n.offered(v, entries, stock), Ledger: n.timeline(v, entries), Campaigns: rows,
		Fits: n.fits(v, prefs, time.Now()),
	}, nil
}

func (n names) card(v control.ContactView) card {
	c := card{ID: v.ID, Name: nameOf(v), Full: fullName(v), Address: phoneOf(v).String(), Locale: v.Locale, Consents: []consent{}}
	for _, purpose := range []string{preferences.Marketing, preferences.Profiling} {
		if r, ok := v.Consent(purpose); ok {
			c.Consents = append(c.Consents, consent{Purpose: n.lang.known("purpose", r.Purpose), Granted: v.Consented(purpose),
				Source: n.lang.known("source", r.Source), At: r.At})
		}
	}
	if v.Suppressed != nil {
		c.Stopped = n.lang.known("reason", v.Suppressed.Reason)
	}
	if v.Conversation != nil {
		c.Open = n.about(v.Conversation.Campaign, v.Conversation.Question)
	}
	return c
}

func nameOf(v control.ContactView) string {
	if v.Name == "" {
		return phoneOf(v).ID
	}
	return v.Name
}

// fullName tells people of the same given name apart: the family name comes first.
func fullName(v control.ContactView) string {
	family, _ := v.Facts["family_name"].(string)
	if v.Name == "" || family == "" {
		return nameOf(v)
	}
	return family + " " + v.Name
}

// phoneOf is the address whose phone the page plays: the first phone number, else the home address.
func phoneOf(v control.ContactView) address.Address {
	for _, a := range v.Addresses {
		if a.Scheme == "tel" {
			return a
		}
	}
	if len(v.Addresses) > 0 {
		return v.Addresses[0]
	}
	return address.Address{}
}

// facts are the first-party data that fit on a line, by name.
func (n names) facts(m map[string]any) []fact {
	out := []fact{}
	for k, x := range m {
		switch x.(type) {
		case map[string]any, []any, nil:
			continue
		}
		if k == "family_name" {
			continue // part of the name that is shown
		}
		var raw any
		field(preferences.Entry{Detail: m}, k, &raw)
		out = append(out, fact{Name: n.lang.known("fact", k), Value: n.raw(k, factKind(x), raw)})
	}
	slices.SortFunc(out, func(a, b fact) int { return compareFold(a.Name, b.Name) })
	return out
}

// factKind keeps words as they are: facts have no options to look up.
func factKind(x any) preferences.Kind {
	if _, ok := x.(string); ok {
		return preferences.Text
	}
	return ""
}

// preference is one preference with its proof.
type preference struct {
	Attribute  string    `json:"attribute"`
	Label      string    `json:"label"`
	Value      string    `json:"value"`
	Class      string    `json:"class"`
	ClassLabel string    `json:"class_label"`
	ClassWhy   string    `json:"class_why"`
	Percent    int       `json:"percent"`
	Quote      []piece   `json:"quote"`
	Question   string    `json:"question"`
	Campaign   string    `json:"campaign"`
	Channel    string    `json:"channel"`
	At         time.Time `json:"at"`
	FreshUntil time.Time `json:"fresh_until,omitzero"`
}

// preferences are shown newest first.
func (n names) preferences(ps []preferences.Preference) []preference {
	out := make([]preference, 0, len(ps))
	for _, p := range ps {
		e := p.Evidence
		out = append(out, preference{
			Attribute: p.Attribute, Label: n.attribute(p.Attribute), Value: n.value(p.Attribute, p.Value),
			Class: string(p.Class), ClassLabel: n.lang.known("class", string(p.Class)),
			ClassWhy: n.lang.known("classwhy", string(p.Class)), Percent: percent(p.Confidence),
			Quote: highlight(e.Text, e.Words), Question: n.asked(e.Campaign, e.Question),
			Campaign: n.campaign(e.Campaign), Channel: n.lang.known("channel", e.Channel),
			At: e.At, FreshUntil: p.FreshUntil,
		})
	}
	slices.SortStableFunc(out, func(a, b preference) int { return b.At.Compare(a.At) })
	return out
}

// suggestion is a reply to try, and what makes it worth trying.
type suggestion struct {
	Text string `json:"text"`
	Why  string `json:"why"`
}

// suggest proposes replies to the open question, easy ones first, and always one that is no answer and the word that
// stops; to nobody's question, what customers may ask for at any time.
func (n names) suggest(v control.ContactView) []suggestion {
	out := []suggestion{}
	for _, r := range n.replies(v) {
		out = append(out, suggestion{Text: r.text, Why: n.lang.say("try." + r.shows)})
	}
	return out
}

func (n names) replies(v control.ContactView) []reply {
	c := v.Conversation
	switch {
	case v.Suppressed != nil:
		return whenStopped(v.Locale)
	case c == nil:
		return anytime(v.Locale)
	}
	q := n.question(c.Campaign, c.Question)
	if q == nil {
		q = &campaigns.Question{}
	}
	return repliesTo(q.Ask, v.Locale)
}
