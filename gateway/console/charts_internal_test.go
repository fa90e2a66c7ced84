package console

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
)

// drawnResults are of two questions and two runs, the first of which nobody got.
func drawnResults() resultsBody {
	at := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	run := func(id string, after time.Duration, sent, answered int64) control.Run {
		return control.Run{ID: id, Started: at.Add(after), Counts: map[campaigns.CountName]int64{campaigns.CountSent: sent, campaigns.CountAnswered: answered}}
	}
	return resultsBody{Zone: time.FixedZone("+07", 7*3600), Results: control.Results{
		Campaign: "style", Run: "",
		Runs: []control.Run{run("third", 48*time.Hour, 2000, 500), run("second", 24*time.Hour, 1000, 400), run("first", 0, 0, 0)},
		Asks: []control.QuestionView{{ID: "style", Text: map[string]string{"vi": `</figure><script>"'`}}, {ID: "budget"}},
		Tally: control.Tally{
			Questions: map[string]*control.QuestionTally{"style": {Reached: 3000, Answered: 1500, Declined: 30, Dropped: 600}, "budget": {Reached: 1530, Answered: 900}},
			Hours:     map[string]*control.Rate{"08": {Sent: 4, Replied: 2, Completed: 1}, "10": {Sent: 8, Replied: 3}},
			Channels:  map[string]*control.Rate{"sms": {Sent: 12, Replied: 5, Completed: 1}},
		},
	}}
}

// Each bar leads to those whom it counts.
func TestBarsLeadToTheirPeople(t *testing.T) {
	t.Parallel()
	b := drawnResults()
	steps := b.Steps(vi)
	require.Equal(t, "rows", steps.Form)
	require.Equal(t, []string{`1. </figure><script>"'`, "2. budget"}, steps.Labels)
	var said [][]string
	for _, s := range steps.Series {
		require.Len(t, s.Bars, 2)
		to, err := url.Parse(s.Bars[0].To)
		require.NoError(t, err)
		require.Equal(t, "/console/results/style/people", to.Path)
		require.Equal(t, "style", to.Query().Get("question"))
		said = append(said, []string{s.Name, s.Bars[0].Says, to.Query().Get("kind")})
	}
	require.Equal(t, [][]string{{"Được hỏi", "3.000 · 100%", "reached"}, {"Trả lời", "1.500 · 50%", "answered"}, {"Bỏ qua", "30 · 1%", "declined"}, {"Dừng ở đây", "600 · 20%", "dropped"}}, said)
}

// An hour in which nothing left is seen as one; what stands alone has no picture.
func TestHoursHaveTheirGaps(t *testing.T) {
	t.Parallel()
	b := drawnResults()
	hours := b.Rates(en, "hour")
	require.Equal(t, []string{"08:00", "09:00", "10:00"}, hours.Labels)
	require.Equal(t, []int64{4, 0, 8}, []int64{hours.Series[0].Bars[0].N, hours.Series[0].Bars[1].N, hours.Series[0].Bars[2].N})
	require.Contains(t, hours.Series[1].Bars[2].To, "hour=10&kind=replied")
	require.Nil(t, b.Rates(en, "channel"), "one channel alone")
	require.Nil(t, b.Rates(en, "locale"), "none")
	require.Nil(t, b.Delay(en, questionOf(b.Asks[0], b.Questions["style"])), "nobody's time is known")
}

// Runs stand in the order of time, on the brand's clock.
func TestRunsAreATime(t *testing.T) {
	t.Parallel()
	b := drawnResults()
	runs := b.Time(vi)
	require.Equal(t, []string{"27/11\n09:00", "28/11\n09:00"}, runs.Labels, "nothing left in the first")
	require.Equal(t, chartPart{400, "400 · 40%", "/console/results/style/people?kind=understood&run=second"}, runs.Series[1].Bars[0])
	b.Runs = b.Runs[1:]
	require.Nil(t, b.Time(vi))
}

// What people wrote cannot end the attribute in which the script finds it.
func TestAChartIsAnAttribute(t *testing.T) {
	t.Parallel()
	raw, err := drawnResults().Steps(vi).JSON()
	require.NoError(t, err)
	require.NotContains(t, raw, "<")
	var back chart
	require.NoError(t, json.Unmarshal([]byte(raw), &back))
	require.Equal(t, `1. </figure><script>"'`, back.Labels[0])
}
