package understand

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// declined reads a refusal to answer.
func (s *sitting) declined() (Reading, bool) {
	v := lexicon()
	if s.q.Kind == preferences.Rating && strings.ContainsAny(s.text, "⭐🌟★") { // "⭐⭐⭐ thôi nha"
		return Reading{}, false
	}
	if s.q.Kind == yesNoKind { // "thôi", "no thanks" are answers there
		return s.refusal()
	}
	if core := s.coreOf(s.toks); (v.declineExact.whole(core) || v.declineExact.whole(s.toks)) && s.q.optionAt(core, 0) == 0 && !(s.q.Kind == preferences.Number && v.oneself.in(s.toks)) {
		return Reading{Status: Declined, Rule: "refusal-word", Confidence: 0.85, Words: s.text}, true
	}
	if s.q.Kind != textKind && s.refusesAskingBack() {
		return Reading{Status: Declined, Rule: "refusal-asking-back", Confidence: 0.88, Words: s.text}, true
	}
	if s.q.Kind == textKind && s.nothingToSay() {
		return Reading{Status: Declined, Rule: "nothing-to-say", Confidence: 0.85, Words: s.text}, true
	}
	return s.refusal()
}

// refusesAskingBack: what the answer is wanted for, and a no to it: "hỏi ngày sinh làm gì, ko cho đâu", "why do you need that, no".
func (s *sitting) refusesAskingBack() bool {
	v := lexicon()
	i, n := v.whatFor.find(s.toks)
	if n == 0 {
		return false
	}
	before, behind := s.coreOf(s.toks[:i]), s.coreOf(s.toks[i+n:])
	if len(signless(before)) == 0 {
		return v.whatForRefused.whole(signless(behind))
	}
	return len(signless(behind)) == 0 && v.whatForRefused.whole(signless(before))
}

// nothingToSay: a bare no to a question for free words, or the question's own words with one ("không in", "no name").
func (s *sitting) nothingToSay() bool {
	lo, hi := s.coreBounds(s.toks)
	if lo >= hi || s.clauses[len(s.clauses)-1].asks || s.toks[lo].typed == "k" {
		return false
	}
	return lexicon().declineText.whole(s.toks[lo:hi]) || hi-lo > 1 && s.deniesQuestion(lo, hi) || s.nothingToWrite(lo, hi)
}

// nothingToWrite: "thôi khỏi in gì hết", "không cần ghi".
func (s *sitting) nothingToWrite(i, hi int) bool {
	if s.saysAt(i, "thôi") {
		i++
	}
	if !s.saysAt(i, "khỏi", "không", "chẳng", "chả", "miễn") {
		return false
	}
	for i++; s.saysAt(i, "cần", "phải", "muốn"); {
		i++
	}
	if !s.saysAt(i, "in", "ghi", "viết", "khắc", "thêu", "đề") {
		return false
	}
	for i++; i < hi; i++ {
		if !s.saysAt(i, "gì", "chi", "hết", "cả", "đâu", "luôn", "nữa", "lên", "chữ", "trơn", "thêm") {
			return false
		}
	}
	return true
}

func (s *sitting) refusal() (Reading, bool) {
	v := lexicon()
	for i := range s.toks {
		n := v.decline.at(s.toks, i)
		if n == 0 {
			continue
		}
		lo, hi := s.clauseAround(i, i+n)
		if v.declineGuard.in(s.toks[lo:hi]) || s.askedAt(i) && !s.saysAt(i, "can", "could", "may", "cho", "mắc", "việc", "cớ", "sao", "tại") || s.mentionAt(i) > 1 || s.mentionAt(i) == n {
			s.note("refusal-guard", s.words(i, i+n))
			continue
		}
		if s.passesOver(i, n) { // "skip cooking, just snorkel"
			s.note("refusal-guard", s.words(i, i+n))
			continue
		}
		if s.q.Kind == preferences.Rating && s.marksBeside(i, i+n) { // "i won't say 5 but 4"
			s.note("refusal-beside-mark", s.words(i, i+n))
			continue
		}
		if s.q.Kind == preferences.Date && hi < len(s.toks) && s.refusesYear(lo, hi) { // "không thích nói tuổi, ngày 4/6 thôi"
			if _, r := s.readFrom(hi + 1); r.Status == Answered {
				s.note("refusal-of-the-year", s.words(lo, hi))
				continue
			}
		}
		if s.q.Kind == textKind && !s.refusesAtOnce(lo, hi, n) {
			continue
		}
		return Reading{Status: Declined, Rule: "refusal", Confidence: 0.93, Words: s.words(i, i+n)}, true
	}
	return Reading{}, false
}

// passesOver: the words at i pass over one of the options: "skip cooking, just snorkel", "bỏ qua gói nhỏ".
func (s *sitting) passesOver(i, n int) bool {
	if len(s.q.options) == 0 || !s.saysAt(i, "skip", "bỏ") {
		return false
	}
	for k := i + n; k <= i+n+1; k++ {
		if s.startsName(k) {
			return true
		}
		if !s.saysAt(k, "the") && lexicon().head.at(s.toks, k) == 0 {
			return false
		}
	}
	return false
}

// marksBeside: a mark is given outside the words from i to j.
func (s *sitting) marksBeside(i, j int) bool {
	for k := range s.toks {
		if s.toks[k].kind == numberToken && (k < i || k >= j) {
			return true
		}
	}
	return false
}

// refusesYear: the words from i to j speak of an age or a year.
func (s *sitting) refusesYear(i, j int) bool {
	for _, w := range [...]string{"tuổi", "năm", "age", "year", "old"} {
		if s.saysIn(i, j, w) {
			return true
		}
	}
	return false
}

// refusesAtOnce: a text answer may hold such words too ("skip the bell"), so little else may stand beside them.
func (s *sitting) refusesAtOnce(lo, hi, n int) bool {
	return len(signless(s.coreOf(s.toks[lo:hi]))) <= n+3
}

// undecided finds words that say there is no answer yet, or that any would do.
func (s *sitting) undecided(ts []token) (rule string, found bool) {
	v := lexicon()
	if v.undecided.in(ts) {
		return "undecided", true
	}
	if i, n := v.anything.find(ts); n > 0 && !strengthens(ts, i) {
		return "no-preference", true
	}
	return "", false
}

// strengthens: the any at i of "coffee over tea any day" leaves nothing open.
func strengthens(ts []token, i int) bool {
	return i > 1 && i+1 < len(ts) && ts[i].typed == "any" && (ts[i+1].typed == "day" || ts[i+1].typed == "time") && (ts[i-2].typed == "over" || i > 2 && ts[i-3].typed == "over") && len(signless(ts[i+2:])) == 0
}
