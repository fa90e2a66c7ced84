package understand

import "slices"

// belongings marks what the reply says of somebody else: "vợ anh thích đen" is not what the customer likes.
func (s *sitting) belongings(ms []mention) {
	if s.q.othersAsked || s.q.aversion { // what one of the family cannot eat counts for all
		return
	}
	mine := false
	for k := range ms {
		mine = mine || s.forMe(ms[k].to) || s.ownTurn(ms[k].from)
	}
	for k := range ms {
		m := &ms[k]
		floor := 0
		if k > 0 {
			floor = ms[k-1].to
		}
		m.another = s.othersBefore(floor, m.from, m.to) || mine && s.forAnother(m.to) ||
			k > 0 && ms[k-1].another && floor < m.from && s.joinedOnly(floor, m.from)
		if m.another {
			s.note("somebody-else", s.words(m.from, m.to))
		}
	}
}

// othersBefore finds somebody else who does what the clause that ends at to says.
func (s *sitting) othersBefore(floor, to, behind int) bool {
	v := lexicon()
	lo := to
	for lo > floor && (!s.breaks(lo-1) || s.toks[lo-1].word == "thì") {
		lo--
	}
	if i, n := v.hearsay.find(s.toks[lo:to]); n > 0 && !v.selves.in(s.toks[lo+i+n:to]) {
		return true
	}
	for i := lo; i < to; i++ {
		n := v.others.at(s.toks[:to], i)
		if n == 0 || s.q.asksAbout[s.toks[i].key] {
			continue
		}
		if s.saysAt(i, "vợ") && s.saysAt(i+1, "chồng") { // they speak for both
			continue
		}
		if floor > 0 && s.toks[i].loose && s.typedAt(i) == "con" && v.selves.at(s.toks, i+1) > 0 { // behind another option as likely "còn mình"
			continue
		}
		beside := i
		for beside > 0 && s.toks[beside-1].kind == numberToken { // "vợ chồng với 1 đứa nhỏ"
			beside--
		}
		if beside > 0 && v.besideOthers.at(s.toks, beside-1) > 0 { // "cho vợ", "với vợ": what is done for them or with them
			return false
		}
		for i += n; i < to; i++ {
			if v.advise.at(s.toks, i) > 0 && v.praised.at(s.toks, behind) > 0 && !v.prefer.in(s.toks[i+1:to]) { // "mẹ kêu trắng đẹp" only praises
				return true
			}
			if v.selves.at(s.toks, i) > 0 || v.advise.at(s.toks, i) > 0 { // "vợ bảo lấy M", "vợ đi vắng anh lấy M"
				return false
			}
			if s.saysAt(i, "chọn", "chose", "picked") && s.saidDone(to) { // "vợ chọn da bò rồi" settles it for both
				return false
			}
		}
		return true
	}
	return false
}

// anothersAct: "mẹ mua rồi", "hàng xóm lắp rồi" tell of somebody else, where the question is about the customer. What was done for the
// customer ("mẹ mua cho rồi"), or by everybody of a house that was asked about, is the customer's as well.
func (s *sitting) anothersAct(c clause) bool {
	v := lexicon()
	const opening = 3 // bên nhà chị gái
	i := c.from
	for i < c.to && (s.saysAt(i, "mà") || v.others.at(s.toks, i) == 0 && v.strangers.at(s.toks, i) == 0) && (s.saysAt(i, "mà", "nhưng", "chứ", "thì", "dạ", "à", "thấy", "bên", "but", "though") || !s.toks[i].isWord()) && i < c.from+opening {
		i++
	}
	n := v.strangers.at(s.toks[:c.to], i)
	if n > 0 && s.q.echoes(v.strangers) {
		return false
	}
	if n == 0 {
		if n = v.others.at(s.toks[:c.to], i); n == 0 || s.q.othersAsked || s.q.asksAbout[s.toks[i].key] || s.saysAt(i, "vợ") && s.saysAt(i+1, "chồng") {
			return false
		}
	}
	for k := i + n; k < c.to; k++ {
		if v.advise.at(s.toks, k) > 0 { // "chồng bảo không cần"
			return false
		}
		if s.saysAt(k, "cho", "giùm", "giúp", "for") && (s.onlyTrail(k+1) || v.selves.at(s.toks, k+1) > 0 || s.saysAt(k+1, "rồi", "nhà", "cả", "me", "us")) || s.saysAt(k, "me", "us", "chung", "với") {
			return false
		}
	}
	return true
}

