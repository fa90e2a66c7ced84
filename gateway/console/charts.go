package console

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
)

// chart is a picture that assets/charts.js draws with ECharts. All that it says stands on the page in words and links, too.
type chart struct {
	Name   string   `json:"-"` // what is drawn is known by it when its part of the page is rendered anew
	Title  string   `json:"-"`
	Form   string   `json:"form"` // rows, columns
	Height int      `json:"height"`
	Labels []string `json:"labels"`
	Series []series `json:"series"`
}

// series is a bar for each label: on the bars of the series before, or in a row with the others that are stacked.
type series struct {
	Name  string      `json:"name"`
	Tone  string      `json:"tone"` // its colour in results.css
	Stack bool        `json:"stack,omitempty"`
	Bars  []chartPart `json:"bars"`
}

// chartPart is a number, in words, and where its people are.
type chartPart struct {
	N    int64  `json:"n"`
	Says string `json:"says"`
	To   string `json:"to"`
}

// Pixels.
const (
	rowHeight   = 50
	rowsMore    = 30 // for the axis below
	columnsHigh = 200
)

// comparedLeast is of how many of a kind a picture is drawn: one alone has nothing beside it.
const comparedLeast = 2

// JSON is what the script reads.
func (c *chart) JSON() (string, error) {
	b, err := json.Marshal(c)
	return string(b), err
}

func rows(name, title string, labels []string, s ...series) *chart {
	return &chart{name, title, "rows", len(labels)*rowHeight + rowsMore, labels, s}
}

func columns(name, title string, labels []string, s ...series) *chart {
	return &chart{name, title, "columns", columnsHigh, labels, s}
}

// part is a number of a whole.
func (l lang) part(n, all int64, to string) chartPart {
	return chartPart{n, l.number(n) + " · " + l.percent(n, all), to}
}

// Steps is where people stay, from question to question.
func (b resultsBody) Steps(l lang) *chart {
	per := b.Per()
	if len(per) < comparedLeast {
		return nil
	}
	all := []series{{Name: l.say("results.reached"), Tone: "whole"}, {Name: l.say("results.answered"), Tone: "brand", Stack: true},
		{Name: l.say("results.skipped"), Tone: "part", Stack: true}, {Name: l.say("results.dropped"), Tone: "left", Stack: true}}
	kinds := [...]string{"reached", "answered", "declined", "dropped"}
	var labels []string
	for i, q := range per {
		labels = append(labels, fmt.Sprintf("%d. %s", i+1, l.label(q.Text, q.ID)))
		for k, n := range [...]int64{q.Reached, q.Answered, q.Declined, q.Dropped} {
			all[k].Bars = append(all[k].Bars, l.part(n, q.Reached, b.People(kinds[k], "question", q.ID)))
		}
	}
	return rows("steps", l.say("results.steps"), labels, all...)
}

// Delay is how long people took to answer a question.
func (b resultsBody) Delay(l lang, q questionBody) *chart {
	if len(q.Delays) == 0 {
		return nil
	}
	s := series{Name: l.say("results.delay-of"), Tone: "brand"}
	var labels []string
	for _, p := range q.Delays {
		labels = append(labels, l.known("delay", p.Key))
		s.Bars = append(s.Bars, l.part(p.N, q.Answered+q.Declined, b.People("timed", "question", q.ID, "delay", p.Key)))
	}
	return columns("delay-"+q.ID, l.say("results.delay"), labels, s)
}

// delays are the bars of all delays; none where nobody answered.
func delays(t *control.QuestionTally) (out []bar) {
	of, all := t.Delays(), int64(0)
	if len(of) == 0 {
		return nil
	}
	for _, n := range of {
		all += n
	}
	for _, p := range control.Delays() {
		out = append(out, barOf(p.Name, of[p.Name], all))
	}
	return out
}

// Rates is how far people came by channel, language or hour.
func (b resultsBody) Rates(l lang, what string) *chart {
	by := b.By(what)
	if len(by) < comparedLeast {
		return nil
	}
	if what == "hour" {
		by = allHours(by)
	}
	all := []series{{Name: l.say("results.sent"), Tone: "whole"}, {Name: l.say("results.replied"), Tone: "part"}, {Name: l.say("results.completed"), Tone: "brand"}}
	kinds := [...]string{"sent", "replied", "completed"}
	var labels []string
	for _, r := range by {
		labels = append(labels, l.rateLabel(what, r.Key))
		for k, n := range [...]int64{r.Sent, r.Replied, r.Completed} {
			all[k].Bars = append(all[k].Bars, l.part(n, r.Sent, b.People(kinds[k], what, r.Key)))
		}
	}
	if what == "hour" {
		return columns(what, l.say("results.by-hour"), labels, all...)
	}
	return rows(what, l.say("results.by-"+what), labels, all...)
}

func (l lang) rateLabel(what, key string) string {
	if what == "hour" {
		return key + ":00"
	}
	return l.known(what, key)
}

// allHours are those from the first to the last, so that a gap is seen as one.
func allHours(by []rateBody) (out []rateBody) {
	first, err1 := strconv.Atoi(by[0].Key)
	last, err2 := strconv.Atoi(by[len(by)-1].Key)
	if err1 != nil || err2 != nil {
		return by
	}
	for h := first; h <= last; h++ {
		key := fmt.Sprintf("%02d", h)
		i := slices.IndexFunc(by, func(r rateBody) bool { return r.Key == key })
		if i < 0 {
			out = append(out, rateBody{bar: bar{Key: key}})
			continue
		}
		out = append(out, by[i])
	}
	return out
}

// runNumbers is what a run came to.
type runNumbers struct {
	control.Run
	Sent, Understood, Completed int64
}

// Over is the runs that sent something, the oldest first; none where there is nothing to compare.
func (b resultsBody) Over() (out []runNumbers) {
	for _, r := range slices.Backward(b.Runs) {
		if n := r.Counts[campaigns.CountSent]; n > 0 {
			out = append(out, runNumbers{r, n, r.Counts[campaigns.CountAnswered], r.Counts[campaigns.CountCompleted]})
		}
	}
	if len(out) < comparedLeast {
		return nil
	}
	return out
}

// OfRun is the address of those in a part of one run.
func (b resultsBody) OfRun(run, kind string) string {
	b.Run = run
	return b.People(kind)
}

// shortMoment is a day without its year, and the time of day below.
func (l lang) shortMoment(t time.Time) string {
	if l == vi {
		return t.Format("02/01\n15:04")
	}
	return t.Format("2 Jan\n15:04")
}

// Time is what came of one run after the other.
func (b resultsBody) Time(l lang) *chart {
	all := []series{{Name: l.say("results.sent"), Tone: "whole"}, {Name: l.known("stage", "understood"), Tone: "brand"}}
	var labels []string
	for _, r := range b.Over() {
		labels = append(labels, l.shortMoment(r.Started.In(b.Zone)))
		all[0].Bars = append(all[0].Bars, l.part(r.Sent, r.Sent, b.OfRun(r.ID, "sent")))
		all[1].Bars = append(all[1].Bars, l.part(r.Understood, r.Sent, b.OfRun(r.ID, "understood")))
	}
	if len(labels) == 0 {
		return nil
	}
	return columns("runs", l.say("results.by-run"), labels, all...)
}
