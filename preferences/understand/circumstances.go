package understand

import "github.com/hoidap/hoidap/preferences"

// span is where something stands in a reply.
type span struct{ from, to int }

// circumstances are the words around a value that show that it is not the answer: words/circumstances.txt.
type circumstances struct {
	condition, conditionFine         *phrases
	once, nowadays, noLonger, coming *phrases
	strangers                        *phrases
	otherAmount, tooMuch             *phrases
	placed                           *phrases
	away, awayBefore, busyBehind     *phrases
	andSoOn, fault, obstacle         *phrases
	counterfactual, busyOn           *phrases
	pastTime, occasion               *phrases
	agreed, behindAgreed, otherEvent *phrases
	quoted, thatTime                 *phrases
	rated                            *phrases
	forFree, ifAtAll, reason         *phrases
}

func loadCircumstances() circumstances {
	sections := loadSections("circumstances")
	take := takePhrases(sections)
	return circumstances{
		condition: take("condition"), conditionFine: take("condition-fine"),
		once: take("once"), nowadays: take("now"), noLonger: take("no-longer"), coming: take("coming"),
		strangers: take("strangers"), otherAmount: take("other-amount"), tooMuch: take("too-much"),
		placed: take("placed"),
		away:   loosely(sections, "away"), awayBefore: loosely(sections, "away-before"), busyBehind: loosely(sections, "busy-behind"),
		counterfactual: take("counterfactual"), busyOn: loosely(sections, "busy-on"),
		pastTime: take("past-time"), occasion: take("occasion"), agreed: take("agreed"), behindAgreed: take("behind-agreed"), otherEvent: take("other-event"),
		quoted: take("quoted"), thatTime: take("that-time"),
		rated:   take("rated"),
		forFree: take("for-free"), ifAtAll: take("if-at-all"), reason: take("reason"),
		andSoOn: take("and-so-on"), fault: take("fault"), obstacle: take("obstacle"),
	}
}

// loosely compiles a section so that words without marks match in every language: whoever writes English may say when they
// are away in Vietnamese.
func loosely(sections []section, name string) *phrases {
	for _, s := range sections {
		if s.name == name {
			return s.compile(true)
		}
	}
	panic("no section " + name)
}

// meant gives an answer up where what stands around it says that it is not the customer's, not now or not for sure. What was
// read is what to ask back about.
func (s *sitting) meant(r Reading) Reading {
	if r.Status != Answered || s.q.Kind == textKind || s.q.Kind == preferences.Email && !s.anothersAddress() {
		return r
	}
	rule := s.unmeant(r.Value.Bool)
	if rule == "" {
		return r
	}
	out := unclear(rule)
	if s.q.Kind != yesNoKind {
		r.Confidence = maybe
		out.Maybe = &r
	}
	return out
}

// unmeant names the circumstance under which the value that was read last is no answer; "" for none. yes is what a question
// of yes or no got.
func (s *sitting) unmeant(yes bool) string {
	switch {
	case s.q.Kind == preferences.Email:
		return "somebody-else"
	case s.conditional():
		return "conditional"
	case s.onceOnly():
		return "in-the-past"
	case s.counterfactual():
		return "counterfactual"
	}
	switch s.q.Kind {
	case yesNoKind:
		if yes && (s.obstructed() || s.concedes()) {
			return "yes-but"
		}
	case choicesKind:
		if s.leftOpenList() {
			return "list-left-open"
		}
		if s.compounded {
			return "part-unread"
		}
	case preferences.Number:
		return s.unmeantNumber()
	case preferences.Money:
		return s.unmeantAmount()
	case preferences.Rating:
		if s.strangersBefore() {
			return "somebody-else"
		}
	case preferences.Date, preferences.TimeWindow:
		if s.awayThen() {
			return "not-available"
		}
		return s.unmeantDay()
	}
	return ""
}

// counterfactual: "i would pick red if i could" says what is not.
func (s *sitting) counterfactual() bool {
	v := lexicon()
	return v.counterfactual.in(s.before()) || v.counterfactual.in(s.behind())
}

// concedes: "muốn thì muốn mà..." grants a thing before what stands against it.
func (s *sitting) concedes() bool {
	for i := s.said.from; i+2 < len(s.toks) && i < s.said.from+4; i++ {
		if s.saysAt(i+1, "thì") && s.toks[i].key == s.toks[i+2].key && s.toks[i].kind == wordToken {
			return true
		}
	}
	return false
}

// unmeantDay: a day or a time that lies behind, that is somebody's occasion or birthday, or that was agreed before.
func (s *sitting) unmeantDay() string {
	v := lexicon()
	switch {
	case s.q.Kind == preferences.TimeWindow && !s.q.past && (v.pastTime.in(s.before()) || v.pastTime.in(s.behind()) || s.gonePart()):
		return "in-the-past"
	case s.q.Kind != preferences.Date || s.q.past:
	case s.q.yearly:
		if !s.q.othersAsked && (s.strangersBefore() || s.ofSomebody()) {
			return "somebody-else"
		}
	case s.isOccasion():
		return "an-occasion"
	case s.endsBefore(v.otherEvent, s.said.from) > 0 && !s.q.echoes(v.otherEvent):
		return "another-event"
	case s.endsBefore(v.agreed, s.said.from) > 0 && v.behindAgreed.in(s.behind()):
		return "in-the-past"
	}
	return ""
}

