package understand

// periodKeys are the stretches of time that an amount may be counted by, by the keys of their words.
var periodKeys = keyed(byWord("times", "periods"))

// otherPeriod: "200k 1 ngày" is no answer to what somebody spends in a week.
func (s *sitting) otherPeriod() bool {
	switch s.familyAsked() {
	case "time", "days", "months":
		return false
	}
	for i := range s.toks {
		n := lexicon().perUnit.at(s.toks, i)
		if n == 0 {
			continue
		}
		if p := periodKeys[s.toks[i+n-1].key]; p != "" {
			asked := s.periodAsked()
			return asked != "" && asked != p
		}
	}
	return false
}

// periodInWording reports whether the question says this stretch of time.
func (s *sitting) periodInWording(p string) bool {
	for i := range s.q.text {
		if t := &s.q.text[i]; t.kind == wordToken && periodKeys[t.key] == p {
			return true
		}
	}
	return false
}

// periodAsked is the one period in the wording of the question, if there is one.
func (s *sitting) periodAsked() string {
	asked := ""
	for _, wording := range s.q.Text {
		for _, t := range tokenise(clean(wording), s.vi, nil).toks {
			p := periodKeys[t.key]
			if p == "" || t.kind != wordToken || p == asked {
				continue
			}
			if asked != "" {
				return ""
			}
			asked = p
		}
	}
	return asked
}
