package understand

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// money reads an amount or a budget in the question's currency; other currencies are never converted.
func (s *sitting) money() Reading {
	all := s.quantities(s.moneyAt)
	if s.forSeveral(all) {
		return unclear("for-several")
	}
	var qs []quantity
	for _, q := range all {
		switch {
		case s.askedAt(q.from):
			s.note("asked-about", s.words(q.from, q.to))
		case s.perOther(q.to):
			return unclear("per-something-else")
		case q.unit.factor == 0 && (s.countsSomething(q) || s.saysAt(q.to, "of") && s.saysAt(q.to+1, "us", "them")):
			s.note("counts-something", s.words(q.from, q.to))
		case s.otherCurrency(q):
			return unclear("other-currency")
		default:
			qs = append(qs, q)
		}
	}
	if len(qs) == 1 && qs[0].unit.factor == 0 && counted[s.typedAt(qs[0].to)] { // kho còn 30 bao
		s.note("counts-something", s.words(qs[0].from, qs[0].to+1))
		qs = nil
	}
	if len(qs) > 0 && s.otherPeriod() {
		return unclear("other-period")
	}
	if s.countedThings(all) {
		return unclear("for-several")
	}
	s.sameAgain(qs)
	qs = s.lastSaid(s.nowadays(s.ownAmounts(s.withoutCounts(qs))))
	if len(qs) == 0 {
		return s.withoutAmount()
	}
	for k := range qs {
		if !s.toCurrency(&qs[k]) {
			return unclear("out-of-range")
		}
	}
	if q, ok := s.plainSum(qs); ok {
		qs = []quantity{q}
	}
	for _, q := range qs[1:] {
		if q.lo != qs[0].lo || q.hi != qs[0].hi || q.hasLo != qs[0].hasLo || q.hasHi != qs[0].hasHi {
			return unclear("several-amounts")
		}
	}
	if s.forEach(qs[0]) {
		return unclear("per-something-else")
	}
	lo, hi := bounds(qs[0])
	confidence := 0.96
	if qs[0].unit.factor == 0 {
		confidence = 0.9
	}
	return s.answered(preferences.Between(preferences.Money, lo, hi, s.currency()), "money", confidence, qs[0].from, qs[0].to)
}

// sameAgain gives a bare number the unit that it was said with before: "15tr đủ rồi, chốt 15".
func (s *sitting) sameAgain(qs []quantity) {
	const most = 4 // nobody settles on one of more
	if len(qs) > most {
		return
	}
	for k := 1; k < len(qs); k++ {
		for _, before := range qs[:k] {
			if qs[k].unit.factor == 0 && before.unit.factor != 0 && qs[k].exact() && before.lo == qs[k].lo && before.exact() {
				qs[k].unit = before.unit
			}
		}
	}
}

// withoutCounts drops the 2 of "2 thẻ 200k": a bare number before a noun counts something where an amount is said too.
func (s *sitting) withoutCounts(qs []quantity) []quantity {
	said := false
	for _, q := range qs {
		said = said || q.unit.factor != 0
	}
	if !said {
		return s.withoutCounted(qs)
	}
	var out []quantity
	for _, q := range qs {
		if q.unit.factor == 0 && q.hi < 20 && s.saysAt(q.from-1, "for", "cho") && (q.to >= len(s.toks) || s.toks[q.to].ends()) { // room for 2, $80
			s.note("counts-something", s.words(q.from, q.to))
			continue
		}
		if q.unit.factor == 0 && counted[s.typedAt(q.to)] {
			s.note("counts-something", s.words(q.from, q.to))
			continue
		}
		if q.unit.factor == 0 && (q.noun != "" && q.noun != "do" || s.saysAt(q.from-1, "of")) && q.hi < 20 { // "12 do 50": đô
			s.note("counts-something", s.words(q.from, q.to))
			continue
		}
		out = append(out, q)
	}
	return out
}

// withoutCounted drops what is counted in a clause of its own, beside a bare amount: "300, hoa hồng 20 bông".
func (s *sitting) withoutCounted(qs []quantity) []quantity {
	if len(qs) != 2 || !s.endsBetween(qs[0].to, qs[1].from) || counted[s.typedAt(qs[0].to)] == counted[s.typedAt(qs[1].to)] {
		return qs
	}
	s.note("counts-something", s.words(qs[0].from, qs[1].to))
	if counted[s.typedAt(qs[0].to)] {
		return qs[1:]
	}
	return qs[:1]
}

