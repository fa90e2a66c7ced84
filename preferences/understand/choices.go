package understand

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
)

// choices reads every option that was chosen.
func (s *sitting) choices() Reading {
	ms := s.daysBehind(s.withoutBounded(s.mentions()))
	if len(ms) == 0 {
		ms = s.positions()
	} else {
		ms = s.withUnnamed(ms)
	}
	wantsAll := s.wantsAll(ms)
	excepts := s.excepts()
	if len(ms) == 0 && (!wantsAll || excepts) {
		ms = s.nearNames()
		wantsAll = s.wantsAll(ms)
	} else if len(ms) == 0 && s.restSaid() { // "váy mượn rồi, còn lại lo hết": what is left out goes by a shorter name
		if ms = s.nearNames(); len(ms) == 0 {
			return unclear("part-unread")
		}
	} else if len(ms) > 0 && s.badNumber(ms) {
		return unclear("no-such-position")
	}
	if len(ms) == 0 && !wantsAll {
		return s.withoutOption()
	}
	if len(ms) > 0 && s.q.days && s.saysAt(ms[len(ms)-1].to, "trở") && s.saysAt(ms[len(ms)-1].to+1, "đi", "lên", "xuống") { // "từ thứ 3 trở đi"
		return unclear("open-range")
	}
	if s.listOrRange(ms) {
		return unclear("list-or-range")
	}
	if s.miscounted(ms) {
		return unclear("another-number-of-options")
	}
	s.weigh(ms)
	if s.setAsides(ms) {
		return unclear("part-unread")
	}
	wanted := s.spread(s.wanted(ms))
	if wantsAll && excepts && !slices.ContainsFunc(ms, func(m mention) bool { return m.negative }) && len(wanted) == 0 {
		return unclear("part-unread") // what is left out was not understood
	}
	if len(wanted) > 0 && s.restUnread(ms) || s.exclusionUnread(ms) {
		return unclear("part-unread")
	}
	if s.partUnread(ms) {
		return s.partOf(wanted)
	}
	picked := make([]bool, len(s.q.options))
	switch {
	case len(wanted) > 0 && !s.allBut(ms):
		for _, m := range wanted {
			picked[m.option] = true
		}
		s.takeBack(picked, ms)
	case wantsAll && len(ms) == 0 && s.allOfOther():
		return unclear("all-of-something-else")
	case wantsAll && !s.onlyAsks():
		s.pickAllBut(picked, ms)
		if s.restMiscounted(picked) {
			return unclear("another-number-of-options")
		}
	default:
		if r, ok := s.noneOption(); ok {
			return r
		}
		if !s.pointedBack(ms) {
			return s.nothingWanted(ms)
		}
		picked[ms[0].option] = true
		return s.chose(picked, ms, ms[:1])
	}
	if len(wanted) > 0 && (!s.onlyNone(wanted) && s.hintsAtOther(ms, picked) || s.setApartUnread(wanted)) {
		return unclear("part-unread")
	}
	if s.unsureName || s.postpones(ms) || s.leftOpen(wanted) || contradicts(s.q, picked) {
		return unclear("contradiction")
	}
	return s.chose(picked, ms, wanted)
}

// onlyNone: nothing was picked but the option that means none.
func (s *sitting) onlyNone(wanted []mention) bool {
	return !slices.ContainsFunc(wanted, func(m mention) bool { return !s.q.options[m.option].none })
}

func (s *sitting) chose(picked []bool, ms, wanted []mention) Reading {
	var list []string
	for o, p := range picked {
		if p {
			list = append(list, s.q.options[o].value)
		}
	}
	rule, confidence, lo, hi := "everything", 0.9, 0, len(s.toks)
	if len(wanted) > 0 {
		rule, confidence, lo, hi = s.mentionRule(wanted[0]), 0.97, wanted[0].from, wanted[len(wanted)-1].to
		for _, m := range wanted {
			if picked[m.option] && s.doubted(m) {
				return unclear("doubted-option")
			}
			confidence = min(confidence, s.mentionConfidence(m))
		}
	}
	if len(ms) > len(wanted) {
		confidence = min(confidence, 0.92)
	}
	return s.answered(preferences.Value{Kind: choicesKind, List: list}, rule, confidence, lo, hi)
}

func (s *sitting) covered(ms []mention, i int) bool {
	for _, m := range ms {
		if i >= m.from && i < m.to {
			return true
		}
	}
	return false
}

// takeBack leaves out what was named first and ruled out later: "rau, sữa... à bỏ sữa".
func (s *sitting) takeBack(picked []bool, ms []mention) {
	for k, m := range ms {
		if m.negative && !slices.ContainsFunc(ms[k+1:], func(later mention) bool { return later.option == m.option && !later.negative }) {
			picked[m.option] = false
		}
	}
}

// contradicts: the option that means none stands alone, and something must be left.
func contradicts(q *question, picked []bool) bool {
	n, none := 0, false
	for o, p := range picked {
		if p {
			n++
			none = none || q.options[o].none
		}
	}
	return n == 0 || none && n > 1
}

// leftOpen: "đen hoặc trắng" chooses neither.
func (s *sitting) leftOpen(ms []mention) bool {
	for k := 1; k < len(ms); k++ {
		for i := ms[k-1].to; i < ms[k].from && ms[k].option != ms[k-1].option; i++ {
			if isOr(&s.toks[i]) && !s.often(i) {
				return true
			}
		}
	}
	return false
}

// spread adds what lies between two options that a range word joins ("thứ 3 tới thứ 6").
func (s *sitting) spread(ms []mention) []mention {
	out := ms
	for k := 1; k < len(ms); k++ {
		a, b := ms[k-1], ms[k]
		if n := lexicon().rangeWords.at(s.toks, a.to); n == 0 || b.from-a.to != n || n == 1 && s.toks[a.to].word == "-" && a.position {
			continue
		}
		for o := a.option + 1; o < b.option; o++ {
			out = append(out, mention{option: o, from: a.from, to: b.to, position: a.position})
		}
	}
	return out
}

// listOrRange: "1-3" may be the first and the third, or all three.
func (s *sitting) listOrRange(ms []mention) bool {
	if len(ms) == 2 {
		a, b := ms[0], ms[1]
		if a.position && b.position && b.from == a.to+1 && s.toks[a.to].word == "-" && s.toks[b.from].glued && b.option > a.option+1 {
			return true
		}
	}
	return false
}

// badNumber: besides the options named there is a menu number that does not exist ("3 and 8").
func (s *sitting) badNumber(ms []mention) bool {
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != numberToken || s.covered(ms, i) || i == 0 || !isJoin(&s.toks[i-1]) {
			continue
		}
		if k, ok := smallInt(t.word); ok && (k < 1 || k > len(s.q.options)) && !(i+1 < len(s.toks) && lexicon().quantityNouns.at(s.toks, i+1) > 0) {
			return true
		}
	}
	return false
}
