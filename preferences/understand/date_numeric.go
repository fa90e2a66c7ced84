package understand

import "strings"

// dayAt reads a date at token i in any of its forms.
func (s *sitting) dayAt(i int) (day, bool) {
	for _, read := range []func(int) (day, bool){s.ordinalOfMonth, s.numericDay, s.relativeDay, s.vietnameseDay, s.monthFirst, s.englishDay, s.weekdayAt, s.feastAt} {
		if d, ok := read(i); ok {
			d.from = i
			s.yearNamed(&d)
			return d, true
		}
	}
	return day{}, false
}

// yearNamed takes in "năm ngoái", "last year" behind a date without its year.
func (s *sitting) yearNamed(d *day) {
	if d.year != 0 || d.relative || d.weekday {
		return
	}
	switch this := s.ask.Now.Year(); {
	case s.saysAt(d.to, "năm") && s.saysAt(d.to+1, "ngoái", "rồi", "trước"), s.saysAt(d.to, "last") && s.saysAt(d.to+1, "year"):
		d.year, d.to = this-1, d.to+2
	case s.saysAt(d.to, "năm") && s.saysAt(d.to+1, "nay", "này"), s.saysAt(d.to, "this") && s.saysAt(d.to+1, "year"):
		d.year, d.to = this, d.to+2
	case s.saysAt(d.to, "năm") && s.saysAt(d.to+1, "sau", "tới"), s.saysAt(d.to, "next") && s.saysAt(d.to+1, "year"):
		d.year, d.to = this+1, d.to+2
	}
}

// numericDay reads d/m, d-m-y, d.m.y. The day stands first; only where it cannot, an English reply may put the month
// there.
func (s *sitting) numericDay(i int) (day, bool) {
	parts, to := s.datePartsAt(i)
	if len(parts) == 3 && len(s.toks[to-1].word) == 1 && parts[0] <= 31 { // 5-6/2: two days
		return day{}, false
	}
	if len(parts) < 2 {
		parts, to = s.plainParts(i)
	}
	if len(parts) < 2 || len(parts) > 3 {
		return day{}, false
	}
	if len(parts) == 2 && to == i+1 && s.weighedAt(to) {
		return day{}, false
	}
	d := day{day: parts[0], month: parts[1], to: to}
	if len(parts) == 3 {
		if parts[0] > 31 { // 2026-12-15
			d.day, d.month, d.year = parts[2], parts[1], parts[0]
		} else {
			d.year = s.fullYear(parts[2])
			d.unsure = d.year == 0
		}
	} else if lexicon().quantityNouns.at(s.toks, to) > 0 && s.saysAt(to-2, "-") { // 10-12 người
		return day{}, false
	}
	if d.month > 12 && d.day <= 12 && !s.vi {
		d.day, d.month = d.month, d.day
	}
	return d, true
}

// weighedAt: a unit of what is weighed, measured or paid stands at i, so that "6.5 kilograms" is no day. The m of "20.11 m nha" is mình.
func (s *sitting) weighedAt(i int) bool {
	if i >= len(s.toks) || len(s.toks[i].typed) == 1 && !s.toks[i].glued {
		return false
	}
	if u, n := s.measureAt(i); n > 0 && u.family != "months" && u.family != "days" {
		return true
	}
	_, n := s.moneyAt(i)
	return n > 0
}

// datePartsAt collects numbers joined by / - or dots.
func (s *sitting) datePartsAt(i int) ([]int, int) {
	if s.toks[i].kind != numberToken || i > 0 && s.toks[i].glued && s.toks[i-1].kind != punctToken {
		return nil, 0
	}
	if w := s.toks[i].word; strings.Contains(w, ".") {
		var parts []int
		for _, p := range strings.Split(w, ".") {
			x, ok := smallInt(p)
			if !ok {
				return nil, 0
			}
			parts = append(parts, x)
		}
		return parts, i + 1
	}
	var parts []int
	for {
		x, ok := smallInt(s.toks[i].word)
		if !ok {
			return nil, 0
		}
		parts = append(parts, x)
		i++
		if len(parts) == 3 || i+1 >= len(s.toks) || s.toks[i].word != "/" && s.toks[i].word != "-" || s.toks[i+1].kind != numberToken || s.hourAt(i+1) {
			return parts, i
		}
		i++
	}
}

// hourAt: the number at i is an hour: "29/11 - 8h", "5/12 - 15:30".
func (s *sitting) hourAt(i int) bool {
	return s.saysAt(i+1, "h", "giờ", "am", "pm", ":") && !(s.toks[i+1].word == ":" && !s.toks[i+1].glued)
}

// plainParts reads a date in digits without signs: 02092019, 20190902, for a birthday 020919, and "2 9 2019".
func (s *sitting) plainParts(i int) ([]int, int) {
	w := s.toks[i].word
	if s.toks[i].kind != numberToken || strings.ContainsAny(w, ".,") {
		return nil, 0
	}
	number := func(s string) int { x, _ := smallInt(s); return x }
	switch {
	case len(w) == 8:
		d, m, y := number(w[:2]), number(w[2:4]), number(w[4:])
		if !validDay(y, m, d) {
			y, m, d = number(w[:4]), number(w[4:6]), number(w[6:])
		}
		if validDay(y, m, d) {
			return []int{d, m, y}, i + 1
		}
	case len(w) == 6 && s.q.yearly && validDay(2000, number(w[2:4]), number(w[:2])):
		return []int{number(w[:2]), number(w[2:4]), number(w[4:])}, i + 1
	case len(w) <= 2 && i+2 < len(s.toks) && len(s.toks[i+2].word) == 4:
		m, okM := smallInt(s.toks[i+1].word)
		y, okY := smallInt(s.toks[i+2].word)
		if okM && okY && validDay(y, m, number(w)) {
			return []int{number(w), m, y}, i + 3
		}
	}
	return nil, 0
}

// fullYear completes a two-digit year; 0 where two centuries are possible.
func (s *sitting) fullYear(y int) int {
	if y >= 100 {
		return y
	}
	this := s.ask.Now.Year()
	if s.q.past && this/100*100+y > this { // 3/9/91
		return this/100*100 - 100 + y
	}
	if !s.q.yearly {
		return this/100*100 + y
	}
	if this/100*100+y > this {
		return this/100*100 - 100 + y
	}
	if strings.Contains(fold(s.q.titles), "sinh") && this-(2000+y) < 10 && !s.aboutChild() {
		return 0
	}
	return 2000 + y
}

// aboutChild: the birthday asked for may lie a few years back.
func (s *sitting) aboutChild() bool {
	for _, w := range strings.Fields(s.q.titles) {
		switch strings.Trim(w, ".,?!'’") {
		case "bé", "con", "cháu", "baby", "baby's", "child", "child's", "kid", "kid's", "son", "daughter":
			return true
		}
	}
	return false
}

// asksBirth: the day itself is asked for, not the one that is kept every year.
func (s *sitting) asksBirth() bool {
	return !strings.Contains(s.q.titles, "sinh nhật") && !strings.Contains(s.q.titles, "birthday")
}
