package understand

import (
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

var englishDigits = map[string]float64{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}

var englishTens = map[string]float64{"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

// englishNumeral reads "one hundred and twenty", "thirty-seven", "a dozen".
func (s *sitting) englishNumeral(i int) (float64, int) {
	j, total, part, found := i, 0.0, 0.0, false
	for j < len(s.toks) {
		w := withoutIsh(s.toks[j].typed)
		d, digit := englishDigits[w]
		t, tens := englishTens[w]
		switch {
		case digit && (part == 0 || int(part)%10 == 0 && d < 10 && int(part)%100 != 10 || int(part)%100 == 0):
			part, found = part+d, true
		case tens && int(part)%100 == 0:
			part, found = part+t, true
		case tens && j == i+1 && part >= 1 && part < 10 && s.hundredLeftOut(): // one twenty two
			part += 99*part + t
		case w == "hundred":
			part, found = max(part, 1)*100, true
		case englishScales[w] > 0 && found:
			scaled, ok := onScale(total, part, englishScales[w])
			if !ok {
				return total + part, j - i
			}
			total, part = scaled, 0
		case w == "dozen", w == "dozens" && found:
			return max(part, 1) * 12, j + 1 - i
		case w == "couple" && !found && s.coupleCounts(j):
			part, found = 2, true
			if s.saysAt(j+1, "of") {
				j++
			}
		case w == "half" && !found && s.saysAt(j+1, "dozen"), w == "half" && !found && s.saysAt(j+1, "a") && s.saysAt(j+2, "dozen"):
			return 6, s.wordEnd(j, "dozen") - i
		case w == "a" && !found && s.saysAt(j+1, "dozen", "hundred", "couple", "thousand"):
			if s.saysAt(j+1, "thousand") {
				part, found = 1, true
			}
		case (w == "and" || w == "-") && found && part >= 20 && s.numberGoesOn(j+1, w, part):
		case w == "and" && total > 0 && part == 0 && englishDigits[s.typedAt(j+1)]+englishTens[s.typedAt(j+1)] > 0:
		default:
			if !found {
				return 0, 0
			}
			x, to := s.decimalsSaid(total+part, j)
			return x, to - i
		}
		j++
	}
	if !found {
		return 0, 0
	}
	return total + part, j - i
}

var englishScales = map[string]float64{"thousand": 1e3, "thousands": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9}

// withoutIsh is the numeral of "eightyish".
func withoutIsh(w string) string {
	if stem, ok := strings.CutSuffix(w, "ish"); ok && (englishTens[stem] > 0 || englishDigits[stem] > 0) {
		return stem
	}
	return w
}

// goesOnBehindScale: the numeral that starts with "a thousand" has more behind it: "a thousand two hundred".
func (s *sitting) goesOnBehindScale(i int) bool {
	next := i + 1
	if s.saysAt(next, "and") {
		next++
	}
	_, digit := englishDigits[s.typedAt(next)]
	_, tens := englishTens[s.typedAt(next)]
	return s.saysAt(i, "thousand") && (digit || tens)
}

// onScale adds a part in thousands, millions or billions to what was said before it; a smaller scale before is scaled too
// ("three thousand millions").
func onScale(total, part, scale float64) (float64, bool) {
	switch {
	case part == 0 && total < scale:
		return total * scale, true
	case total == 0 || total >= scale*1000:
		return total + part*scale, true
	}
	return total, false
}

// hundredLeftOut: "one twenty two" is 122 where a number is asked for. With money it may be 1.22.
func (s *sitting) hundredLeftOut() bool { return s.q != nil && s.q.Kind == preferences.Number }

// decimalsSaid reads "two point five" and "ten point seventy-one".
func (s *sitting) decimalsSaid(x float64, j int) (float64, int) {
	if !s.saysAt(j, "point") {
		return x, j
	}
	k, digits := j+1, ""
	for {
		d, digit := englishDigits[s.typedAt(k)]
		t := englishTens[s.typedAt(k)]
		switch {
		case digit && d < 10:
			digits += strconv.Itoa(int(d))
		case t > 0:
			if s.saysAt(k+1, "-") && englishDigits[s.typedAt(k+2)] > 0 {
				t += englishDigits[s.typedAt(k+2)]
				k += 2
			}
			digits += strconv.Itoa(int(t))
		default:
			f, err := strconv.ParseFloat("0."+digits, 64)
			if digits == "" || err != nil {
				return x, j
			}
			return x + f, k
		}
		k++
	}
}

// coupleCounts: "a couple" are two, "the couple" and "we are a couple, no kids" may not be.
func (s *sitting) coupleCounts(j int) bool {
	return s.saysAt(j-1, "a") || s.saysAt(j+1, "of") || s.saysAt(j+1, "hundred", "thousand") || j+1 < len(s.toks) && s.toks[j+1].kind == wordToken
}

// wordEnd is the place behind the next w.
func (s *sitting) wordEnd(j int, w string) int {
	for !s.saysAt(j, w) {
		j++
	}
	return j + 1
}

// numberGoesOn: "and" continues hundreds, a dash tens; elsewhere they join two numbers.
func (s *sitting) numberGoesOn(j int, join string, part float64) bool {
	if j >= len(s.toks) {
		return false
	}
	w := s.toks[j].typed
	_, digit := englishDigits[w]
	_, tens := englishTens[w]
	if join == "-" {
		return digit && int(part)%10 == 0 && int(part)%100 >= 20 && s.toks[j].glued
	}
	return part >= 100 && int(part)%100 == 0 && (digit || tens) && !(digit && s.saysAt(j+1, "hundred")) // between a hundred and two hundred
}
