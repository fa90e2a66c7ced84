package adapters

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Loss is one thing that a channel could not show the way it was meant.
type Loss string

// The losses. Nothing is ever dropped: a loss tells what became of it.
const (
	LossOptions Loss = "options" // quick replies became numbered lines of text
	LossMedia   Loss = "media"   // attachments became links in the text
	LossParts   Loss = "parts"   // a long text became several messages
)

// partsMax bounds what one message may become. A text that needs more is a mistake of its author.
const partsMax = 20

// idMax is the length in bytes of a Message.ID, that of a part included.
const idMax = 64

// Fit degrades m portably to what c can carry: options become numbered text, attachments links, a long text parts.
//
// The first part keeps m.ID and the further ones are called "<id>.2", "<id>.3", so that a repeat gives the same names.
// The first part carries Handle (a provider's reply token works once) and the attachments, the last one the options.
// A message with a template is left alone, because the provider writes its text. A text that cannot be fitted gives
// an *Error with BadMessage. Quirks of one provider have no place here.
func Fit(m Message, c Capabilities) ([]Message, []Loss, error) {
	if m.Template != nil {
		return []Message{m}, nil, nil
	}
	var losses []Loss
	if len(m.Options) > 0 && !shows(c.Options, m.Options) {
		m.Text = listOptions(m.Text, m.Options)
		m.Options = nil
		losses = append(losses, LossOptions)
	}
	if len(m.Media) > c.MediaMax {
		for _, x := range m.Media[c.MediaMax:] {
			m.Text = addLine(m.Text, x.URL)
		}
		m.Media = m.Media[:c.MediaMax:c.MediaMax]
		losses = append(losses, LossMedia)
	}
	if c.TextMax <= 0 || units(m.Text) <= c.TextMax {
		return []Message{m}, losses, nil
	}
	texts, ok := split(m.Text, c.TextMax)
	if !ok {
		return nil, losses, &Error{Fault: BadMessage, Detail: "the text does not fit into " + strconv.Itoa(partsMax) + " messages of this account"}
	}
	if len(m.ID)+len(".20") > idMax {
		return nil, losses, &Error{Fault: BadMessage, Detail: "the message's id is too long to number its parts"}
	}
	return parts(m, texts), append(losses, LossParts), nil
}

func parts(m Message, texts []string) []Message {
	out := make([]Message, len(texts))
	for i, text := range texts {
		p := m
		p.Text = text
		if i > 0 {
			p.ID = m.ID + "." + strconv.Itoa(i+1)
			p.Handle, p.Media = "", nil
		}
		if i < len(texts)-1 {
			p.Options = nil
		}
		out[i] = p
	}
	return out
}

// shows reports whether an account can show all the options as they are: half of them as buttons would hide the rest.
func shows(limits OptionLimits, options []Option) bool {
	if len(options) > limits.Max {
		return false
	}
	for _, o := range options {
		if utf8.RuneCountInString(o.Label) > limits.LabelMax || len(o.Payload) > limits.PayloadMax {
			return false
		}
	}
	return true
}

// listOptions adds the options as numbered lines, unless the text has them numbered already.
func listOptions(text string, options []Option) string {
	if lists(text, options) {
		return text
	}
	for i, o := range options {
		text = addLine(text, strconv.Itoa(i+1)+". "+o.Label)
	}
	return text
}

func addLine(text, line string) string {
	if text == "" {
		return line
	}
	return strings.TrimRightFunc(text, unicode.IsSpace) + "\n" + line
}

// lists reports whether the text holds each label right after its number, or each after its letter: "1. Thể thao", "2-công sở",
// "(3) Khác", "a) Thể thao".
func lists(text string, options []Option) bool {
	text = strings.ToLower(text)
	return listsBy(text, options, func(i int) string { return strconv.Itoa(i + 1) }, " \t.:)-=/]") ||
		len(options) <= 26 && listsBy(text, options, func(i int) string { return string(rune('a' + i)) }, ".:)-=/]")
}

// listsBy is lists by what counts the options, with one of the signs after each.
func listsBy(text string, options []Option, count func(int) string, signs string) bool {
	for i, o := range options {
		if !counted(text, strings.ToLower(o.Label), count(i), signs) {
			return false
		}
	}
	return true
}

func counted(text, label, number, signs string) bool {
	if label == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], label)
		if i < 0 {
			return false
		}
		before := text[:from+i]
		head := strings.TrimRight(before, " \t.:)-=/]")
		rest, ok := strings.CutSuffix(head, number)
		if ok && strings.ContainsAny(before[len(head):], signs) && !goesOn(rest, number) {
			return true
		}
		from += i + len(label)
	}
}

// goesOn reports whether what stands before a number or letter belongs to it: 21, or the end of a word.
func goesOn(before, number string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsDigit(r) || unicode.IsLetter(r) && unicode.IsLetter(rune(number[0]))
}

// units is the length of s in UTF-16 code units, which is how providers and SMS count.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r) // never -1: range gives U+FFFD for what is not UTF-8
	}
	return n
}

// split cuts s into pieces of at most limit UTF-16 units: at the last line end in the second half, else at the last
// space, else between two characters as readers see them.
func split(s string, limit int) (pieces []string, ok bool) {
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		if len(pieces) == partsMax {
			return nil, false
		}
		n := cut(s, limit)
		if n == 0 {
			return nil, false
		}
		pieces = append(pieces, strings.TrimRightFunc(s[:n], unicode.IsSpace))
		s = s[n:]
	}
	return pieces, true
}

// cut gives the length in bytes of the first piece of s, which does not begin with a space; 0 where not even the first
// rune fits.
func cut(s string, limit int) int {
	var line, space, cluster, last int // where s may be cut
	var used, lineUsed int
	var prev rune
	flags := 0 // regional indicators in a row before this rune
	for i, r := range s {
		if i > 0 && unicode.IsSpace(r) {
			space = i
			if r == '\n' {
				line, lineUsed = i, used
			}
		}
		last = i
		if !joined(prev, r, flags) {
			cluster = i
		}
		n := utf16.RuneLen(r)
		if used+n > limit {
			switch {
			case line > 0 && lineUsed >= limit/2:
				return line
			case space > 0:
				return space
			case cluster > 0:
				return cluster
			}
			return last // a single character longer than a message: there is no good place
		}
		used += n
		if regional(r) {
			flags++
		} else {
			flags = 0
		}
		prev = r
	}
	return len(s)
}

const joiner = '\u200d'

func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// joined reports whether r belongs to the character before it: a combining mark, a variation selector, a skin tone, the
// rest of a joined emoji, the second letter of a flag. It is the part of Unicode's annex 29 that chat texts need.
func joined(prev, r rune, flags int) bool {
	switch {
	case prev == 0:
		return false
	case unicode.Is(unicode.M, r), r == joiner, prev == joiner:
		return true
	case r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0020 && r <= 0xE007F:
		return true
	case regional(r):
		return flags%2 == 1
	}
	return prev == '\r' && r == '\n'
}
