package understand

import (
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// dayAlone reads "ngày 25" as the nearest such day; a bare number only where nothing else is said.
func (s *sitting) dayAlone(d day, named bool) (day, bool) {
	if s.saysAt(d.to, "tây", "dương") {
		named = true
		d.to++
	}
	if s.saysAt(d.to, "này") && d.to == d.from+1 && d.day > 7 { // 28 này
		return s.inMonth(d, 0, d.to+1), true
	}
	named = named || s.onlyADay(d)
	if !named && !(s.cutDay && s.nothingBehind(d.to)) || s.q.yearly || s.saysAt(d.to, "nữa", "trước", "ngày", "tháng", "năm", "tuần") || d.day > 31 {
		return day{}, false
	}
	return s.nearestMonth(d), true
}

// onlyADay: a number of two digits' worth that stands where a date would, with nothing that it could count: "28", "hai mươi
// tám", "giao 28 nha", "chiều 28". A smaller one may be a weekday.
func (s *sitting) onlyADay(d day) bool {
	const smallest = 9
	if d.day < smallest || d.day > 31 || s.q.yearly || s.cut {
		return false
	}
	if s.hourAt(d.to-1) || s.saysAt(d.from-1, ":") && s.toks[d.from].glued { // 15:30
		return false
	}
	if d.to == d.from+2 && digitKeys[s.toks[d.from].key] > 0 && digitKeys[s.toks[d.from+1].key] > 0 { // "hai tám" may be the second of August
		return false
	}
	comes := s.saysAt(d.to, "mình", "em", "chị", "anh", "tui", "tôi", "i", "i'll", "we") && s.saysAt(d.to+1, "qua", "tới", "đến", "ghé", "lấy", "nhận", "rảnh", "sẽ", "come", "can", "will")
	if i := d.to; !comes && !s.nothingBehind(i) && !s.awayAt(i) && !s.saysAt(i, "được", "đi", "hoặc", "hay", "ok", "bận", "thì", "nhưng", "vì", "nên", "không", "rảnh", "and", "or", "but", "works", "is", "because") {
		return false
	}
	i := d.from - 1
	return i < 0 || s.toks[i].ends() || s.partAt(i) != "" || lexicon().prefer.at(s.toks, i) > 0 || s.endsBefore(lexicon().lead, d.from) > 0 ||
		s.saysAt(i, "on", "giao", "nhận", "đặt", "đi", "tới", "phải", "là", "nên", "thì", "mà", "hoặc", "hay", "đừng", "trước", "sau", "từ", "bận", "được", "not", "or", "deliver", "come", "by", "before", "after")
}

// excepted: "hôm nào cũng được trừ t7", "any day except Friday".
func (s *sitting) excepted(i int) bool {
	for s.saysAt(i-1, "ngày", "hôm", "buổi", "giờ", "khung", "lúc", "on", "the", "for", "from", "ra") {
		i--
	}
	return s.saysAt(i-1, "trừ", "except", "excluding") || s.saysAt(i-1, "but") && s.anyBefore(i-1)
}

// anotherDay: of "28 nov, no 29" the second is no date by itself, and takes the first back all the same.
func (s *sitting) anotherDay(i int) bool {
	for s.saysAt(i, ",", ".", "no", "không", "à", "uh", "ah", "or", "hoặc", "hay") {
		i++
	}
	if !s.saysAt(i-1, "no", "không", "à", "uh", "ah", "or", "hoặc", "hay") || i >= len(s.toks) || s.toks[i].kind != numberToken {
		return false
	}
	x, ok := smallInt(s.toks[i].word)
	return ok && x >= 1 && x <= 31 && s.nothingBehind(i+1)
}

// bareDay is the nearest day of a number that is all that was said: "25", "24 đi".
func (s *sitting) bareDay() *Reading {
	if s.q.yearly {
		return nil
	}
	lo, hi := s.coreBounds(s.toks)
	if hi != lo+1 || s.toks[lo].kind != numberToken || len(s.toks[lo].word) > 2 {
		return nil
	}
	x, ok := smallInt(s.toks[lo].word)
	if !ok || x < 1 || x > 31 {
		return nil
	}
	value, ok := s.settle(s.nearestMonth(day{day: x, from: lo, to: hi}))
	if !ok {
		return nil
	}
	r := s.answered(preferences.Value{Kind: preferences.Date, Text: value}, "date-perhaps", maybe, lo, hi)
	return &r
}

// nearestMonth finds the month for a day of the month, before or after today as the question asks.
func (s *sitting) nearestMonth(d day) day {
	today := s.today()
	step := 1
	if s.q.past {
		step = -1
	}
	for k := 0; k < 3; k++ {
		first := time.Date(today.Year(), today.Month()+time.Month(step*k), 1, 0, 0, 0, 0, time.UTC)
		at := first.AddDate(0, 0, d.day-1)
		if at.Month() != first.Month() || step > 0 && at.Before(today) || step < 0 && at.After(today) {
			continue
		}
		d.year, d.month = at.Year(), int(at.Month())
		return d
	}
	d.unsure = true
	return d
}

func (s *sitting) inMonth(d day, ahead, to int) day {
	first := time.Date(s.ask.Now.Year(), s.ask.Now.Month()+time.Month(ahead), 1, 0, 0, 0, 0, time.UTC)
	d.year, d.month, d.to = first.Year(), int(first.Month()), to
	return d
}
