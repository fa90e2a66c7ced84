package understand

import (
	"strconv"
	"strings"
)

// positions reads menu numbers, ordinals and letters as options. Where one of several does not exist, the reply names
// nothing that can be trusted, and ok numbers beside it count for nothing either.
func (s *sitting) positions() []mention {
	var out []mention
	lo, hi := s.coreBounds(s.toks)
	for i := lo; i < hi; {
		m, n, valid := s.severalAt(i, hi)
		if n == 0 {
			m, n, valid = s.positionAt(i, lo, hi)
		}
		if n == 0 {
			i++
			continue
		}
		if !valid || len(out) > maxMentions {
			s.note("no-such-position", s.words(i, i+n))
			return nil
		}
		out = append(out, m...)
		i += n
	}
	return out
}

// positionAt reads one position at token i.
func (s *sitting) positionAt(i, lo, hi int) (ms []mention, n int, valid bool) {
	if ms := s.daysListed(i); len(ms) > 0 {
		return ms, 2, true
	}
	if s.q.days && s.saysAt(i, "thứ") && i+1 < hi { // a day that is not among the options
		if _, n := s.numeralAt(i + 1); n > 0 {
			return nil, 1 + n, false
		}
	}
	if k, n := s.ordinalAt(i, hi); n > 0 {
		return s.place(k, i, n)
	}
	if s.q.lettered {
		if k, ok := s.letterAt(i, lo, hi); ok {
			return s.place(k, i, 1)
		}
	}
	t := &s.toks[i]
	if t.kind != numberToken {
		return s.spelledPosition(i, lo, hi)
	}
	if !s.menuContext(i, lo, hi) || s.measuresAt(i) || s.inCode(i) || s.announces(i) {
		return nil, 0, true
	}
	if i > 0 && s.q.numbersBehind(&s.toks[i-1]) || i+1 < hi && s.q.countsOf(&s.toks[i+1]) { // "lớp 4" where there are Lớp 1 to Lớp 3
		return nil, 1, false
	}
	valid = true
	for _, part := range strings.FieldsFunc(t.word, func(r rune) bool { return r == ',' || r == '.' }) {
		k, ok := smallInt(part)
		m, _, v := s.place(k, i, 1)
		ms, valid = append(ms, m...), valid && ok && v
	}
	return ms, 1, valid && len(ms) > 0 && !(s.q.Kind == choiceKind && len(ms) > 1)
}

// announces: "2 loại: 1 và 4" says how many follow.
func (s *sitting) announces(i int) bool {
	n := max(lexicon().head.at(s.toks, i+1), lexicon().index.at(s.toks, i+1))
	return n > 0 && s.saysAt(i+1+n, ":")
}

// place turns a position into a mention. A number that is also part of another option's name names neither.
func (s *sitting) place(k, i, n int) ([]mention, int, bool) {
	if k < 1 || k > len(s.q.options) || s.numberNamed(strconv.Itoa(k), k-1) && !s.saysAt(i-1, "số", "câu", "option", "number", "#") {
		return nil, n, false
	}
	return []mention{{option: k - 1, from: i, to: i + n, position: true}}, n, true
}

func (s *sitting) numberNamed(num string, except int) bool {
	for o := range s.q.options {
		for _, name := range s.q.options[o].names {
			for k := range name {
				if inside := k > 0 && k+1 < len(name) || len(name) > 3; inside { // the 1 of "Mua 1 tặng 1"
					continue
				}
				if o != except && name[k].kind == numberToken && name[k].word == num && (k == 0 || !name[k].glued) && (k+1 == len(name) || !name[k+1].glued) {
					return true
				}
			}
		}
	}
	return false
}

// numbersBehind reports whether some label has a number behind the word t.
func (q *question) numbersBehind(t *token) bool {
	for o := range q.options {
		for _, name := range q.options[o].names {
			for k := 1; k < len(name); k++ {
				if name[k].kind == numberToken && name[k-1].kind == wordToken && sameWord(&name[k-1], t, true) {
					return true
				}
			}
		}
	}
	return false
}

// countsOf reports whether some label counts what t says ("1 bé", "2 bé").
func (q *question) countsOf(t *token) bool {
	for o := range q.options {
		for _, name := range q.options[o].names {
			for k := 1; k < len(name); k++ {
				if name[k-1].kind == numberToken && name[k].kind == wordToken && !name[k].glued && sameWord(&name[k], t, true) {
					return true
				}
			}
		}
	}
	return false
}

