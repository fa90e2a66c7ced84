package understand

// englishMonths are the months by their names.
var englishMonths = numbered(byWord("times", "months"))

func numbered(words map[string]string) map[string]int {
	out := map[string]int{}
	for w, number := range words {
		out[w], _ = smallInt(number)
	}
	return out
}

// englishDay reads "June 18", "the 3rd of December 2019", "Feb 14th, 2012", "the 15th".
func (s *sitting) englishDay(i int) (day, bool) {
	if m := englishMonth(s.toks[i].typed); m > 0 {
		k := i + 1
		if s.saysAt(k, "the", ".", "-", "/") {
			k++
		}
		x, n := s.ordinalDay(k)
		if n == 0 {
			return day{}, false
		}
		d := day{month: m, day: x, to: k + n}
		s.yearBehind(&d)
		return d, true
	}
	x, n := s.ordinalDay(i)
	if n == 0 {
		return day{}, false
	}
	k := i + n
	if s.saysAt(k, "of") || s.saysAt(k, "-") && s.toks[k].glued { // 10-August-2012
		k++
	}
	if k < len(s.toks) {
		if m := englishMonth(s.toks[k].typed); m > 0 {
			d := day{month: m, day: x, to: k + 1}
			s.yearBehind(&d)
			return d, true
		}
	}
	if s.saysAt(k-1, "of") && s.saysAt(k+1, "month") {
		switch s.typedAt(k) {
		case "this":
			return s.inMonth(day{day: x}, 0, k+2), true
		case "next":
			return s.inMonth(day{day: x}, 1, k+2), true
		case "last":
			return s.inMonth(day{day: x}, -1, k+2), true
		}
	}
	if n == 2 && (i == 0 || s.toks[i-1].ends() || s.saysAt(i-1, "the", "on") || weekdayBefore(s, i) || s.endsBefore(lexicon().lead, i) > 0) && !s.q.yearly {
		return s.nearestMonth(day{day: x, to: i + n}), true
	}
	return day{}, false
}

// weekdayBefore: "Tuesday 19th".
func weekdayBefore(s *sitting, i int) bool {
	_, named := weekdayWords[s.typedAt(i-1)]
	return named
}

// ordinalWords reads "fifteenth", "twenty first", "thirty-first".
func (s *sitting) ordinalWords(i int) (int, int) {
	if s.typedAt(i) == "thirtieth" {
		return 30, 1
	}
	if k := ordinals[s.typedAt(i)]; k > 0 {
		return k, 1
	}
	tens := int(englishTens[s.typedAt(i)])
	j := i + 1
	if s.saysAt(j, "-") {
		j++
	}
	if k := ordinals[s.typedAt(j)]; k > 0 && k < 10 && tens >= 20 && tens <= 30 {
		return tens + k, j + 1 - i
	}
	return 0, 0
}

// englishMonth reads the name of a month, one slip allowed in a long one.
func englishMonth(w string) int {
	if m := englishMonths[w]; m > 0 || len(w) < 7 {
		return m
	}
	for name, m := range englishMonths {
		if len(name) >= 7 && distance(w, name) == 1 {
			return m
		}
	}
	return 0
}

func (s *sitting) ordinalDay(i int) (int, int) {
	if i >= len(s.toks) {
		return 0, 0
	}
	x, ok := smallInt(s.toks[i].word)
	if !ok {
		if k, n := s.ordinalWords(i); n > 0 {
			return k, n
		}
		y, n := s.englishNumeral(i)
		return int(y), n
	}
	if x > 31 {
		return 0, 0
	}
	if i+1 < len(s.toks) && s.toks[i+1].glued && ordinalEndings[s.toks[i+1].typed] {
		return x, 2
	}
	return x, 1
}
