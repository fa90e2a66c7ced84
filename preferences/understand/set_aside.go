package understand

import "slices"

// What sets an option aside: it is done or had, others do it, it was so once or is for later, it is not the size, the day is taken.

// setAside: what is said behind or before the option tells why it is not wanted.
func (s *sitting) setAside(m *mention, lo, hi int) bool {
	v := lexicon()
	if len(s.q.options) > 0 && s.otherTime(m, lo, hi) {
		return true
	}
	if s.q.wish && v.worn.in(s.toks[m.to:hi]) {
		return false
	}
	i, clause := m.to, s.toks[:hi]
	if s.saysAt(i, "cũ", "kia", "đó", "đấy") {
		i++
	}
	switch {
	case v.apart.at(clause, i) > 0, s.othersDo(i, hi):
	case s.q.amounts != nil && v.offSize.at(clause, i) > 0:
	case s.saysAt(m.from-1, "my", "our") && v.ownFine.at(clause, i) > 0:
	case v.apartBefore.in(s.toks[lo:m.from]), s.endsBefore(v.cannot, m.from) > 0:
	case len(s.q.options) == 0 && s.endsBefore(v.busyOn, m.from) > 0 && !s.q.echoes(v.busyOn):
	default:
		return false
	}
	return true
}

// otherTime: the words around the option say that it was so once, will be so later or is so now and then: "basic for now, maybe premium
// later", "used to be coffee, durian these days".
func (s *sitting) otherTime(m *mention, lo, hi int) bool {
	v := lexicon()
	before, behind := s.toks[lo:m.from], s.toks[m.to:hi]
	if v.later.in(before) || v.later.in(behind) || v.ago.in(behind) || s.q.Kind == choiceKind && s.seldom(lo, hi) {
		return true
	}
	return (v.past.in(before) || v.once.in(before)) && !v.nowadays.in(before) && !v.nowadays.in(behind)
}

// seldom: "trinh thám nhiều hơn, ngôn tình thỉnh thoảng".
func (s *sitting) seldom(i, j int) bool {
	for ; i < j; i++ {
		if s.saysAt(i, "thỉnh", "occasionally", "sometimes", "rarely") || s.saysAt(i, "lâu") && s.saysAt(i+1, "lâu") || s.saysAt(i, "ít") && s.saysAt(i+1, "hơn", "khi") {
			return true
		}
	}
	return false
}

// othersDo: somebody else is named behind the option, who does something with it and does not wish for it. "Phòng ngủ ba mẹ" is only
// theirs.
func (s *sitting) othersDo(i, hi int) bool {
	v := lexicon()
	if v.othersDo.at(s.toks[:hi], i) > 0 {
		return true
	}
	n := v.othersBeside.at(s.toks[:hi], i)
	return n > 0 && i+n < hi && !s.onlyTrail(i+n) && v.theyWish.at(s.toks[:hi], i+n) == 0
}

// namedElse: the same option stands elsewhere too, where nothing is told of it.
func (s *sitting) namedElse(ms []mention, sts []standing, k int) bool {
	for j := range ms {
		if j != k && ms[j].option == ms[k].option && !(j > 0 && s.again(ms, j)) && !ms[j].negative && (sts[j].stance == plain || sts[j].stance == welcome) {
			return true
		}
	}
	return false
}

// ofOthers: the words from i on begin with somebody else: "my mother-in-law is sewing the living room ones".
func (s *sitting) ofOthers(i, j int) bool {
	return i < j && (s.saysAt(i, "my", "our", "she", "he", "they", "the") || lexicon().others.at(s.toks, i) > 0)
}

// otherwiseTaken: what is told of a day beside others that are only named is what takes it up, unless it says when on that day:
// "Tuesday and Thursday, I'm in the office on Fridays".
func (s *sitting) otherwiseTaken(ms []mention, sts []standing, k int) bool {
	st := sts[k]
	if k == 0 || st.stance != told || !s.divided(ms, k) || sts[k-1].stance != plain || ms[k-1].negative || ms[k-1].another {
		return false
	}
	for i := st.lo; i < st.hi; i++ {
		if (i < ms[k].from || i >= ms[k].to) && (s.partAt(i) != "" || s.numeralStarts(i) || s.saysAt(i, "sau", "trước", "after", "before", "from", "until")) {
			return false
		}
	}
	return true
}

