package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// weeksShown is how far the calendar looks ahead.
const weeksShown = 5

func (c *console) calendar() screen {
	return screen{name: "calendar", path: "/calendar", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/calendar", access.Viewer, bounded(c.showCalendar)},
	}}
}

// calendarBody is five weeks, each from Monday on.
type calendarBody struct {
	Weeks [][]calendarDay
	Today time.Time
	Empty bool
}

// calendarDay is a day with what its starts come to, as far as earlier runs tell.
type calendarDay struct {
	control.PlannedDay
	Starts []start
	Load   int64  // people who were asked by the last runs of what starts; 0: none has run
	Shared string // the condition of whoever fits several of the day's campaigns; "": there is no such condition
}

// start is a firing, with how many people the campaign's last run asked; 0: it has not run.
type start struct {
	control.Firing
	Last int64
}

// Is reports whether a day is today.
func (b calendarBody) Is(d time.Time) bool {
	return d.Format(time.DateOnly) == b.Today.In(d.Location()).Format(time.DateOnly)
}

// Past reports whether a day is over.
func (b calendarBody) Past(d time.Time) bool { return d.AddDate(0, 0, 1).Before(b.Today) }

func (c *console) showCalendar(x echo.Context) error {
	now := c.Now()
	if c.Zone != nil {
		now = now.In(c.Zone)
	}
	monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
	days, err := c.Control.Planned(x.Request().Context(), monday, 7*weeksShown)
	if err != nil {
		return err
	}
	shown, err := c.calendarDays(x.Request().Context(), days)
	if err != nil {
		return err
	}
	b := calendarBody{Weeks: slices.Collect(slices.Chunk(shown, 7)), Today: now}
	b.Empty = !slices.ContainsFunc(days, func(d control.PlannedDay) bool { return len(d.Firings) > 0 })
	return c.show(x, http.StatusOK, page{name: "calendar", body: b})
}

func (c *console) calendarDays(ctx context.Context, days []control.PlannedDay) ([]calendarDay, error) {
	all, err := c.Control.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	runs, err := c.Control.Runs(ctx, runsLooked)
	if err != nil {
		return nil, err
	}
	asked, rules := map[string]int64{}, map[string]string{}
	for _, r := range slices.Backward(runs) { // the newest last
		asked[r.Campaign] = (runRow{Run: r}).N("asked")
	}
	for _, k := range all {
		rules[k.ID] = k.Audience
	}
	shown := make([]calendarDay, len(days))
	for i, d := range days {
		shown[i].PlannedDay = d
		for _, f := range d.Firings {
			shown[i].Starts = append(shown[i].Starts, start{f, asked[f.Campaign]})
			shown[i].Load += asked[f.Campaign]
		}
		if d.Clash {
			shown[i].Shared = shared(d.Firings, rules)
		}
	}
	return shown, nil
}

// shared is the condition that whoever is in the audience of two or more campaigns fits; "" where it gets too long to be read.
func shared(firings []control.Firing, rules map[string]string) string {
	var of, pairs []string
	for _, f := range firings {
		if !slices.Contains(of, f.Campaign) {
			of = append(of, f.Campaign)
		}
	}
	part := func(campaign string) string {
		if rules[campaign] == "" {
			return "true"
		}
		return "(" + rules[campaign] + ")"
	}
	for i, a := range of {
		for _, b := range of[:i] {
			pairs = append(pairs, part(b)+" && "+part(a))
		}
	}
	if all := strings.Join(pairs, " || "); len(all) <= ruleMost {
		return all
	}
	return ""
}
