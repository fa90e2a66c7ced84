package understand

// englishClock reads the hour with its part named first: "half past six", "quarter to 5", "ten past nine".
func (s *sitting) englishClock(i int) (clock, bool) {
	var minutes, j int
	switch {
	case s.saysAt(i, "half"):
		minutes, j = 30, i+1
	case s.saysAt(i, "quarter"):
		minutes, j = 15, i+1
	default:
		x, n := s.englishNumeral(i)
		if n == 0 || x != 5 && x != 10 && x != 20 && x != 25 || !s.saysAt(i+n, "past") {
			return clock{}, false
		}
		minutes, j = int(x), i+n
	}
	switch {
	case s.saysAt(j, "past"):
	case s.saysAt(j, "to") && minutes == 15:
		minutes = -minutes
	default:
		return clock{}, false
	}
	h, n := s.numeralAt(j + 1)
	if n == 0 || h < 1 || h > 12 || h != float64(int(h)) {
		return clock{}, false
	}
	c := clock{minutes: int(h)*60 + minutes, to: j + 1 + n}
	s.partBehind(&c)
	return c, true
}

// militaryClock reads "1800" beside another time or a word like "after".
func (s *sitting) militaryClock(i int) (clock, bool) {
	w := s.toks[i].word
	if s.toks[i].kind != numberToken || len(w) != 4 {
		return clock{}, false
	}
	x, ok := smallInt(w)
	c := clock{minutes: x/100*60 + x%100, full: true, to: i + 1}
	if !ok || x/100 > 23 || x%100 > 59 || !s.timeBeside(i, c.to) {
		return clock{}, false
	}
	return c, true
}

// middayAt reads noon as twelve o'clock where it ends or begins a stretch of time.
func (s *sitting) middayAt(i int) (clock, bool) {
	if !s.saysAt(i, "noon", "midday") || !s.rangeBeside(i) && !(s.saysAt(i-1, "between") && s.saysAt(i+1, "and")) && !s.closesBetween(i) && !(lexicon().rangeWords.at(s.toks, i+1) > 0 && s.numeralStarts(i+2)) {
		return clock{}, false
	}
	return clock{minutes: 12 * 60, full: true, to: i + 1}, true
}

// closesBetween: the noon of "between 10 and noon".
func (s *sitting) closesBetween(i int) bool {
	for k := i - 2; s.saysAt(i-1, "and") && k >= 0 && k > i-6; k-- {
		if s.saysAt(k, "between") {
			return true
		}
	}
	return false
}
