package console

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// withoutMarks is Vietnamese as it is typed in haste.
func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		case r == 'Đ':
			return 'D'
		}
		return r
	}, norm.NFD.String(s))
}
