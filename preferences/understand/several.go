package understand

import "slices"

// severalAt reads how many options are meant, without their names: "2 cái đầu", "the last three". A choice of one option
// has no place for several.
func (s *sitting) severalAt(i, hi int) (ms []mention, n int, valid bool) {
	first, k, n := s.endsAt(i)
	if n == 0 {
		k, n = s.allOfAt(i)
		return nil, n, n == 0 || k == s.q.pickable()
	}
	if s.q.Kind != choicesKind || k > len(s.q.options) || i+n > hi {
		return nil, n, false
	}
	from := 0
	if !first {
		from = len(s.q.options) - k
	}
	for o := from; o < from+k; o++ {
		ms = append(ms, mention{option: o, from: i, to: i + n, position: true})
	}
	return ms, n, true
}

// endsAt reads "2 cái đầu [tiên]", "ba món cuối", "first two", "the last 3".
func (s *sitting) endsAt(i int) (first bool, k, n int) {
	v := lexicon()
	if s.saysAt(i, "first", "last", "top") {
		if x, m := s.numberedAt(i + 1); m > 0 {
			return !s.saysAt(i, "last"), x, 1 + m
		}
		return false, 0, 0
	}
	if s.saysAt(i, "cả", "all", "both") && i+1 < len(s.toks) { // "cả hai cái đầu"
		if first, k, n = s.endsAt(i + 1 + s.sayings(i+1, "of", "the")); n > 0 {
			return first, k, n + 1 + s.sayings(i+1, "of", "the")
		}
		return false, 0, 0
	}
	x, m := s.numberedAt(i)
	if m == 0 || i > 0 && lexicon().index.at(s.toks, i-1) == 1 {
		return false, 0, 0
	}
	j := i + m
	j += max(v.head.at(s.toks, j), v.index.at(s.toks, j))
	if !s.saysAt(j, "đầu", "cuối") {
		return false, 0, 0
	}
	return s.saysAt(j, "đầu"), x, s.ordinalEnd(j+1, len(s.toks)) - i
}

// sayings counts how many of the words stand at i, in their order.
func (s *sitting) sayings(i int, words ...string) int {
	n := 0
	for _, w := range words {
		if s.saysAt(i+n, w) {
			n++
		}
	}
	return n
}

// numberedAt reads a numeral of two or more.
func (s *sitting) numberedAt(i int) (k, n int) {
	if i >= len(s.toks) {
		return 0, 0
	}
	if x, n := s.numeralAt(i); n > 0 && x == float64(int(x)) && x >= 2 && x < 100 {
		return int(x), n
	}
	return 0, 0
}

// allOfAt reads "cả hai", "all four", "lấy hết 3 cái", "both": everything, if there are as many.
func (s *sitting) allOfAt(i int) (k, n int) {
	v := lexicon()
	if s.typedAt(i) == "ca" && s.q.writes("ca") { // "ca 2" where there are Ca sáng, Ca tối
		return 0, 0
	}
	if n := v.both.at(s.toks, i); n > 0 {
		return 2, n
	}
	n = v.all.at(s.toks, i)
	if n == 0 {
		return 0, 0
	}
	j := i + n
	if s.saysAt(j, "of") {
		j++
	}
	k, m := s.numberedAt(j)
	if m == 0 || s.q.optionAt(s.toks, j) > 0 {
		return 0, 0
	}
	return k, j + m - i
}

// pickable is how many options there are besides the one that means none.
func (q *question) pickable() int {
	n := 0
	for o := range q.options {
		if !q.options[o].none {
			n++
		}
	}
	return n
}

// miscounted: "cả hai" of four options, where not just two were named.
func (s *sitting) miscounted(ms []mention) bool {
	for i := range s.toks {
		k, n := s.allOfAt(i)
		if n == 0 || k == s.q.pickable() || s.covered(ms, i) || s.startsName(i+n) { // "2 cái máy lạnh" are two of one
			continue
		}
		named := map[int]bool{}
		for _, m := range ms {
			named[m.option] = true
		}
		if len(named) != k {
			return true
		}
	}
	return false
}

