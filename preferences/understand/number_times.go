package understand

// manyTimes: "5k twice a week" says a measure, and that it is not all of it.
func (s *sitting) manyTimes() bool {
	if _, measured := s.asked(); !measured {
		return false
	}
	for i := range s.toks {
		if i > 0 && s.saysAt(i, "twice", "thrice") && !s.toks[i-1].ends() {
			return true
		}
	}
	return false
}

// timesSaid reads "twice", "once a week" where a number of times is asked for, and nothing else is said.
func (s *sitting) timesSaid() (quantity, bool) {
	if _, measured := s.asked(); measured || !s.asksTimes() {
		return quantity{}, false
	}
	lo, hi := s.coreBounds(s.toks)
	for lo < hi && lexicon().about.at(s.toks, lo) == 1 {
		lo++
	}
	x := float64(timesWords[s.typedAt(lo)])
	per := lexicon().perUnit.at(s.toks, lo+1)
	if x == 0 || lo+1+per < hi || per > 0 && !s.periodInWording(periodKeys[s.toks[lo+per].key]) {
		return quantity{}, false
	}
	return quantity{lo: x, hi: x, hasLo: true, hasHi: true, from: lo, to: lo + 1}, true
}

// asksTimes: the wording asks how often.
func (s *sitting) asksTimes() bool {
	return s.q.echo["lan"] || s.q.echo["buoi"] || s.q.echo["times"] || s.q.echo["often"]
}

// timesWords say how often, from once on.
var timesWords = inOrder("counting", "times")
