package understand

import (
	"slices"

	"github.com/hoidap/hoidap/preferences"
)

// choice reads the one option that was chosen.
func (s *sitting) choice() Reading {
	ms := s.extremeName(s.withoutBounded(s.mentions()))
	if len(ms) == 0 {
		ms = s.positions()
	}
	if len(ms) == 0 {
		ms = s.extreme()
	}
	if len(ms) == 0 {
		ms = s.withoutExtremes(s.nearNames())
	}
	if len(ms) == 0 {
		return s.withoutOption()
	}
	ms = s.letterBefore(ms)
	s.weigh(ms)
	wanted := s.wanted(ms)
	if unnamed := s.unnamedBeside(ms, len(wanted) == 0); len(unnamed) > len(ms) {
		ms = unnamed
		s.weigh(ms)
		wanted = s.wanted(ms)
	}
	if len(wanted) > 1 {
		wanted = s.withoutExtras(wanted)
	}
	if len(wanted) > 1 {
		wanted = s.concluded(wanted)
	}
	if len(wanted) > 1 {
		wanted = s.favoured(s.current(s.ofAskedThing(wanted)))
	}
	if len(wanted) > 1 && !sameOption(wanted) {
		wanted = s.contrasted(wanted, saidEnough)
	}
	if len(wanted) == 0 {
		if o, ok := s.opposite(ms); ok {
			return s.answered(preferences.Value{Kind: choiceKind, Text: s.q.options[o].value}, "opposite-name", 0.9, ms[0].from-1, ms[0].to)
		}
		return s.nothingWanted(ms)
	}
	if !sameOption(wanted) {
		return unclear("several-options")
	}
	m := wanted[0]
	if s.unsureOption > 0 && s.unsureOption != m.option+1 && s.standing(ms, s.placeOf(ms, m)).stance == told { // "cho, sieu thi mac hon": Chợ, most likely
		return unclear("doubted-option")
	}
	if s.wasOnce(ms, m) {
		return unclear("in-the-past")
	}
	if s.ifSo(ms, m) {
		return unclear("conditional")
	}
	if s.exclusionUnread(ms) || s.ifGone(ms) || s.postpones(ms) || s.doubted(m) || s.halfOf(m) || s.openAlternative(m) {
		return unclear("doubted-option")
	}
	if s.menuClash(ms, m) {
		return unclear("number-and-name-differ")
	}
	return s.answered(preferences.Value{Kind: choiceKind, Text: s.q.options[m.option].value}, s.mentionRule(m), s.mentionConfidence(m), m.from, m.to)
}

// placeOf is where m stands in ms.
func (s *sitting) placeOf(ms []mention, m mention) int {
	return max(0, slices.IndexFunc(ms, func(o mention) bool { return o.from == m.from && o.option == m.option }))
}

// wasOnce: the option was so before, and what became of it is another one that was not read as the answer.
func (s *sitting) wasOnce(ms []mention, m mention) bool {
	v := lexicon()
	lo, _ := s.clauseAround(m.from, m.to)
	if !s.saysAt(lo, "trước", "hồi", "xưa", "before", "previously") || v.nowadays.in(s.toks[lo:m.from]) || v.present.in(s.toks[lo:m.from]) {
		return false
	}
	for _, other := range ms {
		if other.option != m.option && other.from > m.to && (other.another || other.negative) {
			return true
		}
	}
	return false
}

// wanted leaves out what was ruled out or only asked about.
func (s *sitting) wanted(ms []mention) []mention {
	var out, asked []mention
	for _, m := range ms {
		switch {
		case m.negative, m.another:
		case s.askedAt(m.from):
			asked = append(asked, m)
		default:
			out = append(out, m)
		}
	}
	for _, m := range asked {
		s.note("asked-about", s.words(m.from, m.to))
	}
	return out
}

// opposite reads "not satisfied" as Dissatisfied.
func (s *sitting) opposite(ms []mention) (option int, ok bool) {
	m := ms[0]
	if len(ms) != 1 || m.to != m.from+1 || !s.saysAt(m.from-1, "not") || s.askedAt(m.from) {
		return 0, false
	}
	w := s.toks[m.from].typed
	for o := range s.q.options {
		for _, name := range s.q.options[o].names {
			if len(name) == 1 && (name[0].typed == "dis"+w || name[0].typed == "un"+w) {
				return o, true
			}
		}
	}
	return 0, false
}

// nothingWanted says why: all was ruled out or asked about, or somebody else likes it.
func (s *sitting) nothingWanted(ms []mention) Reading {
	for _, m := range ms {
		if m.another && !m.negative && !s.askedAt(m.from) {
			return unclear("somebody-else")
		}
	}
	return unclear("only-ruled-out")
}

// postpones: a clause that names nothing puts the answer off ("M... à mà để hỏi vợ đã").
func (s *sitting) postpones(ms []mention) bool {
	for _, c := range s.clauses {
		if !s.anyCovered(ms, c.from, c.to) && !c.asks && lexicon().postponed.in(s.toks[c.from:c.to]) {
			s.note("postponed", s.words(c.from, c.to))
			return true
		}
	}
	return false
}

