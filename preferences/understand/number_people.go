package understand

// peopleNouns are the words for people who are counted, by key: they are not added to what they eat or to the nights
// that they stay.
var peopleNouns = listedKeys("counting", "people")

// asksSomeNoun: one of the nouns that are no people is in the question.
func (s *sitting) asksSomeNoun(qs []quantity) bool {
	for _, q := range qs {
		if key := keyOf(q.noun); !peopleNouns[key] && (s.q.echo[key] || key == keyOf(s.q.Unit) && key != "") {
			return true
		}
	}
	return false
}

// notPeople drops the people where something else was asked for: "3 nights for 2 people".
func (s *sitting) notPeople(qs []quantity) []quantity {
	if len(qs) < 2 || !s.asksSomeNoun(qs) {
		return qs
	}
	var out []quantity
	for _, q := range qs {
		if key := keyOf(q.noun); (peopleNouns[key] || gatherings[key] || key == "giuong" || key == "beds" || key == "bed") && !s.q.echo[key] && key != keyOf(s.q.Unit) {
			s.note("counts-people", s.words(q.from, q.to))
			continue
		}
		out = append(out, q)
	}
	return out
}

// seated drops the tables and groups where people are asked for: "100 guests at 10 tables", and "10 bàn" says nothing of
// how many sit there.
func (s *sitting) seated(qs []quantity) []quantity {
	if !s.asksPeople() {
		return qs
	}
	var out []quantity
	for k, q := range qs {
		key := keyOf(q.noun)
		if notPeople[key] && !s.q.echo[key] && len(qs) > 1 { // 7 người, 3 thế hệ
			s.note("other-unit", s.words(q.from, q.to))
			continue
		}
		if !gatherings[key] || s.q.echo[key] {
			out = append(out, q)
			continue
		}
		if k == 0 && len(qs) > 1 && !(len(qs) == 2 && s.saysAt(qs[1].from-1, ",") && qs[1].exact() && q.lo > 1 && qs[1].lo >= 5*q.lo) { // "2 bàn 10 người" would have to be multiplied
			return qs
		}
		if k > 0 && len(qs) == 2 && s.saysAt(q.from-1, ",") && qs[0].exact() && qs[0].lo >= 5*q.lo { // 30 người, 3 bàn
			s.note("other-unit", s.words(q.from, q.to))
			continue
		}
		if k > 0 && !s.saysAt(q.from-1, "at", "in", "on", "trong", "chia", "ngồi") && q.lo > 1 {
			return qs
		}
		s.note("other-unit", s.words(q.from, q.to))
	}
	return out
}

// thoseWhoCome leaves out who stays away, where it is asked how many come: "5 người đi, 2 người ở nhà". It is not ok where that may
// be a part of those who were counted first ("5 người, 2 người ở nhà").
func (s *sitting) thoseWhoCome(qs []quantity) (coming []quantity, ok bool) {
	v := lexicon()
	if len(qs) == 0 || !s.asksPeople() || !s.q.echoes(v.comes) || s.q.echoes(v.staysAway) {
		return qs, true
	}
	said := -1
	for k, q := range qs {
		hi := len(s.toks)
		if k+1 < len(qs) {
			hi = qs[k+1].from
		}
		for i := q.to; i < hi; i++ {
			if s.toks[i].ends() {
				hi = i
			}
		}
		if v.staysAway.in(s.toks[q.to:hi]) {
			s.note("stays-away", s.words(q.from, hi))
			continue
		}
		if v.comes.in(s.toks[q.to:hi]) || v.comes.at(s.toks, q.from-1) == 1 {
			said = len(coming)
		}
		coming = append(coming, q)
	}
	switch {
	case len(coming) == len(qs) && len(qs) == 2 && v.comes.at(s.toks, qs[1].from-1) == 1 && s.saysAt(qs[1].from-2, "mà", "nhưng", "only", "chỉ", "có"): // "nhà 7 người mà đi 5"
		return qs[1:], true
	case len(coming) == len(qs):
		return qs, true
	}
	return coming, said >= 0
}

// asksPeople: the wording asks for how many people, one way or another.
func (s *sitting) asksPeople() bool {
	for key := range s.q.echo {
		if peopleNouns[key] {
			return true
		}
	}
	return false
}

// gatherings are made of what is counted beside them ("1 bàn 10 người"), so that the two are never added.
var gatherings = listedKeys("counting", "gatherings")
