package understand

import "strings"

// maxMentions bounds the work on a reply that repeats options without end; nobody means so many.
const maxMentions = 60

// mention is a place where the reply names an option.
type mention struct {
	option   int
	from, to int
	weak     bool // an everyday word that is also a name of the option
	negative bool // ruled out
	chosen   bool // with a word of choosing at its side
	position bool // by its number or letter
	another  bool // said of somebody else
}

// optionAt returns how many tokens the longest option name at i covers, 0 for none.
func (q *question) optionAt(ts []token, i int) int {
	best := 0
	for o := 0; i < len(ts) && o < len(q.options); o++ {
		n, _ := q.options[o].at(ts, i)
		best = max(best, n)
	}
	return best
}

// mentionAt is optionAt for the reply.
func (s *sitting) mentionAt(i int) int { return s.q.optionAt(s.toks, i) }

// at returns the length of the option's longest name at i and whether it is an exact spelling.
func (o *option) at(ts []token, i int) (n int, exact bool) {
	for _, name := range o.names {
		if len(name) < n || len(name) == 0 {
			continue
		}
		if m, e := nameAt(name, ts, i); m > n || m == n && e && m > 0 {
			n, exact = m, e
		}
	}
	return n, exact
}

// nameAt compares a name with the tokens at i; "Không cay" is also found in "không ăn cay".
func nameAt(name, ts []token, i int) (n int, exact bool) {
	exact = true
	opened := false
	j := i
	for k := range name {
		if k == 1 && isNegator(name[0].word) {
			for skip := 0; skip < 2 && j < len(ts) && ts[j].isWord() && !sameWord(&name[k], &ts[j], true); skip++ {
				j++
			}
		}
		if k > 0 && j+1 < len(ts) && (ts[j].word == "cái" || ts[j].word == "chiếc" || ts[j].loose && ts[j].key == "cai") && name[k].key != ts[j].key { // "thấy cái bảng hiệu"
			j++
		}
		for name[k].apart && j < len(ts) && !ts[j].isWord() {
			j++
		}
		if j >= len(ts) || !sameWord(&name[k], &ts[j], len(name) > 1) {
			return 0, false
		}
		exact = exact && (ts[j].typed == name[k].typed || ts[j].word == name[k].word)
		opened = opened || name[k].apart && ts[j-1].word == "("
		j++
	}
	if opened && j < len(ts) && ts[j].word == ")" {
		j++
	}
	return j - i, exact
}

// sameWord compares a word of a name with one of the reply. Marks decide where they were typed.
func sameWord(p, t *token, lenient bool) bool {
	if t.kind == punctToken || t.kind == breakToken || t.held {
		return false
	}
	if isNegator(p.word) && (isNegator(t.word) || t.word == "khỏi" || t.word == "chẳng" || t.loose && t.key == "khoi") {
		return true
	}
	if t.typed == p.typed || t.word == p.word {
		return true
	}
	if p.kind == numberToken || t.kind == numberToken {
		return false
	}
	if t.marked { // "Phú Quôc": in a name of several words a missing tone is forgiven, a wrong one is not
		return lenient && t.key == p.key && toneless(p.word) == t.word
	}
	if !p.marked && p.kind == wordToken && isASCII(p.typed) && isASCII(t.typed) && sameStem(p.typed, t.typed) {
		return true
	}
	if !t.loose && !lenient {
		return false
	}
	return t.key == p.key || keyOf(t.typed) == p.key && t.typed != t.word
}

// sameStem ignores English endings.
func sameStem(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 3 {
		return b == a+"s" || b == a
	}
	if len(a) < 4 || !strings.HasPrefix(b, a[:len(a)-1]) {
		return false
	}
	if !strings.HasPrefix(b, a) {
		return a[len(a)-1] == 'y' && b == a[:len(a)-1]+"ies"
	}
	switch b[len(a):] {
	case "", "s", "es", "'s", "est", "ish":
		return true
	}
	return false
}

// isAll reports whether ts is one of the option's names and nothing else.
func (o *option) isAll(ts []token) bool {
	n, _ := o.at(ts, 0)
	return n > 0 && n == len(ts)
}

// mentions finds the named options from left to right, the longest name first.
func (s *sitting) mentions() []mention {
	var out []mention
	for i := 0; i < len(s.toks); {
		n, found := s.namedAt(i)
		if n == 0 || n == 1 && s.toks[i].loose && lexicon().rest.at(s.toks, i) > 1 { // the "con" of "con lai"
			i++
			continue
		}
		out = append(out, found...)
		i += n
	}
	if len(out) > maxMentions {
		s.note("too-many-options", "")
		return nil
	}
	if s.opensPolitely(out) {
		out = out[1:]
	}
	return s.withoutWeak(out)
}

