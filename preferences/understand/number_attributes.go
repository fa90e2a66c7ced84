package understand

// withoutAttributes drops what says something of the things that are counted: the 7 of "2 chiếc 7 chỗ". Where several are counted so they
// are added: "2 xe 4 chỗ với 1 xe 7 chỗ".
func (s *sitting) withoutAttributes(qs []quantity) []quantity {
	if len(qs) < 2 || len(qs) > 2*mostAmounts {
		return qs
	}
	out := qs[:0:0]
	for k, q := range qs {
		if len(qs) > 2 && attributes[q.noun] && !s.q.asksNoun(q.noun) && q.unit.factor == 0 && s.q.asksNoun(qs[0].noun) && qs[0].noun != "" && !s.describes(qs[max(0, k-1)], q) {
			return nil // it is not clear of which of the things
		}
		if k > 0 && s.describes(qs[k-1], q) {
			s.note("attribute", s.words(q.from, q.to))
			continue
		}
		out = append(out, q)
	}
	if len(out) == len(qs) || len(out) == 1 {
		return out
	}
	for k, q := range out {
		if !q.exact() || q.noun != out[0].noun || k > 0 && s.eitherBetween(out[k-1].to, q.from) {
			return qs
		}
	}
	total, _ := added(out)
	return []quantity{total}
}

// describes: right behind what is asked for, b counts something that is not.
func (s *sitting) describes(a, b quantity) bool {
	if a.noun == "" || !s.q.asksNoun(a.noun) || b.from != s.nounEnd(a) {
		return false
	}
	if _, measured := s.asked(); b.unit.factor != 0 && b.unit.family != "count" { // bốn bình 20 lít
		return !measured
	}
	return b.noun != "" && !s.q.asksNoun(b.noun) && attributes[b.noun]
}

// attributes are what things have several of, as typed.
var attributes = listed("counting", "attributes")
