package understand

import (
	"strconv"
	"strings"
)

// numeralAt reads a number in digits or words at token i and returns how many tokens it takes.
func (s *sitting) numeralAt(i int) (x float64, n int) {
	if x, n = s.wholeAt(i); n > 0 {
		return s.pointBehind(x, i, n)
	}
	return 0, 0
}

// pointBehind takes in decimals whose point is said: "2 phẩy 5", "hai chấm ba", "1 point 1".
func (s *sitting) pointBehind(x float64, i, n int) (float64, int) {
	j := i + n
	if !s.saysAt(j, "phẩy", "chấm", "point") || x != float64(int64(x)) || j+1 >= len(s.toks) {
		return x, n
	}
	digits := s.toks[j+1].word
	if d, ok := s.digitAt(j + 1); ok {
		digits = strconv.Itoa(d)
	}
	if _, money := s.moneyAt(j + 2); !s.nothingBehind(j+2) && s.saysAt(j, "chấm") && s.toks[j].loose && money == 0 { // "5 cham 3 sao"
		return x, n
	}
	f, err := strconv.ParseFloat("0."+digits, 64)
	if err != nil {
		return x, n
	}
	return x + f, n + 2
}

func (s *sitting) wholeAt(i int) (x float64, n int) {
	if i < 0 || i >= len(s.toks) {
		return 0, 0
	}
	if s.toks[i].kind == numberToken {
		x, ok := plainNumber(s.toks[i].word)
		if !ok {
			return 0, 0
		}
		return s.tensAndHundreds(x, i, 1)
	}
	if x, n = s.vietnameseNumeral(i); n > 0 {
		return x, n
	}
	return s.englishNumeral(i)
}

// plainNumber reads digits with separators: three digits behind one are thousands, others decimals.
func plainNumber(w string) (float64, bool) {
	if len(w) > 15 {
		return 0, false
	}
	dots, commas := strings.Count(w, "."), strings.Count(w, ",")
	switch {
	case dots+commas == 0:
		if len(w) > 1 && w[0] == '0' && len(w) > 4 {
			return 0, false // a phone number
		}
	case dots > 0 && commas > 0:
		if strings.LastIndexByte(w, '.') > strings.LastIndexByte(w, ',') {
			w = strings.ReplaceAll(w, ",", "")
		} else {
			w = strings.ReplaceAll(strings.ReplaceAll(w, ".", ""), ",", ".")
		}
	default:
		sep := strings.IndexAny(w, ".,")
		tail := len(w) - sep - 1
		if dots+commas > 1 || tail == 3 && w[0] != '0' {
			if !thousands(w) {
				return 0, false
			}
			w = strings.NewReplacer(".", "", ",", "").Replace(w)
		} else {
			w = strings.Replace(w, ",", ".", 1)
		}
	}
	x, err := strconv.ParseFloat(w, 64)
	return x, err == nil
}

func thousands(w string) bool {
	for k, g := range strings.FieldsFunc(w, func(r rune) bool { return r == '.' || r == ',' }) {
		if k > 0 && len(g) != 3 || k == 0 && len(g) > 3 {
			return false
		}
	}
	return true
}