// opensPolitely: of "da, kham tong quat" the first is dạ, where one is asked for and another is named behind it.
func (s *sitting) opensPolitely(ms []mention) bool {
	if len(ms) < 2 || s.q.Kind != choiceKind || ms[0].from > 0 || ms[0].to >= len(s.toks) {
		return false
	}
	return s.toks[0].loose && s.typedAt(0) == "da" && s.toks[ms[0].to].ends() && ms[0].to == 1
}

// namedAt returns the options named at i; more than one where the same words name several.
func (s *sitting) namedAt(i int) (n int, found []mention) {
	exact := false
	for o := range s.q.options {
		m, e := s.q.options[o].at(s.toks, i)
		if m == 0 || s.notAName(i, m) || m == 1 && s.q.options[o].none && s.deniesBefore(i) {
			continue
		}
		switch {
		case m > n || m == n && e && !exact:
			n, exact, found = m, e, append(found[:0], mention{option: o, from: i, to: i + m})
		case m == n && e == exact:
			found = append(found, mention{option: o, from: i, to: i + m})
		}
	}
	if n > 0 && s.q.options[found[0].option].none && isNegator(s.toks[i].word) && s.startsName(i+n) { // "không mua sữa"
		return 0, nil
	}
	for k := range found {
		found[k].weak = n == 1 && s.everyday(i, exact) || n > 1 && !exact && s.leavesOut(i, n)
	}
	return n, found
}

// deniesBefore: the khỏi of "múa thôi khỏi", "ra khỏi" is said of what stands before it, and is not the option Không.
func (s *sitting) deniesBefore(i int) bool {
	if !s.saysAt(i, "khỏi") {
		return false
	}
	for i > 0 && s.saysAt(i-1, "thôi", "dạ", "ạ", "à", "vậy", "thì") {
		i--
	}
	return i > 0 && s.toks[i-1].isWord()
}

// leavesOut: "bo sua" may be "bơ sữa" or "bỏ sữa".
func (s *sitting) leavesOut(i, n int) bool {
	lo, hi := s.coreBounds(s.toks)
	return s.toks[i].loose && lexicon().except.at(s.toks, i) == 1 && (lo != i || hi != i+n) && s.startsName(i+1)
}

// notAName rejects the m of 1m65 and the 38 of 38k.
func (s *sitting) notAName(i, n int) bool {
	first, last := &s.toks[i], i+n
	if first.kind == wordToken && len(first.typed) == 1 && (first.glued && i > 0 && s.toks[i-1].kind == numberToken || last < len(s.toks) && s.toks[last].glued && s.toks[last].kind == numberToken) {
		return true
	}
	if n == 1 && (first.loose && !first.marked && s.pronounOrDay(i) || s.countsPlace(i)) {
		return true
	}
	if s.saysAt(last, "rưỡi", "rưởi") && (s.toks[last-1].kind == numberToken || s.numeralPart(last-1)) { // 38 rưỡi
		return true
	}
	if s.toks[last-1].kind != numberToken || last >= len(s.toks) {
		return false
	}
	if n > 1 && s.q.days && first.key == "thu" { // "thứ 2 con rảnh" counts nothing
		return false
	}
	next := &s.toks[last]
	if next.kind != wordToken {
		return next.word == "%" || next.word == "/"
	}
	return next.glued || lexicon().quantityNouns.at(s.toks, last) > 0 && next.key != "h" && !(next.loose && next.key == "lan")
}

// countsPlace: the word at i, which names an option too, only says that the number behind it is a place: "số 4" beside Xe số.
func (s *sitting) countsPlace(i int) bool {
	if lexicon().index.at(s.toks, i) != 1 {
		return false
	}
	x, n := s.numeralAt(i + 1)
	return n > 0 && x >= 1 && x <= float64(len(s.q.options)) && s.onlyTrail(i+1+n) && s.onlyHeadOrChoice(i)
}

// onlyHeadOrChoice: nothing but a word of choosing or politeness stands before i in its clause.
func (s *sitting) onlyHeadOrChoice(i int) bool {
	v := lexicon()
	for i > 0 && !s.toks[i-1].ends() {
		if n := max(s.endsBefore(v.polite, i), s.endsBefore(v.lead, i)); n > 1 { // shop ơi
			i -= n
			continue
		}
		if v.prefer.at(s.toks, i-1) != 1 && v.lead.at(s.toks, i-1) != 1 && v.selves.at(s.toks, i-1) != 1 && v.index.at(s.toks, i-1) != 1 {
			return false
		}
		i--
	}
	return true
}

// pronounOrDay: without marks "voi toi" is "với tôi" (not Tối), and "thu 9" is a place or a weekday (not Thu).
func (s *sitting) pronounOrDay(i int) bool {
	switch s.toks[i].key {
	case "toi":
		opens := i < 2 || s.toks[i-2].ends() || s.saysAt(i-2, "đối")
		return s.saysAt(i-1, "với") && opens || s.saysAt(i-1, "của", "giúp", "giùm")
	case "thu":
		return i+1 < len(s.toks) && s.toks[i+1].kind == numberToken
	}
	return false
}

