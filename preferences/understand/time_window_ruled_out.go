package understand

import "github.com/hoidap/hoidap/preferences"

// Times that are said and are not the answer: how long something lasts, why, or when not.

// isDuration: what is counted before i lasts so long, or is over then, counted from now: "2 tiếng", "30 phút nữa", "2 rưỡi tiếng".
func (s *sitting) isDuration(i int) bool {
	if s.saysAt(i, "rưỡi") {
		return s.saysAt(i+1, "tiếng", "phút") || s.saysAt(i-1, "tiếng")
	}
	return true
}

// namesPart reports whether the words from i to j name a part of the day.
func (s *sitting) namesPart(i, j int) bool {
	for ; i < j; i++ {
		if s.partAt(i) != "" {
			return true
		}
	}
	return false
}

// thenFine: a later clause points back to the part of the day at i: "trưa con ngủ, làm lúc đó nha".
func (s *sitting) thenFine(i int) bool {
	v := lexicon()
	_, hi := s.clauseAround(i, i)
	for _, c := range s.clauses {
		if ts := s.toks[c.from:c.to]; c.from >= hi && !c.asks && v.thatTime.in(ts) && !v.negators.in(ts) && !s.namesPart(c.from, c.to) {
			return true
		}
	}
	return false
}

// withoutReasons leaves out a time in a later clause that says why: who is busy, comes home or leaves then ("sau 17h, 5h mới tan
// làm", "9h-11h, 11h30 phải đón con").
func (s *sitting) withoutReasons(clocks []clock) []clock {
	const most = 4 // two ends, and as many for the reason
	if len(clocks) > most {
		return clocks
	}
	v := lexicon()
	for k := 1; k < len(clocks); k++ {
		lo, hi := s.clauseAround(clocks[k].from, clocks[k].to)
		if before := clocks[k-1].to; lo < before || !s.windowBefore(clocks[:k]) {
			continue
		}
		if v.reason.in(s.toks[lo:hi]) || s.busyAt(clocks[k].to) {
			s.note("reason", s.words(lo, hi))
			return clocks[:k]
		}
	}
	return clocks
}

// windowBefore: the times are a window by themselves, two or one with a side.
func (s *sitting) windowBefore(clocks []clock) bool {
	return len(clocks) == 2 || len(clocks) == 1 && (s.saysAt(clocks[0].from-1, "sau", "trước", "từ", "after", "before", "from", "until", "til") || s.saysAt(clocks[0].to, "trở", "đổ"))
}

// forbids: "sau 9h tối đừng gọi" says when not.
func (s *sitting) forbids(i int) bool {
	for s.saysAt(i, "là", "thì", "mình", "em", "xin", "please") {
		i++
	}
	return s.bidsNot(i) || s.saysAt(i, "khỏi") || s.saysAt(i, "không", "no") && s.saysAt(i+1, "gọi", "nhắn", "giao", "call", "calls", "text", "come", "deliver", "deliveries")
}

// outside: "ngoài 12h-13h ra", "outside of 12-1pm" say when not.
func (s *sitting) outside(i int) bool {
	for s.saysAt(i-1, "giờ", "khung", "khoảng", "lúc", "từ", "of", "the", "between", "from") {
		i--
	}
	return s.saysAt(i-1, "ngoài", "outside", "not") || s.saysAt(i-1, "than") && s.saysAt(i-2, "other")
}

// busyUntil: "I work until 6pm", "bận từ 8h tới 5h" say when not, too.
func (s *sitting) busyUntil(i int) bool {
	for s.saysAt(i-1, "until", "till", "to", "from", "đến", "tới", "từ", "lúc", "tầm", "khoảng") {
		i--
	}
	if s.saysAt(i-1, "làm") && s.saysAt(i-2, "đi") {
		return !s.saysAt(i-3, "sau", "trước", "không", "hết")
	}
	return s.saysAt(i-1, "work", "working", "busy", "bận", "kẹt") && !s.saysAt(i-2, "after", "before", "sau", "trước", "không", "not", "hết", "from")
}

// takenUp: "sáng bận rồi", "chiều mình đi làm", "Friday I'm busy": what is said from i on rules out the time before it.
func (s *sitting) takenUp(i int) bool {
	if s.q.Kind == preferences.Date && s.awayAt(i) {
		return true
	}
	if i < len(s.toks) && s.toks[i].loose && s.toks[i].typed == "ban" && s.onlyTrail(i+1) { // bận
		return true
	}
	for k := i; k < i+4 && k < len(s.toks) && !s.toks[k].ends(); k++ {
		if k <= i+1 && s.saysAt(k, "không") && (s.saysAt(k+1, "được", "tiện", "rảnh") || s.saysAt(k+1, "kịp") && !s.saysAt(k+2, "thì")) || s.saysAt(k, "work") && s.saysAt(k-1, "i") {
			return true
		}
		if s.saysAt(k, "doesn't", "doesnt", "won't", "isn't") && s.saysAt(k+1, "work", "good", "possible", "ok", "great", "free") {
			return true
		}
		if s.saysAt(k, "bận", "kẹt", "mắc", "vướng", "busy") || s.saysAt(k, "đi") && (s.saysAt(k+1, "làm", "học") || s.saysAt(k+1, "công") && s.saysAt(k+2, "việc", "chuyện", "tác")) || s.saysAt(k, "phải") && s.saysAt(k+1, "làm") {
			return !s.saysAt(k-1, "không", "hết", "đỡ", "not", "trước", "sau") && !s.saysAt(k+2, "về")
		}
	}
	return false
}

// excludedPart: "đừng gọi buổi sáng" is not about the morning as an answer.
func (s *sitting) excludedPart(i int) bool {
	lo, _ := s.clauseAround(i, i+1)
	for k := max(lo, i-5); k < i; k++ {
		if lexicon().negators.at(s.toks, k) > 0 || s.saysAt(k, "busy", "working") || s.saysAt(k, "at") && s.saysAt(k+1, "work") {
			return true
		}
	}
	return s.takenUp(i+1) || s.excepted(i) || s.awayAt(i+1)
}

// tellingParts leaves the part of the day that is only named, where clauses tell of the others why they are not it, and none where its
// own clause sets it aside: "afternoon, mornings are a no", "sáng á, chiều em làm thêm".
func (s *sitting) tellingParts(found []int) []int {
	if len(found) > maxMentions {
		return found
	}
	names := map[string]int{}
	ms := make([]mention, len(found))
	for k, i := range found {
		part := s.partAt(i)
		if _, seen := names[part]; !seen {
			names[part] = k
		}
		ms[k] = mention{option: names[part], from: i, to: i + 1}
	}
	if sameOption(ms) {
		if s.standing(ms, 0).stance == apart && !s.thenFine(found[0]) {
			return nil
		}
		return found
	}
	if kept := s.contrasted(ms, saidEnoughOfTime); len(kept) == 1 {
		return []int{kept[0].from}
	}
	return found
}
