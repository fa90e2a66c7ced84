package understand

import (
	"math"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// number reads a count or a measure.
func (s *sitting) number() Reading {
	if s.otherPeriod() {
		return unclear("other-period")
	}
	if s.manyTimes() {
		return unclear("many-times")
	}
	if q, ok := s.timesSaid(); ok {
		return s.numberReading(q, "times", 0.93)
	}
	qs := s.lastSaid(s.nowadays(s.notPeople(s.seated(s.measured(s.keepOwn(s.quantities(s.countAt)))))))
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
	if s.usedTo(qs[0].from) {
		return unclear("in-the-past")
	}
	if s.oneMore(&qs[0]) {
		return s.numberReading(qs[0], "number-sum", 0.88)
	}
	return s.numberReading(qs[0], "number", 0.96)
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

// oneMore adds the one of "2 cats and a dog".
func (s *sitting) oneMore(q *quantity) bool {
	i := q.to + 1
	if _, measured := s.asked(); measured || q.noun == "" || !q.exact() || q.unit.factor != 0 || !s.saysAt(i, "and", "+", "&", "plus") || !s.saysAt(i+1, "a", "an") || s.vi {
		return false
	}
	if i+2 >= len(s.toks) || s.toks[i+2].kind != wordToken || s.saysAt(i+2, "half", "bit", "few", "couple", "lot") || !s.nothingBehind(i+3) {
		return false
	}
	q.lo, q.to = q.lo+1, i+3
	q.hi = q.lo
	return true
}

// manyTimes: "5k twice a week" says a measure, and that it is not all of it.
func (s *sitting) manyTimes() bool {
	if _, measured := s.asked(); !measured {
		return false
	}
	for i := range s.toks {
		if i > 0 && s.saysAt(i, "twice", "thrice") && !s.toks[i-1].ends() {
			return true
		}
	}
	return false
}

// keepOwn drops the amounts in questions, and those that measure something else than what was asked.
func (s *sitting) keepOwn(qs []quantity) []quantity {
	asked, hasUnit := s.asked()
	var out []quantity
	for _, q := range qs {
		if s.askedAt(q.from) {
			s.note("asked-about", s.words(q.from, q.to))
			continue
		}
		if q.unit.family == "time" && s.saysAt(q.to-1, "h", "giờ", "g") && (s.saysAt(q.to, "sáng", "trưa", "chiều", "tối", "đêm", "khuya") || s.saysAt(q.from-1, "lúc", "hồi")) {
			s.note("time-of-day", s.words(q.from, q.to+1))
			continue
		}
		if q.unit.family == "either" {
			s.note("months-or-years", s.words(q.from, q.to))
			continue
		}
		if s.amongOthers(q) {
			s.note("part-of-the-rest", s.words(q.from, q.to))
			continue
		}
		if q.unit.family == "count" {
			scale(&q, q.unit.factor)
			q.unit, q.noun = unit{}, s.nounAt(q.to)
		}
		if q.unit.factor == 0 && s.countsPairs(q) {
			s.note("other-unit", s.words(q.from, q.to))
			continue
		}
		if q.unit.factor == 0 && hasUnit && q.exact() && q.lo < 1 && q.noun != "" && !s.q.echo[keyOf(q.noun)] { // half marathon
			s.note("other-unit", s.words(q.from, q.to))
			continue
		}
		if q.unit.factor != 0 {
			if !hasUnit && !s.wordingHas(q) || hasUnit && q.unit.family != asked.family {
				s.note("other-unit", s.words(q.from, q.to))
				continue
			}
			if hasUnit {
				scale(&q, q.unit.factor/asked.factor)
			}
		}
		out = append(out, q)
	}
	return out
}

// amongOthers: "5 of them kids", "trong đó 2 bé" are counted in what was said before.
func (s *sitting) amongOthers(q quantity) bool {
	return s.saysAt(q.to, "of") && s.saysAt(q.to+1, "them", "which", "whom") || s.saysAt(q.from-1, "đó") && s.saysAt(q.from-2, "trong") ||
		s.saysAt(q.from-1, "including", "incl", "kể") || s.saysAt(q.from-1, "có") && s.saysAt(q.from-2, ",") && s.numeralBefore(q.from-2) && (peopleNouns[keyOf(q.noun)] || s.saysAt(q.to, "em", "trẻ"))
}

// numeralBefore: a clause that ends at i has a number in it.
func (s *sitting) numeralBefore(i int) bool {
	for k := i - 1; k >= 0 && !s.toks[k].ends(); k-- {
		if s.numeralStarts(k) {
			return true
		}
	}
	return false
}

// countsPairs: "2 cặp" may be two or four, where the question does not count in pairs.
func (s *sitting) countsPairs(q quantity) bool {
	return s.saysAt(q.to, "cặp") && !s.q.echo["cap"] && !s.q.echo["doi"] && !s.q.echo["pairs"]
}

// uncontained drops bottles, boxes and times where a question asks for a measure.
func (s *sitting) uncontained(qs []quantity) []quantity {
	if _, hasUnit := s.asked(); !hasUnit {
		return qs
	}
	var out []quantity
	for _, q := range qs {
		if key := keyOf(q.noun); q.noun != "" && (containers[key] || occasions[key]) && !s.q.echo[key] {
			s.note("other-unit", s.words(q.from, q.to))
			continue
		}
		out = append(out, q)
	}
	return out
}

// measured keeps what was said in the unit asked for, where something else is counted beside it: "một can 5 lít", "nhà
// 5 người, 4 lít". Several of what holds the amount would multiply it.
func (s *sitting) measured(qs []quantity) []quantity {
	var kept []quantity
	for _, q := range qs {
		if q.unit.factor != 0 {
			kept = append(kept, q)
		}
	}
	if len(kept) == 0 {
		return s.uncontained(qs)
	}
	if len(kept) == len(qs) {
		return qs
	}
	for _, q := range qs {
		if q.unit.factor == 0 && (q.noun == "" || q.lo > 1 && s.sideToSide(q, kept[0])) {
			return qs
		}
	}
	return kept
}

// sideToSide: "3 tins of 5 litres", "5 lít 3 can", with nothing that sets them apart.
func (s *sitting) sideToSide(a, b quantity) bool {
	if a.from > b.from {
		return a.from == b.to
	}
	for i := a.to; i < b.from; i++ {
		if s.toks[i].ends() {
			return false
		}
	}
	return b.from-a.to <= 2
}

// occasions are counted beside a measure, and do not say how much of it.
var occasions = listedKeys("counting", "occasions")

// peopleNouns are the words for people who are counted, by key: they are not added to what they eat or to the nights
// that they stay.
var peopleNouns = listedKeys("counting", "people")

// asksSomeNoun: one of the nouns that are no people is in the question.
func (s *sitting) asksSomeNoun(qs []quantity) bool {
	for _, q := range qs {
		if key := keyOf(q.noun); !peopleNouns[key] && s.q.echo[key] {
			return true
		}
	}
	return false
}

// notPeople drops the people where something else was asked for: "3 nights for 2 people".
func (s *sitting) notPeople(qs []quantity) []quantity {
	if len(qs) < 2 || !s.asksSomeNoun(qs) {
		return qs
	}
	var out []quantity
	for _, q := range qs {
		if key := keyOf(q.noun); peopleNouns[key] && !s.q.echo[key] {
			s.note("counts-people", s.words(q.from, q.to))
			continue
		}
		out = append(out, q)
	}
	return out
}

// seated drops the tables and groups where people are asked for: "100 guests at 10 tables", and "10 bàn" says nothing of
// how many sit there.
func (s *sitting) seated(qs []quantity) []quantity {
	if !s.asksPeople() {
		return qs
	}
	var out []quantity
	for k, q := range qs {
		key := keyOf(q.noun)
		if !gatherings[key] || s.q.echo[key] {
			out = append(out, q)
			continue
		}
		if k == 0 && len(qs) > 1 { // "2 bàn 10 người" would have to be multiplied
			return qs
		}
		if k > 0 && !s.saysAt(q.from-1, "at", "in", "on", "trong", "chia", "ngồi") && q.lo > 1 {
			return qs
		}
		s.note("other-unit", s.words(q.from, q.to))
	}
	return out
}

// asksPeople: the wording asks for how many people, one way or another.
func (s *sitting) asksPeople() bool {
	for key := range s.q.echo {
		if peopleNouns[key] {
			return true
		}
	}
	return false
}

// nowadays drops what was so once, where something is said of today too: "five, used to be 6".
func (s *sitting) nowadays(qs []quantity) []quantity {
	if len(qs) != 2 {
		return qs
	}
	var out []quantity
	for _, q := range qs {
		if lo, _ := s.clauseAround(q.from, q.to); !lexicon().past.in(s.toks[lo:q.from]) {
			out = append(out, q)
		}
	}
	if len(out) == 0 || len(out) == len(qs) {
		return qs
	}
	return out
}

// gatherings are made of what is counted beside them ("1 bàn 10 người"), so that the two are never added.
var gatherings = listedKeys("counting", "gatherings")

// containers hold what a question asks for in litres or kilos, and do not say how much of it.
var containers = listedKeys("counting", "containers")

// wordingHas: without a unit of its own, the question names in its wording what is counted.
func (s *sitting) wordingHas(q quantity) bool {
	for i := q.from; i < q.to; i++ {
		t := &s.toks[i]
		if t.kind == wordToken && (s.q.echo[t.key] || len(t.word) > 1 && strings.Contains(s.q.titles, " "+t.word)) {
			return true
		}
	}
	for i := range s.q.text {
		if t := &s.q.text[i]; t.kind == wordToken && len(t.typed) > 1 && q.unit.factor != 0 && measureUnits[t.typed] == q.unit { // "mấy tuổi", answered in years
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

// oneOf resolves several amounts: the same one twice, a total with its parts, or parts that add up.
func (s *sitting) oneOf(qs []quantity) (quantity, bool) {
	if s.saysAt(qs[1].from-1, "of") && gatherings[keyOf(qs[0].noun)] { // 10 tables of 10
		return quantity{}, false
	}
	if q, ok := s.namedByQuestion(qs); ok {
		return q, true
	}
	if s.byDayPart(qs) || s.areParts(qs) && !sumOf(qs[1:], qs[0]) && !sumOf(qs[:len(qs)-1], qs[len(qs)-1]) {
		return added(qs)
	}
	same, sum := true, 0.0
	for _, q := range qs {
		if !q.exact() {
			return quantity{}, false
		}
		same = same && q.lo == qs[0].lo && q.noun == qs[0].noun
		sum += q.lo
	}
	if same {
		return qs[0], true
	}
	if tidyFloat(sum-qs[0].lo) == qs[0].lo {
		return qs[0], true
	}
	last := qs[len(qs)-1]
	if tidyFloat(sum-last.lo) == last.lo {
		return last, true
	}
	return quantity{}, false
}

// namedByQuestion: of "eo 66 mông 90" the one that stands behind what the question asks for, where each has a name.
func (s *sitting) namedByQuestion(qs []quantity) (own quantity, ok bool) {
	for k, q := range qs {
		i := q.from - 1
		if i < 0 || s.toks[i].kind != wordToken || k > 0 && i < qs[k-1].to || lexicon().index.at(s.toks, i) > 0 {
			return own, false
		}
		if !s.q.echo[s.toks[i].key] {
			continue
		}
		if ok {
			return own, false
		}
		own, ok = q, true
	}
	return own, ok
}

func added(qs []quantity) (quantity, bool) {
	total := qs[0]
	for _, q := range qs[1:] {
		if !q.exact() {
			return quantity{}, false
		}
		total.lo, total.to = total.lo+q.lo, q.to
	}
	total.hi = total.lo
	return total, qs[0].exact()
}

func sumOf(parts []quantity, whole quantity) bool {
	sum, _ := added(parts)
	return tidyFloat(sum.lo) == whole.lo && len(parts) > 1
}

// byDayPart: "sáng 1 chiều 1" counts over the day.
func (s *sitting) byDayPart(qs []quantity) bool {
	seen := ""
	for _, q := range qs {
		p := s.partAt(q.from - 1)
		if p == "" || p == seen {
			return false
		}
		seen = p
	}
	return true
}

// areParts: bare counts of different things ("3 cam 2 dâu"), with nothing like "hoặc" between.
func (s *sitting) areParts(qs []quantity) bool {
	if _, measured := s.asked(); measured {
		return false
	}
	nouns := map[string]bool{}
	people := 0
	for _, q := range qs {
		if peopleNouns[keyOf(q.noun)] {
			people++
		}
	}
	if people > 0 && people < len(qs) && s.asksSomeNoun(qs) { // 3 nights for 2 people
		return false
	}
	for k, q := range qs {
		phrase := q.noun
		if k := q.to + 1; k < len(s.toks) && s.toks[k].isWord() && lexicon().trail.at(s.toks, k) == 0 {
			phrase += " " + s.toks[k].word
		}
		if q.noun == "" || q.fraction || nouns[phrase] || gatherings[keyOf(q.noun)] {
			return false
		}
		nouns[phrase] = true
		if k == 0 {
			continue
		}
		for i := qs[k-1].to; i < q.from; i++ {
			if isOr(&s.toks[i]) || s.toks[i].ends() && s.toks[i].word != "," {
				return false
			}
		}
	}
	return true
}

func (s *sitting) numberReading(q quantity, rule string, confidence float64) Reading {
	if !s.readable(&q) {
		return unclear("out-of-range")
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

// withoutNumber reads none as zero where zero is allowed.
func (s *sitting) withoutNumber() Reading {
	if rule, found := s.undecided(s.toks); found {
		return unclear(rule)
	}
	if s.onlyAsks() {
		return unclear("counter-question")
	}
	if lexicon().vague.in(s.toks) && !s.saysAt(0, "không", "none", "zero") || s.saysAt(0, "không") && s.saysAt(1, "nhiều", "đáng") {
		return unclear("vague")
	}
	if i, n := lexicon().oneself.find(s.toks); n > 0 && s.asksPeople() && !s.q.echo["guests"] && !s.q.echo["khach"] && !s.askedAt(i) { // the host is no guest
		return s.numberReading(quantity{lo: 1, hi: 1, hasLo: true, hasHi: true, from: i, to: i + n}, "oneself", 0.9)
	}
	if i, n := lexicon().twoOfUs.find(s.toks); n > 0 && s.asksPeople() && !s.q.echo["guests"] && !s.q.echo["khach"] && s.nothingBehind(i+n) && !s.askedAt(i) {
		return s.numberReading(quantity{lo: 2, hi: 2, hasLo: true, hasHi: true, from: i, to: i + n}, "two-of-us", 0.88)
	}
	zero := quantity{hasLo: true, hasHi: true}
	asksAge := s.familyAsked() == "months" && (s.q.echo["tuoi"] || s.q.echo["old"] || s.q.echo["age"] || s.q.Unit == "tuổi")
	core, end := s.coreBounds(s.toks)
	i, n := lexicon().zero.find(s.toks)
	if n == 0 && end > core && s.noneAlone(core, end) {
		i, n = core, 1
	}
	if n == 0 && s.deniesDoing(core, end) {
		i, n = core, end-core
	}
	if c := s.clauses; n == 0 && len(c) > 1 && s.deniesDoing(c[0].from, c[0].to) { // "không dùng, uống nước máy"
		i, n = c[0].from, c[0].to-c[0].from
	}
	if n > 0 && !s.askedAt(i) && s.q.Min != nil && *s.q.Min <= 0 && !asksAge {
		zero.from, zero.to = i, i+n
		return s.numberReading(zero, "none-is-zero", 0.88)
	}
	return unclear("no-number")
}

// timesSaid reads "twice", "once a week" where a number of times is asked for, and nothing else is said.
func (s *sitting) timesSaid() (quantity, bool) {
	if _, measured := s.asked(); measured || !s.asksTimes() {
		return quantity{}, false
	}
	lo, hi := s.coreBounds(s.toks)
	for lo < hi && lexicon().about.at(s.toks, lo) == 1 {
		lo++
	}
	x := float64(timesWords[s.typedAt(lo)])
	per := lexicon().perUnit.at(s.toks, lo+1)
	if x == 0 || lo+1+per < hi || per > 0 && !s.periodInWording(periodKeys[s.toks[lo+per].key]) {
		return quantity{}, false
	}
	return quantity{lo: x, hi: x, hasLo: true, hasHi: true, from: lo, to: lo + 1}, true
}

// asksTimes: the wording asks how often.
func (s *sitting) asksTimes() bool {
	return s.q.echo["lan"] || s.q.echo["buoi"] || s.q.echo["times"] || s.q.echo["often"]
}

// timesWords say how often, from once on.
var timesWords = inOrder("counting", "times")

// deniesDoing: "không uống", "I don't exercise": no, to nothing but what was asked.
func (s *sitting) deniesDoing(i, end int) bool {
	for i < end && s.saysAt(i, "i", "we", "mình", "em", "tôi", "nhà") {
		i++
	}
	if i >= end || !isNegator(s.toks[i].word) && !s.saysAt(i, "chẳng", "chả", "don't", "dont") {
		return false
	}
	from := i + 1
	for i++; i < end; i++ {
		if t := &s.toks[i]; t.kind != wordToken || !s.q.echo[t.key] && !(i == from && s.saysAt(i, "dùng", "xài", "uống", "ăn", "mua", "đọc", "chơi", "tập", "xem", "nuôi", "hút", "drink", "use", "smoke", "play")) {
			return false
		}
	}
	return i > from
}

func (s *sitting) noneAlone(core, end int) bool {
	return isNegator(s.toks[core].word) && (end == core+1 || s.toks[core+1].ends())
}
