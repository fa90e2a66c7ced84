package understand

import "strings"

// The units of measurement by the word that names them, as typed. Money has its own table.
var measureUnits = map[string]unit{
	"mm": {0.1, "length"}, "cm": {1, "length"}, "phân": {1, "length"}, "dm": {10, "length"}, "m": {100, "length"}, "mét": {100, "length"}, "met": {100, "length"}, "meter": {100, "length"}, "meters": {100, "length"}, "metre": {100, "length"}, "metres": {100, "length"}, "thước": {100, "length"},
	"km": {1e5, "length"}, "cây": {1e5, "length"}, "kilomet": {1e5, "length"}, "ki-lô-mét": {1e5, "length"}, "kms": {1e5, "length"}, "kilometers": {1e5, "length"}, "kilometres": {1e5, "length"},
	"g": {1, "mass"}, "gr": {1, "mass"}, "gam": {1, "mass"}, "gram": {1, "mass"}, "lạng": {100, "mass"}, "kg": {1000, "mass"}, "kgs": {1000, "mass"}, "kí": {1000, "mass"}, "ki": {1000, "mass"}, "ký": {1000, "mass"}, "ky": {1000, "mass"}, "cân": {1000, "mass"}, "kilo": {1000, "mass"}, "kilos": {1000, "mass"}, "kilogram": {1000, "mass"}, "yến": {1e4, "mass"}, "tạ": {1e5, "mass"}, "tấn": {1e6, "mass"},
	"inch": {2.54, "length"}, "inches": {2.54, "length"}, "gb": {1, "memory"}, "cc": {1, "volume"}, "ml": {1, "volume"}, "lít": {1000, "volume"}, "lit": {1000, "volume"}, "l": {1000, "volume"}, "liter": {1000, "volume"}, "litre": {1000, "volume"}, "liters": {1000, "volume"}, "litres": {1000, "volume"},
	"phút": {1, "time"}, "p": {1, "time"}, "min": {1, "time"}, "mins": {1, "time"}, "minute": {1, "time"}, "minutes": {1, "time"}, "giờ": {60, "time"}, "h": {60, "time"}, "tiếng": {60, "time"}, "hour": {60, "time"}, "hours": {60, "time"}, "hrs": {60, "time"}, "hr": {60, "time"},
	"ngày": {1, "days"}, "day": {1, "days"}, "days": {1, "days"}, "hôm": {1, "days"}, "tuần": {7, "days"}, "week": {7, "days"}, "weeks": {7, "days"},
	"tháng": {1, "months"}, "month": {1, "months"}, "months": {1, "months"}, "mo": {1, "months"}, "mos": {1, "months"}, "mth": {1, "months"}, "mths": {1, "months"}, "năm": {12, "months"}, "tuổi": {12, "months"}, "year": {12, "months"}, "years": {12, "months"}, "yr": {12, "months"}, "yrs": {12, "months"}, "yo": {12, "months"}, "t": {12, "months"},
	"m2": {1, "area"}, "m²": {1, "area"}, "sqm": {1, "area"}, "sqft": {squareFoot, "area"}, "ha": {1e4, "area"},
	"gallon": {3785.41, "volume"}, "gallons": {3785.41, "volume"}, "lb": {453.592, "mass"}, "lbs": {453.592, "mass"}, "pound": {453.592, "mass"}, "pounds": {453.592, "mass"}, "oz": {28.3495, "mass"},
	"tấc": {10, "length"}, "ft": {30.48, "length"}, "feet": {30.48, "length"}, "foot": {30.48, "length"}, "mile": {160934.4, "length"}, "miles": {160934.4, "length"},
	"độ": {1, "degree"},
}

// squareFoot is one in square metres.
const squareFoot = 0.092903

