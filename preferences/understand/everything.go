package understand

import "slices"

// allOfOther: "tất cả hóa chất" is all of something that the question does not speak of.
func (s *sitting) allOfOther() bool {
	v := lexicon()
	if s.saysAt(0, "my", "our") && !v.prefer.in(s.toks) { // what my cat did to them all
		return true
	}
	for i := range s.toks {
		if !s.saysAt(i, "tất") || !s.saysAt(i+1, "cả") || i+2 >= len(s.toks) {
			continue
		}
		t := &s.toks[i+2]
		return t.kind == wordToken && !s.q.echo[t.key] && !isCommon(t) && !isGeneric(t) && !isLink(t) && v.head.at(s.toks, i+2) == 0 && v.index.at(s.toks, i+2) == 0 && v.trail.at(s.toks, i+2) == 0 && v.prefer.at(s.toks, i+2) == 0 && v.yes.at(s.toks, i+2) == 0 && v.except.at(s.toks, i+2) == 0 && v.most.at(s.toks, i+2) == 0
	}
	return false
}

// wantsAll reports whether the reply takes everything, apart from what it rules out.
func (s *sitting) wantsAll(ms []mention) bool {
	v := lexicon()
	for i := range s.toks {
		if k, n := s.allOfAt(i); n > 0 && k != s.q.pickable() {
			continue
		}
		if s.bearsAll(i) {
			continue
		}
		if n := s.mentionAt(i + 1); n > 0 && s.overWith(i, i+1+n) {
			continue
		}
		if s.saysAt(i, "đủ") && s.saysAt(i+1, "mệt", "khổ", "chết", "vui", "rồi", "phiền") { // "đủ mệt"
			continue
		}
		if s.eachAt(i) && !s.allRefused(i) {
			return true
		}
		if (v.all.at(s.toks, i) > 0 || v.rest.at(s.toks, i) > 0) && !s.covered(ms, i) && !s.allRefused(i) {
			return true
		}
		if v.except.at(s.toks, i) > 0 && s.toks[i].key != "no" && s.toks[i].key != "not" && s.toks[i].key != "bo" && s.toks[i].key != "but" && s.toks[i].key != "bar" && len(ms) > 0 && i < ms[0].from && !s.nothingElse(ms[0].to) {
			return true
		}
		if s.saysAt(i, "but", "bar", "except") && s.anyBefore(i) {
			return true
		}
	}
	return false
}

// eachAt: "ngày nào cũng tập" does with every one what the question asks. What would do ("ngày nào cũng được") or comes between
// ("ngày nào cũng bận") is not asked.
func (s *sitting) eachAt(i int) bool {
	const reach = 3
	if !s.saysAt(i, "nào") || !s.saysAt(i+1, "cũng") || i == 0 || !s.q.echo[s.toks[i-1].key] && lexicon().head.at(s.toks, i-1) == 0 && !isGeneric(&s.toks[i-1]) && !s.saysAt(i-1, "ngày", "hôm", "bữa") {
		return false
	}
	for k := i + 2; k < len(s.toks) && k < i+2+reach; k++ {
		if t := &s.toks[k]; t.kind == wordToken && s.q.echo[t.key] && t.key != s.toks[i-1].key {
			return !s.deniedIn(s.toks, k)
		}
	}
	return false
}

// anyBefore: the "any day" of "any day but Sunday" is every day.
func (s *sitting) anyBefore(i int) bool {
	return s.saysAt(i-1, "anything", "anytime", "anyday", "anywhere", "whatever") || s.saysAt(i-2, "any", "every")
}

// bearsAll: where it is asked what somebody cannot have, "ăn được hết" is nothing and "giờ hết rồi" is over.
func (s *sitting) bearsAll(i int) bool {
	return s.q.aversion && s.saysAt(i, "hết", "tất", "đủ") && (s.saysAt(i+1, "rồi") || s.saysAt(i-1, "được", "ăn", "uống", "dùng", "giờ", "nay", "đã"))
}

// excepts reports whether something is taken out of the whole.
func (s *sitting) excepts() bool {
	for i := range s.toks {
		if s.saysAt(i, "trừ", "except", "excluding", "bar") && i+1 < len(s.toks) {
			return true
		}
	}
	return false
}

