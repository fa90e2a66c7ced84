package understand

// leavingWords are the parts of a sentence that wants no more messages: words/leaving.txt.
type leavingWords struct {
	ends, bidsNot               *phrases
	notNeeded, orTells          *phrases
	joins, closing              *phrases
	bareEnd, bareOff            *phrases
	sends, maySend, notes, fill *phrases
	noMore, atAll               *phrases
	toMe, mindsHow              *phrases
	removes, takes              *phrases
	number, person              *phrases
	off, list, otherList        *phrases
	leaves, isToEnd             *phrases
	onceLeft, left, comesBack   *phrases
}

func loadLeaving() leavingWords {
	sections := loadSections("leaving")
	take := func(name string) *phrases { return loosely(sections, name) }
	return leavingWords{
		ends: take("ends"), bidsNot: take("bids-not"), notNeeded: take("not-needed"), orTells: take("or-tells"), joins: take("joins"),
		closing: take("closing"), bareEnd: take("bare-end"), bareOff: take("bare-off"),
		sends: take("sends"), maySend: take("may-send"), notes: take("notes"), fill: take("fill"),
		noMore: take("no-more"), atAll: take("at-all"), toMe: take("to-me"), mindsHow: take("minds-how"),
		removes: take("removes"), takes: take("takes"), number: take("number"), person: take("person"),
		off: take("off"), list: take("list"), otherList: take("other-list"),
		leaves: take("leaves"), isToEnd: take("is-to-end"),
		onceLeft: take("once-left"), left: take("left"), comesBack: take("comes-back"),
	}
}

// leaving is how long the wish for no more messages is that starts at i, 0 where none does: a number that is to be taken off, a list
// that somebody leaves, messages that are to end, or that somebody is bidden not to send.
func (s *sitting) leaving(i int) int {
	v := &lexicon().leaving
	switch {
	case !s.toks[i].isWord():
		return 0
	case v.removes.at(s.toks, i) > 0, v.takes.at(s.toks, i) > 0:
		if n := s.takesOff(i); n > 0 {
			return n
		}
	}
	if n := s.leavesList(i); n > 0 {
		return n
	}
	if n := s.endsNotes(i); n > 0 {
		return n
	}
	if n := s.bidsNoNotes(i); n > 0 {
		return n
	}
	return s.notesEnd(i)
}

// fillWithin is how many words may stand between the parts.
const fillWithin = 6

// skipFill returns where the words between the parts end. Some of them are parts themselves ("text").
func (s *sitting) skipFill(i int) int {
	v := &lexicon().leaving
	for to := i + fillWithin; i < to && s.sendsAt(i) == 0 && v.maySend.at(s.toks, i) == 0; {
		n := v.fill.at(s.toks, i)
		if n == 0 {
			break
		}
		i += n
	}
	return i
}

// sendsAt is the length of what is done with messages at i. Without marks "nhan vien" (nhân viên) begins like nhắn.
func (s *sitting) sendsAt(i int) int {
	if i+1 < len(s.toks) && s.toks[i].key == "nhan" && s.toks[i+1].key == "vien" {
		return 0
	}
	return lexicon().leaving.sends.at(s.toks, i)
}

// takesOff: "gỡ số tôi ra", "bỏ số này khỏi danh sách", "take this number off your list". A place in the list ("bỏ số 2 ra") is no number.
func (s *sitting) takesOff(i int) int {
	v := &lexicon().leaving
	sure := v.removes.at(s.toks, i)
	j := i + max(sure, v.takes.at(s.toks, i))
	for n := v.fill.at(s.toks, j); n > 0 && v.number.at(s.toks, j) == 0 && v.person.at(s.toks, j) == 0 && j < i+fillWithin; n = v.fill.at(s.toks, j) {
		j += n
	}
	n, named := v.number.at(s.toks, j), true
	if n == 0 {
		n, named = v.person.at(s.toks, j), false
	}
	if n == 0 || s.numeralStarts(j+n) {
		return 0
	}
	j += n
	if to := s.offList(j, !named && s.saysAt(i, "xóa", "delete", "erase", "wipe")); to > 0 {
		return to - i
	}
	off := 0
	for k := j; k < min(j+3, len(s.toks)) && off == 0 && s.toks[k].isWord(); k++ {
		if m := v.off.at(s.toks, k); m > 0 && s.closes(k+m) && !s.saysAt(k, "từ", "from", "trong", "of") {
			off = k + m
		}
	}
	switch {
	case off > 0 && (named || sure > 0 && !s.vi || s.listBefore(i)):
		return off - i
	case named && (sure > 0 || s.saysAt(i, "bỏ", "out")) && (s.closes(j) || v.off.at(s.toks, j) > 0):
		return j - i
	}
	return 0
}

