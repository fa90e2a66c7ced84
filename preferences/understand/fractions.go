package understand

// vulgarSigns are the fractions that keyboards offer as one sign.
var vulgarSigns = map[string]float64{"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1. / 3, "⅔": 2. / 3}

// shareWords are the parts of one, by the word that names them.
var shareWords = map[string]float64{"half": 0.5, "quarter": 0.25, "quarters": 0.25}

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
	j, times := i, 1.0
	switch {
	case s.saysAt(j, "a") && !s.vi:
		j++
	case s.saysAt(j, "three"):
		j, times = j+1, 3
	}
	if j >= len(s.toks) {
		return 0, 0
	}
	x, ok := shareWords[s.toks[j].typed]
	if !ok || times == 3 && x != 0.25 || s.saysAt(j+1, "dozen") {
		return 0, 0
	}
	j++
	if s.saysAt(j, "of") {
		j++
	}
	if s.saysAt(j, "a", "an") {
		j++
	}
	return x * times, j - i
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
	if s.saysAt(i, "and") && s.saysAt(i+1, "a") {
		if x, ok := shareWords[s.typedAt(i+2)]; ok {
			return x, 3
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
