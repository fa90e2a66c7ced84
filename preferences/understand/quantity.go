package understand

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// unit is a word for a scale: how much of the base one of it is.
type unit struct {
	factor float64
	family string // what it measures: money, length, ...; amounts of another family are about something else
}

// quantity is one amount or range in a reply.
type quantity struct {
	lo, hi       float64
	hasLo, hasHi bool
	unit         unit // the zero unit where none was said
	noun         string
	from, to     int
	digits       int  // how many digits a bare number was typed with, 0 for words
	fraction     bool // typed with decimals
}

func (q quantity) exact() bool { return q.hasLo && q.hasHi && q.lo == q.hi }

// measures finds a unit word at token i; n is 0 where there is none.
type measures func(i int) (u unit, n int)

// quantities finds the amounts of a reply with their bounds: "dưới 500k", "từ 200 đến 400", "5 trở lên".
func (s *sitting) quantities(ts measures) []quantity {
	var out []quantity
	for i := 0; i < len(s.toks); {
		if n := lexicon().perUnit.at(s.toks, i); n > 0 && (len(out) > 0 || s.numeralStarts(i+n) && s.saysAt(i+n-1, "ngày", "tuần", "tháng", "năm", "đêm", "bữa", "lần", "buổi", "day", "week", "month", "year") && !s.carries(i, ts)) {
			i += n
			continue
		}
		if n, rule := s.notAmountAt(i); n > 0 {
			s.note(rule, s.words(i, i+n))
			i += n
			continue
		}
		if n := s.productAt(i, ts); n > 0 {
			s.note("product", s.words(i, i+n))
			i += n
			continue
		}
		if s.eightOrAbout(i) {
			s.note("eight-or-about", s.words(i, i+2))
			i += 2
			continue
		}
		q, ok := s.rangeAt(i, ts)
		if !ok {
			i += s.passedOver(i)
			continue
		}
		s.bound(&q)
		switch {
		case i > 0 && lexicon().vague.at(s.toks, i-1) == 1: // vài trăm, gần 2 triệu
			s.note("vague", s.words(i-1, q.to))
		case s.saysAt(q.from-1, "of") && (shareWords[s.typedAt(q.from-2)] > 0 || s.saysAt(q.from-2, "%", "percent")): // half of 800
			s.note("share", s.words(q.from-2, q.to))
		case s.timesSign(q): // 3x a week
			q.to++
			out = append(out, q)
		case s.openDigit(q.to):
			s.note("vague", s.words(q.from, q.to+1))
		case s.tenthsOrCount(q):
			s.note("tenths-or-count", s.words(q.from, q.to+2))
		case s.denied(q.from):
			s.note("denied", s.words(q.from, q.to))
		default:
			out = append(out, q)
		}
		i = q.to
		if q.unit.factor == 0 && q.digits > 0 && s.saysAt(i, "năm") { // in "2 năm" there is no five
			i++
		}
	}
	return s.twoSided(out)
}

// carries: the "1 năm" of "1 năm 3 tháng" is the larger part of an amount, and not how often something is done.
func (s *sitting) carries(i int, ts measures) bool {
	_, n := s.numeralAt(i)
	if n == 0 {
		return false
	}
	u, m := ts(i + n)
	_, k := s.numeralAt(i + n + m)
	if m == 0 || k == 0 {
		return false
	}
	smaller, l := ts(i + n + m + k)
	return l > 0 && smaller.family == u.family && smaller.factor < u.factor
}

// passedOver is how much of the reply holds no amount at i: one word, or the whole of a number that is a name or lies below zero
// ("âm năm mươi lăm").
func (s *sitting) passedOver(i int) int {
	if _, n := s.numeralAt(i); n > 1 && s.namesAt(i, n) {
		return n
	}
	return 1
}

// twoSided makes one of a lower and an upper end that are said apart: "trên 2tr dưới 3tr", "at least 5, at most 10".
func (s *sitting) twoSided(qs []quantity) []quantity {
	if len(qs) != 2 || qs[0].hasLo == qs[0].hasHi || qs[1].hasLo == qs[1].hasHi || qs[0].hasLo == qs[1].hasLo {
		return qs
	}
	from, to := qs[0].from, qs[1].to
	lower, upper := qs[0], qs[1]
	if !lower.hasLo {
		lower, upper = upper, lower
	}
	lower.hi, upper.lo = lower.lo, upper.hi
	q, _ := s.joinRange(lower, upper)
	if q.lo >= q.hi {
		return qs
	}
	q.from, q.to = from, to
	return []quantity{q}
}

