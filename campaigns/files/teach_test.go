package files_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/files"
)

// Each case is an option as it stands in a file, and as it stands there once it has been taught a synonym.
func TestTeach(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, after, synonym, locale string }{
		"no synonyms": {
			`- {value: office, label: {vi: Công sở} } # giữ`,
			`- {value: office, label: {vi: Công sở}, synonyms: {vi: [đi làm]} } # giữ`, "đi làm", "vi"},
		"a list in the language": {
			`- {value: office, label: Công sở, synonyms: {en: [work], vi: [văn phòng, "a, b" ]}}`,
			`- {value: office, label: Công sở, synonyms: {en: [work], vi: [văn phòng, "a, b", đi làm ]}}`, "đi làm", "vi"},
		"brackets and quotes in texts": {
			`- {value: office, label: {vi: "Công ] sở", en: it's}, synonyms: {vi: ['d''a ]', "\"]"]}}`,
			`- {value: office, label: {vi: "Công ] sở", en: it's}, synonyms: {vi: ['d''a ]', "\"]", đi làm]}}`, "đi làm", "vi"},
		"an empty list": {
			`- {value: office, label: Công sở, synonyms: {vi: []}}`,
			`- {value: office, label: Công sở, synonyms: {vi: [đi làm]}}`, "đi làm", "vi"},
		"another language": {
			`- {value: office, label: Công sở, synonyms: {en: [work]}}`,
			`- {value: office, label: Công sở, synonyms: {vi: [đi làm], en: [work]}}`, "đi làm", "vi"},
		"one list for the brand's language": {
			`- {value: office, label: Công sở, synonyms: [văn phòng]}`,
			`- {value: office, label: Công sở, synonyms: [văn phòng, đi làm]}`, "đi làm", "vi"},
		"quotes where they are needed": {
			`- {value: office, label: Công sở, synonyms: [văn phòng]}`,
			`- {value: office, label: Công sở, synonyms: [văn phòng, "9-5: đi làm"]}`, "9-5: đi làm", "vi"},
		"quotes around a word of YAML": {
			`- {value: office, label: Công sở}`,
			`- {value: office, label: Công sở, synonyms: {en: ["on"]}}`, "on", "en"},
		"over several lines": {
			"- value: office\n  label:\n    vi: Công sở # nhãn\n    en: Office\n  synonyms:\n    vi:\n      - văn phòng # hay gặp\n    en: [work,\n         job] # a, ]",
			"- value: office\n  label:\n    vi: Công sở # nhãn\n    en: Office\n  synonyms:\n    vi:\n      - văn phòng # hay gặp\n      - đi làm\n    en: [work,\n         job] # a, ]", "đi làm", "vi"},
		"a list over several lines": {
			"- value: office\n  label: Công sở\n  synonyms:\n    en: [work, # a ]\n         job]",
			"- value: office\n  label: Công sở\n  synonyms:\n    en: [work, # a ]\n         job, career]", "career", "en"},
		"a language more over several lines": {
			"- value: office\n  label: Công sở\n  synonyms:\n    # thêm sau\n    en: [work]",
			"- value: office\n  label: Công sở\n  synonyms:\n    # thêm sau\n    vi: [đi làm]\n    en: [work]", "đi làm", "vi"},
		"behind the label": {
			"- value: office\n  label:\n    vi: Công sở # nhãn\n- {value: other, label: Khác}",
			"- value: office\n  label:\n    vi: Công sở # nhãn\n  synonyms: {vi: [đi làm]}\n- {value: other, label: Khác}", "đi làm", "vi"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := func(option, newline string) string {
				text := "# đầu tệp\noffer: o\ntext: hi\n---\ncampaign: a   # chiến dịch\nquestions:\n  - id: note\n    kind: text\n    text: \"?\"\n  - id: style\n    kind: choice\n    text: \"?\"\n    options:\n" +
					"      " + strings.ReplaceAll(option, "\n", "\n      ") + "\n      - {value: last, label: Cuối cùng}\nthanks: Cảm ơn\n"
				return strings.ReplaceAll(text, "\n", newline)
			}
			for _, newline := range []string{"\n", "\r\n"} {
				got, err := files.Teach([]byte(whole(c.before, newline)), files.Lesson{Campaign: "a", Question: "style", Value: "office", Locale: c.locale, Synonym: c.synonym}, "vi")
				require.NoError(t, err)
				require.Equal(t, whole(c.after, newline), string(got))
				set := load(t, string(got))
				require.Contains(t, set.Campaigns["a"].Questions[1].Ask.Options[0].Synonyms[c.locale], c.synonym)
			}
		})
	}
}

func TestTeachRefuses(t *testing.T) {
	t.Parallel()
	const file = "campaign: a\nquestions:\n  - id: style\n    kind: choice\n    text: \"?\"\n    options:\n      - {value: office, label: Công sở, synonyms: [văn phòng]}\n      - {value: home, label: Ở nhà, synonyms: }\n"
	for want, l := range map[string]files.Lesson{
		"there is no campaign b":            {Campaign: "b", Question: "style", Value: "office", Locale: "vi"},
		"campaign a has no question colour": {Campaign: "a", Question: "colour", Value: "office", Locale: "vi"},
		"question style has no option red":  {Campaign: "a", Question: "style", Value: "red", Locale: "vi"},
	} {
		l.Synonym = "x"
		_, err := files.Teach([]byte(file), l, "vi")
		require.ErrorContains(t, err, want)
	}
	for _, l := range []files.Lesson{{Value: "office", Locale: "en"}, {Value: "home", Locale: "vi"}} {
		l.Campaign, l.Question, l.Synonym = "a", "style", "x"
		_, err := files.Teach([]byte(file), l, "vi")
		require.True(t, errors.Is(err, files.ErrByHand), "%v", err)
	}
}

// FuzzTeach: whatever the file is, what Teach gives is the same text with something added, or an error.
func FuzzTeach(f *testing.F) {
	f.Add(autumn)
	f.Add("campaign: autumn-style\nquestions: [{id: style, kind: choice, options: [{value: office, label: {vi: \"a]\"}}]}]\n")
	f.Add("campaign: autumn-style\nquestions:\n- id: style\n  options:\n  - value: office\n    label: |\n      a\n    synonyms: {vi: [a,\n ]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := files.Teach([]byte(text), files.Lesson{Campaign: "autumn-style", Question: "style", Value: "office", Locale: "vi", Synonym: "đi làm"}, "vi")
		if err != nil {
			return
		}
		from := 0
		for from < len(text) && from < len(got) && text[from] == got[from] {
			from++
		}
		if len(got) <= len(text) || !strings.HasSuffix(string(got), text[from:]) {
			// What was added may begin like what follows it: then the common beginning is too long.
			for from > 0 && !strings.HasSuffix(string(got), text[from:]) {
				from--
			}
			if !strings.HasPrefix(string(got), text[:from]) || !strings.HasSuffix(string(got), text[from:]) || len(got) <= len(text) {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}
