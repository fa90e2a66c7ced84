package files

import (
	"regexp"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/preferences"
)

// schedule reads when a campaign's runs start: exactly one of cron, at and event.
func (l *loading) schedule(v strict.Value, campaign string) *campaigns.Schedule {
	if !v.Present() {
		return nil
	}
	g := v.Group("cron", "at", "event", "delay", "timezone")
	s := &campaigns.Schedule{}
	s.Zone, s.ZoneName = l.zone(g.Get("timezone"))
	var given []string
	for _, key := range []string{"cron", "at", "event"} {
		if g.Get(key).Present() {
			given = append(given, key)
		}
	}
	switch {
	case !g.IsGroup():
		return nil
	case len(given) == 0:
		v.Fail(`write one of cron: "0 10 * * SAT", at: 2026-12-01T10:00, event: order.returned`, "it is not said when the campaign starts")
	case len(given) > 1:
		v.Fail("keep one of them", "a schedule has one of cron, at and event, not %s", strings.Join(given, " and "))
	}
	s.Cron, s.Spec = l.cron(g.Get("cron"), s)
	l.set.times.starts[campaign] = g.Get("at").Place()
	s.At = l.at(g.Get("at"), s.Zone)
	s.Event = event(g.Get("event"))
	if d := g.Get("delay"); d.Present() {
		if s.Event == "" {
			d.Fail("leave it out", "only a campaign started by an event has a delay")
		}
		s.Delay = duration(d, time.Second, 365*day)
	}
	return s
}

// byContact is the timezone that means each contact's own.
const byContact = "contact"

func (l *loading) zone(v strict.Value) (*time.Location, string) {
	if !v.Present() {
		return l.opts.Zone, l.opts.ZoneName
	}
	name := v.Text()
	if name == byContact {
		return l.opts.Zone, byContact
	}
	zone, ok := preferences.Zone(name)
	if !ok {
		if name != "" {
			v.Fail("write a name such as Asia/Ho_Chi_Minh, or contact for each contact's own", "there is no timezone %q", name)
		}
		return l.opts.Zone, l.opts.ZoneName
	}
	return zone, name
}

func (l *loading) at(v strict.Value, zone *time.Location) time.Time {
	if !v.Present() {
		return time.Time{}
	}
	s, ok := v.Scalar()
	if !ok {
		return time.Time{}
	}
	t, whole, ok := parseMoment(s, zone)
	if !ok || whole {
		v.Fail("write it like 2026-12-01T10:00", "%q is not a time", s)
		return time.Time{}
	}
	return t
}

var eventForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$`)

func event(v strict.Value) string {
	if !v.Present() {
		return ""
	}
	s := v.Text()
	if s != "" && !eventForm.MatchString(s) {
		v.Fail("write it like order.returned", "%q cannot be an event", s)
	}
	return s
}
