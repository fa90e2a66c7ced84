package understand

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
)

// A reply that names several options says of each what it makes of it. One is only named, or chosen; of another a clause tells something,
// and what it tells is most often why it is not the one: "tay ga, còn xe số là của ba em", "tuna, she turns up her nose at salmon".

// stance is what the words around an option make of it.
type stance uint8

const (
	told    stance = iota // something is said of it, for it or against it
	plain                 // it is named and no more, or chosen
	welcome               // it is wanted beside others, or would do
	apart                 // it is done, had, somebody else's, for later: why it is not wanted
)

// standing is the stance of one mention, and where its words are.
type standing struct {
	stance
	words  int  // how many of them say something
	behind int  // how many of those behind it
	denied bool // they deny something
	only   bool // they say that it is the only one
	lo, hi int
}

// clauseWords are the words that stances are told by: words/clauses.txt.
type clauseWords struct{ light, goodFor, welcome, only, apart, apartBefore, othersDo, othersBeside, theyWish, ownFine, offSize, worn *phrases }

func loadClauseWords() clauseWords {
	take := takePhrases(loadSections("clauses"))
	return clauseWords{light: take("light"), goodFor: take("good-for"), welcome: take("welcome"), only: take("only"), apart: take("apart"), apartBefore: take("apart-before"), othersDo: take("others-do"), othersBeside: take("others-beside"), theyWish: take("they-wish"), ownFine: take("own-fine"), offSize: take("off-size"), worn: take("worn")}
}

// standings are the stances of ms, from left to right.
func (s *sitting) standings(ms []mention) []standing {
	out := make([]standing, len(ms))
	for k := range ms {
		out[k] = s.standing(ms, k)
	}
	return out
}

func (s *sitting) standing(ms []mention, k int) standing {
	m := &ms[k]
	lo, hi := s.segment(ms, k)
	st := standing{stance: plain, lo: lo, hi: hi}
	v := lexicon()
	st.only = v.only.in(s.toks[lo:m.from]) || v.only.in(s.toks[m.to:hi]) || s.saysAt(lo-1, "chỉ", "just", "only")
	before, behind := s.sayingWords(lo, m.from), s.sayingWords(m.to, hi)
	st.words, st.behind, st.denied = before.count+behind.count, behind.count, before.denied || behind.denied
	switch {
	case s.setAside(m, lo, hi):
		st.stance = apart
	case before.also && !v.others.in(s.toks[lo:m.from]) || behind.also && !s.objects(m.to, hi) || k > 0 && s.saysAt(m.to, "luôn"):
		st.stance = welcome
	case st.words > 0:
		st.stance = told
	}
	return st
}

// objects: praise goes over into what stands against it: "horror is great but not with the kids around".
func (s *sitting) objects(i, j int) bool {
	for ; i < j; i++ {
		if s.saysAt(i, "mà", "nhưng", "but", "though") {
			return true
		}
	}
	return false
}

// segment is what speaks of mention k: its clause, up to the mentions beside it and to what sets one clause against another.
func (s *sitting) segment(ms []mention, k int) (lo, hi int) {
	lo, hi = s.reach(ms, k)
	if hi < len(s.toks) && !s.toks[hi].ends() { // another mention follows in the clause
		for i := ms[k].to; i < hi; i++ {
			if s.breaks(i) && !s.saysAt(i, "thì", "chỉ", "just", "only", "vì") {
				hi = i
			}
		}
	}
	return lo, hi
}

// setAside: what is said behind or before the option tells why it is not wanted.
func (s *sitting) setAside(m *mention, lo, hi int) bool {
	v := lexicon()
	if len(s.q.options) > 0 && s.otherTime(m, lo, hi) {
		return true
	}
	if s.q.wish && v.worn.in(s.toks[m.to:hi]) {
		return false
	}
	i := m.to
	if s.saysAt(i, "cũ", "kia", "đó", "đấy") {
		i++
	}
	return v.apart.at(s.toks[:hi], i) > 0 || s.othersDo(i, hi) || v.ownFine.at(s.toks[:hi], i) > 0 && s.saysAt(m.from-1, "my", "our") || s.q.amounts != nil && v.offSize.at(s.toks[:hi], i) > 0 || v.apartBefore.in(s.toks[lo:m.from]) || s.saysAt(m.from-1, "can't", "cannot", "cant", "couldn't") ||
		s.q.Kind != choiceKind && s.q.Kind != choicesKind && s.endsBefore(v.busyOn, m.from) > 0 && !s.q.echoes(v.busyOn)
}