// ownAmounts drops what is too much, somebody else's or no budget at all, where another amount is said: "1tr mắc quá, 500k thôi",
// "lương 10tr nên tầm 1tr".
func (s *sitting) ownAmounts(qs []quantity) []quantity {
	if len(qs) < 2 {
		return qs
	}
	v := lexicon()
	var out []quantity
	theirs, mine := 0, 0
	for k, q := range qs {
		lo := 0
		if k > 0 {
			lo = qs[k-1].to
		}
		before := s.toks[lo:q.from]
		i, n := v.others.find(before)
		other, m := v.otherAmount.find(before)
		switch {
		case v.tooMuch.at(s.toks, q.to) > 0, m > 0 && !s.q.echo[before[other].key]:
			s.note("another-amount", s.words(q.from, q.to))
			continue
		case n > 0 && !v.selves.in(before[i+n:]) && !v.advise.in(before[i+n:]) && !(i > 0 && v.besideOthers.at(before, i-1) > 0):
			theirs++
			continue
		case v.selves.in(before), s.saysIn(lo, q.from, "me"):
			mine++
		}
		out = append(out, q)
	}
	if len(out) == 0 || theirs > 0 && mine == 0 { // "bạn thân 1tr, xã giao 500"
		return qs
	}
	return out
}

func (s *sitting) currency() string {
	if s.q.Currency == "" {
		return "VND"
	}
	return s.q.Currency
}

func (s *sitting) withoutAmount() Reading {
	if rule, found := s.undecided(s.toks); found {
		return unclear(rule)
	}
	if s.onlyAsks() {
		return unclear("counter-question")
	}
	return unclear("no-amount")
}

// countsSomething: a bare number before a noun of another sort ("2 cái", "3 người").
func (s *sitting) countsSomething(q quantity) bool {
	if q.to >= len(s.toks) {
		return false
	}
	if lexicon().perUnit.at(s.toks, q.to) > 0 {
		return false
	}
	next := &s.toks[q.to]
	if _, n := s.measureAt(q.to); n > 0 && !s.onlyTrail(q.to) || s.saysAt(q.to, "số", "chữ", "kwh") { // 300 số điện
		return true
	}
	if goodsBy[next.key] != nil && s.goodsAt(q.to) {
		return true
	}
	return next.word == "%" || lexicon().quantityNouns.at(s.toks, q.to) > 0 && next.kind == wordToken
}

func (s *sitting) otherCurrency(q quantity) bool {
	switch q.unit.family {
	case "", "money":
		return false
	case "usd":
		for i := max(0, q.from-1); i < q.to; i++ {
			if s.currency() != "USD" && (s.toks[i].typed == "usd" || s.toks[i].typed == "us") {
				return true
			}
		}
		return !dollars[s.currency()]
	}
	return strings.ToUpper(q.unit.family) != s.currency()
}

// dollars are the currencies that people call so at home.
var dollars = set("USD", "AUD", "CAD", "NZD", "SGD", "HKD")

// toCurrency turns what was said into an amount within the question's range.
func (s *sitting) toCurrency(q *quantity) bool {
	if q.unit.factor != 0 {
		scale(q, q.unit.factor)
		if s.currency() == "VND" && s.q.Min == nil && q.hasHi && q.hi < 1000 {
			return false
		}
		return s.fits(*q)
	}
	if s.currency() != "VND" {
		return s.fits(*q)
	}
	return s.bareVND(q)
}

// bareVND reads a bare number: from a thousand up as written, below that in thousands, where that is in range.
func (s *sitting) bareVND(q *quantity) bool {
	top := max(q.lo*b2f(q.hasLo), q.hi*b2f(q.hasHi))
	if top >= 1000 && s.fits(*q) {
		return true
	}
	least := 20.0
	if s.q.Min != nil && s.q.Max != nil {
		least = 1
	}
	if top < least || top >= 100000 || q.fraction {
		return false
	}
	scale(q, 1000)
	return s.fits(*q)
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
