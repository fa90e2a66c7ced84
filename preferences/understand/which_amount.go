package understand

import "github.com/hoidap/hoidap/preferences"

// amountStance is how an amount stands beside the others of a reply.
type amountStance uint8

const (
	plainly     amountStance = iota
	onceWas                  // it was so once: "hồi trước 70"
	mayHaveBeen              // the same, where another is so now: "hồi tháng 8 là 70", "I was 80"
	isNow                    // "giờ 66", "75 now"
	willBe                   // "tháng sau mới 27", "8 in march"
	changesBy                // "giảm 5 ký"
	comesTo                  // "còn 8", "thành 5"
	wishedFor                // "muốn 15tr", where it is asked for a wish
)

// amountWords tell how amounts stand beside each other: words/quantity.txt.
type amountWords struct {
	was, isNow, willBe, goal, changesBy, comesTo, wished, state, theirKin, anyAmount, another *phrases
}

func loadAmountWords() amountWords {
	take := takePhrases(loadSections("quantity"))
	return amountWords{
		was: take("was"), isNow: take("is-now"), willBe: take("will-be"), goal: take("goal"), changesBy: take("changes-by"), comesTo: take("comes-to"),
		wished: take("wished"), state: take("state"), theirKin: take("their-kin"), anyAmount: take("any-amount"), another: take("another-time"),
	}
}

// mostAmounts are as many as one reply sets against each other.
const mostAmounts = 4

// nowadays keeps what is so now, or is wished for, beside what was so once, will be so, or changed: "five, used to be 6", "tháng sau mới
// 27, giờ 26", "giảm được 5 ký còn 65".
func (s *sitting) nowadays(qs []quantity) []quantity {
	if len(qs) < 2 || len(qs) > mostAmounts {
		return qs
	}
	if s.reckoned(qs) {
		return qs[2:]
	}
	var how [mostAmounts]amountStance
	now := -1
	for k := range qs {
		how[k] = s.amountStands(qs, k)
		if how[k] == wishedFor && (now < 0 || how[now] < wishedFor) || (how[k] == isNow || how[k] == comesTo) && (now < 0 || how[now] == comesTo) {
			now = k
		}
	}
	if now >= 0 && s.outdone(qs, how[:len(qs)], now) {
		s.note("nowadays", s.words(qs[now].from, qs[now].to))
		return qs[now : now+1]
	}
	if now >= 0 && how[now] != comesTo {
		return qs
	}
	var out []quantity
	v := lexicon()
	for k, q := range qs {
		lo, _ := s.clauseAround(q.from, q.to)
		conditional := k > 0 && lo >= qs[0].to && v.condition.at(s.toks, q.to) > 0
		changed := how[k] == changesBy && k > 0 && lo >= qs[k-1].to && s.asksState() && s.q.Kind == preferences.Number
		if how[k] == changesBy && len(qs) == 2 && how[1-k] != plainly { // "năm nay tuyển thêm 5"
			return qs
		}
		if how[k] != onceWas && (how[k] != willBe || k == 0) && !conditional && !changed {
			out = append(out, q)
		}
	}
	if len(out) == 0 || len(out) == len(qs) || len(qs) > 2 && len(out) > 1 {
		return qs
	}
	return out
}

// outdone: beside the amount now, all others were so once, will be so or only tell of a change.
func (s *sitting) outdone(qs []quantity, how []amountStance, now int) bool {
	told := false // something was so once, or changed
	for k := range qs {
		told = told || k != now && how[k] != plainly
	}
	later := lexicon().amountWords.another.in(s.toks[:min(len(s.toks), qs[len(qs)-1].to+3)])
	for k := range qs {
		switch {
		case k == now:
		case (how[k] == plainly || how[k] == changesBy) && later: // "nay lấy 5, mai lấy thêm 3"
			return false
		case how[k] == plainly && how[now] != comesTo && len(qs) == 2 && (s.endsBetween(qs[0].to, qs[1].from) || s.butOnlyComing(qs[now])):
			if k > now && s.leads(qs, now) {
				return false
			}
		case how[k] == plainly && k < now && (told && len(qs) > 2 || how[now] == comesTo && lexicon().amountWords.changesBy.in(s.leadOf(qs, now))):
		case how[k] == plainly, how[k] == isNow && how[now] != wishedFor, how[k] == wishedFor:
			return false
		}
	}
	return true
}

