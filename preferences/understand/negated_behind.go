package understand

import "slices"

func (s *sitting) exceptAt(i int, m *mention) bool {
	n := lexicon().except.at(s.toks, i)
	if n == 0 {
		return false
	}
	switch s.toks[i].word {
	case "no", "not", "without":
		return false // negators decide about these
	case "bỏ", "bo": // "put in" in the South, "leave out" elsewhere
		return s.q.Kind == choicesKind && i+n == m.from && (s.cut || s.restSaid() || s.saysAt(m.to, "ra", "khỏi") || i > 1 && (s.toks[i-1].ends() || s.saysAt(i-1, "à", "thôi")))
	case "but", "bar":
		return i > 0 && (lexicon().all.at(s.toks, i-1) > 0 || s.anyBefore(i))
	case "ngoài":
		return i+n == m.from
	}
	return true
}

func (s *sitting) negatedBehind(m *mention, hi int) bool {
	v := lexicon()
	for i := m.to; i+1 < hi && i < m.to+5 && !s.q.aversion; i++ { // "ngô năm nay không trồng"
		if s.saysAt(i, "không", "chưa", "hết") && s.q.echo[s.toks[i+1].key] && s.toks[i+1].kind == wordToken && s.onlyTrail(i+2) {
			return true
		}
		if s.mentionAt(i) > 0 || s.breaks(i) && s.toks[i].word != "thì" {
			break
		}
	}
	if !s.q.aversion && s.leadsToNo(m.to, hi) {
		return true
	}
	if s.saysAt(m.to, "chưa") && s.saysAt(m.to+1, "thử", "biết", "ăn", "uống", "dùng") && s.onlyTrail(m.to+2) {
		return true
	}
	if s.saysAt(m.to, "thôi") && s.saysAt(m.to+1, "khỏi", "đừng", "không") && m.to+2 < hi && s.toks[m.to+2].kind == wordToken && !s.onlyTrail(m.to+2) { // "thẻ ảo thôi khỏi in"
		return false
	}
	for i := m.to; i < hi && i < m.to+3; i++ {
		if i > m.to && s.breaks(i) && s.toks[i].word != "thì" || s.toks[i].word == "chứ" {
			return false
		}
		if i == m.to && s.toks[i].isWord() && noBehind[s.toks[i].word] && (s.onlySigns(i+1, hi) || s.onlyTrail(i+1)) { // "boxing yes, yoga no"
			return !s.q.aversion
		}
		if n := v.negatedAfter.at(s.toks[:hi], i); n > 0 && !(s.q.cleans && s.dirtIn(i, i+n)) {
			if i+n < len(s.toks) && s.mentionAt(i+n) > 0 { // "đỏ không phải trắng" speaks of the next
				return false
			}
			return !s.q.aversion
		}
		if i == m.to && s.q.days && (v.away.at(s.toks[:hi], i) > 0 || s.busyAt(i) || s.toks[i].loose && s.toks[i].typed == "ban" && s.nothingBehind(i+1)) { // "t7 ban" is bận
			return true
		}
		if i == m.to && s.saysAt(i, "hết") && s.saysAt(i+1, "rồi") && s.q.Kind == choicesKind { // mụn hết rồi
			return true
		}
		if i == m.to && v.fault.at(s.toks[:hi], i) > 0 && s.q.Kind == choiceKind {
			s.note("fault", s.words(m.from, i+v.fault.at(s.toks[:hi], i)))
			return !s.q.aversion
		}
		if s.q.aversion && v.fineAfter.at(s.toks[:hi], i) > 0 {
			return true
		}
	}
	return false
}

// dirtIn: that a thing is dirty is why it is to be cleaned.
func (s *sitting) dirtIn(i, j int) bool {
	return slices.ContainsFunc(s.toks[i:j], func(t token) bool { return t.key == "do" || t.key == "ban" || t.key == "hoi" || t.key == "dirty" })
}

// leadsToNo: what is said from i on gives a reason and ends in a no: "t2 đưa mẹ đi chùa nên thôi".
func (s *sitting) leadsToNo(i, hi int) bool {
	v := lexicon()
	for k := hi - 1; k > i && k >= hi-7; k-- {
		if n := v.soNot.at(s.toks[:hi], k); n > 0 {
			return s.onlyTrail(k + n)
		}
	}
	return false
}

// noBehind are the words that rule out the option before them at the end of a clause. The Vietnamese ones ask.
var noBehind = listed("everyday", "no-behind")
