package understand

import "slices"

// Which of several is meant, by what their clauses make of each.

// contrasted keeps the option of a choice that is only named, where enough words tell of the others or they are set aside, or the one
// that is not set aside.
func (s *sitting) contrasted(ms []mention, enough int) []mention {
	if k := s.preferred(ms); k > 0 {
		return ms[k : k+1]
	}
	ms = s.withoutEchoes(ms)
	if s.byTurns(ms) {
		return ms
	}
	for k := 1; k < len(ms); k++ {
		if !s.divided(ms, k) && ms[k].option != ms[k-1].option {
			return ms
		}
		for i := ms[k-1].to; i < ms[k].from; i++ {
			if isOr(&s.toks[i]) {
				return ms
			}
		}
	}
	for _, c := range s.clauses { // "tuna yesterday, salmon today, who knows"
		if _, open := s.undecided(s.toks[c.from:c.to]); open && !s.anyCovered(ms, c.from, c.to) {
			return ms
		}
	}
	sts := s.standings(ms)
	var plains, left, undenied []mention
	decided := false
	for k := range ms {
		switch st := sts[k]; {
		case st.stance == welcome:
			return ms
		case st.stance == plain, st.stance == told && st.words < enough && st.only:
			plains = append(plains, ms[k])
			decided = decided || st.only || k > 0 || st.hi-st.lo > ms[k].to-ms[k].from || s.saysAt(st.lo-1, "nên", "so", "vậy") || st.hi < len(s.toks) && s.toks[st.hi].word != ","
			left, undenied = append(left, ms[k]), append(undenied, ms[k])
		case st.stance == told:
			if left = append(left, ms[k]); !st.denied {
				undenied = append(undenied, ms[k])
			}
		}
	}
	for k := range ms {
		if st := sts[k]; st.stance == told && st.words < enough && !st.only && !decided {
			plains = nil
		}
	}
	for _, kept := range [...][]mention{plains, left, undenied} {
		if len(kept) > 0 && sameOption(kept) {
			s.note("contrast", s.words(kept[0].from, kept[0].to))
			return kept[:1]
		}
	}
	return ms
}

// byTurns: each option has a time of its own: "ngày thường cafe, cuối tuần trà sữa".
func (s *sitting) byTurns(ms []mention) bool {
	for k := range ms {
		if s.endsBefore(lexicon().byTime, ms[k].from) == 0 && !(k > 0 && ms[k].option == ms[k-1].option) {
			return false
		}
	}
	return true
}

// withoutEchoes leaves out what was named in a clause before and comes again in what is said of another: "bếp ga, bếp hồng ngoại cúp ga
// mới xài".
func (s *sitting) withoutEchoes(ms []mention) []mention {
	out := ms[:1:1]
	for k := 1; k < len(ms); k++ {
		if s.divided(ms, k) || !slices.ContainsFunc(out[:len(out)-1], func(m mention) bool { return m.option == ms[k].option }) {
			out = append(out, ms[k])
		}
	}
	return out
}

// preferred is the mention that is said, against one before it, to be better: "locker cũng được mà ship tiện hơn"; 0 for none.
func (s *sitting) preferred(ms []mention) int {
	k := len(ms) - 1
	if !s.saysIn(ms[k-1].to, ms[k].from, "mà") && !s.saysIn(ms[k-1].to, ms[k].from, "nhưng") && !s.saysIn(ms[k-1].to, ms[k].from, "but") {
		return 0
	}
	if lexicon().better.at(s.toks, ms[k].to) > 0 {
		return k
	}
	return 0
}