// leads: that it is so now is said before the amount: "giờ 60, ...".
func (s *sitting) leads(qs []quantity, k int) bool {
	return lexicon().amountWords.isNow.in(s.leadOf(qs, k))
}

// leadOf are the words of its clause that stand before an amount and behind the last one.
func (s *sitting) leadOf(qs []quantity, k int) []token {
	lo, _ := s.clauseAround(qs[k].from, qs[k].from)
	if k > 0 {
		lo = max(lo, s.saidBehind(qs[k-1]))
	}
	return s.toks[min(lo, qs[k].from):qs[k].from]
}

// saidBehind is the end of an amount and of what is said of its time right behind it: "8 next month but 7 now".
func (s *sitting) saidBehind(q quantity) int {
	v := lexicon()
	for _, p := range [...]*phrases{v.amountWords.was, v.amountWords.isNow, v.amountWords.willBe, v.once, v.coming} {
		for i := q.to; i <= s.nounEnd(q); i++ {
			if n := p.at(s.toks, i); n > 0 && s.setOffAt(i+n) {
				return i + n
			}
		}
	}
	return q.to
}

// setOffAt: at i what was said before is over.
func (s *sitting) setOffAt(i int) bool {
	return s.nothingBehind(i) || s.saysAt(i, "but", "and", "mà", "nhưng", "còn", "chứ", "rồi", "though", "then")
}

// amountStands tells how the amount k stands.
func (s *sitting) amountStands(qs []quantity, k int) amountStance {
	v := lexicon()
	w := v.amountWords
	q := qs[k]
	lead := s.leadOf(qs, k)
	behind := func(ps ...*phrases) bool {
		for _, p := range ps {
			for i := q.to; i <= s.nounEnd(q); i++ {
				if n := p.at(s.toks, i); n > 0 && (p != w.isNow || s.setOffAt(i+n)) {
					return true
				}
			}
		}
		return false
	}
	ends := func(p *phrases) bool { return s.endsBefore(p, s.aboutBefore(q.from)) > 0 }
	several := len(lead) > 0 && (lead[0].word == "mấy" || lead[0].word == "các" || lead[0].word == "những") // mấy tháng sau
	coming := !several && (v.coming.in(lead) || w.willBe.in(lead) || behind(v.coming, w.willBe)) && !s.q.echoes(v.coming)
	switch {
	case w.wished.in(lead) && s.q.echoes(w.wished):
		return wishedFor
	case coming, w.goal.in(lead) && s.asksState():
		return willBe
	case ends(w.comesTo):
		return comesTo
	case ends(w.changesBy), s.staysAwayBehind(qs, k):
		return changesBy
	case w.isNow.in(lead) || behind(w.isNow), s.butOnlyComing(q):
		return isNow
	case v.past.in(lead), v.once.in(lead), behind(v.once), w.was.in(lead) && behind(w.was):
		return onceWas
	case w.was.in(lead), behind(w.was):
		return mayHaveBeen
	}
	return plainly
}

// butOnlyComing: "200 invited but only 150 coming", where it is asked how many come.
func (s *sitting) butOnlyComing(q quantity) bool {
	v := lexicon()
	i := s.aboutBefore(q.from)
	if i == q.from || !s.saysAt(i-1, "but", "mà", "nhưng") || !s.q.echoes(v.comes) {
		return false
	}
	_, hi := s.clauseAround(q.to, q.to)
	return v.comes.in(s.toks[q.to:hi])
}

