package understand

func (s *sitting) unmeantNumber() string {
	v := lexicon()
	before := s.before()
	switch {
	case !s.summed && (s.strangersBefore() && s.endsBefore(v.total, s.said.from) == 0 || s.ownAge()):
		return "somebody-else"
	case v.coming.in(before) && !s.q.echoes(v.coming) && !s.nowBehind():
		return "some-other-time"
	case s.endsBefore(v.placed, s.said.from) > 0 && !s.q.echo[s.toks[s.said.from-1].key] && !(s.asksArea() && s.saysAt(s.said.from-1, "rộng")), s.saysAt(s.said.to, "pm", "am", "sao", "stars", "star") && !s.q.echo[s.toks[s.said.to].key]:
		return "other-unit"
	case s.saysAt(s.said.to, "between") && s.saysAt(s.said.to+1, "us", "them", "all"):
		return "for-several"
	case s.asksPeople() && s.uncounted():
		return "people-uncounted"
	}
	return ""
}

// nowBehind: right behind the value it is said to be so now: "8 next month but 7 now".
func (s *sitting) nowBehind() bool {
	return lexicon().amountWords.isNow.at(s.toks, s.said.to) > 0 || s.said.to < len(s.toks) && lexicon().amountWords.isNow.at(s.toks, s.said.to+1) > 0
}

// ownAge: "mình 15 tuổi" to how old the child is.
func (s *sitting) ownAge() bool {
	lo, _ := s.clauseAround(s.said.from, s.said.from)
	return s.familyAsked() == "months" && s.q.othersAsked && lo+1 == s.said.from && lexicon().selves.at(s.toks, lo) == 1 && s.vi
}

// uncounted: "vợ chồng với 1 bé" counts only some of those it names; "4 phòng", "5 mèo" counts no people.
func (s *sitting) uncounted() bool {
	i := s.said.from - 1
	if i > 0 && s.saysAt(i, "với", "và", "and", "+", "&", "plus", "cùng", "vs") && s.toks[i-1].kind == wordToken && !s.numeralStarts(i-1) {
		for k := max(0, i-4); k < i; k++ {
			if personWords[s.toks[k].key] && !s.numeralNear(k, i) {
				return true
			}
		}
	}
	for i := s.said.to; i+1 < len(s.toks) && i < s.said.to+4 && !s.toks[i].ends(); i++ { // "four of us and grandma"
		if s.saysAt(i, "với", "và", "and", "+", "plus", "cùng") && personWords[s.toks[i+1].key] && !s.numeralNear(i+1, i+1) {
			return true
		}
	}
	if s.said.to < len(s.toks) && s.toks[s.said.to].kind == wordToken && notPeople[s.toks[s.said.to].key] && !s.q.echo[s.toks[s.said.to].key] {
		return true
	}
	if s.familyNamedBefore() {
		return true
	}
	return s.typedAt(s.said.from) == "ba" && s.saysAt(s.said.from+1, "mẹ", "má", "em", "mình", "tôi", "tui") && !s.saysAt(s.said.from+2, "con")
}

// familyNamedBefore: the clause before names people and nothing else, and more of the family are counted: "ông bà, bố mẹ, 2 chị em".
func (s *sitting) familyNamedBefore() bool {
	i := s.said.from - 1
	if i < 1 || !s.toks[i].ends() || s.said.to >= len(s.toks) || !personWords[s.toks[s.said.to].key] || s.toks[s.said.to].kind != wordToken {
		return false
	}
	for i--; i >= 0 && !s.toks[i].ends(); i-- {
		if s.toks[i].kind != wordToken || !personWords[s.toks[i].key] && lexicon().polite.at(s.toks, i) == 0 {
			return false
		}
	}
	return i < s.said.from-3
}

// numeralNear: a number counts what stands at k, in the same clause.
func (s *sitting) numeralNear(k, to int) bool {
	for j := max(0, k-3); j < to; j++ {
		if s.numeralStarts(j) {
			return true
		}
	}
	return false
}

func (s *sitting) unmeantAmount() string {
	v := lexicon()
	behind := s.toks[s.said.to:]
	switch {
	case v.strangers.in(s.before()):
		return "somebody-else"
	case s.otherAmountBefore() && !s.q.echoes(v.amountWords.anyAmount):
		return "another-amount"
	case v.tooMuch.at(behind, 0) > 0:
		return "too-much"
	}
	return ""
}

// otherAmountBefore: "cọc 2tr", "lương 10tr", where the question is not about it.
func (s *sitting) otherAmountBefore() bool {
	v := lexicon()
	before := s.before()
	i, n := v.otherAmount.find(before)
	for k := s.said.from - len(before) + i + n; n > 0 && k < s.said.from-1; k++ {
		if _, m := s.numeralAt(k); m > 0 { // "lương 10tr nên tầm 1tr"
			if _, unit := s.moneyAt(k + m); unit > 0 {
				return false
			}
		}
	}
	return n > 0 && !s.q.echo[before[i].key] && !s.q.echo[before[i+n-1].key] || s.endsBefore(v.placed, s.said.from) > 0 && !s.saidInMoney()
}

// saidInMoney: the value was said with a unit of money, so that it is no room ("kiếm phòng 3tr").
func (s *sitting) saidInMoney() bool {
	for i := s.said.from; i < s.said.to; i++ {
		if _, n := s.moneyAt(i); n > 0 && s.toks[i].typed != "m" { // dài 2m
			return true
		}
	}
	return false
}

// personWords name people without counting them, notPeople are counted and are none; by key.
var (
	personWords = listedKeys("counting", "named-people")
	notPeople   = listedKeys("counting", "not-people")
)
