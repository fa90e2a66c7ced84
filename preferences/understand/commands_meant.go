package understand

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// insteadWithin is how many words behind a stop another thing is still wanted in its place.
const insteadWithin = 12

// isMeant: nothing in the clause guards against the phrase, nothing is wanted instead, and it is not about an option.
func (s *sitting) isMeant(w commandWords, i, j int) bool {
	lo, hi := s.clauseNear(i, j)
	if w.guard.in(s.toks[lo:hi]) || w.instead.in(s.toks[j:min(len(s.toks), j+insteadWithin)]) {
		s.note("command-guard", s.words(i, j))
		return false
	}
	if w.command == Agent && s.q != nil && s.q.Kind == textKind && i == lo+1 && s.saysAt(lo, "được", "getting", "got") { // "được nói chuyện với bếp trưởng": what was liked
		s.note("command-told", s.words(i, j))
		return false
	}
	if w.command == Agent && s.isNamed(j) {
		s.note("command-names-another", s.words(i, j))
		return false
	}
	if s.wantsOtherWay(w, i, j) {
		s.note("command-other-way", s.words(i, j))
		return false
	}
	if s.tellsOfOthers(i) {
		s.note("command-told", s.words(i, j))
		return false
	}
	if s.q == nil {
		return true
	}
	if (s.q.Kind == preferences.Email && strings.Contains(s.text, "@") || s.q.Kind == yesNoKind && s.behindYes(i)) && w.besideAddress.in(s.toks[i:j]) {
		s.note("command-beside-address", s.words(i, j))
		return false
	}
	if w.command == Stop && (s.wantsNoCall(i, j) || s.tellsOfSigning(s.toks[i:j])) {
		s.note("command-answers", s.words(i, j))
		return false
	}
	if w.command == Agent && s.answersCall(i, j) || w.command == Start && s.startsName(j) || w.command == Stop && s.isAboutOne(i, j) {
		s.note("command-answers", s.words(i, j))
		return false
	}
	if w.command == Stop && s.saysAt(j, "the", "your", "those", "these") { // "stop sending the magazine"
		j += 2
	}
	for k := i; k < min(j, len(s.toks)) && (w.command != Stop || s.takesOff(i) == 0); k++ { // "stop sending me sales": what follows is an option, so it answers the question
		if n := s.mentionAt(k); n > 0 && !(w.command == Stop && (s.endsMessages(i, k, k+n) || n == 1 && s.isBid(k))) {
			s.note("command-about-option", s.words(i, j))
			return false
		}
	}
	return true
}

// isNamed: a name follows the title that ends at i, so that it is no word for the customer: "ơi gọi chú Tư giao 2 bình". "gọi cho chị
// Chiều nay" is their own.
func (s *sitting) isNamed(i int) bool {
	if i >= len(s.toks) || s.onlyTrail(i) || s.partAt(i) != "" || !titleKeys[s.toks[i-1].key] || !s.saysAt(i-2, "gọi", "alo", "điện") {
		return false
	}
	return s.bornAs(i) || s.isNameWord(i) && !s.caps
}

// wantsOtherWay: "dừng gọi, nhắn tin thôi": what follows wants another way in the place of the one that is to end.
func (s *sitting) wantsOtherWay(w commandWords, i, j int) bool {
	lo, _ := s.clauseNear(i, j)
	if k := s.clauseStart(lo - 1); k >= 0 && w.otherWay.at(s.toks, k) > 0 {
		return true
	}
	for k := j; k < min(len(s.toks), j+insteadWithin); k++ {
		if s.toks[k].ends() {
			for k++; k < len(s.toks) && !s.toks[k].isWord(); k++ {
			}
			return w.otherWay.at(s.toks, k) > 0
		}
	}
	return false
}

// behindYes: the reply begins with a yes, and something else begins at i: "ok nhưng đừng spam".
func (s *sitting) behindYes(i int) bool {
	if i == 0 || !s.toks[i-1].ends() && !s.saysAt(i-1, "nhưng", "mà", "but", "and") {
		return false
	}
	for k := s.skipShell(0, i); k < i; k = s.skipShell(k, i) { // "alo, ok nhưng"
		if lexicon().yes.at(s.toks[:i], k) > 0 {
			return true
		}
		n := lexicon().lead.at(s.toks[:i], k)
		if n == 0 {
			return false
		}
		k += n
	}
	return false
}

// clauseStart is where the first thing is said in the clause that the sign at i closes; -1 where there is none.
func (s *sitting) clauseStart(i int) int {
	if i <= 0 {
		return -1
	}
	lo, _ := s.clauseNear(i, i)
	for lo < i && (!s.toks[lo].isWord() || lexicon().polite.at(s.toks, lo) > 0 || s.saysAt(lo, "please", "pls")) {
		lo++
	}
	return lo
}

