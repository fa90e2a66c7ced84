package understand

import (
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/preferences"
)

// wrongNumber is the rule of a stop by somebody whom we do not mean: campaigns records the reason with the opt-out.
const wrongNumber = "wrong-number"

// wrongNumberWords are the ways to say that the number is somebody else's.
type wrongNumberWords struct {
	exact, anywhere, guard *phrases
	denial, title          *phrases // "mình không phải [chị]", before a name
	resumes                *phrases // between a number mistyped and the right one: "nhầm số rồi, số 2"
}

func loadWrongNumber(take func(name string) *phrases) wrongNumberWords {
	return wrongNumberWords{
		exact: take("wrong-number.exact"), anywhere: take("wrong-number"), guard: take("wrong-number.guard"),
		denial: take("wrong-number.denial"), title: take("wrong-number.title"), resumes: take("wrong-number.resumes"),
	}
}

// someoneElse reads that the number belongs to somebody else, which is a stop.
func (s *sitting) someoneElse() (Reading, bool) {
	v := &lexicon().wrongNumber
	if s.q == nil && v.exact.whole(s.coreOf(s.toks)) { // while a question is open, the number may be their answer
		return s.commanded(Stop, wrongNumber, 0.9, 0, len(s.toks)), true
	}
	if c, ok := s.wrongInClause(); ok {
		return s.commanded(Stop, wrongNumber, 0.9, c.from, c.to), true
	}
	for i := range s.toks {
		n := v.anywhere.at(s.toks, i)
		if n > 0 && s.q != nil && s.q.Kind == yesNoKind && (s.saysIn(i, i+n, "xài") || s.saysIn(i, i+n, "dùng")) { // "do you still use this number?"
			continue
		}
		if n == 0 {
			n = s.deniedName(i)
		}
		if n > 0 && s.isMeant(commandWords{command: Stop, guard: v.guard}, i, i+n) && !s.givesRightOne(i+n) {
			return s.commanded(Stop, wrongNumber, 0.93, i, i+n), true
		}
	}
	return Reading{}, false
}

// wrongInClause finds a clause that says no more than that the number is wrong, beside others that hold no number: "tôi không phải bệnh
// nhân, nhầm số".
func (s *sitting) wrongInClause() (clause, bool) {
	if len(s.clauses) < 2 || s.asksAmount() {
		return clause{}, false
	}
	for i := range s.toks {
		if s.toks[i].kind == numberToken {
			return clause{}, false
		}
	}
	for _, c := range s.clauses {
		if !c.asks && lexicon().wrongNumber.exact.whole(s.coreOf(s.toks[c.from:c.to])) {
			return c, true
		}
	}
	return clause{}, false
}

// deniedName is the length of "mình không phải Lan" at i, 0 where it is none. Only capitals tell a name from what else
// somebody may not be ("mình không phải sinh viên"), and where an answer may be such a denial it is left to the answer.
func (s *sitting) deniedName(i int) int {
	if s.caps || s.q != nil && (s.q.Kind == textKind || s.q.Kind == yesNoKind) {
		return 0
	}
	v := &lexicon().wrongNumber
	n := v.denial.at(s.toks, i)
	if n == 0 {
		return 0
	}
	j := i + n
	j += v.title.at(s.toks, j)
	name := j
	for j < len(s.toks) && j < name+maxNameWords && s.isNameWord(j) {
		j++
	}
	to := j
	if s.saysAt(j, "đâu", "mà", "nữa") {
		j++
	}
	if to == name || !s.onlyTrail(j) {
		return 0
	}
	return to - i
}

// maxNameWords is as many words as a Vietnamese name has.
const maxNameWords = 4

// isNameWord: a capital and then small letters.
func (s *sitting) isNameWord(i int) bool {
	t := &s.toks[i]
	first, _ := utf8.DecodeRuneInString(s.text[t.from:])
	return t.kind == wordToken && !t.caps && unicode.IsUpper(first)
}

// asksAmount reports whether the answer is a number with a unit behind it.
func (s *sitting) asksAmount() bool {
	if s.q == nil {
		return false
	}
	switch s.q.Kind {
	case preferences.Number, preferences.Money, preferences.Rating, preferences.Date, preferences.TimeWindow:
		return true
	}
	return false
}

// givesRightOne: "nhầm số rồi, số 2" takes a number back and gives another.
func (s *sitting) givesRightOne(i int) bool {
	for i < len(s.toks) {
		n := lexicon().wrongNumber.resumes.at(s.toks, i)
		if n == 0 && s.toks[i].isWord() {
			break
		}
		i += max(n, 1)
	}
	x, n := s.numeralAt(i)
	return n > 0 && x < 1000 && (s.asksAmount() || s.onlyTrail(i+n))
}
