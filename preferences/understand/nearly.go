package understand

import (
	"slices"
	"strings"
)

// nearNames finds options that the reply does not name in full: spelled as one word or with an error, in another order,
// or by the one word that no other option has. These are tried only when nothing better was found.
func (s *sitting) nearNames() []mention {
	for _, find := range []func() []mention{s.numeralNames, s.joinedNames, s.shortenedNames, s.begunNames, s.stemmedNames, s.reorderedNames, s.abridgedNames, s.misspelledNames, s.slippedNames, s.partialNames} {
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

// numeralNames reads numerals in words, and numbers in names: "ba tám" is 38, "12 month plan" is 12 months.
func (s *sitting) numeralNames() []mention {
	var out []mention
	for i := 0; i < len(s.toks); {
		x, n := s.numeralAt(i)
		if n == 0 {
			i++
			continue
		}
		for o := range s.q.options {
			if s.numeralNamesOption(&s.q.options[o], x, i, i+n) {
				out = append(out, mention{option: o, from: i, to: i + n})
			}
		}
		i += n
	}
	return out
}

func (s *sitting) numeralNamesOption(o *option, x float64, i, j int) bool {
	for _, name := range o.names[:o.labels] {
		k := 0
		for k < len(name) && name[k].kind != numberToken {
			k++
		}
		if k == len(name) {
			continue
		}
		if v, ok := plainNumber(name[k].word); !ok || v != x {
			continue
		}
		if k > 0 && i > 0 && sameWord(&name[k-1], &s.toks[i-1], true) && k == len(name)-1 { // "grade one" is Grade 1
			return true
		}
		if s.percentAt(j) > 0 || s.saysAt(j, "%") {
			return o.hasPercent(s.toks[i].word)
		}
		if len(name) == 1 || s.onlyNumber(x, i, j) {
			return !s.notAName(i, j-i)
		}
		if k+1 < len(name) && j < len(s.toks) && sameUnit(&name[k+1], &s.toks[j]) {
			return true
		}
	}
	return false
}

// onlyNumber: "12" or "gói 12" is meant for "12 tháng", where the list is too short for a twelfth place.
func (s *sitting) onlyNumber(x float64, i, j int) bool {
	lo, hi := s.coreBounds(s.toks)
	if x > float64(len(s.q.options)) && s.nothingBehind(j) && i > lo && s.namedBy(i-1) {
		return true
	}
	return x > float64(len(s.q.options)) && j == hi && (i == lo || i == lo+1 && (lexicon().index.at(s.toks, lo) == 1 || lexicon().head.at(s.toks, lo) == 1))
}

// namedBy: a verb of choosing, a negator or "the" stands before the number ("không lấy 16, lấy 20").
func (s *sitting) namedBy(i int) bool {
	v := lexicon()
	return v.prefer.at(s.toks, i) == 1 || s.saysAt(i, "the") || s.q.inSomeName(&s.toks[i]) || s.q.echo[s.toks[i].key] && !isNegator(s.toks[i].word)
}

// hasPercent reports whether a label says this percentage, and no other number that goes on into it.
func (o *option) hasPercent(number string) bool {
	i := strings.Index(o.percent, number+"%")
	return i >= 0 && (i == 0 || !isDigit(o.percent[i-1]) && o.percent[i-1] != '.' && o.percent[i-1] != ',')
}

func sameUnit(p, t *token) bool {
	if sameWord(p, t, true) {
		return true
	}
	return t.kind == wordToken && isASCII(p.typed) && len(t.typed) >= 2 && len(t.typed) < len(p.typed) && p.typed[:len(t.typed)] == t.typed
}

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
	return syllable(next.key) && !isLink(next) && v.trail.at(s.toks, i+1) == 0 && v.most.at(s.toks, i+1) == 0 && !isJoin(next) && !isOr(next) && !isCommon(next) && !s.q.known[next.typed]
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

// withUnnamed looks for options in the parts of a list that name none in full: "giảm giá và hàng mới".
func (s *sitting) withUnnamed(ms []mention) []mention {
	out := append([]mention(nil), ms...)
	for from := 0; from < len(s.toks); {
		to := from
		for to < len(s.toks) && !isJoin(&s.toks[to]) && !isOr(&s.toks[to]) && !s.toks[to].ends() {
			to++
		}
		if !s.anyCovered(ms, from, to) && len(signless(s.toks[from:to])) <= 3 {
			if m, ok := s.respelled(from, to); ok {
				out = append(out, m)
				from = to + 1
				continue
			}
			for i := from; i < to; i++ {
				if t := &s.toks[i]; t.kind == wordToken && len(t.typed) >= 3 && !isGeneric(t) && !(lightVerbs[t.word] && s.compoundAt(i)) && !isNegator(t.word) {
					if o := s.soleOwner(t, t.loose && !collisions[t.key]); o >= 0 {
						out = append(out, mention{option: o, from: i, to: i + 1, weak: true})
					}
				} else if o, n := s.namePrefix(i); n > 1 {
					out = append(out, mention{option: o, from: i, to: i + n, weak: true})
				}
			}
		}
		from = to + 1
	}
	slices.SortStableFunc(out, func(a, b mention) int { return a.from - b.from })
	return out
}

// respelled finds a name spelled as one word or with an error between from and to ("skincare and hair").
func (s *sitting) respelled(from, to int) (mention, bool) {
	part := *s
	part.toks = s.toks[from:to]
	for _, find := range []func() []mention{part.joinedNames, part.misspelledNames} {
		if ms := find(); len(ms) == 1 {
			m := ms[0]
			m.from, m.to, m.weak = m.from+from, m.to+from, true
			return m, true
		}
	}
	return mention{}, false
}

func (s *sitting) anyCovered(ms []mention, from, to int) bool {
	for i := from; i < to; i++ {
		if s.covered(ms, i) {
			return true
		}
	}
	return false
}

// namePrefix returns the only option with a name of which two words or more stand at i.
func (s *sitting) namePrefix(i int) (owner, n int) {
	owner = -1
	for o := range s.q.options {
		for _, name := range s.q.options[o].names {
			k := 0
			for k < len(name) && i+k < len(s.toks) && sameWord(&name[k], &s.toks[i+k], true) {
				k++
			}
			if k < 2 {
				continue
			}
			if owner >= 0 && owner != o {
				return -1, 0
			}
			owner, n = o, max(n, k)
		}
	}
	return owner, n
}

// sameSpelling is sameWord where a missing mark is not forgiven: one word of a name is little evidence.
func sameSpelling(p, t *token) bool {
	return t.typed == p.typed || t.word == p.word || !p.marked && sameWord(p, t, false)
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
					heads = heads || k == 0 || timesOfDay[name[k].word]
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
