package understand

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// verdict is what one clause says to a yes/no question.
type verdict struct {
	yes        bool
	rule       string
	confidence float64
	from, to   int
}

// yesNo reads the first clause that says yes or no; a later bare word of the other kind takes it back.
func (s *sitting) yesNo() Reading {
	if s.inDoubt() {
		return unclear("undecided")
	}
	var first *verdict
	for _, c := range s.clauses {
		if c.asks {
			continue
		}
		v, ok := s.clauseVerdict(c)
		switch {
		case !ok:
		case first == nil:
			first = &v
		case first.yes && first.rule != "yes-word" && v.rule == "so-no": // "came Thursday, so no"
			first = &v
		case first.yes && !v.yes && s.deniesAsked(first.to, len(s.toks)) && !s.saysAt(first.from, "có", "yes"):
			first = &v
		case v.yes == first.yes || !s.opposes(v):
		case s.saysAt(c.from, "mà", "nhưng", "but"), s.saysAt(c.from, "à", "ý", "ủa", "í", "nhầm") && v.from > c.from:
			first = &v
		default:
			return unclear("contradiction")
		}
	}
	if first == nil {
		return s.withoutVerdict()
	}
	if !first.yes && s.wantsAnother() {
		return unclear("wants-another")
	}
	return s.answered(preferences.Value{Kind: yesNoKind, Bool: first.yes}, first.rule, first.confidence, first.from, first.to)
}

// wantsAnother: "đừng gửi cuốn cũ, gửi cuốn mới thôi" says no to one thing and asks for another.
func (s *sitting) wantsAnother() bool {
	for _, w := range lexicon().commands {
		if w.instead.in(s.toks) {
			return true
		}
	}
	return false
}

// deniesAskedAt finds where the words from i to j say that what was asked need not be: "cứ giao đi khỏi gọi" to "may we call?"; 0
// where they do not.
func (s *sitting) deniesAskedAt(i, j int) int {
	for k := i; k < j; k++ {
		from := k + 1
		switch {
		case s.saysAt(k, "khỏi", "đừng"):
		case s.saysAt(k, "không") && s.saysAt(k+1, "cần", "phải"), s.saysAt(k, "no") && s.saysAt(k+1, "need"):
			from = k + 2
		case s.saysAt(k, "don't", "dont"):
		default:
			continue
		}
		for s.saysAt(from, "to", "phải", "mà") {
			from++
		}
		if from < j && s.q.echo[s.toks[from].key] && s.toks[from].kind == wordToken {
			for from < j && (s.q.echo[s.toks[from].key] || s.saysAt(from, "lại", "me", "em", "mình", "chị", "anh")) {
				from++
			}
			if s.onlyTrail(from) {
				return k
			}
		}
	}
	return 0
}

func (s *sitting) deniesAsked(i, j int) bool { return s.deniesAskedAt(i, j) > 0 }

// opposes: "ko, mà có" ends on a bare answer word; a reason behind an answer does not count.
func (s *sitting) opposes(v verdict) bool {
	return (v.rule == "yes-word" || v.rule == "no-word") && s.onlyTrail(v.to)
}

func (s *sitting) inDoubt() bool {
	v := lexicon()
	for _, c := range s.clauses {
		ts := s.toks[c.from:c.to]
		if c.asks && c.shut != '?' || c.from > 0 && v.promise.in(ts) {
			continue
		}
		if i, n := v.doubt.find(ts); n > 0 && !(i+n < len(ts) && v.yes.at(ts, i) > n) {
			return true
		}
		if v.undecided.in(ts) && !(s.q.echo["biet"] && s.saysIn(c.from, c.to, "biết")) || v.untried.in(ts) && !v.asksTried.in(s.q.text) {
			return true
		}
		if i, n := v.anything.find(ts); n > 0 && v.yes.at(s.coreOf(ts), 0) == 0 && !(i > 0 && (ts[i].word == "any" || ts[i].word == "anything") && v.no.at(s.coreOf(ts), 0) > 0) {
			return true
		}
	}
	return false
}

func (s *sitting) withoutVerdict() Reading {
	switch {
	case s.onlyAsks():
		return unclear("counter-question")
	case s.vi && s.saysAt(0, "dạ") && (s.onlyTrail(1) || s.saysAt(1, "dạ")) && !s.saysAt(2, "ơi"):
		return s.answered(preferences.Value{Kind: yesNoKind, Bool: true}, "polite-yes", 0.86, 0, 1)
	}
	return unclear("no-answer")
}

