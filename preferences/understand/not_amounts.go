package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/preferences"
)

// notAmountAt is how many tokens at i say a number that is no amount, and what it is: a phone number, a day, somebody's name, the
// number of a room.
func (s *sitting) notAmountAt(i int) (n int, rule string) {
	if s.toks[i].kind == numberToken {
		if n := s.longNumberAt(i); n > 0 {
			return n, "phone-or-account"
		}
		if n := s.slashedDayAt(i); n > 0 {
			return n, "day"
		}
		if s.numbersThing(i) {
			return 1, "number-of-thing"
		}
		return 0, ""
	}
	if s.bornAs(i) {
		return 1, "name"
	}
	return 0, ""
}

// longNumberAt is the length of a phone or an account number: "0987 654 321", "stk 1903 4567 8901".
func (s *sitting) longNumberAt(i int) int {
	const fewest, fewestTold, most = 8, 6, 8
	j, digits, even := i+1, len(s.toks[i].word), true
	for j < min(len(s.toks), i+most) {
		k := j
		if s.toks[k].kind == punctToken && (s.toks[k].word == "-" || s.toks[k].word == ".") && s.toks[k].glued && k+1 < len(s.toks) && s.toks[k+1].glued {
			k++
		}
		if s.toks[k].kind != numberToken {
			break
		}
		digits, even = digits+len(s.toks[k].word), even && len(s.toks[k].word) == 3
		j = k + 1
	}
	first := s.toks[i].word
	told := false
	for k := max(0, i-3); k < i; k++ {
		told = told || reachedAt[s.toks[k].typed] || reachedAt[s.toks[k].word]
	}
	switch {
	case first[0] == '0' && len(first) > 1 && first[1] != '.' && first[1] != ',' && digits >= fewest,
		j > i+1 && digits > fewest && !even && len(first) > 3,
		told && digits >= fewestTold && plainDigits(first):
		return j - i
	}
	return 0
}

// plainDigits: nothing groups the digits.
func plainDigits(w string) bool {
	for k := range len(w) {
		if !isDigit(w[k]) {
			return false
		}
	}
	return true
}

// reachedAt are words that a phone or an account number follows.
var reachedAt = listed("counting", "reached-at")

// slashedDayAt is the length of a day that stands beside an amount: "quà 20/11 tầm 200k". Marks and fractions are written so too.
func (s *sitting) slashedDayAt(i int) int {
	if i+2 >= len(s.toks) || s.toks[i+1].word != "/" || !s.toks[i+1].glued || !s.toks[i+2].glued {
		return 0
	}
	d, okD := smallInt(s.toks[i].word)
	m, okM := smallInt(s.toks[i+2].word)
	if _, n := s.slashed(i); n > 0 || !okD || !okM || d < 1 || d > 31 || m < 1 || m > 12 || s.q.Max != nil && float64(m) == *s.q.Max {
		return 0
	}
	if i+4 < len(s.toks) && s.toks[i+3].word == "/" && s.toks[i+4].kind == numberToken {
		return 5
	}
	return 3
}

// numbersThing: in "atm số 12", "phòng 302" and "table 5" the number says which one it is.
func (s *sitting) numbersThing(i int) bool {
	k := i - 1
	said := s.saysAt(k, "số", "number", "no")
	if said {
		k--
	}
	if said && s.saysAt(k, "ở", "tại", "tới", "về", "đến", "giao", "ship", "qua", "at") { // ở số 15 Lê Lợi
		return true
	}
	if k < 0 || s.toks[k].kind != wordToken || !numberedThings[s.toks[k].typed] || s.q.echo[s.toks[k].key] && !said {
		return false
	}
	const leastRoom = 100 // "phòng 2 người" counts
	x, ok := plainNumber(s.toks[i].word)
	_, unit := s.moneyAt(i + 1)
	return ok && (said || !s.vi || x >= leastRoom && x < 1e4 && unit == 0)
}

// numberedThings are the things that have a number, as they are typed.
var numberedThings = listed("counting", "numbered")

// bornAs: in "bác Hai" and "chị Ba" the numeral is a name, after the order in which children were born.
func (s *sitting) bornAs(i int) bool {
	t := &s.toks[i]
	if i == 0 || t.kind != wordToken || !titleKeys[s.toks[i-1].key] || !bornOrder[t.typed] {
		return false
	}
	if first, _ := utf8.DecodeRuneInString(s.text[t.from:]); unicode.IsUpper(first) && !s.caps {
		return true
	}
	if !titles[s.toks[i-1].typed] { // "chi ba" may be only three
		return false
	}
	if _, n := s.numeralAt(i); n != 1 || s.saysAt(i-2, "cho", "lấy", "để", "đặt", "bán", "gửi", "là", "nhà") {
		return false
	}
	if i+1 >= len(s.toks) || s.toks[i+1].ends() || s.onlyTrail(i+1) {
		return true
	}
	next := &s.toks[i+1]
	_, measure := s.countAt(i + 1)
	_, money := s.moneyAt(i + 1)
	return next.kind == wordToken && measure+money == 0 && lexicon().quantityNouns.at(s.toks, i+1) == 0 && !s.q.asksNoun(next.word) && !peopleNouns[next.key] && !counted[next.typed] && lexicon().rangeWords.at(s.toks, i+1) == 0
}

