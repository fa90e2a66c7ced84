package understand

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// choices reads every option that was chosen.
func (s *sitting) choices() Reading {
	ms := s.mentions()
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
	} else if len(ms) > 0 && s.badNumber(ms) {
		return unclear("no-such-position")
	}
	if len(ms) == 0 && !wantsAll {
		return s.withoutOption()
	}
	if s.listOrRange(ms) {
		return unclear("list-or-range")
	}
	if s.miscounted(ms) {
		return unclear("another-number-of-options")
	}
	s.weigh(ms)
	wanted := s.spread(s.wanted(ms))
	if wantsAll && excepts && !slices.ContainsFunc(ms, func(m mention) bool { return m.negative }) && len(wanted) == 0 {
		return unclear("part-unread") // what is left out was not understood
	}
	if len(wanted) > 0 && s.restUnread(ms) || s.partUnread(ms) || s.exclusionUnread(ms) {
		return unclear("part-unread")
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
		return s.nothingWanted(ms)
	}
	if len(wanted) > 0 && (s.hintsAtOther(ms, picked) || s.setApartUnread(wanted)) {
		return unclear("part-unread")
	}
	if s.unsureName || s.postpones(ms) || s.leftOpen(wanted) || contradicts(s.q, picked) {
		return unclear("contradiction")
	}
	return s.chose(picked, ms, wanted)
}

