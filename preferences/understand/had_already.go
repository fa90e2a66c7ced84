package understand

// What the customer has already, or is over with, is named, and not chosen.

// hadAlready: who says of a thing that they have it does not wish for it ("lý thôi, hóa khá rồi").
func (s *sitting) hadAlready(m *mention, lo, hi int) bool {
	if !s.q.wish {
		return false
	}
	v := lexicon()
	if v.hadAfter.at(s.toks[:hi], m.to) > 0 || s.endsBefore(v.hadBefore, m.from) > 0 && m.from > lo || s.hadAround(m, hi) || s.stillThere(m, lo, hi) || s.saysAt(m.to, "còn") && s.nothingBehind(m.to+1) && !(s.toks[m.to].loose && (v.selves.at(s.toks, m.to+1) > 0 || s.saysAt(m.to+1, "ơi"))) { // "phong ngu con em" is the child's
		s.note("had-already", s.words(m.from, min(hi, m.to+3)))
		return true
	}
	return false
}

// stillThere: "còn trứng, lấy thịt", "we have eggs, so milk": a clause of its own, before one that chooses.
func (s *sitting) stillThere(m *mention, lo, hi int) bool {
	i := lo
	if s.saysAt(i-1, "còn") { // it parts clauses where it stands between them
		i--
	}
	for s.saysAt(i-1, "nhà", "mình", "em", "đang", "vẫn") {
		i--
	}
	for i < hi {
		n := lexicon().lead.at(s.toks, i)
		if s.saysAt(i, "nhà", "mình", "em", "i", "we", "đang", "vẫn", "already", "still") {
			n = max(n, 1)
		}
		if n == 0 {
			break
		}
		i += n
	}
	if !s.saysAt(i, "còn", "have", "got", "own") || !s.onlyHead(i+1, m.from) || hi >= len(s.toks) || !s.onlyHead(m.to, hi) {
		return false
	}
	return s.saysAt(hi+1, "so", "nên", "thì") || lexicon().prefer.at(s.toks, hi+1) > 0 || s.saysAt(hi+1, "want", "need")
}

// hadAround: "có đỏ rồi", "bỏ màu đen lâu rồi", "got a red one already" say it on both sides of the name; "chọn đỏ rồi" chooses.
func (s *sitting) hadAround(m *mention, hi int) bool {
	v := lexicon()
	before := false
	for i := m.from - 1; i >= 0 && i >= m.from-4 && !s.toks[i].ends(); i-- {
		if v.prefer.at(s.toks, i) > 0 {
			return false
		}
		if n := v.hadBegins.at(s.toks, i); n > 0 && s.onlyHead(i+n, m.from) {
			before = true
			break
		}
	}
	if !before {
		return false
	}
	hi = max(hi, s.listEnd(m.to))
	const reach = 10 // có đỏ với đen rồi
	for i := m.to; i < min(hi+1, m.to+reach, len(s.toks)); i++ {
		if n := v.hadEnds.at(s.toks, i); n > 0 {
			return s.onlyTrail(i+n) || s.toks[i+n].ends() || s.breaks(i+n)
		}
		if v.prefer.at(s.toks, i) > 0 || s.toks[i].ends() {
			return false
		}
	}
	return false
}

// overWith: "hết mụn rồi", "bỏ đen lâu rồi" has it no more.
func (s *sitting) overWith(i, to int) bool {
	if s.saysAt(i, "bỏ", "nghỉ", "ngưng", "ngừng") && s.saysAt(to, "rồi", "lâu", "hẳn") && s.toks[i].typed != "bo" { // bỏ sắn rồi
		return !s.saysAt(i-1, "chưa", "không")
	}
	return s.saysAt(i, "hết") && s.saysAt(to, "rồi", "lâu", "từ") || s.saysAt(i, "hết") && s.saysAt(i+1, "thích", "mê", "ăn", "uống", "xài", "dùng")
}
