package understand

import "github.com/hoidap/hoidap/preferences"

// periodKeys are the stretches of time that an amount may be counted by, by the keys of their words.
var periodKeys = keyed(byWord("times", "periods"))

// otherPeriod: "200k 1 ngày" is no answer to what somebody spends in a week.
func (s *sitting) otherPeriod() bool {
	family := s.familyAsked()
	if family == "days" || family == "months" {
		return false
	}
	for i := range s.toks {
		n := lexicon().perUnit.at(s.toks, i)
		if n == 0 {
			n = s.barePeriod(i)
		}
		if n == 0 {
			continue
		}
		if s.saysAt(i-1, "gb", "mb", "tb", "phút", "lần", "ly", "lít", "km") && s.q.Kind == preferences.Money { // 1GB/ngày
			continue
		}
		if p := periodKeys[s.toks[i+n-1].key]; p != "" && !(family == "time" && measureUnits[s.toks[i+n-1].typed].family == "time") {
			if s.counted(p) || s.counted(s.periodAsked()) && s.saysIn(0, len(s.toks), "là") {
				return false
			}
			asked := s.periodAsked()
			if asked == "" && s.q.Kind == preferences.Money && !lexicon().recurring.in(s.q.text) { // 300k/tháng for a thing
				return true
			}
			return asked != "" && asked != p
		}
	}
	return false
}

// everySoOften: "nửa tháng 1 hộp", "3 ngày 1 bình" count by another stretch of time than the question.
func (s *sitting) everySoOften(qs []quantity) bool {
	period := func(q quantity) bool { return periodKeys[s.toks[q.to-1].key] != "" && q.unit.factor != 0 }
	for k := 1; k < len(qs); k++ {
		a, b := qs[k-1], qs[k]
		if counted := max(a.to, s.nounEnd(a)); b.from > counted || period(a) == period(b) {
			continue
		}
		return s.q.countsPer()
	}
	return false
}

// nounEnd is the end of what is counted behind an amount.
func (s *sitting) nounEnd(q quantity) int {
	if q.noun != "" {
		return q.to + 1
	}
	return q.to
}

// countsPer: the wording counts by a stretch of time: "mỗi tháng mấy hộp?".
func (q *question) countsPer() bool {
	for i := range q.text {
		if t := &q.text[i]; t.kind == wordToken && periodKeys[t.key] != "" && q.onlyPer(t.key) {
			return true
		}
	}
	return false
}

// barePeriod: the "tuần" of "tuần 1 bình", "ngày 50k" is every week, every day.
func (s *sitting) barePeriod(i int) int {
	if !s.vi || !s.saysAt(i, "ngày", "tuần", "tháng") || s.toks[i].kind != wordToken || i > 0 && s.toks[i-1].isWord() && lexicon().polite.at(s.toks, i-1) == 0 && lexicon().about.at(s.toks, i-1) == 0 {
		return 0
	}
	_, n := s.numeralAt(i + 1)
	if n == 0 || i+1+n >= len(s.toks) || s.toks[i+1+n].kind != wordToken || s.onlyTrail(i+1+n) || s.saysAt(i+1+n, "tháng", "năm", "tuần", "ngày", "hàng", "mỗi", "âm", "dương") {
		return 0
	}
	return 1
}

// counted: "mấy buổi" counts the sessions themselves.
func (s *sitting) counted(p string) bool {
	for i := range s.q.text {
		if t := &s.q.text[i]; i > 0 && t.kind == wordToken && periodKeys[t.key] == p {
			switch s.q.text[i-1].word {
			case "mấy", "nhiêu", "many", "số":
				return true
			}
		}
	}
	return false
}

// periodInWording reports whether the question says this stretch of time.
func (s *sitting) periodInWording(p string) bool {
	for i := range s.q.text {
		if t := &s.q.text[i]; t.kind == wordToken && periodKeys[t.key] == p {
			return true
		}
	}
	return false
}

// periodAsked is the one period in the wording of the question, if there is one.
func (s *sitting) periodAsked() string {
	asked, per := "", ""
	several := false
	for _, wording := range s.q.Text {
		ts := tokenise(clean(wording), s.vi, nil).toks
		for i := range ts {
			p := periodKeys[ts[i].key]
			if p == "" || ts[i].kind != wordToken {
				continue
			}
			if i > 0 && perWords[ts[i-1].word] { // "Mỗi tuần bạn tập mấy buổi?"
				per = p
			}
			several = several || asked != "" && p != asked
			asked = p
		}
	}
	switch {
	case !several:
		return asked
	default:
		return per
	}
}

// perWords stand before the period that a question counts by.
var perWords = set("mỗi", "một", "1", "per", "a", "each", "every")
