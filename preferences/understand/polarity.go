package understand

// weigh marks which mentions are ruled out and which are chosen with a verb.
func (s *sitting) weigh(ms []mention) {
	for k := range ms {
		m := &ms[k]
		lo, hi := s.reach(ms, k)
		m.negative = s.ruledOut(m, lo, hi) || k > 0 && ms[k-1].negative && s.listed(ms[k-1].to, m.from) && !s.setApart(ms[k-1].to, m.from)
		m.negative = m.negative || k > 0 && ms[k-1].negative && m.from == ms[k-1].to+1 && s.saysAt(ms[k-1].to, "thì")                 // không dâu thì vani
		if k > 0 && s.saysAt(ms[k-1].to, "thiên") && (m.from == ms[k-1].to+1 || m.from == ms[k-1].to+2 && s.saysAt(m.from-1, "về")) { // hỗn hợp thiên dầu
			m.negative = true
		}
		m.chosen = !m.negative && s.chosenAt(m, lo, hi)
	}
	for k := 1; k < len(ms) && s.q.Kind == choiceKind; k++ { // phở, chứ bún cay lắm
		if lo, _ := s.clauseAround(ms[k].from, ms[k].to); s.saysAt(lo, "chứ") && ms[k-1].to <= lo && !ms[k-1].negative && !ms[k-1].another {
			ms[k].negative = true
		} else if ms[k-1].negative && ms[k-1].from > lo && s.saysAt(lo, "chứ") && s.joinedOnly(ms[k-1].to, ms[k].from) {
			ms[k].negative = true
		}
	}
	s.restFor(ms)
	s.asideAlone(ms)
	s.belongings(ms)
	for k := 1; k < len(ms) && s.q.Kind == choiceKind; k++ { // dâu, hết thì vani
		if m := &ms[k]; !ms[k-1].negative && !ms[k-1].another && s.endsBefore(lexicon().fallback, m.from) > 0 && !(s.saysAt(m.from-1, "thì") && lexicon().condition.in(s.toks[:ms[k-1].from])) && !s.saysIn(ms[k-1].to, m.from, "when") {
			s.note("fallback", s.words(m.from, m.to))
			m.negative = true
		}
	}
}

// restFor: "đen với trắng đều không thích" rules out the whole list before it.
func (s *sitting) restFor(ms []mention) {
	rested := false // the list goes on to the left of one that is ruled out
	for k := len(ms) - 2; k >= 0; k-- {
		if s.saysAt(ms[k+1].to, "thì") { // "tối, cuối tuần thì nghỉ" sets the last one apart
			continue
		}
		if s.setApart(ms[k].to, ms[k+1].from) && lexicon().selves.at(s.toks, ms[k+1].to) > 0 { // "zalo, tele mình xóa rồi"
			continue
		}
		if s.q.days && ms[k+1].from == ms[k].to+1 && lexicon().rangeWords.at(s.toks, ms[k].to) == 1 { // "t3 tới t5 đi làm"
			ms[k].negative = ms[k].negative || ms[k+1].negative
			continue
		}
		if ms[k].from == ms[k+1].from { // the days of "trong tuần"
			ms[k].negative = ms[k].negative || ms[k+1].negative
			continue
		}
		if s.q.Kind == choiceKind && s.setApart(ms[k].to, ms[k+1].from) && !s.deniesAll(ms[k+1].to) { // "window, aisle is too noisy"
			rested = false
			continue
		}
		if k > 0 && s.saysAt(ms[k].to, ",") && (s.q.days && s.busyAt(ms[k+1].to) || ms[k-1].to < ms[k].from && !s.setApart(ms[k-1].to, ms[k].from)) { // "t3 t5, t7 bé học võ"
			continue
		}
		if ms[k+1].negative && !ms[k].negative && s.joinedOnly(ms[k].to, ms[k+1].from) && (rested || s.negatedBehind(&ms[k+1], s.reachEnd(ms, k+1))) {
			ms[k].negative, rested = true, true
			continue
		}
		rested = false
	}
}

// deniesAll: what is said behind a list is a no that may hold for all of it, and no fault of the last one.
func (s *sitting) deniesAll(i int) bool {
	said := i + lexicon().selves.at(s.toks, i)
	for k := i; k < i+4 && k < len(s.toks) && !s.toks[k].ends(); k++ {
		if k <= said && deniesVerb(&s.toks[k]) || s.saysAt(k, "chẳng", "chả", "ghét", "đều", "cũng", "hate", "dislike", "both", "are") {
			return true
		}
	}
	return false
}