// allOfOther: "tất cả hóa chất" is all of something that the question does not speak of.
func (s *sitting) allOfOther() bool {
	v := lexicon()
	for i := range s.toks {
		if !s.saysAt(i, "tất") || !s.saysAt(i+1, "cả") || i+2 >= len(s.toks) {
			continue
		}
		t := &s.toks[i+2]
		return t.kind == wordToken && !s.q.echo[t.key] && !isCommon(t) && !isGeneric(t) && !isLink(t) && v.head.at(s.toks, i+2) == 0 && v.index.at(s.toks, i+2) == 0 && v.trail.at(s.toks, i+2) == 0 && v.prefer.at(s.toks, i+2) == 0 && v.yes.at(s.toks, i+2) == 0 && v.except.at(s.toks, i+2) == 0 && v.most.at(s.toks, i+2) == 0
	}
	return false
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

// wantsAll reports whether the reply takes everything, apart from what it rules out.
func (s *sitting) wantsAll(ms []mention) bool {
	v := lexicon()
	for i := range s.toks {
		if k, n := s.allOfAt(i); n > 0 && k != s.q.pickable() {
			continue
		}
		if n := s.mentionAt(i + 1); n > 0 && s.overWith(i, i+1+n) {
			continue
		}
		if (v.all.at(s.toks, i) > 0 || v.rest.at(s.toks, i) > 0) && !s.covered(ms, i) && !s.allRefused(i) {
			return true
		}
		if v.except.at(s.toks, i) > 0 && s.toks[i].key != "no" && s.toks[i].key != "not" && s.toks[i].key != "bo" && s.toks[i].key != "but" && s.toks[i].key != "bar" && len(ms) > 0 && i < ms[0].from && !s.nothingElse(ms[0].to) {
			return true
		}
		if s.saysAt(i, "but", "bar", "except") && s.anyBefore(i) {
			return true
		}
	}
	return false
}

// anyBefore: the "any day" of "any day but Sunday" is every day.
func (s *sitting) anyBefore(i int) bool {
	return s.saysAt(i-1, "anything", "anytime", "anyday", "anywhere", "whatever") || s.saysAt(i-2, "any", "every")
}

// excepts reports whether something is taken out of the whole.
func (s *sitting) excepts() bool {
	for i := range s.toks {
		if s.saysAt(i, "trừ", "except", "excluding", "bar") && i+1 < len(s.toks) {
			return true
		}
	}
	return false
}

// exclusionUnread: what stands behind "trừ" or "except" is no option ("tối trừ t7"), so that it limits the answer in a way
// that no option says.
func (s *sitting) exclusionUnread(ms []mention) bool {
	const near, most = 4, 4
	for i, seen := 0, 0; i < len(s.toks) && seen < most; i++ {
		if !s.saysAt(i, "trừ", "except", "excluding") {
			continue
		}
		seen++
		if s.covered(ms, i) || s.onlyTrail(i+1) || s.askedAt(i) {
			continue
		}
		if !slices.ContainsFunc(ms, func(m mention) bool { return m.from > i && m.from <= i+near }) {
			s.note("exclusion", s.words(i, min(len(s.toks), i+near)))
			return true
		}
	}
	return false
}

func (s *sitting) covered(ms []mention, i int) bool {
	for _, m := range ms {
		if i >= m.from && i < m.to {
			return true
		}
	}
	return false
}

// allRefused: "không lấy hết", "không thêm gì hết".
func (s *sitting) allRefused(i int) bool {
	v := lexicon()
	lo, _ := s.clauseAround(i, i+1)
	for k := max(lo, i-5); k < i; k++ {
		if v.negators.at(s.toks, k) > 0 && s.mentionAt(k) < 2 {
			return true
		}
	}
	return s.toks[i].key == "het" && s.saysAt(i-1, "gì", "bận", "kẹt", "kín", "vướng", "nghỉ", "mệt", "ốm", "ghét", "chán", "hủy", "hỏng", "hư", "quên")
}

// allBut: something was ruled out, and a word for the rest follows or stands before.
func (s *sitting) allBut(ms []mention) bool {
	if !s.wantsAll(ms) {
		return false
	}
	for _, m := range ms {
		if m.negative {
			for _, w := range ms {
				if !w.negative {
					return false
				}
			}
			return true
		}
	}
	return false
}

func (s *sitting) pickAllBut(picked []bool, ms []mention) {
	for o := range picked {
		picked[o] = !s.q.options[o].none
	}
	for _, m := range ms {
		if m.negative {
			picked[m.option] = false
		}
	}
}

// takeBack leaves out what was named first and ruled out later: "rau, sữa... à bỏ sữa".
func (s *sitting) takeBack(picked []bool, ms []mention) {
	for k, m := range ms {
		if m.negative && !slices.ContainsFunc(ms[k+1:], func(later mention) bool { return later.option == m.option && !later.negative }) {
			picked[m.option] = false
		}
	}
}

// restUnread: "thứ 6 bận, còn lại ok" takes the rest, so what is said of the one that was named must be read too.
func (s *sitting) restUnread(ms []mention) bool {
	for i := range s.toks {
		if lexicon().rest.at(s.toks, i) > 0 && !s.covered(ms, i) && !s.allRefused(i) && !s.refusedBehind(i) {
			return !slices.ContainsFunc(ms, func(m mention) bool { return m.negative })
		}
	}
	return false
}

// restSaid: beside "còn lại", what is put aside is left out.
func (s *sitting) restSaid() bool {
	_, n := lexicon().rest.find(s.toks)
	return n > 0
}

// restMiscounted: "bỏ văn, lấy 2 môn còn lại" where three are left.
func (s *sitting) restMiscounted(picked []bool) bool {
	i, n := lexicon().rest.find(s.toks)
	if n == 0 {
		return false
	}
	left := 0
	for _, p := range picked {
		left += int(b2f(p))
	}
	for k := max(0, i-2); k < i; k++ {
		if x, m := s.numberedAt(k); m > 0 && k+m <= i && x != left {
			return true
		}
	}
	return false
}

// refusedBehind: "mấy cái kia không quan tâm".
func (s *sitting) refusedBehind(i int) bool {
	_, hi := s.clauseAround(i, i+1)
	for ; i < hi; i++ {
		if lexicon().negators.at(s.toks, i) > 0 {
			return true
		}
	}
	return false
}

// partUnread: a member of a list that joins options is no option, and nothing that is said by the way. What it was meant
// for is not known, so the list is not whole.
func (s *sitting) partUnread(ms []mention) bool {
	if !s.vi && s.nameWithoutMarks(ms) {
		return true
	}
	for from := 0; from < len(s.toks); {
		to := from
		for to < len(s.toks) && !isJoin(&s.toks[to]) && !s.toks[to].ends() {
			to++
		}
		joined := from > 0 && isAnd(&s.toks[from-1]) || to < len(s.toks) && isAnd(&s.toks[to]) || s.goesOn(ms, from, to) ||
			(from > 0 && s.saysAt(from-1, "với") || to < len(s.toks) && s.saysAt(to, "với") || len(s.clauses) > 1) && s.sharesWord(from, to)
		if joined && !s.anyCovered(ms, from, to) && s.namesSomething(from, to) {
			s.note("list-member", s.words(from, to))
			return true
		}
		from = to + 1
	}
	return false
}

// nameWithoutMarks: beside options in an English reply there is another one's Vietnamese name, typed without its marks
// ("tran chau thach").
func (s *sitting) nameWithoutMarks(ms []mention) bool {
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != wordToken || len(t.typed) < 4 || lexicon().english[t.typed] || s.covered(ms, i) {
			continue
		}
		for o := range s.q.options {
			for _, name := range s.q.options[o].names {
				if len(name) == 1 && name[0].marked && name[0].key == t.key {
					s.note("list-member", t.typed)
					return true
				}
			}
		}
	}
	return false
}

