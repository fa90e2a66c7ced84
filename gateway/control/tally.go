package control

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/campaigns"
)

// Bounds on what is kept of what customers say.
const (
	valuesMost    = 200 // different answers to a question; the others are counted together
	verbatimsMost = 60  // newest ones
	otherValues   = "…"
)

// Tally is what ledgers tell of a run, or of several.
type Tally struct {
	People    int64                     `json:"people"`   // in the audience
	Eligible  int64                     `json:"eligible"` // of them, asked or waiting for their turn
	Waiting   int64                     `json:"waiting"`
	Replied   int64                     `json:"replied"`
	Excluded  map[string]int64          `json:"excluded,omitempty"` // by reason
	Failed    map[string]int64          `json:"failed,omitempty"`   // by reason
	Questions map[string]*QuestionTally `json:"questions,omitempty"`
	Channels  map[string]*Rate          `json:"channels,omitempty"`
	Locales   map[string]*Rate          `json:"locales,omitempty"`
	Hours     map[string]*Rate          `json:"hours,omitempty"`     // "09", on the brand's clock, at which the first question left
	Verbatims []Verbatim                `json:"verbatims,omitempty"` // newest first
}

// Rate is how far those came whom something has in common.
type Rate struct {
	Sent      int64 `json:"sent"`
	Replied   int64 `json:"replied"`
	Answered  int64 `json:"answered"`
	Completed int64 `json:"completed"`
}

// QuestionTally is what came of one question.
type QuestionTally struct {
	Reached  int64            `json:"reached"` // who was asked it
	Answered int64            `json:"answered"`
	Declined int64            `json:"declined"`
	Unclear  int64            `json:"unclear"` // who wrote something that was not understood
	Changed  int64            `json:"changed"`
	Dropped  int64            `json:"dropped"` // for whom the conversation ended here
	Values   map[string]int64 `json:"values,omitempty"`
	took     durations
}

// Median is how long half of those who answered or declined took at the most, to some percent; ok is false where nobody did.
func (q *QuestionTally) Median() (d time.Duration, ok bool) { return q.took.median() }

// Delays is how many answered or declined after how long, by the names of the delays.
func (q *QuestionTally) Delays() map[string]int64 {
	out := map[string]int64{}
	for step, n := range q.took {
		out[delayOf(step)] += n
	}
	return out
}

// Delay is how long an answer took: less than Below, and no less than the one before.
type Delay struct {
	Name  string
	Below time.Duration // 0: any time
}

// Delays are all of them, the shortest first.
func Delays() [7]Delay {
	return [...]Delay{{"1m", time.Minute}, {"5m", 5 * time.Minute}, {"15m", 15 * time.Minute}, {"1h", time.Hour}, {"4h", 4 * time.Hour}, {"24h", 24 * time.Hour}, {"later", 0}}
}

// delayOf is the delay of a step of durations, so that people are found by what they were counted as.
func delayOf(step int16) string {
	d := lengthOf(step)
	for _, p := range Delays() {
		if d < p.Below || p.Below == 0 {
			return p.Name
		}
	}
	return ""
}

// Verbatim is what somebody wrote, and how it was read.
type Verbatim struct {
	Contact  string    `json:"contact"`
	Question string    `json:"question"`
	Text     string    `json:"text"`
	Value    string    `json:"value,omitempty"` // empty: it was not understood, or declined
	Status   string    `json:"status"`          // answered, declined, unclear
	At       time.Time `json:"at"`
}

func newTally() *Tally {
	return &Tally{Excluded: map[string]int64{}, Failed: map[string]int64{}, Questions: map[string]*QuestionTally{}, Channels: map[string]*Rate{},
		Locales: map[string]*Rate{}, Hours: map[string]*Rate{}}
}

// add counts somebody's way through a run.
func (t *Tally) add(p ResultsPerson, zone *time.Location) {
	w := p.Walk
	if w.Joined {
		t.People++
	}
	if w.Asked || w.Waiting {
		t.Eligible++
	}
	if w.Waiting {
		t.Waiting++
	}
	if w.Replied {
		t.Replied++
	}
	switch {
	case w.Excluded():
		t.Excluded[w.Reason]++
	case w.Failed():
		t.Failed[w.Reason]++
	}
	if w.Sent() {
		rate(t.Channels, p.Channel).add(w)
		rate(t.Locales, p.Locale).add(w)
		if !w.SentAt.IsZero() {
			rate(t.Hours, w.SentAt.In(zone).Format("15")).add(w)
		}
	}
	for _, a := range w.Asks {
		t.question(a.Question).add(a)
		t.verbatim(p.Contact, a)
	}
	if dropped(w) && w.Open != "" {
		t.question(w.Open).Dropped++
	}
}

func rate(of map[string]*Rate, key string) *Rate {
	if of[key] == nil {
		of[key] = &Rate{}
	}
	return of[key]
}

