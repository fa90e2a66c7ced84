package understand

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
	may := false
	for i := range s.toks {
		may = may || v.bare[s.toks[i].key]
	}
	if !may {
		return clause{}, false
	}
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