// offList finds "ra khỏi danh sách", "off your mailing list" from i on, and returns its end; 0 where there is none or it is a list of
// something else.
func (s *sitting) offList(i int, forgets bool) int {
	v := &lexicon().leaving
	off := 0
	for k := i; k < min(i+3, len(s.toks)) && s.toks[k].isWord(); k++ {
		if n := v.off.at(s.toks, k); n > 0 {
			off = k + n
			break
		}
	}
	if off == 0 {
		return 0
	}
	return s.listWithin(off, forgets)
}

// listWithin finds a list of ours in the next words, and returns its end. Who is to be deleted from all that we hold is to be forgotten.
func (s *sitting) listWithin(i int, forgets bool) int {
	v := &lexicon().leaving
	const within = 5
	for k := i; k < min(i+within, len(s.toks)) && s.toks[k].isWord(); k++ {
		if n := v.list.at(s.toks, k); n > 0 {
			if forgets && s.saysAt(k, "hệ", "system", "systems", "database", "db", "data", "records", "máy") || v.otherList.at(s.toks, k+n) > 0 || k > i && v.otherList.at(s.toks, k-1) > 0 {
				return 0
			}
			return k + n
		}
	}
	return 0
}

// listBefore: the clause spoke of the list before: "danh sách này bỏ anh ra".
func (s *sitting) listBefore(i int) bool {
	lo, _ := s.clauseAround(i, i)
	return lexicon().leaving.list.in(s.toks[lo:i])
}

// leavesList: "rút khỏi danh sách", "be taken off the list".
func (s *sitting) leavesList(i int) int {
	n := lexicon().leaving.leaves.at(s.toks, i)
	if n == 0 {
		return 0
	}
	named := lexicon().leaving.number.in(s.toks[max(0, i-fillWithin):i])
	if !named && s.saysAt(i, "bỏ", "gạch", "đưa", "lấy") { // "lụa thì bỏ khỏi danh sách"
		return 0
	}
	if to := s.listWithin(i+n, s.saysAt(i, "xóa", "deleted") && !named); to > 0 {
		return to - i
	}
	return 0
}

// endsNotes: "ngưng chào mời giùm", "dẹp mấy tin này", "no more promos".
func (s *sitting) endsNotes(i int) int {
	v := &lexicon().leaving
	n := v.ends.at(s.toks, i)
	if n == 0 {
		return 0
	}
	j := s.skipFill(i + n)
	m := max(s.sendsAt(j), v.notes.at(s.toks, j))
	if m == 0 {
		m = v.maySend.at(s.toks, j)
		if m == 0 || !s.saidOfUs(j+m) || s.asksIt(j) {
			return 0
		}
	}
	if s.mindsHow(j + m) {
		return 0
	}
	return j + m - i
}

// bidsNoNotes: "đừng mời mọc nữa", "khỏi nhắn", "don't ping me anymore". What may be said of other things too must be of us.
func (s *sitting) bidsNoNotes(i int) int {
	v := &lexicon().leaving
	n := v.bidsNot.at(s.toks, i)
	if n == 0 {
		return 0
	}
	j := s.skipFill(i + n)
	if m := s.sendsAt(j); m > 0 {
		if k := j + m + v.toMe.at(s.toks, j+m); v.noMore.at(s.toks, k) > 0 { // why may follow: "đừng nt nữa phiền quá"
			return k - i
		}
		if n == v.orTells.at(s.toks, i) || s.saysAt(j+m-1, "tin") && s.saysAt(j+m, "lại") || s.mindsHow(j+m) || s.asksIt(j) {
			return 0
		}
		return j + m - i
	}
	m := v.maySend.at(s.toks, j)
	if m == 0 || s.asksIt(j) {
		return 0
	}
	once := n != v.orTells.at(s.toks, i) && v.notNeeded.at(s.toks, i) == 0
	to := s.sendsToo(j + m)
	switch {
	case to > 0 && n != v.orTells.at(s.toks, i) && !s.mindsHow(to):
		return to - i
	case s.isForbidden(j+m, once):
		return j + m - i
	}
	return 0
}

// sendsToo: behind what may be done with other things it is said that it is done with messages: "gọi với nhắn", "send any more messages". It
// returns the end, 0 where nothing of that is said.
func (s *sitting) sendsToo(i int) int {
	v := &lexicon().leaving
	if n := v.joins.at(s.toks, i); n > 0 {
		n += v.bidsNot.at(s.toks, i+n)
		if m := s.sendsAt(i + n); m > 0 {
			return i + n + m
		}
		return 0
	}
	i = s.skipFill(i)
	if n := v.notes.at(s.toks, i); n > 0 {
		return i + n
	}
	return 0
}

