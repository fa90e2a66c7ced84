package understand

import (
	"strconv"
	"strings"
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
		if n := lexicon().perUnit.at(s.toks, i); n > 0 && (len(out) > 0 || s.numeralStarts(i+n) && s.saysAt(i+n-1, "ngày", "tuần", "tháng", "năm", "đêm", "bữa", "lần", "buổi", "day", "week", "month", "year")) {
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
			i++
			continue
		}
		s.bound(&q)
		switch {
		case i > 0 && lexicon().vague.at(s.toks, i-1) == 1: // vài trăm, gần 2 triệu
			s.note("vague", s.words(i-1, q.to))
		case s.denied(q.from):
			s.note("denied", s.words(q.from, q.to))
		default:
			out = append(out, q)
		}
		i = q.to
	}
	return out
}

// eightOrAbout: "tam chuc" without marks is eighty, or about ten.
func (s *sitting) eightOrAbout(i int) bool {
	return s.toks[i].typed == "tam" && s.toks[i].loose && s.saysAt(i+1, "chục", "trăm")
}

// rangeAt reads "200-300k", "6 7 đôi", "từ 1 đến 2 triệu" or a single amount.
func (s *sitting) rangeAt(i int, ts measures) (quantity, bool) {
	a, ok := s.amountAt(i, ts)
	if !ok {
		return a, false
	}
	j := a.to
	if n := lexicon().rangeWords.at(s.toks, j); n > 0 || s.betweenAnd(a.from, j) {
		b, ok := s.amountAt(j+max(n, 1), ts)
		if ok && (s.toks[j].word != "-" || b.lo > 0) {
			return s.joinRange(a, b)
		}
	}
	if b, ok := s.amountAt(j, ts); ok && s.shareScale(&a, &b) && b.lo > a.lo && b.lo < 2*a.lo+1 {
		return s.joinRange(a, b)
	} else if ok && a.unit.factor == 0 && b.lo == a.lo+1 && a.noun == "" && (b.unit.factor != 0 || b.noun != "" || a.digits == 0 || b.digits == 1) && !(b.from < len(s.toks) && s.toks[b.from].glued) {
		return s.joinRange(a, b)
	}
	if b, ok := s.amountAt(j, ts); ok && s.sideBySide(a, b) {
		return s.joinRange(a, b)
	}
	return a, true
}

// sideBySide: "5 7 triệu", "30 40k" are ranges that leave the dash out.
func (s *sitting) sideBySide(a, b quantity) bool {
	return a.unit.factor == 0 && a.noun == "" && b.unit.factor != 0 && a.digits > 0 && a.digits == b.digits && a.lo < b.lo && b.lo <= 2*a.lo &&
		!a.fraction && !b.fraction && !s.toks[b.from].glued
}

func (s *sitting) betweenAnd(from, j int) bool {
	return j < len(s.toks) && s.saysAt(j, "and", "và") && from > 0 && s.saysAt(from-1, "between", "giữa")
}

// joinRange gives the low end the unit of the high end: "200-300k".
func (s *sitting) joinRange(a, b quantity) (quantity, bool) {
	s.shareScale(&a, &b)
	if a.unit.factor == 0 && b.unit.factor != 0 {
		if a.lo >= b.lo && b.unit.factor >= 1e6 { // 500-1tr: a million is not what 500 inherits
			a.unit = unit{1e3, b.unit.family}
		} else {
			a.unit = b.unit
		}
	}
	if b.unit.factor == 0 && a.unit.factor != 0 {
		b.unit = a.unit
	}
	r := quantity{lo: a.lo, hi: b.hi, hasLo: true, hasHi: true, unit: b.unit, noun: b.noun, from: a.from, to: b.to, digits: max(a.digits, b.digits)}
	if a.unit.factor != b.unit.factor {
		r.lo = a.lo * a.unit.factor / b.unit.factor
	}
	return r, true // a range that goes down fits no question
}

// shareScale: in "1-2 trăm" and "ba bốn chục" the word at the end holds for both numbers.
func (s *sitting) shareScale(a, b *quantity) bool {
	by := 1.0
	for i := b.from; i < b.to; i++ {
		switch {
		case s.saysAt(i, "million"):
			by = 1e6
		case s.saysAt(i, "thousand"):
			by = 1e3
		case s.saysAt(i, "trăm", "hundred"):
			by = 100
		case s.saysAt(i, "chục", "mươi"):
			by = 10
		}
	}
	if by == 1 || a.lo >= 10 && by < 1000 || a.lo >= 1000 || a.unit.factor != 0 || b.lo < by {
		return false
	}
	a.lo, a.hi = a.lo*by, a.hi*by
	return true
}

