package understand

import (
	"fmt"
	"slices"
	"time"
)

// Days that are said and are not the answer: they explain another, are ruled out, or others named them.

// tellsWhy: the day is somebody's occasion, has passed, or stands in a reason: "27/11, vì 28/11 đám cưới", "1/12 lương về nên giao
// 2/12", "hôm qua đặt rồi, giao 28 đi".
func (s *sitting) tellsWhy(d day) bool {
	if s.q.yearly || s.q.past {
		return false
	}
	v := lexicon()
	if d.relative && validDay(d.year, d.month, d.day) && time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).Before(s.today()) {
		return true
	}
	if s.saysAt(d.to, "nghỉ") || s.endsBefore(v.otherEvent, d.from) > 0 && !s.q.echoes(v.otherEvent) {
		return true
	}
	if v.occasion.at(s.toks, d.to) > 0 || s.endsBefore(v.occasion, d.from) > 0 {
		return !s.q.echoes(v.occasion)
	}
	for i := d.from - 1; i >= 0 && i > d.from-5 && !s.toks[i].ends(); i-- {
		if s.saysAt(i, "vì", "tại", "because", "cuz", "cos") && !s.saysAt(i-1, "thay") {
			return true
		}
	}
	for i := d.to; i < len(s.toks) && i < d.to+6; i++ {
		if s.saysAt(i, "nên") && !s.saysAt(i-1, "cho") || s.saysAt(i, "so") && i > d.to {
			for k := i + 1; k < len(s.toks) && k < i+5; k++ {
				if _, ok := s.dayAt(k); ok {
					return true
				}
			}
		}
	}
	return false
}

// bidsNot: "đừng", "don't", and chớ where it has its mark: without, it is cho.
func (s *sitting) bidsNot(i int) bool {
	return s.saysAt(i, "đừng", "don't", "dont") || s.saysAt(i, "chớ") && s.toks[i].marked
}

// daysTaken is the end of a stretch of days from i on that does not suit ("t2 tới t6 đi làm nên thôi, t7"); 0 for none.
func (s *sitting) daysTaken(i int) int {
	j := s.dayNameEnd(i)
	if j == 0 {
		return 0
	}
	n := lexicon().rangeWords.at(s.toks, j)
	to := s.dayNameEnd(j + n)
	if n == 0 || to == 0 || s.saysAt(to, "/", "-", "tháng", ":") || !s.takenUp(to) && !s.busyBefore(i) {
		return 0
	}
	return to
}

// dayNameEnd is the end of a weekday or of the number of a day at i; 0 where there is none.
func (s *sitting) dayNameEnd(i int) int {
	if i >= len(s.toks) {
		return 0
	}
	if _, n := s.weekdayName(i); n > 0 {
		return i + n
	}
	if s.dayNumber(i) {
		return i + 1
	}
	return 0
}

// ofAskedVerb keeps the day of what the question asks about: of "nhận 31/12, trả 2/1" the first to "Nhận phòng ngày nào?".
func (s *sitting) ofAskedVerb(found []day) []day {
	if len(found) != 2 || s.q.yearly || s.q.past {
		return found
	}
	asked := func(d day) (echoed, named bool) {
		i := d.from - 1
		for s.saysAt(i, "ngày", "hôm", "phòng", "on", "the", "in", "out", "vào") {
			i--
		}
		if i < 0 || s.toks[i].kind != wordToken {
			return false, false
		}
		return s.q.echo[s.toks[i].key] || s.q.says(s.toks[i:i+1]), true
	}
	a, named := asked(found[0])
	b, other := asked(found[1])
	if !named || !other || a == b || !s.endsBetween(found[0].to, found[1].from) {
		return found
	}
	if a {
		return found[:1]
	}
	return found[1:]
}

// withoutDay drops the day that d says again to rule it out: "mai đi, à mai bận".
func (s *sitting) withoutDay(found []day, d day) []day {
	out, ok := s.settle(d)
	return slices.DeleteFunc(found, func(f day) bool {
		v, fine := s.settle(f)
		return ok && fine && v == out
	})
}

// cannotThen: "không đến lấy hôm 28 được", "không qua được hôm 28", "hôm 28 không qua được".
func (s *sitting) cannotThen(d day) bool {
	const reach = 5
	for k := d.from - 1; k >= 0 && k >= d.from-reach && !s.toks[k].ends(); k-- {
		if s.saysAt(k, "nhưng", "mà", "nên", "thì") {
			break
		}
		if !s.saysAt(k, "không", "chưa", "chẳng", "chả") {
			continue
		}
		return s.saysAt(d.to, "được", "nổi", "kịp") || s.saysAt(d.from-1, "được", "nổi", "kịp") && k < d.from-1
	}
	for k := d.to; k < d.to+2; k++ {
		if s.cannot(k, len(s.toks)) {
			return true
		}
	}
	return false
}

// quotes: "i was told dec 3", "bên em hẹn mùng 3" say what others said, and not what the customer wants.
func (s *sitting) quotes(d day) bool {
	return !s.q.past && !s.q.yearly && s.endsBefore(lexicon().quoted, d.from) > 0
}

// forbidden: "đừng giao mai", "can't come on Friday": the clause says that it is not this day.
func (s *sitting) forbidden(i int) bool {
	for k := i - 1; k >= 0 && k >= i-4 && !s.toks[k].ends(); k-- {
		if s.saysAt(k, "but", "nhưng", "mà", "nên", "so") { // "can't do friday but saturday works"
			return false
		}
		if (s.bidsNot(k) || s.saysAt(k, "tránh", "can't", "cant", "cannot", "avoid")) && !s.saysAt(k+1, "mind", "care", "wait", "know") {
			return true
		}
	}
	return false
}

// tellingDays leaves the day that is only named, where clauses tell of the others why they are not it: "3/12, mai thì gấp quá".
func (s *sitting) tellingDays(found []day) []day {
	if len(found) < 2 || len(found) > maxMentions || s.q.yearly || s.q.past || lexicon().putTo.in(s.toks) {
		return found
	}
	values := map[string]int{}
	ms := make([]mention, len(found))
	for k, d := range found {
		value, ok := s.settle(d)
		if !ok {
			value = fmt.Sprint(k)
		}
		if _, seen := values[value]; !seen {
			values[value] = k
		}
		ms[k] = mention{option: values[value], from: d.from, to: d.to}
	}
	if sameOption(ms) {
		return found
	}
	kept := s.contrasted(ms, saidEnoughOfTime)
	if len(kept) != 1 {
		return found
	}
	return found[kept[0].option : kept[0].option+1]
}

// movedFrom: of "dời từ 28/11 sang 1/12" the first is the day that it was.
func (s *sitting) movedFrom(d day) bool {
	const reach = 4
	i := d.from - 1
	for s.saysAt(i, "ngày", "hôm", "the") {
		i--
	}
	if !s.saysAt(i, "từ", "from") {
		return false
	}
	to := d.to
	for s.saysAt(to, "giờ", "nay", "bs", "bác", "sĩ", "it", "the") {
		to++
	}
	if !s.saysAt(to, "sang", "qua", "thành", "đến", "tới", "to", "till", "until") {
		return false
	}
	for k := i - 1; k >= 0 && k >= i-reach; k-- {
		if s.saysAt(k, "dời", "dịch", "lùi", "hoãn", "đẩy", "chuyển", "đổi", "moved", "move", "changed", "change", "pushed", "push", "shifted", "shift", "rescheduled", "reschedule", "postponed", "postpone") {
			return true
		}
	}
	return false
}