// sizes are the letters of the sizes, from small to large.
var sizes = [...]string{"nb", "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"}

// sizeWords are the words for sizes, each with its place among them.
var sizeWords = inOrder("everyday", "sizes")

// extremeName takes "the smallest" for the end of the row, also where "small" is the name of another size. Where the options
// stand in no such order, a name with it that is not at the end names none.
func (s *sitting) extremeName(ms []mention) []mention {
	v := lexicon()
	last := true
	i, n := v.largest.find(s.toks)
	if n == 0 {
		last = false
		i, n = v.smallest.find(s.toks)
	}
	if n == 0 || len(ms) != 1 || ms[0].from < i || ms[0].to > i+n {
		return ms
	}
	if ex := s.extreme(); len(ex) > 0 {
		return ex
	}
	if end := len(s.q.options) - 1; last && ms[0].option != end || !last && ms[0].option != 0 {
		return nil
	}
	return ms
}

// withoutExtremes leaves out names that a superlative only brings to mind: "gói cao nhất" is not Nâng cao.
func (s *sitting) withoutExtremes(ms []mention) []mention {
	v := lexicon()
	return slices.DeleteFunc(ms, func(m mention) bool {
		for i := m.from; i < m.to; i++ {
			if n := max(v.largest.at(s.toks, i), v.smallest.at(s.toks, i)); n > 0 && !s.numeralStarts(i+n) {
				return true
			}
		}
		return false
	})
}

// extreme reads "size lớn nhất" and "the smallest" where the options are sizes in order or numbers.
func (s *sitting) extreme() []mention {
	v := lexicon()
	i, n := v.largest.find(s.toks)
	last := n > 0
	if !last {
		i, n = v.smallest.find(s.toks)
	}
	if n == 0 || s.askedAt(i) || s.numeralStarts(i+n) && !s.saysAt(i+n, "one") { // "ít nhất 500ml" is a bound
		return nil
	}
	o := 0
	switch {
	case !s.q.ascending():
		if o = s.q.extremeAmount(last); o < 0 {
			return nil
		}
	case last:
		o = len(s.q.options) - 1
	}
	return []mention{{option: o, from: i, to: i + n, position: true}}
}

// ascending reports whether the labels are sizes or plain numbers, each larger than the one before.
func (q *question) ascending() bool {
	before := -1.0
	for o := range q.options {
		name := q.options[o].names[0]
		if sameUnits := len(name) == 2 && name[0].kind == numberToken && len(q.options[0].names[0]) == 2 && sameWord(&name[1], &q.options[0].names[0][1], true); len(name) != 1 && !sameUnits && storage(name) == 0 {
			return false
		}
		rank, ok := plainNumber(name[0].word)
		rank *= max(1, storage(name))
		if k := sizeWords[name[0].word]; k > 0 {
			rank, ok = float64(k), true
		}
		for k, size := range sizes {
			if name[0].typed == size {
				rank, ok = float64(k), true
			}
		}
		if !ok || rank <= before {
			return false
		}
		before = rank
	}
	return len(q.options) > 1
}

// extremeAmount is the option with the largest or the smallest amount, where each has one of the same measure ("500ml", "1 lít");
// -1 where that is not so.
func (q *question) extremeAmount(largest bool) int {
	if q.amounts == nil {
		return -1
	}
	best, most := -1, 0.0
	family := ""
	for o, names := range q.amounts.of {
		if len(names) == 0 || len(names[0]) != 1 || !names[0][0].exact() || names[0][0].unit.factor == 0 {
			return -1
		}
		a := names[0][0]
		if size := a.lo * a.unit.factor; best < 0 || largest == (size > most) {
			best, most = o, size
		}
		if family == "" {
			family = a.unit.family
		}
		if a.unit.family != family {
			return -1
		}
	}
	return best
}

// storage is what the unit of a size of storage counts ("64GB", "1 TB"), in GB; 0 for another name.
func storage(name []token) float64 {
	if len(name) != 2 || name[0].kind != numberToken {
		return 0
	}
	switch name[1].typed {
	case "gb":
		return 1
	case "tb":
		return 1000
	}
	return 0
}
