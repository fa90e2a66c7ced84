package understand

import "time"

// ordinalOfMonth reads the days that are counted in their month: "first Tuesday of October", "last Monday in March 2027",
// "the third day of May", "ngày đầu tiên của tháng 3", "ngày cuối tháng này".
func (s *sitting) ordinalOfMonth(i int) (day, bool) {
	if s.saysAt(i, "ngày") {
		return s.edgeOfMonth(i)
	}
	k := ordinals[s.typedAt(i)]
	last := s.saysAt(i, "last")
	if k == 0 && !last || k > 5 && !s.saysAt(i+1, "day") {
		return day{}, false
	}
	j := i + 1
	w, named := weekdayWords[s.typedAt(j)]
	if !named && !s.saysAt(j, "day") || !s.saysAt(j+1, "of", "in") {
		return day{}, false
	}
	d, ok := s.monthSaid(j + 2)
	switch {
	case !ok:
	case named:
		d.day = nthWeekday(d.year, d.month, w, k)
	case last:
		d.day = daysIn(d.year, d.month)
	default:
		d.day = k
	}
	return d, ok
}

// edgeOfMonth reads the first and the last day of a month.
func (s *sitting) edgeOfMonth(i int) (day, bool) {
	j := i + 1
	first := s.saysAt(j, "đầu")
	if !first && !s.saysAt(j, "cuối") {
		return day{}, false
	}
	sure := s.saysAt(j+1, "tiên", "cùng") // "ngày đầu tháng" may be any of the first days
	if j++; sure {
		j++
	}
	for s.saysAt(j, "của", "trong") {
		j++
	}
	if !sure || !s.saysAt(j, "tháng") {
		return day{}, false
	}
	d, ok := s.monthSaid(j)
	d.day = 1
	if !first {
		d.day = daysIn(d.year, d.month)
	}
	return d, ok
}

// monthSaid reads the month at j, with its year or the nearest one that the question allows.
func (s *sitting) monthSaid(j int) (day, bool) {
	d := day{month: englishMonth(s.typedAt(j)), to: j + 1}
	if s.saysAt(j, "tháng") {
		m, n := s.monthNumeral(j + 1)
		d.month, d.to = m, j+1+n
	}
	if d.month < 1 || d.month > 12 {
		return day{}, false
	}
	s.yearBehind(&d)
	if d.year == 0 {
		this := s.today()
		d.year = this.Year()
		switch month := int(this.Month()); {
		case month == d.month: // it may be over, or still to come
			d.unsure = true
		case s.q.past && d.month > month:
			d.year--
		case !s.q.past && d.month < month:
			d.year++
		}
	}
	return d, true
}

// nthWeekday is the day of the nth such weekday in a month; of the last one, where n is 0.
func nthWeekday(year, month int, w time.Weekday, n int) int {
	if n == 0 {
		end := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
		return end.Day() - int(end.Weekday()-w+7)%7
	}
	first := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	return 1 + int(w-first.Weekday()+7)%7 + 7*(n-1)
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