// reach returns the tokens around mention k that may speak about it: its clause, up to the next mention.
func (s *sitting) reach(ms []mention, k int) (lo, hi int) {
	lo = ms[k].from
	floor := 0
	if k > 0 {
		floor = ms[k-1].to
	}
	for lo > floor && !s.breaks(lo-1) {
		lo--
	}
	return lo, s.reachEnd(ms, k)
}

func (s *sitting) reachEnd(ms []mention, k int) int {
	hi, roof := ms[k].to, len(s.toks)
	for k++; k < len(ms) && ms[k].from < hi; k++ { // the same words name them all: "trong tuần"
	}
	if k < len(ms) {
		roof = ms[k].from
	}
	for hi < roof && !s.toks[hi].ends() {
		hi++
	}
	return hi
}

// breaks reports whether token i ends the scope of a negator.
func (s *sitting) breaks(i int) bool {
	t := &s.toks[i]
	if t.ends() {
		return true
	}
	switch t.word {
	case "mà", "nhưng", "còn", "chứ", "chỉ", "just", "only", "nên":
		return true
	case "vì":
		return !s.saysAt(i-1, "thay")
	case "thì":
		return true
	case "but":
		return !(i > 0 && lexicon().all.at(s.toks, i-1) > 0) && !s.anyBefore(i)
	case "ma", "con", "chi", "nhung":
		return t.loose && t.word != "con"
	}
	return false
}

// ruledOut looks for a negator before the mention and for one behind it.
func (s *sitting) ruledOut(m *mention, lo, hi int) bool {
	v := lexicon()
	if n := v.demote.at(s.toks, max(lo, m.from-2)); n > 0 && max(lo, m.from-2)+n == m.from {
		return true
	}
	if m.from > lo && v.demote.at(s.toks, m.from-1) == 1 {
		return true
	}
	if s.q.days && s.busyBefore(m.from) {
		return true
	}
	if s.saysAt(m.from-1, ">", ">>", "beats") && !s.saysAt(m.from-2, "-", "=") && s.namedBefore(m.from-1) { // mountains > beach
		return true
	}
	if s.measuredAgainst(m) {
		return false
	}
	if s.lostTo(m) || s.overWith(m.from-1, m.to) || s.hadAlready(m, lo, hi) {
		return true
	}
	for i := max(lo, m.from-6); i < m.from; i++ {
		if s.exceptAt(i, m) {
			return !s.nothingElse(m.to)
		}
		if v.negators.at(s.toks, i) == 0 || s.softened(i) || s.isClassifier(i) {
			continue
		}
		if s.q.aversion {
			return false
		}
		s.note("negated", s.words(i, m.to))
		return true
	}
	return s.negatedBehind(m, hi)
}

// busyBefore: "i work mon to fri", "bận thứ 2" take the days behind them up.
func (s *sitting) busyBefore(i int) bool {
	for i > 0 && !s.toks[i-1].ends() {
		n := 0
		for k := max(0, i-3); k < i; k++ {
			if s.q.optionAt(s.toks, k) == i-k {
				n = i - k
				break
			}
		}
		if n == 0 && (isJoin(&s.toks[i-1]) || lexicon().rangeWords.at(s.toks, i-1) == 1) {
			n = 1
		}
		if n == 0 {
			break
		}
		i -= n
	}
	return s.endsBefore(lexicon().busyOn, i) > 0
}

// listEnd is where the list that goes on behind an option ends.
func (s *sitting) listEnd(i int) int {
	for i < len(s.toks) {
		n := s.q.optionAt(s.toks, i)
		if n == 0 && isJoin(&s.toks[i]) {
			n = 1
		}
		if n == 0 {
			break
		}
		i += n
	}
	return i
}

