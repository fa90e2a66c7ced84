package understand

// ownOf keeps what is said of the customer beside what is said of somebody else: "chồng 175, em 160", "mình 31, chồng 35". Of how much
// somebody is, the amount that is nobody's in the words is the customer's too ("65, husband 82").
func (s *sitting) ownOf(qs []quantity) []quantity {
	if len(qs) < 2 || len(qs) > mostAmounts {
		return qs
	}
	state := s.asksState()
	if s.q.othersAsked {
		return s.notTheirs(qs, state)
	}
	if s.asksPeople() {
		return qs
	}
	var own []quantity
	theirs := 0
	for k, q := range qs {
		switch s.whose(qs, k) {
		case somebodys:
			theirs++
			continue
		case nobodys:
			if !state || k > 0 && !s.endsBetween(qs[k-1].to, q.from) {
				return qs
			}
		}
		own = append(own, q)
	}
	if len(own) == 0 || theirs == 0 {
		return qs
	}
	return own
}

// notTheirs drops the age of a brother or a friend of whom is asked about: "6, his sister is 9".
func (s *sitting) notTheirs(qs []quantity, state bool) []quantity {
	if !state || len(qs) != 2 || !s.endsBetween(qs[0].to, qs[1].from) {
		return qs
	}
	if v := lexicon(); v.theirKin.in(s.leadOf(qs, 1)) && !v.theirKin.in(s.leadOf(qs, 0)) && !v.others.in(s.leadOf(qs, 0)) {
		return qs[:1]
	}
	return qs
}

// owner is whose an amount is, as far as the words before it say.
type owner uint8

const (
	nobodys owner = iota
	customers
	somebodys
)

func (s *sitting) whose(qs []quantity, k int) owner {
	v := lexicon()
	lo := 0
	if k > 0 {
		lo = qs[k-1].to
	}
	before := s.toks[lo:qs[k].from]
	i, n := v.others.find(before)
	if m, l := v.strangers.find(before); n == 0 && l > 0 {
		i, n = m, l
	}
	switch {
	case n > 0 && !v.selves.in(before[i+n:]):
		return somebodys
	case v.selves.in(before), s.saysIn(lo, qs[k].from, "me"), s.saysIn(lo, qs[k].from, "my"):
		return customers
	}
	return nobodys
}
