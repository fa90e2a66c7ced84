package understand

// coreOf takes politeness and signs off both ends of ts, as long as a word remains.
func (s *sitting) coreOf(ts []token) []token {
	lo, hi := s.coreBounds(ts)
	return ts[lo:hi]
}

// coreBounds is where the core of ts starts and ends.
func (s *sitting) coreBounds(ts []token) (lo, hi int) {
	v := lexicon()
	lo, hi = trimSigns(ts, 0, len(ts))
	for hi-lo > 1 {
		if n := s.leadAt(v.lead, ts[lo:hi]); n > 0 && n < hi-lo && !(n == 1 && s.isLetter(&ts[lo]) && (isJoin(&ts[lo+1]) || s.isLetter(&ts[lo+1]) || letterIsSaid[ts[lo+1].word])) { // "a, c", "a nha"
			lo, hi = trimSigns(ts, lo+n, hi)
			continue
		}
		if n := trailOf(v.trail, ts[lo:hi]); n > 0 && n < hi-lo && !s.isLetter(&ts[hi-1]) {
			lo, hi = trimSigns(ts, lo, hi-n)
			continue
		}
		break
	}
	return lo, hi
}

// leadAt returns the length of the opening politeness, unless an option starts there ("Chắc nịch", "Chọn sau").
func (s *sitting) leadAt(p *phrases, ts []token) int {
	if s.q != nil && s.q.optionAt(ts, 0) > 0 {
		return 0
	}
	return p.at(ts, 0)
}

// isLetter: where options have letters, a final "c" is one of them, not the customer's elder sister.
func (s *sitting) isLetter(t *token) bool { return s.q != nil && s.q.lettered && len(t.typed) == 1 }

// letterIsSaid are particles behind a letter that chooses: nobody says them behind ạ.
var letterIsSaid = set("nha", "nhé", "nhá", "nhen", "nghen", "đi", "thôi", "please", "pls")

// onlyCourtesyBefore: nothing but opening politeness stands before i.
func (s *sitting) onlyCourtesyBefore(i int) bool {
	lo, _ := s.coreBounds(s.toks[:min(i+1, len(s.toks))])
	return lo == i
}

func trailOf(p *phrases, ts []token) int {
	for n := min(4, len(ts)-1); n > 0; n-- {
		if p.at(ts, len(ts)-n) == n {
			return n
		}
	}
	return 0
}

func trimSigns(ts []token, lo, hi int) (int, int) {
	for lo < hi && !ts[lo].isWord() && ts[lo].word != "$" && ts[lo].word != "#" {
		lo++
	}
	for hi > lo && !ts[hi-1].isWord() && ts[hi-1].word != "$" && ts[hi-1].word != "+" && ts[hi-1].word != "%" {
		hi--
	}
	return lo, hi
}
