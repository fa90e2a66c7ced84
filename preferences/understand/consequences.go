package understand

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// consequences adds to a reading what a conversation needs to go on from it: whether it takes something back or asks something,
// and, where it is unclear, what it may well be.
func (s *sitting) consequences(r *Reading) {
	if s.q == nil || r.Status == IsCommand || len(s.toks) == 0 {
		return
	}
	r.Corrects, r.Asks = s.takesBack(), s.asksToo(r)
	if r.Status == Unclear && r.Maybe == nil {
		r.Maybe = s.perhaps(r.Rule)
	}
}

// takesBack reports whether the reply begins with a correction: "dạ à nhầm, ...", "sorry I meant ...".
func (s *sitting) takesBack() bool {
	v := lexicon()
	for i := 0; i < len(s.toks); {
		if v.corrections.at(s.toks, i) > 0 && !s.insideOption(s.toks, i) {
			return true
		}
		n := v.polite.at(s.toks, i)
		if n == 0 && s.toks[i].isWord() {
			return false
		}
		i += max(n, 1)
	}
	return false
}

// asksToo reports whether some clause asks the brand something, beside or instead of answering. A question in a free
// text is part of the text.
func (s *sitting) asksToo(r *Reading) bool {
	if s.q.Kind == textKind && r.Status == Answered {
		return false
	}
	for _, c := range s.clauses {
		if core := signless(s.coreOf(s.toks[c.from:c.to])); c.asks && len(core) > 1 && !(r.Status == Answered && isTag(core)) {
			return true
		}
	}
	return false
}

// isTag: "được không", "is that ok" behind an answer ask nothing.
func isTag(core []token) bool {
	var words []string
	for i := range core {
		words = append(words, core[i].key)
	}
	switch strings.Join(words, " ") {
	case "duoc khong", "dung khong", "phai khong", "ok khong", "co duoc khong", "is that ok", "is that okay", "is it ok", "sao khong", "why not":
		return true
	}
	return false
}

// maybe is the confidence of an answer that has an error in it: enough to ask back, too little to record.
const maybe = 0.6

// perhaps is the one answer that an unclear reply may well be: an option or an address with an error in it, a day of
// which only the number is said.
func (s *sitting) perhaps(rule string) *Reading {
	switch {
	case rule == "broken-email":
		return s.repairedEmail()
	case rule == "no-email":
		return s.unsignedEmail()
	case rule == "no-date":
		return s.bareDay()
	case rule == "no-option" && len(s.q.options) > 0:
		if r := s.nearestOption(); r != nil {
			return r
		}
		return s.initialsOption()
	case rule == "somebody-else":
		return s.alsoTheirs()
	}
	return s.amountPerhaps(rule)
}

// initialsOption is the one option whose label has the first letters that are all of the reply: "pq" for Phú Quốc.
func (s *sitting) initialsOption() *Reading {
	core, _ := s.coreBounds(s.toks)
	if core >= len(s.toks) || len(signless(s.coreOf(s.toks))) != 1 || s.toks[core].word != s.toks[core].typed {
		return nil
	}
	found := -1
	for o := range s.q.options {
		for _, name := range s.q.options[o].names[:s.q.options[o].labels] {
			letters := ""
			for _, t := range name {
				letters += t.key[:min(1, len(t.key))]
			}
			if len(name) < 2 || letters != s.toks[core].key {
				continue
			}
			if found >= 0 && found != o {
				return nil
			}
			found = o
		}
	}
	if found < 0 {
		return nil
	}
	r := s.maybeOption(found, "option-initials", core, core+1)
	return &r
}

// alsoTheirs is the one option that somebody else likes; the customer may want it too.
func (s *sitting) alsoTheirs() *Reading {
	ms := s.mentions()
	if len(ms) == 0 || !sameOption(ms) {
		return nil
	}
	r := s.maybeOption(ms[0].option, "option-of-another", ms[0].from, ms[0].to)
	return &r
}

// maybeOption is an option to ask back about.
func (s *sitting) maybeOption(option int, rule string, i, j int) Reading {
	v := preferences.Value{Kind: s.q.Kind, Text: s.q.options[option].value}
	if s.q.Kind == choicesKind {
		v = preferences.Value{Kind: choicesKind, List: []string{v.Text}}
	}
	return s.answered(v, rule, maybe, i, j)
}

// nearestOption is the one option whose name some words of a short reply come near: a wrong mark, a slip or two.
func (s *sitting) nearestOption() *Reading {
	if len(signless(s.toks)) > 6 || lexicon().negators.in(s.toks) || lexicon().noneOf.in(s.toks) {
		return nil
	}
	type guess struct{ option, errors, from, to int }
	labels := s.foldedLabels()
	best, tied := guess{option: -1, errors: 3}, false
	for i := range s.toks {
		whole := ""
		for j := i; j < len(s.toks) && j < i+3 && s.toks[j].isWord(); j++ {
			whole += fold(s.toks[j].typed)
			for o := range s.q.options {
				n := errorsIn(labels[o], whole)
				switch {
				case n < best.errors || n == best.errors && o == best.option && n < 3:
					best, tied = guess{o, n, i, j + 1}, tied && n == best.errors
				case n == best.errors && n < 3:
					tied = true
				}
			}
		}
	}
	if best.option < 0 || tied {
		return nil
	}
	r := s.maybeOption(best.option, "option-perhaps", best.from, best.to)
	return &r
}

// foldedLabels are the labels of each option, without marks and gaps.
func (s *sitting) foldedLabels() [][]string {
	out := make([][]string, len(s.q.options))
	for i := range s.q.options {
		o := &s.q.options[i]
		for _, name := range o.names[:o.labels] {
			label := ""
			for _, t := range name {
				label += fold(t.typed)
			}
			out[i] = append(out[i], label)
		}
	}
	return out
}

// errorsIn is how many slips lie between the words, written as one, and the nearest of the labels; 3 where there are too
// many for the length.
func errorsIn(labels []string, whole string) int {
	least := 3
	for _, label := range labels {
		n := distance(whole, label)
		if long := min(len(whole), len(label)); long >= 4 && n == 0 || long >= 5 && n == 1 || long >= 8 && n == 2 {
			least = min(least, n)
		}
	}
	return least
}

// Parts cuts a reply where people list things, and leaves out the parts that are only politeness.
func Parts(locale, text string) []string {
	s := &sitting{reply: tokenise(unquote(clean(text)), locale != "en", nil), raw: text}
	var out []string
	from := 0
	add := func(to int) {
		if to > from && !s.isShell(clause{from: from, to: to}) {
			out = append(out, s.words(from, to))
		}
		from = to + 1
	}
	for i := range s.toks {
		t := &s.toks[i]
		inside := i+1 < len(s.toks) && s.toks[i+1].glued && (t.word == "." || t.word == ":") // an address, a time
		if !inside && (t.ends() || isJoin(t) && t.word != "/") {
			add(i)
		}
	}
	add(len(s.toks))
	return out
}
