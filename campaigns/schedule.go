package campaigns

import (
	"time"

	"github.com/robfig/cron/v3"
)

// ZoneContact is the Schedule.ZoneName of a campaign that asks everybody at the same time of their own clock. It fires by
// the clock of Schedule.Zone; whoever's clock is behind is asked when theirs shows that time, the others at once.
const ZoneContact = "contact"

// Firing is one start of a campaign by its schedule.
type Firing struct {
	At     time.Time
	Local  string // "2006-01-02T15:04" on the schedule's clock: unique, so it names the run; Event.Local takes it as well
	MadeUp bool   // it comes late, because nobody was there at its time
	Missed bool   // it is too late for it: to be told, not to be started
}

const (
	onTime     = 90 * time.Second // later than this a firing counts as made up
	makeUp     = time.Hour        // older than this it is not made up
	lookBack   = 31 * 24 * time.Hour
	missedKept = 32
	clockForm  = "2006-01-02T15:04"
)

// Due lists the firings after last and up to now, oldest first. At most the newest is to be started, and only within an
// hour; those before it are reported as missed. Where the schedule has no zone of its own (each contact's own, or none),
// it goes by the zone that now is in.
//
// The schedule is read on the clock on the wall: an hour that the autumn repeats fires once, a time that the spring skips
// fires when the clock has jumped.
func Due(c *Campaign, last, now time.Time) []Firing {
	if last.Before(now.Add(-lookBack)) {
		last = now.Add(-lookBack)
	}
	var due []Firing
	for at := c.after(last, now); !at.IsZero() && !at.After(now); at = c.after(at, now) {
		due = append(due, Firing{At: at, Local: at.Format(clockForm), Missed: true})
		if len(due) > missedKept {
			due = due[1:]
		}
	}
	if n := len(due); n > 0 && now.Sub(due[n-1].At) <= makeUp {
		due[n-1].Missed, due[n-1].MadeUp = false, now.Sub(due[n-1].At) > onTime
	}
	return due
}

// Next is the first firing after now; zero where there is none.
func Next(c *Campaign, now time.Time) time.Time { return c.after(now, now) }

// after is the first firing after t. like carries the zone for schedules without one.
func (c *Campaign) after(t, like time.Time) time.Time {
	if c == nil || c.Schedule == nil {
		return time.Time{}
	}
	s := c.Schedule
	zone := s.Zone
	if zone == nil {
		zone = like.Location()
	}
	switch {
	case s.Cron != nil:
		return afterCron(s.Cron, t.In(zone))
	case s.At.After(t):
		return s.At.In(zone)
	}
	return time.Time{}
}

// afterCron asks the schedule in clock time, so that zone changes are ours to decide. Schedules that are not about the
// clock (@every) go by real time.
func afterCron(s cron.Schedule, t time.Time) time.Time {
	spec, ok := s.(*cron.SpecSchedule)
	if !ok {
		return s.Next(t)
	}
	clock := *spec
	clock.Location = time.UTC
	for at := onClock(t); ; {
		at = clock.Next(at)
		if at.IsZero() {
			return at // such a day never comes
		}
		if real := fromClock(at, t.Location()); real.After(t) {
			return real
		}
	}
}

// onClock is what the clock on the wall shows at t, as if it were UTC.
func onClock(t time.Time) time.Time {
	y, mo, d := t.Date()
	h, m, s := t.Clock()
	return time.Date(y, mo, d, h, m, s, t.Nanosecond(), time.UTC)
}

// fromClock is the first moment at which the clock in zone shows at; where it skips at, the moment of the jump.
func fromClock(at time.Time, zone *time.Location) time.Time {
	y, mo, d := at.Date()
	h, m, s := at.Clock()
	t := time.Date(y, mo, d, h, m, s, 0, zone)
	start, end := t.ZoneBounds()
	switch shown := onClock(t); {
	case shown.Before(at):
		return end
	case shown.After(at):
		return start
	}
	if start.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, before := start.Add(-time.Second).Zone()
	first := t.Add(time.Duration(now-before) * time.Second)
	if first.Before(start) && before > now {
		return first // the second time that the clock shows it
	}
	return t
}
