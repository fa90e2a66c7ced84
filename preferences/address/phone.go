package address

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// vnPrefixes are the eleven-digit mobile prefixes of Vietnam that were shortened between 15 September and 14 October
// 2018 (Ministry of Information and Communications, plan of 2018). Old lists of customers still hold them. The last
// seven digits stayed.
var vnPrefixes = map[string]string{
	"120": "70", "121": "79", "122": "77", "126": "76", "128": "78", // MobiFone
	"123": "83", "124": "84", "125": "85", "127": "81", "129": "82", // VinaPhone
	"162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39", // Viettel
	"186": "56", "188": "58", // Vietnamobile
	"199": "59", // Gmobile
}

// Phone makes an address of a telephone number as people type it: "0901 234 567", "84901234567", "+84 (0)90-123.45.67",
// an old eleven-digit Vietnamese number. Region is the ISO 3166 country of numbers without a country code, such as "VN".
// What could be two numbers, or none, is refused with a reason: a text to a stranger is worse than a row of an import
// that somebody has to look at. It takes some 20 µs, so it belongs to imports and forms, not to messages.
func Phone(typed, region string) (Address, error) {
	s, err := tidy(typed)
	if err != nil {
		return Address{}, err
	}
	region = strings.ToUpper(strings.TrimSpace(region))
	if s[0] != '+' && !supported(region) {
		return Address{}, fmt.Errorf("%w: without a country code the country must be known; write + and the country code", ErrInvalid)
	}
	s = renumber(s, region)
	n, err := phonenumbers.Parse(s, region)
	if err != nil {
		return Address{}, fmt.Errorf("%w: not a telephone number", ErrInvalid) // its own text is about parsing, and may quote
	}
	if !phonenumbers.IsValidNumber(n) {
		switch phonenumbers.IsPossibleNumberWithReason(n) {
		case phonenumbers.TOO_SHORT:
			return Address{}, fmt.Errorf("%w: too few digits", ErrInvalid)
		case phonenumbers.TOO_LONG:
			return Address{}, fmt.Errorf("%w: too many digits", ErrInvalid)
		case phonenumbers.INVALID_COUNTRY_CODE:
			return Address{}, fmt.Errorf("%w: no such country code", ErrInvalid)
		default:
			return Address{}, fmt.Errorf("%w: no such number in the country it is written for; write + and the country code if it is abroad", ErrInvalid)
		}
	}
	return Parse(Tel + ":" + phonenumbers.Format(n, phonenumbers.E164))
}

// tidy keeps a leading plus and the digits, in ASCII. It refuses whatever is not a plain number: letters, extensions,
// two numbers in one field.
func tidy(typed string) (string, error) {
	typed = strings.TrimFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '\'' })
	typed = strings.TrimPrefix(typed, "tel:")
	var b strings.Builder
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９': // full width, from some keyboards
			b.WriteRune(r - '０' + '0')
		case (r == '+' || r == '＋') && b.Len() == 0:
			b.WriteByte('+')
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), strings.ContainsRune("-.()‐‑‒–—", r):
		case r == '/', r == ',', r == ';', r == '+', r == '|':
			return "", fmt.Errorf("%w: more than one number", ErrInvalid)
		default:
			return "", fmt.Errorf("%w: a telephone number holds digits only", ErrInvalid)
		}
		if b.Len() > 2*digitsMax {
			return "", fmt.Errorf("%w: too many digits", ErrInvalid)
		}
	}
	s := b.String()
	if strings.Trim(s, "+0") == "" {
		return "", fmt.Errorf("%w: no digits", ErrInvalid)
	}
	return s, nil
}

func supported(region string) bool { return phonenumbers.GetSupportedRegions()[region] }

// renumber turns an old Vietnamese mobile number into the one that replaced it, and leaves all others alone.
func renumber(s, region string) string {
	national, ok := strings.CutPrefix(s, "+84")
	if !ok {
		if region != "VN" || s[0] == '+' {
			return s
		}
		national = strings.TrimPrefix(s, "00")
		if len(national) >= 12 {
			national = strings.TrimPrefix(national, "84")
		}
	}
	national = strings.TrimPrefix(national, "0")
	if len(national) != 10 {
		return s
	}
	if now, ok := vnPrefixes[national[:3]]; ok {
		return "+84" + now + national[3:]
	}
	return s
}
