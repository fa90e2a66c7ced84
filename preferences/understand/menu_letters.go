package understand

// letterAt reads "b", "câu b", "c nha": the letter of an option where the wording shows letters.
func (s *sitting) letterAt(i, lo, hi int) (int, bool) {
	t := &s.toks[i]
	if len(t.typed) != 1 || t.typed[0] < 'a' || int(t.typed[0]-'a') >= len(s.q.options) {
		return 0, false
	}
	if s.saysAt(i+1, "ơi") { // "a ơi" calls somebody
		return 0, false
	}
	k := int(t.typed[0]-'a') + 1
	if i > 0 && lexicon().index.at(s.toks, i-1) == 1 {
		return k, true
	}
	for j := lo; j < hi; j++ { // all others are letters too, or join them
		o := &s.toks[j]
		if o.isWord() && !isJoin(o) && !isOr(o) && len(o.typed) != 1 && lexicon().trail.at(s.toks, j) == 0 {
			return k, i == lo && s.saidPolitely(lo+1)
		}
	}
	return k, true
}

// letterBefore adds the letter that is the first clause, before others that name options: "A, middle makes me claustrophobic".
func (s *sitting) letterBefore(ms []mention) []mention {
	if !s.q.lettered || len(s.clauses) < 2 || s.anyCovered(ms, s.clauses[0].from, s.clauses[0].to) {
		return ms
	}
	c := s.clauses[0]
	lo, hi := s.coreBounds(s.toks[c.from:c.to])
	if hi != lo+1 {
		return ms
	}
	k, ok := s.letterAt(c.from+lo, c.from+lo, c.from+hi)
	if !ok {
		return ms
	}
	letter, _, valid := s.place(k, c.from+lo, 1)
	if !valid {
		return ms
	}
	return append(letter, ms...)
}

// saidPolitely: behind the letter that opens a reply stands a sign, what it is good for, or politeness before one or before a name of
// two words: "b please, two tickets", "d cho rẻ", "c nha btc", "a nha lễ tân".
func (s *sitting) saidPolitely(i int) bool {
	if i < len(s.toks) && s.toks[i].ends() || lexicon().goodFor.at(s.toks, i) > 0 && !s.askedAt(i) {
		return true
	}
	if !s.saysAt(i, "nha", "nhé", "nhá", "ạ", "thôi", "please", "pls", "thanks") {
		return false
	}
	const name = 2
	for k := i + 1; k <= i+1+name; k++ {
		if k >= len(s.toks) || s.toks[k].ends() && k == i+1 || k > i+1 && s.nothingBehind(k) {
			return !s.askedAt(i)
		}
	}
	return false
}

// spelledPosition reads a numeral in words where nothing else is said, or behind "số".
func (s *sitting) spelledPosition(i, lo, hi int) ([]mention, int, bool) {
	x, n := s.numeralAt(i)
	if n == 0 || x != float64(int(x)) || n == 1 && s.toks[i].typed == "mốt" { // the day after tomorrow, a fashion
		return nil, 0, true
	}
	named := i > lo && lexicon().index.at(s.toks, i-1) == 1
	alone := i == lo && i+n == hi || s.numeralList(lo, hi)
	if !named && !alone || s.measuresAt(i+n-1) {
		return nil, 0, true
	}
	return s.place(int(x), i, n)
}
