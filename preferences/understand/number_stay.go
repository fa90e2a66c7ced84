package understand

// stay reads "3 ngày 2 đêm", "3n2đ" and "3 days 2 nights" as the days or the nights, whichever are asked for.
func (s *sitting) stay() (quantity, bool) {
	days, nights := s.q.Unit == "ngày" || s.q.Unit == "days" || s.q.echo["days"] || s.q.echo["ngay"], s.q.Unit == "đêm" || s.q.Unit == "nights" || s.q.echo["nights"] || s.q.echo["dem"]
	if days == nights {
		return quantity{}, false
	}
	for i := range s.toks {
		d, n, ok := s.daysAndNightsAt(i)
		switch {
		case !ok || s.askedAt(i):
		case days:
			return d, true
		default:
			return n, true
		}
	}
	return quantity{}, false
}

// daysAndNightsAt: of so many days a stay has a night less, or as many.
func (s *sitting) daysAndNightsAt(i int) (days, nights quantity, ok bool) {
	if a, b, ok := s.codeAt(i); ok && (a.word == "n" && b.word == "d" || a.word == "d" && b.word == "n") {
		return a.quantity, b.quantity, a.lo == b.lo+1 || a.lo == b.lo
	}
	x, n := s.numeralAt(i)
	if n == 0 || !s.saysAt(i+n, "ngày", "days", "day") {
		return days, nights, false
	}
	j := i + n + 1
	if s.saysAt(j, "và", "and", ",", "với") {
		j++
	}
	y, m := s.numeralAt(j)
	if m == 0 || !s.saysAt(j+m, "đêm", "nights", "night") {
		return days, nights, false
	}
	whole := func(x float64, from, to int) quantity {
		return quantity{lo: x, hi: x, hasLo: true, hasHi: true, from: from, to: to}
	}
	return whole(x, i, i+n+1), whole(y, j, j+m+1), x == y+1 || x == y
}