// besideOnly: what is said to be the only one is this one, or stands in one list with it: "rau với xoài thôi".
func (s *sitting) besideOnly(ms []mention, sts []standing, k int) bool {
	lo, hi := k, k
	for lo > 0 && !s.divided(ms, lo) {
		lo--
	}
	for hi+1 < len(ms) && !s.divided(ms, hi+1) {
		hi++
	}
	return slices.ContainsFunc(sts[lo:hi+1], func(st standing) bool { return st.only })
}

// asideAlone rules out the only option that is named where its clause sets it aside: "hôm qua ăn bún bò rồi".
func (s *sitting) asideAlone(ms []mention) {
	if len(ms) == 0 || !sameOption(ms) || s.q.aversion {
		return
	}
	for k := range ms {
		if m := &ms[k]; !m.negative && !m.chosen {
			if st := s.standing(ms, k); st.stance == apart && !s.othersDo(m.to, st.hi) {
				s.note("set-aside", s.words(m.from, st.hi))
				m.negative = true
			}
		}
	}
}

// setAsides rules out, of several answers, those that clauses of their own set aside: what is done already, what somebody else does,
// what is for later, and what is told beside one that is said to be the only one ("Saturday only, Sundays are church"). It reports
// whether it cannot be told how far that goes ("vẽ, múa, đàn bé học rồi"), or what something that is told of one amounts to.
func (s *sitting) setAsides(ms []mention) (unread bool) {
	if len(ms) < 2 || s.q.aversion {
		return false
	}
	sts := s.standings(ms)
	var kept, only bool
	for k := range ms {
		free := !ms[k].negative && !ms[k].another
		kept = kept || free && sts[k].stance != apart
		only = only || free && sts[k].only && sts[k].stance != apart && sts[k].words < saidEnough
	}
	if !kept {
		return false
	}
	for k := range ms {
		m, st := &ms[k], sts[k]
		switch {
		case k > 0 && s.again(ms, k):
			m.negative = m.negative || ms[k-1].negative
		case m.negative || m.another || k > 0 && m.from == ms[k-1].from:
		case st.stance == apart, s.q.days && s.otherwiseTaken(ms, sts, k), only && s.toldBesideOnly(ms, sts, k):
			if s.mayReachFurther(ms, k) {
				return true
			}
			s.note("set-aside", s.words(m.from, st.hi))
			for j := k; j < len(ms) && ms[j].from == m.from; j++ { // the days of "cuối tuần"
				ms[j].negative = true
			}
		case s.toldUnread(ms, sts, k):
			s.note("told-of", s.words(m.from, st.hi))
			unread = true
		}
	}
	return unread
}

// toldBesideOnly: something is told of the option, beside another that is said to be the only one.
func (s *sitting) toldBesideOnly(ms []mention, sts []standing, k int) bool {
	return (sts[k].stance == told || sts[k].stance == plain && !s.onlyTrail(ms[k].to)) && !s.namedElse(ms, sts, k) && !s.besideOnly(ms, sts, k)
}

// toldUnread: something is told of the option, in a clause of its own behind one that is only named, and what it amounts to is not known.
func (s *sitting) toldUnread(ms []mention, sts []standing, k int) bool {
	if k == 0 || sts[k].stance != told || ms[k].weak || ms[k].option == ms[k-1].option || sts[k-1].stance != plain || ms[k-1].negative || !s.divided(ms, k) {
		return false
	}
	return sts[k].behind >= saidEnough || sts[k].words > saidEnough && s.ofOthers(sts[k].lo, ms[k].from)
}

// mayReachFurther: what sets the option aside may be said of others in its list as well: "vẽ, múa, đàn bé học rồi".
func (s *sitting) mayReachFurther(ms []mention, k int) bool {
	if k > 0 && !s.divided(ms, k) || k+1 < len(ms) && !s.divided(ms, k+1) && ms[k+1].from != ms[k].from && !s.again(ms, k+1) {
		return true
	}
	return k > 1 && s.saysAt(ms[k-1].to, ",") && s.saysAt(ms[k-2].to, ",") && ms[k].from == ms[k-1].to+1 && ms[k-1].from == ms[k-2].to+1
}
