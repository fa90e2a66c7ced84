package understand

import (
	"math"

	"github.com/hoidap/hoidap/preferences"
)

// number reads a count or a measure.
func (s *sitting) number() Reading {
	if q, ok := s.weeksOfNights(); ok {
		return s.numberReading(q, "weeks-of-nights", 0.9)
	}
	if q, ok := s.stay(); ok {
		return s.numberReading(q, "stay", 0.9)
	}
	if s.otherPeriod() {
		return unclear("other-period")
	}
	if s.aheadOf() {
		return unclear("not-yet")
	}
	if s.fallsShort() {
		return unclear("taken-off")
	}
	if s.manyTimes() {
		return unclear("many-times")
	}
	if q, ok := s.timesSaid(); ok {
		return s.numberReading(q, "times", 0.93)
	}
	qs := s.quantities(s.countAt)
	if s.multiplied(qs) {
		return unclear("for-several")
	}
	if s.reckoned(qs) {
		qs = qs[2:]
	}
	qs, ok := s.thoseWhoCome(s.ofAsked(qs))
	if !ok {
		return unclear("who-comes")
	}
	qs = s.besideAsked(qs)
	if s.everySoOften(qs) {
		return unclear("other-period")
	}
	qs = s.withoutFaults(s.askedKind(s.withoutAttributes(qs)))
	qs = s.lastSaid(s.ownOf(s.nowadays(s.notPeople(s.seated(s.measured(s.withoutChanges(s.keepOwn(qs))))))))
	switch {
	case len(qs) == 0:
		return s.withoutNumber()
	case len(qs) > 1:
		q, ok := s.oneOf(qs)
		if !ok {
			return unclear("several-numbers")
		}
		return s.numberReading(q, "number-sum", 0.88)
	}
	if s.ofEach(qs[0]) && s.saysIn(max(0, qs[0].from-3), qs[0].from, "mỗi") || s.saysAt(qs[0].to, "each") && s.saysAt(qs[0].to+1, "way", "side", "trip") {
		return unclear("of-each")
	}
	if s.cut && s.saysAt(qs[0].from-1, "thêm") { // năm ngoái 15, nay thêm 5
		return unclear("added-to-unread")
	}
	if s.saysAt(qs[0].from-1, "trừ", "minus") && qs[0].unit.factor == 0 {
		return unclear("taken-off")
	}
	if s.usedTo(qs[0].from) {
		return unclear("in-the-past")
	}
	if s.saysAt(qs[0].to, "if", "nếu", "unless") || s.saysAt(qs[0].to+1, "if", "nếu", "unless") && qs[0].noun != "" { // "4 if you count the fish"
		return unclear("conditional")
	}
	if s.oneMore(&qs[0]) {
		return s.numberReading(qs[0], "number-sum", 0.88)
	}
	return s.numberReading(qs[0], "number", 0.96)
}

// weeksOfNights: "about 1 tuần", "a fortnight" to how many nights.
func (s *sitting) weeksOfNights() (quantity, bool) {
	if !s.q.echo["nights"] && !s.q.echo["dem"] {
		return quantity{}, false
	}
	lo, hi := s.coreBounds(s.toks)
	lo += lexicon().about.at(s.toks, lo)
	x, n := s.numeralAt(lo)
	if n == 0 && s.saysAt(lo, "fortnight") {
		x, lo = 1, lo-1
		n = 1
	}
	if n == 0 && s.typedAt(lo) == "a" {
		x, n = 1, 1
	}
	days := 7.0
	switch {
	case n == 0 || lo+n+1 != hi || lo+n < 0 || x != math.Trunc(x):
		return quantity{}, false
	case s.saysAt(lo+n, "fortnight"):
		days = 14
	case !s.saysAt(lo+n, "tuần", "week", "weeks"):
		return quantity{}, false
	}
	return quantity{lo: x * days, hi: x * days, hasLo: true, hasHi: true, from: lo, to: hi}, true
}

// aheadOf: "3 ký nữa là 70" tells of an amount that is not reached.
func (s *sitting) aheadOf() bool {
	if _, measured := s.asked(); !measured { // "6, à thêm 2 người nữa là 8"
		return false
	}
	for i := 1; i+2 < len(s.toks); i++ {
		if s.saysAt(i, "nữa") && s.saysAt(i+1, "là", "tròn", "đủ", "thành", "lên", "bằng", "mới", "chạm") && s.numeralStarts(i+2) && (s.numeralStarts(i-1) || s.numeralStarts(i-2)) {
			return true
		}
	}
	return false
}

// fallsShort: "1 năm kém 1 tháng" is for the customer to reckon.
func (s *sitting) fallsShort() bool {
	for i := 1; i+1 < len(s.toks); i++ {
		if s.saysAt(i, "kém", "thiếu") && s.numeralStarts(i+1) && (s.numeralStarts(i-1) || i > 1 && s.numeralStarts(i-2)) {
			return true
		}
	}
	return false
}

// usedTo: "used to have 2" says nothing of today.
func (s *sitting) usedTo(i int) bool {
	for k := i - 1; k > 0 && k > i-5 && !s.toks[k].ends(); k-- {
		if s.saysAt(k, "to") && s.saysAt(k-1, "used") {
			return true
		}
	}
	return false
}

func scale(q *quantity, by float64) {
	q.lo, q.hi = tidyFloat(q.lo*by), tidyFloat(q.hi*by)
}

// tidyFloat takes the noise of binary fractions off.
func tidyFloat(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// quarters of a year are said and counted, other parts of one are not.
const quarters = 4

func (s *sitting) numberReading(q quantity, rule string, confidence float64) Reading {
	if !s.readable(&q) {
		return unclear("out-of-range")
	}
	if asked, ok := s.asked(); ok && asked.family == "months" && asked.factor == monthsOfYear && q.exact() && !q.fraction && tidyFloat(q.lo*quarters) != math.Trunc(q.lo*quarters) { // 3 năm 2 tháng
		return unclear("odd-fraction")
	}
	if q.unit.family == "days" && q.exact() && tidyFloat(q.lo*10) != float64(int(q.lo*10)) { // 20 tuần 3 ngày
		return unclear("odd-fraction")
	}
	lo, hi := bounds(q)
	return s.answered(preferences.Between(preferences.Number, lo, hi, ""), rule, confidence, q.from, q.to)
}

// readable checks the amount against the question's range. Metres are tried where a height in centimetres is out of it.
func (s *sitting) readable(q *quantity) bool {
	if s.fits(*q) {
		return true
	}
	asked, _ := s.asked()
	if asked.family == "length" && asked.factor == 1 && q.unit.factor == 0 && q.fraction && s.q.Min != nil {
		scale(q, 100)
		return s.fits(*q)
	}
	return false
}

func (s *sitting) fits(q quantity) bool {
	ok := func(x float64) bool {
		return (s.q.Min == nil || x >= *s.q.Min) && (s.q.Max == nil || x <= *s.q.Max)
	}
	if q.hasLo && q.hasHi && q.lo > q.hi {
		return false
	}
	return (!q.hasLo || ok(q.lo)) && (!q.hasHi || ok(q.hi))
}

func bounds(q quantity) (lo, hi *float64) {
	if q.hasLo {
		x := tidyFloat(q.lo)
		lo = &x
	}
	if q.hasHi {
		x := tidyFloat(q.hi)
		hi = &x
	}
	return lo, hi
}
