package compliance

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/preferences/address"
)

// Marks is what a market wants written around the text of an ad on one channel.
type Marks struct {
	Label  string            // the very first characters
	Other  []string          // labels that do as well: where the text begins with one, none is added
	Names  bool              // the text says who writes
	Footer map[string]string // by locale: the last part, how to refuse
	First  map[string]string // the same in the first that somebody gets; nil: as in every other
	ByLink map[string]string // the same where the text is answered, and refused, on the page behind its link
	// FirstByLink is ByLink in the first that somebody gets; nil: as in every other.
	FirstByLink map[string]string
	Refusal     []string // in small letters: what says as well how to refuse, where the text has it
}

// Wording is the text of an ad, and what decides about the marks around it.
type Wording struct {
	Text   string
	Locale string
	Brand  string // who writes
	First  bool   // nothing was sent to them before
	Link   bool   // nobody can answer the sender: they do on the page behind the link in the text
}

// Mark is the text with what the market wants written around an ad on that channel. A text that has it already stays as it is.
func (p Pack) Mark(ch address.Channel, a Wording) string {
	m, ok := p.Marks[ch]
	if !ok {
		return a.Text
	}
	text := a.Text
	if m.Names && a.Brand != "" && !names(text, a.Brand) {
		text = a.Brand + ": " + text
	}
	if !labelled(m, text) {
		text = m.Label + text
	}
	if footer := m.footer(a, p.Locale); footer != "" && !m.refusable(a, text, footer) {
		text += "\n" + footer
	}
	return text
}

// footer is the last part of an ad, in its language or else in the market's.
func (m Marks) footer(a Wording, fallback string) string {
	footers := m.Footer
	switch {
	case a.Link && a.First && m.FirstByLink != nil:
		footers = m.FirstByLink
	case a.Link:
		footers = m.ByLink
	case a.First && m.First != nil:
		footers = m.First
	}
	if footer, ok := footers[a.Locale]; ok {
		return footer
	}
	return footers[fallback]
}

// refusable reports whether the text says already how to refuse. What the first one says beside that must be there as well.
func (m Marks) refusable(a Wording, text, footer string) bool {
	if strings.HasSuffix(text, footer) {
		return true
	}
	small := strings.ToLower(text)
	return !a.Link && !(a.First && m.First != nil) && slices.ContainsFunc(m.Refusal, func(s string) bool { return strings.Contains(small, s) })
}

// names reports whether the text has the brand's name, as it is written and as a word of its own: "lotus" is a flower.
func names(text, brand string) bool {
	for {
		before, after, found := strings.Cut(text, brand)
		if !found {
			return false
		}
		last, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(after)
		if !inWord(last) && !inWord(next) {
			return true
		}
		text = after
	}
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

func labelled(m Marks, text string) bool {
	for _, l := range m.Other {
		if strings.HasPrefix(text, l) {
			return true
		}
	}
	return m.Label != "" && strings.HasPrefix(text, m.Label)
}
