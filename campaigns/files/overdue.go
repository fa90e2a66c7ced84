package files

import (
	"maps"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/config/strict"
)

// times is where a set says when something is to be.
type times struct {
	starts map[string]strict.Place  // at, by campaign
	ends   map[string]strict.Place  // until, by offer
	gives  map[offered]strict.Place // where a campaign names an offer
}

// offered is an offer of a campaign.
type offered struct{ campaign, offer string }

func newTimes() times {
	return times{starts: map[string]strict.Place{}, ends: map[string]strict.Place{}, gives: map[offered]strict.Place{}}
}

// Overdue is what cannot be any more at a moment: a start that has passed, an offer that is over, or over before anybody is
// asked. It is apart from reading the files, since what they say does not change and the time does.
//
// A campaign that does not start any more, and never did, is a mistake; all else is as it may be. ran is asked of those that
// do not start any more; nil: it is not known what ran, so that nothing is a mistake.
func (s *Set) Overdue(now time.Time, ran func(campaign string) bool) (mistakes, warnings Problems) {
	var wrong, doubtful strict.Report
	for _, id := range slices.Sorted(maps.Keys(s.Campaigns)) {
		c := s.Campaigns[id]
		if c.Schedule == nil || c.Schedule.Event != "" {
			continue
		}
		next := campaigns.Next(c, now)
		if next.IsZero() && c.Schedule.Cron == nil { // a cron line that never comes is a mistake at any time
			s.startsNoMore(c, ran, &wrong, &doubtful)
		}
		for _, offer := range c.Offers {
			if o := s.Offers[offer]; o != nil && !next.IsZero() && o.Over(next) && !o.Over(now) {
				doubtful.Add(s.times.gives[offered{id, offer}], "let it be given for longer, or start earlier", "the offer %s is over before the campaign starts", offer)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.Offers)) {
		if s.Offers[id].Over(now) {
			doubtful.Add(s.times.ends[id], "write a day to come, or leave the offer out", "the offer %s is over: nobody is given it any more", id)
		}
	}
	return wrong.Problems(), doubtful.Problems()
}

func (s *Set) startsNoMore(c *campaigns.Campaign, ran func(string) bool, wrong, doubtful *strict.Report) {
	at, when := s.times.starts[c.ID], c.Schedule.At.Format("2006-01-02T15:04")
	if ran == nil || ran(c.ID) {
		doubtful.Add(at, "write a time to come where it is to start again", "%s has passed: the campaign does not start by itself any more", when)
		return
	}
	wrong.Add(at, "write a time to come, or leave schedule out and start it by hand", "%s has passed, and the campaign has never run", when)
}
