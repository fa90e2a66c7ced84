package understand

// nearNames finds options that the reply does not name in full: spelled as one word or with an error, in another order,
// or by the one word that no other option has. These are tried only when nothing better was found.
func (s *sitting) nearNames() []mention {
	if ms, told := s.amountNamed(); told || len(ms) > 0 {
		for k := range ms {
			ms[k].weak = true
		}
		return ms
	}
	for _, find := range []func() []mention{s.numeralNames, s.unmarkedNames, s.drawnOutNames, s.joinedNames, s.shortenedNames, s.begunNames, s.stemmedNames, s.reorderedNames, s.abridgedNames, s.misspelledNames, s.slippedNames, s.partialNames} {
		ms := find()
		if len(ms) > maxMentions {
			return nil
		}
		if ms = s.deniedToo(ms); len(ms) > 0 {
			for k := range ms {
				ms[k].weak = true
			}
			return ms
		}
	}
	return nil
}

// deniedToo drops parts of names such as "Không dị ứng" where nothing in the reply denies: "dị ứng phấn hoa" is the contrary.
func (s *sitting) deniedToo(ms []mention) []mention {
	out := ms[:0]
	for _, m := range ms {
		denies := !isNegator(s.q.options[m.option].names[0][0].word)
		for k := max(0, m.from-3); k < m.to && !denies; k++ {
			denies = isNegator(s.toks[k].word) || s.saysAt(k, "chẳng", "chả", "khỏi")
		}
		if denies {
			out = append(out, m)
		}
	}
	return out
}
