package understand

import "strings"

// wantsAnother: "đừng gửi cuốn cũ, gửi cuốn mới thôi" says no to one thing and asks for another.
func (s *sitting) wantsAnother() bool {
	for _, w := range lexicon().commands {
		if w.instead.in(s.toks) {
			return true
		}
	}
	return false
}

// ofTheAsked: what the question asks about is named, and what holds of it: "còn điện mặt trời thì chưa".
func (s *sitting) ofTheAsked(i, to int) (verdict, bool) {
	for s.saysAt(i, "còn", "riêng", "mà", "chứ", "nhưng") {
		i++
	}
	k, echoed := i, false
	for ; k < to && s.toks[k].kind == wordToken && !s.saysAt(k, "thì") && (s.q.echo[s.toks[k].key] || s.q.says(s.toks[k:k+1])); k++ {
		echoed = echoed || s.q.echo[s.toks[k].key] && !unechoed[s.toks[k].key]
	}
	if !echoed && (k < i+2 || !s.q.says(s.toks[i:k])) || k+1 >= to || !s.saysAt(k, "thì") {
		return verdict{}, false
	}
	v := lexicon()
	if n := v.no.at(s.toks[:to], k+1); n > 0 && (s.onlyTrail(k+1+n) || n == 1 && isNegator(s.toks[k+1].word) && k+2 < len(s.toks) && s.toks[k+2].ends()) {
		return verdict{false, "no-word", 0.9, k + 1, k + 1 + n}, true
	}
	if n := v.yes.at(s.toks[:to], k+1); n > 0 && s.onlyTrail(k+1+n) {
		return verdict{true, "yes-word", 0.9, k + 1, k + 1 + n}, true
	}
	return verdict{}, false
}

// contrasts: at the end of the clause what was asked about is set against something else: "5 bệnh thì rồi chứ dại thì chưa".
func (s *sitting) contrasts(i, to int) (verdict, bool) {
	const reach = 20
	for k := i + 1; k < min(to, i+reach); k++ {
		if s.saysAt(k, "chứ", "còn", "nhưng", "mà", "riêng") {
			if vd, ok := s.ofTheAsked(k, to); ok {
				return vd, true
			}
		}
	}
	return verdict{}, false
}

// onlyAsksCare: "đừng cho bé ăn kem là được" says under what condition it is fine, and neither yes nor no by itself; so does "đừng cho ra nắng"
// behind a clause that agrees, where the question asks something else.
func (s *sitting) onlyAsksCare(i, to int) bool {
	if !s.saysAt(i, "đừng", "miễn", "don't", "just") {
		return false
	}
	for k := i + 2; k < to; k++ {
		if s.saysAt(i, "miễn") && s.saysAt(k, "thì") { // "miễn cọc thì lái"
			return true
		}
		if s.saysAt(k, "là", "thì") && s.saysAt(k+1, "được", "ok", "đồng", "ổn", "cho") && s.onlyTrail(k+2) {
			return true
		}
	}
	return i > 0 && s.saysAt(i, "đừng") && to > i+2 && s.agreedBefore(i) && !s.deniesAsked(i, to) && !s.onlyTrail(i+1)
}

// givenToOther: "mua cho mẹ" to whether it is for the baby: it is for somebody else.
func (s *sitting) givenToOther(i, to int) (verdict, bool) {
	asked := s.q.givenTo
	if asked == "" {
		return verdict{}, false
	}
	for k := i; k+1 < min(to, i+5) && !isNegator(s.toks[k].word); k++ {
		t := &s.toks[k+1]
		if s.saysAt(k, "cho") && (recipients[t.word] || t.loose && recipientKeys[t.key]) && (k == i || s.q.echo[s.toks[k-1].key]) {
			return verdict{t.word == asked || t.loose && t.key == keyOf(asked), "recipient", 0.87, k, k + 2}, true
		}
	}
	return verdict{}, false
}

// recipients are the people that something may be for.
var (
	recipients    = listed("everyday", "recipients")
	recipientKeys = listedKeys("everyday", "recipients")
)

// agreedBefore: a clause before i says that it is fine.
func (s *sitting) agreedBefore(i int) bool {
	for k := max(0, i-8); k < i; k++ {
		if s.saysAt(k, "được", "ok") && s.onlyTrail(k+1) && !(k > 0 && isNegator(s.toks[k-1].word)) {
			return true
		}
	}
	return false
}

// doesItself: "mình tự gói", "để tự lấy" to an offer to do it: no need.
func (s *sitting) doesItself(c clause) (verdict, bool) {
	if s.q.past || strings.Contains(s.q.titles, "tự ") || !s.q.wish && !lexicon().asksOffer.in(s.q.text) {
		return verdict{}, false
	}
	for k := c.from; k+1 < min(c.to, c.from+6); k++ {
		if isNegator(s.toks[k].word) || s.toks[k].key == "khong" {
			break
		}
		if s.saysAt(k, "tự") && (s.q.echo[s.toks[k+1].key] || s.saysAt(k+1, "làm", "lo", "lấy", "xử")) && s.toks[k+1].kind == wordToken {
			return verdict{false, "does-it-oneself", 0.88, k, k + 2}, true
		}
	}
	return verdict{}, false
}

// givesUp: behind a no stands what the question would take the place of: "email thay cho bản giấy", "instead of paper".
func (s *sitting) givesUp(i, to int) bool {
	q := s.q.text
	for k := 0; k+2 < len(q); k++ {
		if !(q[k].word == "thay" && (q[k+1].word == "cho" || q[k+1].word == "vì") || q[k].word == "instead" && q[k+1].word == "of") {
			continue
		}
		for old := k + 2; old < len(q) && old < k+6 && q[old].isWord(); old++ {
			for j := i; j < min(to, i+2); j++ {
				if s.toks[j].key == q[old].key && !commonVietnamese[q[old].key] && !commonEnglish[q[old].key] {
					return true
				}
			}
		}
	}
	return false
}