// titles stand before a name that is a numeral, bornOrder are those names; as they are typed.
var (
	titles    = listed("counting", "titles")
	titleKeys = listedKeys("counting", "titles")
	bornOrder = listed("counting", "born-order")
)

// counted are the words that goods and people are counted by, beside an amount of money; as they are typed.
var counted = listed("counting", "counted")

// namesAt: the number at i is a name or a place in an order: "lớp 10", "năm 2015", "sinh năm 90", "1st".
func (s *sitting) namesAt(i, n int) bool {
	if s.saysAt(i-1, "năm", "nam") && s.toks[i].kind == numberToken {
		if x, ok := smallInt(s.toks[i].word); ok && x >= 1900 && x < 2100 || i == 1 && (x >= 60 || s.toks[0].marked) || s.saysAt(i-2, "sinh", "từ", "hồi", "đời") {
			return true
		}
	}
	if s.saysAt(i-1, "giảm", "bớt") && s.saysAt(i+n, "xuống", "còn", "lên") { // giảm 30 xuống 25
		return false
	}
	if i > 0 && s.saysAt(i-1, "lớp", "cấp", "quận", "phường", "tầng", "lầu", "khóa", "sinh", "sn", "minus", "negative", "âm", "giảm", "bớt", "point", "size", "class", "grade", "floor", "thứ") && (!s.q.echo[s.toks[i-1].key] || s.vi && s.q.counts(s.toks[i-1].word)) {
		return true
	}
	if s.saysAt(i-1, "đêm", "mùng", "mồng") && !s.saysAt(i-2, "mỗi", "một", "1") && s.nothingBehind(i+n) { // đêm 24
		return true
	}
	if s.familyAsked() == "months" && s.saysAt(i-1, "tháng") && !s.numeralStarts(i-2) && !s.saysAt(i-2, "mỗi") { // từ hồi tháng 3
		return true
	}
	if s.toks[i].word == "năm" && s.saysAt(i+1, "nay", "ngoái") {
		return true
	}
	if s.toks[i].typed == "one" && !s.saysAt(i-2, "just", "only") && s.saysAt(i-1, "a", "good", "nice", "this", "that", "the", "each", "every", "new", "decent") {
		return true
	}
	j := i + n
	if !s.vi && s.toks[i].kind == wordToken && shareWords[s.typedAt(j)] > 0 && !s.saysAt(j, "half") { // one third
		return true
	}
	if s.toks[i].kind == numberToken && j+1 < len(s.toks) && s.q.Kind == preferences.Number && s.unreadCode(j) { // 1e3, 2n1đ
		return true
	}
	if m := s.percentAt(j); m > 0 && s.q.Unit != "%" && !strings.Contains(s.q.titles, "%") {
		return true
	}
	if s.saysAt(j, "%") && s.q.Unit != "%" && !strings.Contains(s.q.titles, "%") {
		return true
	}
	if s.saysAt(j, "x", "*") && j+1 < len(s.toks) && s.toks[j+1].kind == numberToken { // 4x5
		return true
	}
	return !s.vi && j < len(s.toks) && s.toks[j].glued && ordinalEndings[s.toks[j].typed]
}

// unreadCode: letters that are no unit stand between two numbers, with nothing between them.
func (s *sitting) unreadCode(j int) bool {
	if !s.toks[j].glued || s.toks[j].kind != wordToken || !s.toks[j+1].glued || s.toks[j+1].kind != numberToken {
		return false
	}
	_, n := s.countAt(j)
	return n == 0 && lexicon().quantityNouns.at(s.toks, j) == 0 && s.toks[j].typed != "x"
}

// percentAt reads "phần trăm" and "percent".
func (s *sitting) percentAt(i int) int {
	switch {
	case s.saysAt(i, "phần") && s.saysAt(i+1, "trăm"):
		return 2
	case s.saysAt(i, "percent", "pct"):
		return 1
	}
	return 0
}

// minusAt reports a minus sign: a dash with a number right behind it and none before.
func (s *sitting) minusAt(i int) bool {
	return s.toks[i].word == "-" && i+1 < len(s.toks) && s.toks[i+1].glued && (i == 0 || !s.toks[i].glued && s.toks[i-1].kind != numberToken)
}
