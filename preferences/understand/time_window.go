package understand

import (
	"fmt"

	"github.com/hoidap/hoidap/preferences"
)

// The parts of the day, in minutes from midnight.
type dayPart struct{ from, to int }

var dayParts = map[string]dayPart{
	"morning": {6 * 60, 11 * 60}, "noon": {11 * 60, 13 * 60}, "afternoon": {13 * 60, 18 * 60}, "evening": {18 * 60, 22 * 60},
}

// The hours in which a message may be wanted; a bare "2h" is read inside them.
const dayStart, dayEnd = 6 * 60, 22 * 60

// clock is a time of day as said.
type clock struct {
	minutes  int
	part     string // the part of the day said with it
	full     bool   // cannot be meant as a 12-hour time
	from, to int
}

// timeWindow reads one stretch of the day, or one end of it. A point in time is no window.
func (s *sitting) timeWindow() Reading {
	if s.onlyAsks() {
		return unclear("counter-question")
	}
	clocks := s.withoutReasons(s.clocks())
	if len(clocks) == 0 {
		return s.partsOnly()
	}
	if len(clocks) > 2 || s.askedAt(clocks[0].from) {
		return unclear("several-times")
	}
	if last := clocks[len(clocks)-1]; s.excepted(clocks[0].from) || len(clocks) == 2 && s.outside(clocks[0].from) || s.takenUp(last.to) || s.forbids(last.to) || s.busyUntil(clocks[0].from) || len(clocks) == 2 && s.forbidden(clocks[0].from) {
		return unclear("ruled-out")
	}
	part, ok := s.partFor(clocks)
	if !ok {
		return unclear("several-parts")
	}
	if len(clocks) == 2 {
		return s.between(clocks[0], clocks[1], part)
	}
	return s.oneSided(clocks[0], part)
}

// clocks finds the times said.
func (s *sitting) clocks() []clock {
	var out []clock
	for i := 0; i < len(s.toks); {
		c, ok := s.clockAt(i)
		if !ok {
			i++
			continue
		}
		c.from = i
		out = append(out, c)
		i = c.to
	}
	return out
}

// clockAt reads 18h30, 7:30, 8 rưỡi, 6 pm, 9 giờ kém 15.
func (s *sitting) clockAt(i int) (clock, bool) {
	for _, read := range [...]func(int) (clock, bool){s.middayAt, s.englishClock, s.militaryClock} {
		if c, ok := read(i); ok {
			return c, true
		}
	}
	if s.toks[i].glued && i > 0 && s.toks[i-1].kind == wordToken {
		return clock{}, false
	}
	x, n := s.numeralAt(i)
	if n == 0 || x > 30 || x < 0 {
		return clock{}, false
	}
	if s.saysAt(i+n, "tiếng", "hours", "hour", "hrs", "hr", "phút", "minutes", "mins", "min", "rưỡi") && s.isDuration(i+n) {
		return clock{}, false
	}
	h := int(x)
	c := clock{minutes: h * 60, to: i + n}
	if x != float64(h) { // 7.30
		m := int((x-float64(h))*100 + 0.5)
		if m >= 60 || s.toks[i].kind != numberToken {
			return clock{}, false
		}
		c.minutes += m
	}
	unitSaid := false
	switch {
	case s.saysAt(c.to, "h", "g", "giờ", "gio"):
		c.to, unitSaid = c.to+1, true
		s.minutesBehind(&c)
	case s.saysAt(c.to, ":") && c.to+1 < len(s.toks) && s.toks[c.to+1].kind == numberToken && s.toks[c.to+1].glued:
		m, _ := smallInt(s.toks[c.to+1].word)
		if m > 59 {
			return clock{}, false
		}
		c.minutes += m
		c.to, unitSaid = c.to+2, true
		switch {
		case s.saysAt(c.to, "h"):
			c.to++
		case s.saysAt(c.to, ":") && c.to+1 < len(s.toks) && s.toks[c.to+1].kind == numberToken && s.toks[c.to+1].glued: // 10:00:00
			c.to += 2
		}
	case s.saysAt(c.to, "rưỡi", "rưởi"), s.typedAt(c.to) == "r" && s.toks[c.to].glued: // sau 5r chiều
		c.minutes += 30
		c.to++
	case s.saysAt(c.to, "o'clock", "oclock"):
		c.to, unitSaid = c.to+1, true
	}
	c.full = h > 12 || h == 0
	if s.saysAt(c.to, "nữa") && unitSaid { // 2h nữa
		return clock{}, false
	}
	s.partBehind(&c)
	if c.part == "" && !unitSaid && !s.timeBeside(i, c.to) {
		return clock{}, false
	}
	return c, true
}

