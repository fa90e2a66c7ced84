package understand

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// rating reads a whole mark on the question's scale. Praise without a mark, halves and other scales are unclear.
func (s *sitting) rating() Reading {
	if n := strings.Count(s.text, "⭐") + strings.Count(s.text, "🌟") + strings.Count(s.text, "★"); n > 0 && !s.hasNumeral() {
		return s.mark(float64(n), 0, len(s.toks), "stars", 0.96)
	}
	type found struct {
		x        float64
		from, to int
		final    bool
	}
	var marks []found
	if s.ratesParts() {
		return unclear("several-marks")
	}
	passed := 0 // numbers that rate something of their own
	for i := 0; i < len(s.toks); {
		if n, rule := s.notMarkAt(i); n > 0 {
			s.note(rule, s.words(i, i+n))
			i += n
			continue
		}
		x, n := s.numeralAt(i)
		if n == 0 {
			i++
			continue
		}
		if i > 0 && s.saysAt(i, "năm") && s.toks[i-1].kind == numberToken || s.saysAt(i+n, "năm") { // 5 năm nữa
			i += n + 1
			continue
		}
		to, ok := s.scaleEnd(i + n)
		if !ok {
			return unclear("other-scale")
		}
		if s.endsBefore(lexicon().atLeast, i) > 0 || s.endsBefore(lexicon().atMost, i) > 0 {
			return unclear("open-mark")
		}
		if s.saysAt(i+n, "+") || s.openBehind(i+n) {
			return unclear("open-mark")
		}
		if s.saysAt(i-1, "between", "giữa") {
			return unclear("several-marks")
		}
		if s.notWorth(i, to) {
			return unclear("not-worth-it")
		}
		switch {
		case s.hypothetical(to), s.notGiven(i):
			s.note("not-given", s.words(i, to))
		case s.isMark(i, i+n, to) && !s.denied(i):
			marks = append(marks, found{x, i, to, i > 0 && s.saysAt(i-1, "còn", "thành", "so", "thôi", "nên")})
		case s.afterThing(i) && !s.denied(i) && lexicon().quantityNouns.at(s.toks, i+n) == 0:
			passed++
		}
		i = to
	}
	if len(marks) > 1 && marks[len(marks)-1].final {
		marks = marks[len(marks)-1:]
	}
	if len(marks) == 2 && s.saysAt(marks[0].to, "điểm", "sao", "star", "stars", "points") && s.toks[marks[1].from-1].ends() && !s.saysAt(marks[1].to, "điểm", "sao", "star", "stars", "points") && !s.onlyTrail(marks[1].to) && !s.saysAt(marks[1].to, "cho", "for") {
		marks = marks[:1] // "2 stars, 3 flies in soup"
	}
	if len(marks) == 2 && s.tookOff(marks[1].from) && s.setApart(marks[0].to, marks[1].from) && s.q.Max != nil && marks[0].x+marks[1].x == *s.q.Max {
		marks = marks[:1] // "4, trừ 1 sao vì gửi xe xa" of five
	}
	if len(marks) > 1 {
		qs := make([]quantity, len(marks))
		for k, m := range marks {
			qs[k] = quantity{lo: m.x, hi: m.x, hasLo: true, hasHi: true, from: m.from, to: m.to}
		}
		if kept := s.ownOf(s.nowadays(qs)); len(kept) == 1 {
			marks = []found{{kept[0].lo, kept[0].from, kept[0].to, true}}
		}
	}
	switch {
	case len(marks) == 1 && s.saysAt(marks[0].from-1, "a") && s.saysAt(marks[0].from-2, "even"), len(marks) == 1 && s.saysAt(marks[0].from-1, "even") && s.saysAt(marks[0].from-2, "not"):
		return unclear("not-worth-it")
	case len(marks) == 0:
		return s.withoutMark()
	case len(marks) > 1:
		return unclear("several-marks")
	}
	m := marks[0]
	if passed > 0 && !m.final && s.afterThing(m.from) || s.saysAt(m.from-1, "trừ", "minus", "âm", "lost", "mất", "hư", "lỗi", "hỏng", "thiếu", "bớt") { // chất lượng 9 giá 6
		return unclear("several-marks")
	}
	return s.mark(m.x, m.from, m.to, "mark", 0.96)
}

// notMarkAt is how many tokens at i say a number that marks nothing: a phone number, a room, a name, "1st time".
func (s *sitting) notMarkAt(i int) (n int, rule string) {
	if !s.vi && s.toks[i].kind == numberToken && i+1 < len(s.toks) && s.toks[i+1].glued && ordinalEndings[s.toks[i+1].typed] {
		return 2, "ordinal"
	}
	if s.toks[i].kind == numberToken && i+1 < len(s.toks) && s.toks[i+1].word == "/" { // 7/10
		return 0, ""
	}
	if s.saysAt(i-1, "lần", "tập", "version") && s.toks[i].kind == numberToken { // khám lần 3 rồi
		return 1, "ordinal"
	}
	if _, n := s.numeralAt(i); n > 0 {
		if u, m := s.measureAt(i + n); m > 0 && u.family == "time" { // chờ từ 7h tới 9h
			return n + m, "time"
		}
	}
	return s.notAmountAt(i)
}

