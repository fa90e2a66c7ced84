package understand

import "strings"

// countedThings: "2 bộ 10tr", "2 for 10m" price several pieces of what the question does not count.
func (s *sitting) countedThings(qs []quantity) bool {
	money := false
	for _, q := range qs {
		money = money || q.unit.factor != 0
	}
	for i := 0; money && i < len(s.toks); i++ {
		x, n := s.numeralAt(i)
		if n == 0 || x < 2 || x > 20 {
			continue
		}
		j := i + n
		if j < len(s.toks) && (pieceNouns[s.toks[j].key] && !s.q.echo[s.toks[j].key] || s.saysAt(j, "for") && s.numeralStarts(j+1)) && !s.saysAt(i-1, "mua", "được", "buy") {
			s.note("counts-something", s.words(i, j+1))
			return true
		}
	}
	return false
}

// plainSum: "500k + 200k" and "1tr cộng 500k" are reckoned as they stand.
func (s *sitting) plainSum(qs []quantity) (quantity, bool) {
	if len(qs) < 2 {
		return quantity{}, false
	}
	for k := 1; k < len(qs); k++ {
		i := qs[k-1].to
		if !s.saysAt(i, "+", "cộng", "plus") || i+1 != qs[k].from {
			return quantity{}, false
		}
	}
	if last := qs[len(qs)-1]; s.saysAt(last.to, "=", "là") { // the total is said as well
		return quantity{}, false
	}
	return added(qs)
}

// pieceNouns count pieces of goods, by key.
var pieceNouns = listedKeys("counting", "pieces")

// perOther: "2 triệu 1 môn", "300k mỗi bé" where the question is about neither: how many there are is not known.
func (s *sitting) perOther(i int) bool {
	if !s.saysAt(i, "1", "một", "mỗi", "moi", "per", "/") || i+1 >= len(s.toks) || s.toks[i+1].kind != wordToken {
		return false
	}
	if !s.toks[i+1].loose && lexicon().perUnit.at(s.toks, i) > 0 { // "1 mon" may be món or môn
		return false
	}
	key := s.toks[i+1].key
	return eachOf[key] && !s.q.echo[key] && !(peopleNouns[key] && s.asksPeople())
}

// forEach: "mỗi đứa 2tr", where the question is about the whole.
func (s *sitting) forEach(q quantity) bool {
	const reach = 4
	for k := max(0, q.from-reach); k+1 < q.from; k++ {
		if s.saysAt(k, "mỗi") && (eachBefore[s.toks[k+1].key] && !s.q.asksNoun(s.toks[k+1].word) || !pieceNouns[s.toks[k+1].key] && s.severalOf(k+1)) {
			return !s.endsBetween(k, q.from) && s.endsBefore(lexicon().amountWords.comesTo, q.from)+s.endsBefore(lexicon().total, q.from) == 0 && !s.saysAt(q.from-1, "là")
		}
	}
	return false
}

// severalOf: what stands at i was counted before: "3 sổ, mỗi sổ 100tr".
func (s *sitting) severalOf(i int) bool {
	const reach = 6
	for k := max(0, i-reach); k < i; k++ {
		if x, n := s.numeralAt(k); n > 0 && x > 1 && k+n < i && s.toks[k+n].key == s.toks[i].key {
			return true
		}
	}
	return false
}

// eachOf are what people have several of, by key.
var eachOf = listedKeys("counting", "each-of")

// forSeveral: "50k 2 ly" to what one ly costs.
func (s *sitting) forSeveral(qs []quantity) bool {
	for _, q := range qs {
		if q.unit.factor == 0 && q.noun != "" && q.lo > 1 && q.hi < 20 && len(qs) > 1 && (s.q.oneOf(keyOf(q.noun)) || s.q.oneOf(strings.TrimSuffix(keyOf(q.noun), "s"))) {
			return true
		}
	}
	return false
}

// oneOf reports whether the question is about one of something: "một ly", "a coffee", "bó hoa này".
func (q *question) oneOf(key string) bool {
	for i := range q.text {
		if t := &q.text[i]; t.key != key || t.kind != wordToken {
			continue
		}
		if i > 0 && oneBefore[q.text[i-1].word] {
			return true
		}
		for k := i + 1; k < min(len(q.text), i+3); k++ {
			if q.text[k].word == "này" {
				return true
			}
		}
	}
	return false
}

// oneBefore are words before the one thing that a question is about.
var oneBefore = set("một", "1", "mỗi", "a", "per", "each", "this")
