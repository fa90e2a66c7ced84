package expr_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// fits reports whether a contact with these facts is in the set of a plan.
func fits(p expr.Plan, facts []expr.Fact) bool {
	switch p.Op {
	case expr.Everyone:
		return slices.Contains(facts, expr.Everybody())
	case expr.True:
		return slices.Contains(facts, p.Fact)
	case expr.KnownOf:
		return slices.ContainsFunc(facts, func(f expr.Fact) bool { return f.Subject == p.Fact.Subject })
	case expr.And:
		return !slices.ContainsFunc(p.Of, func(q expr.Plan) bool { return !fits(q, facts) })
	case expr.Or:
		return slices.ContainsFunc(p.Of, func(q expr.Plan) bool { return fits(q, facts) })
	}
	return !fits(p.Of[0], facts)
}

func TestPlans(t *testing.T) {
	t.Parallel()
	for src, subjects := range map[string][]string{
		`consent.marketing`:      {"consent.marketing"},
		`prefs.style == nil`:     {"prefs.style"},
		`prefs.budget != nil`:    {"prefs.budget"},
		`not consent.marketing`:  {"consent.marketing"},
		`facts.city == "Huế"`:    {"facts.city"},
		`"vip" in facts.tags`:    {"facts.tags"},
		`contact.locale != "en"`: {"contact.locale"},
		`consent.marketing && (prefs.style in ["office", "sporty"] || not ("sms" in contact.channels))`: {"consent.marketing", "contact.channels", "prefs.style"},
	} {
		r, err := expr.Compile(src, schema())
		require.NoError(t, err, src)
		p, ok := r.Plan()
		require.True(t, ok, src)
		require.ElementsMatch(t, subjects, p.Subjects(), src)
	}
	for _, src := range []string{
		`told.style > now - duration("30d")`, `prefs.budget.max >= 500000`, `facts.orders == 3`, `facts.cart.vip`, `contact.name == "Lan"`, `now.weekday == 6`,
		`consent.marketing && facts.orders > 2`, `facts.city contains "H"`, `any(prefs.colors, # == "red")`, `prefs.vip ? facts.a : facts.b`, `facts.a ?? facts.b`,
		`contact.created > now - duration("7d")`, `"office" == prefs.style`, `prefs.style startsWith "o"`,
	} {
		r, err := expr.Compile(src, schema())
		require.NoError(t, err, src)
		_, ok := r.Plan()
		require.False(t, ok, src)
	}
	p, ok := (*expr.Rule)(nil).Plan()
	require.True(t, ok)
	require.Equal(t, expr.Everyone, p.Op)
}

// TestAPlanMeansTheRule: whoever a contact is, the plan of a rule fits their facts just where the rule holds for them, unless
// they have something that is not told apart where the plan tells apart.
func TestAPlanMeansTheRule(t *testing.T) {
	t.Parallel()
	conditions := []string{
		`consent.marketing`, `not consent.marketing`, `consent.profiling == false`, `consent.marketing != true`, `consent.marketing == nil`, `prefs.style == nil`, `prefs.style != nil`,
		`prefs.style == "office"`, `prefs.style != "office"`, `prefs.style in ["sporty", "office"]`, `prefs.style not in ["office"]`, `not (prefs.style in ["office"])`, `prefs.vip`, `not prefs.vip`,
		`prefs.vip == true`, `prefs.vip != false`, `"red" in prefs.colors`, `"red" not in prefs.colors`, `prefs.colors == nil`, `prefs.budget == nil`, `prefs.note != nil`, `facts.x`, `!facts.x`,
		`facts.x == "a"`, `facts.x != "a"`, `facts.x in ["a", "true"]`, `facts.x not in ["a"]`, `facts.x == true`, `facts.x == nil`, `"a" in facts.l`, `"a" not in facts.l`, `facts.l != nil`,
		`contact.locale == "vi"`, `contact.locale == nil`, `contact.locale != "vi"`, `"sms" in contact.channels`, `"zalo" not in contact.channels`, `facts.x == "2026-01-02"`, `facts.l == "a"`,
	}
	facts := []any{nil, true, false, "a", "true", "", "2026-01-02", 3.0, []any{"a"}, []any{}, []string{"a", "b"}, []any{"a", 2.0}, map[string]any{"a": 1}}
	rapid.Check(t, func(rt *rapid.T) {
		var build func(depth int) string
		build = func(depth int) string {
			if depth == 0 || rapid.Bool().Draw(rt, "leaf") {
				return rapid.SampledFrom(conditions).Draw(rt, "condition")
			}
			src := "(" + build(depth-1) + ")" + rapid.SampledFrom([]string{" && ", " || ", " and ", " or "}).Draw(rt, "op") + "(" + build(depth-1) + ")"
			if rapid.Bool().Draw(rt, "not") {
				src = "not (" + src + ")"
			}
			return src
		}
		src := build(3)
		r, err := expr.Compile(src, schema())
		require.NoError(rt, err, src)
		plan, ok := r.Plan()
		require.True(rt, ok, src)
		e := someone(rt, facts)
		known := expr.Facts(e.Contact)
		for _, s := range plan.Told() {
			if slices.Contains(known, expr.Fact{Subject: s, Value: expr.Other}) {
				return
			}
		}
		holds, err := r.Holds(e)
		require.NoError(rt, err)
		require.Equal(rt, holds, fits(plan, known), "%s of %v", src, known)
	})
}

// someone is a contact of whom anything may be known.
func someone(rt *rapid.T, facts []any) expr.Env {
	e := lan()
	e.Contact.Locale = rapid.SampledFrom([]string{"", "vi", "en"}).Draw(rt, "locale")
	e.Contact.Facts = map[string]any{"x": rapid.SampledFrom(facts).Draw(rt, "x"), "l": rapid.SampledFrom(facts).Draw(rt, "l")}
	if rapid.Bool().Draw(rt, "nowhere") {
		e.Contact.Addresses = nil
	}
	for i := range e.Contact.Consents {
		e.Contact.Consents[i].Granted = rapid.Bool().Draw(rt, "granted")
	}
	if rapid.Bool().Draw(rt, "by sms alone") {
		e.Contact.Consents = append(e.Contact.Consents, preferences.Consent{Purpose: preferences.Marketing, Granted: true, Channels: []address.Channel{address.SMS}, At: e.Now})
	}
	for attr, p := range e.Contact.Preferences {
		switch rapid.IntRange(0, 3).Draw(rt, attr) {
		case 0:
			delete(e.Contact.Preferences, attr)
		case 1:
			p.Class = preferences.Imported
			e.Contact.Preferences[attr] = p
		}
	}
	return e
}

// TestALongListIsNotToldApart: what a list costs is bounded, however long it is.
func TestALongListIsNotToldApart(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 1, 64: 64, 65: 1, 50_000: 1} {
		var tags []any
		for i := range n {
			tags = append(tags, strconv.Itoa(i))
		}
		of := 0
		for _, f := range expr.Facts(&preferences.Contact{Facts: map[string]any{"tags": tags}}) {
			if f.Subject == "facts.tags" {
				of++
			}
		}
		if of != want {
			t.Errorf("a list of %d has %d terms, want %d", n, of, want)
		}
	}
}
