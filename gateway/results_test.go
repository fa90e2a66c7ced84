package gateway_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// TestResultsOfARun: one answers in two steps, one changes the answer, one declines, one writes what nobody understands, one says
// stop, one has not agreed.
func TestResultsOfARun(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFake(fake.Options{Callbacks: true}))
	r.addCodes("office-20", "OFF1", "OFF2")
	replies := map[string][]string{
		"+84901000001": {"2", "600k"}, "+84901000002": {"1", "à nhầm, công sở nha"}, "+84901000003": {"bỏ qua"},
		"+84901000004": {"<b>ờm</b>=SUM(A)"}, "+84901000005": {"STOP"},
	}
	for phone := range replies {
		r.contact(phone, "=Lan")
	}
	refused := r.contact("+84901000006", "Minh")
	require.Equal(t, 200, r.call("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:+84901000006"},
		"consents": []m{{"purpose": "marketing", "granted": false, "source": "form", "at": "2026-11-02T09:00:00+07:00"}}}, nil))
	run := r.run("style")
	for phone, texts := range replies {
		for i, text := range texts {
			r.phone(phone, i+1)
			r.reply(phone, text)
		}
		r.phone(phone, len(texts)+1)
	}
	r.until("receipts of all", func() bool { return r.runOf(run).Counts["delivered"] == 5 })
	q := control.ResultsQuery{Campaign: "style", Run: run}
	got, err := r.g.Control.Results(t.Context(), q, nil)
	require.NoError(t, err)

	require.True(t, got.Done)
	require.True(t, got.Balance().Holds())
	require.Equal(t, control.Balance{Audience: 5, Sent: 5}, got.Balance(), "who has not agreed is not in the audience of this campaign")
	require.Equal(t, []control.Step{{Name: "audience", People: 5}, {Name: "eligible", People: 5}, {Name: "asked", People: 5}, {Name: "sent", People: 5}, {Name: "delivered", People: 5},
		{Name: "replied", People: 5}, {Name: "understood", People: 2}, {Name: "completed", People: 3}, {Name: "offered", People: 2}}, got.Funnel())
	style := got.Questions["style"]
	require.Equal(t, map[string]int64{"office": 2}, style.Values)
	require.Equal(t, []int64{5, 2, 1, 1, 1, 1}, []int64{style.Reached, style.Answered, style.Declined, style.Unclear, style.Changed, style.Dropped})
	took, ok := style.Median()
	require.True(t, ok)
	require.Less(t, took, time.Minute)
	require.Equal(t, map[string]int64{"1m": 3}, style.Delays())
	require.Equal(t, control.Rate{Sent: 5, Replied: 5, Answered: 2, Completed: 3}, *got.Channels["sms"])
	require.Equal(t, int64(5), got.Locales["vi"].Sent)
	require.Equal(t, int64(5), got.Hours["10"].Sent)
	require.Contains(t, verbatims(got), "<b>ờm</b>=SUM(A)|unclear|")
	require.Contains(t, verbatims(got), "à nhầm, công sở nha|answered|office")

	for part, want := range map[control.ResultsPart]int{
		{Kind: "audience"}: 5, {Kind: "completed"}: 3, {Kind: "answered", Question: "style", Value: "office"}: 2, {Kind: "changed", Question: "style"}: 1,
		{Kind: "timed", Question: "style"}: 3, {Kind: "timed", Question: "style", Delay: "1m"}: 3, {Kind: "timed", Question: "style", Delay: "5m"}: 0,
		{Kind: "answered", Question: "style", Value: "sporty"}: 0, {Kind: "opted_out"}: 1, {Kind: "sent", Hour: "10", Channel: "sms", Locale: "vi"}: 5, {Kind: "sent", Hour: "11"}: 0,
	} {
		require.Len(t, r.partOf(q, part), want, "%+v", part)
	}
	_, _, err = r.g.Control.ResultsPeople(t.Context(), q, control.ResultsPart{Kind: "nonsense"}, "", 5)
	require.ErrorIs(t, err, control.ErrInvalid)
	_, err = r.g.Control.Results(t.Context(), control.ResultsQuery{Campaign: "no-such"}, nil)
	require.ErrorIs(t, err, control.ErrNotFound)

	r.exported(q, refused)
}

func verbatims(r control.Results) (all []string) {
	for _, v := range r.Verbatims {
		all = append(all, strings.Join([]string{v.Text, v.Status, v.Value}, "|"))
	}
	return all
}

// partOf is everybody in a part, page by page.
func (r *rig) partOf(q control.ResultsQuery, part control.ResultsPart) (all []control.ResultsPerson) {
	for cursor := ""; ; {
		page, next, err := r.g.Control.ResultsPeople(r.t.Context(), q, part, cursor, 2)
		require.NoError(r.t, err)
		all = append(all, page...)
		if cursor = next; cursor == "" {
			return all
		}
	}
}

func (r *rig) exported(q control.ResultsQuery, refused string) {
	r.t.Helper()
	for role, whole := range map[access.Role]bool{access.Agent: true, access.Viewer: false} {
		var b strings.Builder
		ctx := access.As(r.t.Context(), access.Caller{Name: "x", Role: role})
		require.NoError(r.t, r.g.Control.ExportResults(ctx, q, control.ResultsPart{Kind: "audience"}, &b))
		text, marked := strings.CutPrefix(b.String(), "\ufeff")
		require.True(r.t, marked, "a spreadsheet takes it for UTF-8")
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		require.NoError(r.t, err)
		require.Len(r.t, rows, 6)
		require.NotContains(r.t, text, refused)
		require.Contains(r.t, text, "'=Lan")
		require.Contains(r.t, text, "<b>ờm</b>=SUM(A)")
		if whole {
			require.Contains(r.t, text, "tel:+84901000004")
		} else {
			require.NotContains(r.t, text, "84901000004")
		}
	}
}

