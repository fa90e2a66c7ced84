package console

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// resultsFresh is how old what was gathered from ledgers may be; its age stands on the page.
const resultsFresh = 10 * time.Minute

func (c *console) results() screen {
	return screen{name: "results", path: "/results", least: access.Viewer, menu: true, routes: []route{
		{http.MethodGet, "/results", access.Viewer, bounded(c.listResults)},
		{http.MethodGet, "/results/:campaign", access.Viewer, bounded(c.showResults)},
		{http.MethodGet, "/results/:campaign/live", access.Viewer, c.liveResults},
		{http.MethodGet, "/results/:campaign/people", access.Viewer, bounded(c.showResultsPeople)},
		{http.MethodGet, "/results/:campaign/export", access.Viewer, c.exportResults},
	}}
}

// listResults lets a campaign be chosen; a form leads to it.
func (c *console) listResults(x echo.Context) error {
	if id := x.QueryParam("campaign"); id != "" {
		return x.Redirect(http.StatusSeeOther, Prefix+"/results/"+url.PathEscape(id))
	}
	all, err := c.Control.Campaigns(x.Request().Context())
	if err != nil {
		return err
	}
	return c.show(x, http.StatusOK, page{name: "results", main: "results-list", body: all})
}

// resultsBody is the results of a campaign, or of one of its runs.
type resultsBody struct {
	control.Results
	All  []control.Run // of the campaign, to choose from
	Zone *time.Location
	Anew bool
}

func (b resultsBody) address(more string, q url.Values) string {
	if b.Run != "" {
		q.Set("run", b.Run)
	}
	s := Prefix + "/results/" + url.PathEscape(b.Campaign) + more
	if len(q) > 0 {
		s += "?" + q.Encode()
	}
	return s
}

// Live is where the numbers come from.
func (b resultsBody) Live() string {
	q := url.Values{}
	if b.Anew {
		q.Set("anew", "1")
	}
	return b.address("/live", q)
}

// Path is the page itself.
func (b resultsBody) Path() string { return b.address("", url.Values{}) }

// Again is the page, gathered anew.
func (b resultsBody) Again() string { return b.address("", url.Values{"anew": {"1"}}) }

// Export is the file.
func (b resultsBody) Export() string { return b.address("/export", url.Values{}) }

// People is the address of those in a part: its kind, and names with what they are.
func (b resultsBody) People(kind string, pairs ...string) string {
	q := url.Values{"kind": {kind}}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return b.address("/people", q)
}

// bar is a number with its part of a whole, in percent, for a bar beside it.
type bar struct {
	Key, Label string
	N          int64
	Width      string
	Kind       string // of the people behind it
}

func barOf(key string, n, all int64) bar {
	w := 0.0
	if all > 0 {
		w = 100 * float64(n) / float64(all)
	}
	return bar{Key: key, N: n, Width: fmt.Sprintf("%.2f", min(w, 100))}
}

// Stages is the funnel.
func (b resultsBody) Stages() (out []bar) {
	steps := b.Funnel()
	for _, s := range steps {
		out = append(out, barOf(s.Name, s.People, steps[0].People))
	}
	return out
}

// bars are the largest first.
func bars(of map[string]int64, all int64) (out []bar) {
	for key, n := range of {
		out = append(out, barOf(key, n, all))
	}
	slices.SortFunc(out, func(a, b bar) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Key, b.Key)) })
	return out
}

// Why is the reasons why people in the audience were not reached.
func (b resultsBody) Why() []bar {
	out := bars(b.Excluded, b.Counts[campaigns.CountAudience])
	for i := range out {
		out[i].Kind = "excluded"
	}
	failed := bars(b.Failed, b.Counts[campaigns.CountAudience])
	for i := range failed {
		failed[i].Kind = "failed"
	}
	return append(out, failed...)
}