// onlyHead reports whether the words from i to j are names of sorts ("màu", "a"), joining words or other options.
func (s *sitting) onlyHead(i, j int) bool {
	for i < j {
		n := max(s.q.optionAt(s.toks, i), lexicon().head.at(s.toks, i))
		if n == 0 && (isJoin(&s.toks[i]) || isGeneric(&s.toks[i]) || s.saysAt(i, "a", "an", "the", "my")) {
			n = 1
		}
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}

// lostTo: "phở chứ bún" is phở rather than bún.
func (s *sitting) lostTo(m *mention) bool {
	i := m.from - 1
	for i > 0 && lexicon().head.at(s.toks, i) == 1 {
		i--
	}
	return i > 0 && s.toks[i].word == "chứ" && !s.toks[i-1].ends() && s.q.Kind == choiceKind && s.namedBefore(i)
}

// measuredAgainst: "trắng không đẹp bằng đen", "red isn't as nice as black" denies the first and not the second.
func (s *sitting) measuredAgainst(m *mention) bool {
	i := m.from - 1
	for i > 0 && lexicon().head.at(s.toks, i) == 1 {
		i--
	}
	if !s.saysAt(i, "bằng", "as") || !s.namedBefore(i) {
		return false
	}
	for k := i - 1; k >= 0 && k > i-5; k-- {
		if deniesVerb(&s.toks[k]) || s.saysAt(k, "chẳng", "chả") {
			return true
		}
	}
	return false
}

// namedBefore reports whether an option stands before i in its clause.
func (s *sitting) namedBefore(i int) bool {
	lo, _ := s.clauseAround(i, i+1)
	for k := lo; k < i; k++ {
		if s.mentionAt(k) > 0 {
			return true
		}
	}
	return false
}

// softened: "không chỉ đen", "không thì trắng" and "không những đen" do not rule out what follows.
func (s *sitting) softened(i int) bool {
	if i+1 >= len(s.toks) {
		return false
	}
	switch s.toks[i+1].word {
	case "chỉ", "thì", "những", "only", "just", "sao":
		return true
	}
	return false
}

// isClassifier: without marks the "cai" of "lay cai den", "2 cai den" is cái, and gives nothing up.
func (s *sitting) isClassifier(i int) bool {
	if s.typedAt(i) != "cai" {
		return false
	}
	if i == 0 || s.toks[i-1].ends() { // "cai balo thoi", and not "cai ca phe roi"
		_, hi := s.clauseAround(i, i)
		return !s.saysIn(i, hi, "rồi") && !s.saysIn(i, hi, "lâu") && !s.saysIn(i, hi, "được")
	}
	if s.saysAt(i-1, "em", "mình", "chị", "anh", "tôi") && s.saysAt(i-2, "cho", "lấy") {
		return true
	}
	return s.saysAt(i-1, "lấy", "chọn", "chốt", "mua", "cho", "thích", "đặt", "xin", "muốn", "mấy") || s.toks[i-1].kind == numberToken
}

// nothingElse: "ngoài mụn ra thì không có gì" leaves only what was excepted.
func (s *sitting) nothingElse(i int) bool {
	_, n := lexicon().noneOf.find(s.toks[i:])
	return n > 0
}

func (s *sitting) chosenAt(m *mention, lo, hi int) bool {
	v := lexicon()
	for i := max(lo, m.from-4); i < m.from; i++ {
		if v.prefer.at(s.toks, i) > 0 {
			return true
		}
	}
	if v.mainly.at(s.toks, m.from-1) == 1 || v.mainly.at(s.toks, m.from-2) == 2 {
		return true
	}
	return m.to < hi && v.most.at(s.toks[:hi], m.to) > 0
}

// joinedOnly reports whether nothing but joining words stands between i and j.
func (s *sitting) joinedOnly(i, j int) bool {
	for ; i < j; i++ {
		if t := &s.toks[i]; !isJoin(t) && !isOr(t) && lexicon().head.at(s.toks, i) == 0 {
			return false
		}
	}
	return true
}

// listed reports whether two mentions are members of one list, so that what is said of the first holds for the next.
func (s *sitting) listed(i, j int) bool {
	return i < j && s.joinedOnly(i, j) || i == j
}

// setApart: after a comma alone a new clause may start ("không đen, trắng").
func (s *sitting) setApart(i, j int) bool {
	for ; i < j; i++ {
		if s.toks[i].ends() {
			return true
		}
	}
	return false
}

// often: the "hay" of "hay nổi mụn" says how often, where a verb follows it at the beginning of a clause.
func (s *sitting) often(i int) bool {
	return s.saysAt(i, "hay") && (i == 0 || s.toks[i-1].ends()) && s.saysAt(i+1, "bị", "nổi", "đổ", "ra", "lên", "ăn", "uống", "đi", "mua", "dùng", "xài", "chơi", "xem", "nghe", "mặc")
}

func isOr(t *token) bool {
	switch t.word {
	case "hay", "hoặc", "or", "hoac":
		return true
	}
	return false
}
