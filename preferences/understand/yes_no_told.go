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
	if vd, ok := s.someoneIs(i, c); ok {
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
func (s *sitting) someoneIs(i int, c clause) (verdict, bool) {
	v := lexicon()
	if !v.asksAnyone.in(s.q.text) {
		return verdict{}, false
	}
	for i = c.from; i < c.to && (v.polite.at(s.toks, i) > 0 && v.others.at(s.toks, i) == 0 && v.selves.at(s.toks, i) == 0 || !s.toks[i].isWord()); i++ {
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

// nothingElseSaid: from i to the end of its clause there are only words of the question and politeness.
func (s *sitting) nothingElseSaid(i, to int) bool {
	for k := i; k < to; k++ {
		if s.toks[k].loose && s.toks[k].typed == "ban" { // bận
			return false
		}
	}
	for i < to && !s.onlyTrail(i) {
		if t := &s.toks[i]; t.kind != wordToken || !s.q.echo[t.key] && !s.q.says(s.toks[i:i+1]) && lexicon().selves.at(s.toks, i) == 0 && lexicon().trail.at(s.toks, i) == 0 {
			return false
		}
		i++
	}
	return true
}

// untilNow: "5 năm nay", "được 3 tháng rồi": it has been so for some time.
func (s *sitting) untilNow(i, to int) bool {
	for k := i + 1; k+1 < to; k++ {
		if s.saysAt(k, "năm", "tháng", "tuần") && s.saysAt(k+1, "nay", "rồi") && s.numeralStarts(k-1) {
			return true
		}
	}
	return false
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
		case "cũng", "tự", "hơi", "hoi", "mới", "vừa", "giao", "gửi", "very", "really", "so", "quite", "pretty", "super", "extremely", "mostly", "always", "luôn", "khá", "đi", "bằng", "đã", "có", "từng", "rất", "sẽ", "by", "to", "i", "we", "the", "a", "my", "with", "take", "taking", "in", "di", "bang", "cung", "bắt", "đầu", "thì", "vẫn", "đang", "mình", "em", "xe":
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
