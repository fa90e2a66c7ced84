package understand

// What leaves a day open: another beside it, a range, one side of it, its week.

// orAnother: "Dec 15 or 16", "từ 24 đến 26/12" leave two days open.
func (s *sitting) orAnother(d day) bool {
	if d.to+1 < len(s.toks) && isOr(&s.toks[d.to]) && (s.numeralStarts(d.to+1) || s.saysAt(d.to+1, "sớm", "trước", "sau", "earlier", "before", "later")) {
		return true
	}
	i := d.from - 1
	if _, feast := s.feast(d.from); feast { // Oct 31, Halloween
		return false
	}
	if s.dayNumber(i) && !s.saysAt(i-1, ":", "/", "-", "tháng", "số", "lúc", "h") && i != d.to || i > 0 && (isAnd(&s.toks[i]) || s.saysAt(i, ",", "với")) && s.dayNumber(i-1) && !s.saysAt(i-2, ":", "/", "-", "số", "tháng") { // 27 28/11
		return true
	}
	return i > 0 && (isOr(&s.toks[i]) || lexicon().rangeWords.at(s.toks, i) == 1 && !s.toks[i].ends()) && s.toks[i-1].kind == numberToken
}

// dayNumber: the token at i may be the day of a month.
func (s *sitting) dayNumber(i int) bool {
	if i < 0 || s.toks[i].kind != numberToken {
		return false
	}
	if s.saysAt(i-1, "thứ", "t", "thu") { // thứ 7 28/11
		return false
	}
	n, ok := smallInt(s.toks[i].word)
	return ok && n >= 1 && n <= 31
}

// rangeBehind: "24-25/12" is two days.
func (s *sitting) rangeBehind(i int) bool {
	return i+1 < len(s.toks) && lexicon().rangeWords.at(s.toks, i) == 1 && s.toks[i+1].kind == numberToken && !s.hourAt(i+1)
}

// openEnded: "trước 15/12" names a limit, not a day.
func (s *sitting) openEnded(i int) bool {
	if s.saysAt(i-1, "từ", "from", "since") && s.q.past { // since when
		return false
	}
	if s.saysAt(i-2, "tuần", "tháng") {
		return false
	}
	if i == 1 && s.saysAt(0, "qua") && !s.saysAt(1, "thứ", "ngày", "chủ", "mai") { // "qua noel": once it is over
		return true
	}
	return s.saysAt(i-1, "trước", "trc", "sau", "từ", "by", "before", "after", "from", "since", "until") || s.saysAt(i-1, "ngày", "the") && s.saysAt(i-2, "trước", "sau", "từ", "before", "after", "from")
}

// weekOf: "the week of October 6th", "tuần của ngày 6/10" is no day.
func (s *sitting) weekOf(i int) bool {
	for s.saysAt(i-1, "the", "ngày") {
		i--
	}
	return s.saysAt(i-1, "of", "beginning", "starting", "của", "có") && s.saysAt(i-2, "week", "tuần")
}