func sameOption(ms []mention) bool {
	for _, m := range ms {
		if m.option != ms[0].option {
			return false
		}
	}
	return true
}

// ifGone: "if matcha is out, vanilla" wants the second only where the first cannot be had.
func (s *sitting) ifGone(ms []mention) bool {
	for _, m := range ms {
		i := m.to
		if s.saysAt(i, "is", "are", "runs", "isn't", "aren't", "not") && s.saysAt(i+1, "out", "sold", "gone", "available") && (s.saysAt(m.from-1, "if") || s.saysAt(m.from-2, "if")) {
			return true
		}
	}
	return false
}

// ifSo: "M rộng thì lấy S" takes S only if M is too wide.
func (s *sitting) ifSo(ms []mention, m mention) bool {
	if !s.saysAt(m.from-1, "lấy", "chọn", "đổi", "mua") || !s.saysAt(m.from-2, "thì") {
		return false
	}
	for _, other := range ms {
		if other.option != m.option && !other.negative && other.to < m.from-2 && !s.setApart(other.to, m.from) {
			return true
		}
	}
	return false
}

// doubted: the clause says that nothing is decided, or that anything will do.
func (s *sitting) doubted(m mention) bool {
	lo, hi := s.clauseAround(m.from, m.to)
	if s.saysAt(m.to, "nào") && s.saysAt(m.to+1, "cũng") { // any of that option: "nước hoa nào cũng thích"
		return false
	}
	before := s.toks[lo:m.from]
	if n := len(before); n > 1 && before[n-2].word == "để" && lexicon().selves.at(before, n-1) == 1 { // "để mình tự lấy" lets the customer do it
		before = before[:n-2]
	}
	for _, part := range [][]token{before, s.toks[m.to:hi]} {
		if rule, found := s.undecided(part); found && !(s.q.Kind == choicesKind && s.onlySometimes(part)) {
			s.note(rule, s.words(lo, hi))
			return true
		}
	}
	return false
}

// onlySometimes: "mostly rice, sometimes hotpot" doubts neither, where several may be named.
func (s *sitting) onlySometimes(ts []token) bool {
	const short = 20
	if len(ts) > short {
		return false
	}
	for i := range ts {
		if n := lexicon().undecided.at(ts, i); n > 0 && ts[i].word != "sometimes" {
			return false
		}
	}
	return !lexicon().anything.in(ts)
}

// openAlternative: "ly hay khăn" leaves it open, also where only one of them was understood.
func (s *sitting) openAlternative(m mention) bool {
	v := lexicon()
	if i := m.from - 2; i >= 0 && isOr(&s.toks[m.from-1]) && s.toks[i].isWord() && v.polite.at(s.toks, i) == 0 && v.trail.at(s.toks, i) == 0 {
		return true
	}
	if s.saysAt(m.to, "cùng") && s.saysAt(m.to+1, "cty", "công", "lớp", "phòng", "cơ", "trường", "xóm", "làng", "quê", "chỗ", "khu", "tòa", "nhóm", "team", "làm") { // bạn cùng cty
		return false
	}
	if i := m.to + 1; m.weak && i < len(s.toks) && isJoin(&s.toks[m.to]) && !s.toks[m.to].ends() && s.toks[i].isWord() { // "túi với ly"
		return lexicon().trail.at(s.toks, m.to) == 0 || lexicon().head.at(s.toks, i) == 1
	}
	if _, hi := s.clauseAround(m.from, m.to); m.to < hi && isOr(&s.toks[m.to]) && s.saysIn(m.to, hi, "cũng") { // "ship hay lấy ở tiệm cũng được"
		return true
	}
	i := m.to + 1
	return i < len(s.toks) && isOr(&s.toks[m.to]) && s.toks[i].isWord() && v.prefer.at(s.toks, i) == 0 && v.noneOf.at(s.toks, i) == 0 && (!s.q.echo[s.toks[i].key] || s.nothingBehind(i+1) && s.q.inSomeName(&s.toks[i]))
}

// inSomeName reports whether a label of some option has the word t.
func (q *question) inSomeName(t *token) bool {
	for o := range q.options {
		for _, name := range q.options[o].names {
			for k := range name {
				if sameSpelling(&name[k], t) {
					return true
				}
			}
		}
	}
	return false
}

// halfOf: "vừa khô vừa nhuộm", "vừa thấy trên fb vừa được bạn chỉ" are two things, also where only one of them was understood. "Vừa
// rẻ vừa bền nên lấy đỏ" says why.
func (s *sitting) halfOf(m mention) bool {
	const reach = 5
	before, others := false, 0
	for i := range s.toks {
		if !s.saysAt(i, "vừa") || i >= m.from && i < m.to {
			continue
		}
		others++
		if i < m.from && m.from-i <= reach && !s.endsBetween(i, m.from) {
			before = before || !s.choosesBetween(i+1, m.from)
		}
	}
	return before && others > 1
}

