package understand

import "slices"

// withUnnamed looks for options in the parts of a list that name none in full: "giảm giá và hàng mới".
func (s *sitting) withUnnamed(ms []mention) []mention {
	out := append([]mention(nil), ms...)
	for from := 0; from < len(s.toks); {
		to := from
		for to < len(s.toks) && !isJoin(&s.toks[to]) && !isOr(&s.toks[to]) && !s.toks[to].ends() {
			to++
		}
		from += s.nextOneAt(from, to)
		if s.anyCovered(ms, from, to) {
			out = append(out, s.beside(ms, from, to)...)
		} else if len(signless(s.toks[from:to])) <= 3 {
			if m, ok := s.respelled(from, to); ok {
				out = append(out, m)
				from = to + 1
				continue
			}
			for i := from; i < to; i++ {
				if t := &s.toks[i]; t.kind == wordToken && len(t.typed) >= 3 && !isGeneric(t) && !(lightVerbs[t.word] && s.compoundAt(i)) && !isNegator(t.word) {
					if o := s.soleOwner(t, t.loose && !collisions[t.key]); o >= 0 {
						out = append(out, mention{option: o, from: i, to: i + 1, weak: true})
					}
				} else if o, n := s.namePrefix(i); n > 1 {
					out = append(out, mention{option: o, from: i, to: i + n, weak: true})
				}
			}
		}
		from = to + 1
	}
	slices.SortStableFunc(out, func(a, b mention) int { return a.from - b.from })
	return out
}

// nextOneAt is the length of "sau đó là", "rồi tới", which lead to one more of a list.
func (s *sitting) nextOneAt(i, to int) int {
	k := i
	for k < to && s.saysAt(k, "sau", "đó", "rồi", "kế", "tiếp", "theo", "là", "đến", "tới", "then", "also", "next", "cả", "thêm") {
		k++
	}
	if k == to {
		return 0
	}
	return k - i
}

// beside finds the names of which one word only was said, right beside a name: "rau thịt" for Rau and Thịt cá.
func (s *sitting) beside(ms []mention, from, to int) (out []mention) {
	for i := from; i < to; i++ {
		t := &s.toks[i]
		if s.covered(ms, i) || t.kind != wordToken || len(t.typed) < 3 || isGeneric(t) || lightVerbs[t.word] || isNegator(t.word) || s.q.echo[t.key] || !s.covered(ms, i+1) && s.compoundAt(i) {
			continue
		}
		if !(i > from && s.covered(ms, i-1) || i+1 < to && s.covered(ms, i+1)) && !s.saysAt(i+1, "thôi") && !(s.numeralStarts(i+1) && s.covered(ms, i+2)) {
			continue
		}
		if o := s.soleOwner(t, t.loose); o >= 0 && !s.named(ms, o) {
			out = append(out, mention{option: o, from: i, to: i + 1, weak: true})
		}
	}
	return out
}

// named reports whether one of ms is of option o.
func (s *sitting) named(ms []mention, o int) bool {
	return slices.ContainsFunc(ms, func(m mention) bool { return m.option == o })
}

// respelled finds a name spelled as one word or with an error between from and to ("skincare and hair").
func (s *sitting) respelled(from, to int) (mention, bool) {
	part := *s
	part.toks = s.toks[from:to]
	for _, find := range []func() []mention{part.joinedNames, part.misspelledNames, part.shortenedNames} {
		if ms := find(); len(ms) == 1 {
			m := ms[0]
			m.from, m.to, m.weak = m.from+from, m.to+from, true
			return m, true
		}
	}
	return mention{}, false
}

func (s *sitting) anyCovered(ms []mention, from, to int) bool {
	for i := from; i < to; i++ {
		if s.covered(ms, i) {
			return true
		}
	}
	return false
}

// namePrefix returns the only option with a name of which two words or more stand at i.
func (s *sitting) namePrefix(i int) (owner, n int) {
	owner = -1
	for o := range s.q.options {
		for _, name := range s.q.options[o].names {
			k := 0
			for k < len(name) && i+k < len(s.toks) && sameWord(&name[k], &s.toks[i+k], true) {
				k++
			}
			if k < 2 {
				continue
			}
			if owner >= 0 && owner != o {
				return -1, 0
			}
			owner, n = o, max(n, k)
		}
	}
	return owner, n
}