// productAt is the length of "$4.5 x 5": neither number is the answer, and it is not for us to multiply.
func (s *sitting) productAt(i int, ts measures) int {
	start := i
	if s.signAt(i).factor != 0 {
		i++
	}
	_, n := s.numeralAt(i)
	if n == 0 {
		return 0
	}
	i += n
	if _, m := ts(i); m > 0 {
		i += m
	}
	if !s.saysAt(i, "x", "*", "×") {
		return 0
	}
	_, n = s.numeralAt(i + 1)
	if n == 0 {
		return 0
	}
	return i + 1 + n - start
}

// timesSign: the x of "3x" and "3-4x", where a number of times is asked for. "5x" may be fifty-odd elsewhere.
func (s *sitting) timesSign(q quantity) bool {
	return q.unit.factor == 0 && s.typedAt(q.to) == "x" && s.toks[q.to].glued && !s.numeralStarts(q.to+1) && s.asksTimes()
}

// openDigit: "1m5x", "1tr2 mấy" leave open what the last digit is.
func (s *sitting) openDigit(i int) bool {
	return s.saysAt(i, "mấy", "lẻ") && i > 0 && (s.toks[i-1].kind == numberToken || s.saysAt(i-1, "mươi", "chục", "trăm") || s.saysAt(i, "mấy") && s.numeralPart(i-1) && (s.numeralPart(i-2) || s.saysAt(i-2, "mét", "triệu"))) || i < len(s.toks) && s.toks[i].glued && strings.Trim(s.toks[i].typed, "x") == "" && !s.numeralStarts(i+1)
}

// eightOrAbout: "tam chuc" without marks is eighty, or about ten.
func (s *sitting) eightOrAbout(i int) bool {
	return s.toks[i].typed == "tam" && s.toks[i].loose && s.saysAt(i+1, "chục", "trăm")
}

// amountAt reads a number with its unit and what stands behind the unit: 1tr4, 2 triệu rưỡi, 1m65, $50.
func (s *sitting) amountAt(i int, ts measures) (quantity, bool) {
	if i >= len(s.toks) || s.saysAt(i, "trăm") && s.saysAt(i-1, "phần") {
		return quantity{}, false
	}
	start := i
	before := s.signAt(i)
	if before.factor != 0 {
		i++
	}
	if start > 0 && s.toks[start-1].word == "$" && start > 1 && s.minusAt(start-2) || before.factor != 0 && start > 0 && s.minusAt(start-1) { // -$50
		return quantity{}, false
	}
	if i > 0 && (s.minusAt(i-1) || s.toks[start].glued && s.toks[i-1].kind == wordToken && before.factor == 0) { // -2, u40
		return quantity{}, false
	}
	if asked, _ := s.asked(); asked == (unit{1, "months"}) && s.saysAt(i, "năm") && s.saysAt(i+1, "rưỡi", "rưởi") { // a year and a half
		return s.bareUnit(start, ts)
	}
	x, n := s.partialAt(i, ts)
	if n == 0 {
		x, n = s.numeralAt(i)
	}
	if n == 0 {
		return s.bareUnit(start, ts)
	}
	if s.saysAt(i+n, "mấy", "something", "odd") || s.saysAt(i+n, "-") && s.saysAt(i+n+1, "odd") || s.namesAt(i, n) { // mười mấy, năm 2015
		return quantity{}, false
	}
	q := quantity{lo: x, hi: x, hasLo: true, hasHi: true, from: start, to: i + n, unit: before}
	q.fraction = x != float64(int64(x))
	if n == 1 && s.toks[i].kind == numberToken {
		q.digits = len(s.toks[i].word)
	}
	if f, m := s.fractionBehind(q.to); m > 0 && !q.fraction {
		q.lo, q.to, q.fraction = x+f, q.to+m, true
		q.hi = q.lo
	}
	if m := s.percentAt(q.to); m > 0 {
		q.to += m
		return q, true
	}
	u, m := ts(q.to)
	if m == 0 && before.factor == 1 && s.cents(&q, ts) { // $20 and 43c
		return q, true
	}
	if m == 0 {
		s.half(&q)
		q.noun = s.nounAt(q.to)
		if q.noun != "" && !q.fraction && s.saysAt(q.to+1, "rưỡi", "rưởi") { // 3 bình rưỡi
			q.lo, q.fraction, q.to = q.lo+0.5, true, q.to+2
			q.hi = q.lo
		}
		return q, true
	}
	q.unit = u
	q.to += m
	if before.factor != 0 && u.family == "money" {
		q.unit.family = before.family
	}
	s.tail(&q, ts)
	return q, true
}

