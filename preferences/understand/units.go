package understand

import (
	"strconv"
	"strings"
)

// The units of measurement by the word that names them, as typed. Money has its own table.
var measureUnits = unitsIn("measures")

// squareFoot is one in square metres.
const squareFoot = 0.092903

// moneyUnits are the words for amounts of money.
var moneyUnits = unitsIn("money")

// unitsIn reads a section of units.txt.
func unitsIn(section string) map[string]unit {
	out := map[string]unit{}
	for _, g := range grouped("units", section) {
		factor, family, _ := strings.Cut(g.head, " ")
		x, err := strconv.ParseFloat(factor, 64)
		if err != nil || family == "" {
			panic("units.txt: " + g.head + " is no amount and what it measures")
		}
		for _, w := range g.words {
			out[w] = unit{x, family}
		}
	}
	return out
}

// unitsByKey indexes a table by unmarked spelling; an entry whose key names two different units is left out.
func unitsByKey(units map[string]unit) map[string]unit {
	out, twice := map[string]unit{}, map[string]bool{}
	for w, u := range units {
		key := keyOf(w)
		if old, ok := out[key]; ok && old != u {
			twice[key] = true
		}
		out[key] = u
	}
	for key := range twice {
		if u, ok := units[key]; ok {
			out[key] = u
		} else {
			delete(out, key)
		}
	}
	return out
}

var (
	measureKeys = unitsByKey(measureUnits)
	moneyKeys   = unitsByKey(moneyUnits)
)

func (s *sitting) unitIn(words, keys map[string]unit, i int) (unit, bool) {
	if i >= len(s.toks) || s.toks[i].kind == numberToken {
		return unit{}, false
	}
	t := &s.toks[i]
	if u, ok := words[t.typed]; ok {
		return u, true
	}
	if t.marked || !t.loose {
		return unit{}, false
	}
	if u, ok := keys[keyOf(t.typed)]; ok {
		return u, true
	}
	if t.word != t.key { // shorthand is for other words
		return unit{}, false
	}
	u, ok := keys[t.key] // raw Telex
	return u, ok
}

// scaleWords are the words for a thousand and more of anything.
var scaleWords = unitsIn("scales")

var scaleKeys = unitsByKey(scaleWords)

// countAt reads a unit of measurement, a word for thousands, or both.
func (s *sitting) countAt(i int) (unit, int) {
	u, n := s.measureAt(i)
	if n > 0 && s.toks[i].typed == "m" && s.q.Unit == "" && s.q.Max != nil && *s.q.Max >= 1e6 { // 2m followers
		return unit{1e6, "count"}, 1
	}
	if n > 0 {
		return u, n
	}
	u, ok := s.unitIn(scaleWords, scaleKeys, i)
	if !ok || len(s.toks[i].key) <= 2 && !s.toks[i].glued && !s.toks[i].marked && !(s.toks[i].loose && u.factor == 1e9 && s.nothingBehind(i+1)) {
		return unit{}, 0
	}
	asked, _ := s.asked()
	if s.toks[i].typed == "k" && asked.family == "length" && !(s.q.Max != nil && *s.q.Max >= 10000) { // a run of 5k
		return unit{1e5, "length"}, 1
	}
	if of, n := s.measureAt(i + 1); n > 0 && of.family != "months" {
		return unit{u.factor * of.factor, of.family}, 1 + n
	}
	return u, 1
}

// signAt reads a currency before its amount: $50, EUR 50.
func (s *sitting) signAt(i int) unit {
	if s.q.Kind != "money" && !s.q.priced || i+1 >= len(s.toks) || !s.numeralStarts(i+1) {
		return unit{}
	}
	t := &s.toks[i]
	if u := moneyUnits[t.typed]; u.factor == 1 && u.family == t.typed || strings.ContainsAny(t.typed, "$€£¥") || s.text[t.from:t.to] == "₫" {
		return u
	}
	return unit{}
}