// clauseVerdict reads one clause: answer word, echo of the question, its denial, or the name of something else.
func (s *sitting) clauseVerdict(c clause) (verdict, bool) {
	v := lexicon()
	i := s.skipShell(c.from, c.to)
	if i >= c.to {
		return verdict{}, false
	}
	if vd, ok := s.shortAnswer(i, c.to); ok {
		return vd, true
	}
	if vd, ok := s.punctual(i, c.to); ok {
		return vd, true
	}
	if k, n := v.soNo.find(s.toks[i:c.to]); n > 0 && i+k > 0 && !s.saysAt(i+k+n, "problem", "problems", "worries", "need", "complaints", "issue", "issues") {
		return verdict{false, "so-no", 0.9, i + k, i + k + n}, true
	}
	if n := v.yesAlone.at(s.toks[:c.to], i); n > 0 && s.onlyTrail(i+n) {
		return verdict{true, "yes-word", 0.9, i, i + n}, true
	}
	if n := v.noAlone.at(s.toks[:c.to], i); n > 0 && s.onlyTrail(i+n) {
		return verdict{false, "no-word", 0.9, i, i + n}, true
	}
	if n := v.noMore.at(s.toks[:c.to], i); s.cut && n > 0 && s.onlyTrail(i+n) {
		return verdict{false, "no-more", 0.88, i, i + n}, true
	}
	if n := v.firstTime.at(s.toks[:c.to], i); n > 0 && s.onlyTrail(i+n) && v.asksTried.in(s.q.text) && !s.q.echo["first"] && !s.q.echo["dau"] {
		return verdict{false, "first-time", 0.88, i, i + n}, true
	}
	if n := s.countedOwn(i); n > 0 && s.onlyTrail(i+n) {
		return verdict{true, "counted", 0.87, i, i + n}, true
	}
	no, yes := v.no.at(s.toks[:c.to], i), v.yes.at(s.toks[:c.to], i)
	if s.q.wish && s.hasAlready(i, c.to) || s.presumes(i, no) {
		return verdict{}, false
	}
	if yes > 0 && yes >= no && !s.yesIsVerb(i, yes, c.to) {
		if s.saysAt(i+yes, "right") && s.onlyTrail(i+yes+1) || (!s.vi || s.saysAt(i+yes, "no", "nah", "nope")) && v.no.at(s.toks[:c.to], i+yes) > 0 && s.onlyTrail(i+yes+1) { // yeah nah, yeah right
			return verdict{}, false
		}
		if k := s.deniesAskedAt(i+yes, c.to); k > 0 && !s.saysAt(i, "có", "yes") {
			return verdict{false, "denial", 0.88, k, c.to}, true
		}
		return verdict{true, "yes-word", s.wordConfidence(i), i, i + yes}, true
	}
	if no > 0 {
		if s.alone(i, no, c.to) && s.toks[i].typed != "dung" || !s.ambiguousNo(i, no) {
			return verdict{false, "no-word", s.wordConfidence(i), i, i + no}, true
		}
		return verdict{}, false
	}
	return s.echoVerdict(i, c)
}

// countedOwn: "two cats", "2 con lận" to whether somebody has any; how many words it takes.
func (s *sitting) countedOwn(i int) int {
	if !lexicon().asksOwning.in(s.q.text) {
		return 0
	}
	x, n := s.numeralAt(i)
	if n == 0 || x < 1 {
		return 0
	}
	asked := lexicon().ownedKinds.in(s.q.text)
	for j := i + n; j < len(s.toks) && s.toks[j].kind == wordToken && j < i+n+3 && !s.onlyTrail(j); j++ {
		if t := &s.toks[j]; !asked && !s.q.echo[t.key] && !s.q.stems[englishStem(t.key)] && !s.saysAt(j, "actually", "now") && lexicon().ownedKinds.at(s.toks, j) == 0 || isLink(t) || isNegator(t.word) || s.saysAt(j, "ngày", "lần", "năm", "tháng", "tuần", "người", "years", "days", "times", "people", "months", "weeks", "ago", "nữa", "trước") {
			return 0
		}
		n++
	}
	return n
}

