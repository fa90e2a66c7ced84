package address

import (
	"errors"
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
// an old eleven-digit Vietnamese number. Nine digits of a Vietnamese mobile number without the zero are taken as well:
// spreadsheets make numbers of such a column and drop it, and no other number of the country has that form today. Region is the ISO 3166 country of numbers without a country code, such as "VN".
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
	if errors.Is(err, phonenumbers.ErrInvalidCountryCode) {
		return Address{}, fmt.Errorf("%w: no such country code; write + and the country's code, or leave both out", ErrInvalid)
	}
	if err != nil {
		return Address{}, fmt.Errorf("%w: not a telephone number; look it up", ErrInvalid) // its own text is about parsing, and may quote
	}
	if !phonenumbers.IsValidNumber(n) {
		switch phonenumbers.IsPossibleNumberWithReason(n) {
		case phonenumbers.TOO_SHORT:
			return Address{}, fmt.Errorf("%w: too few digits; look the number up", ErrInvalid)
		case phonenumbers.TOO_LONG:
			return Address{}, fmt.Errorf("%w: too many digits; look the number up, or write + and the country code if it is abroad", ErrInvalid)
		case phonenumbers.INVALID_COUNTRY_CODE:
			return Address{}, fmt.Errorf("%w: no such country code; write + and the country's code, or leave both out", ErrInvalid)
		default:
			return Address{}, fmt.Errorf("%w: no such number in the country it is written for; look it up, or write + and the country code if it is abroad", ErrInvalid)
		}
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.FIXED_LINE:
		return Address{}, fmt.Errorf("%w: a landline, which takes no messages; give the mobile number", ErrInvalid)
	case phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST, phonenumbers.UAN, phonenumbers.PAGER, phonenumbers.VOICEMAIL:
		return Address{}, fmt.Errorf("%w: a service number, which is nobody's own; give the mobile number", ErrInvalid)
	}
	return Parse(Tel + ":" + phonenumbers.Format(n, phonenumbers.E164))
}

// Current is the address by which the same person is reached today: an old eleven-digit Vietnamese mobile number has a new
// prefix since 2018. Whoever brings addresses from outside calls it, so that one person does not get two. It looks at
// nothing else, and is cheap.
func (a Address) Current() Address {
	if a.Scheme != Tel || len(a.ID) != len("+84")+10 {
		return a
	}
	if now := renumber(a.ID, ""); now != a.ID {
		return Address{Scheme: Tel, ID: now}
	}
	return a
}

// longest is what a number may have with a plus, or an international prefix, and a zero too many; twice a number has more.
const longest = len("+00") + digitsMax + 1

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
			return "", fmt.Errorf("%w: more than one number; keep one of them", ErrInvalid)
		default:
			return "", fmt.Errorf("%w: a telephone number holds digits only; take out letters and extensions", ErrInvalid)
		}
		if b.Len() > longest {
			return "", fmt.Errorf("%w: too many digits; keep one number", ErrInvalid)
		}
	}
	s := b.String()
	if strings.Trim(s, "+0") == "" {
		return "", fmt.Errorf("%w: no digits; leave the number out where there is none", ErrInvalid)
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
