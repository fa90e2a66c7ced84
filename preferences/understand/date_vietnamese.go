package understand

// vietnameseDay reads "ngày 15 tháng 8 năm 2015", "18 tháng 6", "15 thg 8", "ngày 22", "25 tháng này".
func (s *sitting) vietnameseDay(i int) (day, bool) {
	j, named := i, false
	if s.saysAt(j, "ngày", "hôm", "mùng", "mồng") {
		named = true
		for s.saysAt(j, "ngày", "hôm", "mùng", "mồng") {
			j++
		}
	}
	x, n := s.numeralAt(j)
	if n == 0 || x != float64(int(x)) || x < 1 || x > 99 {
		return day{}, false
	}
	if named && n == 1 && s.toks[j].kind == numberToken {
		if d, ok := s.numericDay(j); ok && d.to > j+1 {
			return d, true
		}
	}
	d := day{day: int(x), from: i, to: j + n}
	if !s.saysAt(d.to, "tháng", "thg", "th") && !(s.saysAt(d.to, "t") && s.toks[j].kind == numberToken) { // 15t8, but "tuần sau t3"
		if s.saysAt(j-1, "mùng", "mồng") { // by itself it is lunar
			return day{}, false
		}
		return s.dayAlone(d, named)
	}
	k := d.to + 1
	if s.saysAt(k, "này") {
		return s.inMonth(d, 0, k+1), true
	}
	if x <= 12 && !named && s.saysAt(k, "tới", "qua", "rồi") { // "3 tháng tới" are three months
		return day{}, false
	}
	if s.saysAt(k, "sau", "tới") {
		return s.inMonth(d, 1, k+1), true
	}
	if s.saysAt(k, "trước") {
		return s.inMonth(d, -1, k+1), true
	}
	m, n := s.monthNumeral(k)
	if n == 0 {
		return day{}, false
	}
	d.month, d.to = m, k+n
	s.yearBehind(&d)
	return d, true
}

// monthFirst reads "tháng 12 ngày 9".
func (s *sitting) monthFirst(i int) (day, bool) {
	if !s.saysAt(i, "tháng") {
		return day{}, false
	}
	m, n := s.monthNumeral(i + 1)
	if n == 0 || !s.saysAt(i+1+n, "ngày") {
		return day{}, false
	}
	x, k := s.numeralAt(i + 2 + n)
	d := day{month: m, day: int(x), to: i + 2 + n + k}
	s.yearBehind(&d)
	return d, k > 0
}

func (s *sitting) monthNumeral(k int) (int, int) {
	upTo := s
	for i := k + 1; i <= k+2 && i < len(s.toks); i++ { // "tháng mười hai 2026": the year is none of its words
		if s.toks[i].kind == numberToken && s.toks[k].kind == wordToken {
			upTo = s.part(0, i)
			break
		}
	}
	x, n := upTo.numeralAt(k)
	if n == 0 || x != float64(int(x)) {
		return 0, 0
	}
	return int(x), n
}

// yearBehind takes in "năm 2015", "/2015", ", 2015".
func (s *sitting) yearBehind(d *day) {
	k := d.to
	for k < len(s.toks) && (s.saysAt(k, "năm", ",", "/", "-", "of")) {
		k++
	}
	apostrophe := s.saysAt(k, "'") && s.q.yearly // March 3 '88
	if apostrophe {
		k++
	}
	if k >= len(s.toks) || s.toks[k].kind != numberToken || s.saysAt(k+1, ":", "h", "am", "pm", "giờ") { // "5 May 12:00"
		return
	}
	y, ok := smallInt(s.toks[k].word)
	named := apostrophe || k > d.to && s.saysAt(k-1, "năm") ||
		len(s.toks[k].word) == 2 && k == d.to && s.nothingBehind(k+1) && (s.q.yearly || englishMonth(s.typedAt(k-1)) > 0) // 15 aug 92
	if !ok || y < 1900 && !(named && y < 100 && y > 9) || y > 2200 {
		return
	}
	d.year, d.to = s.fullYear(y), k+1
	d.unsure = d.year == 0
}
