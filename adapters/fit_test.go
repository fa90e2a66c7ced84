package adapters_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

var styles = []adapters.Option{{Payload: "style=sporty", Label: "Thể thao"}, {Payload: "style=office", Label: "Công sở"}}

func TestFitOptions(t *testing.T) {
	roomy := adapters.OptionLimits{Max: 3, LabelMax: 20, PayloadMax: 64}
	const listed = "Chị thích phong cách nào?\n1. Thể thao\n2. Công sở"
	for _, x := range []struct {
		name, text, want string
		limits           adapters.OptionLimits
		buttons          bool
	}{
		{"buttons", "Chị thích phong cách nào?", "Chị thích phong cách nào?", roomy, true},
		{"no buttons", "Chị thích phong cách nào? ", listed, adapters.OptionLimits{}, false},
		{"too few", "Chị thích phong cách nào?", listed, adapters.OptionLimits{Max: 1, LabelMax: 20, PayloadMax: 64}, false},
		{"labels too short", "Chị thích phong cách nào?", listed, adapters.OptionLimits{Max: 3, LabelMax: 7, PayloadMax: 64}, false},
		{"labels just fit", "Gu?", "Gu?", adapters.OptionLimits{Max: 2, LabelMax: 8, PayloadMax: 12}, true},
		{"payloads too short", "Chị thích phong cách nào?", listed, adapters.OptionLimits{Max: 3, LabelMax: 20, PayloadMax: 11}, false},
		{"listed already", listed, listed, adapters.OptionLimits{}, false},
		{"listed on one line", "Gu nào: 1-thể thao, 2-công sở?", "Gu nào: 1-thể thao, 2-công sở?", adapters.OptionLimits{}, false},
		{"listed with brackets", "Gu? (1) Thể thao (2) Công sở", "Gu? (1) Thể thao (2) Công sở", adapters.OptionLimits{}, false},
		{"listed by letters", "Gu? a) Thể thao b) Công sở", "Gu? a) Thể thao b) Công sở", adapters.OptionLimits{}, false},
		{"letters of words", "Gu nữa? hoa. Thể thao, b) Công sở", "Gu nữa? hoa. Thể thao, b) Công sở\n1. Thể thao\n2. Công sở", adapters.OptionLimits{}, false},
		{"mentioned, not numbered", "Thể thao hay công sở?", "Thể thao hay công sở?\n1. Thể thao\n2. Công sở", adapters.OptionLimits{}, false},
		{"numbered otherwise", "21. Thể thao 2. Công sở", "21. Thể thao 2. Công sở\n1. Thể thao\n2. Công sở", adapters.OptionLimits{}, false},
		{"half listed", "1. Thể thao", "1. Thể thao\n1. Thể thao\n2. Công sở", adapters.OptionLimits{}, false},
		{"nothing but options", "", "1. Thể thao\n2. Công sở", adapters.OptionLimits{}, false},
	} {
		m := adapters.Message{ID: "m1", Text: x.text, Options: styles}
		got, losses, err := adapters.Fit(m, adapters.Capabilities{Options: x.limits})
		if err != nil || len(got) != 1 || got[0].Text != x.want || (len(got[0].Options) > 0) != x.buttons || (len(losses) == 0) != x.buttons {
			t.Errorf("%s: %+v, %v, %v", x.name, got, losses, err)
		}
	}
}

func TestFitParts(t *testing.T) {
	for _, x := range []struct {
		name, text string
		max        int
		want       []string
	}{
		{"fits", "một hai ba", 10, []string{"một hai ba"}},
		{"no limit", strings.Repeat("a ", 5000), 0, []string{strings.Repeat("a ", 5000)}},
		{"at spaces", "một hai ba", 9, []string{"một hai", "ba"}},
		{"at the end of a word that just fits", "một hai ba", 7, []string{"một hai", "ba"}},
		{"at lines", "một hai\nba bốn năm", 12, []string{"một hai", "ba bốn năm"}},
		{"not at an early line", "a\nmột hai ba bốn", 12, []string{"a\nmột hai ba", "bốn"}},
		{"options stay whole", "Gu nào ạ?\n1. Thể thao\n2. Công sở", 24, []string{"Gu nào ạ?\n1. Thể thao", "2. Công sở"}},
		{"a long word", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"pairs stay whole", "😀😀😀", 3, []string{"😀", "😀", "😀"}},
		{"flags stay whole", "🇻🇳🇻🇳", 6, []string{"🇻🇳", "🇻🇳"}},
		{"families stay whole", "ab👨‍👩‍👧‍👦", 12, []string{"ab", "👨‍👩‍👧‍👦"}},
		{"skin tones stay on", "a👍🏽", 4, []string{"a", "👍🏽"}},
		{"marks stay on", "abcx\u0323\u0302", 5, []string{"abc", "x\u0323\u0302"}},
		{"a character longer than a message", "👨‍👩‍👧‍👦", 5, []string{"👨‍👩", "\u200d👧\u200d", "👦"}},
	} {
		m := adapters.Message{ID: "m1", Text: x.text}
		got, losses, err := adapters.Fit(m, adapters.Capabilities{TextMax: x.max})
		var texts []string
		for _, p := range got {
			texts = append(texts, p.Text)
		}
		if err != nil || !reflect.DeepEqual(texts, x.want) || (len(losses) > 0) != (len(x.want) > 1) {
			t.Errorf("%s: %+q, %v, %v", x.name, texts, losses, err)
		}
	}
}

