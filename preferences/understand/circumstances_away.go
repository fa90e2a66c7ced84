package understand

import "github.com/hoidap/hoidap/preferences"

// awayThen: "thứ 6 đi vắng", "con ngủ từ 12h" say when not; in "25 bận 26 được" it is said of the day before.
func (s *sitting) awayThen() bool {
	if s.q.Kind == preferences.TimeWindow && s.thenFine(s.said.from) {
		return false
	}
	if s.awayAt(s.said.to) {
		return true
	}
	n := s.endsBefore(lexicon().awayBefore, s.said.from)
	if i := s.said.from - n; s.saysAt(i-1, "a", "the", "our") && s.saysAt(i, "meeting", "job") { // "let's have a meeting on Friday"
		return false
	}
	return n > 0 && !(s.q.Kind == preferences.Date && s.dayNumber(s.said.from-n-1))
}

// awayAt: right behind a day or a time, at i, it is said not to suit.
func (s *sitting) awayAt(i int) bool {
	if s.busyAt(i) || i < len(s.toks) && !s.toks[i].ends() && s.busyAt(i+1) {
		return true
	}
	return lexicon().away.at(s.toks, i) > 0 || i < len(s.toks) && !s.toks[i].ends() && lexicon().away.at(s.toks, i+1) > 0
}

// busyAt: somebody is busy on the day before i ("chủ nhật cả nhà về quê"). What the question says of its days is an answer to it
// ("đi làm" to "Bạn đi làm ngày nào?"), and so is what goes well then ("t7 bé đi học được").
func (s *sitting) busyAt(i int) bool {
	n := lexicon().busyBehind.at(s.toks, i)
	if n == 0 || s.saysAt(i+n, "được", "ok", "oke", "bình", "về", "xong", "thử") {
		return false
	}
	return !s.q.says(s.toks[max(i, i+n-2) : i+n])
}

// obstructed: a yes that goes on with what stands against it: "muốn mà ngại".
func (s *sitting) obstructed() bool {
	v := lexicon()
	for i := s.said.to; i < len(s.toks) && i < s.said.to+4; i++ {
		if s.saysAt(i, "mà", "nhưng", "but", "tiếc", "cơ") {
			rest := s.toks[i+1:]
			for k := 0; k < min(3, len(rest)); k++ {
				if v.obstacle.at(rest, k) > 0 {
					return true
				}
			}
		}
	}
	return false
}

// anothersAddress: "mail vợ mình là ..." is not the customer's.
func (s *sitting) anothersAddress() bool {
	v := lexicon()
	at := 0
	for at < len(s.toks) && !s.saysAt(at, "@") {
		at++
	}
	for at > 0 && at < len(s.toks) && s.toks[at].glued { // dad.pham@mail.com
		at--
	}
	before := s.toks[:at]
	i, n := v.others.find(before)
	if n == 0 {
		i, n = v.strangers.find(before)
	}
	return n > 0 && !s.q.asksAbout[before[i].key]
}
