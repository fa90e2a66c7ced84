package understand

import (
	"fmt"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// Reader reads replies to one question. It is safe for concurrent use.
type Reader struct{ q *question }

// Compile makes a question ready for many replies; Read does so for one. q must not change afterwards. A nil q gives a
// Reader that looks for commands only.
func Compile(q *Question) *Reader {
	if q == nil {
		return &Reader{}
	}
	return &Reader{q: compile(q)}
}

// internalError is the rule of a reading that a mistake of this package prevented; the tests accept none.
const internalError = "internal-error"

// sitting is one reply to one question while it is being read.
type sitting struct {
	reply
	ask     Ask
	q       *question
	raw     string
	clauses []clause
	trace   *[]Note

	cut        bool // what stood before was taken back
	cutDay     bool // what was taken back was a day of the month ("ngày 24, à không 26")
	compounded bool // a word of an option was part of another thing's name
	said       span // where the value was read last
	summed     bool // the value adds up what several sides are said to have
	terse      bool // little is said besides an amount
	unsureName bool // an everyday word was passed over that may have named an option
	// unsureOption is the option, counted from 1, that such a word names which is all of a clause before others; 0 for none.
	unsureOption int
}

// Read understands text as a reply to the compiled question; a.Question is not looked at.
func (c *Reader) Read(a Ask, text string) (r Reading) {
	defer func() { // one reply that trips a reader must not stop the conversations of all others
		if p := recover(); p != nil {
			r = Reading{Status: Unclear, Rule: internalError, Trace: []Note{{Rule: internalError, Text: fmt.Sprint(p)}}}
		}
	}()
	var trace []Note
	vi := a.Locale != "en"
	var known map[string]bool
	if c.q != nil {
		known = c.q.known
	}
	s := &sitting{reply: tokenise(unquote(clean(text)), vi, known), ask: a, q: c.q, raw: text, trace: &trace}
	if c.q != nil {
		s.keepNames()
	}
	s.clauses = s.clausesOf()
	if c.q != nil {
		s.hideCompounds()
	}
	r = s.withoutComplaint(s.read())
	s.consequences(&r)
	r.Trace = append(trace, Note{Rule: r.Rule, Text: r.Words})
	return r
}

// read is the order of things: commands first, then a refusal, then the answer.
func (s *sitting) read() Reading {
	if r, ok := s.command(); ok {
		return r
	}
	if s.q == nil {
		return unclear("no-question")
	}
	if len(s.toks) == 0 {
		return unclear("empty")
	}
	if r, ok := s.declined(); ok {
		return r
	}
	if s.q.Kind == textKind || s.q.Kind == preferences.Email {
		return s.answer()
	}
	if r, cut := s.corrected(); cut {
		return r
	}
	if r, ok := s.turned(); ok {
		return r
	}
	return s.answer()
}

// answer asks the reader of the question's kind, and gives up what the words around it show not to be meant.
func (s *sitting) answer() Reading { return s.meant(s.byKind()) }

func (s *sitting) byKind() Reading {
	switch s.q.Kind {
	case yesNoKind:
		return s.yesNo()
	case choiceKind:
		return s.choice()
	case choicesKind:
		return s.choices()
	case preferences.Number:
		return s.number()
	case preferences.Money:
		return s.money()
	case preferences.Rating:
		return s.rating()
	case preferences.Date:
		return s.date()
	case preferences.TimeWindow:
		return s.timeWindow()
	case textKind:
		return s.freeText()
	case preferences.Email:
		return s.email()
	}
	return unclear("unknown-kind")
}

// corrected reads what follows the last correction ("đỏ, à nhầm, đen"). What stood before it was taken back, so that it
// is never used, even when the rest cannot be read.
func (s *sitting) corrected() (Reading, bool) {
	at, n := s.lastCorrection()
	if n == 0 {
		return Reading{}, false
	}
	rest := *s
	rest.toks, rest.cut, rest.cutDay = s.toks[at+n:], true, namesBareDay(s.toks[:at])
	rest.clauses = rest.clausesOf()
	s.note("correction", s.words(at, at+n))
	if r, ok := s.amended(at, at+n); ok {
		return r, true
	}
	r, turned := rest.turned()
	if !turned {
		r = rest.answer()
	}
	for k := 1; k < len(rest.clauses) && r.Status == Unclear && !rest.answersAlone(0, rest.clauses[k-1].to); k++ { // "wait i work then, saturday"
		_, r = rest.readFrom(rest.clauses[k].from)
	}
	if r.Status == Answered {
		r.Confidence *= 0.97
		return r, true
	}
	if lo, _ := s.clauseAround(at, at); lo > 1 && lexicon().past.in(s.toks[lo:at]) { // "soy, last week I had oat and now I'm tired of it"
		head := *s
		head.toks = s.toks[:lo]
		head.clauses = head.clausesOf()
		if r := head.answer(); r.Status == Answered {
			r.Confidence *= 0.95
			return r, true
		}
	}
	return unclear("correction-unread"), true
}

// namesBareDay: "ngày 24" and no other number.
func namesBareDay(ts []token) bool {
	numbers, named := 0, false
	for i := range ts {
		if ts[i].kind == numberToken {
			numbers++
			named = named || i > 0 && ts[i-1].word == "ngày"
		}
	}
	return named && numbers == 1
}

// stillWithin is how many words behind a change that is to come what still holds is told.
const stillWithin = 12

// lastCorrection finds the last marker that something follows, or that ends the reply by taking back what it said.
func (s *sitting) lastCorrection() (at, n int) {
	v := lexicon()
	past, pastTo := false, 0
	for i := range s.toks {
		if i < at+n { // inside the marker that was found
			continue
		}
		if n := v.past.at(s.toks, i); n > 0 {
			past, pastTo = true, max(pastTo, i+n)
		}
		m := v.corrections.at(s.toks, i)
		if p := v.present.at(s.toks, i); past && p > 0 && i >= pastTo && i > 0 && s.q.Kind != preferences.TimeWindow {
			m = max(m, p)
		}
		if s.saysAt(i, "wait") && s.saysAt(i-1, "can", "could", "will", "must", "to", "should") { // "piano can wait"
			m = 0
		}
		if s.saysAt(i-1, "sắp", "sẽ", "định", "tính", "tới") && s.saysIn(i, min(len(s.toks), i+stillWithin), "vẫn") { // sắp đổi qua A chứ giờ vẫn B
			m = 0
		}
		m = max(m, s.settlesFor(i))
		if m > 0 && s.q.Kind == preferences.Date && v.putTo.at(s.toks, i) > 0 && !s.putOffFrom(i) { // "12/1 mà có thể đổi qua 18/1"
			continue
		}
		if m > 1 && s.beginsLongName(i+m-1) { // "thôi đổi cái mới" where an option is Đổi mới
			m--
		}
		if m == 0 || s.forPurpose(i, m) || s.insideOption(s.toks, i) || s.q.optionAt(s.toks, i) > 0 {
			continue
		}
		hasRest := hasMore(s.coreOf(s.toks[i+m:]), 0)
		takesBack := i > 0 && v.retract.at(s.toks, i) > 0
		switch {
		case takesBack && s.q.Kind == yesNoKind:
			at, n = i, m-1 // the thôi or không at its end is the answer
			if s.toks[i+m-1].word == "wait" {
				n = m
			}
		case hasRest && (i > 0 || s.toks[i].key != "thoi") || takesBack:
			at, n = i, m
		}
		if at+n > len(s.toks) || n == 0 {
			at, n = 0, 0
		}
	}
	return at, n
}

// settlesFor reads "thôi" as a change of mind where an option follows: "bún bò ngon mà thôi salad vậy", "M, thôi L". Behind
// an option without a break it is "only" ("đen thôi trắng không lấy").
func (s *sitting) settlesFor(i int) int {
	if i == 0 || len(s.q.options) == 0 {
		return 0
	}
	if s.saysAt(i, "no", "nope", "không") && s.toks[i-1].ends() && s.clauseNames(i-1) { // "basic. no, family": a clause of its own
		if i+2 < len(s.toks) && s.toks[i+1].ends() && s.startsName(i+2) {
			return 2
		}
		return 0
	}
	if s.saysAt(i, "à", "ý", "ủa") && s.saysAt(i+1, "mà") && s.q.Kind == choiceKind && s.toks[i-1].ends() && s.startsName(i+2) && s.clauseNames(i-1) {
		return 2
	}
	if !s.saysAt(i, "thôi") {
		return 0
	}
	next := i + 1
	for next < len(s.toks) && lexicon().head.at(s.toks, next) == 1 {
		next++
	}
	if !s.startsName(next) || !s.toks[i-1].ends() && !s.saysAt(i-1, "mà") {
		return 0
	}
	return 1
}

// forPurpose: "64 thôi cho rẻ" says what the choice is good for, "thôi cho mình M", "thôi cho 2 cái" make another.
func (s *sitting) forPurpose(i, n int) bool {
	j := i + n
	if n == 2 && s.saysAt(i, "thôi") && s.saysAt(j, "đỡ", "tiện", "nhanh", "rẻ", "chắc", "lẹ", "gọn", "khỏe", "dễ") {
		return true
	}
	return n == 2 && s.saysAt(i, "thôi") && s.saysAt(i+1, "cho") && j < len(s.toks) && s.toks[j].kind == wordToken &&
		!s.startsName(j) && !s.numeralStarts(j) && lexicon().selves.at(s.toks, j) == 0 && lexicon().head.at(s.toks, j) == 0
}

// beginsLongName: the name of an option, of several words, starts at i.
func (s *sitting) beginsLongName(i int) bool { return i < len(s.toks) && s.mentionAt(i) > 1 }

// clauseNames reports whether the clause that ends at i names an option.
func (s *sitting) clauseNames(i int) bool {
	for i--; i >= 0 && !s.toks[i].ends(); i-- {
		if s.startsName(i) {
			return true
		}
	}
	return false
}

func (s *sitting) note(rule, text string) {
	if len(*s.trace) < 50 {
		*s.trace = append(*s.trace, Note{Rule: rule, Text: text})
	}
}

func (s *sitting) answered(v preferences.Value, rule string, confidence float64, i, j int) Reading {
	s.said = span{i, j}
	return Reading{Status: Answered, Value: v, Rule: rule, Confidence: confidence, Words: s.words(i, j)}
}

func unclear(rule string) Reading {
	return Reading{Status: Unclear, Rule: rule, Confidence: 0}
}

// unquote drops what the customer's phone quoted back at us: mail-like quotes and reactions written out as text.
func unquote(text string) string {
	for _, verb := range [...]string{"Liked \"", "Loved \"", "Disliked \"", "Laughed at \"", "Emphasized \"", "Questioned \"", "Đã thích \""} {
		if strings.HasPrefix(text, verb) && strings.HasSuffix(text, "\"") {
			return ""
		}
	}
	if strings.HasPrefix(text, "> ") && len(text) > 2 && isDigit(text[2]) && !strings.Contains(text, "\n") { // over 20
		return text
	}
	if !strings.Contains(text, "> ") || !strings.HasPrefix(text, "> ") && !strings.Contains(text, "\n> ") {
		return text
	}
	var kept []string
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "> ") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}
