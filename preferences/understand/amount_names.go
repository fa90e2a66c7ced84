package understand

import (
	"math"
	"slices"
	"strings"
)

// labelAmount is an amount in a label: the 1m6 of "1m6 x 2m", the 5 to 10 kg of "5-10kg".
type labelAmount struct {
	quantity
	word string // key of the unit or of what is counted, as the label has it
}

// amountNames are the amounts of each option, by its names. A question whose options do not differ in amounts has none.
type amountNames struct {
	of    [][][]labelAmount
	money bool // amounts are read as money
}

// readAmounts finds the options that are told apart by amounts: sizes ("1m6 x 2m"), lengths of stay ("3 ngày 2 đêm"), ranges
// ("Dưới 5kg", "5-10kg"). Times of the day are no amounts.
func (c *question) readAmounts() {
	for _, o := range c.Options {
		for _, l := range o.Label {
			c.roomy = c.roomy || squareMetres(l)
		}
	}
	plain, measured, ok := c.amountsOfLabels(false)
	if !ok || measured < 2 {
		c.priced = true
		if priced, measured, ok := c.amountsOfLabels(true); ok && measured > 1 {
			c.amounts = priced
			return
		}
		c.priced = false
	}
	if ok {
		c.amounts = plain
	}
}

// amountsOfLabels counts how many options have an amount with its unit, and reports whether amounts tell the options apart.
func (c *question) amountsOfLabels(money bool) (n *amountNames, measured int, ok bool) {
	n = &amountNames{money: money}
	found, ranges := 0, 0
	for _, o := range c.Options {
		var names [][]labelAmount
		for _, locale := range locales(o.Label) {
			if as := c.amountsIn(o.Label[locale], locale, money); len(as) > 0 {
				names = append(names, as)
			}
		}
		if n.of = append(n.of, names); len(names) == 0 {
			continue
		}
		a := names[0][0]
		if ofTheDay[a.word] || a.unit.family == "count" && !money {
			return nil, 0, false
		}
		found++
		if a.unit.factor != 0 || a.noun != "" && !money {
			measured++
		}
		if !a.exact() {
			ranges++
		}
	}
	return n, measured, found > 1 && (measured > 1 || ranges > 1)
}

// ofTheDay are the words, by key, that make a time of the day of a number, where it is in a label.
var ofTheDay = map[string]bool{"h": true, "gio": true, "g": true, "am": true, "pm": true}

// squareMetres: "50m2" in a label is an area, "1m2" a length.
func squareMetres(label string) bool {
	i := strings.Index(label, "m2")
	return strings.Contains(label, "m²") || i > 1 && isDigit(label[i-1]) && isDigit(label[i-2])
}

func (c *question) amountsIn(label, locale string, money bool) (out []labelAmount) {
	var trace []Note
	s := &sitting{reply: tokenise(clean(label), locale == "vi", c.known), q: c, trace: &trace}
	for i := 0; i < len(s.toks); {
		as := s.amountsAt(i, money)
		if len(as) == 0 {
			i++
			continue
		}
		out = append(out, as...)
		i = as[len(as)-1].to
		if s.saysAt(i, "%") {
			return nil
		}
	}
	return out
}

// amountsAt reads one amount, or the sides of a thing ("1.6x2m").
func (s *sitting) amountsAt(i int, money bool) []labelAmount {
	if a, b, ok := s.sidesAt(i); ok {
		return []labelAmount{a, b}
	}
	q, ok := s.rangeAt(i, s.amountUnits(money))
	if !ok {
		return nil
	}
	s.bound(&q)
	if noCounted[q.noun] { // "500 fits my bag", "500 là đủ"
		q.noun = ""
	}
	word := s.countedBy(&q)
	if noCounted[word] {
		word = ""
	}
	if q.noun != "" && q.to < len(s.toks) && s.toks[q.to].word == q.noun {
		q.to++
	}
	return []labelAmount{{q, word}}
}

// sidesAt reads "1.6x2m": the unit at the end is that of both.
func (s *sitting) sidesAt(i int) (a, b labelAmount, ok bool) {
	if i >= len(s.toks) || i > 0 && s.toks[i].glued && s.toks[i-1].kind == wordToken {
		return a, b, false
	}
	x, n := s.numeralAt(i)
	if n == 0 || !isTimes(s.typedAt(i+n)) {
		return a, b, false
	}
	y, m := s.numeralAt(i + n + 1)
	if m == 0 {
		return a, b, false
	}
	end := i + n + 1 + m
	u, k := s.countAt(end)
	side := func(x float64, from, to int) labelAmount {
		return labelAmount{quantity{lo: x, hi: x, hasLo: true, hasHi: true, unit: u, from: from, to: to, fraction: x != math.Trunc(x)}, ""}
	}
	return side(x, i, i+n), side(y, i+n+1, end+k), true
}

// isTimes: the sign between the sides of a thing.
func isTimes(w string) bool { return w == "x" || w == "×" || w == "*" }

func (s *sitting) amountUnits(money bool) measures {
	if money {
		return s.moneyAt
	}
	return s.countAt
}

// countedBy is the key of the word behind the number of q.
func (s *sitting) countedBy(q *quantity) string {
	for i := q.from; i < len(s.toks) && i <= q.to; i++ {
		if s.toks[i].kind == wordToken && (i < q.to && !s.numeralStarts(i) || q.noun != "" && s.toks[i].word == q.noun || i == q.to && s.saysAt(i, "lần")) {
			return s.toks[i].key
		}
	}
	return ""
}