func (s *sitting) rangeBeside(i int) bool {
	v := lexicon()
	return i > 0 && (v.rangeWords.at(s.toks, i-1) > 0 || s.saysAt(i-1, "after", "before", "until", "from", "till"))
}

func (s *sitting) minutesBehind(c *clock) {
	switch {
	case c.to < len(s.toks) && s.toks[c.to].kind == numberToken && (s.toks[c.to].glued || len(s.toks[c.to].word) == 2 && !s.saysAt(c.to+1, "h", "giờ", "g")):
		if m, ok := smallInt(s.toks[c.to].word); ok && m < 60 {
			c.minutes += m
			c.to++
			if s.saysAt(c.to, "p", "phút") {
				c.to++
			}
		}
	case s.saysAt(c.to, "rưỡi", "rưởi"):
		c.minutes += 30
		c.to++
	case s.saysAt(c.to, "kém"):
		if x, n := s.numeralAt(c.to + 1); n > 0 {
			c.minutes -= int(x)
			c.to += 1 + n
		}
	}
}

// partBehind takes in "tối", "chiều", "pm" right behind a time.
func (s *sitting) partBehind(c *clock) {
	k := c.to
	if s.saysAt(k, "buổi", "giờ", "o'clock", "oclock") {
		k++
	}
	switch {
	case s.saysAt(k, "in") && s.saysAt(k+1, "the"):
		k += 2
	case s.saysAt(k, "at") && s.saysAt(k+1, "night"):
		c.part, c.to = "night", k+2
		return
	}
	if p := s.partAt(k); p != "" {
		c.part, c.to = p, k+1
		return
	}
	if s.saysAt(k, "am", "a.m") && k < len(s.toks) {
		c.part, c.to = "am", k+1
	}
	if s.saysAt(k, "pm") {
		c.part, c.to = "pm", k+1
	}
	if s.saysAt(k, "a", "p") && s.saysAt(k+1, ".") && s.saysAt(k+2, "m") { // p.m.
		c.part, c.to = s.toks[k].typed+"m", k+3
		if s.saysAt(c.to, ".") {
			c.to++
		}
	}
	if s.saysAt(k, "đêm", "khuya") {
		c.part, c.to = "night", k+1
	}
}

// partAt names the part of the day that token i says.
func (s *sitting) partAt(i int) string {
	if i < 0 || i >= len(s.toks) || s.toks[i].kind != wordToken {
		return ""
	}
	t := &s.toks[i]
	part := dayPartWords[t.word]
	if part == "" {
		part = dayPartWords[t.typed]
	}
	if s.saysAt(i-1, "good") && i < 2 || s.saysAt(i-1, "buổi") && s.saysAt(i-2, "chào") { // a greeting
		return ""
	}
	if part == "" && t.loose && !t.marked {
		part = dayPartKeys[t.key]
	}
	switch {
	case t.key == "toi" && !s.evening(i), t.key == "sang" && t.loose && s.saysAt(i+1, "sớm"):
		return ""
	}
	return part
}

// dayPartWords name the parts of the day, as they are written and by their keys.
var (
	dayPartWords = byWord("times", "day-parts")
	dayPartKeys  = keyed(dayPartWords)
)

