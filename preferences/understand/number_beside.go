package understand

import "github.com/hoidap/hoidap/preferences"

// ofAsked drops the amounts that only stand beside the answer: what a reason counts, what each of the things holds, what
// something is compared with, and a price.
func (s *sitting) ofAsked(qs []quantity) []quantity {
	if len(qs) < 2 {
		return qs
	}
	for k := len(qs) - 1; k > 0; k-- { // 2 máy lạnh nên cỡ 600
		if q := qs[k]; s.concludes(qs[k-1].to, q.from) && (qs[k-1].noun == "" || !s.q.asksNoun(qs[k-1].noun)) && (q.unit.factor != 0 || q.noun == "" || s.q.asksNoun(q.noun)) {
			s.note("reason", s.words(qs[0].from, qs[k].from))
			qs = qs[k:]
			break
		}
	}
	out := qs[:0:0]
	each := false
	for k, q := range qs {
		var rule string
		switch {
		case s.ofEach(q):
			rule, each = "of-each", true
		case k > 0 && s.likened(q):
			rule = "likened"
		case s.isPrice(q):
			rule = "price"
		default:
			out = append(out, q)
			continue
		}
		s.note(rule, s.words(q.from, q.to))
	}
	if len(out) == 0 {
		return qs
	}
	if q := out[0]; each && len(out) == 1 && eachBefore[keyOf(q.noun)] && !s.q.asksNoun(q.noun) { // "ba chi nhánh mỗi chỗ 5 người" would have to be multiplied
		return nil
	}
	return out
}

// multiplied: "2 copies of 240 pages" would have to be multiplied.
func (s *sitting) multiplied(qs []quantity) bool {
	for k := 1; k < len(qs); k++ {
		if a, b := qs[k-1], qs[k]; a.lo > 1 && a.unit.factor == 0 && a.noun != "" && !s.q.asksNoun(a.noun) && s.saysAt(b.from-1, "of") && s.nounEnd(a) == b.from-1 {
			return true
		}
	}
	return false
}

// askedKind keeps what the question asks about beside what is of another kind: "4 chay 6 mặn" to how many eat chay.
func (s *sitting) askedKind(qs []quantity) []quantity {
	if len(qs) != 2 {
		return qs
	}
	var kinds [2]string
	for k, q := range qs {
		i := q.to
		if q.noun != "" && i < len(s.toks) && s.toks[i].word == q.noun && (qs[0].noun == qs[1].noun || peopleNouns[keyOf(q.noun)]) {
			i++
		}
		for i < len(s.toks) && s.saysAt(i, "ăn", "uống", "dùng", "bị", "là", "eat", "are", "is", "who") {
			i++
		}
		if i >= len(s.toks) || s.toks[i].kind != wordToken || k == 0 && i >= qs[1].from || lexicon().trail.at(s.toks, i) > 0 && !(k == 1 && s.toks[i].loose && s.q.echo[kinds[0]]) || lexicon().comes.at(s.toks, i) > 0 || noPartNames[s.toks[i].key] {
			return qs
		}
		kinds[k] = s.toks[i].key
	}
	for k := range kinds {
		if other := kinds[1-k]; s.q.echo[kinds[k]] && !s.q.echo[other] && !peopleNouns[other] && !peopleNouns[kinds[k]] && !commonVietnamese[other] && lexicon().rangeWords.at(s.toks, qs[0].to) == 0 {
			s.note("another-kind", s.words(qs[1-k].from, qs[1-k].to))
			return qs[k : k+1]
		}
	}
	return qs
}

// withoutFaults leaves out an amount of which a fault is told, beside another: "5 phân, 7 phân đau chân".
func (s *sitting) withoutFaults(qs []quantity) []quantity {
	if len(qs) != 2 {
		return qs
	}
	v := lexicon()
	faulty := func(q quantity) bool {
		for i := q.to; i <= s.nounEnd(q) && i < len(s.toks); i++ {
			if v.fault.at(s.toks, i) > 0 || v.tooMuch.at(s.toks, i) > 0 {
				return true
			}
		}
		return false
	}
	for k := range qs {
		if faulty(qs[k]) && !faulty(qs[1-k]) && (k == 1 || s.endsBetween(qs[0].to, qs[1].from)) {
			s.note("fault", s.words(qs[k].from, qs[k].to))
			return qs[1-k : 2-k]
		}
	}
	return qs
}

// endsBetween: a clause ends between i and j.
func (s *sitting) endsBetween(i, j int) bool {
	for ; i < j; i++ {
		if s.toks[i].ends() {
			return true
		}
	}
	return false
}