func (r *Rate) add(w *campaigns.Walk) {
	r.Sent++
	for _, x := range []struct {
		is bool
		n  *int64
	}{{w.Replied, &r.Replied}, {w.Answered, &r.Answered}, {w.Completed, &r.Completed}} {
		if x.is {
			*x.n++
		}
	}
}

func (t *Tally) question(id string) *QuestionTally {
	if t.Questions[id] == nil {
		t.Questions[id] = &QuestionTally{Values: map[string]int64{}, took: durations{}}
	}
	return t.Questions[id]
}

func (q *QuestionTally) add(a *campaigns.Ask) {
	if !a.At.IsZero() {
		q.Reached++
	}
	if a.Unclear > 0 {
		q.Unclear++
	}
	if a.Changed {
		q.Changed++
	}
	if d, ok := a.Took(); ok {
		q.took.add(d)
	}
	switch {
	case a.Declined:
		q.Declined++
	case a.Answer != nil:
		q.Answered++
		for _, v := range valuesOf(a.Answer) {
			q.value(v, 1)
		}
	}
}

func (q *QuestionTally) value(v string, n int64) {
	if _, ok := q.Values[v]; !ok && len(q.Values) >= valuesMost {
		v = otherValues
	}
	q.Values[v] += n
}

// valuesOf is an answer as distributions have it: of several choices each.
func valuesOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case bool:
		return []string{strconv.FormatBool(v)}
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, valuesOf(x)...)
		}
		return out
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return []string{string(b)}
}

func (t *Tally) verbatim(contact string, a *campaigns.Ask) {
	for _, v := range a.Words {
		x := Verbatim{Contact: contact, Question: a.Question, Text: v.Text, Status: v.Status, At: v.At}
		if v.Answer != nil {
			x.Value = showValues(v.Answer)
		}
		t.keep(x)
	}
}

func showValues(v any) string {
	s := ""
	for i, x := range valuesOf(v) {
		if i > 0 {
			s += ", "
		}
		s += x
	}
	return s
}

// keep keeps the newest.
func (t *Tally) keep(v Verbatim) {
	if n := len(t.Verbatims); n == verbatimsMost && !v.At.After(t.Verbatims[n-1].At) {
		return
	}
	i, _ := slices.BinarySearchFunc(t.Verbatims, v, func(a, b Verbatim) int { return b.At.Compare(a.At) })
	t.Verbatims = slices.Insert(t.Verbatims, i, v)
	t.Verbatims = t.Verbatims[:min(len(t.Verbatims), verbatimsMost)]
}

// merge adds what another tally has.
func (t *Tally) merge(o *Tally) {
	t.People, t.Eligible, t.Waiting, t.Replied = t.People+o.People, t.Eligible+o.Eligible, t.Waiting+o.Waiting, t.Replied+o.Replied
	sum(t.Excluded, o.Excluded)
	sum(t.Failed, o.Failed)
	for id, q := range o.Questions {
		t.question(id).merge(q)
	}
	for _, x := range [][2]map[string]*Rate{{t.Channels, o.Channels}, {t.Locales, o.Locales}, {t.Hours, o.Hours}} {
		for key, r := range x[1] {
			to := rate(x[0], key)
			*to = Rate{to.Sent + r.Sent, to.Replied + r.Replied, to.Answered + r.Answered, to.Completed + r.Completed}
		}
	}
	for _, v := range o.Verbatims {
		t.keep(v)
	}
}

func sum(to, from map[string]int64) {
	for k, n := range from {
		to[k] += n
	}
}

func (q *QuestionTally) merge(o *QuestionTally) {
	q.Reached, q.Answered, q.Declined = q.Reached+o.Reached, q.Answered+o.Answered, q.Declined+o.Declined
	q.Unclear, q.Changed, q.Dropped = q.Unclear+o.Unclear, q.Changed+o.Changed, q.Dropped+o.Dropped
	for v, n := range o.Values {
		q.value(v, n)
	}
	for d, n := range o.took {
		q.took[d] += n
	}
}

// durations is how often something took how long, in steps of a twentieth: a median of it is right to some percent, however
// many there are.
type durations map[int16]int64

// stepOf is how much longer one step is than the one before.
const stepOf = 1.05

func (d durations) add(x time.Duration) { d[stepIn(x)]++ }

// stepIn is the step of a duration, and lengthOf the duration of a step.
func stepIn(x time.Duration) int16 {
	return int16(math.Round(math.Log(max(x.Seconds(), 0.1)) / math.Log(stepOf)))
}

func lengthOf(step int16) time.Duration {
	return time.Duration(math.Pow(stepOf, float64(step)) * float64(time.Second))
}

func (d durations) median() (time.Duration, bool) {
	var all, so int64
	steps := make([]int16, 0, len(d))
	for s, n := range d {
		steps, all = append(steps, s), all+n
	}
	slices.SortFunc(steps, cmp.Compare)
	for _, s := range steps {
		if so += d[s]; 2*so >= all {
			return lengthOf(s), true
		}
	}
	return 0, false
}
