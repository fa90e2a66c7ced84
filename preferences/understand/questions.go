package understand

// clause is a stretch of tokens between signs that close one.
type clause struct {
	from, to int
	asks     bool // a question of the customer's own
	shut     byte // the sign that closes it, 0 at the end of the text
}

// clausesOf cuts the reply and marks the questions in it.
func (s *sitting) clausesOf() []clause {
	out := make([]clause, 0, 4)
	from := 0
	add := func(to int, shut byte) {
		if to > from {
			c := clause{from: from, to: to, shut: shut}
			c.asks = s.asks(s.toks[from:to], shut == '?')
			if k := s.turn(c); k > 0 {
				out = append(out, clause{from: from, to: k})
				c.from = k
			}
			out = append(out, c)
		}
		from = to + 1
	}
	for i := range s.toks {
		if t := &s.toks[i]; t.ends() || s.dashBreak(i) {
			shut := t.word[0]
			if t.word == "…" {
				shut = '.'
			}
			add(i, shut)
		}
	}
	add(len(s.toks), 0)
	return out
}

// turn returns where an answer goes over into a question without a sign between them: "nâu nhưng mà giá bao nhiêu v";
// 0 where it does not.
func (s *sitting) turn(c clause) int {
	const maxTurn = 20 // an answer is shorter
	if !c.asks || s.saysAt(c.from, "có", "còn", "is", "are", "do", "does", "can") && !s.saysAt(c.from+1, "nhưng", "mà") {
		return 0
	}
	for k := c.from + 1; k+1 < min(c.to, c.from+maxTurn); k++ {
		rest := s.toks[k:c.to]
		if s.saysAt(k, "nhưng", "but") && (c.shut == '?' || s.asks(rest, false)) || s.toks[k].word == "mà" && lexicon().asking.in(rest) {
			if s.asks(s.toks[c.from:k], false) {
				return 0
			}
			return k
		}
	}
	return 0
}

// dashBreak reports whether token i is a dash between words ("6 - staff were rude"), not in a range.
func (s *sitting) dashBreak(i int) bool {
	t := &s.toks[i]
	if t.word != "-" || t.glued || i == 0 || i+1 >= len(s.toks) || s.toks[i+1].glued {
		return false
	}
	next := &s.toks[i+1]
	return next.kind == wordToken && !next.glued && s.toks[i+1].word != "$"
}

// asks reports whether a clause asks something.
func (s *sitting) asks(ts []token, mark bool) bool {
	v := lexicon()
	if v.rhetorical.whole(s.coreOf(ts)) {
		return false
	}
	if mark {
		return true
	}
	plainTo := 0 // the end of the words that only look like a question
	for i := range ts {
		if n := v.plain.at(ts, i); n > 0 {
			plainTo = max(plainTo, i+n)
		}
		if n := v.asking.at(ts, i); n > 0 && i >= plainTo && !s.plainSoon(ts, i, n) && !s.insideOption(ts, i) && s.englishOrder(ts, i) {
			return true
		}
		if i >= plainTo && s.whichAt(ts, i) {
			return true
		}
	}
	if !s.vi && s.q != nil && len(ts) > 2 && (ts[0].word == "is" || ts[0].word == "are" || ts[0].word == "does" || ts[0].word == "do") && s.q.optionAt(ts, 1) > 0 { // "is window free"
		return true
	}
	return s.asksAtEnd(ts) || s.asksWhich(ts)
}

// asksWhich: "bò mỹ hay bò tơ vậy em" asks which of two it is.
func (s *sitting) asksWhich(ts []token) bool {
	hi := len(ts)
	for hi > 0 && (!ts[hi-1].isWord() || addressed[ts[hi-1].key]) {
		hi--
	}
	if hi < 4 {
		return false
	}
	switch ts[hi-1].key {
	case "vay", "z", "zay", "zi", "v", "the", "ta", "ha", "nhi", "d":
	default:
		return false
	}
	const reach = 12
	for k := max(1, hi-reach); k+1 < hi; k++ {
		if isOr(&ts[k]) && ts[k].word != "or" && lexicon().selves.at(ts, k-1) == 0 {
			return true
		}
	}
	return false
}

