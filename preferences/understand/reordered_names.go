package understand

// reorderedNames finds all words of a name, side by side in another order ("ít cay", "editing videos").
func (s *sitting) reorderedNames() []mention {
	var out []mention
	for o := range s.q.options {
		for _, name := range s.q.options[o].names {
			if len(name) < 2 || len(name) > 4 {
				continue
			}
			for i := 0; i+len(name) <= len(s.toks); i++ {
				if s.sameBag(name, i) {
					out = append(out, mention{option: o, from: i, to: i + len(name)})
					break
				}
			}
		}
	}
	return out
}

// abridgedNames finds the last word of a long name behind another word of it, where no other option has both: "mua xe" and "vay xe" for "Vay mua xe".
func (s *sitting) abridgedNames() []mention {
	var out []mention
	for i := 0; i+1 < len(s.toks); i++ {
		owner := -1
		for o := range s.q.options {
			if !s.q.options[o].hasPair(&s.toks[i], &s.toks[i+1]) {
				continue
			}
			if owner >= 0 {
				owner = -1
				break
			}
			owner = o
		}
		if owner >= 0 {
			out = append(out, mention{option: owner, from: i, to: i + 2})
			i++
		}
	}
	return out
}

// hasPair reports whether a label of three words or more ends in b and has a before it.
func (o *option) hasPair(a, b *token) bool {
	for _, name := range o.names[:o.labels] {
		if len(name) < 3 {
			continue
		}
		for k := range name {
			if !sameWord(&name[k], a, true) || isNegator(name[k].word) {
				continue
			}
			if last := len(name) - 1; k < last && sameWord(&name[last], b, true) && !isNegator(name[last].word) {
				return true
			}
		}
	}
	return false
}

func (s *sitting) sameBag(name []token, i int) bool {
	for k := range name {
		found := false
		for j := i; j < i+len(name); j++ {
			found = found || sameWord(&name[k], &s.toks[j], true)
		}
		if !found || isNegator(name[k].word) {
			return false
		}
	}
	return true
}
