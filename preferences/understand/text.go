package understand

import (
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/preferences"
)

// freeText keeps the customer's own words, unless they ask something or say nothing.
func (s *sitting) freeText() Reading {
	if s.asksOnly() {
		return unclear("counter-question")
	}
	v := lexicon()
	core := s.coreOf(s.toks)
	if !hasLetter(s.text) || s.isShell(clause{from: 0, to: len(s.toks)}) && !s.namesPeople() {
		return unclear("nothing-said")
	}
	if len(core) == 1 && core[0].typed == "k" && s.vi { // không, to a question that cannot be answered so
		return unclear("nothing-said")
	}
	if len(core) <= 4 && v.undecided.in(s.toks) || s.putsOff() {
		return unclear("undecided")
	}
	if len(core) == 1 && (core[0].typed == "huy" || core[0].typed == "dung") { // a name, or a wish to stop
		return s.answered(preferences.Value{Kind: textKind, Text: tidy(s.raw)}, "text", 0.6, 0, len(s.toks))
	}
	return s.answered(preferences.Value{Kind: textKind, Text: tidy(s.raw)}, "text", 0.9, 0, len(s.toks))
}

// putsOff: nothing is said but that it will be said later: "giờ chưa nghĩ ra, để hôm sau nói".
func (s *sitting) putsOff() bool {
	v := lexicon()
	const short = 8
	later := false
	for _, c := range s.clauses {
		ts := s.toks[c.from:c.to]
		switch {
		case s.isShell(c):
		case len(ts) > short || !v.undecided.in(ts) && !v.postponed.in(ts) && !v.later.in(ts):
			return false
		default:
			later = true
		}
	}
	return later
}

// namesPeople: words that politeness is made of too, each with a capital ("Lan & Minh"), or to a question for a name ("Minh").
func (s *sitting) namesPeople() bool {
	names, asked := 0, false
	for i := range s.q.text {
		asked = asked || s.q.text[i].word == "tên" || s.q.text[i].word == "name" || s.q.text[i].word == "named"
	}
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != wordToken {
			continue
		}
		first, _ := utf8.DecodeRuneInString(s.text[t.from:t.to])
		if !unicode.IsUpper(first) && !asked || t.marked {
			return false
		}
		switch t.typed {
		case "ok", "da", "vang", "thanks", "hi", "hello", "please":
			return false
		}
		names++
	}
	return names > 1 || asked && names == 1
}

// asksOnly: the last sentence is a question, and none is a statement before it.
func (s *sitting) asksOnly() bool {
	for _, c := range s.clauses {
		if c.shut == '?' {
			return len(s.clauses) == 1 || s.onlyAsks() || c.from == s.clauses[0].from
		}
	}
	return s.onlyAsks() && len(s.clauses) == 1
}

func hasLetter(t string) bool {
	for _, r := range t {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return true
		}
	}
	return false
}
