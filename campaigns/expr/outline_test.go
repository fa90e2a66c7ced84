package expr_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns/expr"
	p "github.com/hoidap/hoidap/preferences"
)

func TestOutlineOf(t *testing.T) {
	t.Parallel()
	row := func(subject string, test expr.Test, values ...string) expr.Row {
		return expr.Row{Subject: subject, Test: test, Values: values}
	}
	for src, want := range map[string]expr.Outline{
		"": {},
		`consent.marketing && prefs.style == nil`: {Groups: []expr.Group{{row("consent.marketing", expr.Yes)}, {row("prefs.style", expr.Unknown)}}},
		`(prefs.style in ["office", "sporty"] || facts.orders >= 3) && not facts.vip`: {Groups: []expr.Group{
			{row("prefs.style", expr.OneOf, "office", "sporty"), row("facts.orders", expr.Least, "3")}, {row("facts.vip", expr.No)}}},
		`facts.city == "Huế" and "red" in prefs.colors or contact.locale != "en"`: {Any: true, Groups: []expr.Group{
			{row("facts.city", expr.Is, "Huế"), row("prefs.colors", expr.Has, "red")}, {row("contact.locale", expr.IsNot, "en")}}},
		`told.style > now - duration("180d") && contact.created < now - duration("7d")`: {Groups: []expr.Group{
			{row("prefs.style", expr.Within, "180d")}, {row("contact.created", expr.Before, "7d")}}},
		`"zalo" not in contact.channels && prefs.style not in ["office"]`: {Groups: []expr.Group{
			{row("contact.channels", expr.Lacks, "zalo")}, {row("prefs.style", expr.NoneOf, "office")}}},
		`facts.code == "007" && facts.flag == "true" && facts.debt < -2.5`: {Groups: []expr.Group{
			{row("facts.code", expr.Is, `"007"`)}, {row("facts.flag", expr.Is, `"true"`)}, {row("facts.debt", expr.Less, "-2.5")}}},
		`any(prefs.colors, # == "red")`:       {Groups: []expr.Group{{{Source: `any(prefs.colors, # == "red")`}}}},
		`prefs.budget.max >= facts.spent * 2`: {Groups: []expr.Group{{{Source: `prefs.budget.max >= facts.spent * 2`}}}},
	} {
		got, err := expr.OutlineOf(src)
		require.NoError(t, err, src)
		require.Equal(t, want, got, src)
	}
	_, err := expr.OutlineOf(`prefs.style = "office"`)
	var mistake *expr.Error
	require.ErrorAs(t, err, &mistake)
	require.Equal(t, 13, mistake.Column)
}

// TestWhatIsNotFilledInIsLeftOut: a row that somebody has just added is no condition yet.
func TestWhatIsNotFilledInIsLeftOut(t *testing.T) {
	t.Parallel()
	o := expr.Outline{Groups: []expr.Group{{{Subject: "prefs.style", Test: expr.Is}, {Subject: "facts.city", Test: expr.Is, Values: []string{`=1" || true`}}}, {{}}, {}}}
	require.Equal(t, `facts.city == "=1\" || true"`, o.String())
	require.Empty(t, expr.Outline{}.String())
}

// TestAnOutlineMeansTheSame: whatever the rows are, the expression of the outline of it holds for whom it held before.
func TestAnOutlineMeansTheSame(t *testing.T) {
	t.Parallel()
	conditions := []string{
		`prefs.style == "office"`, `prefs.style in ["sporty", "office"]`, `prefs.style not in ["sporty"]`, `prefs.plan == nil`, `prefs.style != nil`, `prefs.vip`, `not prefs.vip`, `!facts.vip`,
		`"red" in prefs.colors`, `"blue" not in prefs.colors`, `prefs.budget.max >= 500000`, `prefs.budget < 400000`, `18 <= prefs.age < 40`, `facts.city == "Huế"`, `facts.orders > 2`,
		`facts.cart.total == 900000`, `facts.tags contains "a"`, `consent.marketing`, `not consent.profiling`, `contact.locale == "vi"`, `"sms" in contact.channels`, `now.weekday == 6`,
		`told.style > now - duration("30d")`, `told.style < now - duration("5d")`, `contact.created > now - duration("60d")`, `prefs.style == "office" ? facts.vip : prefs.vip`,
		`none(prefs.colors, # == "blue")`, `not (prefs.vip || facts.vip)`, `facts.none ?? facts.vip`, `facts.name == "a, b"`, `prefs.note contains "nhanh"`, `facts.city in ["Huế", "Vinh"]`, `facts.city in ["a, b", "Huế"]`,
	}
	e := lan()
	style := e.Contact.Preferences["style"]
	style.Evidence = p.Evidence{At: e.Now.Add(-10 * 24 * time.Hour)}
	e.Contact.Preferences["style"] = style
	rapid.Check(t, func(rt *rapid.T) {
		var build func(depth int) string
		build = func(depth int) string {
			if depth == 0 || rapid.Bool().Draw(rt, "leaf") {
				return rapid.SampledFrom(conditions).Draw(rt, "condition")
			}
			op := rapid.SampledFrom([]string{" && ", " || ", " and ", " or "}).Draw(rt, "op")
			return "(" + build(depth-1) + ")" + op + "(" + build(depth-1) + ")"
		}
		src := build(3)
		o, err := expr.OutlineOf(src)
		if err != nil {
			rt.Fatalf("%s: %v", src, err)
		}
		again := o.String()
		a, err := expr.Compile(src, schema())
		if err != nil {
			rt.Skip(err)
		}
		b, err := expr.Compile(again, schema())
		if err != nil {
			rt.Fatalf("%s became %s: %v", src, again, err)
		}
		x, _ := a.Holds(e)
		y, _ := b.Holds(e)
		if x != y {
			rt.Fatalf("%s became %s", src, again)
		}
	})
}