// moneyUnits are the words for amounts of money. Regional slang gives what is usual: củ and chai a million, lít and xị
// a hundred thousand.
var moneyUnits = map[string]unit{
	"k": {1e3, "money"}, "n": {1e3, "money"}, "ng": {1e3, "money"}, "nghìn": {1e3, "money"}, "ngàn": {1e3, "money"}, "ngìn": {1e3, "money"}, "cành": {1e3, "money"}, "thousand": {1e3, "money"}, "grand": {1e3, "money"},
	"trăm": {1e5, "vnd"}, "chục": {1e4, "vnd"},
	"lít": {1e5, "vnd"}, "lốp": {1e5, "vnd"}, "sọi": {1e5, "vnd"}, "xị": {1e5, "vnd"}, "loét": {1e5, "vnd"},
	"triệu": {1e6, "money"}, "triêu": {1e6, "money"}, "tr": {1e6, "money"}, "m": {1e6, "money"}, "củ": {1e6, "vnd"}, "chai": {1e6, "vnd"}, "mil": {1e6, "money"}, "million": {1e6, "money"},
	"tỷ": {1e9, "money"}, "tỉ": {1e9, "money"}, "tỏi": {1e9, "vnd"}, "billion": {1e9, "money"},
	"đ": {1, "vnd"}, "đồng": {1, "vnd"}, "vnd": {1, "vnd"}, "vnđ": {1, "vnd"}, "d": {1, "vnd"},
	"cent": {0.01, "usd"}, "cents": {0.01, "usd"}, "đô": {1, "usd"}, "usd": {1, "usd"}, "$": {1, "usd"}, "dollar": {1, "usd"}, "dollars": {1, "usd"}, "buck": {1, "usd"}, "bucks": {1, "usd"},
	"euro": {1, "eur"}, "€": {1, "eur"}, "eur": {1, "eur"}, "euros": {1, "eur"},
	"£": {1, "gbp"}, "gbp": {1, "gbp"}, "pound": {1, "gbp"}, "pounds": {1, "gbp"}, "quid": {1, "gbp"}, "¥": {1, "jpy"}, "yen": {1, "jpy"}, "yên": {1, "jpy"}, "jpy": {1, "jpy"},
	"won": {1, "krw"}, "krw": {1, "krw"}, "baht": {1, "thb"}, "thb": {1, "thb"}, "tệ": {1, "cny"}, "cny": {1, "cny"}, "rmb": {1, "cny"}, "yuan": {1, "cny"}, "rupee": {1, "inr"}, "rupees": {1, "inr"}, "inr": {1, "inr"}, "francs": {1, "chf"}, "chf": {1, "chf"},
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
var scaleWords = map[string]unit{
	"k": {1e3, "count"}, "nghìn": {1e3, "count"}, "ngàn": {1e3, "count"}, "ngìn": {1e3, "count"}, "thousand": {1e3, "count"}, "grand": {1e3, "count"},
	"vạn": {1e4, "count"}, "triệu": {1e6, "count"}, "triêu": {1e6, "count"}, "tr": {1e6, "count"}, "million": {1e6, "count"}, "mil": {1e6, "count"}, "tỷ": {1e9, "count"}, "tỉ": {1e9, "count"}, "billion": {1e9, "count"},
}

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
	if !ok || len(s.toks[i].key) <= 2 && !s.toks[i].glued {
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
	switch s.toks[i].typed {
	case "$", "€", "£", "¥", "usd", "eur", "gbp", "vnd", "jpy", "krw", "thb", "cny":
		if s.q.Kind == "money" && i+1 < len(s.toks) && s.numeralStarts(i+1) {
			return moneyUnits[s.toks[i].typed]
		}
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
	case "nam": // 1 nam: a person, where no time is asked for
		if s.toks[i].loose && s.familyAsked() != "months" {
			return unit{}, 0
		}
	case "m":
		if s.familyAsked() == "months" {
			u = unit{1, "months"}
		}
	}
	return u, 1
}

// squareBehind: m2, mét vuông. Where a length is asked for, the 2 are tenths.
func (s *sitting) squareBehind(i int) int {
	if s.saysAt(i, "vuông", "²") || s.saysAt(i, "2") && s.toks[i].glued && s.familyAsked() == "area" {
		return 1
	}
	return 0
}

// moneyAt reads a unit of money, with the currency behind it: "nghìn đồng", "k VND", "đô la".
func (s *sitting) moneyAt(i int) (unit, int) {
	u, ok := s.unitIn(moneyUnits, moneyKeys, i)
	if !ok {
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