// cannot reads "không vào được" at the end of a clause.
func (s *sitting) cannot(i, to int) bool {
	for k := i + 2; k <= i+3 && k < to; k++ {
		if s.saysAt(i, "không") && s.saysAt(k, "được", "nổi") && s.onlyTrail(k+1) {
			return true
		}
	}
	return false
}

func (s *sitting) skipShell(i, to int) int {
	v := lexicon()
	for i < to {
		if n := v.condition.at(s.toks[:to], i); n > 0 && i+n < to && s.fulfilled(i) { // "free thì lấy"
			i += n
			continue
		}
		t := &s.toks[i]
		if t.kind == punctToken || t.kind == emojiToken && v.yes.at(s.toks, i) == 0 && v.no.at(s.toks, i) == 0 {
			i++
			continue
		}
		n := v.polite.at(s.toks[:to], i)
		if n == 0 || i+n >= to || v.yes.at(s.toks, i) > n || v.no.at(s.toks, i) > n || s.onlySigns(i+n, to) && n == 1 {
			return i
		}
		i += n
	}
	return i
}

func (s *sitting) onlySigns(i, to int) bool {
	for ; i < to; i++ {
		if s.toks[i].isWord() {
			return false
		}
	}
	return true
}

// shortAnswer reads k and 0, which mean something else in other places.
func (s *sitting) shortAnswer(i, to int) (verdict, bool) {
	t := &s.toks[i]
	rest := to - i
	if t.word == "0" && s.vi && s.onlyTrail(i+1) {
		return verdict{false, "no-word", 0.9, i, to}, true
	}
	if t.key == "dung" && t.loose && rest == 1 { // đúng, đừng, dừng, dùng
		return verdict{}, false
	}
	return verdict{}, false
}

// yesIsVerb: "có" before a negator, and "được" or "phải" inside another statement, are no answer.
func (s *sitting) yesIsVerb(i, n, to int) bool {
	t := &s.toks[i]
	if t.loose && t.key == "dung" && n == 1 {
		return true
	}
	if t.word == "có" && n == 1 && s.saysAt(i+1, "bầu", "thai", "bệnh", "bịnh", "việc", "hẹn", "khách", "lịch") { // a reason
		return !s.echoes(i+1, min(to, i+2))
	}
	if t.word == "có" && n == 1 && s.saysAt(i+1, "cái", "chiếc", "tấm", "cuốn") { // to have some other thing is no yes
		return !s.echoes(i+2, min(to, i+4))
	}
	if t.word == "please" && n == 1 && i+1 < to { // "please text instead" asks for something
		return lexicon().no.at(s.toks, i+1) > 0 || !s.onlyTrail(i+1) && !s.echoes(i+1, to)
	}
	return false
}

// hasAlready: "mở rồi", "có thẻ rồi" to "would you like one" says why one may not want it, and neither yes nor no.
func (s *sitting) hasAlready(i, to int) bool {
	if s.saysAt(i, "already") {
		return true
	}
	if !s.saysAt(i, "có") && (!s.q.echo[s.toks[i].key] || lexicon().wish.at(s.toks, i) > 0) {
		return false
	}
	for k := i + 1; k < min(to, i+6); k++ {
		if s.saysAt(k, "rồi") && s.onlyTrail(k+1) {
			return true
		}
	}
	return false
}

// presumes: "I don't have a dog" to "does your dog ...?" is no answer to it.
func (s *sitting) presumes(i, n int) bool {
	if n > 2 && s.saysAt(i, "có") && s.saysAt(i+n-1, "đâu") && !s.saysAt(i+1, "đâu") { // "mình có đặt gì đâu" to "may we call?"
		for k := i + 1; k < i+n-1; k++ {
			if t := &s.toks[k]; s.q.echo[t.key] || lexicon().prefer.at(s.toks, k) > 0 || s.saysAt(k, "cần", "gì") && n == 3 {
				return false
			}
		}
		return true
	}
	return n > 1 && s.saysAt(i+n, "have", "own") && s.saysAt(i+n+1, "a", "any", "one") && !strings.Contains(s.q.titles, "have") && !strings.Contains(s.q.titles, "own") && !strings.Contains(s.q.titles, "got")
}