// amountNamed finds options by the amounts that their labels say: "1m8", "met sau" and "1.6" for sizes, "2n1đ" for a stay, "7kg"
// for "5-10kg". told reports that such an amount was said, whether or not some option has it.
func (s *sitting) amountNamed() (ms []mention, told bool) {
	n := s.q.amounts
	if n == nil {
		return nil, false
	}
	const few = 6
	s.terse = !hasMore(s.coreOf(s.toks), few)
	for i := 0; i < len(s.toks) && len(ms) <= maxMentions; {
		said := s.amountsFrom(i)
		if len(said) == 0 {
			i++
			continue
		}
		i = said[len(said)-1].to
		if len(said) > 1 && s.countsPieces(&said[0]) {
			said = said[1:]
		}
		found, comparable := s.optionsOf(said)
		if at := said[0].from; lexicon().vague.at(s.toks, at-1) == 1 || s.saysAt(at-1, "sắp", "gần", "suýt", "almost", "nearly") {
			found = nil // on which side of an end it lies is not said
		}
		told = told || comparable || len(found) > 1
		if len(found) == 1 {
			from := said[0].from
			ms = append(ms, mention{option: found[0], from: from - s.boundBefore(from), to: i})
		}
	}
	return ms, told
}

// noCounted are words behind a number that say something of it and are not what is counted.
var noCounted = listed("counting", "no-counted")

// countsPieces: the 2 of "2 cái 500" says how many of that one are wanted.
func (s *sitting) countsPieces(a *labelAmount) bool {
	if a.unit.factor != 0 || a.noun == "" || !(containers[keyOf(a.noun)] || keyOf(a.noun) == "cai" || keyOf(a.noun) == "chiec") {
		return false
	}
	for _, names := range s.q.amounts.of {
		for _, name := range names {
			for k := range name {
				if name[k].word == a.word {
					return false
				}
			}
		}
	}
	return true
}

// boundBefore is the length of the words that make a bound of the amount at i.
func (s *sitting) boundBefore(i int) int {
	v := lexicon()
	return max(s.endsBefore(v.atLeast, i), s.endsBefore(v.atMost, i), s.endsBefore(v.about, i))
}

// amountsFrom reads the amounts that stand side by side at i: "1m8 x 2m", "3 ngày 2 đêm", "2n1đ".
func (s *sitting) amountsFrom(i int) (out []labelAmount) {
	if a, b, ok := s.codeAt(i); ok {
		return []labelAmount{a, b}
	}
	for {
		if len(out) > 0 && isTimes(s.typedAt(i)) {
			i++
		}
		as := s.amountsAt(i, s.q.amounts.money)
		if len(as) == 0 || s.askedAt(i) || len(out) > 0 && (lexicon().perUnit.at(s.toks, i) > 0 || s.typedAt(i) == "one") { // three kilo one
			return out
		}
		out = append(out, as...)
		i = as[len(as)-1].to
	}
}

// codeAt reads "2n1đ": two numbers, each with the first letter of what it counts.
func (s *sitting) codeAt(i int) (a, b labelAmount, ok bool) {
	for k := i; k < i+4; k++ {
		if k >= len(s.toks) || k > i && !s.toks[k].glued {
			return a, b, false
		}
		if number := (k-i)%2 == 0; number != (s.toks[k].kind == numberToken) || !number && (s.toks[k].kind != wordToken || len(keyOf(s.toks[k].typed)) != 1) {
			return a, b, false
		}
	}
	if _, n := s.countAt(i + 1); n > 0 || isTimes(s.typedAt(i+1)) || isTimes(s.typedAt(i+3)) { // 1m8x
		return a, b, false
	}
	letter := func(k int) labelAmount {
		x, _ := plainNumber(s.toks[k].word)
		return labelAmount{quantity{lo: x, hi: x, hasLo: true, hasHi: true, noun: s.toks[k+1].typed, from: k, to: k + 2}, keyOf(s.toks[k+1].typed)}
	}
	return letter(i), letter(i + 2), true
}

// measuresAt: behind the number at i stands a unit that labels have, or something that is counted: it is no place in the list.
func (s *sitting) measuresAt(i int) bool {
	n := s.q.amounts
	if n == nil {
		return false
	}
	v := lexicon()
	if s.nounAt(i+1) != "" && v.index.at(s.toks, i+1) == 0 && v.head.at(s.toks, i+1) == 0 {
		return true
	}
	u, m := s.amountUnits(n.money)(i + 1)
	for _, names := range n.of {
		for _, as := range names {
			for _, a := range as {
				if m > 0 && sameMeasure(a.unit.family, u.family) || a.word != "" && i+1 < len(s.toks) && a.word == s.toks[i+1].key {
					return true
				}
			}
		}
	}
	return false
}

// withoutBounded drops names of amounts that the reply says a bound of: "trên 500ml" is not 500ml.
func (s *sitting) withoutBounded(ms []mention) []mention {
	if s.q.amounts == nil {
		return ms
	}
	v := lexicon()
	return slices.DeleteFunc(ms, func(m mention) bool {
		return s.toks[m.from].kind == numberToken && (s.endsBefore(v.atLeast, m.from) > 0 || s.endsBefore(v.atMost, m.from) > 0)
	})
}