// choosesBetween: between i and j what stands before goes over to a choice.
func (s *sitting) choosesBetween(i, j int) bool {
	for ; i < j; i++ {
		if s.breaks(i) || s.saysAt(i, "là", "lấy", "chọn", "chốt", "so", "hơn", "như") {
			return true
		}
	}
	return false
}

// unnamedBeside adds the options of a choice that are named by a word of theirs only: where they are joined to one with
// its full name ("vani hoặc dâu"), and everywhere where all that have theirs are ruled out ("không uống vani, dâu đi").
func (s *sitting) unnamedBeside(ms []mention, anywhere bool) []mention {
	all := s.withUnnamed(ms)
	if len(all) > maxMentions {
		return ms
	}
	out := all[:0:0]
	for k, m := range all {
		near := k > 0 && s.tied(all[k-1].to, m.from) || k+1 < len(all) && s.tied(m.to, all[k+1].from)
		if !m.weak || s.covered(ms, m.from) || near || anywhere && !s.askedAt(m.from) {
			out = append(out, m)
		}
	}
	return out
}

// tied reports whether "or" or "and" stands between i and j, and nothing else.
func (s *sitting) tied(i, j int) bool {
	return j == i+1 && (isOr(&s.toks[i]) || isJoin(&s.toks[i]) && s.toks[i].word != ",")
}

// menuClash: "1 đỏ" where red is not the first.
func (s *sitting) menuClash(ms []mention, m mention) bool {
	if m.position || m.from == 0 || s.toks[m.from-1].kind != numberToken || s.toks[m.to-1].kind == numberToken {
		return false
	}
	n, ok := smallInt(s.toks[m.from-1].word)
	core, _ := s.coreBounds(s.toks)
	return ok && m.from-1 == core && n != m.option+1 && n >= 1 && n <= len(s.q.options) && len(ms) == 1
}

func (s *sitting) mentionRule(m mention) string {
	switch {
	case m.position:
		return "menu-position"
	case m.weak:
		return "option-nearly"
	}
	return "option-name"
}

func (s *sitting) mentionConfidence(m mention) float64 {
	switch {
	case m.weak:
		return 0.86
	case m.to-m.from == len(signless(s.coreOf(s.toks))):
		return 0.99
	case s.toks[m.from].loose:
		return 0.93
	}
	return 0.95
}

// withoutOption says why nothing was chosen.
func (s *sitting) withoutOption() Reading {
	if rule, found := s.undecided(s.toks); found {
		return unclear(rule)
	}
	if s.onlyAsks() {
		return unclear("counter-question")
	}
	if m, ok := s.noneOption(); ok {
		return m
	}
	if c := s.clauses; len(c) > 1 && (lexicon().declineExact.whole(s.coreOf(s.toks[c[len(c)-1].from:c[len(c)-1].to])) || // "không đói, khỏi"
		c[0].to-c[0].from > 1 && lexicon().declineExact.whole(s.toks[c[0].from:c[0].to])) { // "thôi khỏi, mình có rồi"
		return Reading{Status: Declined, Rule: "refusal-word", Confidence: 0.8, Words: s.text}
	}
	return unclear("no-option")
}

// deniesQuestion: a negator and words of the question, nothing else ("no pets", "không nuôi").
func (s *sitting) deniesQuestion(lo, hi int) bool {
	if !isNegator(s.toks[lo].word) {
		return false
	}
	for i := lo + 1; i < hi; i++ {
		if !s.q.echo[s.toks[i].key] && !(i == lo+1 && s.saysAt(i, "dùng", "xài", "có", "mua", "lấy", "use", "have")) {
			return false
		}
	}
	return true
}

// noneOption reads "không cái nào" and a plain no as the option that means none.
func (s *sitting) noneOption() (Reading, bool) {
	v := lexicon()
	for o := range s.q.options {
		i, n := v.noneOf.find(s.toks)
		if !s.q.options[o].none && !(s.q.options[o].nothing && n > 0) {
			continue
		}
		core, end := s.coreBounds(s.toks)
		if n == 0 && end-core >= 1 && core < len(s.toks) && v.no.at(s.toks, core) > 0 && (core+1 >= end || s.toks[core+1].ends() || s.toks[core].word == "chưa" && s.onlyTrail(core+1) || v.no.at(s.toks, core) == end-core) {
			i, n = core, 1
		}
		if n == 0 && end > core && s.deniesQuestion(core, end) {
			i, n = core, end-core
		}
		for k := core; k < end && n == 0; k++ {
			if s.bearsAll(k) && s.saysAt(k-1, "được") && s.onlyTrail(k+1) {
				i, n = k-1, 2
			}
		}
		if n == 0 || s.askedAt(i) {
			continue
		}
		val := preferences.Value{Kind: s.q.Kind, Text: s.q.options[o].value}
		if s.q.Kind == choicesKind {
			val = preferences.Value{Kind: choicesKind, List: []string{s.q.options[o].value}}
		}
		return s.answered(val, "none-option", 0.92, i, i+n), true
	}
	return Reading{}, false
}
