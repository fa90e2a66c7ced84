package understand

func (s *sitting) withoutMark() Reading {
	if s.refusesMark() {
		return Reading{Status: Declined, Rule: "no-mark-given", Confidence: 0.88, Words: s.text}
	}
	if s.onlyAsks() {
		return unclear("counter-question")
	}
	return unclear("no-mark")
}

// refusesMark: "không chấm", "ko đánh giá đâu", "not rating this": a no to giving a mark at all, and little else.
func (s *sitting) refusesMark() bool {
	i, end := s.coreBounds(s.toks)
	for s.saysAt(i, "i", "i'm", "im", "mình", "em", "tôi", "chị", "anh", "xin", "thôi", "am") {
		i++
	}
	negators := i
	for i < end && (deniesVerb(&s.toks[i]) || s.saysAt(i, "miễn")) {
		i++
	}
	if i == negators {
		return false
	}
	for s.saysAt(i, "muốn", "thích", "want", "to", "going", "gonna", "be") {
		i++
	}
	switch {
	case s.saysAt(i, "chấm", "rate", "rating", "score", "scoring", "grading"):
		i++
	case s.saysAt(i, "đánh") && s.saysAt(i+1, "giá"), s.saysAt(i, "cho") && s.saysAt(i+1, "điểm", "sao"), s.saysAt(i, "nhận") && s.saysAt(i+1, "xét"):
		i += 2
	default:
		return false
	}
	for s.saysAt(i, "điểm", "sao", "đâu", "gì", "hết", "cả", "nữa", "it", "this", "that", "them", "anything", "luôn") {
		i++
	}
	return i >= end
}

// hypothetical: "5 if I could", "5 nếu giao nhanh hơn" are not the mark that is given.
func (s *sitting) hypothetical(to int) bool {
	for s.saysAt(to, "điểm", "sao", "đ", "star", "stars", "points") {
		to++
	}
	return s.saysAt(to, "nếu") || s.saysAt(to, "if") && !s.saysAt(to+1, "i'm", "im", "being") && !s.saysAt(to+2, "am", "had", "have", "must")
}

// notGiven: "wouldn't give it 1", "không cho 10 được": the mark at i is not given.
func (s *sitting) notGiven(i int) bool {
	for k := i - 1; k > 0 && k >= i-4 && !s.toks[k].ends(); k-- {
		if s.saysAt(k, "give", "cho", "chấm", "rate") {
			for j := k - 1; j >= 0 && j >= k-2; j-- {
				if deniesVerb(&s.toks[j]) {
					return true
				}
			}
			return false
		}
	}
	return false
}

// notWorth: "1 sao cũng không đáng", "doesn't deserve 1 star" refuse even the mark that they name.
func (s *sitting) notWorth(i, to int) bool {
	for s.saysAt(to, "điểm", "sao", "đ", "star", "stars", "points", "còn", "cũng") {
		to++
	}
	if s.saysAt(to-1, "còn") && s.saysAt(to, "nhiều", "cao", "may", "hơi") {
		return true
	}
	if to < len(s.toks) && s.saysAt(to-1, "cũng", "còn") && (isNegator(s.toks[to].word) || s.saysAt(to, "chẳng", "chả")) {
		return true
	}
	for k := max(0, i-4); k < i; k++ {
		if s.saysAt(k, "đáng", "xứng", "deserve", "worth") && k > 0 && (deniesVerb(&s.toks[k-1]) || s.saysAt(k-1, "chẳng")) {
			return true
		}
	}
	return false
}
