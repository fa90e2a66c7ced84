package understand

import (
	"fmt"
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