// openBehind: behind a mark stands that it may be more or less: "8 điểm trở lên", "3 at best".
func (s *sitting) openBehind(i int) bool {
	for s.saysAt(i, "điểm", "sao", "star", "stars", "points") {
		i++
	}
	v := lexicon()
	return max(v.atLeastAfter.at(s.toks, i), v.atMostAfter.at(s.toks, i)) > 1
}

// tookOff: the number at i says what a mark was lowered by.
func (s *sitting) tookOff(i int) bool {
	return s.saysAt(i-1, "trừ", "bớt", "mất", "hụt", "minus", "off", "lost", "dropped", "deducted", "less")
}

// ratesParts: "5 for food 3 for service" marks two things, each with its own number.
func (s *sitting) ratesParts() bool {
	parts := 0
	for i := 0; i < len(s.toks); {
		_, n := s.numeralAt(i)
		if n > 0 && lexicon().rated.at(s.toks, i+n) > 0 {
			parts++
		}
		i += max(n, 1)
	}
	return parts > 1
}

// afterThing: the word before a number names what it rates, or which one it is: "giá 6", "món 1".
func (s *sitting) afterThing(i int) bool {
	return i > 0 && s.toks[i-1].kind == wordToken && !s.givesMark(i-1)
}

func (s *sitting) hasNumeral() bool {
	for i := range s.toks {
		if _, n := s.numeralAt(i); n > 0 {
			return true
		}
	}
	return false
}

// scaleEnd takes in the scale of "8/10" and "9 out of 10"; a scale other than the question's is not converted.
func (s *sitting) scaleEnd(i int) (int, bool) {
	n := 0
	switch {
	case s.saysAt(i, "/", "trên", "phần"):
		n = 1
	case s.saysAt(i, "outta", "outa"):
		n = 1
	case s.saysAt(i, "out") && s.saysAt(i+1, "of"):
		n = 2
	case s.saysAt(i, "on", "of"):
		n = 1
	}
	if n == 0 {
		return i, true
	}
	y, m := s.numeralAt(i + n)
	if m == 0 {
		return i, true
	}
	if s.q.Max == nil || y != *s.q.Max {
		return i, false
	}
	return i + n + m, true
}

// isMark: a number with a unit of something else behind it, or in a question, rates nothing.
func (s *sitting) isMark(i, j, to int) bool {
	if s.askedAt(i) || i > 0 && s.minusAt(i-1) {
		return false
	}
	if s.saysAt(i-1, "số") && i > 1 && s.toks[i-2].kind == wordToken && !s.givesMark(i-2) && !s.saysAt(i-2, "cho", "chấm", "chọn", "là", "lấy") { // bạn số 2
		return false
	}
	if to > j || j >= len(s.toks) {
		return true
	}
	next := &s.toks[j]
	if s.saysAt(j, "thumbs") {
		return false
	}
	if s.saysAt(j, "điểm", "sao", "đ", "star", "stars", "points", "point") || next.kind == emojiToken || next.word == "*" {
		return true
	}
	if next.word == "%" || next.word == "-" && j+1 < len(s.toks) && s.toks[j+1].kind == numberToken {
		return next.word != "%"
	}
	if s.saysAt(j, "bc", "because", "cuz", "cause", "vì", "do", "tại", "since") && s.saysAt(i-1, "but", "nhưng", "mà") {
		return true
	}
	if s.saysAt(i-1, "trừ", "mất", "minus") && i > 0 {
		return true
	}
	if next.kind == wordToken && i > 0 && s.toks[i-1].kind == wordToken && !s.onlyTrail(j) && !s.givesMark(i-1) {
		return false
	}
	return lexicon().quantityNouns.at(s.toks, j) == 0 || next.kind != wordToken
}

// givesMark: the word before a number says that it is a mark, or leaves it open ("món 1 ngon" does not).
func (s *sitting) givesMark(i int) bool {
	v := lexicon()
	return v.about.at(s.toks, i) == 1 || v.prefer.at(s.toks, i) == 1 || v.lead.at(s.toks, i) == 1 || s.saysAt(i, "chấm", "điểm", "con", "còn", "được", "đáng", "a", "an", "solid", "give", "it", "is", "luôn", "ở", "mức", "at") || i > 0 && s.saysAt(i-1, "a", "an") ||
		s.saysAt(i, "thôi") && s.thinksAgain(i) ||
		s.saysAt(i, "số") && !(i > 0 && s.toks[i-1].kind == wordToken) // "nhân viên số 3 tốt" rates nobody
}

// halfBehind: "8 rưỡi", "8 điểm rưỡi", "4 and a half".
func (s *sitting) halfBehind(j int) bool {
	if s.saysAt(j, "điểm", "sao", "đ") {
		j++
	}
	_, n := s.fractionBehind(j)
	return n > 0 || s.saysAt(j, "rưỡi", "rưởi")
}

func (s *sitting) mark(x float64, i, j int, rule string, confidence float64) Reading {
	if x != float64(int(x)) || s.halfBehind(j) {
		return unclear("half-mark")
	}
	if s.q.Min != nil && x < *s.q.Min || s.q.Max != nil && x > *s.q.Max {
		return unclear("out-of-range")
	}
	if s.saysAt(j, "sao", "star", "stars") && s.q.Max != nil && *s.q.Max != 5 {
		return unclear("other-scale")
	}
	return s.answered(preferences.Exact(preferences.Rating, x, ""), rule, confidence, i, j)
}
