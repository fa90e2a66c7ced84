package files

import (
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/preferences"
)

// loading is one call of Load. Conditions, templates and references may speak of what a later file says, so they are put
// off until all files are read.
type loading struct {
	opts     Options
	set      *Set
	report   strict.Report
	warnings strict.Report

	places     map[string]strict.Place // of the ids: "campaign x", "offer y"
	attributes map[string]*attribute
	rules      []rule
	texts      []template
	references []reference
	purposes   []strict.Value  // of campaigns, as they come
	unread     map[string]bool // attributes of questions whose kind is a mistake
	seen       map[string]bool // offers that a campaign names
}

// attribute is what the questions of all campaigns say of one attribute.
type attribute struct {
	kind     preferences.Kind
	currency string
	options  []string
	first    strict.Place
	asked    map[string]bool // by campaign
}

// rule is a condition to be compiled once all attributes are known.
type rule struct {
	value    strict.Value
	into     **expr.Rule
	campaign string          // of a question's `when`; empty elsewhere
	earlier  map[string]bool // attributes asked before it
}

// reference is an offer that a campaign names.
type reference struct {
	value strict.Value
	id    string
}

func newLoading(o Options) *loading {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.ZoneName == "" {
		o.ZoneName = o.Zone.String()
	}
	if len(o.Locales) == 0 {
		o.Locales = []string{"vi", "en"}
	}
	return &loading{
		opts:       o,
		set:        &Set{Campaigns: map[string]*campaigns.Campaign{}, Offers: map[string]*offers.Offer{}, times: newTimes()},
		places:     map[string]strict.Place{},
		attributes: map[string]*attribute{},
		unread:     map[string]bool{},
		seen:       map[string]bool{},
	}
}

// document reads one YAML document: a campaign or an offer.
func (l *loading) document(doc strict.Value) {
	if !doc.IsGroup() {
		doc.Fail("begin it with campaign: or offer: and its id", "this is neither a campaign nor an offer")
		return
	}
	keys := map[string]bool{}
	for _, p := range doc.Pairs() {
		keys[p.Name] = true
	}
	switch {
	case keys["campaign"]:
		l.campaign(doc)
	case keys["offer"]:
		l.offer(doc)
	default:
		doc.Fail(missingID(doc, keys), "this is neither a campaign nor an offer")
	}
}

func missingID(doc strict.Value, keys map[string]bool) string {
	for _, p := range doc.Pairs() {
		if near := strict.Nearest(p.Name, []string{"campaign", "offer"}); near != "" && p.Name != "offers" {
			return "did you mean " + near + " instead of " + p.Name + "?"
		}
	}
	if keys["brand"] && keys["redis"] {
		return "this looks like hoidap.yaml, which hoidap serve checks at its start"
	}
	if keys["questions"] {
		return "write campaign: and its id"
	}
	return "begin it with campaign: or offer: and its id"
}

// ids end up in keys, links and run ids; attribute names in conditions, where a dash would be a minus.
var (
	idForm        = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	attributeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
)

// id reads the id of a campaign or an offer, and whether it is a new one.
func (l *loading) id(v strict.Value, what string) (string, bool) {
	id := v.Text()
	if id == "" {
		return "", false
	}
	if !idForm.MatchString(id) {
		v.Fail("write it like autumn-style: small letters a to z, digits and dashes", "%q cannot be the id of a %s", id, what)
		return "", false
	}
	if at, twice := l.places[what+" "+id]; twice {
		v.Fail("give one of them another id", "there is a %s %s already, at %s", what, id, at)
		return "", false
	}
	l.places[what+" "+id] = v.Place()
	return id, true
}

// finish does what had to wait until every file was read.
func (l *loading) finish() {
	if l.opts.QuestionsOnly {
		return
	}
	schema, purposes := l.schema(), l.known()
	for _, r := range l.rules {
		l.compile(r, schema, purposes)
	}
	for _, t := range l.texts {
		l.check(t)
	}
	for _, r := range l.references {
		if _, ok := l.places["offer "+r.id]; !ok {
			r.value.Fail(l.nearestOffer(r.id), "there is no offer %s", r.id)
		}
		l.seen[r.id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(l.set.Offers)) {
		if !l.seen[id] {
			l.warnings.Add(l.places["offer "+id], "name it under offers of a campaign", "no campaign gives the offer %s", id)
		}
	}
}

func (l *loading) nearestOffer(id string) string {
	var known []string
	for what := range l.places {
		if rest, ok := cutOffer(what); ok {
			known = append(known, rest)
		}
	}
	slices.Sort(known)
	if near := strict.Nearest(id, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "write a document that begins with offer: " + id
}

func (l *loading) schema() expr.Schema {
	s := expr.Schema{Attributes: map[string]preferences.Kind{}, Options: map[string][]string{}}
	for name, a := range l.attributes {
		s.Attributes[name] = a.kind
		if len(a.options) > 0 {
			s.Options[name] = a.options
		}
	}
	return s
}
