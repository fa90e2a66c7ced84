package adapters

import (
	"slices"
	"unicode/utf16"
)

// Encoding is how an SMS is coded on the air.
type Encoding string

// The encodings (3GPP TS 23.038).
const (
	GSM7 Encoding = "GSM-7"
	UCS2 Encoding = "UCS-2"
)

// Characters that fit into one SMS, and into one segment of several, which begin with six bytes of header.
const (
	gsmSingle, gsmPart = 160, 153
	ucsSingle, ucsPart = 70, 67
)

// SegmentInfo says what a text costs as SMS.
type SegmentInfo struct {
	Encoding  Encoding
	Count     int    // segments charged; 0 for no text
	Units     int    // septets or UTF-16 units, without what the cutting of segments wastes
	Offenders []rune // the characters that rule GSM-7 out, each once, in order; none in GSM-7
}

// Segments measures a text as SMS: one character outside the GSM alphabet moves the whole text to UCS-2. A text that
// stays in GSM-7 costs no allocation.
func Segments(text string) SegmentInfo {
	var info SegmentInfo
	info.Encoding, info.Count, info.Units = measure(text)
	if info.Encoding == UCS2 {
		for _, r := range text {
			if septets(r) == 0 && !slices.Contains(info.Offenders, r) {
				info.Offenders = append(info.Offenders, r)
			}
		}
	}
	return info
}

// SegmentCount is Segments(text).Count, without allocations for any text.
func SegmentCount(text string) int {
	_, n, _ := measure(text)
	return n
}

func measure(text string) (e Encoding, count, units int) {
	for _, r := range text {
		if septets(r) == 0 {
			count, units = pack(text, utf16.RuneLen, ucsSingle, ucsPart)
			return UCS2, count, units
		}
	}
	count, units = pack(text, septets, gsmSingle, gsmPart)
	return GSM7, count, units
}

// pack fills segments one after the other. A character of two units that would lie across a boundary, an escaped one or
// a surrogate pair, moves to the next segment whole.
func pack(text string, width func(rune) int, single, part int) (count, units int) {
	filled := part // of the segment at hand; full before the first
	for _, r := range text {
		n := width(r)
		units += n
		if filled+n > part {
			count, filled = count+1, 0
		}
		filled += n
	}
	if units > 0 && units <= single {
		count = 1
	}
	return count, units
}

// septets is what a character takes in the GSM default alphabet: one, or two from the extension table; 0 where it is in
// neither. The escape character itself is no character.
func septets(r rune) int {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '%' && r <= '?', r >= ' ' && r <= '#': // %&'()*+,-./ digits :;<=>? and space ! " #
		return 1
	}
	switch r {
	case '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å',
		'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', 'Æ', 'æ', 'ß', 'É',
		'¤', '¡', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'ä', 'ö', 'ñ', 'ü', 'à':
		return 1
	case '^', '{', '}', '\\', '[', '~', ']', '|', '€', '\f':
		return 2
	}
	return 0
}