// gonePart: the "qua" of "tối qua" is yesterday, of "tối qua lấy" a visit.
func (s *sitting) gonePart() bool {
	return s.saysAt(s.said.to, "qua") && (s.onlyTrail(s.said.to+1) || s.saysAt(s.said.to+1, "có", "mình", "chờ", "đợi", "không", "rồi", "gọi"))
}

// ofSomebody: "của chồng là 5/6".
func (s *sitting) ofSomebody() bool {
	lo, _ := s.clauseAround(s.said.from, s.said.from)
	for i := lo; i+1 < s.said.from; i++ {
		if s.saysAt(i, "của") && personWords[s.toks[i+1].key] && lexicon().selves.at(s.toks, i+1) == 0 && !s.q.echo[s.toks[i+1].key] {
			return true
		}
	}
	return false
}

// isOccasion: "27/11 sinh nhật mình" tells what day that is. Who asks for the day of one is answered with it.
func (s *sitting) isOccasion() bool {
	v := lexicon()
	return (v.occasion.at(s.toks, s.said.to) > 0 || s.endsBefore(v.occasion, s.said.from) > 0) && !s.q.echoes(v.occasion)
}

// before and behind are the rest of the clause on either side of the value.
func (s *sitting) before() []token {
	lo, _ := s.clauseAround(s.said.from, s.said.from)
	return s.toks[lo:s.said.from]
}

func (s *sitting) behind() []token {
	_, hi := s.clauseAround(s.said.to, s.said.to)
	return s.toks[s.said.to:hi]
}

// conditional: "nếu rẻ thì đỏ", "if it's cheap, red". A courtesy ("nếu được") is no condition, and one that follows the value
// ("red if you have it") leaves it standing.
func (s *sitting) conditional() bool {
	v := lexicon()
	lo, _ := s.clauseAround(s.said.from, s.said.from)
	if lo > 1 && s.toks[lo-1].word == "," && !s.saysAt(lo, "but", "nhưng", "mà") { // nếu rẻ, đỏ
		lo, _ = s.clauseAround(lo-1, lo-1)
	}
	for i := lo; i <= s.said.from && i < s.said.to; i++ {
		if v.condition.at(s.toks, i) > 0 && v.conditionFine.at(s.toks, i) == 0 && !s.askedAt(i) && !s.heldByName(i) && !s.fulfilled(i) {
			s.note("condition", s.words(i, s.said.from))
			return true
		}
	}
	return false
}

// fulfilled: what the condition at i asks for is what the question offers ("free thì lấy" to a free sample), or it only says
// again what an option is chosen for ("nếu đi thì Hội An").
func (s *sitting) fulfilled(i int) bool {
	v := lexicon()
	if s.saysAt(i, "free") || s.saysAt(i, "miễn") {
		return v.forFree.in(s.q.text)
	}
	return len(s.q.options) > 0 && v.ifAtAll.at(s.toks, i) > 0
}

// heldByName: the word at i belongs to an option's name.
func (s *sitting) heldByName(i int) bool { return s.q.optionAt(s.toks, i) > 0 }

// onceOnly: "hồi trước thích đỏ", "red was my favourite but not anymore" say nothing of today.
func (s *sitting) onceOnly() bool {
	if s.q.past || s.q.Kind == yesNoKind || s.q.Kind == preferences.Rating && s.saysAt(s.said.from-1, "nên", "còn", "thành", "lên") {
		return false
	}
	v := lexicon()
	if v.noLonger.in(s.behind()) && s.q.Kind == choiceKind {
		return true
	}
	before := s.before()
	if n := len(before); n > 1 && s.saysAt(s.said.from-1, "so", "nên", "giờ") { // "we had action last time so comedy"
		return false
	}
	if v.once.at(s.toks, s.said.to) > 0 && !v.nowadays.in(s.behind()) && s.q.Kind != preferences.Date { // "it was a 5 last time"
		return true
	}
	i, n := v.once.find(before)
	if n == 0 || s.q.Kind == preferences.Date && s.said.from-len(before)+i+n == s.said.from {
		return false
	}
	return !v.nowadays.in(before[i+n:]) && !v.nowadays.in(s.behind()) && !v.present.in(before[i+n:])
}

// strangersBefore: the clause speaks of somebody else before the value, and not of the customer behind them.
func (s *sitting) strangersBefore() bool {
	v := lexicon()
	before := s.before()
	for _, others := range [...]*phrases{v.strangers, v.others} {
		if others == v.others && s.asksPeople() {
			continue
		}
		i, n := others.find(before)
		if n == 0 || i > 0 && v.besideOthers.at(before, i-1) > 0 || s.q.asksAbout[before[i].key] {
			continue
		}
		if rest := before[i+n:]; !v.selves.in(rest) && (s.q.Kind == preferences.Rating || !v.advise.in(rest)) {
			return true
		}
	}
	return false
}

// echoes reports whether the wording itself has one of the phrases.
func (q *question) echoes(p *phrases) bool { return p.in(q.text) }

// says reports whether the wording has these words, one after the other.
func (q *question) says(words []token) bool {
	for i := 0; i+len(words) <= len(q.text); i++ {
		k := 0
		for k < len(words) && q.text[i+k].key == words[k].key {
			k++
		}
		if k == len(words) {
			return true
		}
	}
	return false
}

// leftOpenList: "thịt rau các kiểu", "meat, fish etc": what else is not said.
func (s *sitting) leftOpenList() bool {
	i, n := lexicon().andSoOn.find(s.toks[s.said.to:])
	return n > 0 && !s.askedAt(s.said.to+i)
}