// otherTime: the words around the option say that it was so once, will be so later or is so now and then: "basic for now, maybe premium
// later", "used to be coffee, durian these days".
func (s *sitting) otherTime(m *mention, lo, hi int) bool {
	v := lexicon()
	before, behind := s.toks[lo:m.from], s.toks[m.to:hi]
	if v.later.in(before) || v.later.in(behind) || v.ago.in(behind) || s.q.Kind == choiceKind && s.seldom(lo, hi) {
		return true
	}
	return (v.past.in(before) || v.once.in(before)) && !v.nowadays.in(before) && !v.nowadays.in(behind)
}

// seldom: "trinh thám nhiều hơn, ngôn tình thỉnh thoảng".
func (s *sitting) seldom(i, j int) bool {
	for ; i < j; i++ {
		if s.saysAt(i, "thỉnh", "occasionally", "sometimes", "rarely") || s.saysAt(i, "lâu") && s.saysAt(i+1, "lâu") || s.saysAt(i, "ít") && s.saysAt(i+1, "hơn", "khi") {
			return true
		}
	}
	return false
}

// othersDo: somebody else is named behind the option, who does something with it and does not wish for it. "Phòng ngủ ba mẹ" is only
// theirs.
func (s *sitting) othersDo(i, hi int) bool {
	v := lexicon()
	if v.othersDo.at(s.toks[:hi], i) > 0 {
		return true
	}
	n := v.othersBeside.at(s.toks[:hi], i)
	return n > 0 && i+n < hi && !s.onlyTrail(i+n) && v.theyWish.at(s.toks[:hi], i+n) == 0
}

// saying is what the words on one side of an option come to.
type saying struct {
	count  int  // how many of them say something of it; a denial counts for two
	also   bool // that it is wanted with others, or would do
	denied bool
}

// sayingWords weighs the words from i to j beside an option.
func (s *sitting) sayingWords(i, j int) (out saying) {
	v := lexicon()
	ts := s.toks[:j]
	timed := len(s.q.options) == 0 // a verb says what one does then
	general := 0
	for i < j {
		t := &s.toks[i]
		if v.goodFor.at(ts, i) > 0 {
			return out
		}
		n := v.light.at(ts, i)
		for _, p := range [...]*phrases{v.polite, v.trail, v.head, v.index, v.prefer, v.mainly, v.most, v.nowadays, v.selves} {
			n = max(n, p.at(ts, i))
		}
		if w := v.welcome.at(ts, i); w > 0 && w >= n && !(t.word == "cũng" && s.saysAt(i-1, "nào", "gì", "ai")) && !(t.word == "too" && !s.nothingBehind(i+1)) {
			out.also, n = true, w
		}
		switch d := v.negators.at(ts, i); {
		case d > n:
			out.count += saidEnough
			out.denied, n = true, d
		case n > 0 || !t.isWord() || isJoin(t) || isOr(t) || s.q.echo[t.key] || s.q.inSomeName(t):
		case timed && s.q.Kind == preferences.Date && (t.kind == numberToken || s.partAt(i) != ""):
		case timed || !isGeneric(t):
			out.count++
		default:
			if general++; general%2 == 0 {
				out.count++
			}
		}
		i += max(n, 1)
	}
	return out
}

// namedElse: the same option stands elsewhere too, where nothing is told of it.
func (s *sitting) namedElse(ms []mention, sts []standing, k int) bool {
	for j := range ms {
		if j != k && ms[j].option == ms[k].option && !ms[j].negative && (sts[j].stance == plain || sts[j].stance == welcome) {
			return true
		}
	}
	return false
}

// ofOthers: the words from i on begin with somebody else: "my mother-in-law is sewing the living room ones".
func (s *sitting) ofOthers(i, j int) bool {
	return i < j && (s.saysAt(i, "my", "our", "she", "he", "they", "the") || lexicon().others.at(s.toks, i) > 0)
}

