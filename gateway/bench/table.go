package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// row is one thing that is measured.
type row struct {
	ID        string  `json:"id"`
	Work      string  `json:"work"`
	Against   string  `json:"against"`
	Unit      string  `json:"unit"`
	Bar       bar     `json:"bar"`
	Rounds    []pair  `json:"rounds"`
	Remark    string  `json:"remark,omitempty"`
	Ours      float64 `json:"ours"`
	Floor     float64 `json:"floor"`
	Score     float64 `json:"score"` // medians
	Least     float64 `json:"least"`
	Most      float64 `json:"most"`
	Verdict   string  `json:"verdict"`
	Truthless bool    `json:"truthless"` // the floor itself spread so much that nothing can be said
	Broken    bool    `json:"broken"`    // the work was not done whole: no speed excuses that
	Void      bool    `json:"void"`      // it was too small to say anything
}

// bar is what is asked for. Scores are ratios of ours to the floor, or where there is none, ours itself.
type bar struct {
	Enough    float64 `json:"enough"`
	Excellent float64 `json:"excellent,omitempty"` // 0: nothing is better than enough
	Smaller   bool    `json:"smaller"`             // less is better
	Clock     bool    `json:"clock"`               // ours itself is held against the bar
}

// pair is one round.
type pair struct {
	Ours  float64 `json:"ours"`
	Floor float64 `json:"floor,omitempty"`
}

// The verdicts.
const (
	excellent  = "excellent"
	met        = "met"
	missed     = "MISSED"
	void       = "too small"
	unmeasured = "not measured"
)

// spreadMost is how far a floor's rounds may lie apart before the machine is too busy to say anything.
const spreadMost = 2

// add adds a round.
func (r *row) add(ours, floor float64) { r.Rounds = append(r.Rounds, pair{ours, floor}) }

// score is what a round is judged by.
func (b bar) score(p pair) float64 {
	if b.Clock || p.Floor == 0 {
		return p.Ours
	}
	return p.Ours / p.Floor
}

// judge draws the sum of the rounds: medians of each side and of the rounds' ratios.
func (r *row) judge() {
	if len(r.Rounds) == 0 {
		r.Verdict = unmeasured
		return
	}
	var ours, floors, scores []float64
	for _, p := range r.Rounds {
		ours, floors, scores = append(ours, p.Ours), append(floors, p.Floor), append(scores, r.Bar.score(p))
	}
	r.Ours, r.Floor, r.Score = median(ours), median(floors), median(scores)
	r.Least, r.Most = slices.Min(scores), slices.Max(scores)
	low := slices.Min(floors)
	r.Truthless = low > 0 && slices.Max(floors)/low > spreadMost
	switch r.Verdict = r.Bar.verdict(r.Score); {
	case r.Broken:
		r.Verdict = missed
	case r.Void:
		r.Verdict = void
	}
}

func (b bar) verdict(score float64) string {
	better := func(x float64) bool {
		if b.Smaller {
			return score <= x
		}
		return score >= x
	}
	switch {
	case b.Excellent != 0 && better(b.Excellent):
		return excellent
	case better(b.Enough):
		return met
	}
	return missed
}

func median(xs []float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	if n := len(xs); n%2 == 0 {
		return (xs[n/2-1] + xs[n/2]) / 2
	}
	return xs[len(xs)/2]
}

// print shows the rows as a table.
func print(w io.Writer, rows []*row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "#\twork\tours\tfloor\tratio\tmin-max\tat least\texcellent\tverdict")
	for _, r := range rows {
		if len(r.Rounds) == 0 {
			fmt.Fprintf(t, "%s\t%s\t\t\t\t\t%s\t%s\t%s\n", r.ID, r.Work, r.Bar.show(r.Bar.Enough), r.Bar.beyond(), r.Verdict)
			continue
		}
		floor, spread := number(r.Floor)+" "+r.Unit, r.Bar.show(r.Least)+" - "+r.Bar.show(r.Most)
		if r.Floor == 0 {
			floor = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s %s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Work, number(r.Ours), r.Unit, floor, r.Bar.show(r.Score), spread,
			r.Bar.show(r.Bar.Enough), r.Bar.beyond(), r.Verdict)
	}
	t.Flush() //nolint:errcheck // a terminal that is gone
	for _, r := range rows {
		if r.Truthless {
			fmt.Fprintf(w, "%s: the floor's own rounds lie more than %dx apart: the machine is too busy, measure again\n", r.ID, spreadMost)
		}
		if r.Remark != "" {
			fmt.Fprintf(w, "%s: %s\n", r.ID, r.Remark)
		}
	}
}

// beyond is what is excellent, as the table has it.
func (b bar) beyond() string {
	if b.Excellent == 0 {
		return "-"
	}
	return b.show(b.Excellent)
}

// show is a score as the table has it: with the direction that is better.
func (b bar) show(x float64) string {
	s := number(x)
	if !b.Clock {
		s += "x"
	}
	return s
}

func number(x float64) string {
	switch {
	case x >= 1000:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
	}
	return fmt.Sprintf("%.2f", x)
}
