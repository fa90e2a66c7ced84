package understand

// nothingElseSaid: from i to the end of its clause there are only words of the question and politeness.
func (s *sitting) nothingElseSaid(i, to int) bool {
	for k := i; k < to; k++ {
		if s.toks[k].loose && s.toks[k].typed == "ban" { // bận
			return false
		}
	}
	for i < to && !s.onlyTrail(i) {
		if t := &s.toks[i]; t.kind != wordToken || !s.q.echo[t.key] && !s.q.says(s.toks[i:i+1]) && lexicon().selves.at(s.toks, i) == 0 && lexicon().trail.at(s.toks, i) == 0 {
			return false
		}
		i++
	}
	return true
}

func (s *sitting) echoes(i, to int) bool {
	for ; i < to; i++ {
		if s.q.echo[s.toks[i].key] || lexicon().prefer.at(s.toks, i) > 0 {
			return true
		}
	}
	return false
}

// unechoed are words of the question, by key, that say who: that they come back means nothing.
var unechoed = listedKeys("everyday", "unechoed")

// echoOpens: only light words may stand before the word that is repeated.
func (s *sitting) echoOpens(i, k int) bool {
	for ; i < k; i++ {
		switch s.toks[i].word {
		case "cũng", "tự", "hơi", "hoi", "mới", "vừa", "giao", "gửi", "very", "really", "so", "quite", "pretty", "super", "extremely", "mostly", "always", "luôn", "khá", "đi", "bằng", "đã", "có", "từng", "rất", "sẽ", "by", "to", "i", "we", "the", "a", "my", "with", "take", "taking", "in", "di", "bang", "cung", "bắt", "đầu", "thì", "vẫn", "đang", "mình", "em", "xe":
		case "đứa", "người", "cái", "con", "chiếc", "bé":
			if i == 0 || !s.numeralStarts(i-1) {
				return false
			}
		default:
			if x, n := s.numeralAt(i); n == 1 && x > 0 { // "two kids"
				continue
			}
			return s.q.echo[s.toks[i].key] && !unechoed[s.toks[i].key]
		}
	}
	return true
}

// endsInWhich: "hóa đơn nào ạ" asks which one; "đi nào" comes along.
func (s *sitting) endsInWhich(k, to int) bool {
	for i := k + 1; i < to; i++ {
		if s.saysAt(i, "nào") && s.onlyTrail(i+1) {
			return !(i == k+1 && s.saysAt(k, "đi", "chơi", "làm", "thử", "mua", "ăn", "uống", "ghé", "gửi", "đăng", "nhận", "chốt", "tới", "đến"))
		}
	}
	return false
}

// anyObject reports whether the question leaves the object of a verb open: "Bé có kiêng gì không?".
func (q *question) anyObject(key string) bool {
	for i := 0; i+1 < len(q.text); i++ {
		if q.text[i].key == key && q.text[i+1].word == "gì" {
			return true
		}
	}
	return false
}

// otherObject: a word is no echo where it goes on with another object than the question's ("ăn mặn" to "ăn chay").
func (s *sitting) otherObject(k, to int) bool {
	if k+1 >= to || !s.vi {
		return false
	}
	if s.q.anyObject(s.toks[k].key) {
		return false
	}
	next := &s.toks[k+1]
	if howWell[next.key] || k+2 < to && s.toks[k+2].key == next.key { // ăn tốt, ngủ ngon, gói đẹp đẹp
		return false
	}
	if s.saysAt(k+1, "thì") && lexicon().yes.at(s.toks, k+2) > 0 { // "Zalo thì được"
		return false
	}
	if s.saysAt(k+1, "sáng", "trưa", "chiều", "tối", "hôm", "bữa", "tuần", "tháng") { // when it was is no object
		return false
	}
	return next.kind == wordToken && !s.q.echo[next.key] && lexicon().trail.at(s.toks, k+1) == 0 && !commonVietnamese[next.key] && !isLink(next) && lexicon().yes.at(s.toks, k+1) == 0 && lexicon().most.at(s.toks, k+1) == 0
}

// otherThing: "đi xe máy" to a question about cars.
func (s *sitting) otherThing(c clause) (verdict, bool) {
	for _, pair := range lexicon().contrast {
		if !pair[0].in(s.q.text) || pair[1].in(s.q.text) {
			continue
		}
		if i, n := pair[0].find(s.toks[c.from:c.to]); n > 0 {
			return verdict{true, "echo", 0.9, c.from + i, c.from + i + n}, true
		}
		if i, n := pair[1].find(s.toks[c.from:c.to]); n > 0 && !pair[0].in(s.toks[c.from:c.to]) {
			return verdict{false, "another-thing", 0.88, c.from + i, c.from + i + n}, true
		}
	}
	return verdict{}, false
}