// evening: unmarked toi is also I and "to".
func (s *sitting) evening(i int) bool {
	if s.toks[i].marked {
		return true
	}
	if s.saysAt(i-1, "cho", "gọi", "giúp", "giùm", "của") { // "goi cho toi tu 9h"
		return false
	}
	if i > 0 && (s.saysAt(i-1, "buổi", "h", "giờ", "g", "hoặc", "hay") || s.toks[i-1].kind == numberToken) {
		return i+1 >= len(s.toks) || s.toks[i+1].kind != numberToken
	}
	if i > 1 && lexicon().rangeWords.at(s.toks, i-1) > 0 && s.partAt(i-2) != "" {
		return true
	}
	if s.hoursBehind(i+1) || s.saysAt(i+1, "từ", "khoảng", "tầm") && s.hoursBehind(i+2) {
		return true
	}
	lo, hi := s.coreBounds(s.toks)
	return lo == i && hi == i+1
}

// hoursBehind: "7h den 8h ruoi", "8-9h" are a stretch of time, so that the "toi" before it is none of its ends.
func (s *sitting) hoursBehind(i int) bool {
	_, n := s.numeralAt(i)
	if n == 0 {
		return false
	}
	j := i + n
	hours := s.saysAt(j, "h", "g", "giờ")
	for hours && j < len(s.toks) && (s.saysAt(j, "h", "g", "giờ", "rưỡi") || s.toks[j].kind == numberToken) {
		j++
	}
	if lexicon().rangeWords.at(s.toks, j) == 0 {
		return false
	}
	_, n = s.numeralAt(j + 1)
	return n > 0 && (hours || s.saysAt(j+1+n, "h", "g", "giờ"))
}

// timeBeside: a bare number is a time beside another, or behind sau, trước, từ.
func (s *sitting) timeBeside(i, j int) bool {
	v := lexicon()
	if j < len(s.toks) && v.quantityNouns.at(s.toks, j) > 0 && !s.saysAt(j, "am", "pm") {
		return false
	}
	if s.hoursSideBySide(i, j) || j > 0 && s.saysAt(i-1, "to") && s.saysAt(i-2, "up") {
		return true
	}
	if i > 0 && (s.saysAt(i-1, "sau", "trước", "từ", "after", "before", "from", "between", "until", "till", "by", "past") || i > 1 && v.rangeWords.at(s.toks, i-1) > 0 || s.saysAt(i-1, "and") && i > 2) {
		return true
	}
	return j+1 < len(s.toks) && v.rangeWords.at(s.toks, j) > 0 && s.numeralStarts(j+1)
}

// hoursSideBySide: "8 9h tối" is from eight to nine.
func (s *sitting) hoursSideBySide(i, j int) bool {
	a, n := s.numeralAt(i)
	b, m := s.numeralAt(j)
	return n > 0 && m > 0 && i+n == j && b == a+1 && s.saysAt(j+m, "h", "g", "giờ")
}

func (s *sitting) numeralStarts(i int) bool {
	_, n := s.numeralAt(i)
	return n > 0
}

// partFor returns the part of the day said elsewhere in the reply ("sáng từ 7h30 đến 9h"), if it is one.
func (s *sitting) partFor(clocks []clock) (string, bool) {
	part := ""
	for i := 0; i < len(s.toks); i++ {
		inside := false
		for _, c := range clocks {
			inside = inside || i >= c.from && i < c.to
		}
		p := s.partAt(i)
		if inside || p == "" || s.excludedPart(i) {
			continue
		}
		lo, hi := s.clauseAround(i, i+1)
		if (clocks[0].from < lo || clocks[0].from >= hi) && len(signless(s.coreOf(s.toks[lo:hi]))) > 1 { // "morning, before 9" is of one time
			continue
		}
		if part != "" && part != p {
			return "", false
		}
		part = p
	}
	return part, true
}

