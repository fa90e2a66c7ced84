package adapters

import (
	"fmt"
	"strings"

	"github.com/hoidap/hoidap/preferences/address"
)

// Plain is a text for senders that carry no Unicode, as most Vietnamese brandnames do: without the marks of Vietnamese,
// in the GSM alphabet. A text with signs that have no plain form, such as an emoji, gives an *Error with BadMessage:
// providers put question marks in their place or leave them out.
func Plain(text string) (string, error) {
	text = WithoutMarks(text)
	if n := len(Segments(text).Offenders); n > 0 {
		return "", &Error{Fault: BadMessage, Detail: fmt.Sprintf("the account carries no Unicode, and %d different signs of the text have no plain form", n)}
	}
	return text, nil
}

// VietnamesePhone reads a number as Vietnamese providers tell it: 84901234567, 0901234567 or +84901234567. It is false for
// short codes, names and numbers of other countries. It is for numbers that a network has seen; address.Phone is for
// those that people typed.
func VietnamesePhone(told string) (address.Address, bool) {
	national, ok := strings.CutPrefix(strings.TrimPrefix(told, "+"), "84")
	if !ok {
		national, ok = strings.CutPrefix(told, "0")
	}
	if !ok || len(national) < 9 || len(national) > 10 || national[0] == '0' { // mobile, and with an area code
		return address.Address{}, false
	}
	a, err := address.Parse(address.Tel + ":+84" + national)
	return a, err == nil
}
