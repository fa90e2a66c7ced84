package files_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/files"
)

func TestFieldAt(t *testing.T) {
	t.Parallel()
	for what, want := range map[string]string{
		"autumn-style   #":   "campaign.autumn-style.campaign",
		`"0 10 * * SAT"`:     "campaign.autumn-style.schedule.cron",
		"Công sở, en":        "campaign.autumn-style.questions.style.options.office.label.vi",
		"đi làm":             "campaign.autumn-style.questions.style.options.office.synonyms.1",
		"prefs.style ==":     "campaign.autumn-style.audience",
		"sporty-early":       "campaign.autumn-style.offers.1",
		"Size nào?":          "campaign.other.questions.size.text",
		"Which style is you": "campaign.autumn-style.questions.style.text.en",
	} {
		before, _, ok := strings.Cut(written, what)
		require.True(t, ok, what)
		line := strings.Count(before, "\n") + 1
		column := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
		require.Equal(t, want, files.FieldAt([]byte(written), line, column), what)
	}
	require.Empty(t, files.FieldAt([]byte("a: [\n"), 1, 1))
	require.Empty(t, files.FieldAt([]byte(written), 0, 0))
}

// What a hint says can be done at a touch, and the mistake is gone then.
func TestFixes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"a key":          {"campaign: a\nquestions:\n  - {id: a, knd: text, text: Hỏi}\n", "{id: a, kind: text,"},
		"a kind":         {"campaign: a\nquestions:\n  - {id: a, kind: txt, text: Hỏi}\n", "kind: text,"},
		"a quoted one":   {"campaign: a\nchannels: [\"zaloo\"]\nquestions:\n  - {id: a, kind: text, text: Hỏi}\n", `["zalo"]`},
		"too few braces": {"campaign: a\nquestions:\n  - {id: a, kind: text, text: \"Chị ơi, {name} thích gì?\"}\n", `"Chị ơi, {{name}} thích gì?"`},
		"a language":     {"campaign: a\nquestions:\n  - {id: a, kind: text, text: {vn: Hỏi}}\n", "{vi: Hỏi}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := []byte(c.text)
			for range 3 { // one mistake may hide another
				_, mistakes, _ := files.LoadSources([]files.Source{{Name: "a.yaml", Text: text}}, files.Options{})
				if len(mistakes) == 0 {
					break
				}
				for _, p := range mistakes {
					if fix := files.FixOf(text, p); fix != nil {
						fixed, ok := fix.Apply(text)
						require.True(t, ok, p.String())
						text = fixed
						break
					}
				}
			}
			_, mistakes, _ := files.LoadSources([]files.Source{{Name: "a.yaml", Text: text}}, files.Options{})
			require.Empty(t, mistakes, string(text))
			require.Contains(t, string(text), c.want)
		})
	}
	_, ok := files.Fix{Line: 1, Column: 1, Old: "x", New: "y"}.Apply([]byte("z"))
	require.False(t, ok)
	_, ok = files.Fix{Line: 9, Column: 1}.Apply([]byte("z"))
	require.False(t, ok)
}

func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"autumn.yaml", "a/b-2.yml", "1.yaml"} {
		require.Empty(t, files.NameForm(good), good)
	}
	for _, bad := range []string{"", "autumn", "../x.yaml", "/x.yaml", "a//b.yaml", ".x.yaml", "A.yaml", "a b.yaml", "ă.yaml", "a.YAML", strings.Repeat("a", 60) + "/" + strings.Repeat("b", 60) + ".yaml"} {
		require.NotEmpty(t, files.NameForm(bad), bad)
	}
}

func TestDefines(t *testing.T) {
	t.Parallel()
	got := files.Defines([]byte("offer: o\n---\ncampaign: c\nname: Tên\n---\nx: y\n---\n- 1\n"))
	require.Equal(t, []files.Defined{{Kind: "offer", ID: "o", Line: 1}, {Kind: "campaign", ID: "c", Name: "Tên", Line: 3}}, got)
}

func TestSourcesOfOneName(t *testing.T) {
	t.Parallel()
	a := files.Source{Name: "a.yaml", Text: []byte("offer: o\ntext: x\n")}
	_, mistakes, _ := files.LoadSources([]files.Source{a, a}, files.Options{})
	require.Contains(t, mistakes.Error(), "there is a file of this name in the folder and in the console")
	b := files.Source{Name: "b.yaml", Text: a.Text}
	_, mistakes, _ = files.LoadSources([]files.Source{a, b}, files.Options{})
	require.Contains(t, mistakes.Error(), "b.yaml:1:8: there is a offer o already, at a.yaml:1:8")
}
