package files_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

var update = flag.Bool("update", false, "rewrite what the golden files expect")

func options(t testing.TB) files.Options {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	require.NoError(t, err)
	return files.Options{Zone: zone, ZoneName: "Asia/Ho_Chi_Minh", Locales: []string{"vi", "en"}}
}

// expected is the name, in each golden file, of what must be found.
const expected = "problems"

func TestProblems(t *testing.T) {
	t.Parallel()
	golden, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, golden)
	for _, name := range golden {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			require.NoError(t, err)
			fsys, want, at := fstest.MapFS{}, "", -1
			for i, f := range archive.Files {
				if f.Name == expected {
					want, at = string(f.Data), i
					continue
				}
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			got := found(files.Load(fsys, options(t)))
			if *update {
				if at < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: expected})
					at = len(archive.Files) - 1
				}
				archive.Files[at].Data = []byte(got)
				require.NoError(t, os.WriteFile(name, txtar.Format(archive), 0o600))
				return
			}
			require.Equal(t, want, got)
		})
	}
}

// found is a line for each problem, or for each warning where there is none.
func found(set *files.Set, problems files.Problems) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.String() + "\n")
	}
	if set != nil {
		for _, p := range set.Warnings {
			b.WriteString("warning: " + p.String() + "\n")
		}
	}
	return b.String()
}

func load(t *testing.T, text string) *files.Set {
	t.Helper()
	set, problems := files.Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, options(t))
	require.Empty(t, problems)
	return set
}

const autumn = `campaign: autumn-style
name: Gu thời trang mùa thu
schedule:
  cron: "0 10 * * SAT"
  timezone: Asia/Ho_Chi_Minh
audience: consent.marketing && prefs.style == nil
channels: [zalo, sms]
questions:
  - id: style
    attribute: style
    label: {vi: Phong cách, en: Style}
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào?", en: "Which style is you, {{name}}?"}
    options:
      - {value: sporty, label: {vi: Thể thao, en: Sporty}, synonyms: {vi: [năng động], en: [athletic]}}
      - {value: office, label: {vi: Công sở, en: Office}}
    fresh_for: 180d
    remind_after: 24h
  - id: budget
    kind: money
    currency: VND
    when: prefs.style == "office"
    text: Ngân sách cho một bộ khoảng bao nhiêu ạ?
    again: {vi: "Dạ khoảng bao nhiêu tiền ạ?"}
    retries: 0
offers: [office-20]
thanks: {vi: "Cảm ơn {{name}}!", en: "Thank you, {{name}}!"}
---
offer: office-20
when: prefs.style == "office" && prefs.budget.max >= 500000
priority: 10
text: {vi: "Tặng {{name}} mã {{code}} giảm 20%: {{link}}", en: "{{code}} {{link}}"}
code: {pool: office-20}
link: https://shop.example.com/office
budget: 500
valid: {from: 2026-12-01, until: 2027-01-31}
`

func TestLoad(t *testing.T) {
	t.Parallel()
	set := load(t, autumn)
	require.Empty(t, set.Warnings)
	c, zone := set.Campaigns["autumn-style"], options(t).Zone
	require.Equal(t, "Gu thời trang mùa thu", c.Name)
	require.Equal(t, preferences.Marketing, c.Purpose)
	require.Equal(t, []address.Channel{"zalo", "sms"}, c.Channels)
	require.Equal(t, []string{"office-20"}, c.Offers)
	require.Equal(t, "a.yaml:1", c.Source)
	require.Equal(t, campaigns.Texts{"vi": "Phong cách", "en": "Style"}, c.Questions[0].Label)
	require.Equal(t, "Cảm ơn {{name}}!", c.Thanks["vi"])
	require.Equal(t, "0 10 * * SAT", c.Schedule.Spec)
	friday := time.Date(2026, 12, 4, 12, 0, 0, 0, time.UTC)
	require.Equal(t, "2026-12-05T10:00:00+07:00", c.Schedule.Cron.Next(friday).In(zone).Format(time.RFC3339))
	ok, err := c.Audience.Holds(expr.Env{Contact: &preferences.Contact{Consents: []preferences.Consent{{Purpose: "marketing", Granted: true}}}})
	require.NoError(t, err)
	require.True(t, ok)

	style, budget := c.Questions[0], c.Questions[1]
	require.Equal(t, preferences.Choice, style.Ask.Kind)
	require.Equal(t, []string{"năng động"}, style.Ask.Options[0].Synonyms["vi"])
	require.Equal(t, 180*24*time.Hour, style.FreshFor)
	require.Equal(t, 24*time.Hour, style.RemindAfter)
	require.Equal(t, 2, style.Retries)
	require.Equal(t, "budget", budget.Attribute, "the id, where no attribute is named")
	require.Equal(t, map[string]string{"vi": "Ngân sách cho một bộ khoảng bao nhiêu ạ?"}, budget.Ask.Text)
	require.Equal(t, "Dạ khoảng bao nhiêu tiền ạ?", budget.Again["vi"])
	require.Equal(t, 0, budget.Retries)
	require.NotNil(t, budget.When)

	o := set.Offers["office-20"]
	require.Equal(t, "office-20", o.Pool)
	require.Equal(t, 500, o.Budget)
	require.Equal(t, 10, o.Priority)
	require.Equal(t, "2026-12-01T00:00:00+07:00", o.From.Format(time.RFC3339))
	require.Equal(t, "2027-02-01T00:00:00+07:00", o.Until.Format(time.RFC3339), "the last day counts whole")
	require.Equal(t, "a.yaml:29", o.Source)
}

