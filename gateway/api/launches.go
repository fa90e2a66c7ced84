package api

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
)

// Preflight is what a run that started now would do.
func (h *handlers) Preflight(c echo.Context, id string, p preflightParams) error {
	q := control.PreflightQuery{Campaign: id, Known: p.Only != ""}
	return told(c, func(ctx context.Context, tell func(control.Preflight)) (control.Preflight, error) {
		return h.control.Preflight(ctx, q, tell)
	}, func(p control.Preflight) (any, bool) { return p, p.Campaign != "" })
}

var firstPattern = regexp.MustCompile(`^[1-9][0-9]{0,8}%?$`)

// Launch starts a run, or asks for a second person.
func (h *handlers) Launch(c echo.Context, id string) error {
	key, err := keyOf(c)
	if err != nil {
		return err
	}
	order := control.LaunchOrder{Campaign: id, Key: key}
	err = decodeAny(c, func(o *object) {
		order.People, order.First = o.whole("people", 0, 1, mostPeople), o.optional("first", 16)
		if order.First != "" && !firstPattern.MatchString(order.First) {
			o.fail("first", "must be how many people to begin with: 50 or 10%%")
		}
	})
	if err != nil {
		return err
	}
	l, err := h.control.Launch(c.Request().Context(), order)
	if err != nil {
		return err
	}
	var out struct {
		Run     *runOut     `json:"run,omitempty"`
		Request *requestOut `json:"request,omitempty"`
	}
	if l.Run != nil {
		r := shownRun(*l.Run)
		out.Run = &r
	}
	if l.Request != nil {
		r := shownRequest(*l.Request)
		out.Request = &r
	}
	return c.JSON(http.StatusAccepted, out)
}

// GoOn asks everybody else.
func (h *handlers) GoOn(c echo.Context, id string) error { return steer(c, id, h.control.GoOn) }

// requestOut is a request as it is answered.
type requestOut struct {
	ID        string    `json:"id"`
	State     string    `json:"state"`
	What      string    `json:"what"` // launch, publish
	Campaign  string    `json:"campaign,omitempty"`
	First     string    `json:"first,omitempty"`
	File      string    `json:"file,omitempty"`
	Version   int       `json:"version,omitempty"`
	People    int64     `json:"people"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	DecidedBy string    `json:"decided_by,omitempty"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	Reason    string    `json:"reason,omitempty"`
	Run       string    `json:"run,omitempty"`
	Done      bool      `json:"done,omitempty"`
}

func shownRequest(r control.Request) requestOut {
	out := requestOut{ID: r.ID, State: r.State, People: r.People, By: r.By, At: time.UnixMilli(r.At).UTC(), DecidedBy: r.Decided, Reason: r.Reason, Run: r.Run, Done: r.Done}
	if r.When > 0 {
		out.DecidedAt = time.UnixMilli(r.When).UTC()
	}
	if r.Launch != nil {
		out.What, out.Campaign, out.First = "launch", r.Launch.Campaign, r.Launch.First
	}
	if r.Publish != nil {
		out.What, out.File, out.Version = "publish", r.Publish.Name, r.Publish.Version
	}
	return out
}

// GetRequests lists what waits for a second person.
func (h *handlers) GetRequests(c echo.Context) error {
	rs, err := h.control.Requests(c.Request().Context())
	out := make([]requestOut, len(rs))
	for i, r := range rs {
		out[i] = shownRequest(r)
	}
	return ok(c, map[string]any{"requests": out}, err)
}

// ApproveRequest agrees.
func (h *handlers) ApproveRequest(c echo.Context, id string) error {
	r, err := h.control.Approve(c.Request().Context(), id)
	return ok(c, shownRequest(r), err)
}

// RefuseRequest says no.
func (h *handlers) RefuseRequest(c echo.Context, id string) error {
	return decided(c, func(ctx context.Context, reason string) (control.Request, error) {
		return h.control.Refuse(ctx, id, reason)
	})
}

func decided(c echo.Context, do func(ctx context.Context, reason string) (control.Request, error)) error {
	reason := ""
	if err := decodeAny(c, func(o *object) { reason = o.optional("reason", 200) }); err != nil {
		return err
	}
	r, err := do(c.Request().Context(), reason)
	return ok(c, shownRequest(r), err)
}

// GetCalendar is what starts by itself on each day.
func (h *handlers) GetCalendar(c echo.Context, p getCalendarParams) error {
	var from time.Time
	if p.From != "" {
		at, err := time.Parse(time.DateOnly, p.From)
		if err != nil || at.Year() < 1970 || at.Year() > 2199 {
			return badParameter("from", "must be a day such as 2026-12-01")
		}
		from = at.Add(12 * time.Hour) // noon of that day in every zone that a brand is likely in
	}
	days, err := h.control.Planned(c.Request().Context(), from, p.Days)
	for i := range days {
		days[i].Firings = full(days[i].Firings)
	}
	return ok(c, map[string]any{"days": full(days)}, err)
}
