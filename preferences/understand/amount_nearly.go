package understand

import "github.com/hoidap/hoidap/preferences"

// amountPerhaps is what an amount that cannot be read may well be: a bare number of millions, a numeral with a slip.
func (s *sitting) amountPerhaps(rule string) *Reading {
	switch {
	case s.q.Kind == preferences.Money && rule == "out-of-range":
		return s.inMillions()
	case s.q.Kind == preferences.Rating && rule == "no-mark", s.q.Kind == preferences.Number && rule == "no-number":
		return s.misspelledNumeral()
	}
	return nil
}

// inMillions reads the "15" of somebody who is asked for a salary in đồng.
func (s *sitting) inMillions() *Reading {
	qs := s.quantities(s.moneyAt)
	if s.currency() != "VND" || s.q.Min == nil || s.q.Max == nil || len(qs) != 1 || qs[0].unit.factor != 0 || qs[0].noun != "" {
		return nil
	}
	q := qs[0]
	scale(&q, 1e6)
	if !s.fits(q) {
		return nil
	}
	lo, hi := bounds(q)
	r := s.answered(preferences.Between(preferences.Money, lo, hi, s.currency()), "millions-perhaps", maybe, q.from, q.to)
	return &r
}

// misspelledNumeral reads "thre" and "sevn" where they are all that is said. So short a word is a slip away from others,
// so that it is asked back.
func (s *sitting) misspelledNumeral() *Reading {
	lo, hi := s.coreBounds(s.toks)
	if hi != lo+1 || s.toks[lo].kind != wordToken || s.toks[lo].marked || len(s.toks[lo].typed) < 3 || lexicon().english[s.toks[lo].typed] {
		return nil
	}
	found, x := 0, 0.0
	for _, words := range [...]map[string]float64{englishDigits, englishTens} {
		for w, n := range words {
			if len(w) > 3 && distance(s.toks[lo].typed, w) == 1 {
				found, x = found+1, n
			}
		}
	}
	if found != 1 || !s.fits(quantity{lo: x, hi: x, hasLo: true, hasHi: true}) {
		return nil
	}
	r := s.answered(preferences.Exact(s.q.Kind, x, ""), "numeral-perhaps", maybe, lo, hi)
	return &r
}