// everyday reports whether token i, all of a name, is as likely some other word: an unmarked one of many readings, or a
// function word, without anything beside it that speaks for the name.
func (s *sitting) everyday(i int, exact bool) bool {
	t := &s.toks[i]
	if isNegator(t.word) {
		return hasMore(s.coreOf(s.toks), 1)
	}
	if !functionWords[t.word] && (exact || t.marked || !collisions[fold(t.typed)] && !s.q.derived[t.key]) {
		return false
	}
	if !exact && t.loose && neverNames[t.key] {
		return !s.isAnimal(i)
	}
	lo, hi := s.coreBounds(s.toks)
	if lo == i && hi == i+1 {
		return t.loose && !exact && s.saysAt(i+1, "rồi")
	}
	return !s.nameContext(i) && !s.saidAlone(i)
}

// isAnimal: "2 con cho", "nha co con cho" count or end on a dog; "con cho hoi" asks.
func (s *sitting) isAnimal(i int) bool {
	return s.toks[i].key == "cho" && s.saysAt(i-1, "con") && (s.nothingBehind(i+1) || s.numeralStarts(i-2) || s.toks[i+1].kind == wordToken && !syllable(s.toks[i+1].key))
}

// saidAlone: the word at i is all that is said, politeness apart, before the customer asks something ("den nha, ship bao nhiu").
func (s *sitting) saidAlone(i int) bool {
	const few, short = 6, 10 // who answers in one word writes little beside it
	if len(s.clauses) > few {
		return false
	}
	for _, c := range s.clauses {
		switch {
		case i >= c.from && i < c.to && c.to-c.from > short:
			return false
		case i >= c.from && i < c.to:
			lo, hi := s.coreBounds(s.toks[c.from:c.to])
			if c.asks || c.from+lo != i || c.from+hi != i+1 {
				return false
			}
		case !c.asks && !s.isShell(c):
			return false
		}
	}
	return true
}

// nameContext: a noun of the attribute, a verb of choosing, a word of the question or a conjunction stands before.
func (s *sitting) nameContext(i int) bool {
	v := lexicon()
	if i > 0 {
		p := &s.toks[i-1]
		if v.head.at(s.toks, i-1) == 1 || v.prefer.at(s.toks, i-1) == 1 || v.aversion.at(s.toks, i-1) == 1 || isJoin(p) || isOr(p) || s.q.echo[p.key] && p.kind == wordToken && len(p.key) > 1 && p.key != "mac" {
			return true
		}
		if s.startsName(i - 1) {
			return true
		}
	}
	if s.q.Kind == choicesKind && s.saysAt(i+1, "cho") && s.saysAt(i+2, "con", "bé", "mẹ", "bố", "vợ", "chồng", "nhà") { // "sua cho con"
		return true
	}
	if i+1 < len(s.toks) {
		return s.startsName(i+1) || isOr(&s.toks[i+1]) || isJoin(&s.toks[i+1]) && (s.toks[i+1].word != "," || s.q.Kind == choicesKind)
	}
	return false
}

// startsName reports whether the name of some option starts at token i.
func (s *sitting) startsName(i int) bool {
	return i < len(s.toks) && s.mentionAt(i) > 0
}

// isJoin reports whether t joins the parts of a list.
func isJoin(t *token) bool {
	switch t.word {
	case ",", "+", "&", "và", "với", "and", "cùng", "plus", "/", ";", "\n", "kèm", "lẫn", "vs":
		return true
	}
	return t.loose && (t.key == "va" || t.key == "voi")
}

// withoutWeak drops everyday words; they count for nothing, also where nothing else was named.
func (s *sitting) withoutWeak(ms []mention) []mention {
	out := ms[:0]
	for _, m := range ms {
		if m.weak {
			s.unsureName = s.unsureName || !isNegator(s.toks[m.from].word)
			if lo, hi := s.clauseAround(m.from, m.to); hi < len(s.toks) && !isNegator(s.toks[m.from].word) && len(signless(s.coreOf(s.toks[lo:hi]))) == m.to-m.from {
				s.unsureOption = m.option + 1
			}
			s.note("everyday-word", s.words(m.from, m.to))
			continue
		}
		out = append(out, m)
	}
	return out
}

// functionWords are marked words that name options (a size "Vừa") but mostly mean something else.
var functionWords = listed("everyday", "function-words")

// neverNames are keys that are nearly always the function word.
var neverNames = listedKeys("everyday", "small-words")

// collisions are keys that stand for several everyday words.
var collisions = listedKeys("everyday", "collisions")
