package understand

// misspelledNames allows an error in names that are long enough not to become another word.
func (s *sitting) misspelledNames() []mention {
	var out []mention
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != wordToken || len(t.key) < 5 || s.q.known[t.typed] || lexicon().english[t.typed] || t.marked {
			continue
		}
		best, second, owner := 99, 99, -1
		for o := range s.q.options {
			d := 99
			for _, name := range s.q.options[o].names {
				if len(name) == 1 && len(name[0].typed) >= 5 && isASCII(name[0].typed) {
					d = min(d, distance(t.key, name[0].key))
				}
			}
			if d < best {
				best, second, owner = d, best, o
			} else {
				second = min(second, d)
			}
		}
		if allowed := 1 + min(1, len(t.key)/8); best <= allowed && second >= best+2 {
			out = append(out, mention{option: owner, from: i, to: i + 1})
		}
	}
	return out
}

// drawnOutNames reads a name whose last letter was typed twice: "vinaa".
func (s *sitting) drawnOutNames() []mention {
	var out []mention
	for i := range s.toks {
		t := &s.toks[i]
		n := len(t.typed)
		if t.kind != wordToken || n < 4 || t.typed[n-1] != t.typed[n-2] || s.q.known[t.typed] || lexicon().english[t.typed] {
			continue
		}
		once := *t
		once.typed = t.typed[:n-1]
		once.word, once.key = once.typed, keyOf(once.typed)
		for o := range s.q.options {
			if m, _ := s.q.options[o].at([]token{once}, 0); m == 1 {
				out = append(out, mention{option: o, from: i, to: i + 1})
			}
		}
	}
	return out
}

// slippedNames allows one error in one long word of a name of several, where the others are right ("kinh danh" for "Kinh
// doanh") and no other option comes as near.
func (s *sitting) slippedNames() []mention {
	var out []mention
	for i := range s.toks {
		found := -1
		length := 0
		for o := range s.q.options {
			for _, name := range s.q.options[o].names[:s.q.options[o].labels] {
				if !s.slippedAt(name, i) {
					continue
				}
				if found >= 0 && found != o {
					return nil
				}
				found, length = o, len(name)
			}
		}
		if found >= 0 {
			out = append(out, mention{option: found, from: i, to: i + length})
		}
	}
	return out
}

func (s *sitting) slippedAt(name []token, i int) bool {
	const long = 5 // a shorter word with an error is too often another word
	if len(name) < 2 || i+len(name) > len(s.toks) {
		return false
	}
	slips := 0
	for k := range name {
		p, t := &name[k], &s.toks[i+k]
		if sameWord(p, t, true) {
			continue
		}
		if p.kind != wordToken || t.kind != wordToken || t.marked && p.key == t.key || len(p.key) < long || s.q.known[t.typed] || commonVietnamese[t.key] || lexicon().english[t.typed] || distance(p.key, t.key) != 1 {
			return false
		}
		slips++
	}
	return slips == 1
}

// distance counts the edits from a to b, a swap of neighbours as one; 99 when far apart.
func distance(a, b string) int {
	if len(a) > 24 || len(b) > 24 || len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 99
	}
	var d [25][25]int
	for i := 0; i <= len(a); i++ {
		for j := 0; j <= len(b); j++ {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			default:
				cost := 1
				if a[i-1] == b[j-1] {
					cost = 0
				}
				d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}