// addressed are words, by key, for who is spoken to behind a question.
var addressed = map[string]bool{"em": true, "shop": true, "ad": true, "ban": true, "a": true, "oi": true, "anh": true, "chi": true, "b": true}

// whichAt: "kem nào trị nám tốt" asks which one. "Kem nào cũng được", "không dùng kem nào", "nào là mụn" and "đi nào" do not.
func (s *sitting) whichAt(ts []token, i int) bool {
	if ts[i].typed == "gì" && i > 0 && s.q != nil && len(s.q.options) > 0 && ts[i-1].kind == wordToken && s.onlyTrailIn(ts, i+1) && !s.deniedIn(ts, i) && ts[i-1].key != "cai" { // túi màu gì
		return true
	}
	if ts[i].word != "nào" && !(ts[i].loose && ts[i].key == "nao") || i == 0 || i+1 >= len(ts) || !ts[i+1].isWord() || s.insideOption(ts, i) {
		return false
	}
	v := lexicon()
	if asks := ts[i+1].key == "vay" || ts[i+1].word == "thế"; v.trail.at(ts, i+1) > 0 && !asks || ts[i+1].key == "la" {
		return false
	}
	if s.deniedIn(ts, i) {
		return false
	}
	for k := i + 1; k < min(len(ts), i+8); k++ {
		if ts[k].key == "cung" {
			return false
		}
	}
	return true
}

// deniedIn: a negator stands up to five words before i.
func (s *sitting) deniedIn(ts []token, i int) bool {
	for k := max(0, i-5); k < i; k++ {
		if lexicon().negators.at(ts, k) > 0 {
			return true
		}
	}
	return false
}

// onlyTrailIn: politeness fills the rest of ts, which is short.
func (s *sitting) onlyTrailIn(ts []token, i int) bool {
	const short = 6
	if len(ts) > i+short {
		return false
	}
	for i < len(ts) {
		n := lexicon().trail.at(ts, i)
		if n == 0 && ts[i].isWord() {
			return false
		}
		i += max(n, 1)
	}
	return true
}

// plainSoon: "cái nào cũng được" looks like "cái nào" at first.
func (s *sitting) plainSoon(ts []token, i, n int) bool {
	for k := i + 1; k < i+n; k++ {
		if lexicon().plain.at(ts, k) > 0 {
			return true
		}
	}
	return false
}

// insideOption keeps option labels such as "Không có" from being read as questions.
func (s *sitting) insideOption(ts []token, i int) bool {
	return s.q != nil && s.q.optionAt(ts, i) > 1
}

// englishOrder: an English question has its verb in front, so that "do you" counts only near the start.
func (s *sitting) englishOrder(ts []token, i int) bool {
	switch ts[i].word {
	case "who", "which", "when", "where": // "kids who are shy" asks nothing
		if i > 0 && ts[i-1].kind == wordToken && lexicon().polite.at(ts, i-1) == 0 && lexicon().lead.at(ts, i-1) == 0 && !opensQuestion[ts[i-1].word] {
			return false
		}
		return i <= 3
	case "do", "does", "did", "are", "is", "can", "could", "will", "would", "have", "has", "what":
		return i <= 3
	}
	return true
}

// opensQuestion are words before "who is this" that do not make it a part of what they say.
var opensQuestion = set("and", "but", "so", "hi", "hey", "hello", "ok", "okay", "please", "well", "um", "then", "also", "or", "know", "ask", "wait", "sorry", "just")

