package understand

import "time"

// relativeDay reads days counted from today: "mai", "hôm qua", "3 ngày nữa", "two days ago".
func (s *sitting) relativeDay(i int) (day, bool) {
	if n, off := s.dayWord(i); n > 0 {
		return s.fromToday(off, i+n), true
	}
	return s.countedDay(i)
}

// monthsAway counts whole months: "1 tháng nữa", "a month ago".
func (s *sitting) monthsAway(months, to int) day {
	at := s.today().AddDate(0, months, 0)
	return day{year: at.Year(), month: int(at.Month()), day: at.Day(), to: to, relative: true}
}

func (s *sitting) fromToday(days, to int) day {
	at := s.today().AddDate(0, 0, days)
	return day{year: at.Year(), month: int(at.Month()), day: at.Day(), to: to, relative: true}
}

type dayWords struct {
	words  []string
	offset int
}

// relativeWords are tried in order: the longer wording stands first, and of two with one key the more usual.
var relativeWords = []dayWords{
	{[]string{"hôm", "kia"}, -2},
	{[]string{"bữa", "kia"}, -2},
	{[]string{"hôm", "kìa"}, -3},
	{[]string{"hôm", "qua"}, -1},
	{[]string{"ngày", "qua"}, -1},
	{[]string{"bữa", "qua"}, -1},
	{[]string{"hôm", "nay"}, 0},
	{[]string{"bữa", "nay"}, 0},
	{[]string{"ngày", "nay"}, 0},
	{[]string{"sáng", "nay"}, 0},
	{[]string{"trưa", "nay"}, 0},
	{[]string{"chiều", "nay"}, 0},
	{[]string{"tối", "nay"}, 0},
	{[]string{"đêm", "nay"}, 0},
	{[]string{"hôm", "ni"}, 0}, // as in the centre of Vietnam
	{[]string{"bữa", "ni"}, 0},
	{[]string{"sáng", "ni"}, 0},
	{[]string{"trưa", "ni"}, 0},
	{[]string{"chiều", "ni"}, 0},
	{[]string{"tối", "ni"}, 0},
	{[]string{"tối", "qua"}, -1},
	{[]string{"sáng", "qua"}, -1},
	{[]string{"chiều", "qua"}, -1},
	{[]string{"trưa", "qua"}, -1},
	{[]string{"đêm", "qua"}, -1},
	{[]string{"ngày", "mai"}, 1},
	{[]string{"bữa", "mai"}, 1},
	{[]string{"ngày", "mốt"}, 2},
	{[]string{"bữa", "mốt"}, 2},
	{[]string{"ngày", "kia"}, 2},
	{[]string{"ngày", "kìa"}, 3},
	{[]string{"day", "after", "tomorrow"}, 2},
	{[]string{"day", "before", "yesterday"}, -2},
	{[]string{"this", "morning"}, 0},
	{[]string{"this", "afternoon"}, 0},
	{[]string{"this", "evening"}, 0},
	{[]string{"last", "night"}, -1},
	{[]string{"just", "now"}, 0},
	{[]string{"hnay"}, 0},
	{[]string{"hqua"}, -1},
	{[]string{"today"}, 0},
	{[]string{"tonight"}, 0},
	{[]string{"tonite"}, 0},
	{[]string{"tomorrow"}, 1},
	{[]string{"yesterday"}, -1},
	{[]string{"mai"}, 1},
}

