package understand

import "strings"

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
		if q.unit.factor == 0 && asked == (unit{1, "months"}) && s.saysAt(q.from-1, "turns", "turning") { // not yet
			s.note("other-unit", s.words(q.from-1, q.to))
			continue
		}
		if q.unit.factor == 0 && asked == (unit{1, "months"}) && q.exact() && s.turnsYears(q.from) {
			q.unit = unit{monthsOfYear, "months"}
		}
		if q.unit.family == "either" {
			s.note("months-or-years", s.words(q.from, q.to))
			continue
		}
		if s.amongOthers(q) && s.asksPart(q) { // "10 người trong đó 3 chay" to how many eat chay
			return []quantity{q}
		}
		if s.amongOthers(q) {
			s.note("part-of-the-rest", s.words(q.from, q.to))
			continue
		}
		if q.unit.family == "count" {
			scale(&q, q.unit.factor)
			q.unit, q.noun = unit{}, s.nounAt(q.to)
		}
		if q.unit.factor == 0 && s.inBulk(q) {
			s.note("other-unit", s.words(q.from, q.to+1))
			continue
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
			if s.metresForArea(q) {
				q.unit = asked
			} else if !hasUnit && !s.q.countsAnything() && !s.wordingHas(q) && !s.daysForSessions(q) || hasUnit && q.unit.family != asked.family {
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

// turnsYears: "turned 2", "bé lên 2" are said of years.
func (s *sitting) turnsYears(i int) bool {
	return s.saysAt(i-1, "turned") || s.saysAt(i-1, "lên") && !s.saysAt(i-2, "tăng", "cân", "nặng", "cao")
}

// countsAnything: the wording names nothing that is counted: "How many?".
func (q *question) countsAnything() bool {
	for i := range q.text {
		if t := &q.text[i]; t.kind == wordToken && !commonVietnamese[t.key] && !commonEnglish[t.key] && t.key != "many" && t.key != "vay" && t.key != "the" {
			return false
		}
	}
	return true
}

// metresForArea: metres are short for square metres where an area is asked for ("dưới 15m"), but not as one side of it.
func (s *sitting) metresForArea(q quantity) bool {
	if q.unit != measureUnits["m"] || !s.asksArea() {
		return false
	}
	side := func(i int) bool {
		return s.saysAt(i, "cao", "dài", "ngang", "sâu", "x", "by", "nhân", "tiền", "high", "long", "wide")
	}
	return !side(q.from-1) && !side(q.to) && s.toks[q.to-1].kind == wordToken
}

// asksArea: square metres are asked for.
func (s *sitting) asksArea() bool {
	if s.familyAsked() == "area" {
		return true
	}
	for _, name := range [...]string{"m2", "m²", "mét vuông", "sqm", "square met"} {
		if strings.Contains(s.q.titles, name) {
			return true
		}
	}
	return false
}

// daysForSessions: days are short for the sessions of a week, one a day ("5 days" to "How many sessions a week do you train?").
func (s *sitting) daysForSessions(q quantity) bool {
	const week = 7
	return s.saysAt(q.to-1, "ngày", "hôm", "day", "days") && q.hi <= week && s.periodAsked() == periodKeys["tuan"] && (s.q.echo["buoi"] || s.q.echo["sessions"])
}

// amongOthers: "5 of them kids", "trong đó 2 bé" are counted in what was said before.
func (s *sitting) amongOthers(q quantity) bool {
	return s.saysAt(q.to, "of") && s.saysAt(q.to+1, "them", "which", "whom") || s.saysAt(q.from-1, "đó") && s.saysAt(q.from-2, "trong") ||
		s.saysAt(q.from-1, "including", "incl", "kể") || s.saysAt(q.from-1, "có") && s.saysAt(q.from-2, ",") && s.numeralBefore(q.from-2) && (peopleNouns[keyOf(q.noun)] || s.saysAt(q.to, "em", "trẻ", "bé"))
}

// asksPart: behind the amount stands what the question asks about, which was not said before.
func (s *sitting) asksPart(q quantity) bool {
	i := q.to
	if peopleNouns[keyOf(q.noun)] {
		i++
	}
	for s.saysAt(i, "ăn", "uống", "bị", "là") {
		i++
	}
	if i >= len(s.toks) || s.toks[i].kind != wordToken || s.onlyTrail(i) || !s.q.echo[s.toks[i].key] || peopleNouns[s.toks[i].key] || lexicon().comes.at(s.toks, i) > 0 {
		return false
	}
	for k := 0; k < q.from; k++ {
		if s.toks[k].key == s.toks[i].key {
			return false
		}
	}
	return true
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

// inBulk: "1 thùng" holds nobody knows how many of the boxes that are asked for.
func (s *sitting) inBulk(q quantity) bool {
	if key := keyOf(q.noun); !bulk[key] || s.q.speaksOf(key) {
		return false
	}
	for key := range s.q.echo {
		if containers[key] || pieceNouns[key] {
			return true
		}
	}
	return false
}

// bulk are what containers and pieces are sold by, by key.
var bulk = listedKeys("counting", "bulk")

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

// containers hold what a question asks for in litres or kilos, and do not say how much of it.
var containers = listedKeys("counting", "containers")

// counts: the wording asks how many of the word there are: "mấy tầng". Then "tầng 8" is one of them.
func (q *question) counts(word string) bool {
	for i := 1; i < len(q.text); i++ {
		if q.text[i].word == word && (q.text[i-1].word == "mấy" || q.text[i-1].word == "nhiêu") {
			return true
		}
	}
	return false
}

// onlyPer: the wording has the word, and only to say in how long what is counted adds up: "mỗi tháng", "a week".
func (q *question) onlyPer(key string) bool {
	per := false
	for i := range q.text {
		if t := &q.text[i]; t.kind == wordToken && t.key == key {
			if i == 0 || !perWords[q.text[i-1].word] {
				return false
			}
			per = true
		}
	}
	return per
}

// wordingHas: without a unit of its own, the question names in its wording what is counted.
func (s *sitting) wordingHas(q quantity) bool {
	for i := q.from; i < q.to; i++ {
		t := &s.toks[i]
		if t.kind == wordToken && s.q.onlyPer(t.key) { // "nửa tháng" to "Mỗi tháng mấy hộp?"
			continue
		}
		if t.kind == wordToken && (s.q.echo[t.key] || len(t.word) > 1 && strings.Contains(s.q.titles, " "+t.word)) {
			return true
		}
	}
	for i := range s.q.text {
		if t := &s.q.text[i]; t.kind == wordToken && len(t.typed) > 1 && q.unit.factor != 0 && measureUnits[t.typed] == q.unit && !s.q.onlyPer(t.key) { // "mấy tuổi", answered in years
			return true
		}
	}
	return false
}
