package campaigns

import (
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// everything is a world that asks for one attribute of each kind that needs words of its own.
func everything() *World {
	five := 5.0
	ask := func(kind preferences.Kind, vi, en string) understand.Question {
		return understand.Question{Kind: kind, Text: map[string]string{"vi": vi, "en": en}}
	}
	colours := ask(preferences.Choices, "Chào {{name}}. Mình thích màu nào ạ?\nChọn nhiều cũng được.", "Which colours?")
	colours.Options = []understand.Option{
		{Value: "red", Label: map[string]string{"vi": "Đỏ", "en": "Red"}}, {Value: "blue", Label: map[string]string{"vi": "Xanh", "en": "Blue"}},
	}
	weight, mark := ask(preferences.Number, "Mình nặng bao nhiêu?", "Your weight?"), ask(preferences.Rating, "Mấy điểm ạ?", "How many stars?")
	weight.Unit, mark.Max = "kg", &five
	greeting := ask(preferences.Text, "Chào {{name}}, {{brand}} nên đổi gì ạ?", "What could {{brand}} change?")
	return &World{Brand: Brand{Name: "Lụa", Locale: "vi", Zone: time.UTC}, Campaigns: map[string]*Campaign{"c": {ID: "c", Questions: []Question{
		{ID: "c", Attribute: "colours", Ask: colours},
		{ID: "w", Attribute: "weight", Ask: weight},
		{ID: "m", Attribute: "mark", Ask: mark, Label: Texts{"vi": "Điểm", "en": "Stars"}},
		{ID: "a", Attribute: "to_change", Ask: greeting},
	}}}}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	k := func(x float64) *float64 { return &x }
	prefs := map[string]preferences.Value{
		"a_budget":   preferences.Between(preferences.Money, k(500000), nil, "VND"),
		"b_budget":   preferences.Between(preferences.Money, k(500000), k(1500000), "VND"),
		"birthday":   {Kind: preferences.Date, Text: "--02-29"},
		"colours":    {Kind: preferences.Choices, List: []string{"red", "blue", "gone"}},
		"delivery":   {Kind: preferences.TimeWindow, To: "18:00"},
		"mark":       preferences.Exact(preferences.Rating, 4, ""),
		"to_change":  {Kind: preferences.Text, Text: strings.Repeat("vải ", 40)},
		"wedding":    {Kind: preferences.Date, Text: "2026-12-05"},
		"weight":     preferences.Exact(preferences.Number, 52.5, ""),
		"z_too_many": {Kind: preferences.YesNo, Bool: true},
	}
	c := &preferences.Contact{Preferences: map[string]preferences.Preference{}}
	for a, v := range prefs {
		c.Preferences[a] = preferences.Preference{Attribute: a, Value: v}
	}
	long := strings.TrimSpace(strings.Repeat("vải ", 20)) + "…"
	for locale, want := range map[string][]string{
		"vi": {
			"- a budget: từ 500.000đ", "- b budget: 500.000đ - 1.500.000đ", "- birthday: 29/02", "- Mình thích màu nào ạ? Đỏ, Xanh, gone",
			"- delivery: đến 18:00", "- Điểm: 4/5", "- Lụa nên đổi gì ạ? " + long, "- wedding: 05/12/2026", "... và 2 mục khác", "52,5 kg",
		},
		"en": {
			"- a budget: from 500,000 VND", "- b budget: 500,000 VND - 1,500,000 VND", "- birthday: 29 February", "- Which colours? Red, Blue, gone",
			"- delivery: up to 18:00", "- Stars: 4/5", "- What could Lụa change? " + long, "- wedding: 5 December 2026", "... and 2 more", "52.5 kg",
		},
	} {
		c.Locale = locale
		turn := &turn{w: everything(), s: State{Contact: c}}
		got := turn.known() + "\n" + turn.show(c.Preferences["weight"])
		if want := strings.Join(want, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", locale, got, want)
		}
	}
}

func TestQuestionIn(t *testing.T) {
	t.Parallel()
	for wording, want := range map[string]string{
		"Chào {{name}}, em là Lụa. Mình thích phong cách nào ạ? Có quà liền.": "Mình thích phong cách nào ạ?",
		"Mình thích màu nào?\n1. Đỏ\n2. Xanh":                                 "Mình thích màu nào?",
		"Chào {{name}}, mình thích màu nào?":                                  "mình thích màu nào?",
		"Chị {{ name }} thích màu nào, đậm hay nhạt?":                         "Chị {{ name }} thích màu nào, đậm hay nhạt?",
		"Dạ. Với {{prefs.style}}, mình hợp size nào?":                         "Với {{prefs.style}}, mình hợp size nào?",
		"Mình cho em xin ngày sinh nhé.":                                      "",
		"?":                                                                   "",
	} {
		if got := questionIn(wording); got != want {
			t.Errorf("%q: %q", wording, got)
		}
	}
}

// What is asked of somebody is shown to them as it was put to them, in their name.
func TestAskedFor(t *testing.T) {
	t.Parallel()
	c := &preferences.Contact{Name: "T.Lan?", Locale: "vi", Preferences: map[string]preferences.Preference{
		"size": {Attribute: "size", Value: preferences.Value{Kind: preferences.Text, Text: "M"}}}}
	lan, nobody := &turn{w: everything(), s: State{Contact: c}}, &turn{w: everything(), s: State{Contact: &preferences.Contact{}}}
	for wording, want := range map[string][2]string{
		"Chị {{name}} thích màu nào?":          {"Chị T.Lan? thích màu nào?", "Chị thích màu nào?"},
		"Chào {{name}}, mình thích màu nào?":   {"Mình thích màu nào?", "Mình thích màu nào?"},
		"Áo {{prefs.size}} mình mặc vừa không": {"", ""},
		"Dạ, áo {{prefs.size}} vừa không ạ?":   {"Dạ, áo M vừa không ạ?", "Dạ, áo vừa không ạ?"},
		"Đổi gì ở {{brand}} ạ?":                {"Đổi gì ở Lụa ạ?", "Đổi gì ở Lụa ạ?"},
		"{{name}}?":                            {"T.Lan??", ""},
		"Nếu được chọn một món quà cho dịp cuối năm thì mình sẽ chọn món nào trong các món ở dưới đây vậy?": {"", ""},
	} {
		if got := [2]string{lan.askedFor(wording), nobody.askedFor(wording)}; got != want {
			t.Errorf("%q: %q, want %q", wording, got, want)
		}
	}
}
