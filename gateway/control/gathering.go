package control

import (
	"sync"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// gathering is what the ledgers tell of all runs of a campaign, looked through once.
type gathering struct {
	campaign string
	channels map[string]string // of accounts
	locale   string            // of those whose language is not known
	zone     *time.Location
	runs     map[string]*Tally
	of       int64
	looked   int64
	at       time.Time
	took     time.Duration
	done     bool
}

func newGathering(campaign string, w *campaigns.World, now time.Time) *gathering {
	g := &gathering{campaign: campaign, channels: map[string]string{}, locale: w.Brand.Locale, runs: map[string]*Tally{}, at: now}
	g.zone = (*preferences.Contact)(nil).Zone(w.Brand.Zone, w.Pack.Zone)
	for _, r := range w.Routes {
		g.channels[r.Account] = string(r.Channel)
	}
	return g
}

func (g *gathering) page(p page) {
	for _, x := range p.contacts {
		g.looked++
		for _, w := range campaigns.Walks(x.ledger, g.campaign) {
			if g.runs[w.Run] == nil {
				g.runs[w.Run] = newTally()
			}
			g.runs[w.Run].add(g.person(x, w), g.zone)
		}
	}
}

func (g *gathering) person(x seen, w *campaigns.Walk) ResultsPerson {
	p := ResultsPerson{Contact: x.id, Walk: w, Locale: g.locale, Channel: g.channels[w.Account]}
	if p.Channel == "" {
		p.Channel = w.Account // one that is not configured any more
	}
	if c := x.state.Contact; c != nil {
		p.Name = c.Name
		if c.Locale != "" {
			p.Locale = c.Locale
		}
		p.Address = reachedBy(c, address.Channel(p.Channel))
	}
	return p
}

// reachedBy is the contact's address on a channel, else the home address.
func reachedBy(c *preferences.Contact, ch address.Channel) (a address.Address) {
	for i, x := range c.Addresses {
		if i == 0 || ch.Carries(x) {
			a = x
		}
		if ch.Carries(x) {
			return a
		}
	}
	return a
}

// people is somebody's ways through the runs that are meant, as far as they belong to a part.
func (g *gathering) people(x seen, run string, part ResultsPart) (found []ResultsPerson) {
	for _, w := range campaigns.Walks(x.ledger, g.campaign) {
		p := g.person(x, w)
		if (run == "" || w.Run == run) && parts[part.Kind](part, w) && g.shares(p, part) {
			found = append(found, p)
		}
	}
	return found
}

func (g *gathering) shares(p ResultsPerson, part ResultsPart) bool {
	return (part.Channel == "" || part.Channel == p.Channel) && (part.Locale == "" || part.Locale == p.Locale) &&
		(part.Hour == "" || !p.Walk.SentAt.IsZero() && p.Walk.SentAt.In(g.zone).Format("15") == part.Hour)
}

// so is what was gathered so far of a run; "": of all.
func (g *gathering) so(run string) Results {
	t := newTally()
	for id, x := range g.runs {
		if run == "" || id == run {
			t.merge(x)
		}
	}
	return Results{Tally: *t, Of: g.of, Looked: g.looked, At: g.at, Took: g.took, Done: g.done}
}

// with is the counts of r beside what was gathered.
func (r Results) with(g Results) Results {
	g.Campaign, g.Run, g.Runs, g.Counts = r.Campaign, r.Run, r.Runs, r.Counts
	return g
}

// gatheredMost is how many campaigns' results are remembered.
const gatheredMost = 16

// gathered remembers what was gathered of campaigns. The zero value is empty.
type gathered struct {
	mu sync.Mutex
	by map[string]*gathering
}

func (x *gathered) get(q ResultsQuery, now time.Time) (Results, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	g := x.by[q.Campaign]
	if g == nil || now.Sub(g.at) > q.MaxAge {
		return Results{}, false
	}
	return g.so(q.Run), true
}

func (x *gathered) put(campaign string, g *gathering) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.by == nil {
		x.by = map[string]*gathering{}
	}
	x.by[campaign] = g
	if len(x.by) <= gatheredMost {
		return
	}
	oldest := campaign
	for id, y := range x.by {
		if y.at.Before(x.by[oldest].at) {
			oldest = id
		}
	}
	delete(x.by, oldest)
}