// questionBody is a question with what came of it.
type questionBody struct {
	control.QuestionView
	*control.QuestionTally
	Bars   []bar
	Delays []bar         // none: nobody answered
	Took   time.Duration // median; 0: nobody answered
}

// Per is the questions in the order of the campaign; one that is not in force any more comes last.
func (b resultsBody) Per() (out []questionBody) {
	known := map[string]bool{}
	for _, v := range b.Asks {
		known[v.ID] = true
		if t := b.Questions[v.ID]; t != nil {
			out = append(out, questionOf(v, t))
		}
	}
	var gone []string
	for id := range b.Questions {
		if !known[id] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	for _, id := range gone {
		out = append(out, questionOf(control.QuestionView{ID: id}, b.Questions[id]))
	}
	return out
}

// valuesShown bounds the bars of a distribution.
const valuesShown = 12

func questionOf(v control.QuestionView, t *control.QuestionTally) questionBody {
	q := questionBody{QuestionView: v, QuestionTally: t, Bars: bars(t.Values, t.Answered), Delays: delays(t)}
	q.Bars = q.Bars[:min(len(q.Bars), valuesShown)]
	if v.Kind == "text" || v.Kind == "email" {
		q.Bars = nil // what people wrote themselves stands among the verbatims
	}
	q.Took, _ = t.Median()
	return q
}

// Label is an answer in words.
func (q questionBody) Label(l lang, value string) string {
	for _, o := range q.Options {
		if o.Value == value {
			return l.label(o.Label, value)
		}
	}
	switch {
	case q.Kind == "yes_no":
		return l.known("answer", value)
	case q.Kind == "money":
		return moneyLabel(value)
	}
	return value
}

// moneyLabel is {"amount":500000,"currency":"VND"} as people read it.
func moneyLabel(v string) string {
	return strings.NewReplacer(`{"amount":`, "", `"currency":"VND"`, "đ", `"currency":`, "", `"min":`, "≥ ", `"max":`, "≤ ", "{", "", "}", "", `"`, "", ",", " ").Replace(v)
}

// Said is what was understood of somebody's words.
func (b resultsBody) Said(l lang, v control.Verbatim) string {
	for _, q := range b.Asks {
		if q.ID == v.Question {
			return questionBody{QuestionView: q}.Label(l, v.Value)
		}
	}
	return v.Value
}

// rateBody is a row of a table by channel, language or hour.
type rateBody struct {
	bar
	control.Rate
}

// By is the rows of one of the tables.
func (b resultsBody) By(what string) (out []rateBody) {
	of := map[string]map[string]*control.Rate{"channel": b.Channels, "locale": b.Locales, "hour": b.Hours}[what]
	most := int64(0)
	for _, r := range of {
		most = max(most, r.Sent)
	}
	for key, r := range of {
		out = append(out, rateBody{barOf(key, r.Sent, most), *r})
	}
	slices.SortFunc(out, func(x, y rateBody) int {
		if what == "hour" {
			return cmp.Compare(x.Key, y.Key)
		}
		return cmp.Or(cmp.Compare(y.Sent, x.Sent), cmp.Compare(x.Key, y.Key))
	})
	return out
}

func resultsQuery(x echo.Context) control.ResultsQuery {
	q := control.ResultsQuery{Campaign: x.Param("campaign"), Run: x.QueryParam("run"), MaxAge: resultsFresh}
	if x.QueryParam("anew") != "" {
		q.MaxAge = 0
	}
	return q
}

func (c *console) showResults(x echo.Context) error {
	q := resultsQuery(x)
	anew := x.QueryParam("anew") != ""
	r, err := c.resultsNow(x.Request().Context(), q, anew)
	if err != nil {
		return err
	}
	b := resultsBody{Results: r, All: r.Runs, Zone: c.zone(), Anew: anew}
	if q.Run != "" {
		whole, err := c.Control.RunCounts(x.Request().Context(), control.ResultsQuery{Campaign: q.Campaign})
		if err != nil {
			return err
		}
		b.All = whole.Runs
	}
	return c.show(x, http.StatusOK, page{name: "results", body: b})
}

// resultsNow is what is known at once. What is wanted anew begins with the counts alone; where there are no runs they are all.
func (c *console) resultsNow(ctx context.Context, q control.ResultsQuery, anew bool) (control.Results, error) {
	if r, err := c.Control.RunCounts(ctx, q); anew || err != nil || len(r.Runs) == 0 {
		return r, err
	}
	q.Known = true
	return c.Control.Results(ctx, q, nil)
}

func (c *console) liveResults(x echo.Context) error {
	q := resultsQuery(x)
	return c.stream(x, func(ctx context.Context, tell func(string, any)) error {
		last, err := c.Control.Results(ctx, q, func(so control.Results) { tell("results-live", resultsBody{Results: so, Zone: c.zone()}) })
		if err == nil {
			tell("results-live", resultsBody{Results: last, Zone: c.zone()})
		}
		return err
	})
}

// behindBody is a page of those behind a number.
type behindBody struct {
	Results resultsBody
	Part    control.ResultsPart
	People  []control.ResultsPerson
	Next    string
	Looked  bool
}

func partOf(x echo.Context) control.ResultsPart {
	q := x.QueryParam
	return control.ResultsPart{Kind: cmp.Or(q("kind"), "audience"), Reason: q("reason"), Question: q("question"), Value: q("value"), Delay: q("delay"), Channel: q("channel"), Locale: q("locale"), Hour: q("hour")}
}

func (c *console) showResultsPeople(x echo.Context) error {
	q, part := resultsQuery(x), partOf(x)
	people, next, err := c.Control.ResultsPeople(x.Request().Context(), q, part, x.QueryParam("cursor"), listShown)
	if err != nil {
		return err
	}
	b := behindBody{Part: part, People: people, Looked: next != "" && len(people) == 0}
	if next != "" {
		v := x.QueryParams()
		v.Set("cursor", next)
		b.Next = Prefix + "/results/" + url.PathEscape(q.Campaign) + "/people?" + v.Encode()
	}
	if x.Request().Header.Get("HX-Request") != "" {
		return c.fragment(x, http.StatusOK, "results-rows", b)
	}
	if b.Results.Results, err = c.Control.RunCounts(x.Request().Context(), q); err != nil {
		return err
	}
	return c.show(x, http.StatusOK, page{name: "results", main: "results-people", body: b})
}

func (c *console) exportResults(x echo.Context) error {
	q := resultsQuery(x)
	if _, err := c.Control.RunCounts(x.Request().Context(), q); err != nil {
		return err
	}
	h := x.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename*=UTF-8''%s.csv", url.PathEscape(cmp.Or(q.Run, q.Campaign))))
	h.Set("X-Content-Type-Options", "nosniff")
	x.Response().WriteHeader(http.StatusOK)
	if err := c.Control.ExportResults(x.Request().Context(), q, partOf(x), x.Response()); err != nil {
		c.Log.Warn("a file of results ends early", "error", err)
	}
	return nil
}

// stageKinds are the parts that a list can be of.
var stageKinds = []string{"audience", "eligible", "asked", "sent", "delivered", "replied", "understood", "completed", "offered", "excluded", "waiting", "held", "failed", "opted_out",
	"reached", "answered", "declined", "unclear", "changed", "dropped", "timed"}

// span is how long something takes, in two units at the most.
func (l lang) span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return l.say("span.seconds", "n", l.number(max(1, int64(d.Seconds()))))
	case d < time.Hour:
		return l.say("span.minutes", "n", l.number(int64(d.Minutes())))
	case d < 48*time.Hour:
		return l.say("span.hours", "n", l.number(int64(d.Hours())), "m", l.number(int64(d.Minutes())%60))
	}
	return l.say("span.days", "n", l.number(int64(d.Hours()/24)))
}
