package expr_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/expr"
	p "github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

func schema() expr.Schema {
	return expr.Schema{
		Attributes: map[string]p.Kind{
			"style": p.Choice, "colors": p.Choices, "budget": p.Money, "age": p.Number, "rating": p.Rating, "vip": p.YesNo,
			"birthday": p.Date, "delivery": p.TimeWindow, "note": p.Text, "mail": p.Email, "plan": p.Choice,
		},
		Options: map[string][]string{"style": {"sporty", "office"}, "colors": {"red", "blue"}},
	}
}

func declared(values ...any) map[string]p.Preference {
	m := map[string]p.Preference{}
	for i := 0; i < len(values); i += 2 {
		name := values[i].(string)
		m[name] = p.Preference{Attribute: name, Value: values[i+1].(p.Value), Class: p.Declared}
	}
	return m
}

func ptr(x float64) *float64 { return &x }

// lan has answered everything but plan.
func lan() expr.Env {
	zone := time.FixedZone("+07", 7*3600)
	return expr.Env{
		Now: time.Date(2026, 12, 5, 10, 30, 0, 0, zone), // a Saturday
		Contact: &p.Contact{
			Name: "Lan", Locale: "vi", Created: time.Date(2026, 11, 1, 0, 0, 0, 0, zone),
			Addresses: []address.Address{{Scheme: "tel", ID: "+84901234567"}, {Scheme: "zalo", ID: "77"}},
			Consents:  []p.Consent{{Purpose: "marketing", Granted: true}},
			Facts: map[string]any{
				"city": "Huế", "orders": 3.0, "vip": true, "last_order": "2026-11-20", "tags": []any{"a", "b"},
				"cart": map[string]any{"total": 900000.0, "items": []any{map[string]any{"price": 5.0}}}, "none": nil,
			},
			Preferences: declared(
				"style", p.Value{Kind: p.Choice, Text: "office"},
				"colors", p.Value{Kind: p.Choices, List: []string{"red"}},
				"budget", p.Between(p.Money, ptr(300000), ptr(500000), "VND"),
				"age", p.Exact(p.Number, 31, ""),
				"rating", p.Exact(p.Rating, 4, ""),
				"vip", p.Value{Kind: p.YesNo, Bool: false},
				"birthday", p.Value{Kind: p.Date, Text: "--12-15"},
				"delivery", p.Value{Kind: p.TimeWindow, From: "18:00"},
				"note", p.Value{Kind: p.Text, Text: "Giao nhanh"},
			),
		},
		Event: map[string]any{"sku": "A1", "amount": 2},
	}
}

func holds(t *testing.T, src string, e expr.Env) bool {
	t.Helper()
	r, err := expr.Compile(src, schema())
	require.NoError(t, err, src)
	ok, err := r.Holds(e)
	require.NoError(t, err, src)
	return ok
}

// TestTold: how old an answer is, for those only who gave one themselves.
func TestTold(t *testing.T) {
	t.Parallel()
	e := lan()
	const day = 24 * time.Hour
	said := func(c p.Class, age time.Duration) p.Preference {
		return p.Preference{Value: p.Value{Kind: p.Choice, Text: "office"}, Class: c, Evidence: p.Evidence{At: e.Now.Add(-age)}}
	}
	e.Contact.Preferences = map[string]p.Preference{"style": said(p.Declared, 10*day), "plan": said(p.Imported, day)}
	for src, want := range map[string]bool{
		`told.style > now - duration("30d")`:   true,
		`told.style > now - duration("9d")`:    false,
		`now - told.style > duration("9d")`:    true,
		`told.style.year == 2026`:              true,
		`told.plan == nil && told.note == nil`: true,
		`told.note > now - duration("30d")`:    false,
	} {
		require.Equal(t, want, holds(t, src, e), src)
	}
	require.Equal(t, map[string]string{"prefs.style": `prefs.style = "office"`, "told.style": `told.style = "2026-11-25T10:30:00+07:00"`}, map[string]string{
		"prefs.style": explained(t, `prefs.style == "office"`, e), "told.style": explained(t, `told.style != nil`, e)})
	_, err := expr.Compile(`told.styl != nil`, schema())
	require.EqualError(t, err, `no question asks for styl; did you mean style?`)
}

