package understand

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

// oneOf resolves several amounts: the same one twice, a total with its parts, or parts that add up.
func (s *sitting) oneOf(qs []quantity) (quantity, bool) {
	if s.saysAt(qs[1].from-1, "of") && gatherings[keyOf(qs[0].noun)] { // 10 tables of 10
		return quantity{}, false
	}
	if q, ok := s.inUnit(qs); ok {
		return q, true
	}
	if s.lengthBehindClocks(qs) || s.peopleInAll(qs) {
		return qs[len(qs)-1], true
	}
	if q, ok := s.namedByQuestion(qs); ok {
		return q, true
	}
	if s.partsOfAsked(qs) && !sumOf(qs[1:], qs[0]) && !sumOf(qs[:len(qs)-1], qs[len(qs)-1]) || s.byDayPart(qs) && !s.asksState() || s.measuredParts(qs) || s.areParts(qs) && !sumOf(qs[1:], qs[0]) && !sumOf(qs[:len(qs)-1], qs[len(qs)-1]) {
		return added(qs)
	}
	if (s.sideParts(qs) || s.addedOn(qs)) && !sumOf(qs[1:], qs[0]) && !sumOf(qs[:len(qs)-1], qs[len(qs)-1]) {
		s.summed = true
		return added(qs)
	}
	same, sum := true, 0.0
	if s.familyAsked() == "months" { // the ages of two are no sum
		return quantity{}, false
	}
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

// inUnit: the one amount of what the question counts beside what holds it: "1 xe 7 chỗ" to how many seats.
func (s *sitting) inUnit(qs []quantity) (own quantity, ok bool) {
	unit := keyOf(s.q.Unit)
	if unit == "" || peopleNouns[unit] || len(qs) != 2 || s.endsBetween(qs[0].to, qs[1].from) {
		return own, false
	}
	a, b := qs[0], qs[1]
	if keyOf(a.noun) == unit {
		a, b = b, a
	}
	return b, keyOf(b.noun) == unit && a.noun != "" && keyOf(a.noun) != unit && (s.q.asksNoun(a.noun) || gatherings[keyOf(a.noun)] || numberedThings[a.noun])
}

// addedOn: "10 ký, thêm 5 ký nếp" is one and the other.
func (s *sitting) addedOn(qs []quantity) bool {
	return len(qs) == 2 && !s.asksState() && qs[0].exact() && qs[1].exact() && qs[0].unit.family == qs[1].unit.family && s.saysAt(qs[1].from-1, "thêm", "cộng", "plus", "another") && !s.eitherBetween(qs[0].to, qs[1].from-1)
}

// lengthBehindClocks: "12h ngủ 6h dậy, được 6 tiếng": the first two are times of the day, the last says how long it is between them.
func (s *sitting) lengthBehindClocks(qs []quantity) bool {
	if len(qs) != 3 || !s.saysAt(qs[2].to-1, "tiếng", "hours", "hour", "hrs") {
		return false
	}
	rises := false
	for _, q := range qs[:2] {
		if s.saysAt(q.to-1, "tiếng", "hours", "hour", "hrs") {
			return false
		}
		rises = rises || s.saysAt(q.from-1, "dậy", "thức", "up", "wake") || s.saysAt(q.from-2, "dậy", "up", "wake") || s.saysAt(q.to, "dậy", "thức")
	}
	return rises
}

// peopleInAll: behind people who are named or counted the last number says how many they are: "tui với bà xã với 3 nhóc là 5".
func (s *sitting) peopleInAll(qs []quantity) bool {
	last := qs[len(qs)-1]
	if !s.asksPeople() || !last.exact() || last.noun != "" && !peopleNouns[keyOf(last.noun)] || !s.saysAt(last.from-1, "là", "chi", "cộng", "tổng", "thành", "makes", "total", "so", "that's", "=") {
		return false
	}
	sum := 0.0
	for _, q := range qs[:len(qs)-1] {
		if !q.exact() || isOr(&s.toks[q.from-min(q.from, 1)]) {
			return false
		}
		sum += q.lo
	}
	named := s.toks[:qs[len(qs)-2].to]
	return last.lo > sum && (lexicon().others.in(named) || lexicon().selves.in(named))
}

// namedByQuestion: of "eo 66 mông 90" the one that stands behind what the question asks for, where each has a name.
func (s *sitting) namedByQuestion(qs []quantity) (own quantity, ok bool) {
	last := qs[len(qs)-1]
	if s.endsBetween(qs[len(qs)-2].to, last.from) && lexicon().prefer.at(s.toks, last.from-1) == 1 && !lexicon().condition.in(s.toks[:last.from]) { // "size 24 hơi chật rồi, lấy 25"
		return last, len(qs) == 2 && s.remarkBetween(qs[0].to, last.from-1)
	}
	for k, q := range qs {
		i := q.from - 1
		if i < 0 || s.toks[i].kind != wordToken || titleKeys[s.toks[i].key] || k > 0 && i < qs[k-1].to || lexicon().index.at(s.toks, i) > 0 {
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

// remarkBetween: from i to j something is said of what was counted first, more than its name.
func (s *sitting) remarkBetween(i, j int) bool {
	words := 0
	for ; i < j; i++ {
		if s.toks[i].kind == wordToken && lexicon().trail.at(s.toks, i) == 0 {
			words++
		}
	}
	return words > 1
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
