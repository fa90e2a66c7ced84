package understand

import "github.com/hoidap/hoidap/preferences"

// turnWords tell how an answer became another one: words/turns.txt.
type turnWords struct{ plan, cameBetween, turn, secondThought, putTo *phrases }

func loadTurns() turnWords {
	take := takePhrases(loadSections("turns"))
	return turnWords{plan: take("plan"), cameBetween: take("came-between"), turn: take("turn"), secondThought: take("second-thought"), putTo: take("put-to")}
}

// turned reads what a reply comes to in the end: "tính lấy đỏ mà hết tiền nên thôi đen", "ngày 8, à hôm đó bận, ngày 9". Where
// the end says nothing that can be read, the reply is not of this sort.
func (s *sitting) turned() (Reading, bool) {
	if s.q.Kind == yesNoKind {
		return Reading{}, false
	}
	at, to := s.lastTurn()
	if at == 0 {
		return Reading{}, false
	}
	if r, ok := s.amended(at, at+lexicon().secondThought.at(s.toks, at)); ok {
		return r, true
	}
	rest, r := s.readFrom(to)
	if r.Status != Answered || !rest.stands() {
		return Reading{}, false
	}
	s.note("turn", s.words(at, to))
	r.Confidence *= 0.95
	return r, true
}

// readFrom reads what stands behind i alone. Nothing is noted of what cannot be read.
func (s *sitting) readFrom(i int) (*sitting, Reading) {
	rest := *s
	noted := len(*s.trace)
	rest.toks = s.toks[i:]
	rest.clauses = rest.clausesOf()
	r := rest.answer()
	if r.Status != Answered {
		*s.trace = (*s.trace)[:noted]
	}
	return &rest, r
}

// lastTurn finds the last place where a reply goes over to what became of a plan or a second thought; 0 where none does.
func (s *sitting) lastTurn() (at, to int) {
	v := lexicon()
	moved := s.cut // something was planned, or came between
	planned, cameTo := false, 0
	for i := 1; i < len(s.toks); i++ {
		planned = planned || v.plan.at(s.toks, i-1) > 0
		if n := v.cameBetween.at(s.toks, i); n > 0 && planned {
			cameTo = i + n
		}
		if cameTo > 0 && i > cameTo && s.toks[i-1].ends() && s.q.Kind == choiceKind { // "định uốn mà sợ già, nhuộm vậy"
			if _, end := s.clauseAround(i, i); end-i < 6 && s.startsName(i) && s.answersAlone(i, end) {
				at, to = i, i
			}
			planned, cameTo = false, 0
		}
		moved = moved || v.plan.at(s.toks, i-1) > 0 || v.cameBetween.at(s.toks, i) > 0
		if s.saysAt(i, "make") && s.saysAt(i+1, "it") && (s.numeralStarts(i+2) || s.saysAt(i+2, "$")) {
			at, to = i, i+2
		}
		if n := v.turn.at(s.toks, i); moved && n > 0 && i+n < len(s.toks) && hasMore(s.toks[i+n:], 0) && !s.askedAt(i) {
			at, to = i, i+n
		}
		if s.saysAt(i, "không") && s.toks[i-1].ends() && i+2 < len(s.toks) && s.toks[i+1].ends() && s.q.Kind != choicesKind { // 35 triệu, không, 30 triệu
			at, to = i, i+2
		}
		if n := v.putTo.at(s.toks, i); n > 0 && s.q.Kind == preferences.Date && i+n < len(s.toks) && s.putOffFrom(i) {
			at, to = i, i+n
		}
		if s.toks[i-1].ends() && v.secondThought.at(s.toks, i) > 0 {
			_, end := s.clauseAround(i, i)
			for k := i + 1; k+1 < end && k < i+5; k++ { // "4 đêm, à extend thành 5 đêm"
				if s.saysAt(k, "thành", "lên", "xuống", "còn") && s.numeralStarts(k+1) {
					at, to = i, k+1
				}
			}
			switch {
			case (s.q.Kind == choiceKind || s.q.Kind == preferences.Rating && s.numeralStarts(i+v.secondThought.at(s.toks, i))) && s.answersAlone(i, end) && !s.saysIn(i, end, "cũng") && !s.saysIn(i, end, "nữa"): // "3PN. À vợ nói 2PN thôi"
				at, to = i, i+v.secondThought.at(s.toks, i)
			case end+1 < len(s.toks) && (!s.answersAlone(i, end) || s.q.Kind == preferences.Date && s.saysAt(end-1, "lắm", "quá", "rồi", "ghê", "mất")): // à mai đông lắm
				at, to = i, end+1
			}
		}
	}
	return at, to
}

// putOffFrom: a day stands before i, which is said to be put off, not asked for or thought of.
func (s *sitting) putOffFrom(i int) bool {
	const reach = 12
	v := lexicon()
	lo, hi := s.clauseAround(i, i)
	lo, hi = max(lo, i-reach), min(hi, i+reach)
	if s.askedAt(i) || v.doubt.in(s.toks[lo:hi]) || v.undecided.in(s.toks[lo:hi]) || v.condition.in(s.toks[lo:i]) || v.negators.in(s.toks[max(lo, i-3):i]) {
		return false
	}
	for k := max(0, i-reach); k < i; k++ {
		if _, ok := s.dayAt(k); ok {
			return true
		}
	}
	return false
}

// answersAlone reports whether the tokens from i to j are an answer by themselves.
func (s *sitting) answersAlone(i, j int) bool {
	part := *s
	noted := len(*s.trace)
	part.toks = s.toks[i:j]
	part.clauses = part.clausesOf()
	r := part.answer()
	*s.trace = (*s.trace)[:noted]
	return r.Status == Answered
}

// stands: what was read is said at once and of nothing else, and adds nothing to what stood before: "so 2 chairs for babies"
// is no number of people, and "CN cũng được" leaves the other days.
func (s *sitting) stands() bool {
	switch s.q.Kind {
	case choicesKind:
		for i := range s.toks {
			if s.saysAt(i, "cũng", "luôn", "nữa", "thêm", "cả", "also", "too", "both", "add", "as") {
				return false
			}
		}
	case preferences.Number, preferences.Money, preferences.Rating:
		const soon = 3
		i := s.said.to
		return s.said.from <= soon && (i >= len(s.toks) || !s.toks[i].isWord() || lexicon().trail.at(s.toks, i) > 0 || s.q.echo[s.toks[i].key])
	}
	return true
}