// partsOnly reads replies without a clock time: "buổi tối", "sáng đến trưa".
func (s *sitting) partsOnly() Reading {
	var found []int
	for i := range s.toks {
		if s.partAt(i) != "" && (!s.excludedPart(i) || s.thenFine(i)) && !s.askedAt(i) && !s.aside(i) {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		if s.officeHours() {
			return s.window(8*60, 17*60, 0, len(s.toks), 0.85, "office-hours")
		}
		if rule, ok := s.undecided(s.toks); ok {
			return unclear(rule)
		}
		return unclear("no-time")
	}
	found = s.tellingParts(found)
	if len(found) == 0 {
		return unclear("ruled-out")
	}
	first, last := found[0], found[len(found)-1]
	a, b := s.partAt(first), s.partAt(last)
	switch {
	case a == b:
		if s.oneSidedPart(first) {
			return unclear("part-side")
		}
		return s.window(dayParts[a].from, dayParts[a].to, first, first+1, 0.95, "day-part")
	case len(found) == 2 && last == first+2 && lexicon().rangeWords.at(s.toks, first+1) > 0 && dayParts[a].from < dayParts[b].from,
		len(found) == 2 && last == first+3 && s.saysAt(last-1, "buổi", "the") && lexicon().rangeWords.at(s.toks, first+1) > 0 && dayParts[a].from < dayParts[b].from:
		return s.window(dayParts[a].from, dayParts[b].to, first, last+1, 0.9, "day-parts")
	}
	return unclear("several-parts")
}

// aside: a part of the day that belongs to a date ("sáng mai") or to an unnamed time ("sáng sớm", "chiều tối").
func (s *sitting) aside(i int) bool {
	if s.saysAt(i, "chiều") && s.saysAt(i+1, "tối") || s.saysAt(i, "tối") && s.saysAt(i-1, "chiều") || s.saysAt(i-1, "-") && s.saysAt(i-2, "late", "early") {
		return true
	}
	k := i
	for s.saysAt(k-1, "buổi", "giờ", "the") {
		k--
	}
	if s.saysAt(k-1, "đầu", "cuối", "giữa") || s.saysAt(k-1, "of") && s.saysAt(k-2, "end", "start", "beginning", "middle") { // đầu giờ chiều
		return true
	}
	return s.saysAt(i+1, "sớm", "muộn") || i > 0 && s.saysAt(i-1, "xế", "late", "early", "ban") && s.saysAt(i-1, "xế", "late", "early")
}

func (s *sitting) oneSidedPart(i int) bool {
	k := i
	for k > 0 && s.saysAt(k-1, "buổi", "giờ", "nghỉ", "the", "bữa", "ăn", "cơm", "khi", "lúc") {
		k--
	}
	return k > 0 && s.saysAt(k-1, "sau", "trước", "after", "before", "until") && !s.saysAt(k-1, "tới")
}

func (s *sitting) officeHours() bool {
	for i := range s.toks {
		if s.saysAt(i, "giờ") && s.saysAt(i+1, "hành") && s.saysAt(i+2, "chính") {
			return !s.saysAt(i+3, "trừ") && !(i > 0 && s.saysAt(i-1, "ngoài", "sau", "trước", "hết", "trừ", "ngoại", "tránh", "đừng"))
		}
		if s.saysAt(i, "office", "business", "working") && s.saysAt(i+1, "hours") {
			return !(i > 0 && s.saysAt(i-1, "after", "outside", "before", "except", "not"))
		}
	}
	return false
}

func (s *sitting) window(from, to, i, j int, confidence float64, rule string) Reading {
	v := preferences.Value{Kind: preferences.TimeWindow}
	if from >= 0 {
		v.From = fmt.Sprintf("%02d:%02d", from/60, from%60)
	}
	if to >= 0 {
		v.To = fmt.Sprintf("%02d:%02d", to/60, to%60)
	}
	return s.answered(v, rule, confidence, i, j)
}
