package understand

import "strings"

// attended reads why somebody did not come, or cannot, where the question asks whether they do: "kẹt việc", "was sick".
func (s *sitting) attended(i, to int) (verdict, bool) {
	v := lexicon()
	if !v.asksAttendance.in(s.q.text) {
		return verdict{}, false
	}
	for k := i; k < min(to, i+4); k++ {
		if v.negators.at(s.toks, k) > 0 || s.saysAt(k, "hết", "mà", "nhưng") {
			return verdict{}, false
		}
		if n := v.absent.at(s.toks[:to], k); n > 0 {
			return verdict{false, "absent", 0.88, k, k + n}, true
		}
	}
	if n := v.there.at(s.toks[:to], i); n > 0 {
		return verdict{true, "there", 0.88, i, i + n}, true
	}
	return verdict{}, false
}

// came reads what became of a thing where the question asks whether it has come or is still there: "it came yesterday",
// "vẫn đang chờ", "bán rồi".
func (s *sitting) came(i, to int) (verdict, bool) {
	v := lexicon()
	if v.asksStill.in(s.q.text) {
		if n := v.gone.at(s.toks[:to], i); n > 0 {
			return verdict{false, "gone", 0.88, i, i + n}, true
		}
	}
	if !v.asksArrival.in(s.q.text) || v.asksOnTime.in(s.q.text) {
		return verdict{}, false
	}
	const opening = 4
	for k := i; k < min(to, i+opening); k++ {
		if n := v.notArrived.at(s.toks[:to], k); n > 0 {
			return verdict{false, "not-arrived", 0.88, k, k + n}, true
		}
	}
	if n := v.arrived.at(s.toks[:to], i); n > 0 && !s.saysAt(i+n, "nhầm", "sai", "wrong", "thiếu", "broken") {
		return verdict{true, "arrived", 0.88, i, i + n}, true
	}
	return verdict{}, false
}

// punctual reads that something came late, or when it should, where the question asks that: "trễ hẹn", "a week late".
func (s *sitting) punctual(i, to int) (verdict, bool) {
	v := lexicon()
	if !v.asksOnTime.in(s.q.text) {
		return verdict{}, false
	}
	if n := v.onTime.at(s.toks[:to], i); n > 0 {
		return verdict{true, "on-time", 0.9, i, i + n}, true
	}
	const opening = 4
	for k := i; k < min(to, i+opening) && v.negators.at(s.toks, k) == 0; k++ {
		if n := v.late.at(s.toks[:to], k); n > 0 {
			return verdict{false, "late", 0.9, k, k + n}, true
		}
	}
	return verdict{}, false
}

// judged reads praise and complaint where the question asks how somebody likes it.
func (s *sitting) judged(i, to int) (verdict, bool) {
	v := lexicon()
	if !v.liking.in(s.q.text) {
		return verdict{}, false
	}
	for k := i; i < k+2 && i+1 < to && s.toks[i].kind == wordToken && s.q.echo[s.toks[i].key] && v.complaint.at(s.toks[:to], i) == 0 && v.praise.at(s.toks[:to], i) == 0; i++ { // "thợ dễ thương"
	}
	if n := v.complaint.at(s.toks[:to], i); n > 0 {
		return verdict{false, "complaint", 0.88, i, i + n}, true
	}
	if n := v.praise.at(s.toks[:to], i); n > 0 {
		return verdict{true, "praise", 0.88, i, i + n}, true
	}
	return verdict{}, false
}

// howWell are words by key that say how something is done, and are no object of it.
var howWell = listedKeys("everyday", "how-well")

// finishedVerdict: a clause that ends in "rồi" answers "đã ... chưa?".
func (s *sitting) finishedVerdict(i, to int) (verdict, bool) {
	if !s.vi && lexicon().asksTried.in(s.q.text) && (s.saysAt(i, "i", "we", "had", "tried", "used", "done") || lexicon().lately.at(s.toks[:to], i) > 0) && lexicon().lately.in(s.toks[i:to]) && !s.saysAt(i+1, "was", "were", "will", "am", "might", "would", "almost", "nearly") {
		return verdict{true, "done", 0.88, i, to}, true
	}
	if !strings.Contains(s.q.titles, "chưa") {
		return verdict{}, false
	}
	if n := s.laterAt(i); n > 0 && i+n < to && (s.q.echo[s.toks[i+n].key] && s.toks[i+n].kind == wordToken || s.saysAt(i+n, "mới")) && !s.saysIn(i, to, "rồi") { // "mai đăng ký", "tuần sau mới tới lịch"
		return verdict{false, "planned", 0.87, i, to}, true
	}
	if s.saysAt(i, "mới", "vừa") && lexicon().lately.in(s.toks[i:to]) {
		return verdict{true, "done", 0.88, i, to}, true
	}
	if n := lexicon().planned.at(s.toks[:to], i); n > 0 && !s.saysIn(i, to, "rồi") {
		return verdict{false, "planned", 0.87, i, i + n}, true
	}
	const reach = 8
	for k := i; k < min(to, i+reach); k++ {
		if lexicon().undone.at(s.toks, k) > 0 && !(k > i && s.saysAt(k, "hết") && s.saysAt(k+1, "rồi", "trơn", "sạch", "luôn", "cả")) { // "chích 3 mũi hết rồi"
			return verdict{}, false
		}
		if s.toks[k].word == "rồi" && (k < i+4 || s.onlyTrail(k+1)) {
			return verdict{true, "done", 0.88, i, to}, true
		}
	}
	return verdict{}, false
}

// laterAt is the length of a day to come at i: "mai", "tuần sau".
func (s *sitting) laterAt(i int) int {
	switch {
	case s.saysAt(i, "tuần", "tháng", "năm") && s.saysAt(i+1, "sau", "tới"), s.saysAt(i, "lát", "chút", "tí") && s.saysAt(i+1, "nữa"), s.saysAt(i, "ngày") && s.saysAt(i+1, "mai", "mốt"), s.saysAt(i, "hôm", "bữa") && s.saysAt(i+1, "nào"):
		return 2
	case s.saysAt(i, "mai", "mốt", "lát"):
		return 1
	}
	return 0
}

// saysIn reports whether one of the tokens from i to j says w.
func (s *sitting) saysIn(i, j int, w string) bool {
	for ; i < j; i++ {
		if s.saysAt(i, w) {
			return true
		}
	}
	return false
}
