package understand

// joinedNames reads "mo mo" as Momo and "freeship" as "free ship".
func (s *sitting) joinedNames() []mention {
	var out []mention
	for i := range s.toks {
		for o := range s.q.options {
			if n := s.joinedAt(i, &s.q.options[o]); n > 0 {
				out = append(out, mention{option: o, from: i, to: i + n})
				break
			}
		}
	}
	return out
}

func (s *sitting) joinedAt(i int, o *option) int {
	for _, name := range o.names {
		whole := ""
		for _, t := range name {
			whole += fold(t.typed)
		}
		if len(whole) < 4 {
			continue
		}
		got := ""
		for n := 1; n <= 3 && i+n <= len(s.toks); n++ {
			t := &s.toks[i+n-1]
			if !t.isWord() || t.marked && len(name) == 1 && name[0].marked {
				break
			}
			got += fold(t.typed)
			if got == whole && n != len(name) {
				return n
			}
		}
	}
	return 0
}