// partialAt reads an amount of less than one, or "a" for one, where a unit or what is counted follows.
func (s *sitting) partialAt(i int, ts measures) (float64, int) {
	x, n := s.fractionAt(i)
	if n == 0 && s.oneThingAt(i) {
		return 1, 1
	}
	if n == 0 && !s.vi && s.saysAt(i, "a", "an") && !s.goesOnBehindScale(i+1) {
		x, n = 1, 1
		if _, m := ts(i + 1); m == 0 {
			return 0, 0
		}
	}
	if n == 0 {
		return 0, 0
	}
	if _, m := ts(i + n); m > 0 || x < 1 && (n == 1 || s.toks[i].word == "." || s.saysAt(i+1, "quarters") && s.nothingBehind(i+n)) {
		return x, n
	}
	if s.toks[i].kind == numberToken && s.nounAt(i+n) != "" {
		return x, n
	}
	return 0, 0
}

// oneThingAt: "a cat", "a dog and two cats", "just my cat" count one where things are counted, and nothing is said of it.
func (s *sitting) oneThingAt(i int) bool {
	if s.vi || s.q.Kind != preferences.Number || s.q.Unit != "" || !s.saysAt(i, "a", "an") && !(s.saysAt(i, "my") && s.saysAt(i-1, "just", "only")) {
		return false
	}
	before := i == 0 || isJoin(&s.toks[i-1]) || s.toks[i-1].ends() || s.saysAt(i-1, "have", "got", "just", "only", "with", "yes", "own") || lexicon().lead.at(s.toks, i-1) > 0
	next := i + 1
	if !before || next >= len(s.toks) || s.toks[next].kind != wordToken || notOneOf[s.toks[next].typed] || periodKeys[s.toks[next].key] != "" || s.numeralStarts(next) {
		return false
	}
	return s.onlyTrail(next+1) || isAnd(&s.toks[next+1]) || s.saysAt(next+1, ",", "plus")
}

// notOneOf are words behind "a" that count no one thing.
var notOneOf = listed("counting", "not-one-of")

// bareUnit reads "trăm rưỡi", "triệu hai", "m65": one of the unit is meant.
func (s *sitting) bareUnit(i int, ts measures) (quantity, bool) {
	if i >= len(s.toks) || i > 0 && s.toks[i].glued {
		return quantity{}, false
	}
	u, n := ts(i)
	if n == 0 && s.oneAndHalfAt(i) { // cuốn rưỡi
		return quantity{lo: 1.5, hi: 1.5, hasLo: true, hasHi: true, noun: s.toks[i].word, from: i, to: i + 2, fraction: true}, true
	}
	if n == 0 || u.factor == 0 {
		return quantity{}, false
	}
	q := quantity{lo: 1, hi: 1, hasLo: true, hasHi: true, unit: u, from: i, to: i + n}
	end := q.to
	s.tail(&q, ts)
	if q.to > end+1 && u.family == "vnd" && s.toks[i].key != "tram" || s.toks[i].typed == "toi" && !s.saysAt(i+1, "rưỡi") { // "chai 500k" is a bottle, "toi 500k" up to that
		return quantity{}, false
	}
	next := end < len(s.toks) && s.toks[end].kind == numberToken && s.toks[end].glued
	if (u.factor >= 1e6 && u.family != "length" || u == unit{100, "length"}) && q.to == end && (s.endsBefore(lexicon().atLeast, i) > 0 || s.endsBefore(lexicon().atMost, i) > 0) { // hơn triệu
		return q, true
	}
	said := s.saysAt(i, "nghìn", "ngàn", "kí", "cân", "lít", "tạ") && s.onlyCourtesyBefore(i) && s.nothingBehind(q.to) // nghìn hai, ký hai
	return q, q.to > end && (next || said || u.factor >= 1e6 || u == unit{100, "length"} || s.saysAt(end, "rưỡi", "rưởi"))
}

// oneAndHalfAt: "cuốn rưỡi" is one and a half of what is asked for.
func (s *sitting) oneAndHalfAt(i int) bool {
	return s.q.Kind == preferences.Number && s.saysAt(i+1, "rưỡi", "rưởi") && s.toks[i].kind == wordToken && s.q.asksNoun(s.toks[i].word)
}

// nounAt returns the word behind a bare number, if it can be what is counted.
func (s *sitting) nounAt(i int) string {
	if i >= len(s.toks) || s.toks[i].kind != wordToken {
		return ""
	}
	v := lexicon()
	if isOr(&s.toks[i]) || s.saysAt(i, "nha", "nhé", "nhá", "ạ") || s.onlyTrail(i) || s.numeralStarts(i) || v.atLeastAfter.at(s.toks, i) > 0 || v.atMostAfter.at(s.toks, i) > 0 || v.rangeWords.at(s.toks, i) > 0 {
		return ""
	}
	return s.toks[i].word
}

// onlyTrail: politeness fills the rest of the clause.
func (s *sitting) onlyTrail(i int) bool {
	for i < len(s.toks) && !s.toks[i].ends() {
		n := lexicon().trail.at(s.toks, i)
		if n == 0 && s.toks[i].isWord() {
			return false
		}
		i += max(n, 1)
	}
	return true
}
