package understand

// What settles a choice where several options are named.

// current leaves out what is for some other time, or only says where ("giao tận nhà, nhà gần bưu điện"), where something else is not.
func (s *sitting) current(ms []mention) []mention {
	var out []mention
	for k := range ms {
		if lo, hi := s.segment(ms, k); !s.otherTime(&ms[k], lo, hi) && !s.saysAt(ms[k].from-1, "gần", "cạnh", "near") {
			out = append(out, ms[k])
		}
	}
	if len(out) == 0 {
		return ms
	}
	return out
}

// withoutExtras leaves out what only says how much of something is in the one before: "latte ít sữa thôi".
func (s *sitting) withoutExtras(ms []mention) []mention {
	out := ms[:1:1]
	for k := 1; k < len(ms); k++ {
		if i := ms[k].from - 1; i == ms[k-1].to && s.saysAt(i, "ít", "thêm", "bớt", "extra", "less") {
			continue
		}
		out = append(out, ms[k])
	}
	return out
}

// ofAskedThing keeps the number that stands beside what the question asks of, where each stands beside something: of "30 đường 50
// đá" the first to how much sugar.
func (s *sitting) ofAskedThing(ms []mention) []mention {
	for _, beside := range [...]func(m mention) int{func(m mention) int { return m.from + 1 }, func(m mention) int { return m.from - 1 }} {
		own, named := -1, 0
		for k, m := range ms {
			i := beside(m)
			if s.toks[m.from].kind != numberToken {
				return ms
			}
			if s.saysAt(i, "%") {
				i++
			}
			if i < 0 || i >= len(s.toks) || s.toks[i].kind != wordToken || lexicon().trail.at(s.toks, i) > 0 || isJoin(&s.toks[i]) || isOr(&s.toks[i]) {
				break
			}
			named++
			if !s.q.echo[s.toks[i].key] && !s.q.inSomeName(&s.toks[i]) {
				continue
			}
			if own >= 0 {
				return ms
			}
			own = k
		}
		if named == len(ms) && own >= 0 {
			s.note("of-the-asked", s.words(ms[own].from, ms[own].to))
			return ms[own : own+1]
		}
	}
	return ms
}

// concluded keeps what a reason leads to: "thẻ thì phí nên ck", "i have red so black".
func (s *sitting) concluded(ms []mention) []mention {
	const reach = 3 // nên thôi lấy ck
	last := ms[len(ms)-1]
	if lexicon().condition.in(s.toks[:last.from]) {
		return ms
	}
	if n := s.endsBefore(lexicon().movesTo, last.from); n > 0 && last.from-n >= ms[len(ms)-2].to {
		s.note("moved-to", s.words(last.from-n, last.to))
		return ms[len(ms)-1:]
	}
	for i := last.from - 1; i >= ms[len(ms)-2].to && i >= last.from-reach; i-- {
		if s.saysAt(i, "nên", "so") && i > ms[len(ms)-2].to && !s.saysAt(i-1, "cũng", "cho") && !s.saysAt(i+1, "is", "are", "does", "do", "was") {
			s.note("conclusion", s.words(i, last.to))
			return ms[len(ms)-1:]
		}
	}
	return ms
}

// favoured keeps the options with a word of choosing, where some have one and no "or" leaves it open.
func (s *sitting) favoured(ms []mention) []mention {
	for k := 1; k < len(ms); k++ {
		for i := ms[k-1].to; i < ms[k].from; i++ {
			if isOr(&s.toks[i]) {
				return ms
			}
		}
	}
	var out []mention
	for k, m := range ms {
		if m.chosen && !(k > 0 && s.joinedOnly(ms[k-1].to, m.from)) && !(k+1 < len(ms) && s.joinedOnly(m.to, ms[k+1].from)) {
			out = append(out, m)
		}
	}
	if len(out) == 0 {
		return ms
	}
	return out
}

// pointedBack is the one option of which a fault is told and that a later clause points back to as what is to be done: "bếp dơ lắm,
// dọn giùm chỗ đó".
func (s *sitting) pointedBack(ms []mention) bool {
	if len(ms) == 0 || !sameOption(ms) || ms[0].another || s.askedAt(ms[0].from) {
		return false
	}
	lo, hi := s.clauseAround(ms[0].from, ms[0].to)
	v := lexicon()
	if v.negators.in(s.toks[lo:hi]) {
		return false
	}
	for _, c := range s.clauses {
		ts := s.toks[c.from:c.to]
		if c.from < hi || c.asks || v.negators.in(ts) {
			continue
		}
		if _, n := v.thatOne.find(ts); n > 0 && (s.echoes(c.from, c.to) || v.mainly.in(ts) || s.saysIn(c.from, c.to, "mỗi") || s.saysIn(c.from, c.to, "only") || s.saysIn(c.from, c.to, "thôi")) {
			s.note("pointed-back", s.words(c.from, c.to))
			return true
		}
	}
	return false
}
