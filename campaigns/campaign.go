// Package campaigns is what is asked, of whom and when, and the step: what one event does to one contact. It is pure.
package campaigns

import (
	"iter"
	"slices"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// Texts is one text by locale ("vi", "en").
type Texts map[string]string

// In is the text for locale, else the brand's first language, else any (the alphabetically first).
func (t Texts) In(locale, fallback string) string {
	if s, ok := t[locale]; ok {
		return s
	}
	if s, ok := t[fallback]; ok {
		return s
	}
	first := ""
	for l := range t {
		if first == "" || l < first {
			first = l
		}
	}
	return t[first]
}

// Campaign is questions, an audience, a schedule, routes, and offers to choose from.
type Campaign struct {
	ID        string
	Name      string
	Purpose   string            // consent that asking needs; preferences.Marketing unless said otherwise
	Schedule  *Schedule         // nil: started by hand or by API
	Audience  *expr.Rule        // nil: everybody
	Replies   *Replies          // how answers come back from one-way channels; nil: they do not
	Channels  []address.Channel // tried in this order; empty: every channel that the contact has an address for
	Questions []Question        // at least one
	Offers    []string          // candidates, by id
	Thanks    Texts             // may be nil
	Expires   time.Duration     // how long after the last question an unanswered conversation ends; DefaultExpires where 0
	Source    string            // file:line
}

// DefaultExpires is how long an open question waits for its answer.
const DefaultExpires = 72 * time.Hour

// Question asks for one attribute.
type Question struct {
	ID          string
	Attribute   string              // ID where the file says none
	Label       Texts               // what the answer is called to the customer ("Phong cách"); nil: the wording stands for it
	Ask         understand.Question // kind, wording, options, bounds
	Templates   map[string]Template // by account or channel: what the question is sent as where the provider wants that
	Again       Texts               // other words for asking again; nil: the product's own
	When        *expr.Rule          // nil: always
	FreshFor    time.Duration       // not asked again while the answer is younger; 0: an answer never goes stale
	RemindAfter time.Duration       // 0: no reminder
	Retries     int                 // how often to ask again when the reply is not understood; DefaultRetries where the file says none
	Source      string

	reader *understand.Remembering // of Ask; nil: made anew for each reply
}

// Compile prepares the reading of replies; Ask must not change afterwards.
func (q *Question) Compile() { q.reader = understand.Compile(&q.Ask).Remembering() }

func (q *Question) read(a understand.Ask, text string) understand.Reading {
	if q.reader != nil {
		return q.reader.Read(a, text)
	}
	a.Question = &q.Ask
	return understand.Read(a, text)
}

// DefaultRetries is how often an unclear reply is asked again before a person takes over.
const DefaultRetries = 2

// Schedule says when a campaign's runs start. Exactly one of Cron, At and Event is set.
type Schedule struct {
	Cron     cron.Schedule // in Zone
	Spec     string        // Cron as written
	At       time.Time     // once
	Event    string        // on each such event of a contact
	Delay    time.Duration // after the event
	Zone     *time.Location
	ZoneName string // IANA, or "contact": each contact's own
}

// Brand is who asks.
type Brand struct {
	Name   string
	Locale string         // of those whose language is not known: "vi"
	Zone   *time.Location // of those whose zone is not known
	Help   string         // how to reach a person: a phone number or address for the help answer; may be empty
}

// Route is an account seen by the rules.
type Route struct {
	Account   string
	Channel   address.Channel
	Inbound   bool          // answers can come back on it
	Carries   []string      // classes; empty: all
	Options   int           // quick replies it can show
	Window    time.Duration // how long after the customer's last message free text may be sent; 0: always
	Quota     Quota         // how much of it after each of theirs
	Templates TemplateUse   // when a template goes where free text does not
	Receipts  bool          // deliveries are reported
	Draining  bool          // nothing new is put on it: it is about to be taken out
}

// TemplateUse says when a route wants a message to be one of the templates that its provider has approved.
type TemplateUse string

// The uses.
const (
	TemplateNever   TemplateUse = ""        // it knows none
	TemplateOutside TemplateUse = "outside" // outside the window: WhatsApp
	TemplateAlways  TemplateUse = "always"  // it sends nothing else: Zalo's notifications to telephone numbers
)

// Template is a text that the provider has approved, with its variables. Their values may have the placeholders of the
// question's text.
type Template struct {
	ID        string            `json:"id"`
	Language  string            `json:"language,omitempty"`
	Variables map[string]string `json:"variables,omitempty"`
}

// World is everything that a step may look at beside the contact: the campaigns and offers in force, the brand, the
// routes. It is shared and must not be changed.
type World struct {
	Brand     Brand
	Campaigns map[string]*Campaign
	Offers    map[string]*offers.Offer
	Routes    []Route // in order of the configuration
	Pack      compliance.Pack
	Code      func(proof string) string   // the one-time code of a proof, by its id: six digits; nil: there are none
	ReplyLink func(message string) string // the address of the page that answers a message, by its id; nil: there is none

	OwnPage func(contact string, until time.Time) string // the address of a contact's own page, which opens until then; nil: there is none
}

// Attributes is the kind of each attribute that some question asks for.
func (w *World) Attributes() map[string]preferences.Kind {
	kinds := map[string]preferences.Kind{}
	for _, c := range w.Campaigns {
		for _, q := range c.Questions {
			kinds[q.Attribute] = q.Ask.Kind
		}
	}
	return kinds
}

// Purposes are those that consent may be for: those that have a name everywhere, and those of the campaigns.
func (w *World) Purposes() []string {
	all := preferences.Purposes()
	for _, id := range sortedKeys(w.Campaigns) {
		if c := w.Campaigns[id]; c != nil && c.Purpose != "" && !slices.Contains(all, c.Purpose) {
			all = append(all, c.Purpose)
		}
	}
	return all
}

// Asking are the questions for the attribute, always in the same order.
func (w *World) Asking(attribute string) iter.Seq[*Question] {
	return func(yield func(*Question) bool) {
		for _, id := range sortedKeys(w.Campaigns) {
			c := w.Campaigns[id]
			if c == nil {
				continue // Step bears with whatever it is handed
			}
			for i := range c.Questions {
				if q := &c.Questions[i]; q.Attribute == attribute && !yield(q) {
					return
				}
			}
		}
	}
}
