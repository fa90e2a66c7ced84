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
	if v, ok := s.givingUpStill(); ok {
		return s.answered(preferences.Value{Kind: yesNoKind, Bool: v.yes}, v.rule, v.confidence, v.from, v.to)
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
	agreed := false // in a clause before: "sure, any time"
	for _, c := range s.clauses {
		ts := s.toks[c.from:c.to]
		if c.asks && c.shut != '?' || c.from > 0 && v.promise.in(ts) {
			continue
		}
		if c.from == 0 && s.notYet(c) { // "chưa, để hỏi vợ"
			return false
		}
		if _, itself := s.doesItself(c); itself || v.praise.in(ts) && v.liking.in(s.q.text) { // "để mình tự gói", "không có gì để chê"
			continue
		}
		if i, n := v.doubt.find(ts); n > 0 && v.yes.at(ts, 0) < i+n && !(i+n < len(ts) && v.yes.at(ts, i) > n) {
			return true
		}
		if v.undecided.in(ts) && !(s.saysIn(c.from, c.to, "biết") && (s.q.echo["biet"] || s.cannotDo(c))) || v.untried.in(ts) && !v.asksTried.in(s.q.text) {
			return true
		}
		if i, n := v.anything.find(ts); n > 0 && !agreed && v.yes.at(s.coreOf(ts), 0) == 0 && !(i > 0 && (ts[i].word == "any" || ts[i].word == "anything") && v.no.at(s.coreOf(ts), 0) > 0) {
			return true
		}
		agreed = agreed || v.yes.at(s.coreOf(ts), 0) > 0
	}
	return false
}

// cannotDo: "chưa biết xài", "không biết bơi": what the question is about is what one has not learned.
func (s *sitting) cannotDo(c clause) bool {
	for i := c.from + 1; i+1 < c.to; i++ {
		if s.saysAt(i, "biết") && isNegator(s.toks[i-1].word) && s.q.echo[s.toks[i+1].key] && s.toks[i+1].kind == wordToken && !unechoed[s.toks[i+1].key] {
			return true
		}
	}
	return false
}

// notYet: to "đã ... chưa?" the clause says chưa and nothing else, which no doubt about later changes.
func (s *sitting) notYet(c clause) bool {
	core := s.coreOf(s.toks[c.from:c.to])
	return len(core) == 1 && core[0].word == "chưa" && !c.asks && strings.Contains(s.q.titles, "chưa")
}

func (s *sitting) withoutVerdict() Reading {
	if r, ok := s.withinAge(); ok {
		return r
	}
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
	if vd, ok := s.unlikeThem(c); ok {
		return vd, true
	}
	if s.anothersAct(c) {
		s.note("somebody-else", s.words(c.from, c.to))
		return verdict{}, false
	}
	if vd, ok := s.ofTheAsked(i, c.to); ok {
		return vd, true
	}
	if vd, ok := s.punctual(i, c.to); ok {
		return vd, true
	}
	if vd, ok := s.onTopic(c, i); ok {
		return vd, true
	}
	if vd, ok := s.contrasts(i, c.to); ok {
		return vd, true
	}
	if vd, ok := s.givenToOther(i, c.to); ok {
		return vd, true
	}
	if s.onlyAsksCare(i, c.to) {
		s.note("condition", s.words(i, c.to))
		return verdict{}, false
	}
	if vd, ok := s.doesItself(c); ok {
		return vd, true
	}
	if k, n := v.soNo.find(s.toks[i:c.to]); n > 0 && i+k > 0 && !s.saysAt(i+k+n, "problem", "problems", "worries", "need", "complaints", "issue", "issues") {
		return verdict{false, "so-no", 0.9, i + k, i + k + n}, true
	}
	if n := v.yesAlone.at(s.toks[:c.to], i); n > 0 && s.onlyTrail(i+n) {
		return verdict{true, "yes-word", 0.9, i, i + n}, true
	}
	if n := v.noAlone.at(s.toks[:c.to], i); n > 0 && s.onlyTrail(i+n) && !(n > 1 && s.q.echo[s.toks[i].key]) { // "cancel it" to "shall we cancel?"
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
	if n := v.praise.at(s.toks[:c.to], i); n > max(no, yes) && no > 0 && v.liking.in(s.q.text) { // "không có gì để chê"
		return verdict{true, "praise", 0.88, i, i + n}, true
	}
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
	if no > 0 && s.givesUp(i+no, c.to) { // "ko cần giấy nữa" to e-mail instead of paper
		return verdict{true, "old-one-given-up", 0.87, i, c.to}, true
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
		if s.saysAt(i, "không") && s.saysAt(k, "được", "nổi", "kịp") && s.onlyTrail(k+1) {
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
	if t.word == "0" && s.vi && rest > 1 && !s.toks[i+1].glued && (s.q.echo[s.toks[i+1].key] || s.saysAt(i+1, "có", "cần", "muốn", "thích", "được", "phải", "dùng", "xài", "biết")) && s.toks[i+1].kind == wordToken {
		return verdict{false, "no-word", 0.88, i, to}, true // "0 cần"
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
	if s.saysAt(i, "chuẩn") && s.saysAt(i+1, "bị") {
		return true
	}
	if s.saysAt(i, "rồi") && i > 0 && s.toks[i-1].typed == "ban" { // bận rồi, or bán
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
