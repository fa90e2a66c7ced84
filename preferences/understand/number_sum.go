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
	if s.lengthBehindClocks(qs) || s.peopleInAll(qs) {
		return qs[len(qs)-1], true
	}
	if q, ok := s.namedByQuestion(qs); ok {
		return q, true
	}
	if s.partsOfAsked(qs) && !sumOf(qs[1:], qs[0]) && !sumOf(qs[:len(qs)-1], qs[len(qs)-1]) || s.byDayPart(qs) || s.measuredParts(qs) || s.areParts(qs) && !sumOf(qs[1:], qs[0]) && !sumOf(qs[:len(qs)-1], qs[len(qs)-1]) {
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

// measuredParts: the same measure of different things, joined: "20 cân gạo tẻ với 5 cân gạo nếp".
func (s *sitting) measuredParts(qs []quantity) bool {
	things := map[string]bool{}
	for k, q := range qs {
		if q.unit.factor == 0 || q.to >= len(s.toks) || s.toks[q.to].kind != wordToken || s.onlyTrail(q.to) || lexicon().once.at(s.toks, q.to) > 0 || lexicon().nowadays.at(s.toks, q.to) > 0 {
			return false
		}
		end := q.to
		for end < len(s.toks) && s.toks[end].kind == wordToken && !isJoin(&s.toks[end]) && lexicon().trail.at(s.toks, end) == 0 {
			end++
		}
		if k+1 < len(qs) && !(end+1 == qs[k+1].from && (isAnd(&s.toks[end]) || s.saysAt(end, "với", "cộng", "plus"))) {
			return false
		}
		thing := s.words(q.to, end)
		if thing == "" || things[thing] {
			return false
		}
		things[thing] = true
	}
	return true
}

// partsOfAsked: what is asked for, counted in parts that each have a name of their own: "25 bàn nhà trai, 20 bàn nhà gái".
func (s *sitting) partsOfAsked(qs []quantity) bool {
	names := map[string]bool{}
	for k, q := range qs {
		if q.noun == "" || !q.exact() || q.fraction || !s.q.asksNoun(q.noun) || peopleNouns[keyOf(q.noun)] && !gatherings[keyOf(q.noun)] || keyOf(q.noun) != keyOf(qs[0].noun) || lexicon().total.in(s.toks) || s.saysIn(0, len(s.toks), "tổng") {
			return false
		}
		lo, hi := 0, q.to+1
		if k > 0 {
			lo = qs[k-1].to + 1
			for i := lo; i < q.from; i++ {
				if isOr(&s.toks[i]) || s.saysAt(i, "à", "ủa", "thành", "còn", "lên", "xuống", "nên") {
					return false
				}
			}
		}
		for hi < len(s.toks) && s.toks[hi].kind == wordToken && !isJoin(&s.toks[hi]) && lexicon().trail.at(s.toks, hi) == 0 && (k+1 == len(qs) || hi < qs[k+1].from) {
			hi++
		}
		name := s.partName(q.to+1, hi)
		if name == "" {
			for lo = max(lo, q.from-4); lo < q.from && (s.toks[lo].ends() || isJoin(&s.toks[lo])); lo++ {
			}
			name = s.partName(lo, q.from)
		}
		if name == "" || names[name] {
			return false
		}
		names[name] = true
	}
	return true
}

// partName is the name of a part, "" for words that say something of it instead.
func (s *sitting) partName(i, j int) string {
	const most = 4
	if j-i > most {
		return ""
	}
	for k := i; k < j; k++ {
		if s.toks[k].kind == numberToken && s.toks[k].glued && k > i { // tờ A5
			continue
		}
		if s.toks[k].kind != wordToken || noPartNames[s.toks[k].key] || isNegator(s.toks[k].word) {
			return ""
		}
	}
	return s.words(i, j)
}

// noPartNames are words, by key, that say something of what is counted, and name no part of it.
var noPartNames = listedKeys("counting", "no-part-names")

// whenCounted are words behind a number that say when or for what it holds: "3 on weekdays 5 on weekends" is no sum.
var whenCounted = map[string]bool{"on": true, "in": true, "at": true, "for": true, "during": true, "when": true, "if": true, "cuối": true, "ngày": true}

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
		if s.saysAt(q.to, "for") && s.saysAt(qs[max(0, k-1)].to, "for") && !s.q.echoes(lexicon().rated) { // 5 for food 3 for service
			return false
		}
		phrase := q.noun
		if k := q.to + 1; k < len(s.toks) && s.toks[k].isWord() && lexicon().trail.at(s.toks, k) == 0 {
			phrase += " " + s.toks[k].word
		}
		if q.noun == "" || whenCounted[q.noun] || q.fraction || nouns[phrase] || gatherings[keyOf(q.noun)] {
			return false
		}
		nouns[phrase] = true
		if k == 0 {
			continue
		}
		for i := qs[k-1].to; i < q.from; i++ {
			if isOr(&s.toks[i]) || s.toks[i].ends() && s.toks[i].word != "," || s.saysAt(i, "à", "ủa") && s.toks[i-1].ends() { // 5 người, à cho 2 ghế
				return false
			}
		}
	}
	return true
}
