package understand

import (
	"strconv"
	"strings"
)

// numeralNames reads numerals in words, and numbers in names: "ba tám" is 38, "12 month plan" is 12 months.
func (s *sitting) numeralNames() []mention {
	var out []mention
	for i := 0; i < len(s.toks); {
		x, n := s.numeralAt(i)
		if n == 0 || s.saysAt(i-1, "phần") && s.saysAt(i, "trăm") { // the hundred of "70 phần trăm"
			i++
			continue
		}
		for o := range s.q.options {
			if s.numeralNamesOption(&s.q.options[o], x, i, i+n) {
				out = append(out, mention{option: o, from: i, to: i + n})
			}
		}
		i += n
		if i < len(s.toks) {
			i += s.percentAt(i)
		}
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
			return o.hasPercent(strconv.FormatFloat(x, 'f', -1, 64))
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
	return v.prefer.at(s.toks, i) == 1 || s.endsBefore(v.movesTo, i+1) > 0 || s.saysAt(i, "the") || s.q.inSomeName(&s.toks[i]) || s.q.echo[s.toks[i].key] && !isNegator(s.toks[i].word)
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
