package understand

import "strings"

// compound is a thing whose name holds the name of another: the hoa of "pháo hoa" is none.
type compound struct {
	text    string // as it is written in the list
	words   []form
	at, len int // where the other's name stands in it, and how many words it has
}

// loadCompounds lists them by the key of the first word of the name that they hold.
func loadCompounds() map[string][]compound {
	out := map[string][]compound{}
	for _, line := range strings.Split(wordFile("compounds"), "\n") {
		line, _, _ = strings.Cut(line, "   #")
		head, names, ok := strings.Cut(line, ": ")
		if !ok || line[0] == '#' {
			continue
		}
		held := forms(head)
		for _, name := range strings.Split(names, ", ") {
			c := compound{text: spelled(name), words: forms(name), len: len(held)}
			if c.at = placeOf(held, c.words); c.at >= 0 {
				out[held[0].key] = append(out[held[0].key], c)
			}
		}
	}
	return out
}

func forms(words string) (out []form) {
	for _, w := range strings.Fields(words) {
		out = append(out, newForm(w))
	}
	return out
}

// spelled writes words the one way in which they are compared.
func spelled(name string) string {
	words := forms(name)
	out := make([]string, len(words))
	for i := range words {
		out[i] = words[i].word
	}
	return strings.Join(out, " ")
}

// placeOf is where part stands in whole, -1 where it does not.
func placeOf(part, whole []form) int {
	for i := 0; i+len(part) <= len(whole); i++ {
		k := 0
		for k < len(part) && whole[i+k].word == part[k].word {
			k++
		}
		if k == len(part) {
			return i
		}
	}
	return -1
}

// hideCompounds takes the words that name an option out of the reply's view where they are part of another thing's name.
func (s *sitting) hideCompounds() {
	if s.q.aversion || len(s.q.options) == 0 { // who cannot have sữa cannot have sữa chua
		return
	}
	for i := range s.toks {
		for k := range s.q.compounds[s.toks[i].key] {
			c := &s.q.compounds[s.toks[i].key][k]
			if !s.compoundHere(c, i-c.at, i) {
				continue
			}
			for j := i; j < i+c.len; j++ {
				s.toks[j].held = true
			}
			s.compounded = s.compounded || !s.askedAt(i) // of what is asked no list is left out
			s.note("compound", s.words(i-c.at, i-c.at+len(c.words)))
			break
		}
	}
}

// compoundHere compares a compound with the tokens from i on; held is where the name in it stands. Without marks its other
// words may be an option of their own ("den do" is two colours before it is a lamp).
func (s *sitting) compoundHere(c *compound, i, held int) bool {
	if i < 0 || i+len(c.words) > len(s.toks) {
		return false
	}
	for k := range c.words {
		t := &s.toks[i+k]
		if t.kind != wordToken || !t.is(c.words[k], false) && !(t.typed == c.words[k].word) {
			return false
		}
		if k > 0 && t.caps != s.toks[i].caps && t.caps { // "hoa HỒNG" sets them apart
			return false
		}
		if j := i + k; t.loose && (j < held || j >= held+c.len) && (s.q.optionAt(s.toks, j) > 0 || s.endOfName(held, j)) {
			return false
		}
	}
	return true
}

// endOfName reports whether an option's name goes on from the held word over the token at j.
func (s *sitting) endOfName(held, j int) bool {
	return j > held && s.q.optionAt(s.toks, held) > j-held
}

// compoundsOf are the compounds that hold a word of some option's name, without those that the question speaks of itself.
func (q *question) compoundsOf() map[string][]compound {
	out := map[string][]compound{}
	said := ""
	for i := range q.text {
		said += " " + q.text[i].word
	}
	for o := range q.options {
		for _, name := range q.options[o].names {
			said += " |"
			for k := range name {
				said += " " + name[k].word
			}
		}
	}
	for o := range q.options {
		for _, name := range q.options[o].names {
			for k := range name {
				if key := name[k].key; out[key] == nil {
					for _, c := range lexicon().compounds[key] {
						if !strings.Contains(said, " "+c.text) {
							out[key] = append(out[key], c)
						}
					}
				}
			}
		}
	}
	return out
}
