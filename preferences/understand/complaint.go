package understand

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
)

// complaintWords are the wordings of complaints, what takes a clause out, and the questions that ask for them.
type complaintWords struct{ said, guard, asked *phrases }

func loadComplaints() complaintWords {
	take := takePhrases(loadSections("complaint"))
	return complaintWords{said: take("complaint"), guard: take("complaint.guard"), asked: take("complaint.asked")}
}

// withoutComplaint marks a reading of a reply that complains: a person should see it. What stands in the complaint itself
// is no answer ("đặt thứ 2 mà giờ chưa nhận được hàng"), what stands beside it is one.
func (s *sitting) withoutComplaint(r Reading) Reading {
	if s.q == nil || r.Status == IsCommand || r.Status == Declined || !s.mayComplain() {
		return r
	}
	said := s.complaints()
	if len(said) == 0 {
		return r
	}
	for _, c := range said {
		s.note("complaint", s.words(c.from, c.to))
	}
	if r.Status != Answered || s.q.Kind != yesNoKind && !s.saysBeside(r, said) {
		r = unclear("complains")
	}
	r.Complains = true
	return r
}

// mayComplain: free words and ratings have room for a reason, and some questions ask for what is wrong.
func (s *sitting) mayComplain() bool {
	return s.q.Kind != textKind && s.q.Kind != preferences.Rating && s.q.Kind != preferences.Email && !lexicon().complaints.asked.in(s.q.text)
}

// complaints are the clauses that complain.
func (s *sitting) complaints() []clause {
	v := lexicon().complaints
	var out []clause
	for _, c := range s.clauses {
		ts := s.toks[c.from:c.to]
		if i, n := v.said.find(ts); n > 0 && !v.guard.in(ts) && s.mentionAt(c.from+i) < n {
			out = append(out, c)
		}
	}
	return out
}

// saysBeside reports whether the reply answers the same without the clauses that complain.
func (s *sitting) saysBeside(r Reading, said []clause) bool {
	rest := *s
	var trace []Note
	rest.trace, rest.toks = &trace, nil
	for _, c := range s.clauses {
		if slices.Contains(said, c) {
			continue
		}
		rest.toks = append(rest.toks, s.toks[c.from:min(len(s.toks), c.to+1)]...)
	}
	if len(rest.toks) == 0 {
		return false
	}
	rest.clauses = rest.clausesOf()
	alone := rest.read()
	return alone.Status == Answered && alone.Value.Equal(r.Value)
}
