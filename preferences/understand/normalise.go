package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Long messages are read from both ends only: nobody answers a question in the middle of a novel, but an opt-out may
// stand at its very end.
const (
	headBytes = 2400
	tailBytes = 800
)

// clip bounds what is analysed.
func clip(s string) string {
	if len(s) <= headBytes+tailBytes {
		return s
	}
	return s[:headBytes] + "\n" + s[len(s)-tailBytes:]
}

// clean makes the text comparable: valid UTF-8, composed, without invisible characters, with plain quotes, dashes and
// digits. Case and marks stay.
func clean(s string) string {
	s = clip(s)
	if isPlain(s) {
		return strings.TrimSpace(s)
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, " "))
	return strings.TrimSpace(strings.Map(plainRune, s))
}

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' || c == '`' || c == 0x7f {
			return false
		}
	}
	return true
}

// tidy is the gentler cleaning of an answer that is kept as the customer wrote it: emoji sequences stay whole.
func tidy(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == 0xfeff, r == 0x200b, isBidi(r):
			return -1
		}
		return r
	}, s))
}

func isBidi(r rune) bool {
	return r == 0x200e || r == 0x200f || r == 0x061c || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// plainRune maps look-alikes to the character that was meant.
func plainRune(r rune) rune {
	switch {
	case r < 0x80:
		if r < ' ' && r != '\n' || r == 0x7f {
			return ' '
		}
		if r == '`' {
			return '\''
		}
		return r
	case r == 0xad, r == 0xfeff, r >= 0x200b && r <= 0x200d, r >= 0x2060 && r <= 0x2064, isBidi(r), r == 0xfe0e, r == 0xfe0f:
		return -1
	case r == 0x20e3: // keycap: 1️⃣ is 1, and two keycaps are two numbers
		return ' '
	case r == 0xf0, r == 0x256: // eth is what some keyboards send for đ
		return 'đ'
	case r == 0xd0, r == 0x189:
		return 'Đ'
	case r == 0x2018, r == 0x2019, r == 0x2032, r == 0x2b9:
		return '\''
	case r == 0x201c, r == 0x201d:
		return '"'
	case r >= 0x2010 && r <= 0x2015, r == 0x2212:
		return '-'
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r >= 0x1f3fb && r <= 0x1f3ff: // skin tones
		return -1
	case unicode.IsSpace(r), unicode.IsControl(r):
		return ' '
	}
	return r
}

// foldTable gives the base letter of the Vietnamese (and other Latin) letters below U+1F00, 0 for none.
var foldTable = buildFold()

func buildFold() (t [0x1f00]rune) {
	for r := rune(0xc0); r < 0x1f00; r++ {
		if r >= 0x250 && r < 0x1e00 {
			continue
		}
		base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		if base < 0x80 {
			t[r] = unicode.ToLower(base)
		}
	}
	t['đ'], t['Đ'] = 'd', 'd'
	return t
}

// fold takes a lower-case word's marks away: the key under which unmarked spellings are compared.
func fold(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return foldMarked(s)
		}
	}
	return s
}

func foldMarked(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < 0x1f00 && foldTable[r] != 0:
			b.WriteRune(foldTable[r])
		case r >= 0x300 && r <= 0x36f: // a mark with no composed form
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hasMarks reports whether fold would change s.
func hasMarks(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf && (r < 0x1f00 && foldTable[r] != 0 || r >= 0x300 && r <= 0x36f) {
			return true
		}
	}
	return false
}

// keyOf is the spelling under which unmarked words are compared: no marks, and i where y is only another spelling of it.
func keyOf(s string) string { return keyOfFolded(fold(s)) }

func keyOfFolded(s string) string {
	if n := len(s); n >= 2 && s[n-1] == 'y' && (strings.IndexByte("hklmst", s[n-2]) >= 0 || n >= 3 && s[n-3:] == "quy") {
		return s[:n-1] + "i"
	}
	return s
}

// spell gives one spelling to the words that have two: the place of the tone in open oa, oe, uy (hoà, hòa) and y for i
// (kỹ, kĩ). Letters typed three times or more are emphasis, and count once.
func spell(s string) string {
	s = shorten(s)
	if !hasMarks(s) {
		return s
	}
	rs := []rune(s)
	n := len(rs)
	if n < 2 {
		return s
	}
	last, before := rs[n-1], rs[n-2]
	base := foldRune(last)
	switch {
	case (base == 'a' || base == 'e') && before == 'o', base == 'y' && before == 'u' && (n < 3 || rs[n-3] != 'q'):
		if tone, ok := toneOf(last); ok {
			rs[n-2], rs[n-1] = withTone(before, tone), base
		}
	case base == 'y' && (before == 'u' || strings.ContainsRune("hklmst", before)):
		if tone, ok := toneOf(last); ok {
			rs[n-1] = withTone('i', tone)
		}
	}
	return string(rs)
}

func foldRune(r rune) rune {
	if r < 0x1f00 && foldTable[r] != 0 {
		return foldTable[r]
	}
	return r
}

// toneless takes the tones off a word and leaves its other marks: quốc becomes quôc.
func toneless(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch r {
		case 0x300, 0x301, 0x303, 0x309, 0x323:
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// toneOf returns the combining tone of a vowel that has no other mark (à, but not ầ).
func toneOf(r rune) (rune, bool) {
	d := []rune(norm.NFD.String(string(r)))
	if len(d) != 2 {
		return 0, false
	}
	switch d[1] {
	case 0x300, 0x301, 0x303, 0x309, 0x323:
		return d[1], true
	}
	return 0, false
}

func withTone(base, tone rune) rune {
	r, _ := utf8.DecodeRuneInString(norm.NFC.String(string([]rune{base, tone})))
	return r
}