func explained(t *testing.T, src string, e expr.Env) string {
	t.Helper()
	r, err := expr.Compile(src, schema())
	require.NoError(t, err)
	return r.Explain(e)[0].Saw
}

// What a term saw of a text is its JSON, bounded in length.
func TestTextsAreExplainedInJSON(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "Huế", `say "hi"`, `a\b`, "two\nlines", "\x01", "a\u2028b\u2029", "<b> & 'c'", "bad \xff", "\ufffd", "\x7f", strings.Repeat("á", 118), strings.Repeat("a", 118), strings.Repeat("a", 119), strings.Repeat("a", 500)} {
		e := lan()
		e.Contact.Facts = map[string]any{"city": text}
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		require.NoError(t, enc.Encode(text))
		want := []rune(strings.TrimSuffix(b.String(), "\n"))
		if len(want) > 120 {
			want = append(want[:120:120], '…')
		}
		require.Equal(t, "facts.city = "+string(want), explained(t, `facts.city == "x"`, e))
	}
}

func TestHolds(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]bool{
		`prefs.style == "office"`:                                  true,
		`prefs.style != "office"`:                                  false,
		`prefs.style in ["sporty", "office"]`:                      true,
		`prefs.style not in ["sporty"]`:                            true,
		`not (prefs.style in ["office"])`:                          false,
		`prefs["style"] == "office"`:                               true,
		`prefs?.style == "office"`:                                 true,
		`"red" in prefs.colors`:                                    true,
		`prefs.colors contains "blue"`:                             false,
		`prefs.colors not contains "blue"`:                         true,
		`any(prefs.colors, # == "red")`:                            true,
		`all(prefs.colors, # in ["red", "blue"])`:                  true,
		`none(prefs.colors, # == "red")`:                           false,
		`len(prefs.colors) == 1`:                                   true,
		`prefs.budget.max >= 500000 && prefs.budget.min == 300000`: true,
		`prefs.budget.amount == nil && prefs.age.amount == 31`:     true,
		`prefs.budget.currency == "VND"`:                           true,
		`prefs.budget >= 300000`:                                   true,
		`prefs.budget >= 400000`:                                   false,
		`prefs.budget < 400000`:                                    false,
		`prefs.budget <= 500000`:                                   true,
		`500000 >= prefs.budget`:                                   true,
		`prefs.budget != 600000`:                                   true,
		`prefs.budget != 400000`:                                   false,
		`prefs.budget == 300000`:                                   false,
		`prefs.age == 31 && prefs.age > 30.5`:                      true,
		`18 <= prefs.age < 40`:                                     true,
		`prefs.budget.max - prefs.budget.min == 200_000`:           true,
		`prefs.rating >= 4`:                                        true,
		`prefs.rating * 2 + 1 == 9 && -prefs.rating < 0`:           true,
		`prefs.rating % 3 == 1`:                                    true,
		`prefs.vip == false`:                                       true,
		`!prefs.vip`:                                               true,
		`prefs.vip`:                                                false,
		`prefs.birthday.month == now.month`:                        true,
		`prefs.birthday == "2026-12-15"`:                           true,
		`prefs.birthday == "--12-15"`:                              true,
		`prefs.birthday > "2026-01-01"`:                            false,
		`prefs.birthday.year == nil`:                               true,
		`prefs.delivery.from >= "18:00"`:                           true,
		`prefs.delivery.to <= "21:00"`:                             false,
		`prefs.note contains "nhanh"`:                              true,
		`lower(prefs.note) startsWith "giao"`:                      true,
		`prefs.note matches "(?i)NHANH$"`:                          true,
		`prefs.note endsWith "x"`:                                  false,
		`prefs.rating > 3 ? facts.city == "Huế" : false`:           true,
		`(prefs.plan ?? "free") == "free"`:                         true,
		`contact.name == "Lan" && contact.locale == "vi"`:          true,
		`contact.timezone == nil`:                                  true,
		`"zalo" in contact.channels`:                               true,
		`"viber" in contact.channels`:                              false,
		`now - contact.created > "30d"`:                            true,
		`now - contact.created > duration("5w")`:                   false,
		`contact.created < date("2026-11-02")`:                     true,
		`consent.marketing && !consent.profiling`:                  true,
		`facts.city == "Huế" && facts.orders >= 3`:                 true,
		`facts.cart.total > 500000`:                                true,
		`facts.cart.items[0].price == 5`:                           true,
		`facts.cart.items[7].price == 5`:                           false,
		`any(facts.cart.items, .price > 4)`:                        true,
		`"a" in facts.tags && facts.tags contains "b"`:             true,
		`facts.vip`:  true,
		`facts.city`: false,
		`facts.last_order < now - duration("14d")`:                     true,
		`event.sku == "A1" and event.amount == 2`:                      true,
		`now.weekday == 6 && now.hour in [10, 11]`:                     true,
		`now >= "2026-12-05" && now < "2026-12-06"`:                    true,
		`now > "2026-12-05T10:00"`:                                     true,
		`now == "2026-12-05"`:                                          true,
		`facts.city > 3`:                                               false,
		`facts.city != 3`:                                              true,
		`1 / 0 == 1`:                                                   false,
		"prefs.style == \"office\"\n  // a comment\n && facts.vip":     true,
		`prefs.style == "sporty" || prefs.style == "office" && true`:   true,
		`prefs.style == "office" && !(facts.orders < 3 || facts.none)`: true,
	} {
		require.Equal(t, want, holds(t, src, lan()), src)
	}
}

