package understand

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
		if k+1 < len(qs) && !(end+1 == qs[k+1].from && (isAnd(&s.toks[end]) || s.saysAt(end, "với", "cộng", "plus", ",") && !s.asksState())) {
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

// sideParts: amounts that each say which side or part of the whole they are for, and in the same place: "nhà trai 15, nhà gái 12", "4
// ký cho mẹ, 3 ký cho bà ngoại".
func (s *sitting) sideParts(qs []quantity) bool {
	const most = 6
	if len(qs) > most || s.asksState() || lexicon().total.in(s.toks) || s.saysIn(0, len(s.toks), "tổng") {
		return false
	}
	places := [...]func(qs []quantity, k int) string{s.sideBefore, s.sideBehind}
	for _, place := range places {
		names := map[string]bool{}
		for k, q := range qs {
			if !q.exact() || q.unit.family != qs[0].unit.family || k > 0 && s.eitherBetween(qs[k-1].to, q.from) {
				return false
			}
			if name := place(qs, k); name != "" {
				names[name] = true
			}
		}
		if len(names) == len(qs) {
			return true
		}
	}
	return false
}

// eitherBetween: what stands from i to j sets two amounts against each other.
func (s *sitting) eitherBetween(i, j int) bool {
	for ; i < j; i++ {
		if isOr(&s.toks[i]) || s.saysAt(i, "à", "ủa", "thành", "lên", "xuống", "nên", "thôi", "tới", "đến", "to", "actually", "no", "nope") {
			return true
		}
	}
	return false
}

// sideBefore is the name of a side right before the amount k: "bên em 12".
func (s *sitting) sideBefore(qs []quantity, k int) string {
	lo := 0
	if k > 0 {
		lo = qs[k-1].to
		if qs[k-1].noun != "" && !sideOpeners[s.toks[lo].typed] {
			lo++
		}
	}
	hi := qs[k].from
	for i := hi - 1; i >= lo && (s.toks[i].ends() || s.saysAt(i, "và", "and")); i-- {
		hi = i
	}
	for hi > lo && s.saysAt(hi-1, "là", "có", "cần", "khoảng", "tầm", "đặt", "lấy", "thì", "is", "has", "about") {
		hi--
	}
	for i := hi - 1; i >= lo; i-- {
		if s.toks[i].ends() {
			lo = i + 1
		}
	}
	for lo < hi && (isJoin(&s.toks[lo]) || s.saysAt(lo, "còn", "thì", "dạ", "mà", "about")) {
		lo++
	}
	if lo < hi && sideOpeners[s.toks[lo].typed] && (hi-lo > 1 || !sidesNeedNames[s.toks[lo].typed]) {
		return s.sideName(lo, hi)
	}
	return ""
}

// sideName is the name from i to j whose first word opens it: "on my side".
func (s *sitting) sideName(i, j int) string {
	const most = 4
	if j-i > most || j-i > 1 && s.partName(i+1, j) == "" {
		return ""
	}
	return s.words(i, j)
}

// sideBehind is the name of a side right behind the amount k: "3 ký cho bà ngoại".
func (s *sitting) sideBehind(qs []quantity, k int) string {
	lo := qs[k].to
	if lo < len(s.toks) && qs[k].noun != "" && !sideOpeners[s.toks[lo].typed] {
		lo++
	}
	hi := lo
	for hi < len(s.toks) && s.toks[hi].kind == wordToken && (hi < lo+2 || !isJoin(&s.toks[hi]) && lexicon().trail.at(s.toks, hi) == 0) && (k+1 == len(qs) || hi < qs[k+1].from) {
		hi++
	}
	if lo < hi && sideOpeners[s.toks[lo].typed] && (hi-lo > 1 || !sidesNeedNames[s.toks[lo].typed]) {
		return s.sideName(lo, hi)
	}
	return ""
}

// sideOpeners are words, as typed, that name a side or a part of a whole, or come before its name as those in sidesNeedNames do.
var (
	sidesNeedNames = listed("counting", "sides-of")
	sideOpeners    = union(sidesNeedNames, listed("counting", "sides"))
)

func union(a, b map[string]bool) map[string]bool {
	out := map[string]bool{}
	for w := range a {
		out[w] = true
	}
	for w := range b {
		out[w] = true
	}
	return out
}
