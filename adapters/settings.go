package adapters

import (
	"errors"
	"slices"
	"strings"
)

// Checks of settings that many providers' accounts have.

// OneWord is the check of tokens and keys: it keeps spaces and line ends, which come along when one is copied, out of
// headers, and letters beyond ASCII.
func OneWord(v string) error {
	if strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("may hold no spaces, line ends and letters beyond ASCII")
	}
	return nil
}

// OneOf is the check of a setting that is one of some words.
func OneOf(words ...string) func(string) error {
	return func(v string) error {
		if slices.Contains(words, v) {
			return nil
		}
		if len(words) == 2 {
			return errors.New("must be " + words[0] + " or " + words[1])
		}
		return errors.New("must be one of " + strings.Join(words, ", "))
	}
}

// senderNameMax is the length of a name as the sender of an SMS (3GPP TS 23.040, 9.1.2.5: 11 characters).
const senderNameMax = 11

// SenderOfSMS is the check of who an SMS is from: a number, or a name of letters, digits and spaces.
func SenderOfSMS(v string) error {
	if IsNumber(v) || v != "" && len(v) <= senderNameMax && !strings.ContainsFunc(v, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != ' '
	}) {
		return nil
	}
	return errors.New("must be a number such as +15005550006, or at most 11 letters and digits")
}

// IsNumber tells numbers, short codes among them, from names: only a number can be answered.
func IsNumber(sender string) bool {
	sender = strings.TrimPrefix(sender, "+")
	return len(sender) >= 3 && len(sender) <= 15 && !strings.ContainsFunc(sender, func(r rune) bool { return r < '0' || r > '9' })
}