// Of an amount of which one bound is known, nothing holds that the other would have to tell.
func TestOpenBounds(t *testing.T) {
	t.Parallel()
	x := 300_000.0
	for bound, v := range map[string]p.Value{"min": {Kind: p.Money, Min: &x, Currency: "VND"}, "max": {Kind: p.Money, Max: &x, Currency: "VND"}} {
		e := lan()
		e.Contact.Preferences = map[string]p.Preference{"budget": {Attribute: "budget", Kind: p.Money, Value: v, Class: p.Declared, Confidence: 1}}
		for src, knows := range map[string]string{
			`prefs.budget >= 300000`: "min", `prefs.budget > 200000`: "min", `prefs.budget != 200000`: "min", `prefs.budget > 300000`: "",
			`prefs.budget <= 300000`: "max", `prefs.budget < 400000`: "max", `prefs.budget != 400000`: "max", `prefs.budget < 300000`: "", `prefs.budget == 300000`: "",
		} {
			require.Equal(t, knows == bound, holds(t, src, e), "%s, where only %s is known", src, bound)
		}
	}
}

// Nothing is known of nobody: each comparison is false, and only == nil tells so.
func TestNil(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]bool{
		`prefs.style == "office"`:                        false,
		`prefs.style != "office"`:                        false,
		`prefs.style in ["office"]`:                      false,
		`prefs.style not in ["office"]`:                  false,
		`prefs.style == nil`:                             true,
		`nil == prefs.style`:                             true,
		`prefs.style != nil`:                             false,
		`prefs.style == prefs.plan`:                      false,
		`"red" in prefs.colors`:                          false,
		`"red" not in prefs.colors`:                      false,
		`none(prefs.colors, # == "red")`:                 false,
		`all(prefs.colors, # == "red")`:                  false,
		`len(prefs.colors) == 0`:                         false,
		`prefs.budget.max >= 5`:                          false,
		`prefs.budget.max < 5`:                           false,
		`prefs.budget == nil && prefs.budget.max == nil`: true,
		`prefs.budget >= 5`:                              false,
		`prefs.budget.max - 5 < 5`:                       false,
		`prefs.rating > 3`:                               false,
		`-prefs.rating < 3`:                              false,
		`prefs.vip`:                                      false,
		`!prefs.vip`:                                     false,
		`!(prefs.vip == true)`:                           true,
		`prefs.birthday < "2030-01-01"`:                  false,
		`prefs.birthday.month == 1`:                      false,
		`prefs.note contains "x"`:                        false,
		`prefs.note not contains "x"`:                    false,
		`not (prefs.note contains "x")`:                  true,
		`prefs.note matches "."`:                         false,
		`lower(prefs.note) != "x"`:                       false,
		`facts.city == "Huế"`:                            false,
		`facts.a.b.c[1].d > 3`:                           false,
		`facts.a == nil`:                                 true,
		`event.sku == nil`:                               true,
		`consent.marketing`:                              false,
		`!consent.marketing`:                             true,
		`contact.created < now`:                          false,
		`"sms" in contact.channels`:                      false,
		`(prefs.rating ?? 3) == 3`:                       true,
		`prefs.style == nil || prefs.style == "office"`:  true,
	} {
		require.Equal(t, want, holds(t, src, expr.Env{}), "nobody: "+src)
		require.Equal(t, want, holds(t, src, expr.Env{Contact: &p.Contact{}}), "an empty contact: "+src)
	}
}

