package expr_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns/expr"
)

// words are what conditions are made of, so that random ones often parse.
func words() []string {
	return []string{
		"prefs.style", "prefs.budget", "prefs.budget.max", "prefs.colors", "prefs.vip", "prefs.birthday", "prefs.delivery", "prefs.note", "prefs.age",
		"facts.x", "facts.x.y", "facts.l", "event.e", "consent.marketing", "contact.name", "contact.channels", "now", "nil", "true", "1", "2.5", `"office"`,
		`"30d"`, `"2026-12-15"`, "==", "!=", "<", ">=", "in", "not", "!", "&&", "||", "and", "or", "(", ")", "[", "]", ",", "+", "-", "*", "/", "%", "??", "?", ":",
		"contains", "matches", "any(", "all(", "len(", "lower(", "#", ".", "..", "date(", "duration(", "|", ";", "{", "}",
	}
}

func fact() *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.Float64(), func(x float64) any { return x }), rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }), rapid.Just[any]([]any{1.0, "a", nil, map[string]any{"y": 1}}), rapid.Just[any](map[string]any{"y": []any{}}),
		rapid.Just[any](make(chan int)),
	)
}

// Whatever is compiled can be evaluated and explained on whatever is known, and both agree.
func TestAnyRuleOnAnyEnv(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words()), 1, 9).Draw(t, "words"), " ")
		r, err := expr.Compile(src, schema())
		if err != nil {
			return
		}
		e := lan()
		e.Contact.Facts = map[string]any{"x": fact().Draw(t, "x"), "l": fact().Draw(t, "l")}
		e.Event = map[string]any{"e": fact().Draw(t, "e")}
		for _, attr := range rapid.SliceOf(rapid.SampledFrom([]string{"style", "budget", "colors", "vip", "note"})).Draw(t, "unanswered") {
			delete(e.Contact.Preferences, attr)
		}
		got, err := r.Holds(e)
		require.NoError(t, err)
		every := true
		for _, term := range r.Explain(e) {
			every = every && term.Held
		}
		require.Equal(t, got, every, src)
	})
}

func FuzzCompile(f *testing.F) {
	for _, w := range words() {
		f.Add(w + " == prefs.style && " + w)
	}
	f.Add(`prefs.style == "office" && any(facts.l, .y > 1) || !prefs.vip`)
	f.Add(strings.Repeat("(", 3000))
	f.Add(strings.Repeat("!", 3000) + "true")
	f.Fuzz(func(t *testing.T, src string) {
		r, err := expr.Compile(src, schema())
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		if _, err := r.Holds(lan()); err != nil {
			t.Error(err)
		}
		r.Explain(expr.Env{})
	})
}

func TestConcurrently(t *testing.T) {
	t.Parallel()
	r, err := expr.Compile(`any(facts.tags, # == "b") && prefs.budget.max > 1`, schema())
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				e := lan()
				ok, _ := r.Holds(e)
				if !ok || len(r.Explain(e)) != 2 {
					t.Error("does not hold")
				}
			}
		})
	}
	all.Wait()
}
