package compliance

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
)

const day = 24 * time.Hour

// Allowed is the first moment, not before t, at which an ad may go to the contact: t itself outside quiet hours.
func (p Pack) Allowed(c *preferences.Contact, t time.Time) time.Time {
	zone := c.Zone(p.Zone)
	local := t.In(zone)
	for range 8 { // a day's worth of zone changes is one; eight is for zones that do not exist
		wait := p.quiet(wall(local))
		if wait == 0 {
			return local
		}
		// The clock on the wall runs evenly up to the next change of the zone. Either quiet hours end before it, or they
		// are looked at again from there.
		_, end := local.ZoneBounds()
		next := local.Add(wait)
		if end.IsZero() || next.Before(end) {
			return next
		}
		local = end.In(zone)
	}
	return local
}

// quiet is how long quiet hours last from the local time of day on; 0: they do not hold.
func (p Pack) quiet(at time.Duration) time.Duration {
	if p.QuietFrom == p.QuietTo {
		return 0
	}
	from := (p.QuietFrom - p.Margin + day) % day
	if since(from, at) < since(from, p.QuietTo) {
		return since(at, p.QuietTo)
	}
	return 0
}

// since is how long after from, on a clock that goes round, at is.
func since(from, at time.Duration) time.Duration { return (at - from + 2*day) % day }

// wall is the time of day as the clock on the wall shows it.
func wall(t time.Time) time.Duration {
	h, m, s := t.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(t.Nanosecond())
}
