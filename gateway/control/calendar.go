package control

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// Firing is one start of a campaign by its schedule.
type Firing struct {
	Campaign string    `json:"campaign"`
	Name     string    `json:"name"`
	At       time.Time `json:"at"`
	Held     time.Time `json:"held_until,omitzero"` // what is an ad waits until then, for the quiet hours
}

// PlannedDay is a day with what starts on it.
type PlannedDay struct {
	Day     time.Time `json:"day"`               // its midnight, in the brand's zone
	Holiday string    `json:"holiday,omitempty"` // of the market: tet, national, ...
	Firings []Firing  `json:"firings"`
	Clash   bool      `json:"clash,omitempty"` // several campaigns start: the same people may be asked
}

// Calendar tells what starts when.
type Calendar interface {
	// Planned is what starts by itself on each of the days from a day on; from today on where from is zero.
	Planned(ctx context.Context, from time.Time, days int) ([]PlannedDay, error)
}

// firingsMost bounds the firings of one campaign: one that starts every minute would fill the page.
const firingsMost = 400

// Planned implements Calendar.
func (s *Service) Planned(_ context.Context, from time.Time, days int) ([]PlannedDay, error) {
	w := s.World()
	zone := w.Brand.Zone
	if zone == nil {
		zone = time.UTC
	}
	if from.IsZero() {
		from = s.Now()
	}
	y, m, d := from.In(zone).Date()
	out := make([]PlannedDay, max(0, days))
	for i := range out {
		day := time.Date(y, m, d+i, 0, 0, 0, 0, zone)
		out[i] = PlannedDay{Day: day, Holiday: w.Pack.Holiday(day)}
	}
	end := time.Date(y, m, d+days, 0, 0, 0, 0, zone)
	for _, c := range w.Campaigns {
		at := campaigns.Next(c, time.Date(y, m, d, 0, 0, 0, 0, zone).Add(-time.Second))
		for n := 0; n < firingsMost && !at.IsZero() && at.Before(end); n++ {
			at = at.In(zone)
			f := Firing{Campaign: c.ID, Name: c.Name, At: at}
			if free := w.Pack.Allowed(&preferences.Contact{}, at); free.After(at) {
				f.Held = free.In(zone)
			}
			i := slices.IndexFunc(out, func(p PlannedDay) bool { return p.Day.Format(time.DateOnly) == at.Format(time.DateOnly) })
			if i >= 0 {
				out[i].Firings = append(out[i].Firings, f)
				out[i].Clash = out[i].Clash || out[i].Firings[0].Campaign != c.ID
			}
			at = campaigns.Next(c, at)
		}
	}
	for i := range out {
		slices.SortFunc(out[i].Firings, func(a, b Firing) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Campaign, b.Campaign)) })
	}
	return out, nil
}
