package understand

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// partUnread: a member of a list that joins options is no option, and nothing that is said by the way. What it was meant
// for is not known, so the list is not whole.
func (s *sitting) partUnread(ms []mention) bool {
	if !s.vi && s.nameWithoutMarks(ms) {
		return true
	}
	if s.thingBeside(ms) {
		return true
	}
	for from := 0; from < len(s.toks); {
		to := from
		for to < len(s.toks) && !isJoin(&s.toks[to]) && !s.toks[to].ends() {
			to++
		}
		joined := s.thingListed(ms, from, to) || from > 0 && isAnd(&s.toks[from-1]) || to < len(s.toks) && isAnd(&s.toks[to]) || s.goesOn(ms, from, to) ||
			(from > 0 && s.saysAt(from-1, "với") || to < len(s.toks) && s.saysAt(to, "với") || len(s.clauses) > 1) && s.sharesWord(from, to)
		if joined && !s.anyCovered(ms, from, to) && s.namesSomething(from, to) {
			s.note("list-member", s.words(from, to))
			return true
		}
		from = to + 1
	}
	return false
}

// listedThings are words by their keys that stand for a thing of their own in a list.
var listedThings = listed("everyday", "things")

// thingBeside: right beside an option, without a sign between, stands the name of another thing ("thịt bia rau", "meat eggs
// bread").
func (s *sitting) thingBeside(ms []mention) bool {
	for i := range s.toks {
		t := &s.toks[i]
		if !listedThings[t.word] && !(t.loose && listedThings[t.typed]) || s.covered(ms, i) || s.q.echo[t.key] || s.q.inSomeName(t) || s.askedAt(i) || s.deniedBefore(i) {
			continue
		}
		before, behind := i > 0 && s.covered(ms, i-1), i+1 < len(s.toks) && s.covered(ms, i+1)
		if before && (behind || s.nothingBehind(i+1)) || behind && i == 0 {
			s.note("list-member", t.typed)
			return true
		}
	}
	return false
}

// thingListed: a comma or "với" joins what stands between from and to to an option, and it is a name and nothing else.
func (s *sitting) thingListed(ms []mention, from, to int) bool {
	behind := from > 0 && s.saysAt(from-1, ",", "với") && from > 1 && s.covered(ms, from-2)
	before := to+1 < len(s.toks) && s.saysAt(to, ",", "với") && s.covered(ms, to+1)
	if !behind && !before || to-from < 1 || to-from > 2 {
		return false
	}
	v := lexicon()
	for i := from; i < to; i++ {
		t := &s.toks[i]
		if t.kind != wordToken || s.q.echo[t.key] || isCommon(t) || isLink(t) || isGeneric(t) || t.loose && collisions[t.key] || howWell[t.key] ||
			v.trail.at(s.toks, i) > 0 || v.lead.at(s.toks, i) > 0 || v.yes.at(s.toks, i) > 0 || v.prefer.at(s.toks, i) > 0 || v.most.at(s.toks, i) > 0 || v.polite.at(s.toks, i) > 0 || commonEnglish[t.word] || v.fault.at(s.toks, i) > 0 || !s.vi && i > from && strings.HasSuffix(t.word, "ly") {
			return false
		}
	}
	return true
}

// partOf is a list with a member that was not understood: what was is to be asked back about, never to be recorded as all of it.
func (s *sitting) partOf(wanted []mention) Reading {
	out := unclear("part-unread")
	if len(wanted) == 0 {
		return out
	}
	picked := make([]bool, len(s.q.options))
	for _, m := range wanted {
		picked[m.option] = true
	}
	var list []string
	for o := range picked {
		if picked[o] {
			list = append(list, s.q.options[o].value)
		}
	}
	r := s.answered(preferences.Value{Kind: choicesKind, List: list}, "part-of-list", maybe, wanted[0].from, wanted[len(wanted)-1].to)
	out.Maybe = &r
	return out
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
		if t.kind != wordToken || s.covered(ms, i) || s.askedAt(i) || isGeneric(t) || isCommon(t) && !s.wholeMember(i) || isNegator(t.word) || s.deniedBefore(i) || s.q.wish && lexicon().hadAfter.at(s.toks, i+1) > 0 {
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
			if t.isWord() {
				unread++
			}
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
	case "và", "and", "+", "&", "lẫn":
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
