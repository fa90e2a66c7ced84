package understand

import "strings"

// daysBehind adds the days of "thứ 2 4 6" and "thứ 2, 4 và 6" that go without their word.
func (s *sitting) daysBehind(ms []mention) []mention {
	if !s.q.days || len(ms) > maxMentions {
		return ms
	}
	var out []mention
	for k, m := range ms {
		out = append(out, m)
		if m.to != m.from+2 || s.toks[m.from].key != "thu" || s.toks[m.to-1].kind != numberToken {
			continue
		}
		for i := m.to; i < len(s.toks) && (k+1 == len(ms) || i < ms[k+1].from); {
			j := i
			for j < len(s.toks) && isJoin(&s.toks[j]) && s.toks[j].word != "\n" {
				j++
			}
			o := s.dayNumbered(j)
			if o < 0 || j+1 < len(s.toks) && (s.toks[j+1].glued && s.toks[j+1].isWord() || lexicon().quantityNouns.at(s.toks, j+1) > 0) {
				break
			}
			out = append(out, mention{option: o, from: j, to: j + 1})
			i = j + 1
		}
	}
	return out
}

// dayNumbered is the option of the day that the number at i counts, -1 for none.
func (s *sitting) dayNumbered(i int) int {
	if i >= len(s.toks) || s.toks[i].kind != numberToken {
		return -1
	}
	for o := range s.q.options {
		for _, name := range s.q.options[o].names {
			if len(name) == 2 && name[0].key == "thu" && name[1].word == s.toks[i].word {
				return o
			}
		}
	}
	return -1
}

// daysListed reads "thứ 3,5,7", "t2,4,6", where the signs between the numbers are part of one token.
func (s *sitting) daysListed(i int) []mention {
	if !s.q.days || !s.saysAt(i, "thứ") && s.typedAt(i) != "t" || i+1 >= len(s.toks) || s.toks[i+1].kind != numberToken || s.q.Kind != choicesKind {
		return nil
	}
	parts := strings.FieldsFunc(s.toks[i+1].word, func(r rune) bool { return r == ',' || r == '.' })
	var out []mention
	for _, part := range parts {
		found := false
		for o := range s.q.options {
			for _, name := range s.q.options[o].names {
				if len(name) == 2 && name[0].key == "thu" && name[1].word == part && !found {
					out, found = append(out, mention{option: o, from: i, to: i + 2}), true
				}
			}
		}
		if !found || len(part) != 1 {
			return nil
		}
	}
	if len(parts) < 2 {
		return nil
	}
	return out
}
