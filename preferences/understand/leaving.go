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

	opens map[string]bool // keys that a wish may begin with
	bare  map[string]bool // keys that a clause by itself may end the messages with
}

func loadLeaving() leavingWords {
	sections := loadSections("leaving")
	take := func(name string) *phrases { return loosely(sections, name) }
	w := leavingWords{
		ends: take("ends"), bidsNot: take("bids-not"), notNeeded: take("not-needed"), orTells: take("or-tells"), joins: take("joins"),
		closing: take("closing"), bareEnd: take("bare-end"), bareOff: take("bare-off"),
		sends: take("sends"), maySend: take("may-send"), notes: take("notes"), fill: take("fill"),
		noMore: take("no-more"), atAll: take("at-all"), toMe: take("to-me"), mindsHow: take("minds-how"),
		removes: take("removes"), takes: take("takes"), number: take("number"), person: take("person"),
		off: take("off"), list: take("list"), otherList: take("other-list"),
		leaves: take("leaves"), isToEnd: take("is-to-end"),
		onceLeft: take("once-left"), left: take("left"), comesBack: take("comes-back"),
	}
	w.opens = keysOf(w.removes, w.takes, w.leaves, w.ends, w.bidsNot, w.notes)
	w.bare = keysOf(w.bareEnd, w.bareOff)
	return w
}

// keysOf are the keys that the phrases begin with.
func keysOf(lists ...*phrases) map[string]bool {
	out := map[string]bool{}
	for _, p := range lists {
		for key := range p.byKey {
			out[key] = true
		}
	}
	return out
}

// leaving is how long the wish for no more messages is that starts at i, 0 where none does: a number that is to be taken off, a list
// that somebody leaves, messages that are to end, or that somebody is bidden not to send.
func (s *sitting) leaving(i int) int {
	v := &lexicon().leaving
	switch t := &s.toks[i]; {
	case !t.isWord() || !v.opens[t.key] && (t.typed == t.word || !v.opens[keyOf(t.typed)]):
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

// comesWithin is how many words behind a stop that lies behind it is wanted again.
const comesWithin = 24

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
	lo, _ := s.clauseNear(i, i)
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

// cameBack: the stop from i to j lies behind, and now it is wanted again: "bữa trước lỡ tắt nhận tin, giờ cho mình nhận lại".
func (s *sitting) cameBack(i, j int) bool {
	v := &lexicon().leaving
	lo, hi := s.clauseNear(i, j)
	return v.onceLeft.in(s.toks[lo:hi]) && v.comesBack.in(s.toks[j:min(len(s.toks), j+comesWithin)])
}
