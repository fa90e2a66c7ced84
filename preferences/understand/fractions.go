package understand

// vulgarSigns are the fractions that keyboards offer as one sign.
var vulgarSigns = map[string]float64{"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1. / 3, "⅔": 2. / 3}

// shareWords are the parts of one, by the word that names them.
var shareWords = map[string]float64{"half": 0.5, "quarter": 0.25, "quarters": 0.25, "fourth": 0.25, "fourths": 0.25, "third": 1. / 3, "thirds": 1. / 3, "fifth": 0.2, "fifths": 0.2, "eighth": 0.125, "eighths": 0.125}

// fractionAt reads an amount below one: "½", "1/2", "half", "three quarters", with the "a" or "of a" around it.
func (s *sitting) fractionAt(i int) (x float64, n int) {
	if i >= len(s.toks) {
		return 0, 0
	}
	if x, ok := vulgarSigns[s.toks[i].word]; ok {
		return x, 1
	}
	if x, n = s.slashed(i); n > 0 {
		return x, n
	}
	if x, n = s.dotted(i); n > 0 {
		return x, n
	}
	x, j := s.shares(i)
	if x == 0 || s.saysAt(j, "dozen") || s.saysAt(j, "a") && s.saysAt(j+1, "dozen") {
		return 0, 0
	}
	if s.saysAt(j, "of") {
		j++
	}
	if s.saysAt(j, "a", "an") {
		j++
	}
	return x, j - i
}

// shares reads "half", "a third", "three quarters"; a third by itself is a place in an order.
func (s *sitting) shares(i int) (x float64, to int) {
	times, j := 1.0, i
	switch {
	case s.saysAt(i, "a") && !s.vi, s.saysAt(i, "one"):
		j++
	case englishDigits[s.typedAt(i)] >= 2 && s.saysAt(i+1, "quarters", "fourths", "thirds", "fifths", "eighths"):
		times, j = englishDigits[s.typedAt(i)], i+1
	}
	x = shareWords[s.typedAt(j)]
	if j == i && x != 0.5 && s.typedAt(j) != "quarter" {
		return 0, i
	}
	return x * times, j + 1
}

// dotted reads ".5", which leaves the zero out.
func (s *sitting) dotted(i int) (float64, int) {
	if s.toks[i].word != "." || i > 0 && s.toks[i].glued || i+1 >= len(s.toks) || !s.toks[i+1].glued || s.toks[i+1].kind != numberToken {
		return 0, 0
	}
	x, ok := plainNumber("0." + s.toks[i+1].word)
	if !ok {
		return 0, 0
	}
	return x, 2
}

// slashed reads "1/2" and "3/4"; other numbers with a stroke between them are dates and marks.
func (s *sitting) slashed(i int) (float64, int) {
	if i+2 >= len(s.toks) || s.toks[i+1].word != "/" || !s.toks[i+1].glued || !s.toks[i+2].glued {
		return 0, 0
	}
	a, okA := smallInt(s.toks[i].word)
	b, okB := smallInt(s.toks[i+2].word)
	if !okA || !okB || a < 1 || a >= b || b > 4 {
		return 0, 0
	}
	return float64(a) / float64(b), 3
}

// fractionBehind reads what a whole number carries: "and a half", "½", "1/2".
func (s *sitting) fractionBehind(i int) (float64, int) {
	if s.saysAt(i, "and") {
		if x, to := s.shares(i + 1); x > 0 && to > i+2 {
			return x, to - i
		}
		return 0, 0
	}
	if x, ok := vulgarSigns[s.typedAt(i)]; ok {
		return x, 1
	}
	return s.slashed(i)
}

func (s *sitting) typedAt(i int) string {
	if i < 0 || i >= len(s.toks) {
		return ""
	}
	return s.toks[i].typed
}
