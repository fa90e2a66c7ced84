package understand

// withoutNumber reads none as zero where zero is allowed.
func (s *sitting) withoutNumber() Reading {
	if rule, found := s.undecided(s.toks); found {
		return unclear(rule)
	}
	if lo, hi := s.coreBounds(s.toks); s.neverDoes(lo, hi) && s.q.Min != nil && *s.q.Min <= 0 && s.clauses[0].shut != '?' {
		return s.numberReading(quantity{hasLo: true, hasHi: true, from: lo, to: hi}, "never-does", 0.88)
	}
	if s.onlyAsks() {
		return unclear("counter-question")
	}
	if lexicon().vague.in(s.toks) && !s.saysAt(0, "không", "none", "zero") || s.saysAt(0, "không") && s.saysAt(1, "nhiều", "đáng") {
		return unclear("vague")
	}
	if i, n := lexicon().oneself.find(s.toks); n > 0 && !s.othersBehind(i+n) && s.asksPeople() && !s.q.echo["guests"] && !s.q.echo["khach"] && !s.askedAt(i) { // the host is no guest
		return s.numberReading(quantity{lo: 1, hi: 1, hasLo: true, hasHi: true, from: i, to: i + n}, "oneself", 0.9)
	}
	if i, n := lexicon().twoOfUs.find(s.toks); n > 0 && s.asksPeople() && !s.q.echo["guests"] && !s.q.echo["khach"] && s.nothingBehind(i+n) && !s.askedAt(i) {
		return s.numberReading(quantity{lo: 2, hi: 2, hasLo: true, hasHi: true, from: i, to: i + n}, "two-of-us", 0.88)
	}
	zero := quantity{hasLo: true, hasHi: true}
	asksAge := s.familyAsked() == "months" && (s.q.echo["tuoi"] || s.q.echo["old"] || s.q.echo["age"] || s.q.Unit == "tuổi")
	core, end := s.coreBounds(s.toks)
	i, n := lexicon().zero.find(s.toks)
	if n == 0 && end > core && s.noneAlone(core, end) {
		i, n = core, 1
	}
	if n == 0 && s.deniesDoing(core, end) {
		i, n = core, end-core
	}
	for k, c := range s.clauses {
		if n > 0 || len(s.clauses) == 1 || k > 0 && k < len(s.clauses)-1 {
			continue
		}
		if from, to := trimSigns(s.toks, c.from, c.to); s.deniesDoing(from, to) { // "không dùng, uống nước máy", "bé bú mẹ, ko mua"
			i, n = from, to-from
		}
	}
	if n > 0 && !s.askedAt(i) && s.q.Min != nil && *s.q.Min <= 0 && !asksAge {
		zero.from, zero.to = i, i+n
		return s.numberReading(zero, "none-is-zero", 0.88)
	}
	return unclear("no-number")
}

// othersBehind: "just me and my mom": somebody else comes along.
func (s *sitting) othersBehind(i int) bool {
	return i < len(s.toks) && (isJoin(&s.toks[i]) || s.saysAt(i, "with", "với")) && i+1 < len(s.toks) && s.toks[i+1].isWord()
}

// deniesDoing: "không uống", "I don't exercise": no, to nothing but what was asked.
func (s *sitting) deniesDoing(i, end int) bool {
	for i < end && s.saysAt(i, "i", "we", "mình", "em", "tôi", "nhà") {
		i++
	}
	if i >= end || !isNegator(s.toks[i].word) && !s.saysAt(i, "chẳng", "chả", "don't", "dont") && !(!s.vi && s.saysAt(i, "no")) {
		return false
	}
	from := i + 1
	for i++; i < end; i++ {
		if t := &s.toks[i]; t.kind != wordToken || !s.q.echo[t.key] && (s.vi || !s.q.stems[englishStem(t.key)]) && !(i == from && s.saysAt(i, "dùng", "xài", "uống", "ăn", "mua", "đọc", "chơi", "tập", "xem", "nuôi", "hút", "drink", "use", "smoke", "play")) {
			return false
		}
	}
	return i > from
}

// neverDoes: "có chạy đâu mà km", "không chạy bao giờ", "đâu có chạy": what the question is about is not done.
func (s *sitting) neverDoes(i, end int) bool {
	for i < end && s.saysAt(i, "mình", "em", "tôi", "tui", "nhà", "anh", "chị", "có") && !(s.saysAt(i, "có") && s.saysAt(i+1, "bao")) {
		i++
	}
	opened, negated := true, false
	switch {
	case s.saysAt(i, "đâu") && s.saysAt(i+1, "có"):
		i += 2
	case s.saysAt(i, "làm") && s.saysAt(i+1, "gì") && s.saysAt(i+2, "có"), s.saysAt(i, "có") && s.saysAt(i+1, "bao") && s.saysAt(i+2, "giờ"):
		i += 3
	case i < end && (isNegator(s.toks[i].word) || s.saysAt(i, "chẳng", "chả")):
		opened, negated, i = false, true, i+1
	default:
		opened = false
	}
	from := i
	for i < end && s.toks[i].kind == wordToken && !s.saysAt(i, "đâu", "bao", "mà") && s.q.echo[s.toks[i].key] {
		i++
	}
	if i == from {
		return false
	}
	never := s.saysAt(i, "bao") && s.saysAt(i+1, "giờ")
	switch {
	case opened || never && negated:
		return s.onlyTrail(i) || never && s.onlyTrail(i+2)
	case never:
		return s.saysAt(i+2, "đâu")
	case s.saysAt(i, "đâu"):
		return s.saysAt(i+1, "mà") || s.saysAt(from-1, "có") && s.onlyTrail(i+1)
	}
	return false
}

func (s *sitting) noneAlone(core, end int) bool {
	return isNegator(s.toks[core].word) && (end == core+1 || s.toks[core+1].ends())
}
