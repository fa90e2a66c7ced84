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
		if !s.q.othersAsked && s.strangersBefore() {
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

func (s *sitting) unmeantNumber() string {
	v := lexicon()
	before := s.before()
	switch {
	case !s.summed && (s.strangersBefore() && s.endsBefore(v.total, s.said.from) == 0 || s.ownAge()):
		return "somebody-else"
	case v.coming.in(before) && !s.q.echoes(v.coming) && !s.nowBehind():
		return "some-other-time"
	case s.endsBefore(v.placed, s.said.from) > 0 && !s.q.echo[s.toks[s.said.from-1].key] && !(s.asksArea() && s.saysAt(s.said.from-1, "rộng")), s.saysAt(s.said.to, "pm", "am", "sao", "stars", "star") && !s.q.echo[s.toks[s.said.to].key]:
		return "other-unit"
	case s.saysAt(s.said.to, "between") && s.saysAt(s.said.to+1, "us", "them", "all"):
		return "for-several"
	case s.asksPeople() && s.uncounted():
		return "people-uncounted"
	}
	return ""
}

// nowBehind: right behind the value it is said to be so now: "8 next month but 7 now".
func (s *sitting) nowBehind() bool {
	return lexicon().amountWords.isNow.at(s.toks, s.said.to) > 0 || s.said.to < len(s.toks) && lexicon().amountWords.isNow.at(s.toks, s.said.to+1) > 0
}

// ownAge: "mình 15 tuổi" to how old the child is.
func (s *sitting) ownAge() bool {
	lo, _ := s.clauseAround(s.said.from, s.said.from)
	return s.familyAsked() == "months" && s.q.othersAsked && lo+1 == s.said.from && lexicon().selves.at(s.toks, lo) == 1 && s.vi
}

// echoes reports whether the wording itself has one of the phrases.
func (q *question) echoes(p *phrases) bool { return p.in(q.text) }

// uncounted: "vợ chồng với 1 bé" counts only some of those it names; "4 phòng", "5 mèo" counts no people.
func (s *sitting) uncounted() bool {
	i := s.said.from - 1
	if i > 0 && s.saysAt(i, "với", "và", "and", "+", "&", "plus", "cùng", "vs") && s.toks[i-1].kind == wordToken && !s.numeralStarts(i-1) {
		for k := max(0, i-4); k < i; k++ {
			if personWords[s.toks[k].key] && !s.numeralNear(k, i) {
				return true
			}
		}
	}
	for i := s.said.to; i+1 < len(s.toks) && i < s.said.to+4 && !s.toks[i].ends(); i++ { // "four of us and grandma"
		if s.saysAt(i, "với", "và", "and", "+", "plus", "cùng") && personWords[s.toks[i+1].key] && !s.numeralNear(i+1, i+1) {
			return true
		}
	}
	if s.said.to < len(s.toks) && s.toks[s.said.to].kind == wordToken && notPeople[s.toks[s.said.to].key] && !s.q.echo[s.toks[s.said.to].key] {
		return true
	}
	if s.familyNamedBefore() {
		return true
	}
	return s.typedAt(s.said.from) == "ba" && s.saysAt(s.said.from+1, "mẹ", "má", "em", "mình", "tôi", "tui") && !s.saysAt(s.said.from+2, "con")
}

// familyNamedBefore: the clause before names people and nothing else, and more of the family are counted: "ông bà, bố mẹ, 2 chị em".
func (s *sitting) familyNamedBefore() bool {
	i := s.said.from - 1
	if i < 1 || !s.toks[i].ends() || s.said.to >= len(s.toks) || !personWords[s.toks[s.said.to].key] || s.toks[s.said.to].kind != wordToken {
		return false
	}
	for i--; i >= 0 && !s.toks[i].ends(); i-- {
		if s.toks[i].kind != wordToken || !personWords[s.toks[i].key] && lexicon().polite.at(s.toks, i) == 0 {
			return false
		}
	}
	return i < s.said.from-3
}

// numeralNear: a number counts what stands at k, in the same clause.
func (s *sitting) numeralNear(k, to int) bool {
	for j := max(0, k-3); j < to; j++ {
		if s.numeralStarts(j) {
			return true
		}
	}
	return false
}

// personWords name people without counting them, notPeople are counted and are none; by key.
var (
	personWords = listedKeys("counting", "named-people")
	notPeople   = listedKeys("counting", "not-people")
)

func (s *sitting) unmeantAmount() string {
	v := lexicon()
	behind := s.toks[s.said.to:]
	switch {
	case v.strangers.in(s.before()):
		return "somebody-else"
	case s.otherAmountBefore() && !s.q.echoes(v.amountWords.anyAmount):
		return "another-amount"
	case v.tooMuch.at(behind, 0) > 0:
		return "too-much"
	}
	return ""
}

// otherAmountBefore: "cọc 2tr", "lương 10tr", where the question is not about it.
func (s *sitting) otherAmountBefore() bool {
	v := lexicon()
	before := s.before()
	i, n := v.otherAmount.find(before)
	for k := s.said.from - len(before) + i + n; n > 0 && k < s.said.from-1; k++ {
		if _, m := s.numeralAt(k); m > 0 { // "lương 10tr nên tầm 1tr"
			if _, unit := s.moneyAt(k + m); unit > 0 {
				return false
			}
		}
	}
	return n > 0 && !s.q.echo[before[i].key] && !s.q.echo[before[i+n-1].key] || s.endsBefore(v.placed, s.said.from) > 0 && !s.saidInMoney()
}

// saidInMoney: the value was said with a unit of money, so that it is no room ("kiếm phòng 3tr").
func (s *sitting) saidInMoney() bool {
	for i := s.said.from; i < s.said.to; i++ {
		if _, n := s.moneyAt(i); n > 0 && s.toks[i].typed != "m" { // dài 2m
			return true
		}
	}
	return false
}

// awayThen: "thứ 6 đi vắng", "con ngủ từ 12h" say when not; in "25 bận 26 được" it is said of the day before.
func (s *sitting) awayThen() bool {
	if s.q.Kind == preferences.TimeWindow && s.thenFine(s.said.from) {
		return false
	}
	if s.awayAt(s.said.to) {
		return true
	}
	n := s.endsBefore(lexicon().awayBefore, s.said.from)
	if i := s.said.from - n; s.saysAt(i-1, "a", "the", "our") && s.saysAt(i, "meeting", "job") { // "let's have a meeting on Friday"
		return false
	}
	return n > 0 && !(s.q.Kind == preferences.Date && s.dayNumber(s.said.from-n-1))
}

// awayAt: right behind a day or a time, at i, it is said not to suit.
func (s *sitting) awayAt(i int) bool {
	if s.busyAt(i) || i < len(s.toks) && !s.toks[i].ends() && s.busyAt(i+1) {
		return true
	}
	return lexicon().away.at(s.toks, i) > 0 || i < len(s.toks) && !s.toks[i].ends() && lexicon().away.at(s.toks, i+1) > 0
}

// busyAt: somebody is busy on the day before i ("chủ nhật cả nhà về quê"). What the question says of its days is an answer to it
// ("đi làm" to "Bạn đi làm ngày nào?"), and so is what goes well then ("t7 bé đi học được").
func (s *sitting) busyAt(i int) bool {
	n := lexicon().busyBehind.at(s.toks, i)
	if n == 0 || s.saysAt(i+n, "được", "ok", "oke", "bình", "về", "xong", "thử") {
		return false
	}
	return !s.q.says(s.toks[max(i, i+n-2) : i+n])
}

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

// obstructed: a yes that goes on with what stands against it: "muốn mà ngại".
func (s *sitting) obstructed() bool {
	v := lexicon()
	for i := s.said.to; i < len(s.toks) && i < s.said.to+4; i++ {
		if s.saysAt(i, "mà", "nhưng", "but", "tiếc", "cơ") {
			rest := s.toks[i+1:]
			for k := 0; k < min(3, len(rest)); k++ {
				if v.obstacle.at(rest, k) > 0 {
					return true
				}
			}
		}
	}
	return false
}

// anothersAddress: "mail vợ mình là ..." is not the customer's.
func (s *sitting) anothersAddress() bool {
	v := lexicon()
	at := 0
	for at < len(s.toks) && !s.saysAt(at, "@") {
		at++
	}
	for at > 0 && at < len(s.toks) && s.toks[at].glued { // dad.pham@mail.com
		at--
	}
	before := s.toks[:at]
	i, n := v.others.find(before)
	if n == 0 {
		i, n = v.strangers.find(before)
	}
	return n > 0 && !s.q.asksAbout[before[i].key]
}