// unlikeThem: behind what somebody else does the clause ends on the customer: "chồng hút chứ mình ko", "my son does but i don't".
func (s *sitting) unlikeThem(c clause) (verdict, bool) {
	v := lexicon()
	told := false
	for k := c.from + 1; k < c.to; k++ {
		told = told || v.others.at(s.toks[:c.to], k-1) > 0 || v.strangers.at(s.toks[:c.to], k-1) > 0
		if !told {
			continue
		}
		if n := v.butNotMe.at(s.toks[:c.to], k); n > 0 && s.onlyTrail(k+n) {
			return verdict{false, "unlike-them", 0.88, k, k + n}, true
		}
		if n := v.butMe.at(s.toks[:c.to], k); n > 0 && s.onlyTrail(k+n) {
			return verdict{true, "unlike-them", 0.88, k, k + n}, true
		}
	}
	return verdict{}, false
}

// givingUpStill: who gives something up and tells how much of it is left still does it: "đang cai, ngày còn 2 điếu".
func (s *sitting) givingUpStill() (verdict, bool) {
	const reach = 8
	v := lexicon()
	if s.q.past || !v.givingUp.in(s.toks) {
		return verdict{}, false
	}
	for k := range s.toks {
		x, n := s.numeralAt(k)
		if n == 0 || x < 1 || k+n >= len(s.toks) || periodKeys[s.toks[k+n].key] != "" || s.askedAt(k) {
			continue
		}
		lo, hi := s.clauseAround(k, k+n)
		lo, hi = max(lo, k-reach), min(hi, k+n+reach)
		if v.stillSome.in(s.toks[lo:k]) && (s.saysIn(lo, hi, "ngày") || s.saysIn(lo, hi, "tuần") || s.saysIn(lo, hi, "day") || s.saysIn(lo, hi, "daily") || s.saysIn(lo, hi, "week")) {
			return verdict{true, "still-some", 0.87, lo, hi}, true
		}
	}
	return verdict{}, false
}

// saidDone: the clause ends in "rồi" or "already" within a few words from i on.
func (s *sitting) saidDone(i int) bool {
	const reach = 4
	for k := i; k < min(len(s.toks), i+reach); k++ {
		if s.saysAt(k, "rồi", "already") {
			return s.onlyTrail(k + 1)
		}
	}
	return false
}

// forAnother reads "cho vợ", "for my husband" at i.
func (s *sitting) forAnother(i int) bool {
	if s.q.echo[s.typedAt(i)] { // "window seat for my son"
		i++
	}
	return s.saysAt(i, "cho", "for") && (lexicon().others.at(s.toks, i+1) > 0 || s.saysAt(i+1, "him", "her", "them"))
}

// ownTurn: the clause of the option at i goes over to the customer: "còn mình cạo vôi".
func (s *sitting) ownTurn(i int) bool {
	lo, _ := s.clauseAround(i, i)
	return s.saysAt(lo, "còn", "riêng", "but", "while") && lexicon().selves.at(s.toks, lo+1) > 0
}

// forMe reads "cho mình", "for me" at i.
func (s *sitting) forMe(i int) bool {
	return s.saysAt(i, "cho", "for") && (lexicon().selves.at(s.toks, i+1) > 0 || s.saysAt(i+1, "me"))
}

// asksAboutOthers: the question is about others, whoever they are, or offers them as answers; then they are no surprise. One
// that it names is remembered: what others like is still no answer to it.
func (q *question) asksAboutOthers() bool {
	v := lexicon()
	for i := range q.text {
		if v.others.at(q.text, i) > 0 {
			if q.asksAbout == nil {
				q.asksAbout = map[string]bool{}
			}
			q.asksAbout[q.text[i].key] = true
		}
	}
	if v.othersAsked.in(q.text) {
		return true
	}
	for o := range q.options {
		for _, name := range q.options[o].names {
			as := asWritten(name)                                                                                       // the colour Be is no bé
			if i, n := v.others.find(as); n > 0 && (i == 0 || v.besideOthers.at(as, i-1) > 0) || v.othersAsked.in(as) { // Vải bố is no father
				return true
			}
		}
	}
	return false
}

// asWritten holds the words of a name to the marks that they are written with.
func asWritten(name []token) []token {
	out := slices.Clone(name)
	for k := range out {
		out[k].loose = false
	}
	return out
}
