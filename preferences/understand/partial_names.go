package understand

// partialNames takes a word that belongs to the names of one option only.
func (s *sitting) partialNames() []mention {
	if n := len(signless(s.toks)); n > 8 {
		return nil
	}
	var out, passed []mention
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != wordToken || t.loose && s.pronounOrDay(i) || len(t.typed) < 3 && !s.shortPart(i) || isGeneric(t) || t.loose && collisions[fold(t.typed)] || isNegator(t.word) || s.q.echo[t.key] && !s.q.known[t.typed] {
			continue
		}
		if o := s.soleOwner(t, false); o >= 0 {
			m := mention{option: o, from: i, to: i + 1}
			if s.compoundAt(s.partEnd(o, i)) {
				passed = append(passed, m)
			} else {
				out = append(out, m)
			}
		}
	}
	for _, p := range passed { // "chiều tối": what was passed over may have been meant as well
		if len(out) > 0 && p.option != out[0].option {
			return nil
		}
	}
	if len(out) == 0 {
		out = s.barePart()
	}
	return out
}

// shortPart: a word of two letters counts where it opens the answer or follows a noun of the attribute ("cái ly").
func (s *sitting) shortPart(i int) bool {
	lo, _ := s.coreBounds(s.toks)
	t := &s.toks[i]
	return len(t.typed) == 2 && t.word == t.typed && (i == lo || lexicon().head.at(s.toks, i-1) == 1)
}

// partEnd is the last token from i on that goes on with a name of the option: the phê of "cà phê đen" for "Cà phê sữa".
func (s *sitting) partEnd(o, i int) int {
	for _, name := range s.q.options[o].names {
		for k := range name {
			n := 0
			for k+n < len(name) && i+n < len(s.toks) && sameWord(&name[k+n], &s.toks[i+n], true) {
				n++
			}
			if n > 1 {
				return i + n - 1
			}
		}
	}
	return i
}

// barePart takes the first word of a name without its marks where it is all that is said ("sang" for "Sáng 8h-11h").
func (s *sitting) barePart() []mention {
	lo, hi := s.coreBounds(s.toks)
	for i := hi; i < len(s.toks); i++ {
		if collisions[s.toks[i].key] || s.toks[i].word == "the" { // a part of a name as likely as a word of politeness
			return nil
		}
	}
	if s.unsureName || hi != lo+1 || len(s.toks[lo].typed) < 3 || !s.toks[lo].loose || neverNames[s.toks[lo].key] || genericWords[s.toks[lo].key] {
		return nil
	}
	if o := s.soleOwner(&s.toks[lo], true); o >= 0 {
		return []mention{{option: o, from: lo, to: hi}}
	}
	return nil
}

// compoundAt: a Vietnamese word behind the one that matched makes another thing of it ("trà sữa" is no "trà xanh").
func (s *sitting) compoundAt(i int) bool {
	if i+1 >= len(s.toks) || s.toks[i+1].kind != wordToken || !s.vi {
		return false
	}
	next := &s.toks[i+1]
	v := lexicon()
	return (syllable(next.key) || len(next.typed) > 3 && !lexicon().english[next.typed]) && !isLink(next) && v.trail.at(s.toks, i+1) == 0 && v.most.at(s.toks, i+1) == 0 && !isJoin(next) && !isOr(next) && !isCommon(next) && !s.q.known[next.typed]
}

// isCommon and isLink hold a word with marks to its marks: "đen" is neither đến nor đền.
func isCommon(t *token) bool {
	return commonVietnamese[t.key] && (!t.marked || commonWithMarks[t.typed] || commonWithMarks[t.word])
}

func isLink(t *token) bool {
	return linkWords[t.key] && (!t.marked || linksWithMarks[t.typed] || linksWithMarks[t.word])
}

var commonWithMarks, linksWithMarks = listed("everyday", "asked"), listed("everyday", "links")

// linkWords start something new behind a name, by key.
var linkWords = listedKeys("everyday", "links")

// sameSpelling is sameWord where a missing mark is not forgiven: one word of a name is little evidence.
func sameSpelling(p, t *token) bool {
	return !t.held && (t.typed == p.typed || t.word == p.word) || !p.marked && sameWord(p, t, false)
}

// soleOwner returns the one option in whose names t is the first word, or the last of an English name; -1 if none or
// several have it anywhere.
func (s *sitting) soleOwner(t *token, unmarked bool) int {
	owner := -1
	for o := range s.q.options {
		has, heads := false, false
		for _, name := range s.q.options[o].names {
			for k := range name {
				if sameSpelling(&name[k], t) || unmarked && sameWord(&name[k], t, true) {
					has = true
					heads = heads || k == 0 || timesOfDay[name[k].word] || k > 0 && k == len(name)-1 && (!s.vi || lexicon().english[t.typed]) && !name[0].marked && len(t.typed) > 4
				}
			}
		}
		if !has {
			continue
		}
		if owner >= 0 || !heads {
			return -1
		}
		owner = o
	}
	return owner
}

// isGeneric compares the key only where no marks were typed: "thẻ" is not "the".
func isGeneric(t *token) bool { return genericWords[t.word] || !t.marked && genericWords[t.key] }

// timesOfDay tell options apart wherever they stand in a name ("Giờ nghỉ trưa").
var timesOfDay = listed("everyday", "times-of-day")

var genericWords = listed("everyday", "generic")
