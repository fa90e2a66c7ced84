package files_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns/files"
)

// written is a campaign as people write it: comments everywhere, all kinds of quotes, lists and groups of both forms.
const written = `# What suits whom in autumn.
campaign: autumn-style   # never renamed
name: 'Gu mùa thu'
schedule: {cron: "0 10 * * SAT", timezone: Asia/Ho_Chi_Minh} # Saturdays
# Only those who agreed.
audience: consent.marketing && prefs.style == nil
channels: [zalo, sms]

replies: link # how answers come back
questions:
  # The first one.
  - id: style
    label: {vi: Phong cách, en: Style}
    kind: choice
    text:
      vi: "Chị {{name}} thích phong cách nào?"  # warm
      en: >-
        Which style is you,
        {{name}}?
    options:
      # what sells
      - {value: sporty, label: {vi: Thể thao, en: Sporty}, synonyms: {vi: [năng động], en: [athletic]}}
      - value: office
        label: {vi: Công sở, en: Office} # the largest
        synonyms: [văn phòng, đi làm]
      - {value: "5", label: "Năm: hay không?"}
    templates: # approved by the provider
      zalo: {id: "12", variables: {name: "{{name}}"}}
    fresh_for: 180d
    remind_after: 24h

  # Only for those in an office.
  - id: budget
    kind: money
    when: prefs.style == "office"
    text: |
      Ngân sách cho một bộ
      khoảng bao nhiêu ạ?
    retries: 2
offers:
  - office-20 # the best
  - sporty-early
thanks: {vi: "Cảm ơn {{name}}!"}
# That is all.
---
# Another campaign of the file.
campaign: other
questions:
  - {id: size, kind: text, text: Size nào?} # short
`

func readForm(t require.TestingT, text, campaign string) files.Form {
	f, err := files.ReadForm([]byte(text), campaign, "vi")
	require.NoError(t, err, text)
	return f
}

func writeForm(t require.TestingT, text, campaign string, f files.Form) string {
	out, err := files.WriteForm([]byte(text), campaign, f, "vi")
	require.NoError(t, err, text)
	return string(out)
}

func TestReadForm(t *testing.T) {
	t.Parallel()
	f := readForm(t, written, "autumn-style")
	require.Equal(t, "Gu mùa thu", f.Name)
	require.Equal(t, files.ScheduleForm{Cron: "0 10 * * SAT", Timezone: "Asia/Ho_Chi_Minh"}, f.Schedule)
	require.Equal(t, []string{"zalo", "sms"}, f.Channels)
	require.Len(t, f.Questions, 2)
	require.Equal(t, "Which style is you, {{name}}?", f.Questions[0].Text["en"])
	require.Equal(t, []files.OptionForm{
		{Was: "sporty", Value: "sporty", Label: map[string]string{"vi": "Thể thao", "en": "Sporty"}, Synonyms: map[string][]string{"vi": {"năng động"}, "en": {"athletic"}}},
		{Was: "office", Value: "office", Label: map[string]string{"vi": "Công sở", "en": "Office"}, Synonyms: map[string][]string{"vi": {"văn phòng", "đi làm"}}},
		{Was: "5", Value: "5", Label: map[string]string{"vi": "Năm: hay không?"}},
	}, f.Questions[0].Options)
	require.Equal(t, "Ngân sách cho một bộ\nkhoảng bao nhiêu ạ?\n", f.Questions[1].Text["vi"])
	require.Equal(t, "Size nào?", readForm(t, written, "other").Questions[0].Text["vi"])
	_, err := files.ReadForm([]byte(written), "third", "vi")
	require.ErrorContains(t, err, "third")
	_, err = files.ReadForm([]byte("campaign: a\nthanks: &x hi\n"), "a", "vi")
	require.ErrorIs(t, err, files.ErrByHand)
}