func (s *sitting) dayWord(i int) (n, offset int) {
	if s.saysAt(i, "mai") && s.saysAt(i+1, "mốt") { // some day
		return 0, 0
	}
	if i > 0 && s.saysAt(i-1, "mai") && s.saysAt(i, "mốt") {
		return 0, 0
	}
	if s.saysAt(i-1, "mấy", "vài", "những", "each", "every") { // mấy hôm nay
		return 0, 0
	}
	for _, w := range relativeWords {
		hit := true
		for k, word := range w.words {
			hit = hit && s.saysAt(i+k, word)
		}
		if hit {
			return len(w.words), w.offset
		}
	}
	if s.toks[i].word == "mốt" && s.toks[i].marked && !s.saysAt(i-1, "mươi", "hai", "ba", "hăm", "tháng") {
		return 1, 2
	}
	if n := nowWords(s, i); n > 0 && n == len(signless(s.coreOf(s.toks))) {
		return n, 0
	}
	if s.toks[i].word == "nay" && len(signless(s.coreOf(s.toks))) == 1 {
		return 1, 0
	}
	if s.toks[i].word == "kia" && len(signless(s.coreOf(s.toks))) == 1 && !s.q.past {
		return 1, 2
	}
	return 0, 0
}

// nowWords is the length of "bây giờ", "right now" at i: today, where nothing else is said.
func nowWords(s *sitting, i int) int {
	switch {
	case s.saysAt(i, "ngay") && s.saysAt(i+1, "bây") && s.saysAt(i+2, "giờ"):
		return 3
	case s.saysAt(i, "bây") && s.saysAt(i+1, "giờ"), s.saysAt(i, "right") && s.saysAt(i+1, "now"):
		return 2
	case s.typedAt(i) == "now":
		return 1
	}
	return 0
}

// countedDay reads "3 ngày nữa", "cách đây 2 ngày", "in ten days", "a week ago".
func (s *sitting) countedDay(i int) (day, bool) {
	start, sign := i, 0
	switch {
	case s.saysAt(i, "cách") && s.saysAt(i+1, "đây"):
		i, sign = i+2, -1
	case s.saysAt(i, "in"):
		i, sign = i+1, 1
	case s.saysAt(i, "sau") && !s.saysAt(i+1, "ngày"):
		i, sign = i+1, 1
	}
	for s.saysAt(i, "khoảng", "tầm", "about", "chừng") {
		i++
	}
	x, n := s.numeralAt(i)
	if n == 0 && s.saysAt(i, "a", "an") {
		x, n = 1, 1
	}
	if n == 0 && s.saysAt(i, "tuần", "tháng") && s.saysAt(i+1, "nữa") && !s.saysAt(i-1, "vài", "mấy", "nửa") {
		return s.ahead(i, i+2), true
	}
	if n == 0 || x != float64(int(x)) || x > 400 {
		return day{}, false
	}
	j := i + n
	var per, months int
	switch {
	case s.saysAt(j, "ngày", "hôm", "bữa", "day", "days"):
		per = 1
	case s.saysAt(j, "tuần", "week", "weeks", "weeks'", "week's"):
		per = 7
	case s.saysAt(j, "fortnight", "fortnights"):
		per = 14
	case s.saysAt(j, "tháng", "month", "months") && x <= 12:
		months = 1
	default:
		return day{}, false
	}
	j++
	switch {
	case sign != 0:
		j-- // nothing behind it says which way
	case s.saysAt(j, "from") && s.saysAt(j+1, "now", "today"):
		sign, j = 1, j+1
	case s.saysAt(j, "nữa", "later"), months == 0 && s.saysAt(j, "sau"): // in the next ten days, "10 ngày tới", is no day
		sign = 1
	case s.saysAt(j, "trước", "ago", "rồi", "before"):
		sign = -1
	}
	if sign == 0 || start > i {
		return day{}, false
	}
	if months > 0 && sign < 0 { // whoever counts back in months does not mean a day
		return day{to: j + 1, unsure: true}, true
	}
	if months > 0 {
		return s.monthsAway(sign*int(x), j+1), true
	}
	return s.fromToday(sign*per*int(x), j+1), true
}

// ahead reads "tuần nữa" and "tháng nữa": one of them.
func (s *sitting) ahead(i, to int) day {
	if s.saysAt(i, "tuần") {
		return s.fromToday(7, to)
	}
	return s.monthsAway(1, to)
}