func TestOnlyWhatWasDeclared(t *testing.T) {
	t.Parallel()
	e := lan()
	for _, class := range []p.Class{p.Observed, p.Inferred, p.Imported} {
		e.Contact.Preferences["style"] = p.Preference{Value: p.Value{Kind: p.Choice, Text: "office"}, Class: class}
		require.True(t, holds(t, `prefs.style == nil`, e), class)
	}
}

// The kind of a question may change while answers to the old one are kept.
func TestAnswersOfAnotherKind(t *testing.T) {
	t.Parallel()
	e := lan()
	e.Contact.Preferences["budget"] = p.Preference{Value: p.Value{Kind: p.Text, Text: "500k"}, Class: p.Declared}
	require.False(t, holds(t, `prefs.budget.max > 1 || prefs.budget > 1 || prefs.budget.max - 1 > 0`, e))
	require.True(t, holds(t, `prefs.budget.max == nil`, e))
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`prefs.styel == "office"`:             `1:7: no question asks for styel; did you mean style?`,
		`facts.a &&` + "\n" + `  prefs.zzz`:   "2:9: no question asks for zzz; the attributes are: age, birthday, budget, colors, delivery, mail, note, plan, ...",
		`style == "office"`:                   `1:1: unknown name style; did you mean prefs.style?`,
		`prefs.style == office`:               `1:16: unknown name office; texts are written in quotes: "office"`,
		`pref.style == "office"`:              `1:1: unknown name pref; did you mean prefs?`,
		`contact.id == "7"`:                   `1:9: contact has no id; the names are: channels, created, locale, name, timezone`,
		`contact.nam == "7"`:                  `1:9: contact has no nam; did you mean name?`,
		`prefs.style == "ofice"`:              `1:16: "ofice" is not an option of prefs.style; did you mean office?`,
		`prefs.style in ["office", "sprty"]`:  `1:27: "sprty" is not an option of prefs.style; did you mean sporty?`,
		`"rde" in prefs.colors`:               `1:1: "rde" is not an option of prefs.colors; did you mean red?`,
		`prefs.colors contains "green"`:       `1:23: "green" is not an option of prefs.colors; the options are: blue, red`,
		`any(prefs.colors, # == "green")`:     `1:24: "green" is not an option of prefs.colors; the options are: blue, red`,
		`"zal" in contact.channels`:           `1:1: "zal" is not an option of contact.channels; did you mean zalo?`,
		`prefs.style > 3`:                     `1:13: prefs.style is a choice, which has no order; use == or in`,
		`prefs.style == 3`:                    `1:13: prefs.style is a choice, but 3 is a number`,
		`prefs.budget.max >= "500"`:           `1:18: prefs.budget.max is a number, but "500" is a text`,
		`prefs.budget.maximum > 3`:            `1:14: prefs.budget is an amount of money and has no "maximum"; the parts are: amount, currency, max, min`,
		`prefs.budget - 5 > 3`:                `1:1: prefs.budget may be a range, and one cannot calculate with it; write prefs.budget.min or prefs.budget.max`,
		`prefs.budget == prefs.age`:           `1:1: prefs.budget is an amount of money and cannot be compared as a whole; write .min or .max of each`,
		`prefs.colors == "red"`:               `1:1: prefs.colors is a list of choices and cannot be compared as a whole; ask what is in it: "..." in prefs.colors`,
		`prefs.delivery == "18:00"`:           `1:1: prefs.delivery is a time window and cannot be compared as a whole; write prefs.delivery.from or prefs.delivery.to`,
		`prefs.vip > 3`:                       `1:11: prefs.vip is a yes-or-no answer, which has no order; use == or in`,
		`prefs.birthday > "15/12"`:            `1:18: "15/12" is not a date; write it like "2026-12-15"`,
		`now - contact.created > "30 days"`:   `1:25: "30 days" is not a duration; write it like "30d", "24h" or "2h30m"`,
		`prefs.style`:                         `1:1: prefs.style is a choice, not a condition; compare it with something, such as prefs.style == ...`,
		`prefs.vip && prefs.rating`:           `1:14: prefs.rating is a rating, not a condition; compare it with something, such as prefs.rating == ...`,
		`42`:                                  `1:1: 42 is a number, not a condition`,
		``:                                    `1:1: the condition is empty; leave the line out where it is for everybody`,
		`prefs.style = "office"`:              "1:13: `=` is not expected here; compare with ==",
		`prefs.vip AND facts.a`:               "1:11: `AND` is not expected here; write it in small letters: and",
		`prefs.vip facts.a`:                   "1:11: `facts` is not expected here; join conditions with && or ||",
		`prefs.style == “office”`:             `1:16: the sign “ has no meaning here; use straight quotes: "..."`,
		`prefs.style == "office`:              `1:23: a quote is opened and not closed; end the text with "`,
		`(prefs.vip`:                          `1:10: the condition ends too early; something is missing at its end, such as a value or a )`,
		`prefs.rating in 1..5`:                `1:18: ranges (..) are not part of this language; compare with >= and <=`,
		`prefs.rating ** 2 > 1`:               `1:14: powers (**) are not part of this language; multiply instead`,
		`let x = 1; x > 0`:                    `1:5: variables (let) are not part of this language; write the value where it is used`,
		`now() > date("2026-12-15")`:          `1:1: now is not a function; write now, without ()`,
		`repeat("a", 9) == "a"`:               `1:1: there is no function repeat; the functions are: abs, all, any, ceil, date, duration, floor, len, ...`,
		`len(map(facts.a, #)) > 1`:            `1:5: map is not part of this language; use any, all or none`,
		`any(facts.a, any(facts.b, # == 1))`:  `1:14: any may not stand within another any, all or none`,
		`facts.a.lower() == "x"`:              `1:9: there are no methods in this language; leave out the ()`,
		`prefs == nil`:                        `1:1: prefs alone says nothing; write prefs. and what of it`,
		`prefs[facts.a] == 1`:                 `1:6: what is asked of prefs must be written out; write prefs.name`,
		`prefs.note matches "("`:              "1:20: the pattern cannot be read: missing closing ): `(`",
		`prefs.note matches facts.p`:          `1:20: the pattern of matches must be written out; write it in quotes: matches "^A"`,
		`prefs.note in "abc"`:                 "1:15: \"abc\" is a text, not a list; write a list, such as [\"a\", \"b\"], or use contains",
		`prefs.rating contains "4"`:           `1:1: prefs.rating is a rating; contains is for texts`,
		`facts.a in [facts.b]`:                `1:13: a list may hold texts and numbers only; join comparisons with || instead`,
		`prefs.rating in ["4"]`:               `1:14: prefs.rating is a rating, but the list holds texts`,
		`{a: 1} == nil`:                       `1:1: this is not part of the language of conditions`,
		`facts.a; facts.b`:                    `1:7: one condition is wanted, not several; join conditions with &&`,
		`$env.x == 1`:                         `1:1: unknown name $env; the names are: consent, contact, event, facts, now, prefs, told`,
		`any(facts.a, #index == 1)`:           `1:14: #index is not part of this language; use # alone`,
		`prefs.style == "office" && #.x == 1`: "1:28: `#` is not expected here",
	} {
		_, err := expr.Compile(src, schema())
		var e *expr.Error
		if !errors.As(err, &e) {
			t.Errorf("%s\n gave no error", src)
			continue
		}
		if got := fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e); got != want {
			t.Errorf("%s\n got  %s\n want %s", src, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for src, want := range map[string][]expr.Term{
		`prefs.style == "office" && prefs.budget.max >= 600000 && consent.marketing`: {
			{Source: `prefs.style == "office"`, Held: true, Saw: `prefs.style = "office"`},
			{Source: `prefs.budget.max >= 600000`, Saw: `prefs.budget.max = 500000`},
			{Source: `consent.marketing`, Held: true},
		},
		`(prefs.rating > 3 && facts.city == "Huế") and prefs.plan == nil`: {
			{Source: `(prefs.rating > 3 && facts.city == "Huế")`, Held: true, Saw: `prefs.rating = 4, facts.city = "Huế"`},
			{Source: `prefs.plan == nil`, Held: true, Saw: `prefs.plan = nil`},
		},
		`prefs.budget > 1 && prefs.vip || contact.name == "Lan"`: {
			{Source: `prefs.budget > 1 && prefs.vip || contact.name == "Lan"`, Held: true, Saw: `prefs.budget = 300000..500000 VND, prefs.vip = false`},
		},
		`"red" in prefs.colors && prefs.birthday.month == 12 && prefs.birthday == "--12-15" && prefs.delivery != nil`: {
			{Source: `"red" in prefs.colors`, Held: true, Saw: `prefs.colors = ["red"]`},
			{Source: `prefs.birthday.month == 12`, Held: true, Saw: `prefs.birthday.month = 12`},
			{Source: `prefs.birthday == "--12-15"`, Held: true, Saw: `prefs.birthday = "--12-15"`},
			{Source: `prefs.delivery != nil`, Held: true, Saw: `prefs.delivery = ["18:00",""]`},
		},
	} {
		r, err := expr.Compile(src, schema())
		require.NoError(t, err)
		require.Equal(t, want, r.Explain(lan()), src)
	}
}

func TestNoRule(t *testing.T) {
	t.Parallel()
	var r *expr.Rule
	ok, err := r.Holds(expr.Env{})
	require.NoError(t, err)
	require.True(t, ok, "a campaign without an audience is for everybody")
	require.Empty(t, r.Explain(expr.Env{}))
	require.Empty(t, r.Attributes())
	_, err = (&expr.Rule{Source: "true"}).Holds(expr.Env{})
	require.ErrorIs(t, err, expr.ErrNotCompiled)
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	r, err := expr.Compile(`prefs.style == nil && (prefs.budget.max > 1 || any(prefs.colors, # == "red")) && facts.style == 1`, schema())
	require.NoError(t, err)
	require.Equal(t, []string{"budget", "colors", "style"}, r.Attributes())
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for s, want := range map[string]time.Duration{
		"180d": 180 * day, "2w": 14 * day, "24h": day, "2h30m": 150 * time.Minute, "1w2d3h": 9*day + 3*time.Hour, "0d": 0, "90s": 90 * time.Second,
	} {
		got, ok := expr.ParseDuration(s)
		require.True(t, ok, s)
		require.Equal(t, want, got, s)
	}
	for _, s := range []string{"", "d", "-1d", "1.5d", "1 day", "-2h", "+2h", "2d1w", "99999999d", "9999999h", "5", "1d-3h", "1dd"} {
		_, ok := expr.ParseDuration(s)
		require.False(t, ok, s)
	}
}

func BenchmarkHolds(b *testing.B) {
	r, err := expr.Compile(`prefs.style == "office" && prefs.budget.max >= 500000 && consent.marketing && facts.orders > 1`, schema())
	require.NoError(b, err)
	e := lan()
	b.ReportAllocs()
	for b.Loop() {
		if ok, _ := r.Holds(e); !ok {
			b.Fatal("does not hold")
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	s := schema()
	for b.Loop() {
		_, _ = expr.Compile(`prefs.style == "office" && prefs.budget.max >= 500000`, s)
	}
}
