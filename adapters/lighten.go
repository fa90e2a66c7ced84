package adapters

import (
	"slices"
	"strings"
)

// LossMarks says that Vietnamese was written without its marks, as people do themselves, since that takes fewer SMS segments.
const LossMarks Loss = "marks"

// plainLetters are Vietnamese letters with marks, and signs of typography, with what people type in their place.
var plainLetters = strings.NewReplacer(slices.Concat(
	plainly("a", "àáảãạăằắẳẵặâầấẩẫậ"), plainly("e", "èéẻẽẹêềếểễệ"), plainly("i", "ìíỉĩị"), plainly("o", "òóỏõọôồốổỗộơờớởỡợ"),
	plainly("u", "ùúủũụưừứửữự"), plainly("y", "ỳýỷỹỵ"), plainly("d", "đ₫"), plainly("A", "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ"), plainly("E", "ÈÉẺẼẸÊỀẾỂỄỆ"),
	plainly("I", "ÌÍỈĨỊ"), plainly("O", "ÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ"), plainly("U", "ÙÚỦŨỤƯỪỨỬỮỰ"), plainly("Y", "ỲÝỶỸỴ"), plainly("D", "Đ"),
	plainly(`"`, "“”„"), plainly("'", "‘’"), plainly("-", "–—"), plainly("...", "…"), plainly(" ", "\u00a0"), plainly("-", "•"),
)...)

func plainly(plain, letters string) (pairs []string) {
	for _, r := range letters {
		pairs = append(pairs, string(r), plain)
	}
	return pairs
}

// WithoutMarks is a text as people type it in haste: Vietnamese letters without their marks, plain quotation marks and
// dashes. The text must be in NFC.
func WithoutMarks(text string) string { return plainLetters.Replace(text) }

// Lighten writes m without marks where that takes fewer SMS segments and changes no meaning: m stays as it is where one
// of the fixed words in it (a name, a code) would change, or where two options would look the same.
func Lighten(m Message, fixed ...string) (Message, []Loss) {
	plain := m
	plain.Text = WithoutMarks(m.Text)
	seen := map[string]bool{}
	plain.Options = slices.Clone(m.Options)
	for i, o := range plain.Options {
		o.Label = WithoutMarks(o.Label)
		plain.Options[i] = o
		if seen[strings.ToLower(o.Label)] {
			return m, nil
		}
		seen[strings.ToLower(o.Label)] = true
	}
	if m.Template != nil || SegmentCount(listed(plain)) >= SegmentCount(listed(m)) {
		return m, nil
	}
	for _, f := range fixed {
		if f != "" && WithoutMarks(f) != f && strings.Contains(m.Text, f) {
			return m, nil
		}
	}
	return plain, []Loss{LossMarks}
}

// listed is the text as it goes over the air, with its options.
func listed(m Message) string { return listOptions(m.Text, m.Options) }