// exclusionUnread: what stands behind "trừ" or "except" is no option ("tối trừ t7"), so that it limits the answer in a way
// that no option says.
func (s *sitting) exclusionUnread(ms []mention) bool {
	const near, most = 4, 4
	for i, seen := 0, 0; i < len(s.toks) && seen < most; i++ {
		if !s.saysAt(i, "trừ", "except", "excluding") {
			continue
		}
		seen++
		if s.covered(ms, i) || s.onlyTrail(i+1) || s.askedAt(i) {
			continue
		}
		if !slices.ContainsFunc(ms, func(m mention) bool { return m.from > i && m.from <= i+near }) {
			s.note("exclusion", s.words(i, min(len(s.toks), i+near)))
			return true
		}
	}
	return false
}

// allRefused: "không lấy hết", "không thêm gì hết".
func (s *sitting) allRefused(i int) bool {
	v := lexicon()
	lo, _ := s.clauseAround(i, i+1)
	for k := max(lo, i-5); k < i; k++ {
		if v.negators.at(s.toks, k) > 0 && s.mentionAt(k) < 2 {
			return true
		}
	}
	return s.toks[i].key == "het" && s.saysAt(i-1, "gì", "bận", "kẹt", "kín", "vướng", "nghỉ", "mệt", "ốm", "ghét", "chán", "hủy", "hỏng", "hư", "quên")
}

// allBut: something was ruled out, and a word for the rest follows or stands before.
func (s *sitting) allBut(ms []mention) bool {
	if !s.wantsAll(ms) {
		return false
	}
	for _, m := range ms {
		if m.negative {
			for _, w := range ms {
				if !w.negative {
					return false
				}
			}
			return true
		}
	}
	return false
}

func (s *sitting) pickAllBut(picked []bool, ms []mention) {
	for o := range picked {
		picked[o] = !s.q.options[o].none
	}
	for _, m := range ms {
		if m.negative {
			picked[m.option] = false
		}
	}
}

// restUnread: "thứ 6 bận, còn lại ok" takes the rest, so what is said of the one that was named must be read too.
func (s *sitting) restUnread(ms []mention) bool {
	for i := 0; i < len(s.toks); {
		n := lexicon().rest.at(s.toks, i)
		if n > 0 && !s.covered(ms, i) && !s.allRefused(i) && !s.refusedBehind(i) && !s.hasRest(i) {
			return !slices.ContainsFunc(ms, func(m mention) bool { return m.negative }) && !s.onlyOneSaid(ms)
		}
		i += max(n, 1)
	}
	return false
}

// onlyOneSaid: one is said to be the only one, so that the rest is not taken: "car wash only, rest is fine".
func (s *sitting) onlyOneSaid(ms []mention) bool {
	return slices.ContainsFunc(s.standings(ms), func(st standing) bool { return st.only && st.words == 0 })
}

// hasRest: "mấy loại kia nhà có rồi", "already have the others" wish for nothing of the rest.
func (s *sitting) hasRest(i int) bool {
	v := lexicon()
	j := i + v.rest.at(s.toks, i)
	if !s.q.wish {
		return v.apart.at(s.toks, j) > 0
	}
	if s.endsBefore(v.hadBefore, i) > 0 || v.hadAfter.at(s.toks, j) > 0 || v.later.at(s.toks, j) > 0 {
		return true
	}
	if s.othersDo(j, len(s.toks)) {
		return true
	}
	for s.saysAt(j, "thì", "nhà", "mình", "em", "chị") {
		j++
	}
	return v.hadAfter.at(s.toks, j) > 0 || v.apart.at(s.toks, j) > 0 || s.saysAt(j, "có", "còn", "dư", "đủ", "mua") && s.saysIn(j+1, min(len(s.toks), j+4), "rồi")
}

// restSaid: beside "còn lại", what is put aside is left out.
func (s *sitting) restSaid() bool {
	_, n := lexicon().rest.find(s.toks)
	return n > 0
}

// restMiscounted: "bỏ văn, lấy 2 môn còn lại" where three are left.
func (s *sitting) restMiscounted(picked []bool) bool {
	i, n := lexicon().rest.find(s.toks)
	if n == 0 {
		return false
	}
	left := 0
	for _, p := range picked {
		left += int(b2f(p))
	}
	for k := max(0, i-2); k < i; k++ {
		if x, m := s.numberedAt(k); m > 0 && k+m <= i && x != left && !s.setApart(k, i) {
			return true
		}
	}
	return false
}

// refusedBehind: "mấy cái kia không quan tâm".
func (s *sitting) refusedBehind(i int) bool {
	_, hi := s.clauseAround(i, i+1)
	for ; i < hi; i++ {
		if lexicon().negators.at(s.toks, i) > 0 {
			return true
		}
	}
	return false
}
