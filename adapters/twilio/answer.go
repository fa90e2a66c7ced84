package twilio

import "bytes"

// brief cuts the answer to a message down to what is read of it: the SDK would build some twenty strings of the rest,
// which costs as much as the whole request. ok is false where the answer is not of the plain form that Twilio writes;
// then the SDK reads it whole.
func brief(answer []byte) (short []byte, ok bool) {
	s := scanner{rest: answer}
	if !s.byte('{') {
		return nil, false
	}
	short = make([]byte, 0, 96)
	for {
		name, plain := s.string()
		if !plain || !s.byte(':') {
			return nil, false
		}
		value, ok := s.value()
		if !ok {
			return nil, false
		}
		if bytes.EqualFold(name, []byte(`"sid"`)) || bytes.EqualFold(name, []byte(`"num_segments"`)) { // as encoding/json takes names
			short = append(short, ',')
			short = append(short, name...)
			short = append(short, ':')
			short = append(short, value...)
		}
		if s.byte('}') {
			break
		}
		if !s.byte(',') {
			return nil, false
		}
	}
	if s.space(); len(s.rest) > 0 || len(short) == 0 {
		return nil, false
	}
	short[0] = '{'
	return append(short, '}'), true
}

// scanner walks over JSON without reading it: strings whose escapes do not matter, and whatever stands between
// brackets.
type scanner struct{ rest []byte }

func (s *scanner) space() { s.rest = bytes.TrimLeft(s.rest, " \t\r\n") }

// byte takes b, and the space before it.
func (s *scanner) byte(b byte) bool {
	s.space()
	if len(s.rest) == 0 || s.rest[0] != b {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// string takes a string with its quotes. plain is false where there is none, or where it is written with escapes.
func (s *scanner) string() (quoted []byte, plain bool) {
	s.space()
	if len(s.rest) == 0 || s.rest[0] != '"' {
		return nil, false
	}
	plain = true
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			quoted, s.rest = s.rest[:i+1], s.rest[i+1:]
			return quoted, plain
		case c == '\\':
			plain = false
			i++
		}
	}
	return nil, false
}

// value takes a value of any kind.
func (s *scanner) value() (raw []byte, ok bool) {
	s.space()
	all := s.rest
	for depth := 0; len(s.rest) > 0; {
		switch s.rest[0] {
		case '"':
			if quoted, _ := s.string(); quoted == nil {
				return nil, false
			}
		case '{', '[':
			depth++
			s.rest = s.rest[1:]
		case '}', ']':
			if depth--; depth < 0 {
				return nil, false
			}
			s.rest = s.rest[1:]
		default:
			n := bytes.IndexAny(s.rest, "\"{}[],")
			if n < 0 {
				return nil, false
			}
			if n == 0 && depth == 0 {
				return nil, false // a comma where the value should be
			}
			s.rest = s.rest[max(n, 1):]
		}
		if depth == 0 {
			return bytes.TrimRight(all[:len(all)-len(s.rest)], " \t\r\n"), true
		}
	}
	return nil, false
}
