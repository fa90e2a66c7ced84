package understand

import (
	"fmt"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// day is a date as far as it was said; year 0 where it was not.
type day struct {
	year, month, day int
	from, to         int
	relative         bool // counted from today
	weekday          bool
	given            bool // the week of the weekday was said
	unsure           bool // two dates fit what was said
}

// date reads one day. Months, weeks and seasons are no dates, and lunar ones have no place in the format.
func (s *sitting) date() Reading {
	if s.onlyAsks() {
		return unclear("counter-question")
	}
	if s.lunar() {
		return unclear("lunar-date")
	}
	var found, why []day // why: days that only explain another one
	for i := 0; i < len(s.toks); {
		if to := s.daysTaken(i); to > 0 {
			s.note("denied", s.words(i, to))
			i = to
			continue
		}
		d, ok := s.dayAt(i)
		switch {
		case !ok:
			i++
			continue
		case s.orAnother(d):
			return unclear("two-dates")
		case s.askedAt(i):
		case s.denied(i) || s.takenUp(d.to) || s.forbidden(i) || s.cannotThen(d) || s.excepted(i):
			s.note("denied", s.words(d.from, d.to))
			found = s.withoutDay(found, d)
		case s.movedFrom(d):
			s.note("moved-from", s.words(d.from, d.to))
		case s.quotes(d):
			s.note("quoted", s.words(d.from, d.to))
		case len(found) > 0 && s.endsBefore(lexicon().fallback, d.from) > 0:
			s.note("fallback", s.words(d.from, d.to))
		case s.tellsWhy(d):
			why = append(why, d)
		default:
			found = append(found, d)
		}
		i = d.to
	}
	if len(found) == 0 && !(len(why) > 0 && s.saysAt(why[0].to, "nghỉ") && hasMore(s.toks, why[0].to+1)) {
		found = why
	}
	if len(found) == 0 {
		if rule, ok := s.undecided(s.toks); ok {
			return unclear(rule)
		}
		return unclear("no-date")
	}
	return s.oneDay(found)
}

// oneDay settles on one date where several were said.
func (s *sitting) oneDay(found []day) Reading {
	if n := len(found); n > 1 && s.ahBefore(found[n-1].from) {
		found = found[n-1:]
	}
	found = s.tellingDays(s.ofAskedVerb(found))
	first := found[0]
	if s.anotherDay(first.to) {
		return unclear("two-dates")
	}
	if len(found) == 2 && first.weekday != found[1].weekday {
		if d, ok := s.namedTwice(found[0], found[1]); ok {
			first, found = d, nil
		}
	}
	value, ok := s.settle(first)
	if !ok {
		return unclear("impossible-date")
	}
	for _, d := range found[min(1, len(found)):] {
		v, ok := s.settle(d)
		if ok && v == value || d.relative && !first.relative && s.q.yearly || s.forFeast(d) && !s.forFeast(first) || s.feastBeside(first, d) {
			continue
		}
		return unclear("two-dates")
	}
	if lexicon().atLeastAfter.at(s.toks, first.to) > 1 || s.rangeBehind(first.to) || s.openEnded(first.from) || s.weekOf(first.from) {
		return unclear("date-range")
	}
	confidence := 0.96
	if first.relative || first.weekday {
		confidence = 0.93
	}
	return s.answered(preferences.Value{Kind: preferences.Date, Text: value}, "date", confidence, first.from, first.to)
}

// forFeast: "24 tháng 12 đi noel" is on that day for the feast, not on it.
func (s *sitting) forFeast(d day) bool {
	_, feast := s.feast(d.from)
	return feast && s.saysAt(d.from-1, "đi", "đón", "chơi", "mừng", "ăn", "dịp", "trước", "gần", "cho", "for", "before", "near")
}

// feastBeside: in a clause of its own behind a date a feast is why: "2/1 ạ, được nghỉ tết tây".
func (s *sitting) feastBeside(first, d day) bool {
	if _, feast := s.feast(first.from); feast || !s.endsBetween(first.to, d.from) {
		return false
	}
	lo, hi := s.clauseAround(d.from, d.to)
	_, feast := s.feast(d.from)
	return feast && len(s.coreOf(s.toks[lo:hi])) > d.to-d.from
}

// namedTwice: a date with its weekday ("Tuesday, December 15"), if they agree.
func (s *sitting) namedTwice(a, b day) (day, bool) {
	if a.weekday {
		a, b = b, a
	}
	value, ok := s.settle(a)
	if !ok || a.relative {
		return day{}, false
	}
	at, err := time.Parse("2006-01-02", value)
	named := time.Date(b.year, time.Month(b.month), b.day, 0, 0, 0, 0, time.UTC)
	a.from = min(a.from, b.from)
	return a, err == nil && at.Weekday() == named.Weekday() && !(b.given && at != named)
}

// lunar looks for words of the lunar calendar.
func (s *sitting) lunar() bool {
	for i := range s.toks {
		t := &s.toks[i]
		switch {
		case s.saysAt(i, "tết") && s.saysAt(i+1, "dương", "tây"):
		case s.saysAt(i, "rằm") && s.saysAt(i-1, "cúng", "ăn", "lo"): // what somebody does on a day
		case s.saysAt(i, "âm") && !(t.loose && i == 0) && !s.saysAt(i-1, "siêu"), s.saysAt(i, "rằm", "tết", "giêng", "chạp"), t.typed == "al", t.typed == "âl", s.saysAt(i, "giao") && s.saysAt(i+1, "thừa"), s.saysAt(i, "lunar", "tet"):
			return true
		}
	}
	return false
}

// settle gives the date its year and checks that it exists and fits the question.
func (s *sitting) settle(d day) (string, bool) {
	if d.unsure {
		return "", false
	}
	today := s.today()
	if d.year == 0 {
		if s.q.yearly {
			return fmt.Sprintf("--%02d-%02d", d.month, d.day), validDay(2000, d.month, d.day)
		}
		d.year = s.nearestYear(d, today)
	}
	if !validDay(d.year, d.month, d.day) {
		return "", false
	}
	at := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	if s.q.yearly && d.relative && !(s.aboutChild() && s.asksBirth() && !at.After(today)) { // "tomorrow!" to when somebody's birthday is
		return at.Format("--01-02"), true
	}
	switch {
	case s.q.yearly && (at.After(today) || today.Year()-d.year > 120), s.q.past && at.After(today), !s.q.yearly && !s.q.past && at.Before(today):
		return "", false
	}
	return at.Format("2006-01-02"), true
}

func (s *sitting) nearestYear(d day, today time.Time) int {
	at := time.Date(today.Year(), time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	switch {
	case s.q.past && at.After(today):
		return today.Year() - 1
	case !s.q.past && at.Before(today):
		return today.Year() + 1
	}
	return today.Year()
}

// today is the customer's day, at midnight UTC to count from.
func (s *sitting) today() time.Time {
	y, m, d := s.ask.Now.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func validDay(y, m, d int) bool {
	if m < 1 || m > 12 || d < 1 || d > 31 || y < 1900 || y > 2200 {
		return false
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() == d
}

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
	return i < 0 || s.toks[i].ends() || s.partAt(i) != "" || lexicon().prefer.at(s.toks, i) > 0 || lexicon().lead.at(s.toks, i) > 0 ||
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