// asksAtEnd finds the Vietnamese final question words: "còn màu đen ko shop", "ăn chưa".
func (s *sitting) asksAtEnd(ts []token) bool {
	v := lexicon()
	hi := len(ts)
	for hi > 0 && (!ts[hi-1].isWord() || s.endsPolitely(ts, hi) || hi > 2 && wondering[ts[hi-1].word] && (ts[hi-2].word == "không" || ts[hi-2].word == "chưa")) {
		hi--
	}
	if hi < 2 || v.tail.at(ts, hi-1) == 0 {
		return false
	}
	if s.endsInName(ts, hi) || v.plain.at(ts, hi-1) > 1 { // "khong co nhieu" goes on
		return false
	}
	for k := range ts[:hi-1] {
		if ts[k].word == "vì" && ts[k+1].word != "sao" { // "1 sao vì gọi 5 lần ko nghe"
			return false
		}
	}
	last := &ts[hi-1]
	if last.key != "khong" && last.key != "chua" {
		return hi > 1
	}
	lo := 0
	for lo < hi-1 && v.polite.at(ts, lo) > 0 {
		lo += v.polite.at(ts, lo)
	}
	if hi-3 == lo && ts[lo].key == "hoan" && ts[lo+1].key == "toan" { // "hoàn toàn không", but "có an toàn không"
		return false
	}
	return hi-1 > lo && v.notail.at(ts, hi-2) == 0
}

// endsPolitely: the word before hi is politeness and asks nothing. In "khong co nha" co is có.
func (s *sitting) endsPolitely(ts []token, hi int) bool {
	v := lexicon()
	return v.trail.at(ts, hi-1) == 1 && v.tail.at(ts, hi-1) == 0 && !(hi > 1 && ts[hi-1].typed == "co" && ts[hi-2].word == "không")
}

// wondering are particles behind a final không or chưa: "lạnh ko ta".
var wondering = listed("everyday", "wondering")

// endsInName: the word before hi is the last one of an option's name: "ca chua".
func (s *sitting) endsInName(ts []token, hi int) bool {
	const longest = 4
	for k := max(0, hi-longest); s.q != nil && k < hi-1; k++ {
		if n := s.q.optionAt(ts, k); n > 1 && k+n == hi {
			return true
		}
	}
	return false
}

// clauseAround returns the bounds of the clause that holds tokens i to j-1.
func (s *sitting) clauseAround(i, j int) (int, int) {
	lo, hi := i, j
	for lo > 0 && !s.toks[lo-1].ends() {
		lo--
	}
	for hi < len(s.toks) && !s.toks[hi].ends() {
		hi++
	}
	return lo, hi
}

// clauseNear is clauseAround as far as it matters to a few words: near them.
func (s *sitting) clauseNear(i, j int) (int, int) {
	const reach = 30
	lo, hi := i, j
	for lo > max(0, i-reach) && !s.toks[lo-1].ends() {
		lo--
	}
	for hi < min(len(s.toks), j+reach) && !s.toks[hi].ends() {
		hi++
	}
	return lo, hi
}

// askedAt reports whether token i stands in a question of the customer's.
func (s *sitting) askedAt(i int) bool {
	for _, c := range s.clauses {
		if i >= c.from && i < c.to {
			return c.asks
		}
	}
	return false
}

// onlyAsks reports whether every clause with words in it is a question.
func (s *sitting) onlyAsks() bool {
	asked := false
	for _, c := range s.clauses {
		if c.asks {
			asked = true
		} else if len(s.coreOf(s.toks[c.from:c.to])) > 0 && !s.isShell(c) {
			return false
		}
	}
	return asked
}

// isShell reports whether a clause holds politeness only.
func (s *sitting) isShell(c clause) bool {
	v := lexicon()
	for i := c.from; i < c.to; {
		ts := s.toks[:c.to]
		n := max(v.polite.at(ts, i), v.trail.at(ts, i))
		if n == 0 && s.toks[i].isWord() {
			return false
		}
		i += max(n, 1)
	}
	return true
}
