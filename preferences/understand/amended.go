package understand

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
)

// amended reads a second thought that takes one member of a list back and leaves the others: "nấm, ớt, à thôi bỏ ớt lấy hành", "thứ
// tư, thứ sáu, à thứ sáu bận, thứ bảy đi". The list ends at at, the thought starts at from.
func (s *sitting) amended(at, from int) (Reading, bool) {
	if s.q.Kind != choicesKind || at == 0 {
		return Reading{}, false
	}
	out, end := s.droppedAt(from)
	if out < 0 {
		return Reading{}, false
	}
	noted := len(*s.trace)
	list := s.part(0, at).answer()
	gone := s.q.options[out].value
	if list.Status != Answered || !slices.Contains(list.Value.List, gone) || len(list.Value.List) < 2 {
		*s.trace = (*s.trace)[:noted]
		return Reading{}, false
	}
	picked := map[string]bool{}
	for _, v := range list.Value.List {
		picked[v] = v != gone
	}
	if hasMore(s.coreOf(s.toks[min(end, len(s.toks)):]), 0) {
		more := s.part(end, len(s.toks)).answer()
		if more.Status != Answered {
			*s.trace = (*s.trace)[:noted]
			return Reading{}, false
		}
		for _, v := range more.Value.List {
			picked[v] = true
		}
	}
	var values []string
	for o := range s.q.options {
		if v := s.q.options[o].value; picked[v] {
			values = append(values, v)
		}
	}
	s.note("amended", s.words(from, min(end, len(s.toks))))
	return s.answered(preferences.Value{Kind: choicesKind, List: values}, "amended-list", 0.9, 0, len(s.toks)), true
}

// part is the reply from i to j by itself.
func (s *sitting) part(i, j int) *sitting {
	p := *s
	p.toks = s.toks[i:j]
	p.clauses = p.clausesOf()
	return &p
}

// droppedAt is the option that the words from i on take back, and where they end; -1 where they take back none.
func (s *sitting) droppedAt(i int) (option, end int) {
	if i >= len(s.toks) {
		return -1, 0
	}
	j := i
	switch {
	case s.saysAt(i, "bỏ", "trừ", "khỏi", "bớt", "drop", "skip", "minus", "remove"):
		j = i + 1
	case s.saysAt(i, "không", "đừng", "khỏi", "no", "not") && s.saysAt(i+1, "lấy", "cần"):
		j = i + 2
	}
	if j > i && j < len(s.toks) {
		if n, found := s.namedAt(j); n > 0 && len(found) == 1 {
			return found[0].option, j + n
		}
		if o := s.soleOwner(&s.toks[j], s.toks[j].loose); o >= 0 && s.toks[j].kind == wordToken {
			return o, j + 1
		}
		return -1, 0
	}
	_, hi := s.clauseAround(i, i)
	p := s.part(i, hi)
	ms := p.mentions()
	if len(ms) != 1 {
		return -1, 0
	}
	if p.weigh(ms); !ms[0].negative {
		return -1, 0
	}
	return ms[0].option, hi + 1
}
