package control

import (
	"maps"
	"slices"
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
	only     map[string]bool // the runs that it is about; nil: all that ledgers know of
	runs     map[string]*Tally
	counts   map[string]runCounts // of the runs, when it began
	of       int64
	looked   int64
	at       time.Time
	took     time.Duration
	done     bool
}

func newGathering(campaign string, w *campaigns.World, now time.Time) *gathering {
	g := &gathering{campaign: campaign, channels: map[string]string{}, locale: w.Brand.Locale, runs: map[string]*Tally{}, counts: map[string]runCounts{}, at: now}
	g.zone = (*preferences.Contact)(nil).Zone(w.Brand.Zone, w.Pack.Zone)
	for _, r := range w.Routes {
		g.channels[r.Account] = string(r.Channel)
	}
	return g
}

func (g *gathering) page(p page) {
	for _, x := range p.contacts {
		g.looked++
		for _, w := range g.walks(x) {
			if g.runs[w.Run] == nil {
				g.runs[w.Run] = newTally()
			}
			g.runs[w.Run].add(g.person(x, w), g.zone)
		}
	}
}

// walks are somebody's ways through the runs that it is about.
func (g *gathering) walks(x seen) []*campaigns.Walk {
	return slices.DeleteFunc(campaigns.Walks(x.ledger, g.campaign), func(w *campaigns.Walk) bool { return g.only != nil && !g.only[w.Run] })
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
	for _, w := range g.walks(x) {
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
	g.Campaign, g.Run, g.Name, g.Asks, g.Runs, g.Counts = r.Campaign, r.Run, r.Name, r.Asks, r.Runs, r.Counts
	return g
}

// clone is what was gathered so far, for others to read.
func (g *gathering) clone() *gathering {
	x := *g
	x.runs = make(map[string]*Tally, len(g.runs))
	for id, t := range g.runs {
		x.runs[id] = newTally()
		x.runs[id].merge(t)
	}
	return &x
}

// runCounts is how far a run had come.
type runCounts struct {
	over   bool // it was done or cancelled
	counts map[campaigns.CountName]int64
}

func (g *gathering) noteRuns(runs []Run) {
	for _, r := range runs {
		g.counts[r.ID] = runCounts{r.State == Done || r.State == Cancelled, r.Counts}
	}
}

// overSince reports whether all of these runs were over when it began, and have counted nothing since.
func (g *gathering) overSince(runs []Run) bool {
	return !slices.ContainsFunc(runs, func(r Run) bool {
		was := g.counts[r.ID]
		return !was.over || !maps.Equal(was.counts, r.Counts)
	})
}

// What is remembered of what was gathered.
const (
	gatheredMost = 16             // campaigns
	overMost     = 24 * time.Hour // how old it may be where the runs are over and count nothing any more
)

// gathered remembers what was gathered of campaigns. The zero value is empty.
type gathered struct {
	mu sync.Mutex
	by map[string]*gathering
}

// get is what was gathered before, where that will do for these runs. It is not changed any more.
func (x *gathered) get(q ResultsQuery, runs []Run, now time.Time) *gathering {
	x.mu.Lock()
	defer x.mu.Unlock()
	g := x.by[q.Campaign]
	if g == nil {
		return nil
	}
	age := now.Sub(g.at)
	if age <= q.MaxAge || q.MaxAge > 0 && age <= overMost && g.overSince(runs) {
		return g
	}
	return nil
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
