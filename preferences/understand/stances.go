package understand

import "github.com/hoidap/hoidap/preferences"

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
type clauseWords struct {
	light, goodFor, welcome, only, better *phrases
	apart, apartBefore, cannot, offSize   *phrases
	othersDo, othersBeside, theyWish      *phrases
	ownFine, worn, byTime                 *phrases
}

func loadClauseWords() clauseWords {
	take := takePhrases(loadSections("clauses"))
	return clauseWords{
		light: take("light"), goodFor: take("good-for"), welcome: take("welcome"), only: take("only"), better: take("better"),
		apart: take("apart"), apartBefore: take("apart-before"), cannot: take("cannot"), offSize: take("off-size"),
		othersDo: take("others-do"), othersBeside: take("others-beside"), theyWish: take("they-wish"),
		ownFine: take("own-fine"), worn: take("worn"), byTime: take("by-time"),
	}
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
	for k+1 < len(ms) && s.again(ms, k+1) { // "rửa xe anh rửa ở nhà"
		k++
		hi = s.reachEnd(ms, k)
	}
	if hi < len(s.toks) && !s.toks[hi].ends() { // another mention follows in the clause
		for i := ms[k].to; i < hi; i++ {
			if s.breaks(i) && !s.saysAt(i, "thì", "chỉ", "just", "only", "vì") {
				hi = i
			}
		}
	}
	return lo, hi
}

// again: the mention k names the option of the one before it once more, in the same clause.
func (s *sitting) again(ms []mention, k int) bool {
	return ms[k].option == ms[k-1].option && ms[k].from > ms[k-1].from && !s.divided(ms, k)
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
