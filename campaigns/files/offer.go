package files

import (
	"maps"
	"math"
	"net/url"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/config/strict"
)

// priorityMax bounds priorities either way.
const priorityMax = 1_000_000

// offer reads a document that begins with offer.
//
// Example:
//
//	offer: office-20
//	when: prefs.style == "office"
//	text: "Tặng {{name}} mã {{code}}"
//	code: {pool: office-20}
func (l *loading) offer(doc strict.Value) {
	g := doc.Group("offer", "when", "priority", "text", "code", "link", "budget", "valid")
	o := &offers.Offer{Source: g.Get("offer").Place().FileLine()}
	id, isNew := l.id(g.Need("offer", "office-20"), "offer")
	o.ID = id
	l.condition(g.Get("when"), &o.When)
	if v := g.Get("priority"); v.Present() {
		o.Priority = v.Int(-priorityMax, priorityMax)
	}
	o.Pool, o.Shared = code(g.Get("code"))
	o.Link = link(g.Get("link"))
	if v := g.Get("budget"); v.Present() {
		o.Budget = v.Int(1, math.MaxInt)
	}
	l.valid(g.Get("valid"), o)
	text := g.Need("text", `{vi: "...", en: "..."}`)
	texts := l.template(text, "code", "link")
	l.mentions(g, texts)
	o.Text = texts
	if isNew {
		l.set.Offers[id] = o
	}
}

// code is where the offer's code comes from: a pool of unique ones, or one for everybody.
func code(v strict.Value) (pool, shared string) {
	if !v.Present() {
		return "", ""
	}
	if !v.IsGroup() {
		v.Fail("write code: {shared: ...} or code: {pool: ...}", "it must be said what kind of code this is")
		return "", ""
	}
	g := v.Group("pool", "shared")
	p, s := g.Get("pool"), g.Get("shared")
	switch {
	case p.Present() && s.Present():
		v.Fail("keep one of them", "a code is from a pool or shared, not both")
	case !p.Present() && !s.Present():
		v.Fail("write {shared: ...} or {pool: ...}", "it is not said what the code is")
	}
	pool, shared = p.Text(), s.Text()
	if pool != "" && !idForm.MatchString(pool) {
		p.Fail("write it like office-20: small letters a to z, digits and dashes", "%q cannot be a pool", pool)
	}
	return pool, shared
}

func link(v strict.Value) string {
	if !v.Present() {
		return ""
	}
	s := v.Text()
	u, err := url.Parse(s)
	if s != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		v.Fail("write it whole: https://shop.example.com/office", "%q is not a link", s)
	}
	return s
}

// mentions: what an offer has, its text must say, in every language; what its text says, it must have.
func (l *loading) mentions(g strict.Group, texts campaigns.Texts) {
	code, link := g.Get("code").Present(), g.Get("link").Present()
	said := slices.ContainsFunc(slices.Collect(maps.Values(texts)), func(s string) bool { return has(s, "code") })
	for _, p := range l.byLocaleQuietly(g.Get("text")) {
		s := texts[p.Name]
		if s == "" {
			continue
		}
		switch {
		case has(s, "code") && !code:
			p.Value.Fail("add code: {shared: ...} or code: {pool: ...}", "the text has a {{code}}, but the offer has none")
		case !has(s, "code") && code && said:
			l.warnings.Add(p.Value.Place(), "write {{code}} where it belongs", "the offer has a code, but this text does not say it; it is added at the end")
		case !has(s, "code") && code:
			p.Value.Fail("write {{code}} where it belongs", "the offer has a code, but this text does not say it")
		}
		switch {
		case has(s, "link") && !link:
			p.Value.Fail("add link: https://...", "the text has a {{link}}, but the offer has none")
		case !has(s, "link") && link:
			l.warnings.Add(p.Value.Place(), "write {{link}} where it belongs", "the offer has a link, but this text does not say it")
		}
	}
}

// valid reads when the offer is given. A day counts whole: `until: 2027-01-31` ends at that day's midnight.
func (l *loading) valid(v strict.Value, o *offers.Offer) {
	if !v.Present() {
		return
	}
	g := v.Group("from", "until")
	from, until := g.Get("from"), g.Get("until")
	o.From, _ = l.moment(from)
	end, whole := l.moment(until)
	if whole {
		end = end.AddDate(0, 0, 1)
	}
	o.Until = end
	l.set.times.ends[o.ID] = until.Place()
	if !o.From.IsZero() && !o.Until.IsZero() && !o.From.Before(o.Until) {
		until.Fail("", "until must be after from")
	}
}

// moment reads a day or a time; whole is true for a day.
func (l *loading) moment(v strict.Value) (t time.Time, whole bool) {
	if !v.Present() {
		return t, false
	}
	s, ok := v.Scalar()
	if !ok {
		return t, false
	}
	t, whole, ok = parseMoment(s, l.opts.Zone)
	if !ok {
		v.Fail("write it like 2027-01-31 or 2027-01-31T18:00", "%q is not a date or a time", s)
	}
	return t, whole
}

func parseMoment(s string, zone *time.Location) (t time.Time, whole, ok bool) {
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t, true, true
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, false, true
		}
	}
	return time.Time{}, false, false
}