var weekdayWords = map[string]time.Weekday{"monday": 1, "mon": 1, "tuesday": 2, "tue": 2, "tues": 2, "wednesday": 3, "wed": 3, "thursday": 4, "thu": 4, "thur": 4, "thurs": 4, "friday": 5, "fri": 5, "saturday": 6, "sat": 6, "sunday": 0, "sun": 0}

// weekdayAt reads "thứ 7 này", "t7 tuần sau", "chủ nhật", "last Saturday".
func (s *sitting) weekdayAt(i int) (day, bool) {
	w, n := s.weekdayName(i)
	if n == 0 || s.saysAt(i-1, "black", "good", "cyber") { // Black Friday
		return day{}, false
	}
	to, week, given := s.weekSaid(i, i+n)
	today := s.today()
	monday := today.AddDate(0, 0, -int((today.Weekday()+6)%7))
	at := monday.AddDate(0, 0, int((w+6)%7)+7*week)
	d := day{to: to, weekday: true, given: given}
	if s.saysAt(to, "week") || s.saysAt(to, "before", "after") && s.saysAt(to+1, "last", "next") || s.saysAt(i-1, "on", "from") && s.saysAt(i-2, "week", "weeks") && !s.saysAt(i-3, "last", "next", "this") { // a week on Friday
		d.unsure = true
		return d, true
	}
	if s.saysAt(to, "tới") && !given { // the coming one, never today
		if !at.After(today) {
			at = at.AddDate(0, 0, 7)
		}
		d.to, given = to+1, true
	}
	switch {
	case given:
	case s.q.past:
		if at.After(today) {
			at = at.AddDate(0, 0, -7)
		}
		if at.Equal(today) && s.saysAt(i-1, "last") {
			return s.lastWeekday(w, to), true
		}
		d.unsure = at.Equal(today)
	default:
		if at.Before(today) {
			at = at.AddDate(0, 0, 7)
		}
		d.unsure = at.Equal(today)
	}
	d.year, d.month, d.day = at.Year(), int(at.Month()), at.Day()
	if s.saysAt(to, "vừa", "rồi", "trước") && !given { // thứ 7 vừa rồi
		return s.lastWeekday(w, to), true
	}
	return d, true
}

func (s *sitting) lastWeekday(w time.Weekday, to int) day {
	back := int((s.today().Weekday() - w + 7) % 7)
	if back == 0 {
		back = 7
	}
	for s.saysAt(to, "vừa", "rồi", "trước", "qua") {
		to++
	}
	d := s.fromToday(-back, to)
	d.weekday, d.relative = true, false
	return d
}

func (s *sitting) weekdayName(i int) (time.Weekday, int) {
	switch {
	case s.saysAt(i, "chủ", "chúa") && s.saysAt(i+1, "nhật"):
		return time.Sunday, 2
	case s.toks[i].typed == "cn":
		return time.Sunday, 1
	case s.saysAt(i, "thứ") && i+1 < len(s.toks) && !(s.toks[i].typed == "thu" && !s.vi), s.toks[i].typed == "t" && i+1 < len(s.toks) && s.toks[i+1].glued:
		x, n := s.numeralAt(i + 1)
		if d := digitWords[s.typedAt(i+1)]; n == 0 && d > 0 { // thứ bảy 28
			x, n = float64(d), 1
		}
		if n > 0 && x >= 2 && x <= 7 && x == float64(int(x)) {
			return time.Weekday(int(x) - 1), 1 + n
		}
	}
	if w, ok := weekdayWords[s.toks[i].typed]; ok && (s.toks[i].typed != "thu" || !s.vi) {
		return w, 1
	}
	return 0, 0
}