func TestSchedules(t *testing.T) {
	t.Parallel()
	const rest = "\nquestions: [{id: note, kind: text, text: \"?\"}]\n"
	at := load(t, "campaign: a\nschedule: {at: 2026-12-01T10:00, timezone: America/New_York}"+rest).Campaigns["a"].Schedule
	require.Equal(t, "2026-12-01T10:00:00-05:00", at.At.Format(time.RFC3339))
	each := load(t, "campaign: a\nschedule: {cron: 0 10 * * *, timezone: contact}"+rest).Campaigns["a"].Schedule
	require.Equal(t, "contact", each.ZoneName)
	tokyo := time.FixedZone("JST", 9*3600)
	require.Equal(t, 10, each.Cron.Next(time.Date(2026, 12, 1, 3, 0, 0, 0, tokyo)).Hour(), "ten o'clock where the contact is")
	event := load(t, "campaign: a\nschedule: {event: order.returned, delay: 2h}"+rest).Campaigns["a"].Schedule
	require.Equal(t, "order.returned", event.Event)
	require.Equal(t, 2*time.Hour, event.Delay)
	require.Equal(t, "Asia/Ho_Chi_Minh", event.ZoneName)
	require.Nil(t, load(t, "campaign: a"+rest).Campaigns["a"].Schedule)
}

func TestComposedAndDecomposedLettersAreTheSame(t *testing.T) {
	t.Parallel()
	set := load(t, "campaign: a\nname: Gu tho\u031b\u0300i trang\nquestions: [{id: note, kind: text, text: \"?\"}]\n")
	require.Equal(t, "Gu thời trang", set.Campaigns["a"].Name)
}

func TestWhichFiles(t *testing.T) {
	t.Parallel()
	doc := func(id string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("campaign: " + id + "\nquestions: [{id: note, kind: text, text: \"?\"}]\n")}
	}
	set, problems := files.Load(fstest.MapFS{
		"a.yaml": doc("a"), "deep/er/b.YML": doc("b"), ".git/c.yaml": doc("c"), "d.txt": doc("d"), "..data/e.yaml": doc("e"), ".f.yaml": doc("f"),
		"empty.yaml": {Data: []byte("# nothing yet\n---\n")},
		"link.yaml":  {Mode: fs.ModeDir},
	}, options(t))
	require.Empty(t, problems)
	require.Len(t, set.Campaigns, 2)
	require.Contains(t, set.Campaigns, "a")
	require.Contains(t, set.Campaigns, "b")
}

func TestChannelsWithoutAnAccount(t *testing.T) {
	t.Parallel()
	opts := options(t)
	opts.Channels = []address.Channel{address.Viber}
	fsys := fstest.MapFS{"a.yaml": {Data: []byte(autumn)}}
	_, problems := files.Load(fsys, opts)
	require.Len(t, problems, 1)
	require.Equal(t, "a.yaml:7:11: no account carries any of these channels; add an account for one of them, or name another channel", problems[0].String())
	opts.Channels = append(opts.Channels, address.SMS)
	_, problems = files.Load(fsys, opts)
	require.Empty(t, problems)
}

func TestNoFolder(t *testing.T) {
	t.Parallel()
	set, problems := files.Load(os.DirFS("testdata/nowhere"), options(t))
	require.Nil(t, set)
	require.Equal(t, ".: the folder cannot be read: no such file or directory", problems.Error())
}

func TestLoadFiles(t *testing.T) {
	t.Parallel()
	contents := map[string]string{"a": "offer: one\ntext: hi\n", "b": "offer: two\ntext: hi\n"}
	read := func(name string) ([]byte, error) {
		if s, ok := contents[name]; ok {
			return []byte(s), nil
		}
		return nil, fs.ErrNotExist
	}
	set, problems := files.LoadFiles([]string{"b", "a"}, read, options(t))
	require.Empty(t, problems)
	require.Len(t, set.Offers, 2)
	_, problems = files.LoadFiles([]string{"a", "c"}, read, options(t))
	require.Equal(t, "c: the file cannot be read: file does not exist", problems.Error())
}

func FuzzLoad(f *testing.F) {
	f.Add(autumn)
	f.Add("campaign: &a [*a]\n")
	f.Add("? {a: b}\n: c\n---\n<<: {offer: x}\n")
	golden, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range golden {
		archive, err := txtar.ParseFile(name)
		require.NoError(f, err)
		for _, file := range archive.Files {
			f.Add(string(file.Data))
		}
	}
	opts := options(f)
	f.Fuzz(func(t *testing.T, text string) {
		set, problems := files.Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, opts)
		if (set == nil) != (len(problems) > 0) {
			t.Fatalf("a set with problems, or neither: %v", problems)
		}
		for _, p := range problems {
			if p.Line < 1 && p.Message != "" && len(text) < 1<<20 && !strings.Contains(p.Message, "cannot be read") || p.Message == "" {
				t.Fatalf("a problem without a place: %v", p)
			}
		}
	})
}
