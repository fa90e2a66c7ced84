package understand

import "strings"

// begunNames reads "ban be" as "Bạn bè giới thiệu": the whole reply is how the label of one option begins, and of no other.
func (s *sitting) begunNames() []mention {
	lo, hi := s.coreBounds(s.toks)
	if hi-lo < 2 {
		return nil
	}
	owner := -1
	for o := range s.q.options {
		opt := &s.q.options[o]
		for _, name := range opt.names[:opt.labels] {
			if len(name) <= hi-lo || opt.none || !s.begins(name, lo, hi) {
				continue
			}
			if owner >= 0 && owner != o {
				return nil
			}
			owner = o
		}
	}
	if owner < 0 {
		return nil
	}
	return []mention{{option: owner, from: lo, to: hi}}
}

// begins reports whether the tokens from lo to hi are the first words of name.
func (s *sitting) begins(name []token, lo, hi int) bool {
	content := false
	for k := lo; k < hi; k++ {
		if s.toks[k].kind != wordToken || !sameWord(&name[k-lo], &s.toks[k], true) {
			return false
		}
		content = content || !isGeneric(&name[k-lo]) && !isNegator(name[k-lo].word)
	}
	return content
}

// shortenedNames reads "vietcom" as Vietcombank: the beginning of one long name that is one word.
func (s *sitting) shortenedNames() []mention {
	const least = 5
	var out []mention
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != wordToken || t.marked || len(t.typed) < least || t.word != t.typed || lexicon().english[t.typed] || s.vi && syllable(t.typed) && len(t.typed) < 6 {
			continue
		}
		owner := -1
		for o := range s.q.options {
			for _, name := range s.q.options[o].names {
				if len(name) == 1 && len(name[0].typed) >= len(t.typed)+2 && isASCII(name[0].typed) && strings.HasPrefix(name[0].typed, t.typed) {
					if owner >= 0 && owner != o {
						return nil
					}
					owner = o
				}
			}
		}
		if owner >= 0 {
			out = append(out, mention{option: owner, from: i, to: i + 1})
		}
	}
	return out
}

// stemmedNames reads "swim" as Swimming: an English name that is a verb with its ending.
func (s *sitting) stemmedNames() []mention {
	var out []mention
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != wordToken || t.marked || len(t.typed) < 3 || !isASCII(t.typed) {
			continue
		}
		for o := range s.q.options {
			for _, name := range s.q.options[o].names {
				if len(name) == 1 && strings.HasSuffix(name[0].typed, "ing") && englishStem(name[0].typed) == englishStem(t.typed) {
					out = append(out, mention{option: o, from: i, to: i + 1})
					break
				}
			}
		}
	}
	return out
}