// measureAt reads a unit of measurement: "kg", "cây số", "năm" (not the five), "mét".
func (s *sitting) measureAt(i int) (unit, int) {
	if s.saysAt(i, "sq", "square") && !s.vi {
		switch s.typedAt(i + 1) {
		case "m", "meter", "meters", "metre", "metres":
			return unit{1, "area"}, 2
		case "ft", "feet", "foot":
			return unit{squareFoot, "area"}, 2
		}
	}
	u, ok := s.unitIn(measureUnits, measureKeys, i)
	if !ok {
		return unit{}, 0
	}
	if n := s.squareBehind(i + 1); n > 0 && u.factor == 100 && u.family == "length" {
		return unit{1, "area"}, 1 + n
	}
	switch s.toks[i].key {
	case "cay":
		if s.saysAt(i+1, "số") {
			return u, 2
		}
	case "ki":
		if s.saysAt(i+1, "lô") {
			return u, 2
		}
	case "t", "p", "g", "l", "h":
		if !s.toks[i].glued {
			return unit{}, 0
		}
		if asked, ok := s.asked(); ok && u.family == "months" && asked.factor < u.factor { // 5t: months as likely as years
			return unit{0, "either"}, 1
		}
	case "day": // 24 đây
		if s.toks[i].loose && s.familyAsked() != "days" && !s.q.echo["days"] && !s.q.echo["ngay"] {
			return unit{}, 0
		}
	case "hom": // 40 hôm qua
		if s.saysAt(i+1, "qua", "nay", "kia", "trước", "nọ", "bữa") {
			return unit{}, 0
		}
	case "tuan", "thang": // vừa tròn 40 tháng trước
		if s.saysAt(i+1, "trước", "rồi", "này", "vừa") && s.familyAsked() == "months" && s.q.Unit != "tháng" && s.saysAt(0, "vừa", "mới") {
			return unit{}, 0
		}
	case "nam": // 1 nam: a person, where no time is asked for
		if s.toks[i].loose && s.familyAsked() != "months" {
			return unit{}, 0
		}
	case "m":
		if s.toks[i].caps && !s.caps && !s.toks[i].glued && s.q.Unit == "" { // 10 M, a size
			return unit{}, 0
		}
		if s.familyAsked() == "months" {
			u = unit{1, "months"}
		}
	}
	return u, 1
}

// squareBehind: m2, mét vuông. Where a length is asked for, the 2 are tenths.
func (s *sitting) squareBehind(i int) int {
	if s.saysAt(i, "vuông", "²") || s.saysAt(i, "2") && s.toks[i].glued && (s.familyAsked() == "area" || s.q.roomy) {
		return 1
	}
	return 0
}

// moneyAt reads a unit of money, with the currency behind it: "nghìn đồng", "k VND", "đô la".
func (s *sitting) moneyAt(i int) (unit, int) {
	u, ok := s.unitIn(moneyUnits, moneyKeys, i)
	if !ok || s.goodsAt(i) {
		return unit{}, 0
	}
	switch s.toks[i].key {
	case "d", "m", "n", "ng", "g":
		if !s.toks[i].glued && s.toks[i].typed != "đ" {
			return unit{}, 0
		}
	case "chuc", "tram":
		return s.scaled(u, i)
	}
	n := 1
	if s.toks[i].typed != "do" && s.typedAt(i+1) == "do" && lexicon().atMostAfter.at(s.toks, i+1)+lexicon().atLeastAfter.at(s.toks, i+1) > 0 { // 10 trieu do lai
		return u, 1
	}
	if s.saysAt(i+1, "đồng", "vnd", "vnđ", "đ") && u.factor > 1 {
		n, u.family = 2, "vnd"
	}
	if (u.family == "money") && s.saysAt(i+1, "usd", "đô", "dollars", "bucks", "$") {
		n, u.family = 2, "usd"
	}
	if s.saysAt(i+n, "la") && u.family == "usd" {
		n++
	}
	return u, n
}

// scaled: "3 trăm nghìn" is said of thousands already.
func (s *sitting) scaled(u unit, i int) (unit, int) {
	next, ok := s.unitIn(moneyUnits, moneyKeys, i+1)
	if ok && next.factor >= 1e3 && next.family != "usd" {
		return unit{u.factor / 1e3 * next.factor, "vnd"}, 2
	}
	return u, 1
}

// asked returns the unit of the question, from its unit field or, without one, from its wording.
func (s *sitting) asked() (unit, bool) {
	if s.q.Unit != "" {
		w := strings.ToLower(clean(s.q.Unit))
		u, ok := measureUnits[spell(w)]
		if !ok {
			u, ok = measureUnits[w]
		}
		return u, ok
	}
	return unit{}, false
}

func (s *sitting) familyAsked() string {
	u, _ := s.asked()
	return u.family
}