// sharesWord: a member of two words ends in a word of some option, so that it is most likely meant for one ("cf sữa").
func (s *sitting) sharesWord(from, to int) bool {
	if to-from != 2 || isGeneric(&s.toks[to-1]) || !s.toks[from].isWord() {
		return false
	}
	v := lexicon()
	if v.negators.at(s.toks, from) > 0 || v.polite.at(s.toks, from) > 0 || v.lead.at(s.toks, from) > 0 || v.except.at(s.toks, from) > 0 {
		return false
	}
	for o := range s.q.options {
		for _, name := range s.q.options[o].names[:s.q.options[o].labels] {
			if len(name) > 1 && sameSpelling(&name[len(name)-1], &s.toks[to-1]) {
				return true
			}
		}
	}
	return false
}

// hintsAtOther: beside what was picked there is a word of an option that was not, or a member of the list that is no word
// at all ("ig, yt"). It was most likely meant as well.
func (s *sitting) hintsAtOther(ms []mention, picked []bool) bool {
	const plenty = 40 // a reply with more words tells a story
	if len(s.toks) > plenty {
		return false
	}
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != wordToken || s.covered(ms, i) || s.askedAt(i) || isGeneric(t) || isCommon(t) && !s.wholeMember(i) || isNegator(t.word) || s.deniedBefore(i) {
			continue
		}
		if len(t.typed) >= 3 && !s.q.echo[t.key] && !(t.loose && collisions[t.key] && !s.wholeMember(i)) && s.hintsAt(t, picked) || i > 0 && s.saysAt(i-1, ",", "+", "&", "với", "và", "and", "vs") && s.nothingBehind(i+1) && unspeakable(t) {
			s.note("list-member", t.typed)
			return true
		}
	}
	return false
}

// setApartUnread: "rau thì bé nhè, cháo ok" sets one apart with thì and says of it what is not understood, while another is
// welcome.
func (s *sitting) setApartUnread(wanted []mention) bool {
	if len(wanted) < 2 {
		return false
	}
	v := lexicon()
	for _, m := range wanted {
		if !s.saysAt(m.to, "thì") {
			continue
		}
		unread := 0
		for i := m.to + 1; i < len(s.toks) && !s.toks[i].ends() && i < m.to+8; i++ {
			t := &s.toks[i]
			if s.covered(wanted, i) || v.yes.at(s.toks, i) > 0 || v.prefer.at(s.toks, i) > 0 || v.most.at(s.toks, i) > 0 || v.trail.at(s.toks, i) > 0 || howWell[t.key] || isLink(t) || s.saysAt(i, "ít", "nhẹ", "hay", "vừa", "luôn", "đôi") || t.kind == numberToken {
				unread = 0
				break
			}
			unread++
		}
		if unread > 1 {
			s.note("set-apart", s.words(m.from, min(len(s.toks), m.to+4)))
			return true
		}
	}
	return false
}

