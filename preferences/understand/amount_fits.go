package understand

import "math"

// optionsOf are the options that have all these amounts; those that only end where the amount stands count where no other has it.
func (s *sitting) optionsOf(said []labelAmount) (found []int, comparable bool) {
	best := 0
	for o, names := range s.q.amounts.of {
		fit := 0
		for _, name := range names {
			f, c := s.fitsName(said, name)
			fit, comparable = max(fit, f), comparable || c
		}
		switch {
		case fit == 0 || fit < best:
		case fit > best:
			found, best = append(found[:0], o), fit
		default:
			found = append(found, o)
		}
	}
	return found, comparable
}

// How an amount lies to an option's.
const (
	outside  = iota
	atItsEnd // where an open range ends: 5 to "under 5"
	within
)

// fitsName compares amounts with those of a name, each with another one.
func (s *sitting) fitsName(said, name []labelAmount) (fit int, comparable bool) {
	fit = within
	taken := 0
	for k := range said {
		best := outside
		for j := taken; j < len(name); j++ {
			f, c := s.lies(&said[k], &name[j])
			comparable = comparable || c
			if f > best {
				best, taken = f, j+1
				break
			}
		}
		fit = min(fit, best)
	}
	return fit, comparable
}

// lies says how an amount of the reply lies to one of a label; comparable, that it measures the same.
func (s *sitting) lies(said, own *labelAmount) (fit int, comparable bool) {
	bare := own.unit.factor == 0 && own.noun == ""
	same := said.word == own.word
	initial := len(said.word) == 1 && said.to > 0 && s.toks[said.to-1].glued && len(own.word) > 1 && own.word[0] == said.word[0]
	switch {
	case initial || same && (own.noun != "" || said.unit.factor == own.unit.factor) && said.word != "":
		return said.within(own, 1), true
	case said.unit.factor != 0 && own.unit.factor != 0 && sameMeasure(said.unit.family, own.unit.family):
		return said.within(own, said.unit.factor/own.unit.factor), true
	case said.unit == unit{100, "length"} && own.unit == unit{1, "area"}: // metres are short for square metres
		return said.within(own, 1), true
	case bare && said.unit.factor != 0:
		if s.wordingHas(said.quantity) {
			return said.within(own, 1), true
		}
	case bare && said.noun != "":
		if s.q.echo[said.word] {
			return said.within(own, 1), true
		}
	case said.unit.factor == 0 && said.noun == "" && s.bareAmount(said):
		if own.unit.factor >= 1e6 && said.lo >= 100 && sameMeasure(own.unit.family, "money") { // 800 is thousands
			return said.within(own, 1e3/own.unit.factor), false
		}
		if fit = said.within(own, 1); fit == outside && own.unit == (unit{100, "length"}) {
			fit = said.within(own, 0.01)
		}
		return fit, false
	}
	return outside, false
}

// bareAmount: a number that can be no place in the list, where little else is said.
func (s *sitting) bareAmount(said *labelAmount) bool {
	return s.terse && (said.fraction || !said.exact() || said.lo > float64(len(s.q.options)))
}

func sameMeasure(a, b string) bool {
	money := func(f string) bool { return f == "money" || f == "vnd" || f == "count" }
	return a == b || money(a) && money(b)
}

// within says how q, in units of own, lies to own.
func (q *labelAmount) within(own *labelAmount, by float64) int {
	lo, hi := q.ends(by)
	low, high := own.ends(1)
	switch {
	case lo < low || hi > high:
		return outside
	case q.exact() && (lo == low && !own.hasHi || hi == high && !own.hasLo):
		return atItsEnd
	}
	return within
}

func (q *labelAmount) ends(by float64) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	if q.hasLo {
		lo = tidyFloat(q.lo * by)
	}
	if q.hasHi {
		hi = tidyFloat(q.hi * by)
	}
	return lo, hi
}