func (s *sitting) alone(i, n, to int) bool { return s.onlySigns(i+n, to) }

// ambiguousNo: an unmarked word that may be another one.
func (s *sitting) ambiguousNo(i, n int) bool {
	t := &s.toks[i]
	return n == 1 && (t.loose && (t.key == "dung" || t.key == "sai" || t.key == "dau") || t.word == "đâu")
}

func (s *sitting) wordConfidence(i int) float64 {
	if s.toks[i].loose || s.toks[i].typed != s.toks[i].word {
		return 0.95
	}
	return 0.98
}

// echoVerdict reads the question's own words as a yes ("muốn", "dùng rồi"), behind a negator as a no, and another thing
// of the same sort as a no.
func (s *sitting) echoVerdict(i int, c clause) (verdict, bool) {
	v := lexicon()
	for k := i; k < c.to; k++ {
		if n := v.negators.at(s.toks[:c.to], k); n > 0 && k-i <= 4 && !s.echoes(k, k+n) { // "dị ứng tôm" to "có dị ứng gì không?" is a yes
			if s.echoes(k+1, c.to) || k == i || s.onlyTrail(k+n) || s.cannot(k, c.to) {
				return verdict{false, "denial", 0.9, k, c.to}, true
			}
			return verdict{}, false
		}
	}
	for k := i; k < c.to; k++ {
		if s.saysAt(k, "instead") { // "call my wife instead"
			return verdict{}, false
		}
	}
	if vd, ok := s.otherThing(c); ok {
		return vd, true
	}
	if vd, ok := s.attended(i, c.to); ok {
		return vd, true
	}
	if vd, ok := s.judged(i, c.to); ok {
		return vd, true
	}
	if vd, ok := s.came(i, c.to); ok {
		return vd, true
	}
	if s.saysAt(i+1, "chứ") && s.onlyTrail(i+2) && s.toks[i].kind == wordToken { // "xài chứ"
		return verdict{true, "of-course", 0.88, i, i + 2}, true
	}
	for k := i; k < c.to && k < i+4; k++ {
		if t := &s.toks[k]; t.kind == wordToken && (s.q.echoed[t.word] || s.q.echo[t.key] && t.loose || !s.vi && s.q.stems[englishStem(t.key)]) && !unechoed[t.key] && !s.saysAt(k+1, "qua") && s.echoOpens(i, k) && !s.otherObject(k, c.to) && !s.endsInWhich(k, c.to) {
			return verdict{true, "echo", 0.9, k, c.to}, true
		}
	}
	return s.finishedVerdict(i, c.to)
}

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

func (s *sitting) echoes(i, to int) bool {
	for ; i < to; i++ {
		if s.q.echo[s.toks[i].key] || lexicon().prefer.at(s.toks, i) > 0 {
			return true
		}
	}
	return false
}

// unechoed are words of the question, by key, that say who: that they come back means nothing.
var unechoed = listedKeys("everyday", "unechoed")

// echoOpens: only light words may stand before the word that is repeated.
func (s *sitting) echoOpens(i, k int) bool {
	for ; i < k; i++ {
		switch s.toks[i].word {
		case "cũng", "hơi", "hoi", "mới", "vừa", "giao", "gửi", "very", "really", "so", "quite", "pretty", "super", "extremely", "mostly", "always", "luôn", "khá", "đi", "bằng", "đã", "có", "từng", "rất", "sẽ", "by", "to", "i", "we", "the", "a", "my", "with", "take", "taking", "in", "di", "bang", "cung", "mình", "em", "xe":
		case "đứa", "người", "cái", "con", "chiếc", "bé":
			if i == 0 || !s.numeralStarts(i-1) {
				return false
			}
		default:
			if x, n := s.numeralAt(i); n == 1 && x > 0 { // "two kids"
				continue
			}
			return s.q.echo[s.toks[i].key] && !unechoed[s.toks[i].key]
		}
	}
	return true
}

// endsInWhich: "hóa đơn nào ạ" asks which one; "đi nào" comes along.
func (s *sitting) endsInWhich(k, to int) bool {
	for i := k + 1; i < to; i++ {
		if s.saysAt(i, "nào") && s.onlyTrail(i+1) {
			return !(i == k+1 && s.saysAt(k, "đi", "chơi", "làm", "thử", "mua", "ăn", "uống", "ghé", "gửi", "đăng", "nhận", "chốt", "tới", "đến"))
		}
	}
	return false
}

