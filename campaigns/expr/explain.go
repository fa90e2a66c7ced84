package expr

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"
)

// term is one of the conditions that && joins at the top level.
type term struct {
	source string
	code   code
	seen   []sighting
}

// sighting is a preference or fact that a term looks at.
type sighting struct {
	path string
	code code
}

// Explain evaluates the terms of the rule one by one, also those that Holds would not have reached.
func (r *Rule) Explain(e Env) []Term {
	if r == nil {
		return nil
	}
	out := make([]Term, 0, len(r.terms))
	f := frame{env: e}
	for _, t := range r.terms {
		out = append(out, Term{Source: t.source, Held: t.code(&f).yes(), Saw: f.saw(t.seen)})
	}
	return out
}

func (f *frame) saw(seen []sighting) (all string) {
	for i, s := range seen {
		between := ", "
		if i == 0 {
			between = ""
		}
		all += between + s.path + " = " + s.code(f).show()
	}
	return all
}

// split cuts src at the && of the top level. Where something looser than && is there too, src is one term.
func split(src string) []string {
	whole := []string{strings.TrimSpace(src)}
	tokens, err := lexer.Lex(file.NewSource(src))
	if err != nil {
		return whole
	}
	runes := []rune(src)
	var parts []string
	depth, from := 0, 0
	for _, t := range tokens {
		switch {
		case t.Is(lexer.Bracket, "(", "[", "{"):
			depth++
		case t.Is(lexer.Bracket):
			depth--
		case depth > 0:
		case t.Is(lexer.Operator, "||", "or", "?", ":", "|"):
			return whole
		case t.Is(lexer.Operator, "&&", "and"):
			parts = append(parts, strings.TrimSpace(string(runes[from:t.From])))
			from = t.To
		}
	}
	return append(parts, strings.TrimSpace(string(runes[from:])))
}

// showMax bounds what one value may add to an explanation.
const showMax = 120

// show is the value as the person who wrote the rule would write it.
func (v value) show() string {
	switch v.kind {
	case isNil:
		return "nil"
	case isBool:
		return strconv.FormatBool(v.num != 0)
	case isNumber:
		return strconv.FormatFloat(v.num, 'f', -1, 64)
	case isBounds:
		return showBounds(v)
	case isDate:
		return strconv.Quote(showDate(int(v.num)))
	case isTime:
		return strconv.Quote(v.at.Format("2006-01-02T15:04:05-07:00"))
	case isDuration:
		return strconv.Quote(v.duration().String())
	default:
		return showData(v)
	}
}

func showData(v value) string {
	if v.kind == isText && len(v.text) < showMax-1 && isPlain(v.text) { // nearly all
		return `"` + v.text + `"`
	}
	var x any = v.data
	if v.kind == isText {
		x = v.text
	}
	if v.kind == isWindow {
		x = []string{v.prefs().From, v.prefs().To}
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(x) != nil {
		return "?"
	}
	s := []rune(strings.TrimSpace(b.String()))
	if len(s) > showMax {
		return string(s[:showMax]) + "…"
	}
	return string(s)
}

// isPlain reports whether JSON has the text as it is, between quotes.
func isPlain(text string) bool {
	for _, r := range text {
		switch {
		case r < ' ', r == '"', r == '\\', r == utf8.RuneError, r == '\u2028', r == '\u2029':
			return false
		}
	}
	return true
}

func showBounds(v value) string {
	p := v.prefs()
	end := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'f', -1, 64)
	}
	s := end(p.Min)
	if p.Min == nil || p.Max == nil || *p.Min != *p.Max {
		s += ".." + end(p.Max)
	}
	if p.Currency != "" {
		s += " " + p.Currency
	}
	return s
}