// besideAsked leaves out a number in brackets behind the answer ("33 (he's 9)"), and whom a thing that is no answer is for ("3 nights,
// room for 2").
func (s *sitting) besideAsked(qs []quantity) []quantity {
	if len(qs) != 2 || qs[1].unit.factor != 0 {
		return qs
	}
	open := false
	for i := qs[0].to; i < qs[1].from; i++ {
		open = open || s.toks[i].word == "("
	}
	forWhom := qs[0].noun != "" && s.q.asksNoun(qs[0].noun) && qs[1].noun == "" && s.saysAt(qs[1].from-1, "for", "cho") && s.endsBetween(qs[0].to, qs[1].from)
	if open && qs[1].noun == "" && s.toks[qs[1].from-1].kind == wordToken || forWhom {
		s.note("remark", s.words(qs[1].from, qs[1].to))
		return qs[:1]
	}
	return qs
}

// concludes: "nên" or "so" between i and j leads from what was counted to the answer.
func (s *sitting) concludes(i, j int) bool {
	const reach = 3
	for k := max(i, j-reach); k < j; k++ {
		if (s.saysAt(k, "nên") && !s.saysAt(k-1, "cũng", "cho", "không", "chỉ") || s.saysAt(k, "so") && (k == i || !s.saysAt(k-1, "or", "and"))) && k > 0 {
			return true
		}
	}
	return false
}

// ofEach: "18 bàn, mỗi bàn 10 người", "10 people each" say what each of the things that are counted holds.
func (s *sitting) ofEach(q quantity) bool {
	const reach = 3
	for k := q.from - 1; k >= 0 && k >= q.from-reach && !s.toks[k].ends(); k-- {
		if s.saysAt(k, "mỗi", "each", "per") && s.toks[k+1].kind == wordToken && s.q.asksNoun(s.toks[k+1].word) {
			return !s.periodWord(k + 1)
		}
		if s.saysAt(k, "mỗi", "each") && (eachBefore[s.toks[k+1].key] && !s.q.asksNoun(s.toks[k+1].word) || s.saysAt(k+1, "side", "team")) {
			return true
		}
	}
	return s.saysAt(q.to, "each") || s.saysAt(q.to+1, "each") && q.noun != "" && !s.q.asksNoun(q.noun)
}

// eachBefore are people and groups, by key, each of whom an amount is for.
var eachBefore = listedKeys("counting", "each-before")

// asksNoun: the wording has the word, as it is written with its marks or without any: "bàn" is no "bạn".
func (q *question) asksNoun(word string) bool {
	for i := range q.text {
		if t := &q.text[i]; t.kind == wordToken && (t.word == word || t.key == word) {
			return true
		}
	}
	return false
}

// periodWord: "mỗi tuần" is how often something is counted, and no thing.
func (s *sitting) periodWord(i int) bool {
	return s.saysAt(i, "ngày", "tuần", "tháng", "năm", "lần", "bữa", "đêm", "buổi", "giờ", "quý", "day", "week", "month", "year", "time", "night", "hour")
}

// likened: "8, but he is like 12 in maths" compares; "5, more like 6" corrects.
func (s *sitting) likened(q quantity) bool {
	const reach = 4
	for k := q.from - 1; k > 0 && k >= q.from-reach && !s.toks[k].ends(); k-- {
		if s.saysAt(k, "như", "bằng", "tưởng") && !s.saysAt(k-1, "gần", "hình", "cũng") {
			return s.toks[k-1].kind == wordToken && !s.toks[k-1].ends()
		}
		if s.saysAt(k, "like") && k > 0 && s.saysAt(k-1, "looks", "look", "is", "he's", "she's", "acts", "reads", "talks", "eats", "feels", "looked", "almost") {
			return true
		}
	}
	return false
}

// isPrice: an amount in the slang of money that is no number the question takes: "9t, tầm giá 300k" to how old the child is, "20 ký
// giá 18k".
func (s *sitting) isPrice(q quantity) bool {
	if s.saysAt(q.from-1, "giá") && s.q.Kind != preferences.Money {
		return true
	}
	if q.unit.family == "count" {
		scale(&q, q.unit.factor)
	}
	return !s.fits(q) && (s.saysAt(q.to-1, "k", "tr", "nghìn", "ngàn", "triệu", "đồng", "đ", "vnd", "usd", "đô") || s.saysAt(q.to, "k", "tr", "nghìn", "ngàn", "triệu", "đồng", "vnd", "usd", "đô"))
}