// anyObject reports whether the question leaves the object of a verb open: "Bé có kiêng gì không?".
func (q *question) anyObject(key string) bool {
	for i := 0; i+1 < len(q.text); i++ {
		if q.text[i].key == key && q.text[i+1].word == "gì" {
			return true
		}
	}
	return false
}

// otherObject: a word is no echo where it goes on with another object than the question's ("ăn mặn" to "ăn chay").
func (s *sitting) otherObject(k, to int) bool {
	if k+1 >= to || !s.vi {
		return false
	}
	if s.q.anyObject(s.toks[k].key) {
		return false
	}
	next := &s.toks[k+1]
	if howWell[next.key] || k+2 < to && s.toks[k+2].key == next.key { // ăn tốt, ngủ ngon, gói đẹp đẹp
		return false
	}
	if s.saysAt(k+1, "thì") && lexicon().yes.at(s.toks, k+2) > 0 { // "Zalo thì được"
		return false
	}
	if s.saysAt(k+1, "sáng", "trưa", "chiều", "tối", "hôm", "bữa", "tuần", "tháng") { // when it was is no object
		return false
	}
	return next.kind == wordToken && !s.q.echo[next.key] && lexicon().trail.at(s.toks, k+1) == 0 && !commonVietnamese[next.key] && !isLink(next) && lexicon().yes.at(s.toks, k+1) == 0 && lexicon().most.at(s.toks, k+1) == 0
}

// finishedVerdict: a clause that ends in "rồi" answers "đã ... chưa?".
func (s *sitting) finishedVerdict(i, to int) (verdict, bool) {
	if !s.vi && lexicon().asksTried.in(s.q.text) && (s.saysAt(i, "i", "we", "had", "tried", "used", "done") || lexicon().lately.at(s.toks[:to], i) > 0) && lexicon().lately.in(s.toks[i:to]) && !s.saysAt(i+1, "was", "were", "will", "am", "might", "would", "almost", "nearly") {
		return verdict{true, "done", 0.88, i, to}, true
	}
	if !strings.Contains(s.q.titles, "chưa") {
		return verdict{}, false
	}
	if s.saysAt(i, "mới", "vừa") && lexicon().lately.in(s.toks[i:to]) {
		return verdict{true, "done", 0.88, i, to}, true
	}
	if n := lexicon().planned.at(s.toks[:to], i); n > 0 && !s.saysIn(i, to, "rồi") {
		return verdict{false, "planned", 0.87, i, i + n}, true
	}
	const reach = 8
	for k := i; k < min(to, i+reach); k++ {
		if lexicon().undone.at(s.toks, k) > 0 {
			return verdict{}, false
		}
		if s.toks[k].word == "rồi" && (k < i+4 || s.onlyTrail(k+1)) {
			return verdict{true, "done", 0.88, i, to}, true
		}
	}
	return verdict{}, false
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

// otherThing: "đi xe máy" to a question about cars.
func (s *sitting) otherThing(c clause) (verdict, bool) {
	for _, pair := range lexicon().contrast {
		if !pair[0].in(s.q.text) || pair[1].in(s.q.text) {
			continue
		}
		if i, n := pair[0].find(s.toks[c.from:c.to]); n > 0 {
			return verdict{true, "echo", 0.9, c.from + i, c.from + i + n}, true
		}
		if i, n := pair[1].find(s.toks[c.from:c.to]); n > 0 && !pair[0].in(s.toks[c.from:c.to]) {
			return verdict{false, "another-thing", 0.88, c.from + i, c.from + i + n}, true
		}
	}
	return verdict{}, false
}

// loadContrasts reads the groups of things of one sort.
func loadContrasts() [][]*phrases {
	var out [][]*phrases
	for _, line := range strings.Split(wordFile("contrasts"), "\n") {
		asked, others, ok := strings.Cut(line, " | ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		out = append(out, []*phrases{commaPhrases(asked), commaPhrases(others)})
	}
	return out
}

func commaPhrases(list string) *phrases {
	p := newPhrases(false)
	for _, w := range strings.Split(list, ",") {
		if err := p.add(strings.TrimSpace(w), nil); err != nil {
			panic(err)
		}
	}
	return p
}