// Each change changes its own place, and nothing else.
func TestWriteForm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*files.Form)
		from, to string // what stands there, and what comes in its place
	}{
		"a word keeps its quotes":  {func(f *files.Form) { f.Name = "Gu mùa đông" }, "'Gu mùa thu'", "'Gu mùa đông'"},
		"a comment behind stays":   {func(f *files.Form) { f.Questions[0].Text["vi"] = `Chị "A" thích gì?` }, `"Chị {{name}} thích phong cách nào?"  # warm`, `"Chị \"A\" thích gì?"  # warm`},
		"in brackets":              {func(f *files.Form) { f.Schedule.Cron = "0 9 * * SUN" }, `"0 10 * * SAT"`, `"0 9 * * SUN"`},
		"a key in brackets":        {func(f *files.Form) { f.Schedule.Timezone = "" }, `, timezone: Asia/Ho_Chi_Minh} #`, `} #`},
		"another kind of schedule": {func(f *files.Form) { f.Schedule = files.ScheduleForm{Event: "order.returned", Delay: "2h"} }, `{cron: "0 10 * * SAT", timezone: Asia/Ho_Chi_Minh}`, `{event: order.returned, delay: 2h}`},
		"a condition":              {func(f *files.Form) { f.Audience = `prefs.style == "office"` }, `consent.marketing && prefs.style == nil`, `prefs.style == "office"`},
		"a condition that is gone": {func(f *files.Form) { f.Audience = "" }, "audience: consent.marketing && prefs.style == nil\n", ""},
		"a folded text":            {func(f *files.Form) { f.Questions[0].Text["en"] = "Which?" }, ">-\n        Which style is you,\n        {{name}}?", `"Which?"`},
		"a text of several lines":  {func(f *files.Form) { f.Questions[1].Text["vi"] = "Bao nhiêu ạ?" }, "|\n      Ngân sách cho một bộ\n      khoảng bao nhiêu ạ?", `"Bao nhiêu ạ?"`},
		"a second language":        {func(f *files.Form) { f.Thanks["en"] = "Thanks!" }, `{vi: "Cảm ơn {{name}}!"}`, `{vi: "Cảm ơn {{name}}!", en: "Thanks!"}`},
		"a list in brackets":       {func(f *files.Form) { f.Channels = []string{"sms", "zalo"} }, "[zalo, sms]", "[sms, zalo]"},
		"more in brackets":         {func(f *files.Form) { f.Channels = []string{"zalo", "viber", "sms"} }, "[zalo, sms]", "[zalo, viber, sms]"},
		"all others":               {func(f *files.Form) { f.Channels = []string{"viber"} }, "[zalo, sms]", "[viber]"},
		"an item on its line":      {func(f *files.Form) { f.Offers = []string{"office-20", "new-10", "sporty-early"} }, "  - sporty-early\n", "  - new-10\n  - sporty-early\n"},
		"lines change places":      {func(f *files.Form) { f.Offers = []string{"sporty-early", "office-20"} }, "  - office-20 # the best\n  - sporty-early\n", "  - sporty-early\n  - office-20 # the best\n"},
		"a synonym of a list": {func(f *files.Form) {
			f.Questions[0].Options[1].Synonyms["vi"] = []string{"văn phòng", "đi làm", "công ty"}
		}, "[văn phòng, đi làm]", "[văn phòng, đi làm, công ty]"},
		"synonyms in another language": {func(f *files.Form) { f.Questions[0].Options[1].Synonyms["en"] = []string{"work"} }, "[văn phòng, đi làm]", "{vi: [văn phòng, đi làm], en: [work]}"},
		"an option's value":            {func(f *files.Form) { f.Questions[0].Options[1].Value = "work" }, "- value: office", "- value: work"},
		"a new option": {func(f *files.Form) {
			f.Questions[0].Options = append(f.Questions[0].Options, files.OptionForm{Value: "street", Label: map[string]string{"vi": "Đường phố"}})
		}, "hay không?\"}\n", "hay không?\"}\n      - {value: street, label: {vi: Đường phố}}\n"},
		"a question less":               {func(f *files.Form) { f.Questions = f.Questions[:1] }, "  # Only for those in an office.\n" + written[strings.Index(written, "  - id: budget"):strings.Index(written, "offers:\n")], ""},
		"a key that a question had not": {func(f *files.Form) { f.Questions[0].When = "facts.orders > 1" }, "    kind: choice\n", "    kind: choice\n    when: facts.orders > 1\n"},
		"a number":                      {func(f *files.Form) { f.Questions[1].Retries = "3" }, "retries: 2", "retries: 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := readForm(t, written, "autumn-style")
			c.change(&f)
			require.Equal(t, 1, strings.Count(written, c.from), "%q is not one place", c.from)
			want := strings.Replace(written, c.from, c.to, 1)
			require.Equal(t, want, writeForm(t, written, "autumn-style", f))
			crlf := strings.ReplaceAll(written, "\n", "\r\n")
			require.Equal(t, strings.ReplaceAll(want, "\n", "\r\n"), writeForm(t, crlf, "autumn-style", f))
		})
	}
}