// answersCall: "gọi cho mình nhé", "cho nhân viên gọi chị nha" to "may we call you".
func (s *sitting) answersCall(i, j int) bool {
	if t := &s.toks[i]; t.kind == wordToken && s.q.speaksOf(t.key) && (!t.marked || s.q.echoed[t.word] || s.q.writes(t.typed)) { // "gọi" where a gói is asked for
		return true
	}
	for k := i; k < min(j, len(s.toks)); k++ {
		if t := &s.toks[k]; callWords[t.key] && (s.q.calls || !t.marked && s.q.speaksOf(t.key)) {
			return true
		}
	}
	return false
}

// wantsNoCall: "don't call me" to when somebody may be called answers that. Who adds "again" wants no more of anything.
func (s *sitting) wantsNoCall(i, j int) bool {
	if !s.q.calls || s.q.Kind == yesNoKind {
		return false
	}
	called := false
	for k := i; k < j; k++ {
		called = called || callWords[s.toks[k].key]
		if !callWords[s.toks[k].key] && s.toks[k].key != "dung" && !s.saysAt(k, "don't", "dont", "do", "not", "khỏi", "cho", "có", "me", "us") && lexicon().selves.at(s.toks, k) == 0 {
			return false
		}
	}
	_, hi := s.clauseNear(i, j)
	v := &lexicon().leaving
	return called && !v.noMore.in(s.toks[i:hi]) && !v.number.in(s.toks[i:hi])
}

// tellsOfSigning: "I never signed up for this" to whether somebody has signed up.
func (s *sitting) tellsOfSigning(ts []token) bool {
	for i := range ts {
		switch ts[i].key {
		case "sign", "signed":
			return s.q.echo["sign"] || s.q.echo["signed"]
		case "dang": // not đang, which many questions have
			return strings.Contains(s.q.titles, "đăng")
		}
	}
	return false
}

// isAboutOne: what would be a stop is said of one option beside another ("ko nhận tin khuyến mãi, chỉ hàng mới"), of what an option
// speaks of ("quảng cáo phiền quá" where one is Nhiều quảng cáo), or in free words of how it was ("vui, không quảng cáo").
func (s *sitting) isAboutOne(i, j int) bool {
	if s.q.Kind == textKind {
		return i > 1 && s.toks[i-1].ends() && s.saysAt(i, "không") && s.saysAt(i+1, "quảng", "spam", "làm", "nhắn") && !s.saysIn(i, min(len(s.toks), j+insteadWithin), "nữa")
	}
	if s.saysAt(i, "quảng", "spam", "qc", "sms") && s.q.inSomeName(&s.toks[i]) {
		return true
	}
	n := 0
	for j < len(s.toks) && s.saysAt(j, "me", "us", "from", "about", "of", "on", "for", "về", "the") {
		j++
	}
	if j < len(s.toks) {
		n = s.mentionAt(j)
	}
	if n == 0 {
		return false
	}
	const reach = 12
	for k := max(0, i-reach); k < i; k++ { // "events but don't text me about sales"
		if s.startsName(k) {
			return true
		}
	}
	for k := j + n; k < min(len(s.toks), j+n+reach); k++ {
		if s.startsName(k) || s.saysAt(k, "rest", "others", "only", "còn", "chỉ") {
			return true
		}
	}
	return false
}

// endsMessages: "dừng nhận tin nhắn" from i on ends all messages, also where one option is called so (from k to n): nobody says that of
// a way to get one result.
func (s *sitting) endsMessages(i, k, n int) bool {
	if !s.saysAt(i, "ngừng", "ngưng", "dừng", "hủy", "huỷ") || !s.saysAt(i+1, "nhận", "gửi") {
		return false
	}
	for ; k < n; k++ {
		if !s.saysAt(k, "nhận", "nhắn", "tin") {
			return false
		}
	}
	return true
}

// isBid: the word bids not to do something, or takes something off, and an option that means none is called so too: "bỏ số chị ra khỏi
// danh sách", "không muốn bị làm phiền" where one is "Không".
func (s *sitting) isBid(k int) bool {
	return s.saysAt(k, "không", "khỏi", "thôi", "đừng", "miễn", "chưa", "no", "none", "off")
}

// tellsOfOthers: "bên kia spam hoài", "chỗ cũ gọi hoài, phiền quá" say what others did. Who bids something is meant all the same.
func (s *sitting) tellsOfOthers(i int) bool {
	v := lexicon()
	return v.telling.at(s.toks, i) > 0 && v.told.in(s.toks[:i])
}