// amountAt reads a number with its unit and what stands behind the unit: 1tr4, 2 triệu rưỡi, 1m65, $50.
func (s *sitting) amountAt(i int, ts measures) (quantity, bool) {
	if i >= len(s.toks) {
		return quantity{}, false
	}
	start := i
	before := s.signAt(i)
	if before.factor != 0 {
		i++
	}
	if i > 0 && (s.minusAt(i-1) || s.toks[start].glued && s.toks[i-1].kind == wordToken && before.factor == 0) { // -2, u40
		return quantity{}, false
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
	u, m := ts(q.to)
	if m == 0 {
		s.half(&q)
		q.noun = s.nounAt(q.to)
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
	if n == 0 && !s.vi && s.saysAt(i, "a", "an") {
		x, n = 1, 1
		if _, m := ts(i + 1); m == 0 {
			return 0, 0
		}
	}
	if n == 0 {
		return 0, 0
	}
	if _, m := ts(i + n); m > 0 || x < 1 && (n == 1 || s.toks[i].word == ".") {
		return x, n
	}
	if s.toks[i].kind == numberToken && s.nounAt(i+n) != "" {
		return x, n
	}
	return 0, 0
}

// namesAt: the number at i is a name or a place in an order: "lớp 10", "năm 2015", "sinh năm 90", "1st".
func (s *sitting) namesAt(i, n int) bool {
	if s.saysAt(i-1, "năm", "nam") && s.toks[i].kind == numberToken {
		if x, ok := smallInt(s.toks[i].word); ok && x >= 1900 && x < 2100 || i == 1 || s.saysAt(i-2, "sinh", "từ", "hồi", "đời") {
			return true
		}
	}
	if i > 0 && s.saysAt(i-1, "lớp", "quận", "phường", "tầng", "lầu", "khóa", "sinh", "sn", "minus", "negative", "âm", "giảm", "bớt", "size", "class", "grade", "floor") && !s.q.echo[s.toks[i-1].key] {
		return true
	}
	if s.toks[i].typed == "one" && s.saysAt(i-1, "a", "good", "nice", "this", "that", "the", "each", "every", "new", "decent") {
		return true
	}
	j := i + n
	if s.saysAt(j, "%") && s.q.Unit != "%" && !strings.Contains(s.q.titles, "%") {
		return true
	}
	if s.saysAt(j, "x", "*") && j+1 < len(s.toks) && s.toks[j+1].kind == numberToken { // 4x5
		return true
	}
	return !s.vi && j < len(s.toks) && s.toks[j].glued && ordinalEndings[s.toks[j].typed]
}

// minusAt reports a minus sign: a dash with a number right behind it and none before.
func (s *sitting) minusAt(i int) bool {
	return s.toks[i].word == "-" && i+1 < len(s.toks) && s.toks[i+1].glued && (i == 0 || !s.toks[i].glued && s.toks[i-1].kind != numberToken)
}

// bareUnit reads "trăm rưỡi", "triệu hai", "m65": one of the unit is meant.
func (s *sitting) bareUnit(i int, ts measures) (quantity, bool) {
	if i >= len(s.toks) || i > 0 && s.toks[i].glued {
		return quantity{}, false
	}
	u, n := ts(i)
	if n == 0 || u.factor == 0 {
		return quantity{}, false
	}
	q := quantity{lo: 1, hi: 1, hasLo: true, hasHi: true, unit: u, from: i, to: i + n}
	end := q.to
	s.tail(&q, ts)
	next := end < len(s.toks) && s.toks[end].kind == numberToken && s.toks[end].glued
	if (u.factor >= 1e6 && u.family != "length" || u == unit{100, "length"}) && q.to == end && (s.endsBefore(lexicon().atLeast, i) > 0 || s.endsBefore(lexicon().atMost, i) > 0) { // hơn triệu
		return q, true
	}
	return q, q.to > end && (next || u.factor >= 1e6 || u == unit{100, "length"} || s.saysAt(end, "rưỡi", "rưởi"))
}

// half reads a rưỡi without unit.
func (s *sitting) half(q *quantity) {
	if s.saysAt(q.to, "rưỡi", "rưởi") {
		q.lo += 0.5
		q.hi, q.fraction = q.lo, true
		q.to++
	}
}

// tail adds what follows a unit: tenths, hundredths or thousandths of it by the number of digits, or a smaller unit.
func (s *sitting) tail(q *quantity, ts measures) {
	i := q.to
	if i >= len(s.toks) {
		return
	}
	t := &s.toks[i]
	switch {
	case s.saysAt(i, "rưỡi", "rưởi"):
		q.lo += 0.5
		q.to++
	case s.saysAt(i, "mấy"), s.saysAt(i, "lẻ") && s.nothingBehind(i+1): // 1tr mấy
		q.hasHi, q.hi = true, q.lo+1
		q.to++
		return
	case s.smallerUnit(q, ts):
	case s.saysAt(i, "and") && s.saysAt(i+1, "a"): // an hour and a half
		x, n := s.fractionBehind(i)
		q.lo, q.to = q.lo+x, i+n
	case t.kind == numberToken && len(t.word) <= 3 && (t.glued || q.unit.factor >= 1e6 && s.nounAt(i+1) == ""):
		q.lo += s.tailDigits(i, q, ts)
	case t.kind == numberToken && len(t.word) == 1 && (tenthsBehind[q.unit] || q.unit.family == "count") && s.nothingBehind(i+1):
		q.lo += float64(t.word[0]-'0') / 10
		q.to++
	case t.kind == wordToken && (q.unit.factor >= 1e6 || q.unit.family == "length" || q.unit.family == "money" || tenthsBehind[q.unit]):
		s.tailWords(q, i, ts)
	}
	q.hi = q.lo
}

// tenthsBehind are the measures of which people say the tenths behind the unit: "7 ký 8", "1 lít 2".
var tenthsBehind = map[unit]bool{{100, "length"}: true, {1000, "mass"}: true, {1000, "volume"}: true}

func (s *sitting) nothingBehind(i int) bool {
	return i >= len(s.toks) || s.toks[i].ends() || s.onlyTrail(i)
}

// smallerUnit adds "30 phút" to "1 giờ", "990 nghìn" to "12 triệu", "fifty cents" to "five dollars".
func (s *sitting) smallerUnit(q *quantity, ts measures) bool {
	i := q.to
	if s.saysAt(i, "and", "và", "lẻ") {
		i++
	}
	x, n := s.numeralAt(i)
	if n == 0 || x <= 0 {
		return false
	}
	u, m := ts(i + n)
	if m == 0 && q.unit == (unit{60, "time"}) && x < 60 && int(x)%5 == 0 && len(s.toks[i].word) == 2 && s.nothingBehind(i+n) { // 1 tiếng 30
		u, m = unit{1, "time"}, 0
	} else if m == 0 {
		return false
	}
	if u.factor <= 0 || u.factor >= q.unit.factor || !sameScale(u.family, q.unit.family) || x*u.factor >= q.unit.factor {
		return false
	}
	if asked, ok := s.asked(); ok && u.family == "months" && asked.factor > u.factor { // 25 tuổi 3 tháng
		return false
	}
	if u.family == "vnd" && u.factor == 1 {
		return false
	}
	q.lo += x * u.factor / q.unit.factor
	q.to = i + n + m
	return true
}

// sameScale: đồng are counted in words that other currencies have too.
func sameScale(a, b string) bool {
	return a == b || (a == "money" || a == "vnd") && (b == "money" || b == "vnd")
}

func (s *sitting) tailDigits(i int, q *quantity, ts measures) float64 {
	w := s.toks[i].word
	x, err := strconv.ParseFloat(w, 64)
	if err != nil {
		return 0
	}
	u, n := ts(i + 1)
	if n > 0 && u.family == q.unit.family && u.factor > 0 && u.factor < q.unit.factor && u.factor > 1 { // 1tr 500k
		q.to = i + 1 + n
		return x * u.factor / q.unit.factor
	}
	if n > 0 && !s.toks[i].glued {
		return 0
	}
	q.to = i + 1
	if q.unit.family == "time" { // 1h30
		return x / 60
	}
	for range w {
		x /= 10
	}
	return x
}

// tailWords reads "một triệu hai", "hai triệu năm trăm", "một mét bảy hai".
func (s *sitting) tailWords(q *quantity, i int, ts measures) {
	x, n := s.numeralAt(i)
	if n == 0 || x != float64(int(x)) || x <= 0 || x >= 1000 {
		return
	}
	u, m := ts(i + n)
	switch {
	case m > 0 && u.family == q.unit.family && u.factor < q.unit.factor && u.factor > 0:
		q.lo += x * u.factor / q.unit.factor
		n += m
	case m > 0 || s.nounAt(i+n) != "" && q.unit != unit{100, "length"}:
		return
	case x < 10:
		q.lo += x / 10
	case x < 100:
		q.lo += x / 100
	default:
		q.lo += x / 1000
	}
	q.to = i + n
}

// nounAt returns the word behind a bare number, if it can be what is counted.
func (s *sitting) nounAt(i int) string {
	if i >= len(s.toks) || s.toks[i].kind != wordToken {
		return ""
	}
	v := lexicon()
	if isOr(&s.toks[i]) || s.onlyTrail(i) || s.numeralStarts(i) || v.atLeastAfter.at(s.toks, i) > 0 || v.atMostAfter.at(s.toks, i) > 0 || v.rangeWords.at(s.toks, i) > 0 {
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

// bound opens one side of an exact amount: "trên 5", "5 trở lên", "10+".
func (s *sitting) bound(q *quantity) {
	v := lexicon()
	if !q.exact() {
		return
	}
	i := q.from
	for i > 0 && v.about.at(s.toks, i-1) == 1 {
		i--
	}
	most, least, about := s.endsBefore(v.atMost, i), s.endsBefore(v.atLeast, i), s.endsBefore(v.about, i)
	sign := s.typedAt(i - 1)
	if sign == "=" {
		sign = s.typedAt(i - 2)
	}
	switch sign {
	case "<", "≤":
		most = 1
	case ">", "≥":
		least = 1
	}
	switch {
	case about > max(most, least): // trên dưới 3 triệu
		return
	case most > least:
		q.hasLo = false
	case least > 0:
		q.hasHi = false
	}
	if (most > 0 || least > 0) && s.turnedAround(i-max(most, least)) {
		q.hasLo, q.hasHi = q.hasHi, q.hasLo
	}
	j := q.to
	if q.noun != "" && j < len(s.toks) && s.toks[j].word == q.noun {
		j++
	}
	for _, k := range [...]int{q.to, j} {
		if k >= len(s.toks) || !q.hasLo {
			continue
		}
		if n := v.atMostAfter.at(s.toks, k); n > 0 && q.hasHi {
			q.hasLo, q.to = false, k+n
		} else if n := v.atLeastAfter.at(s.toks, k); n > 0 && !s.comparesOn(k) {
			q.hasHi, q.to = false, k+n
		}
	}
}

// denied: "không phải 5, 3 thôi", "not 5, more like 7": what stands behind "not" is not the answer.
func (s *sitting) denied(i int) bool {
	for i > 0 && s.saysAt(i-1, "là", "a", "an", "the", "số", "ngày", "on", "at", "in", "$") {
		i--
	}
	if s.saysAt(i-1, "phải") && i > 1 {
		return isNegator(s.toks[i-2].word) || s.saysAt(i-2, "chẳng", "chả", "hổng")
	}
	if s.saysAt(i-1, "do", "make") && s.saysAt(i-2, "can't", "cant", "cannot") {
		return true
	}
	return s.saysAt(i-1, "not", "isn't", "isnt")
}

// turnedAround: "I wouldn't pay more than 80", "không mua dưới 500k": a comparison behind a verb that is denied.
func (s *sitting) turnedAround(i int) bool {
	for k := i - 1; k >= 0 && !s.toks[k].ends(); k-- {
		if s.saysAt(k, "never") || s.saysAt(k, "không") && s.saysAt(k+1, "bao") && s.saysAt(k+2, "giờ") {
			return true
		}
	}
	if !s.saysAt(i, "more", "over", "above", "less", "under", "below", "hơn", "trên", "dưới") || !s.saysAt(i-1, "pay", "spend", "go", "want", "buy", "mua", "chi", "trả", "bỏ", "tiêu", "xài", "dùng") {
		return false
	}
	for k := i - 2; k >= 0 && k >= i-4 && !s.toks[k].ends(); k-- {
		if isNegator(s.toks[k].word) || strings.HasSuffix(s.toks[k].typed, "n't") {
			return true
		}
	}
	return false
}

// comparesOn: "5 hơn" alone is over five, "5 hơn là 6" is not.
func (s *sitting) comparesOn(k int) bool {
	return s.toks[k].word == "hơn" && k+1 < len(s.toks) && s.toks[k+1].isWord() && !s.saysAt(k+1, "xíu", "chút", "tí", "ít", "một") || s.toks[k].word == "+" && k+1 < len(s.toks) && s.toks[k+1].kind == numberToken
}

// endsBefore returns the length of the longest phrase that ends where token i starts.
func (s *sitting) endsBefore(p *phrases, i int) int {
	for k := max(0, i-5); k < i; k++ {
		if p.at(s.toks[:i], k) == i-k {
			return i - k
		}
	}
	return 0
}