func TestWriteFormByHand(t *testing.T) {
	t.Parallel()
	f := readForm(t, written, "autumn-style")
	f.Questions[1].ID = "style"
	_, err := files.WriteForm([]byte(written), "autumn-style", f, "vi")
	require.ErrorIs(t, err, files.ErrByHand, "two questions of one id cannot be told apart")
}

// A file made from a form says what the form does, and nothing is wrong with it.
func TestNewFile(t *testing.T) {
	t.Parallel()
	f := readForm(t, written, "autumn-style")
	f.Offers = nil
	text := files.NewFile(f)
	require.Equal(t, f, readForm(t, string(text), "autumn-style"))
	_, mistakes, _ := files.LoadSources([]files.Source{{Name: "a.yaml", Text: text}}, files.Options{})
	require.Empty(t, mistakes, string(text))
}

var commentForm = regexp.MustCompile(`(?m)(?:^|\s)# .*$`)

// texts are what people write, and what breaks naive writers.
var texts = rapid.OneOf(
	rapid.SampledFrom([]string{"Thể thao", "yes", "no", "5", "1.5", "null", "~", "a: b", "a #b", "# x", "- x", "{{name}}", "[x]", "it's", `say "hi"`, "'", `"`, `\n`, "hai\ndòng", " trước", "sau ", "%x", "@x", "`x`", "&a", "*a", "!t", "|", ">", "a,b", "🙂", "x\u0301", "é", "\ttab", "0x1f", "2027-01-31", "on", "=", "<<", "?", ": x"}),
	rapid.StringMatching(`[a-zA-ZđĐêơ0-9 :#,{}\[\]"'&*!|>%@\\-]{1,30}`),
)

var byLocale = rapid.MapOfN(rapid.SampledFrom([]string{"vi", "en"}), texts, 1, 2)

