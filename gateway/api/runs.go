package api

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/labstack/echo/v4"
)

// runOut is a run as it is answered: all counts are there, those that are zero too.
type runOut struct {
	ID       string           `json:"id"`
	Campaign string           `json:"campaign"`
	State    control.RunState `json:"state"`
	Cause    string           `json:"cause"`
	By       string           `json:"by,omitempty"`    // who started it by hand
	First    int              `json:"first,omitempty"` // people that it began with
	Started  time.Time        `json:"started"`
	Missed   int              `json:"missed,omitempty"`  // scheduled firings before it that nobody was there for
	Sending  string           `json:"sending,omitempty"` // stopped: its messages wait for sending to be resumed
	Counts   map[string]int64 `json:"counts"`
}

func shownRun(r control.Run) runOut {
	return runOut{ID: r.ID, Campaign: r.Campaign, State: r.State, Cause: r.Cause, By: r.By, First: r.First, Started: r.Started, Missed: r.Missed, Sending: string(r.Sending), Counts: countsOut(r.Counts)}
}

// countsOut has all counts, those that are zero too.
func countsOut(all map[campaigns.CountName]int64) map[string]int64 {
	out := map[string]int64{}
	for _, n := range campaigns.CountNames() {
		out[string(n)] = all[n]
	}
	return out
}

// mostPeople is more people than any gateway has.
const mostPeople = 1_000_000_000

// StartRun fires a campaign. The body may be left out.
func (h *handlers) StartRun(c echo.Context, id string) error {
	key, err := keyOf(c)
	if err != nil {
		return err
	}
	people, err := saidPeople(c)
	if err != nil {
		return err
	}
	r, err := h.control.StartRun(c.Request().Context(), id, key, people)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, Prefix+"/runs/"+r.ID)
	return c.JSON(http.StatusAccepted, shownRun(r))
}

// saidPeople is how many people a body says that a launch reaches; 0: it does not say.
func saidPeople(c echo.Context) (int, error) {
	body, err := readBody(c)
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return 0, err
	}
	return decodeStart(body)
}

func decodeStart(body []byte) (people int, err error) {
	var in input
	o, err := in.root(body)
	if err != nil {
		return 0, err
	}
	people = o.whole("people", 0, 1, mostPeople)
	o.done()
	return people, in.problem()
}

// noBody refuses a body that says something: it would be ignored.
func noBody(c echo.Context) error {
	body, err := readBody(c)
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return err
	}
	return decodeNothing(body)
}

func decodeNothing(body []byte) error {
	var in input
	o, err := in.root(body)
	if err != nil {
		return err
	}
	o.done()
	return in.problem()
}

// GetRun is one run with its counts.
func (h *handlers) GetRun(c echo.Context, id string) error {
	r, err := h.control.Run(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, shownRun(r))
}

// GetRuns is the newest runs, newest first.
func (h *handlers) GetRuns(c echo.Context, p getRunsParams) error {
	rs, next, err := h.control.RunsPage(c.Request().Context(), p.Cursor, p.Limit)
	if err != nil {
		return err
	}
	out := make([]runOut, 0, len(rs))
	for _, r := range rs {
		out = append(out, shownRun(r))
	}
	return c.JSON(http.StatusOK, struct {
		Runs []runOut `json:"runs"`
		Next string   `json:"next_cursor,omitempty"`
	}{out, next})
}

// PauseRun asks nobody more until the run is resumed.
func (h *handlers) PauseRun(c echo.Context, id string) error { return steer(c, id, h.control.PauseRun) }

// ResumeRun goes on with a paused run.
func (h *handlers) ResumeRun(c echo.Context, id string) error {
	return steer(c, id, h.control.ResumeRun)
}

// CancelRun ends a run for good.
func (h *handlers) CancelRun(c echo.Context, id string) error {
	return steer(c, id, h.control.CancelRun)
}

func steer(c echo.Context, id string, do func(context.Context, string) (control.Run, error)) error {
	r, err := do(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, shownRun(r))
}