// wholeMember: a word that is all of a member of a list.
func (s *sitting) wholeMember(i int) bool {
	return (i == 0 || isJoin(&s.toks[i-1])) && i+1 < len(s.toks) && isJoin(&s.toks[i+1]) || i > 0 && isJoin(&s.toks[i-1]) && s.nothingBehind(i+1)
}

// deniedBefore: a negator stands one or two words before i, or that is what i says.
func (s *sitting) deniedBefore(i int) bool {
	for k := i - 3; k < i; k++ {
		if k >= 0 && lexicon().negators.at(s.toks, k) > 0 {
			return true
		}
	}
	return false
}

// hintsAt: t is a word of labels of options that were not picked, and of no other.
func (s *sitting) hintsAt(t *token, picked []bool) bool {
	hint := false
	for o := range s.q.options {
		opt := &s.q.options[o]
		for _, name := range opt.names[:opt.labels] {
			for k := range name {
				if !sameSpelling(&name[k], t) && !(t.loose && collisions[t.key] && sameWord(&name[k], t, true)) {
					continue
				}
				if picked[o] || isNegator(name[0].word) {
					return false
				}
				hint = true
			}
		}
	}
	return hint
}

// unspeakable: a few letters without a vowel, so that they stand for some name: "yt", "fb".
func unspeakable(t *token) bool {
	if len(t.typed) < 2 || len(t.typed) > 4 || t.word != t.typed || !isASCII(t.typed) || lexicon().english[t.typed] {
		return false
	}
	return !strings.ContainsAny(t.typed[1:], "aeiou") && !strings.ContainsAny(t.typed[:1], "aeiou")
}

// goesOn: a list goes on at i, which ends at j: two options and a comma stand before it, or one on either side.
func (s *sitting) goesOn(ms []mention, i, j int) bool {
	for k := 1; k < len(ms); k++ {
		if ms[k-1].to == i-1 && ms[k].from == j+1 && s.toks[i-1].word == "," && s.toks[j].word == "," {
			return true
		}
		if ms[k].to == i-1 && s.toks[i-1].word == "," && ms[k-1].to < ms[k].from && s.joinedOnly(ms[k-1].to, ms[k].from) {
			return true
		}
	}
	return false
}

// isAnd is a joining word that stands only between members of a list.
func isAnd(t *token) bool {
	switch t.word {
	case "và", "and", "+", "&":
		return true
	}
	return t.loose && t.key == "va"
}

// namesSomething: one or two words that may be the name of a thing.
func (s *sitting) namesSomething(from, to int) bool {
	core := signless(s.coreOf(s.toks[from:to]))
	if len(core) == 0 || len(core) > 2 {
		return false
	}
	v := lexicon()
	content := false
	for i := range core {
		content = content || !commonVietnamese[core[i].key] && !commonEnglish[core[i].word]
		if core[i].kind != wordToken || v.all.at(core, i) > 0 || v.negators.at(core, i) > 0 || v.rest.at(core, i) > 0 || v.anything.at(core, i) > 0 {
			return false
		}
	}
	return content
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
		for i := ms[k-1].to; i < ms[k].from; i++ {
			if isOr(&s.toks[i]) {
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
		if b.from-a.to != 1 || lexicon().rangeWords.at(s.toks, a.to) != 1 || s.toks[a.to].word == "-" && a.position {
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