// TestResultsOfFewReadTheLedgersOfFew: where the runs count nobody no ledger is read, and where those whom the rule fits are all whom
// the runs have reached, nobody else's is. Where they are not, everybody's is, and nobody is missing.
func TestResultsOfFewReadTheLedgersOfFew(t *testing.T) {
	t.Parallel()
	var ledgers sync.Map
	r := newRig(t, withFiles(strings.Replace(styleCampaign, "audience: consent.marketing && prefs.style == nil", `audience: facts.group == "few"`, 1)), func(r *rig) {
		r.opts.Redis.Commands = func(args []any) {
			if key := fmt.Sprint(args[min(1, len(args)-1)]); fmt.Sprint(args[0]) == "lrange" && strings.Contains(key, "}:ledger:") {
				ledgers.Store(key, true)
			}
		}
	})
	group := func(i int, name string) string {
		e := campaigns.ContactEdit{Addresses: []address.Address{{Scheme: address.Tel, ID: numbered(i)}}, Facts: map[string]any{"group": name},
			Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: i != 1, Source: "form", At: r.clock.Now().Add(-time.Hour)}}}
		v, _, err := r.g.Control.Upsert(access.As(t.Context(), access.Program()), e)
		require.NoError(t, err)
		return v.ID
	}
	var few []string
	for i := range 60 {
		if name := "many"; i >= 3 {
			group(i, name)
			continue
		}
		few = append(few, group(i, "few"))
	}
	run := r.run("style")
	r.settledRun(run, "done")
	q := control.ResultsQuery{Campaign: "style"}
	results := func() (read int) {
		ledgers.Clear()
		got, err := r.g.Control.Results(t.Context(), q, nil)
		require.NoError(t, err)
		require.Equal(t, []int64{3, 2, 60, 60}, []int64{got.People, got.Eligible, got.Of, got.Looked})
		ledgers.Range(func(any, any) bool { read++; return true })
		return read
	}
	r.until("the index is whole", func() bool { return results() == 3 })
	for kind, want := range map[string]int{"audience": 3, "asked": 2, "excluded": 1, "opted_out": 0} {
		ledgers.Clear()
		page, next, err := r.g.Control.ResultsPeople(t.Context(), q, control.ResultsPart{Kind: kind}, "", 50)
		require.NoError(t, err)
		require.Empty(t, next, kind)
		require.Len(t, page, want, kind)
	}
	group(2, "many")
	require.Greater(t, results(), 3, "one is not of the group any more")
	require.Equal(t, 204, r.call("DELETE", "/api/v1/contacts/"+few[0], nil, nil))
	got, err := r.g.Control.Results(t.Context(), q, nil)
	require.NoError(t, err)
	require.Equal(t, []int64{2, 3}, []int64{got.People, got.Counts[campaigns.CountAudience]}, "who is erased is in the counts alone")
}

// TestResultsAreGatheredOnce: what was gathered a moment ago serves the campaign and each of its runs.
func TestResultsAreGatheredOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.contact(lan, "Lan")
	first := r.run("style")
	r.phone(lan, 1)
	whole, err := r.g.Control.Results(t.Context(), control.ResultsQuery{Campaign: "style"}, nil)
	require.NoError(t, err)
	require.Equal(t, int64(1), whole.People)
	r.contact(minh, "Minh")
	second := r.run("style")
	r.phone(minh, 1)
	kept, err := r.g.Control.Results(t.Context(), control.ResultsQuery{Campaign: "style", Run: first, MaxAge: time.Minute}, nil)
	require.NoError(t, err)
	require.Equal(t, whole.At, kept.At)
	require.Equal(t, int64(1), kept.People)
	anew, err := r.g.Control.Results(t.Context(), control.ResultsQuery{Campaign: "style", Run: second}, nil)
	require.NoError(t, err)
	require.Equal(t, int64(2), anew.Counts[campaigns.CountAudience], "Lan was asked by the first run, and her question is open")
	require.Equal(t, int64(1), anew.Waiting)
}

// TestResultsOfARunThatIsOverAreKept: once its runs are over, what was gathered stands for as long as they count nothing more; and who is
// erased meanwhile is quoted no more.
func TestResultsOfARunThatIsOverAreKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	run := r.run("style")
	r.settledRun(run, "done")
	results := func(maxAge time.Duration) control.Results {
		got, err := r.g.Control.Results(t.Context(), control.ResultsQuery{Campaign: "style", Run: run, MaxAge: maxAge}, nil)
		require.NoError(t, err)
		require.True(t, got.Done)
		return got
	}
	first := results(time.Minute)
	r.clock.Forward(3 * time.Hour)
	require.Equal(t, first.At, results(time.Minute).At, "nothing was counted since")
	require.NotEqual(t, first.At, results(0).At, "unless it is wanted anew")
	r.reply(lan, "1")
	r.until("the answer is counted", func() bool { return r.runOf(run).Counts["answered"] == 1 })
	r.clock.Forward(time.Hour)
	answered := results(time.Minute)
	require.EqualValues(t, 1, answered.Replied)
	require.Len(t, answered.Verbatims, 1)
	require.Equal(t, 204, r.call("DELETE", "/api/v1/contacts/"+id, nil, nil))
	kept := results(time.Hour)
	require.Equal(t, answered.At, kept.At)
	require.Empty(t, kept.Verbatims)
}