// weekSaid reads which week the weekday is in: before the name in English, behind it in Vietnamese.
func (s *sitting) weekSaid(i, to int) (end, week int, given bool) {
	if week, said := s.weekBefore(i); said {
		return to, week, true
	}
	if s.saysAt(to, "of") {
		to++
	}
	switch {
	case s.saysAt(to, "tuần") && s.saysAt(to+1, "sau", "tới") && s.saysAt(to+2, "nữa"):
		return to + 3, 2, true
	case s.saysAt(to, "this", "last") && s.saysAt(to+1, "week"):
		if s.saysAt(to, "last") {
			return to + 2, -1, true
		}
		return to + 2, 0, true
	case s.saysAt(to, "tuần") && s.saysAt(to+1, "này"):
		return to + 2, 0, true
	case s.saysAt(to, "tuần") && s.saysAt(to+1, "sau", "tới"):
		return to + 2, 1, true
	case s.saysAt(to, "tuần") && s.saysAt(to+1, "trước", "rồi", "vừa"):
		for s.saysAt(to+1, "trước", "rồi", "vừa") {
			to++
		}
		return to + 1, -1, true
	case s.saysAt(to, "này"):
		return to + 1, 0, true
	case s.saysAt(to, "sau") && !s.numeralStarts(to+1): // not "thứ 6 sau 3h"
		return to + 1, 1, true
	case s.saysAt(to, "next") && s.saysAt(to+1, "week"):
		return to + 2, 1, true
	case i > 0 && s.saysAt(i-1, "this"):
		return to, 0, true
	case i > 0 && s.saysAt(i-1, "next"):
		return to, 1, true
	}
	return to, 0, false
}

// weekBefore reads the week said before the day: "tuần sau, thứ 3", "next week on Friday".
func (s *sitting) weekBefore(i int) (week int, said bool) {
	for s.saysAt(i-1, ",", "vào", "on", "the") {
		i--
	}
	switch {
	case s.saysAt(i-2, "tuần") && s.saysAt(i-1, "này"), s.saysAt(i-2, "this") && s.saysAt(i-1, "week"):
		return 0, true
	case s.saysAt(i-2, "tuần") && s.saysAt(i-1, "sau", "tới"), s.saysAt(i-2, "next") && s.saysAt(i-1, "week"):
		return 1, true
	case s.saysAt(i-2, "tuần") && s.saysAt(i-1, "trước", "rồi"), s.saysAt(i-2, "last") && s.saysAt(i-1, "week"):
		return -1, true
	}
	return 0, false
}

// feastAt reads the feasts that have a fixed solar date.
func (s *sitting) feastAt(i int) (day, bool) {
	d, ok := s.feast(i)
	if ok {
		s.yearBehind(&d)
	}
	return d, ok
}

func (s *sitting) feast(i int) (day, bool) {
	switch {
	case s.saysAt(i, "christmas", "xmas") && s.saysAt(i+1, "eve"):
		return day{day: 24, month: 12, to: i + 2}, true
	case s.saysAt(i, "new") && s.saysAt(i+1, "year's", "years", "year") && s.saysAt(i+2, "eve"):
		return day{day: 31, month: 12, to: i + 3}, true
	case s.saysAt(i, "new") && s.saysAt(i+1, "year's", "years", "year") && s.saysAt(i+2, "day"):
		return day{day: 1, month: 1, to: i + 3}, true
	case s.saysAt(i, "tết") && s.saysAt(i+1, "dương", "tây"):
		return day{day: 1, month: 1, to: i + 2}, true
	case s.saysAt(i, "valentine", "valentine's", "valentines"):
		return day{day: 14, month: 2, to: i + 1}, true
	case s.saysAt(i, "halloween"):
		return day{day: 31, month: 10, to: i + 1}, true
	case s.saysAt(i, "đêm") && s.saysAt(i+1, "noel", "giáng"):
		return day{day: 24, month: 12, to: i + 2}, true
	case s.saysAt(i, "noel", "giáng", "christmas", "xmas"):
		return day{day: 25, month: 12, to: i + 1}, true
	case s.saysAt(i, "quốc") && s.saysAt(i+1, "khánh"):
		return day{day: 2, month: 9, to: i + 2}, true
	}
	return day{}, false
}