// otherwiseTaken: what is told of a day beside others that are only named is what takes it up, unless it says when on that day:
// "Tuesday and Thursday, I'm in the office on Fridays".
func (s *sitting) otherwiseTaken(ms []mention, sts []standing, k int) bool {
	st := sts[k]
	if k == 0 || st.stance != told || !s.divided(ms, k) || sts[k-1].stance != plain || ms[k-1].negative || ms[k-1].another {
		return false
	}
	for i := st.lo; i < st.hi; i++ {
		if (i < ms[k].from || i >= ms[k].to) && (s.partAt(i) != "" || s.numeralStarts(i) || s.saysAt(i, "sau", "trước", "after", "before", "from", "until")) {
			return false
		}
	}
	return true
}

// besideOnly: what is said to be the only one is this one, or stands in one list with it: "rau với xoài thôi".
func (s *sitting) besideOnly(ms []mention, sts []standing, k int) bool {
	lo, hi := k, k
	for lo > 0 && !s.divided(ms, lo) {
		lo--
	}
	for hi+1 < len(ms) && !s.divided(ms, hi+1) {
		hi++
	}
	return slices.ContainsFunc(sts[lo:hi+1], func(st standing) bool { return st.only })
}

// divided reports whether the mentions k-1 and k stand in clauses of their own.
func (s *sitting) divided(ms []mention, k int) bool {
	for i := ms[k-1].to; i < ms[k].from; i++ {
		if s.toks[i].ends() || s.dashBreak(i) || s.saysAt(i, "còn", "chứ", "nhưng", "mà", "nên", "but", "so") {
			return true
		}
	}
	return false
}

// How many words tell something of an option, of which one alone may be a part of a name ("đỏ, đen nhạt"), and of a time.
const (
	saidEnough       = 2
	saidEnoughOfTime = 1
)

// contrasted keeps the option of a choice that is only named, where enough words tell of the others or they are set aside, or the one
// that is not set aside.
func (s *sitting) contrasted(ms []mention, enough int) []mention {
	if k := s.preferred(ms); k > 0 {
		return ms[k : k+1]
	}
	ms = s.withoutEchoes(ms)
	for k := 1; k < len(ms); k++ {
		if !s.divided(ms, k) && ms[k].option != ms[k-1].option {
			return ms
		}
		for i := ms[k-1].to; i < ms[k].from; i++ {
			if isOr(&s.toks[i]) {
				return ms
			}
		}
	}
	for _, c := range s.clauses { // "tuna yesterday, salmon today, who knows"
		if _, open := s.undecided(s.toks[c.from:c.to]); open && !s.anyCovered(ms, c.from, c.to) {
			return ms
		}
	}
	sts := s.standings(ms)
	var plains, left, undenied []mention
	decided := false
	for k := range ms {
		switch st := sts[k]; {
		case st.stance == welcome:
			return ms
		case st.stance == plain, st.stance == told && st.words < enough && st.only:
			plains = append(plains, ms[k])
			decided = decided || st.only || k > 0 || st.hi-st.lo > ms[k].to-ms[k].from || s.saysAt(st.lo-1, "nên", "so", "vậy") || st.hi < len(s.toks) && s.toks[st.hi].word != ","
			left, undenied = append(left, ms[k]), append(undenied, ms[k])
		case st.stance == told:
			if left = append(left, ms[k]); !st.denied {
				undenied = append(undenied, ms[k])
			}
		}
	}
	for k := range ms {
		if st := sts[k]; st.stance == told && st.words < enough && !st.only && !decided {
			plains = nil
		}
	}
	for _, kept := range [...][]mention{plains, left, undenied} {
		if len(kept) > 0 && sameOption(kept) {
			s.note("contrast", s.words(kept[0].from, kept[0].to))
			return kept[:1]
		}
	}
	return ms
}

