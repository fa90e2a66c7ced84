package campaigns_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
)

func TestRender(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"name": "Lan", "code": "A{{name}}", "empty": "", "lines": "a\nb\tc\u0000", "prefs.style": "Công sở"}
	for text, want := range map[string]string{
		"Chị {{name}} ơi":             "Chị Lan ơi",
		"Chị {{ name }} ơi":           "Chị Lan ơi",
		"Chị {{empty}} ơi":            "Chị ơi",
		"Cảm ơn {{empty}}!":           "Cảm ơn!",
		"Cảm ơn {{empty}}, {{name}}.": "Cảm ơn, Lan.",
		"{{empty}} Chào":              "Chào",
		"Chào {{empty}}":              "Chào",
		"({{empty}})":                 "()",
		"a\n{{empty}} b":              "a\nb",
		"a {{empty}}\nb":              "a\nb",
		"{{unknown}}{{unknown}}x":     "x",
		"mã {{code}}":                 "mã A{{name}}",
		"{{lines}}":                   "a b c",
		"đồ {{prefs.style}}":          "đồ Công sở",
		"{{name":                      "{{name",
		"}}{{":                        "}}{{",
		"":                            "",
		"a  b":                        "a  b",
		"x{{empty}} y":                "x y",
	} {
		if got := campaigns.Render(text, vars); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := campaigns.Render("{{n}}", map[string]string{"n": strings.Repeat("ă", 5000)}); len([]rune(got)) > 300 {
		t.Errorf("a value of %d characters", len([]rune(got)))
	}
}

func TestCheckTemplate(t *testing.T) {
	t.Parallel()
	allowed := []string{"name", "brand", "prefs.style", "facts.*"}
	for text, want := range map[string]string{
		"Chào {{name}} {{ prefs.style }} {{facts.city}}": "",
		"Chào":           "",
		"{{nmae}}":       "did you mean {{name}}?",
		"{{prefs.styl}}": "did you mean {{prefs.style}}?",
		"{{facts.}}":     "there is no {{facts.}}",
		"{{zzzzzzzz}}":   "there are name, brand",
		"{{name}} {{":    "never closed",
		"{{name":         "never closed",
	} {
		err := campaigns.CheckTemplate(text, allowed)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestGaps: an empty value leaves no double space and no space before punctuation that the text did not have.
func TestGaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.StringMatching(`[a-zđơ]{1,5}`)
		var b strings.Builder
		for range rapid.IntRange(1, 8).Draw(rt, "words") {
			b.WriteString(rapid.OneOf(word, rapid.Just("{{empty}}"), rapid.Just("{{ name }}")).Draw(rt, "word"))
			b.WriteString(rapid.SampledFrom([]string{" ", ", ", ". ", "! "}).Draw(rt, "gap"))
		}
		got := campaigns.Render(strings.TrimSpace(b.String()), map[string]string{"name": "Lan"})
		for _, bad := range []string{"  ", " ,", " .", " !"} {
			if strings.Contains(got, bad) {
				rt.Fatalf("%q became %q", b.String(), got)
			}
		}
	})
}

func FuzzRender(f *testing.F) {
	f.Add("Chào {{name}}, {{x}}!", "Lan")
	f.Fuzz(func(t *testing.T, text, name string) {
		_ = campaigns.Render(text, map[string]string{"name": name})
		_ = campaigns.CheckTemplate(text, []string{"name"})
	})
}