// menuContext reports whether a number stands where a menu number would: alone, in a list of numbers, behind "số".
func (s *sitting) menuContext(i, lo, hi int) bool {
	v := lexicon()
	if i+1 < len(s.toks) {
		next := &s.toks[i+1]
		if next.glued && next.kind != punctToken && next.kind != emojiToken || next.word == "%" || next.glued && next.word == "/" {
			return false
		}
		if i+1 < hi && v.quantityNouns.at(s.toks, i+1) > 0 && !s.indexedList(i) {
			return false
		}
	}
	if i > 0 && s.toks[i-1].word == "-" && s.toks[i-1].glued && s.q.Kind == choiceKind {
		return false
	}
	if i > 0 && (v.index.at(s.toks, i-1) == 1 || s.toks[i-1].word == "#" || s.q.echo[s.toks[i-1].key] && len(s.toks[i-1].key) > 2 && !s.countsEcho(i, hi)) {
		return true
	}
	return s.numbersAround(i, lo, hi)
}

// inCode: the 1 of "alert(1)", "x[1]", "a.vn/1" and "id=1" is written for machines. "chọn(1)" chooses.
func (s *sitting) inCode(i int) bool {
	if i < 2 {
		return false
	}
	if s.toks[i-1].word == "/" && s.toks[i].glued && s.toks[i-2].kind == numberToken && s.q.Kind == choiceKind { // 1/2
		return true
	}
	if !s.toks[i].glued || !s.toks[i-1].glued || s.toks[i-2].kind != wordToken {
		return false
	}
	switch s.toks[i-1].word {
	case "/", "=", "[", "{":
		return true
	case "(":
		return lexicon().prefer.at(s.toks, i-2) == 0 && lexicon().index.at(s.toks, i-2) == 0
	}
	return false
}

// countsEcho: in "mới tiêm 1 mũi" the number counts what the question is about.
func (s *sitting) countsEcho(i, hi int) bool {
	return i > 0 && i+1 < hi && s.toks[i+1].kind == wordToken && s.q.echo[s.toks[i+1].key] && lexicon().index.at(s.toks, i-1) == 0
}

// indexedList: in "cái 1 cái 2" the second cái belongs to the number behind it.
func (s *sitting) indexedList(i int) bool {
	v := lexicon()
	return i > 0 && i+2 < len(s.toks) && s.toks[i+2].kind == numberToken && v.index.at(s.toks, i-1) == 1 && v.index.at(s.toks, i+1) == 1
}

// numbersAround: the whole clause is numbers and joining words, or the number opens the reply and a sign follows.
func (s *sitting) numbersAround(i, lo, hi int) bool {
	v := lexicon()
	if i == lo && (i+1 >= hi || s.toks[i+1].ends() || s.dashBreak(i+1)) {
		return true
	}
	a, b := s.clauseAround(i, i+1)
	a, b = max(a, lo), min(b, hi)
	others := 0
	for k := a; k < b; k++ {
		t := &s.toks[k]
		switch {
		case s.saysAt(k, "từ", "from") && k+1 < b && s.toks[k+1].kind == numberToken, s.saysAt(k, "the"):
		case s.toks[k].word == "last" || ordinals[t.word] > 0:
		case t.kind == numberToken, isJoin(t), isOr(t), v.index.at(s.toks, k) > 0, v.rangeWords.at(s.toks, k) > 0, t.kind == punctToken, t.kind == emojiToken, v.trail.at(s.toks, k) > 0, v.lead.at(s.toks, k) > 0, v.negators.at(s.toks, k) > 0, v.prefer.at(s.toks, k) > 0, v.except.at(s.toks, k) > 0, v.all.at(s.toks, k) > 0:
		default:
			others++
		}
	}
	counts := i+1 < hi && (v.index.at(s.toks, i+1) == 1 || v.head.at(s.toks, i+1) == 1 || s.toks[i+1].kind == wordToken && s.q.echo[s.toks[i+1].key] && v.trail.at(s.toks, i+1) == 0) // "2 loại trà", "4 kênh luôn"
	return others == 0 && !(i > lo && s.countsEcho(i, hi)) || i == lo && others <= 1 && !counts
}

func (s *sitting) numeralList(lo, hi int) bool {
	for i := lo; i < hi; {
		if isJoin(&s.toks[i]) || isOr(&s.toks[i]) {
			i++
			continue
		}
		_, n := s.numeralAt(i)
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}

// smallInt reads a plain number of at most four digits.
func smallInt(w string) (int, bool) {
	if len(w) == 0 || len(w) > 4 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(w); i++ {
		if !isDigit(w[i]) {
			return 0, false
		}
		n = n*10 + int(w[i]-'0')
	}
	return n, true
}
