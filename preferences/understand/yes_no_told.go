package understand

import "strings"

// What tells a yes or a no without saying it: the question's own words, what came of it, why somebody did not come, how it went.

// echoVerdict reads the question's own words as a yes ("muốn", "dùng rồi"), behind a negator as a no, and another thing
// of the same sort as a no.
func (s *sitting) echoVerdict(i int, c clause) (verdict, bool) {
	v := lexicon()
	if n := s.ofCourse(i); n > 0 { // before the negators: in the South chứ is chớ
		return verdict{true, "of-course", 0.88, i, i + n}, true
	}
	if s.ordersSome(i) > 0 {
		return verdict{true, "orders-some", 0.88, i, c.to}, true
	}
	if vd, ok := s.came(i, c.to); ok && !vd.yes && s.saysAt(i, "shipper", "ship", "bưu", "courier", "hàng", "đơn") { // "shipper chưa giao"
		return vd, true
	}
	for k := i; k < c.to; k++ {
		if s.saysAt(k, "chớ") && k > i && s.onlyTrail(k+1) { // "lắp rồi chớ"
			continue
		}
		if n := v.negators.at(s.toks[:c.to], k); n > 0 && !(s.saysAt(k, "bớt") && (s.numeralStarts(k+1) || s.saysAt(k+1, "rồi", "nhiều", "hẳn", "hơn"))) && k-i <= 4 && !s.echoes(k, k+n) && !rulesOut[s.toks[k].typed] { // "dị ứng tôm" to "có dị ứng gì không?" is a yes
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
	if vd, ok := s.someoneIs(c); ok {
		return vd, true
	}
	if vd, ok := s.thenCan(i, c.to); ok {
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
	if s.saysAt(i, "làm") && s.saysAt(i+1, "gì") && s.saysAt(i+2, "đã", "có") || s.saysAt(i, "đâu") && s.saysAt(i+1, "đã") { // làm gì đã tiêm
		return verdict{false, "denial", 0.88, i, c.to}, true
	}
	if s.saysAt(i+1, "được") && s.onlyTrail(i+2) && s.toks[i].kind == wordToken && strings.Contains(s.q.titles, "được") { // "đến được"
		return verdict{true, "can", 0.88, i, i + 2}, true
	}
	if s.q.echoed[s.toks[i].word] && !s.q.past && s.untilNow(i+1, c.to) { // "thuê trọ 5 năm nay rồi"
		return verdict{true, "until-now", 0.88, i, c.to}, true
	}
	if s.q.echo[s.toks[i].key] && (s.saysAt(i+1, "chi") && s.onlyTrail(i+2) || s.saysAt(i+1, "làm", "chi") && s.saysAt(i+2, "gì", "chi", "cho") && !s.askedAt(i)) { // "gọi chi"
		return verdict{false, "what-for", 0.87, i, i + 2}, true
	}
	for k := i; k < c.to && k < i+4; k++ {
		if echoedTimes[s.toks[k].key] && !s.nothingElseSaid(k+1, c.to) {
			continue
		}
		if t := &s.toks[k]; t.kind == wordToken && (s.q.echoed[t.word] || s.q.echo[t.key] && t.loose || !s.vi && s.q.stems[englishStem(t.key)]) && !unechoed[t.key] && !s.doneBadly(k+1) && !s.ofAnother(k+1, c.to) && !(strings.Contains(s.q.titles, "chưa") && s.underWay(i, k)) && s.echoOpens(i, k) && !s.otherObject(k, c.to) && !s.endsInWhich(k, c.to) {
			return verdict{true, "echo", 0.9, k, c.to}, true
		}
	}
	return s.finishedVerdict(i, c.to)
}

// doneBadly: "phục vụ chậm" repeats the question's word and answers it badly.
func (s *sitting) doneBadly(i int) bool {
	if i < len(s.toks) && s.q.echo[s.toks[i].key] {
		i++
	}
	return i < len(s.toks) && howBadly[s.toks[i].word]
}

var howBadly = listed("everyday", "how-badly")

// ofAnother: "số này của vợ" says whose it is.
func (s *sitting) ofAnother(i, to int) bool {
	for k := i; k+1 < min(to, i+3); k++ {
		if s.saysAt(k, "của") && lexicon().selves.at(s.toks, k+1) == 0 && (recipients[s.toks[k+1].word] || lexicon().others.at(s.toks, k+1) > 0) {
			return true
		}
	}
	return false
}

// rulesOut are openings of negators that rule out an option and are no no by themselves: "stop the presses".
var rulesOut = set("stop", "enough", "leave", "cut", "take", "keep", "get", "tired", "sick", "bored", "over", "fed")

// ofCourse is the length of "xài chứ", "có trồng chớ bộ" at i, where they end the clause; 0 where they do not.
func (s *sitting) ofCourse(i int) int {
	k := i + 1
	if s.saysAt(i, "có", "cũng", "vẫn") && !s.saysAt(i+1, "chứ", "chớ") {
		k++
	}
	if k > len(s.toks) || s.toks[k-1].kind != wordToken || isNegator(s.toks[k-1].word) || !(s.saysAt(k, "chứ") || s.saysAt(k, "chớ") && s.toks[k].marked) {
		return 0
	}
	if k++; s.saysAt(k, "sao", "bộ", "gì", "nào") {
		k++
	}
	if !s.onlyTrail(k) {
		return 0
	}
	return k - i
}

// ordersSome is the length of "cho 2 bộ", "lấy 1 cái" at i, where something is offered; 0 where nothing is ordered.
func (s *sitting) ordersSome(i int) int {
	if !s.saysAt(i, "cho", "lấy", "xin", "gửi", "thêm") { // "cho" may count as politeness
		i--
	}
	if s.q.past || !s.saysAt(i, "cho", "lấy", "xin", "gửi", "thêm") || strings.Contains(s.q.titles, "chưa") {
		return 0
	}
	j := i + 1
	j += lexicon().selves.at(s.toks, j)
	x, n := s.numeralAt(j)
	if n == 0 || x < 1 || j+n >= len(s.toks) || s.toks[j+n].kind != wordToken || periodKeys[s.toks[j+n].key] != "" || s.saysAt(j+n, "lần") || s.saysAt(j+n+1, "rồi") || !s.onlyTrail(j+n+1) {
		return 0
	}
	return j + n + 1 - i
}

// someoneIs: "mẹ mình bị", "con bé có" to "Nhà mình có ai dị ứng không?", "my son does" to "Is anyone ...?": somebody is.
func (s *sitting) someoneIs(c clause) (verdict, bool) {
	v := lexicon()
	if !v.asksAnyone.in(s.q.text) {
		return verdict{}, false
	}
	i := c.from
	for ; i < c.to && (v.polite.at(s.toks, i) > 0 && v.others.at(s.toks, i) == 0 && v.selves.at(s.toks, i) == 0 || !s.toks[i].isWord()); i++ {
	}
	n := max(v.others.at(s.toks[:c.to], i), v.selves.at(s.toks[:c.to], i))
	if n == 0 {
		if _, m := s.numeralAt(i); m > 0 && s.toks[min(i+m, len(s.toks)-1)].kind == wordToken {
			n = m + 1
		}
	}
	if n > 0 && (s.saysAt(i+n, "bị", "có", "does", "is", "has", "do", "am") || s.saysAt(i+n, "thì", "cũng") && s.saysAt(i+n+1, "bị", "có")) {
		for k := i + n; k < c.to; k++ {
			if n := v.negators.at(s.toks, k); n > 0 && !s.echoes(k, k+n) || v.once.at(s.toks, k) > 0 {
				return verdict{}, false
			}
		}
		return verdict{true, "somebody-is", 0.88, i, c.to}, true
	}
	return verdict{}, false
}

// thenCan: a day or a part of it, and that it can be: "t7 được", "sáng chủ nhật thì được" to "... được không?".
func (s *sitting) thenCan(i, to int) (verdict, bool) {
	start := i
	for i < to {
		_, n := s.weekdayName(i)
		switch {
		case n > 0:
			i += n
		case s.partAt(i) != "", s.saysAt(i, "thì", "này", "buổi", "ngày", "hôm", "cuối", "tuần", "mai", "nay", "mình", "em", "chị", "anh"):
			i++
		case i > start && s.saysAt(i, "được", "ok", "rảnh") && s.onlyTrail(i+1) && strings.Contains(s.q.titles, "được"):
			return verdict{true, "can", 0.88, start, i + 1}, true
		default:
			return verdict{}, false
		}
	}
	return verdict{}, false
}

// underWay: "đang đăng ký" to "đã đăng ký chưa?" is neither done nor not begun.
func (s *sitting) underWay(i, k int) bool {
	if s.toks[k].loose && s.toks[k].key == "dang" && k+1 < len(s.toks) && s.toks[k+1].key == "dang" {
		return true
	}
	for i = max(0, i-1); i < k; i++ {
		if t := &s.toks[i]; t.word == "đang" || t.loose && t.key == "dang" && !s.saysAt(i+1, "ký") {
			return true
		}
	}
	return false
}

// echoedTimes are words of time, by key.
var echoedTimes = listedKeys("everyday", "echoed-times")

// untilNow: "5 năm nay", "được 3 tháng rồi": it has been so for some time.
func (s *sitting) untilNow(i, to int) bool {
	for k := i + 1; k+1 < to; k++ {
		if s.saysAt(k, "năm", "tháng", "tuần") && s.saysAt(k+1, "nay", "rồi") && s.numeralStarts(k-1) {
			return true
		}
	}
	return false
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