// drawForm changes a form at random: words, orders, what is new, and what is gone.
func drawForm(t *rapid.T, f files.Form) files.Form {
	flip := func(what string) bool { return rapid.Bool().Draw(t, what) }
	if flip("name") {
		f.Name = texts.Draw(t, "name")
	}
	if flip("audience") {
		f.Audience = texts.Draw(t, "audience")
	}
	if flip("schedule") {
		f.Schedule = files.ScheduleForm{At: "2026-12-01T10:00", Timezone: rapid.SampledFrom([]string{"", "contact"}).Draw(t, "zone")}
	}
	f.Channels = rapid.Permutation([]string{"zalo", "sms", "viber"}).Draw(t, "channels")[:rapid.IntRange(0, 3).Draw(t, "n")]
	f.Offers = rapid.Permutation([]string{"office-20", "sporty-early", "more"}).Draw(t, "offers")[:rapid.IntRange(0, 3).Draw(t, "n")]
	f.Thanks = rapid.MapOfN(rapid.SampledFrom([]string{"vi", "en"}), texts, 0, 2).Draw(t, "thanks")
	f.Questions = rapid.Permutation(f.Questions).Draw(t, "order")
	if flip("new question") {
		f.Questions = append(f.Questions, files.QuestionForm{ID: "added", Kind: "choice", Text: byLocale.Draw(t, "text"), Label: byLocale.Draw(t, "label"),
			Options: []files.OptionForm{{Value: "a", Label: byLocale.Draw(t, "a")}, {Value: "b", Label: byLocale.Draw(t, "b"), Synonyms: map[string][]string{"vi": {texts.Draw(t, "synonym")}}}}})
	}
	for i := range f.Questions {
		q := &f.Questions[i]
		if flip("text") {
			q.Text = byLocale.Draw(t, "text")
		}
		if flip("again") {
			q.Again = byLocale.Draw(t, "again")
		}
		if flip("when") {
			q.When = texts.Draw(t, "when")
		}
		if q.ID == "budget" && flip("rename") {
			q.ID = "spend"
		}
		for n := range q.Options {
			if flip("label") {
				q.Options[n].Label = byLocale.Draw(t, "label")
			}
			if flip("synonyms") {
				q.Options[n].Synonyms = map[string][]string{"en": rapid.SliceOfNDistinct(texts, 1, 3, rapid.ID[string]).Draw(t, "synonyms")}
			}
		}
	}
	return f
}

// asRead is a form as it is read after it was written.
func asRead(f files.Form) files.Form {
	for i := range f.Questions {
		f.Questions[i].Was = f.Questions[i].ID
		for n := range f.Questions[i].Options {
			f.Questions[i].Options[n].Was = f.Questions[i].Options[n].Value
		}
	}
	if len(f.Channels) == 0 {
		f.Channels = nil
	}
	if len(f.Offers) == 0 {
		f.Offers = nil
	}
	if len(f.Thanks) == 0 {
		f.Thanks = nil
	}
	return f
}

// Whatever a form says, the file says it afterwards; comments stay unless what they are about goes; the other campaign of
// the file is as it was; and writing what a file says already changes nothing.
func TestFormGoesThereAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := written
		if rapid.Bool().Draw(t, "crlf") {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		f := drawForm(t, readForm(t, text, "autumn-style"))
		out := writeForm(t, text, "autumn-style", f)
		got := readForm(t, out, "autumn-style")
		require.Equal(t, asRead(f), got, out)
		require.Equal(t, out, writeForm(t, out, "autumn-style", got))
		require.True(t, utf8.ValidString(out))
		_, other, _ := strings.Cut(text, "---")
		require.True(t, strings.HasSuffix(out, other), out)
		for _, comment := range commentForm.FindAllString(text, -1) {
			if c := strings.TrimSpace(comment); c != "# the best" && c != "# warm" { // an offer and a text that may go
				require.Contains(t, out, c)
			}
		}
	})
}

// Nothing that somebody writes makes reading or writing a form fall over.
func FuzzWriteForm(f *testing.F) {
	f.Add(written, "x")
	f.Add("campaign: autumn-style\nquestions: [{id: a, options: [{value: b}]}]\nthanks:\nname: |\n", "y: z")
	f.Fuzz(func(t *testing.T, text, name string) {
		form, err := files.ReadForm([]byte(text), "autumn-style", "vi")
		if err != nil {
			return
		}
		form.Name = name
		form.Questions = append(form.Questions, files.QuestionForm{ID: "q" + name, Kind: "text", Text: map[string]string{"vi": name}})
		out, err := files.WriteForm([]byte(text), "autumn-style", form, "vi")
		if err != nil {
			return
		}
		got, err := files.ReadForm(out, "autumn-style", "vi")
		require.NoError(t, err)
		require.Equal(t, name, got.Name)
	})
}
