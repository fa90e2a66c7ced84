package smpp

import (
	"encoding/binary"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
)

// data_coding (SMPP 3.4, 5.2.19).
const (
	codingDefault = 0x00
	codingIA5     = 0x01
	codingLatin1  = 0x03
	codingUCS2    = 0x08
)

// What fits into a message that is whole, and into a part, which begins with a header of 6 octets: in octets as they go to
// the centre, which packs septets itself.
const (
	gsmSingle, gsmPart   = 160, 153
	ucsSingle, ucsPart   = 140, 134
	latinSingle, latPart = 140, 134
)

// gsmAlphabet is the GSM default alphabet, by its septets (3GPP TS 23.038, 6.2.1); 0x1B begins one of gsmExtension.
const gsmAlphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

const escape = 0x1B

// gsmExtension is what stands behind an escape.
var gsmExtension = map[byte]rune{
	0x0A: '\f', 0x14: '^', 0x28: '{', 0x29: '}', 0x2F: '\\', 0x3C: '[', 0x3D: '~', 0x3E: ']', 0x40: '|', 0x65: '€',
}

// gsmTables are the alphabet both ways.
var gsmTables = sync.OnceValue(func() (t struct {
	septets map[rune][]byte
	letters []rune
}) {
	t.letters, t.septets = []rune(gsmAlphabet), map[rune][]byte{}
	for i, r := range t.letters {
		if i != escape {
			t.septets[r] = []byte{byte(i)}
		}
	}
	for b, r := range gsmExtension {
		t.septets[r] = []byte{escape, b}
	}
	return t
})

// encode puts a text into octets, in pieces that each fit into a part where it does not fit into one message. What it
// costs is what adapters.Segments says, where the centre's default alphabet is GSM's.
func encode(text, alphabet string) (coding byte, pieces [][]byte) {
	switch {
	case alphabet == "latin1" && latin(text):
		return codingDefault, cut(text, latinSingle, latPart, func(r rune) []byte { return []byte{byte(r)} })
	case alphabet == "gsm" && adapters.Segments(text).Encoding == adapters.GSM7:
		t := gsmTables()
		return codingDefault, cut(text, gsmSingle, gsmPart, func(r rune) []byte { return t.septets[r] })
	}
	return codingUCS2, cut(text, ucsSingle, ucsPart, func(r rune) []byte {
		var b []byte
		for _, u := range utf16.AppendRune(nil, r) {
			b = binary.BigEndian.AppendUint16(b, u)
		}
		return b
	})
}

func latin(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > 0xFF || r >= 0x7F && r < 0xA0 })
}

// cut fills pieces one after the other; no character is torn.
func cut(text string, single, part int, octets func(rune) []byte) (pieces [][]byte) {
	var piece, all []byte
	for _, r := range text {
		b := octets(r)
		all = append(all, b...)
		if len(piece)+len(b) > part {
			pieces, piece = append(pieces, piece), nil
		}
		piece = append(piece, b...)
	}
	if len(all) <= single {
		return [][]byte{all}
	}
	return append(pieces, piece)
}

// decode reads a customer's text; false where it is in no alphabet that we know.
func decode(coding byte, b []byte, alphabet string) (string, bool) {
	switch {
	case coding == codingDefault && alphabet == "latin1", coding == codingIA5, coding == codingLatin1:
		return fromLatin(b), true
	case coding == codingDefault, coding&0xF4 == 0xF0, coding&0xCC == 0 && coding >= 0x10: // the default alphabet, with and without a class
		return fromGSM(b), true
	case coding == codingUCS2, coding&0xCC == 0x08 && coding >= 0x10:
		return fromUCS2(b), true
	}
	return "", false
}

func fromLatin(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// fromGSM reads septets, one an octet. What is none becomes a sign of replacement.
func fromGSM(b []byte) string {
	letters := gsmTables().letters
	var s strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] == escape && i+1 < len(b) {
			if r, ok := gsmExtension[b[i+1]]; ok {
				s.WriteRune(r)
				i++
			}
			continue // an unknown extension shows as what stands behind the escape
		}
		r := utf8.RuneError
		if int(b[i]) < len(letters) && b[i] != escape {
			r = letters[b[i]]
		}
		s.WriteRune(r)
	}
	return s.String()
}

func fromUCS2(b []byte) string {
	units := make([]uint16, 0, len(b)/2+1)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, binary.BigEndian.Uint16(b))
	}
	if len(b) > 0 {
		units = append(units, utf8.RuneError)
	}
	return string(utf16.Decode(units))
}