// digitWords are the numerals below ten and their forms inside larger ones. The second column may stand alone.
var digitWords = map[string]int{"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9}

var digitKeys = map[string]int{"khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9}

func (s *sitting) digitAt(i int) (int, bool) {
	if i >= len(s.toks) || s.toks[i].kind != wordToken {
		return 0, false
	}
	t := &s.toks[i]
	if i+1 < len(s.toks) && s.toks[i+1].kind == numberToken { // tu 200: từ; năm 2015: the year
		return 0, false
	}
	if t.key == "ba" && s.saysAt(i-1, "đôi", "dăm") { // đôi ba triệu: some
		return 0, false
	}
	if t.typed == "tam" && i+1 < len(s.toks) && digitKeys[s.toks[i+1].typed] > 0 && s.toks[i+1].typed != "lam" { // tầm
		return 0, false
	}
	if s.saysAt(i+1, "mình", "chút", "ít", "tí", "vài", "số") && t.key == "mot" {
		return 0, false
	}
	if d, ok := digitWords[t.typed]; ok {
		return d, true
	}
	if !t.loose && !t.marked && s.vi && t.typed == "chin" { // no other word has these letters
		return 9, true
	}
	if t.loose && !t.marked && !s.otherWithoutMarks(i) {
		if d, ok := digitKeys[t.typed]; ok {
			return d, true
		}
		if d, ok := digitKeys[t.key]; ok && (t.typed == t.word || t.word == t.key) { // as typed, or decoded from raw Telex
			return d, true
		}
	}
	return 0, false
}

// otherWithoutMarks: what could be a numeral without its marks is nearly always another word. "lam" and "tu" end a larger
// numeral ("hai lam", "ba tu", "bon lit tu") or are lắm, làm, từ, unless they are all of the reply; "nam nay" is this year.
func (s *sitting) otherWithoutMarks(i int) bool {
	after := s.numeralPart(i-1) || s.numeralPart(i-2)
	switch s.toks[i].typed {
	case "lam", "nham", "tu":
		if s.typedAt(i-1) == "tu" && !s.numeralPart(i-2) { // mình tự làm
			return true
		}
		return !after && len(signless(s.toks)) > 1
	case "nam":
		if s.saysAt(i+1, "sau") && s.saysAt(i+2, "chục", "trăm", "mươi") { // năm sáu chục
			return false
		}
		return !after && s.saysAt(i+1, "nay", "ngoái", "trước", "sau", "tới") || s.behindCounted(i)
	case "sau":
		return !after && s.saysAt(i-1, "tuần", "tháng", "năm", "hôm", "lần", "kỳ", "đợt", "trước")
	case "ba": // ông bà, ba má
		return !after && (s.saysAt(i-1, "ông") || s.saysAt(i+1, "má", "mẹ", "ngoại", "nội", "xã", "già"))
	}
	return false
}

// behindCounted: at i stands the second word behind a number in digits, as the nam of "20 ao nam".
func (s *sitting) behindCounted(i int) bool {
	if i < 2 || s.toks[i-2].kind != numberToken || s.toks[i-1].kind != wordToken || s.numeralPart(i-1) {
		return false
	}
	_, money := s.moneyAt(i - 1)
	_, measure := s.measureAt(i - 1)
	return money+measure == 0
}

// numeralPart reports whether a word may be part of a numeral.
func (s *sitting) numeralPart(i int) bool {
	return i >= 0 && (s.toks[i].kind == numberToken || digitKeys[s.toks[i].key] > 0 ||
		s.saysAt(i, "mươi", "mười", "chục", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "linh", "lẻ", "hăm", "băm", "tháng", "thứ"))
}

func (s *sitting) saysAt(i int, words ...string) bool {
	if i < 0 || i >= len(s.toks) {
		return false
	}
	t := &s.toks[i]
	for _, w := range words {
		if t.word == w || t.typed == w || t.loose && !t.marked && t.key == keyOf(w) {
			return true
		}
	}
	return false
}

// vietnameseNumeral reads a number below a thousand in words, half units included ("hai trăm rưỡi").
func (s *sitting) vietnameseNumeral(i int) (float64, int) {
	if s.saysAt(i, "nửa") {
		if s.saysAt(i+1, "tá") && !s.weighs(i+1) {
			return 6, 2
		}
		return 0.5, 1
	}
	if s.saysAt(i, "hăm", "băm") {
		tens := 20.0
		if s.saysAt(i, "băm") {
			tens = 30
		}
		if d, ok := s.digitAt(i + 1); ok {
			return tens + float64(d), 2
		}
		return 0, 0
	}
	if s.saysAt(i, "trăm", "chục", "mười") {
		return s.tensAndHundreds(1, i, 0)
	}
	d, ok := s.digitAt(i)
	if ok && d == 0 && s.saysAt(i+1, "trăm") { // hai nghìn không trăm hai mươi
		j := i + 2
		if s.saysAt(j, "linh", "lẻ") {
			j++
		}
		if x, n := s.vietnameseNumeral(j); n > 0 && x < 100 {
			return x, j + n - i
		}
	}
	if !ok || d == 0 {
		if ok && s.toks[i].word == "không" && i == 0 && len(s.toks) == 1 {
			return 0, 1
		}
		return 0, 0
	}
	return s.tensAndHundreds(float64(d), i, 1)
}

// tensAndHundreds continues a numeral x of n tokens with trăm, chục, mươi and what they carry.
func (s *sitting) tensAndHundreds(x float64, i, n int) (float64, int) {
	j := i + n
	switch {
	case s.saysAt(j, "tá", "dozen", "dozens") && n > 0 && !s.weighs(j):
		if s.saysAt(j+1, "rưỡi", "rưởi") {
			return x*12 + 6, n + 2
		}
		return x * 12, n + 1
	case s.saysAt(j, "trăm"), n == 1 && s.saysAt(j, "hundred") && s.toks[i].kind == numberToken:
		return s.afterHundred(x*100, i, j+1)
	case s.saysAt(j, "mươi", "chục"):
		return s.afterTens(x*10, i, j+1)
	case n == 0 && s.saysAt(j, "mười"):
		return s.afterTens(10, i, j+1)
	case n == 1 && s.toks[i].kind == wordToken && x >= 2 && x < 10:
		if d, ok := s.digitAt(j); ok && d > 0 && !s.rangeInWords(x, d, j) && !s.unitYear(j) { // hai lăm: mươi left out
			return x*10 + float64(d), n + 1
		}
	}
	return x, n
}

// weighs: where a weight is asked for, an unmarked "ta" is tạ, a hundred kilos, rather than tá, a dozen.
func (s *sitting) weighs(i int) bool {
	return s.toks[i].key == "ta" && !s.toks[i].marked && s.q != nil && s.familyAsked() == "mass"
}

// rangeInWords: "ba bốn người" is three or four.
func (s *sitting) rangeInWords(x float64, d, j int) bool {
	return float64(d) == x+1 && s.toks[j].key != "lam" && s.toks[j].key != "tu"
}

// unitYear: in "sáu năm" the second word is years.
// unitYear: behind a numeral năm is a year and no five, which is lăm there. Without its marks it is where years are asked for.
func (s *sitting) unitYear(j int) bool {
	t := &s.toks[j]
	return t.word == "năm" || t.key == "nam" && t.loose && s.q != nil && s.familyAsked() == "months"
}

func (s *sitting) afterHundred(x float64, i, j int) (float64, int) {
	if s.saysAt(j, "rưỡi", "rưởi") {
		return x + 50, j + 1 - i
	}
	if s.saysAt(j, "linh", "lẻ") {
		if d, ok := s.digitAt(j + 1); ok {
			return x + float64(d), j + 2 - i
		}
	}
	if s.saysAt(j, "mười") {
		y, n := s.afterTens(10, j, j+1)
		return x + y, j + n - i
	}
	if d, ok := s.digitAt(j); ok && d > 0 {
		if e, ok := s.digitAt(j + 1); ok && s.q != nil && len(s.q.options) > 0 && s.nothingBehind(j+2) { // 256GB is hai trăm năm sáu
			return x + float64(10*d+e), j + 2 - i
		}
		y, n := s.tensAndHundreds(float64(d), j, 1)
		if n == 1 { // hai trăm năm: 250
			y *= 10
		}
		return x + y, j + n - i
	}
	if j < len(s.toks) && s.toks[j].kind == numberToken && len(s.toks[j].word) <= 2 { // 2 trăm 5, 2 trăm 50
		y, _ := strconv.ParseFloat(s.toks[j].word, 64)
		if len(s.toks[j].word) == 1 {
			y *= 10
		}
		return x + y, j + 1 - i
	}
	return x, j - i
}

func (s *sitting) afterTens(x float64, i, j int) (float64, int) {
	if s.saysAt(j, "rưỡi", "rưởi") {
		return x + 5, j + 1 - i
	}
	if d, ok := s.digitAt(j); ok && d > 0 && !(s.saysAt(j-1, "chục") && !s.toks[j].loose && s.toks[j].word == "năm") {
		return x + float64(d), j + 1 - i
	}
	return x, j - i
}
