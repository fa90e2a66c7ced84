package understand

import "github.com/hoidap/hoidap/preferences"

// rangeAt reads "200-300k", "6 7 đôi", "từ 1 đến 2 triệu" or a single amount.
func (s *sitting) rangeAt(i int, ts measures) (quantity, bool) {
	a, ok := s.amountAt(i, ts)
	if !ok {
		return a, false
	}
	if b, ok := s.movedTo(a, ts); ok {
		return b, true
	}
	j := a.to
	evening := s.typedAt(j) == "toi" && s.saysAt(a.from-1, "sáng", "trưa", "chiều") // sáng 60 tối 61
	if n := lexicon().rangeWords.at(s.toks, j); n > 0 && !evening || s.betweenAnd(a.from, j) {
		b, ok := s.amountAt(j+max(n, 1), ts)
		if ok && (s.toks[j].word != "-" || b.lo > 0) {
			return s.joinRange(a, b)
		}
	}
	if b, ok := s.amountAt(j, ts); ok && s.shareScale(&a, &b) && b.lo > a.lo && b.lo < 2*a.lo+1 {
		return s.joinRange(a, b)
	} else if ok && a.unit.factor == 0 && b.lo == a.lo+1 && a.noun == "" && (b.unit.factor != 0 || b.noun != "" || a.digits == 0 || b.digits == 1) && !(b.from < len(s.toks) && s.toks[b.from].glued) {
		return s.joinRange(a, b)
	}
	if b, ok := s.amountAt(j, ts); ok && s.sideBySide(a, b) {
		return s.joinRange(a, b)
	}
	if s.fourOrFive(i) { // "bốn năm buổi" are no four years
		n := 2
		return quantity{lo: 4, hi: 5, hasLo: true, hasHi: true, noun: s.nounAt(i + n), from: i, to: i + n}, true
	}
	return a, true
}

// sideBySide: "5 7 triệu", "30 40k", "1tr2 1tr5" are ranges that leave the dash out.
func (s *sitting) sideBySide(a, b quantity) bool {
	if a.unit.factor != 0 && a.unit == b.unit && a.digits > 0 && a.digits == b.digits && a.lo < b.lo && b.lo <= 2*a.lo {
		return true
	}
	alike := a.digits == b.digits && b.lo <= 2*a.lo || s.vi && b.digits == a.digits+1 && b.lo <= 1.5*a.lo                                                                                                                      // 90 100ml
	if s.q.Kind == preferences.Money && s.currency() == "VND" && a.unit.factor == 0 && b.unit.factor == 0 && a.noun == "" && a.digits >= 2 && a.digits == b.digits && a.lo < b.lo && b.lo <= 2*a.lo && s.nothingBehind(b.to) { // 700 800
		return true
	}
	return a.unit.factor == 0 && a.noun == "" && b.unit.factor != 0 && a.digits > 0 && alike && a.lo < b.lo &&
		!a.fraction && !b.fraction && !s.toks[b.from].glued
}

// fourOrFive: bốn, năm and what the question counts.
func (s *sitting) fourOrFive(i int) bool {
	return s.saysAt(i, "bốn") && s.saysAt(i+1, "năm") && i+2 < len(s.toks) && s.toks[i+2].kind == wordToken && s.q.Kind == preferences.Number && s.q.asksNoun(s.toks[i+2].word)
}

func (s *sitting) betweenAnd(from, j int) bool {
	return j < len(s.toks) && s.saysAt(j, "and", "&", "và") && from > 0 && s.saysAt(from-1, "between", "giữa")
}

// joinRange gives the low end the unit of the high end: "200-300k".
func (s *sitting) joinRange(a, b quantity) (quantity, bool) {
	s.shareScale(&a, &b)
	if a.unit.factor == 0 && b.unit.factor != 0 {
		if a.lo >= b.lo && b.unit.factor >= 1e6 { // 500-1tr: a million is not what 500 inherits
			a.unit = unit{1e3, b.unit.family}
		} else {
			a.unit = b.unit
		}
	}
	if b.unit.factor == 0 && a.unit.factor != 0 {
		b.unit = a.unit
	}
	r := quantity{lo: a.lo, hi: b.hi, hasLo: true, hasHi: true, unit: b.unit, noun: b.noun, from: a.from, to: b.to, digits: max(a.digits, b.digits)}
	if a.unit.factor != b.unit.factor {
		r.lo = a.lo * a.unit.factor / b.unit.factor
	}
	return r, true // a range that goes down fits no question
}

// shareScale: in "1-2 trăm" and "ba bốn chục" the word at the end holds for both numbers.
func (s *sitting) shareScale(a, b *quantity) bool {
	by := 1.0
	for i := b.from; i < b.to; i++ {
		switch {
		case s.saysAt(i, "million"):
			by = 1e6
		case s.saysAt(i, "thousand"):
			by = 1e3
		case s.saysAt(i, "trăm", "hundred"):
			by = 100
		case s.saysAt(i, "chục", "mươi"):
			by = 10
		}
	}
	if by == 1 || a.lo >= 10 && by < 1000 || a.lo >= 1000 || a.unit.factor != 0 || b.lo < by {
		return false
	}
	a.lo, a.hi = a.lo*by, a.hi*by
	return true
}
