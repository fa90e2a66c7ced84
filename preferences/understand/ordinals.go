package understand

// ordinalAt reads "cái đầu", "thứ ba", "the second", "cuối".
func (s *sitting) ordinalAt(i, hi int) (k, n int) {
	t := &s.toks[i]
	next := ""
	if i+1 < hi {
		next = s.toks[i+1].word
	}
	switch t.word {
	case "cái", "số", "cai", "so", "mục", "món", "loại":
		if next == "đầu" || next == "dau" && t.loose {
			return 1, s.ordinalEnd(i+2, hi) - i
		}
		if next == "cuối" || next == "cuoi" && t.loose {
			return len(s.q.options), s.ordinalEnd(i+2, hi) - i
		}
	case "thứ", "thu":
		if next == "nhất" || next == "nhat" {
			return 1, 2
		}
		if i+1 < hi {
			if x, m := s.numeralAt(i + 1); m > 0 && x == float64(int(x)) {
				return int(x), 1 + m
			}
		}
	case "cuối":
		if end := s.ordinalEnd(i+1, hi); s.ordinalStops(end, hi) {
			return len(s.q.options), end - i
		}
	case "giữa", "middle":
		if n := len(s.q.options); n%2 == 1 && s.ordinalStops(i+1, hi) && (i == 0 || s.ordinalIntro(i-1)) {
			return n/2 + 1, 1
		}
	case "last":
		if s.ordinalStops(i+1, hi) {
			return len(s.q.options), 1
		}
	}
	if k := ordinals[t.word]; k > 0 && s.ordinalStops(i+1, hi) && s.ordinalStarts(i, next) {
		return k, 1
	}
	if t.kind == numberToken && i+1 < hi && s.toks[i+1].glued && ordinalEndings[next] {
		k, _ := smallInt(t.word)
		return k, 2
	}
	return 0, 0
}

// ordinalIntro: "cái ở giữa", "the middle one".
func (s *sitting) ordinalIntro(i int) bool {
	return s.saysAt(i, "ở", "the") || lexicon().head.at(s.toks, i) == 1 || lexicon().index.at(s.toks, i) == 1
}

// ordinalStarts: "first" names a place alone, behind "the" or before "one"; in "whoever is free first" it does not.
func (s *sitting) ordinalStarts(i int, next string) bool {
	if i == 0 || !s.toks[i-1].isWord() || next == "one" || next == "option" || next == "choice" {
		return true
	}
	v := lexicon()
	return s.saysAt(i-1, "the", "my", "your", "as", "is", "it's") || isJoin(&s.toks[i-1]) || isOr(&s.toks[i-1]) || v.prefer.at(s.toks, i-1) > 0 ||
		v.head.at(s.toks, i-1) > 0 || v.index.at(s.toks, i-1) > 0 || v.lead.at(s.toks, i-1) > 0 || v.except.at(s.toks, i-1) > 0 || v.rangeWords.at(s.toks, i-1) > 0
}

// ordinalStops: nothing follows that an ordinal may belong to instead ("cuối tuần", "last year", "first thing").
func (s *sitting) ordinalStops(i, hi int) bool {
	if i >= hi || !s.toks[i].isWord() {
		return true
	}
	v := lexicon()
	t := &s.toks[i]
	switch t.word {
	case "one", "option", "choice", "is", "for", "of", "in", "from", "on":
		return true
	}
	if v.quantityNouns.at(s.toks, i) > 0 || t.kind == numberToken {
		return false
	}
	return v.trail.at(s.toks, i) > 0 || v.head.at(s.toks, i) > 0 || v.index.at(s.toks, i) > 0 || isJoin(t) || isOr(t) || s.q.echo[t.key] || s.breaks(i)
}

func (s *sitting) ordinalEnd(i, hi int) int {
	if i < hi {
		switch s.toks[i].word {
		case "tiên", "tien", "cùng", "cung":
			return i + 1
		}
	}
	return i
}

var ordinals = inOrder("counting", "ordinals")

var ordinalEndings = listed("counting", "ordinal-endings")