func TestFitPlacesTheRest(t *testing.T) {
	m := adapters.Message{ID: "m1", Text: "một hai ba bốn", Options: styles, Handle: "token", Media: []adapters.Media{{URL: "https://a.example/1"}, {URL: "https://a.example/2"}}}
	got, losses, err := adapters.Fit(m, adapters.Capabilities{TextMax: 20, MediaMax: 1, Options: adapters.OptionLimits{Max: 3, LabelMax: 20, PayloadMax: 64}})
	want := []adapters.Message{
		{ID: "m1", Text: "một hai ba bốn", Handle: "token", Media: m.Media[:1]},
		{ID: "m1.2", Text: "https://a.example/2", Options: styles},
	}
	if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(losses, []adapters.Loss{adapters.LossMedia, adapters.LossParts}) {
		t.Errorf("%+v, %v, %v", got, losses, err)
	}
	if len(m.Media) != 2 || len(m.Options) != 2 || m.Text != "một hai ba bốn" {
		t.Errorf("Fit changed its argument: %+v", m)
	}
	m = adapters.Message{ID: "m1", Text: strings.Repeat("a", 100), Options: styles, Template: &adapters.Template{ID: "HX1"}}
	if got, losses, err := adapters.Fit(m, adapters.Capabilities{TextMax: 10}); err != nil || losses != nil || !reflect.DeepEqual(got, []adapters.Message{m}) {
		t.Errorf("a template became %+v, %v, %v", got, losses, err)
	}
}

func TestFitRefuses(t *testing.T) {
	for name, m := range map[string]adapters.Message{
		"endless":          {ID: "m1", Text: strings.Repeat("a", 1000)},
		"an id too long":   {ID: strings.Repeat("i", 62), Text: strings.Repeat("a", 20)},
		"nothing can hold": {ID: "m1", Text: strings.Repeat("😀", 10)},
	} {
		limit := 10
		if name == "nothing can hold" {
			limit = 1
		}
		var e *adapters.Error
		if got, _, err := adapters.Fit(m, adapters.Capabilities{TextMax: limit}); !errors.As(err, &e) || e.Fault != adapters.BadMessage || got != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// Whatever the text: each part fits, the words are all there, in order, and nothing is cut in two.
func TestFitLosesNothing(t *testing.T) {
	word := rapid.SampledFrom([]string{"chị", "thích", "đầm", "x\u0323\u0302y", "😀", "👍🏽", "🇻🇳", "👨‍👩‍👧‍👦", "1.200.000₫", "https://luava.example/office?c=A1", "\n", "."})
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 0, 60).Draw(t, "words")
		m := adapters.Message{ID: "m1", Text: strings.Join(words, rapid.SampledFrom([]string{" ", "", "\n", "  "}).Draw(t, "between"))}
		for i := range rapid.IntRange(0, 12).Draw(t, "options") {
			m.Options = append(m.Options, adapters.Option{Payload: fmt.Sprint("p", i), Label: rapid.SampledFrom([]string{"Có", "Không", "Để sau ạ", strings.Repeat("dài ", 10)}).Draw(t, "label")})
		}
		c := adapters.Capabilities{TextMax: rapid.IntRange(200, 400).Draw(t, "max"), Options: adapters.OptionLimits{Max: rapid.IntRange(0, 12).Draw(t, "buttons"), LabelMax: 20, PayloadMax: 64}}
		got, losses, err := adapters.Fit(m, c)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		ids := map[string]bool{}
		for _, p := range got {
			if n := len(utf16.Encode([]rune(p.Text))); n > c.TextMax {
				t.Fatalf("a part of %d units in %d", n, c.TextMax)
			}
			if !utf8.ValidString(p.Text) || !norm.NFC.IsNormalString(p.Text) {
				t.Fatalf("%+q", p.Text)
			}
			if r, _ := utf8.DecodeRuneInString(p.Text); unicode.Is(unicode.M, r) || r == '\u200d' {
				t.Fatalf("a part begins inside a character: %+q", p.Text)
			}
			if ids[p.ID] || !strings.HasPrefix(p.ID, m.ID) {
				t.Fatalf("id %s", p.ID)
			}
			ids[p.ID] = true
			all.WriteString(p.Text)
		}
		joined := solid(all.String())
		if !strings.HasPrefix(joined, solid(m.Text)) {
			t.Fatalf("%q does not begin with %q", joined, solid(m.Text))
		}
		if last := got[len(got)-1]; len(m.Options) > 0 && len(last.Options) == 0 {
			for i, o := range m.Options {
				if !strings.Contains(joined, solid(fmt.Sprintf("%d. %s", i+1, o.Label))) {
					t.Fatalf("option %d is lost in %q", i+1, joined)
				}
			}
			if len(losses) == 0 {
				t.Fatal("the loss was not told")
			}
		}
		again, _, _ := adapters.Fit(m, c)
		if !reflect.DeepEqual(got, again) {
			t.Fatal("not the same twice")
		}
	})
}

func solid(s string) string { return strings.Join(strings.Fields(s), "") }

func BenchmarkFit(b *testing.B) {
	m := adapters.Message{ID: "m1", Text: "Chị Lan thích phong cách nào?", Options: styles}
	b.ReportAllocs()
	for b.Loop() {
		_, _, _ = adapters.Fit(m, adapters.Capabilities{TextMax: 1600})
	}
}
