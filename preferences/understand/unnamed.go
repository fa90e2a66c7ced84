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
		if !s.anyCovered(ms, from, to) && len(signless(s.toks[from:to])) <= 3 {
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

// respelled finds a name spelled as one word or with an error between from and to ("skincare and hair").
func (s *sitting) respelled(from, to int) (mention, bool) {
	part := *s
	part.toks = s.toks[from:to]
	for _, find := range []func() []mention{part.joinedNames, part.misspelledNames} {
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