// withoutEchoes leaves out what was named in a clause before and comes again in what is said of another: "bếp ga, bếp hồng ngoại cúp ga
// mới xài".
func (s *sitting) withoutEchoes(ms []mention) []mention {
	out := ms[:1:1]
	for k := 1; k < len(ms); k++ {
		if s.divided(ms, k) || !slices.ContainsFunc(out[:len(out)-1], func(m mention) bool { return m.option == ms[k].option }) {
			out = append(out, ms[k])
		}
	}
	return out
}

// preferred is the mention that is said, against one before it, to be better: "locker cũng được mà ship tiện hơn"; 0 for none.
func (s *sitting) preferred(ms []mention) int {
	k := len(ms) - 1
	if !s.saysIn(ms[k-1].to, ms[k].from, "mà") && !s.saysIn(ms[k-1].to, ms[k].from, "nhưng") && !s.saysIn(ms[k-1].to, ms[k].from, "but") {
		return 0
	}
	good := map[string]bool{"tiện": true, "đẹp": true, "ngon": true, "tốt": true, "nhanh": true, "rẻ": true, "êm": true, "khỏe": true, "chắc": true, "ổn": true, "lợi": true, "dễ": true, "vui": true, "hợp": true}
	i := ms[k].to
	for s.saysAt(i, "thì", "là", "vẫn", "is", "are", "looks", "seems") {
		i++
	}
	if i < len(s.toks) && (good[s.toks[i].word] && s.saysAt(i+1, "hơn") || s.saysAt(i, "better", "nicer", "easier", "cheaper", "safer", "faster")) {
		return k
	}
	return 0
}

// asideAlone rules out the only option that is named where its clause sets it aside: "hôm qua ăn bún bò rồi".
func (s *sitting) asideAlone(ms []mention) {
	if len(ms) == 0 || !sameOption(ms) || s.q.aversion {
		return
	}
	for k := range ms {
		if m := &ms[k]; !m.negative && !m.chosen {
			if st := s.standing(ms, k); st.stance == apart && !s.othersDo(m.to, st.hi) {
				s.note("set-aside", s.words(m.from, st.hi))
				m.negative = true
			}
		}
	}
}

// setAsides rules out, of several answers, those that clauses of their own set aside: what is done already, what somebody else does,
// what is for later, and what is told beside one that is said to be the only one ("Saturday only, Sundays are church"). It reports
// whether it cannot be told how far that goes ("vẽ, múa, đàn bé học rồi"), or what something that is told of one amounts to.
func (s *sitting) setAsides(ms []mention) (unread bool) {
	if len(ms) < 2 || s.q.aversion {
		return false
	}
	sts := s.standings(ms)
	var kept, only bool
	for k := range ms {
		free := !ms[k].negative && !ms[k].another
		kept = kept || free && sts[k].stance != apart
		only = only || free && sts[k].only && sts[k].stance != apart && sts[k].words < saidEnough
	}
	if !kept {
		return false
	}
	for k := range ms {
		m, st := &ms[k], sts[k]
		if m.negative || m.another || k > 0 && m.from == ms[k-1].from {
			continue
		}
		aside := st.stance == apart || s.q.days && s.otherwiseTaken(ms, sts, k) || only && !s.namedElse(ms, sts, k) && !s.besideOnly(ms, sts, k) && (st.stance == told || st.stance == plain && !s.onlyTrail(m.to))
		if !aside {
			if k > 0 && st.stance == told && !m.weak && m.option != ms[k-1].option && (st.behind >= saidEnough || st.words > saidEnough && s.ofOthers(st.lo, m.from)) && s.divided(ms, k) && sts[k-1].stance == plain && !ms[k-1].negative {
				s.note("told-of", s.words(m.from, st.hi))
				unread = true
			}
			continue
		}
		switch {
		case k > 0 && !s.divided(ms, k), k+1 < len(ms) && !s.divided(ms, k+1) && ms[k+1].from != m.from:
			return true
		case k > 1 && s.saysAt(ms[k-1].to, ",") && s.saysAt(ms[k-2].to, ",") && ms[k].from == ms[k-1].to+1 && ms[k-1].from == ms[k-2].to+1:
			return true
		}
		s.note("set-aside", s.words(m.from, st.hi))
		for j := k; j < len(ms) && ms[j].from == m.from; j++ { // the days of "cuối tuần"
			ms[j].negative = true
		}
	}
	return unread
}
