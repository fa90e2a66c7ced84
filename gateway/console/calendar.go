package console

import (
	"net/http"
	"slices"
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
	Weeks [][]control.PlannedDay
	Today time.Time
	Empty bool
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
	b := calendarBody{Weeks: slices.Collect(slices.Chunk(days, 7)), Today: now}
	b.Empty = !slices.ContainsFunc(days, func(d control.PlannedDay) bool { return len(d.Firings) > 0 })
	return c.show(x, http.StatusOK, page{name: "calendar", body: b})
}