// aboutBefore is where the words before an amount at i end that only say it is about so much.
func (s *sitting) aboutBefore(i int) int {
	for i > 0 && (lexicon().about.at(s.toks, i-1) == 1 || s.saysAt(i-1, "chỉ", "có", "được", "just", "only", "$")) {
		i--
	}
	return i
}

// staysAwayBehind: right behind those who are counted it is said that they do not come.
func (s *sitting) staysAwayBehind(qs []quantity, k int) bool {
	const reach = 3
	for i := qs[k].to; i < min(len(s.toks), s.nounEnd(qs[k])+reach) && !s.toks[i].ends(); i++ {
		if lexicon().staysAway.at(s.toks, i) > 0 {
			return true
		}
	}
	return false
}

// withoutChanges drops by how much somebody's weight or size changed, beside what it is: "lost 5 kilos, 65 now".
func (s *sitting) withoutChanges(qs []quantity) []quantity {
	if len(qs) < 2 || len(qs) > mostAmounts || !s.asksState() {
		return qs
	}
	out := qs[:0:0]
	for k, q := range qs {
		if s.amountStands(qs, k) != changesBy {
			out = append(out, q)
		}
	}
	if len(out) == 0 {
		return qs
	}
	return out
}

// reckoned: the last of three amounts is what the second leaves of the first, or adds to it: "báo 10 nhưng có 2 người bận, còn 8".
func (s *sitting) reckoned(qs []quantity) bool {
	if len(qs) != 3 || !qs[0].exact() || !qs[1].exact() || !qs[2].exact() {
		return false
	}
	a, b, c := qs[0].lo, qs[1].lo, qs[2].lo
	if c != tidyFloat(a-b) && c != tidyFloat(a+b) || qs[2].unit != qs[0].unit && qs[2].unit.factor != 0 && qs[0].unit.factor != 0 {
		return false
	}
	return s.endsBefore(lexicon().amountWords.comesTo, s.aboutBefore(qs[2].from)) > 0
}

// asksState: it is asked how much somebody or something is, which makes no sum: a weight, an age, a size.
func (s *sitting) asksState() bool {
	return s.q.Kind == preferences.Rating || s.familyAsked() == "months" && s.q.Unit != "tháng" || s.q.echoes(lexicon().amountWords.state)
}

// amountMovedFrom: the amount at i is where something started from, and what follows is where it came to: "từ 80 xuống 70", "went from 60 to 65".
func (s *sitting) amountMovedFrom(i int) bool {
	if s.saysAt(i-1, "giảm", "tăng", "nâng", "hạ", "đổi", "sửa", "rút") {
		return true
	}
	if s.saysAt(i-1, "từ") {
		return true
	}
	return s.saysAt(i-1, "from") && s.saysAt(i-2, "went", "gone", "dropped", "down", "up", "moved", "grew", "rose", "increased", "decreased", "reduced", "changed", "go", "cut", "trimmed", "shrunk", "fell", "jumped")
}

// movedTo reads the amount that something came to, behind the one at a: "giảm từ 30 xuống 25".
func (s *sitting) movedTo(a quantity, ts measures) (quantity, bool) {
	j := a.to
	if a.noun != "" && !s.saysAt(j, "giảm", "tăng", "xuống", "lên", "còn", "thành", "down", "up", "to") {
		j++
	}
	start := j
	for j < len(s.toks) && s.saysAt(j, "giảm", "tăng", "xuống", "lên", "còn", "thành", "down", "up") {
		j++
	}
	english := s.saysAt(j, "to") && s.saysAt(a.from-1, "from")
	if english {
		j++
	}
	if j == start || !s.amountMovedFrom(a.from) {
		return a, false
	}
	b, ok := s.amountAt(j, ts)
	if !ok {
		return a, false
	}
	if b.unit.factor == 0 && a.unit.factor != 0 {
		b.unit = a.unit
	}
	return b, true
}
