package fake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
)

// Command ids, by chapter 5.1.2.1 of the specification. Answers have the highest bit set.
const (
	submitSM        = 0x4
	deliverSM       = 0x5
	unbind          = 0x6
	bindTransceiver = 0x9
	enquireLink     = 0x15
	answerBit       = 0x80000000
	genericNack     = 0x80000000
)

type frame struct {
	command, status, sequence uint32
	body                      []byte
}

func readFrame(r io.Reader) (f frame, err error) {
	var head [16]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return f, err
	}
	word := func(i int) uint32 { return binary.BigEndian.Uint32(head[4*i:]) }
	if word(0) < 16 || word(0) > 1<<16 {
		return f, errors.New("a frame of a wrong length")
	}
	f = frame{word(1), word(2), word(3), make([]byte, word(0)-16)}
	_, err = io.ReadFull(r, f.body)
	return f, err
}

func (f frame) bytes() []byte {
	var b bytes.Buffer
	for _, w := range []uint32{uint32(16 + len(f.body)), f.command, f.status, f.sequence} {
		_ = binary.Write(&b, binary.BigEndian, w)
	}
	b.Write(f.body)
	return b.Bytes()
}

// fields splits a body into its mandatory fields by a form: s is a string, 1 an octet.
func fields(body []byte, form string) (texts []string, numbers []byte, rest []byte, ok bool) {
	for _, kind := range form {
		if kind == 's' {
			text, after, found := bytes.Cut(body, []byte{0})
			if !found {
				return nil, nil, nil, false
			}
			texts, body = append(texts, string(text)), after
			continue
		}
		if len(body) == 0 {
			return nil, nil, nil, false
		}
		numbers, body = append(numbers, body[0]), body[1:]
	}
	return texts, numbers, body, true
}

// Submit is one submit_sm as the centre got it.
type Submit struct {
	From, To                       string
	FromTON, FromNPI, ToTON, ToNPI byte
	Class, Coding, Receipt         byte
	Validity                       string
	Octets                         []byte
}

func readSubmit(body []byte) (s Submit, ok bool) {
	texts, n, rest, ok := fields(body, "s11s11s111ss11111")
	if !ok || len(rest) < int(n[11]) {
		return s, false
	}
	s = Submit{From: texts[1], FromTON: n[0], FromNPI: n[1], To: texts[2], ToTON: n[2], ToNPI: n[3], Class: n[4], Validity: texts[4],
		Receipt: n[7], Coding: n[9], Octets: rest[:n[11]]}
	return s, true
}

// Deliver is one deliver_sm as the centre sends it.
type Deliver struct {
	From, To      string
	FromTON       byte
	Class, Coding byte
	Octets        []byte
	Params        []byte // optional parameters, encoded
}

func (d Deliver) bytes() []byte {
	var b bytes.Buffer
	b.WriteByte(0)
	b.Write([]byte{d.FromTON, 1})
	b.WriteString(d.From + "\x00")
	b.Write([]byte{0, 1})
	b.WriteString(d.To + "\x00")
	b.Write([]byte{d.Class, 0, 0, 0, 0, 0, 0, d.Coding, 0, byte(len(d.Octets))})
	b.Write(d.Octets)
	b.Write(d.Params)
	return b.Bytes()
}

// Param encodes an optional parameter.
func Param(tag uint16, value string) []byte {
	return append([]byte{byte(tag >> 8), byte(tag), byte(len(value) >> 8), byte(len(value))}, value...)
}

// The default alphabet as a table of 03.38 has it, in rows of sixteen.
var rows = []string{
	"@£$¥èéùìòÇ\nØø\rÅå", "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ", " !\"#¤%&'()*+,-./", "0123456789:;<=>?",
	"¡ABCDEFGHIJKLMNO", "PQRSTUVWXYZÄÖÑÜ§", "¿abcdefghijklmno", "pqrstuvwxyzäöñüà",
}

var extended = map[rune]byte{'^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2f, '[': 0x3c, '~': 0x3d, ']': 0x3e, '|': 0x40, '€': 0x65, '\f': 0x0a}

// shows is what a phone shows of a message.
func shows(coding byte, octets []byte) string {
	if coding == 8 {
		var units []uint16
		for i := 0; i+1 < len(octets); i += 2 {
			units = append(units, uint16(octets[i])<<8|uint16(octets[i+1]))
		}
		return string(utf16.Decode(units))
	}
	table := []rune(strings.Join(rows, ""))
	var out []rune
	for i := 0; i < len(octets); i++ {
		r := table[octets[i]&0x7f]
		if r == '\x1b' && i+1 < len(octets) {
			i++
			for x, b := range extended {
				if b == octets[i] {
					r = x
				}
			}
		}
		out = append(out, r)
	}
	return string(out)
}

// types is what a phone sends of a text, in pieces of at most so many octets.
func types(text string) (coding byte, pieces [][]byte) {
	table, one := strings.Join(rows, ""), [][]byte{}
	for _, r := range text {
		b, is := extended[r]
		at := strings.IndexRune(table, r)
		switch {
		case is:
			one = append(one, []byte{0x1b, b})
		case at < 0 || r == '\x1b':
			return 8, pack(wide(text), 140, 134)
		default:
			one = append(one, []byte{byte(len([]rune(table[:at])))})
		}
	}
	return 0, pack(one, 160, 153)
}

func wide(text string) (one [][]byte) {
	for _, r := range text {
		var b []byte
		for _, u := range utf16.Encode([]rune{r}) {
			b = append(b, byte(u>>8), byte(u))
		}
		one = append(one, b)
	}
	return one
}

func pack(one [][]byte, whole, part int) (pieces [][]byte) {
	if all := bytes.Join(one, nil); len(all) <= whole {
		return [][]byte{all}
	}
	piece := []byte{}
	for _, b := range one {
		if len(piece)+len(b) > part {
			pieces, piece = append(pieces, piece), nil
		}
		piece = append(piece, b...)
	}
	return append(pieces, piece)
}