// notesEnd: "these messages need to stop", "turn these notifications off", "mấy tin này ngưng giùm".
func (s *sitting) notesEnd(i int) int {
	v := &lexicon().leaving
	n := v.notes.at(s.toks, i)
	if n == 0 {
		return 0
	}
	if k := v.isToEnd.at(s.toks, i+n); k > 0 && i > 0 && s.onlyTrail(i+n+k) && s.saysAt(i-1, "these", "the", "those", "your", "all") {
		return n + k
	}
	j := i + n
	for s.saysAt(j, "này", "đó", "kiểu", "vậy", ",") && j < i+n+3 {
		j++
	}
	if k := v.ends.at(s.toks, j); k > 0 && j > i+n && s.onlyTrail(j+k) {
		return j + k - i
	}
	return 0
}

// saidOfUs: nothing else is the object of what is to end: the clause is over, or goes on with us and with messages.
func (s *sitting) saidOfUs(i int) bool {
	v := &lexicon().leaving
	j := s.skipFill(i)
	return v.notes.at(s.toks, j) > 0 || v.noMore.at(s.toks, j) > 0 || s.closes(j)
}

// isForbidden: behind i it is said that it is not to be done any more, or also, where once is enough, not to the one who says so, and of
// nothing else.
func (s *sitting) isForbidden(i int, once bool) bool {
	v := &lexicon().leaving
	n := v.toMe.at(s.toks, i)
	if i += n; n > 0 && once && s.closes(i) {
		return true
	}
	k := v.noMore.at(s.toks, i)
	if k > 0 || once {
		k += v.atAll.at(s.toks, i+k) // "nữa đâu"
	}
	return k > 0 && s.closes(i+k)
}

// closes: the clause says no more than politeness and how soon.
func (s *sitting) closes(i int) bool {
	v := &lexicon().leaving
	const reach = 8
	for to := i + reach; i < len(s.toks) && !s.toks[i].ends(); {
		n := max(lexicon().trail.at(s.toks, i), v.closing.at(s.toks, i), v.fill.at(s.toks, i))
		if n == 0 && s.toks[i].isWord() || i > to {
			return false
		}
		i += max(n, 1)
	}
	return true
}

// mindsHow: "đừng nhắn buổi tối", "đừng gửi nhiều quá" mind how it is done, and not that it is.
func (s *sitting) mindsHow(i int) bool {
	v := &lexicon().leaving
	const within = 4
	for k := i; k < min(i+within, len(s.toks)) && s.toks[k].isWord(); k++ {
		if n := v.mindsHow.at(s.toks, k); n > 0 {
			return v.notes.at(s.toks, s.skipFill(k+n)) == 0 // "ngưng làm phiền tôi bằng mấy cái tin này"
		}
	}
	return false
}

// endsAlone finds a clause that only ends something, where another clause speaks of the messages, or only takes something off, where another
// speaks of the number: "mỗi ngày mấy chục tin, ngưng hết giùm tui", "sao có số tôi, gỡ ra lẹ".
func (s *sitting) endsAlone() (clause, bool) {
	if len(s.clauses) < 2 || s.q != nil && s.q.Kind == textKind {
		return clause{}, false
	}
	v := &lexicon().leaving
	for _, c := range s.clauses {
		lo, hi := s.coreBounds(s.toks[c.from:c.to])
		i := c.from + lo
		if c.asks || lo == hi {
			continue
		}
		n, spoken := v.bareEnd.at(s.toks, i), v.notes
		if n == 0 {
			n, spoken = v.bareOff.at(s.toks, i), v.number
		}
		if n == 0 || !s.closes(i+n) {
			continue
		}
		for _, other := range s.clauses {
			if ts := s.toks[other.from:other.to]; other != c && (spoken.in(ts) || n > 0 && spoken == v.notes && v.sends.in(ts)) {
				return c, true
			}
		}
	}
	return clause{}, false
}

// asksIt: the question of yes or no asks just that, so that a no to it is the answer.
func (s *sitting) asksIt(i int) bool {
	return s.q != nil && s.q.Kind == yesNoKind && s.q.speaksOf(s.toks[i].key)
}

// cameBack: the stop from i to j lies behind, and now it is wanted again: "bữa trước lỡ tắt nhận tin, giờ cho mình nhận lại".
func (s *sitting) cameBack(i, j int) bool {
	v := &lexicon().leaving
	lo, hi := s.clauseAround(i, j)
	return v.onceLeft.in(s.toks[lo:hi]) && v.comesBack.in(s.toks[j:])
}
