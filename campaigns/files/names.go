package files

import (
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/preferences/understand"
)

// names is where each name of a question's options stands.
type names map[nameKey]strict.Value

type nameKey struct {
	option  int
	locale  string
	synonym int // -1: the label
}

// of notes the names of one option.
func (n names) of(option int) func(locale string, synonym int, v strict.Value) {
	return func(locale string, synonym int, v strict.Value) { n[nameKey{option, locale, synonym}] = v }
}

// doubts asks the reader how it reads the names of the question's options. A name that is misheard as it is written is a
// mistake; what is misheard only in haste, or not understood, is for the campaign's writer to weigh.
func (l *loading) doubts(ask *understand.Question, called names) {
	if len(called) == 0 {
		return
	}
	for _, d := range understand.Doubts(ask) {
		at := called[nameKey{d.Name.Option, d.Name.Locale, d.Name.Synonym}]
		format, args, cure := explained(d, ask)
		if Misheard(d) {
			at.Fail(cure, format, args...)
		} else {
			l.warnings.Add(at.Place(), cure, format, args...)
		}
	}
}

// Misheard reports whether a customer who writes the name exactly as it stands there is taken for having said something
// else.
func Misheard(d understand.Doubt) bool {
	return (d.Kind == understand.MeansOther || d.Kind == understand.MeansCommand) && d.Typed == d.Name.Text
}
