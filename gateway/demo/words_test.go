package demo

import (
	"slices"
	"testing"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

func TestHighlight(t *testing.T) {
	hit := func(s string) piece { return piece{Text: s, Hit: true} }
	cold := func(s string) piece { return piece{Text: s} }
	for _, c := range []struct {
		text, words string
		want        []piece
	}{
		{"dạ 2 nha", "2", []piece{cold("dạ "), hit("2"), cold(" nha")}},
		{"THỂ THAO", "thể thao", []piece{hit("THỂ THAO")}},
		{"thể thao nhé", "", []piece{cold("thể thao nhé")}},
		{"đen, à không trắng", "đen trắng", []piece{hit("đen,"), cold(" à không "), hit("trắng")}},
		{"chưa biết", "xyz", []piece{cold("chưa biết")}},
		{"", "2", []piece{}},
		{"<b>2</b>", "2", []piece{cold("<b>"), hit("2"), cold("</b>")}},
	} {
		if got := highlight(c.text, c.words); !slices.Equal(got, c.want) {
			t.Errorf("%q, %q: %+v", c.text, c.words, got)
		}
	}
}

func TestValuesInWords(t *testing.T) {
	lo, hi := 500000.0, 1500000.0
	for _, c := range []struct {
		v      preferences.Value
		vi, en string
	}{
		{preferences.Exact(preferences.Money, 1234567, "VND"), "1.234.567\u00a0₫", "1,234,567\u00a0₫"},
		{preferences.Between(preferences.Money, &lo, &hi, "VND"), "500.000\u00a0₫ – 1.500.000\u00a0₫", "500,000\u00a0₫ – 1,500,000\u00a0₫"},
		{preferences.Between(preferences.Money, &lo, nil, "VND"), "từ 500.000\u00a0₫", "from 500,000\u00a0₫"},
		{preferences.Between(preferences.Money, nil, &hi, "VND"), "đến 1.500.000\u00a0₫", "up to 1,500,000\u00a0₫"},
		{preferences.Exact(preferences.Number, 52.5, ""), "52,5", "52.5"},
		{preferences.Exact(preferences.Rating, 4, ""), "4\u00a0★", "4\u00a0★"},
		{preferences.Value{Kind: preferences.YesNo, Bool: true}, "có", "yes"},
		{preferences.Value{Kind: preferences.Choice, Text: "office"}, "Công sở", "Office"},
		{preferences.Value{Kind: preferences.Choices, List: []string{"sporty", "vintage"}}, "Thể thao, Cổ điển", "Sporty, Vintage"},
		{preferences.Value{Kind: preferences.Date, Text: "2026-12-15"}, "15/12/2026", "15/12/2026"},
		{preferences.Value{Kind: preferences.Date, Text: "--08-15"}, "15/08", "15/08"},
		{preferences.Value{Kind: preferences.TimeWindow, From: "18:00", To: "21:00"}, "18:00 – 21:00", "18:00 – 21:00"},
		{preferences.Value{Kind: preferences.TimeWindow, From: "19:00"}, "từ 19:00", "from 19:00"},
		{preferences.Value{Kind: preferences.Text, Text: "vải_nóng"}, "vải_nóng", "vải_nóng"},
		{preferences.Value{}, "chưa biết", "not known"},
	} {
		for l, want := range map[lang]string{"vi": c.vi, "en": c.en} {
			if got := (names{lang: l, world: world()}).value("style", c.v); got != want {
				t.Errorf("%+v in %s: %q, want %q", c.v, l, got, want)
			}
		}
	}
}

func TestConditionsInWords(t *testing.T) {
	n := names{lang: "vi", world: world()}
	for src, want := range map[string]string{
		`consent.marketing && prefs.style == nil`:               "đồng ý nhận tin ưu đãi và chưa biết phong cách",
		`!consent.profiling`:                                    "không đồng ý dùng sở thích để gợi ý",
		`prefs.style == "office" && prefs.budget.max >= 500000`: "phong cách là Công sở và ngân sách từ 500.000\u00a0₫ trở lên",
		`prefs.style != 'sporty'`:                               "phong cách không là Thể thao",
		`"vintage" in prefs.style`:                              "phong cách có Cổ điển",
		`not ("vintage" in prefs.style)`:                        "phong cách không có Cổ điển",
		`facts.orders > 3`:                                      "số đơn trên 3",
		`(prefs.a == nil && prefs.b == nil)`:                    `(prefs.a == nil && prefs.b == nil)`,
		`prefs.style == "a && b"`:                               "phong cách là a && b",
		`prefs.return_reason in ["colour", "fabric"]`:           "lý do trả hàng là colour hoặc fabric",
		`prefs.delivery_time.from >= "17:00"`:                   "giờ giao hàng từ 17:00 trở đi",
		`now.hour > 3 || true`:                                  `now.hour > 3 || true`,
	} {
		if got := n.plainAll(src); got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

func TestWhatConditionsSawInWords(t *testing.T) {
	n := names{lang: "vi", world: world()}
	for told, want := range map[string]string{
		`prefs.style = "office"`:                "Công sở",
		`prefs.style = nil`:                     "chưa biết",
		`prefs.budget = 500000..1000000 VND`:    "500.000\u00a0₫ – 1.000.000\u00a0₫",
		`prefs.budget = 500000.. VND`:           "từ 500.000\u00a0₫",
		`prefs.budget.max = 1000000`:            "1.000.000\u00a0₫",
		`consent.marketing = true`:              "có",
		`facts.city = "Huế", prefs.style = nil`: "Huế, chưa biết",
		`something else`:                        "something else",
	} {
		if got := n.saw(told); got != want {
			t.Errorf("%s: %q, want %q", told, got, want)
		}
	}
}

func TestSchedulesInWords(t *testing.T) {
	for spec, want := range map[string]string{
		"0 10 * * SAT": "every Saturday, 10:00", "30 9 * * *": "every day at 09:30", "0 8 1 * *": "on day 1 of each month, 08:00",
		"0 8 * * 1-5": "Monday to Friday, 08:00", "*/5 * * * *": "*/5 * * * *", "0 8 1 1 *": "0 8 1 1 *", "2026-12-01T10:00": "2026-12-01T10:00",
	} {
		if got := (names{lang: "en"}).schedule(spec); got != want {
			t.Errorf("%s: %q", spec, got)
		}
	}
}

// What the page suggests is what the gateway reads: answers as answers, the rest as what it says it is.
func TestSuggestedRepliesAreUnderstood(t *testing.T) {
	for _, l := range []string{"vi", "en"} {
		for _, k := range preferences.Kinds() {
			q := world().Campaigns["autumn-style"].Questions[0].Ask
			q.Kind = k
			if k == preferences.Rating {
				lo, hi := 1.0, 5.0
				q.Min, q.Max = &lo, &hi
			}
			for _, r := range repliesTo(q, l) {
				want := map[string]understand.Status{"unsure": understand.Unclear, "stop": understand.IsCommand}[r.shows]
				if want == "" {
					want = understand.Answered
				}
				got := understand.Read(understand.Ask{Question: &q, Locale: l, Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}, r.text)
				if got.Status != want && !(k == preferences.Text && r.shows == "unsure") {
					t.Errorf("%s, %s: %q is %s by %s, want %s", l, k, r.text, got.Status, got.Rule, want)
				}
			}
		}
		for _, r := range append(anytime(l), whenStopped(l)...) {
			if got := understand.Read(understand.Ask{Locale: l}, r.text); got.Status != understand.IsCommand || string(got.Command) != r.shows {
				t.Errorf("%s: %q is %s %s, want %s", l, r.text, got.Status, got.Command, r.shows)
			}
		}
	}
}
