package understand

import "strings"

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
	if i == 1 && s.toks[0].typed == "toi" && s.asksState() { // tôi 58
		return
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
		if n := v.atMostAfter.at(s.toks, k); n > 0 && !q.hasHi && s.saysAt(i-1, "từ", "from") { // từ 500k trở xuống
			q.hasLo, q.hasHi, q.to = false, true, k+n
			continue
		}
		if n := max(v.atMostAfter.at(s.toks, k), s.noMoreBehind(k)); n > 0 && q.hasHi && !s.lastsFor(k+n) && (q.unit.factor != 0 || k > q.to || s.noMoreBehind(k) == 0 || s.typedAt(k) != "k") {
			q.hasLo, q.to = false, k+n
		} else if n := v.atLeastAfter.at(s.toks, k); n > 0 && !s.comparesOn(k) {
			q.hasHi, q.to = false, k+n
		}
	}
}

// lastsFor: "2 hộp là hết tháng" says how long they last, and no bound.
func (s *sitting) lastsFor(i int) bool {
	return s.saysAt(i-1, "hết") && s.saysAt(i, "tháng", "tuần", "ngày", "năm", "tiền", "hàng")
}

// denied: "không phải 5, 3 thôi", "not 5, more like 7": what stands behind "not" is not the answer.
func (s *sitting) denied(i int) bool {
	for i > 0 && s.saysAt(i-1, "là", "a", "an", "the", "số", "ngày", "on", "at", "in", "$") {
		i--
	}
	if s.saysAt(i-1, "phải") && i > 1 {
		return isNegator(s.toks[i-2].word) || s.saysAt(i-2, "chẳng", "chả", "hổng")
	}
	if s.saysAt(i-1, "có", "được", "ra") && (s.saysAt(i-2, "đâu") || s.saysAt(i-2, "gì") && s.saysAt(i-3, "làm")) || s.saysAt(i-1, "mà") && s.saysAt(i-2, "đâu") { // đâu có 1tr, tiền đâu mà 1tr
		return true
	}
	if s.saysAt(i-1, "do", "make") && s.saysAt(i-2, "can't", "cant", "cannot") {
		return true
	}
	return s.saysAt(i-1, "not", "isn't", "isnt")
}

// lastSaid: in "1tr. À mà 1tr3" the second amount takes the place of the first.
func (s *sitting) lastSaid(qs []quantity) []quantity {
	if n := len(qs); n > 1 && s.ahBefore(qs[n-1].from) {
		s.note("correction", s.words(qs[n-1].from-1, qs[n-1].to))
		return qs[n-1:]
	}
	if n := len(qs); n > 1 && s.saysAt(qs[n-1].from-1, "chốt") && s.endsBetween(qs[n-2].to, qs[n-1].from) && !s.saysAt(qs[n-1].to, "hoặc", "hay") {
		s.note("settled", s.words(qs[n-1].from-1, qs[n-1].to))
		return qs[n-1:]
	}
	if n := len(qs); n > 1 && s.saysAt(s.nounEnd(qs[n-1]), "actually", "instead", "rather") && s.endsBetween(qs[n-2].to, qs[n-1].from) {
		s.note("correction", s.words(qs[n-1].from, qs[n-1].to))
		return qs[n-1:]
	}
	if n := len(qs); n > 1 && qs[n-1].exact() && s.totals(qs) {
		s.note("total", s.words(qs[n-1].from, qs[n-1].to))
		return qs[n-1:]
	}
	return qs
}

// totals: the last amount is what those before it come to: "800k bỉm 700k sữa, tổng 1tr5", "4 by 5 so 20".
func (s *sitting) totals(qs []quantity) bool {
	last := qs[len(qs)-1]
	if s.endsBefore(lexicon().total, last.from) > 0 {
		return true
	}
	if !s.saysAt(last.from-1, "so", "là", "=", "bằng") {
		return false
	}
	if before := qs[len(qs)-2]; s.saysAt(before.from-1, "thêm") && last.lo > before.lo { // tuyển thêm 5 là 20
		return true
	}
	sum, product := 0.0, 1.0
	for _, q := range qs[:len(qs)-1] {
		sum, product = sum+q.lo, product*q.lo
	}
	return tidyFloat(sum) == last.lo || tidyFloat(product) == last.lo
}

// ahBefore: "à" or "no" at the start of a clause, right before what is said at i, begins it anew.
func (s *sitting) ahBefore(i int) bool {
	for i > 1 && (s.saysAt(i-1, "mà", "quên", "là", "tầm", "khoảng", "luôn", "hẳn", "đặt", "mua", "lấy", "làm", "bỏ", "chi", "ghi", "lên", "book", "cho") || s.saysAt(i-1, "thôi") && !s.thinksAgain(i-1)) {
		i--
	}
	if s.saysAt(i-1, "thôi") || s.saysAt(i-1, ",") && s.saysAt(i-2, "no", "không") && i > 3 && s.toks[i-3].ends() { // 30... thôi đặt 35; 40... no, 50
		return true
	}
	return i > 1 && (s.toks[i-1].typed == "à" || s.toks[i-1].typed == "no" && !s.vi) && s.toks[i-2].ends()
}

// thinksAgain: the thôi at i leaves what was said before it: "9tr... thôi 8tr5", "tính 500k mà thôi 700k". Right behind an amount
// it is "only".
func (s *sitting) thinksAgain(i int) bool {
	return i > 1 && (s.toks[i-1].ends() || s.saysAt(i-1, "mà", "nhưng", "à") && i > 1)
}

// turnedAround: "I wouldn't pay more than 80", "không mua dưới 500k": a comparison behind a verb that is denied.
func (s *sitting) turnedAround(i int) bool {
	for k := i - 1; k >= 0 && !s.toks[k].ends(); k-- {
		if s.saysAt(k, "never") || s.saysAt(k, "không") && s.saysAt(k+1, "bao") && s.saysAt(k+2, "giờ") {
			return true
		}
	}
	if !s.saysAt(i, "more", "over", "above", "less", "under", "below", "hơn", "trên", "dưới") || !s.saysAt(i-1, "pay", "spend", "go", "want", "buy", "do", "afford", "manage", "give", "offer", "stretch", "mua", "chi", "trả", "bỏ", "tiêu", "xài", "dùng") {
		return false
	}
	for k := i - 2; k >= 0 && k >= i-4 && !s.toks[k].ends(); k-- {
		if deniesVerb(&s.toks[k]) {
			return true
		}
	}
	return false
}

// deniesVerb: không, not, wouldn't, with its apostrophe or without.
func deniesVerb(t *token) bool {
	return isNegator(t.word) || strings.HasSuffix(t.typed, "n't") || looseDenials[t.typed]
}

var looseDenials = listed("everyday", "loose-denials")

// comparesOn: "5 hơn" alone is over five, "5 hơn là 6" is not.
func (s *sitting) comparesOn(k int) bool {
	if s.saysAt(k, "plus") && k+1 < len(s.toks) && s.toks[k+1].isWord() && !s.onlyTrail(k+1) { // 350 plus charger
		return true
	}
	return s.toks[k].word == "hơn" && k+1 < len(s.toks) && s.toks[k+1].isWord() && !s.onlyTrail(k+1) && !s.saysAt(k+1, "xíu", "chút", "tí", "ít", "một") || s.toks[k].word == "+" && k+1 < len(s.toks) && (s.toks[k+1].kind == numberToken || !s.toks[k].glued && s.toks[k+1].isWord() && !s.onlyTrail(k+1)) // 8tr + hoa hồng
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
