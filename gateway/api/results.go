package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// resultsOut is what came of a campaign, as it is answered.
type resultsOut struct {
	Campaign  string                   `json:"campaign"`
	Run       string                   `json:"run,omitempty"`
	Name      string                   `json:"name"`
	Counts    map[string]int64         `json:"counts"`
	Runs      []runOut                 `json:"runs"`
	Funnel    []control.Step           `json:"funnel"`
	Questions []questionOut            `json:"questions"`
	Excluded  map[string]int64         `json:"excluded"`
	Failed    map[string]int64         `json:"failed"`
	Channels  map[string]*control.Rate `json:"channels"`
	Locales   map[string]*control.Rate `json:"locales"`
	Hours     map[string]*control.Rate `json:"hours"`
	Verbatims []control.Verbatim       `json:"verbatims"`
	Of        int64                    `json:"of"`
	Looked    int64                    `json:"looked"`
	At        time.Time                `json:"at,omitzero"`
	Done      bool                     `json:"done"`
}

// questionOut is a question with what came of it.
type questionOut struct {
	ID       string               `json:"id"`
	Kind     preferences.Kind     `json:"kind"`
	Text     map[string]string    `json:"text,omitempty"`
	Options  []control.OptionView `json:"options,omitempty"`
	Reached  int64                `json:"reached"`
	Answered int64                `json:"answered"`
	Declined int64                `json:"declined"`
	Unclear  int64                `json:"unclear"`
	Changed  int64                `json:"changed"`
	Dropped  int64                `json:"dropped"`
	Values   map[string]int64     `json:"values"`
	Median   *float64             `json:"median,omitempty"` // seconds
}

// GetResults tells what came of a campaign; where that takes long, of those looked at so far.
func (h *handlers) GetResults(c echo.Context, id string, p getResultsParams) error {
	q := control.ResultsQuery{Campaign: id, Run: p.Run, MaxAge: time.Duration(p.MaxAge) * time.Second, Known: p.Only == "known"}
	return told(c, func(ctx context.Context, tell func(control.Results)) (control.Results, error) {
		if p.Only == "counts" {
			return h.control.RunCounts(ctx, q)
		}
		return h.control.Results(ctx, q, tell)
	}, func(r control.Results) (any, bool) { return shownResults(r), r.Name != "" })
}

func shownResults(r control.Results) resultsOut {
	out := resultsOut{Campaign: r.Campaign, Run: r.Run, Name: r.Name, Counts: countsOut(r.Counts), Runs: []runOut{}, Funnel: r.Funnel(), Questions: []questionOut{},
		Excluded: counted(r.Excluded), Failed: counted(r.Failed), Channels: counted(r.Channels), Locales: counted(r.Locales), Hours: counted(r.Hours),
		Verbatims: full(r.Verbatims), Of: r.Of, Looked: r.Looked, At: r.At, Done: r.Done}
	for _, run := range r.Runs {
		out.Runs = append(out.Runs, shownRun(run))
	}
	for _, ask := range r.Asks {
		out.Questions = append(out.Questions, shownQuestion(ask, r.Questions[ask.ID]))
	}
	return out
}

func shownQuestion(ask control.QuestionView, t *control.QuestionTally) questionOut {
	out := questionOut{ID: ask.ID, Kind: ask.Kind, Text: ask.Text, Options: ask.Options, Values: map[string]int64{}}
	if t == nil {
		return out
	}
	out.Reached, out.Answered, out.Declined, out.Unclear, out.Changed, out.Dropped = t.Reached, t.Answered, t.Declined, t.Unclear, t.Changed, t.Dropped
	out.Values = counted(t.Values)
	if d, ok := t.Median(); ok {
		seconds := d.Seconds()
		out.Median = &seconds
	}
	return out
}

// walkerOut is somebody in a run, and their way through it.
type walkerOut struct {
	Contact string          `json:"contact"`
	Name    string          `json:"name,omitempty"`
	Address address.Address `json:"address"`
	Locale  string          `json:"locale,omitempty"`
	Channel string          `json:"channel,omitempty"`
	Walk    *campaigns.Walk `json:"walk"`
}

// GetResultsPeople is a page of the people behind a number.
func (h *handlers) GetResultsPeople(c echo.Context, id string, p getResultsPeopleParams) error {
	part := control.ResultsPart{Kind: cmp.Or(p.Part, "audience"), Reason: p.Reason, Question: p.Question, Value: p.Value, Channel: p.Channel, Locale: p.Locale, Hour: p.Hour}
	page, next, err := h.control.ResultsPeople(c.Request().Context(), control.ResultsQuery{Campaign: id, Run: p.Run}, part, p.Cursor, p.Limit)
	people := make([]walkerOut, len(page))
	for i, x := range page {
		people[i] = walkerOut{x.Contact, x.Name, masked(c, x.Address), x.Locale, x.Channel, x.Walk}
	}
	return paged(c, "people", people, next, err)
}

// ExportResults writes them for spreadsheets, for as long as that takes. What goes wrong amid the rows cuts the connection:
// half a file must not look like a whole one.
func (h *handlers) ExportResults(c echo.Context, id string, p exportResultsParams) error {
	ctx, q := c.Request().Context(), control.ResultsQuery{Campaign: id, Run: p.Run}
	if _, err := h.control.RunCounts(ctx, q); err != nil {
		return err
	}
	head := c.Response().Header()
	head.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	head.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename*=UTF-8''%s.csv", url.PathEscape(cmp.Or(p.Run, id))))
	c.Response().WriteHeader(http.StatusOK)
	part := control.ResultsPart{Kind: cmp.Or(p.Part, "audience"), Reason: p.Reason, Question: p.Question, Value: p.Value, Channel: p.Channel, Locale: p.Locale, Hour: p.Hour}
	if err := h.control.ExportResults(ctx, q, part, c.Response()); err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}
