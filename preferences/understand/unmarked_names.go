package understand

// unmarkedNames reads "meo nha, 3 đứa lận": among words with marks a name without them, which is all of its clause.
func (s *sitting) unmarkedNames() []mention {
	if !s.vi || !s.marked {
		return nil
	}
	var out []mention
	for _, c := range s.clauses {
		lo, hi := s.coreBounds(s.toks[c.from:c.to])
		i := c.from + lo
		if hi != lo+1 || c.asks || !s.mayMissMarks(&s.toks[i]) {
			continue
		}
		for o := range s.q.options {
			for _, name := range s.q.options[o].names {
				if len(name) == 1 && name[0].marked && name[0].key == s.toks[i].key {
					out = append(out, mention{option: o, from: i, to: i + 1})
					break
				}
			}
		}
	}
	return out
}

// keepNames takes the shorthand back that is a name behind a noun of sort: in "mau hong" hong is hồng and not không.
func (s *sitting) keepNames() {
	for i := 1; i < len(s.toks); i++ {
		t := &s.toks[i]
		if t.word == t.typed || t.marked || !isNegator(t.word) || lexicon().head.at(s.toks, i-1) != 1 && lexicon().index.at(s.toks, i-1) != 1 {
			continue
		}
		key := keyOf(t.typed)
		for o := range s.q.options {
			for _, name := range s.q.options[o].names {
				if len(name) == 1 && name[0].key == key {
					t.word, t.key, t.loose = t.typed, key, true
				}
			}
		}
	}
}

// mayMissMarks: the word was typed without marks and is none of the words that have many readings then.
func (s *sitting) mayMissMarks(t *token) bool {
	const least = 3
	return t.kind == wordToken && !t.marked && t.word == t.typed && len(t.typed) >= least &&
		!collisions[t.key] && !functionWords[t.word] && !isCommon(t) && !isGeneric(t) && !lexicon().english[t.typed]
}
