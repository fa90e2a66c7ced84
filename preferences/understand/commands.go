package understand

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// commandWords are the wordings of one command: exact ones are the whole message, anywhere ones may stand in a
// sentence, and a guard takes a sentence out. Lists that a command does not have are nil.
type commandWords struct {
	command                Command
	exact, anywhere, guard *phrases
	alone                  *phrases // the whole message, and no clause of one
	opens, mayOpen         *phrases // a first clause by itself, before why; the latter only where why speaks of messages
	why                    *phrases
	unasked                *phrases // anywhere, while no question is open
	instead                *phrases // behind it: another thing is wanted in the place of the first
	otherWay               *phrases // the next clause opens with it: only another way is wanted
	besideAddress          *phrases // no command where it comes with the address that was asked for, or with a yes: only what that is not for
}

// toldWords: somebody else, and what only tells of them.
type toldWords struct{ told, telling *phrases }

// The order in which mixed wishes count: the one that is worst to miss comes first.
var commandOrder = []Command{Stop, Forget, Data, Agent, Help, Start}

func loadCommands() ([]commandWords, wrongNumberWords, toldWords) {
	take := map[string]*phrases{}
	for _, s := range readSections(wordFile("commands")) {
		take[s.name] = s.compile(true)
	}
	section := func(name string) *phrases {
		if take[name] == nil {
			panic("no section " + name)
		}
		return take[name]
	}
	var out []commandWords
	for _, c := range commandOrder {
		name := string(c)
		out = append(out, commandWords{
			command: c, exact: section(name + ".exact"), alone: take[name+".alone"], anywhere: take[name], guard: take[name+".guard"], opens: take[name+".opens"], mayOpen: take[name+".may-open"], why: take[name+".why"], unasked: take[name+".unasked"],
			instead: take[name+".instead"], otherWay: take[name+".other-way"], besideAddress: take[name+".beside-address"],
		})
	}
	return out, loadWrongNumber(section), toldWords{told: section("told"), telling: section("telling")}
}

// command looks for a wish about the messages themselves.
func (s *sitting) command() (Reading, bool) {
	if r, ok := s.commandWord(); ok {
		return r, true
	}
	if r, ok := s.someoneElse(); ok {
		return r, true
	}
	return s.commandPhrase()
}

// commandWord reads a message that is a command and nothing else.
func (s *sitting) commandWord() (Reading, bool) {
	ts := signless(s.toks)
	if len(ts) == 0 {
		return s.bareSign()
	}
	ts = once(ts)
	core := s.coreOf(ts)
	for _, w := range lexicon().commands {
		if !w.exact.whole(ts) && !w.alone.whole(core) && !(w.exact.whole(core) && !wholeOnly[core[0].typed]) && !(w.command == Stop && (isSpelled(ts, "tc") || isSpelled(ts, "stop"))) {
			continue
		}
		if s.meansSomethingElse(w.command, ts) {
			s.note("command-collision", string(w.command))
			continue
		}
		return s.commanded(w.command, "command-word", 0.99, 0, len(s.toks)), true
	}
	if s.shoutedStop(ts) || s.scopedStop(ts) {
		return s.commanded(Stop, "command-word", 0.9, 0, len(s.toks)), true
	}
	return Reading{}, false
}

// once takes the repetitions out of "stop stop stop".
func once(ts []token) []token {
	for i := range ts {
		if ts[i].typed != ts[0].typed {
			return ts
		}
	}
	return ts[:1]
}

// wholeOnly are command words that are everyday English beside any other word ("the end").
var wholeOnly = listed("everyday", "alone")

// bareSign reads "?" as a call for help and the stop sign as what it says.
func (s *sitting) bareSign() (Reading, bool) {
	switch {
	case s.text == "?":
		return s.commanded(Help, "command-sign", 0.9, 0, len(s.toks)), true
	case s.text == "🛑":
		return s.commanded(Stop, "command-sign", 0.95, 0, len(s.toks)), true
	}
	return Reading{}, false
}

// meansSomethingElse knows the command words that are also names, answers and options.
func (s *sitting) meansSomethingElse(c Command, ts []token) bool {
	if core := s.coreOf(ts); len(core) == 1 && (core[0].typed == "đk" || core[0].typed == "dk") {
		return !core[0].caps // small letters: được
	}
	if s.q == nil {
		return false
	}
	one := ""
	if len(ts) == 1 {
		one = ts[0].typed
	}
	switch {
	case len(ts) > 1 && !ts[len(ts)-1].caps && s.introduces(ts):
		return true
	case ts[0].key == "huy" && s.q.optionAt(ts, 0) > 1: // "huy ban gium em" where an option is Hủy bàn
		return true
	case one == "huy": // a given name as well; capitals are how the footer prints the command
		return s.q.Kind == textKind && !ts[0].caps
	case c == Stop && s.q.Kind == yesNoKind && len(s.coreOf(ts)) == 2: // "không nhận" to an offer is a no to the offer
		ts = s.coreOf(ts)
		return (ts[0].word == "không" || ts[0].key == "khoi" || ts[0].key == "dung") && (ts[1].key == "nhan" || ts[1].key == "gui")
	case c == Stop:
		return false
	case c == Start && s.q.Kind == yesNoKind && s.q.says(ts[:1]): // "đăng ký luôn" to "do you join?"
		return true
	case c == Agent && len(ts) > 1 && callWords[ts[0].key] && (s.q.calls || !ts[0].marked), c == Forget: // "gọi mình nha" to "may we call you", "xóa hết" to what is to be removed
		if s.q.calls && c == Agent || s.q.speaksOf(ts[0].key) {
			return true
		}
	}
	for i := range s.q.options {
		if s.q.options[i].isAll(ts) || s.q.options[i].isAll(s.coreOf(ts)) {
			return true
		}
	}
	return one == "info" && s.q.Kind == textKind
}

// callWords ask to be called, by key.
var callWords = set("goi", "call", "ring", "phone")

// speaksOf: the wording or an option has the word.
func (q *question) speaksOf(key string) bool {
	if q.echo[key] {
		return true
	}
	for o := range q.options {
		for _, name := range q.options[o].names {
			for k := range name {
				if name[k].key == key {
					return true
				}
			}
		}
	}
	return false
}

// writes: an option has the word with just these marks.
func (q *question) writes(word string) bool {
	for o := range q.options {
		for _, name := range q.options[o].names {
			for k := range name {
				if name[k].typed == word {
					return true
				}
			}
		}
	}
	return false
}

// introduces: "em Huy nè" gives a name.
func (s *sitting) introduces(ts []token) bool {
	if core := s.coreOf(ts); len(core) != 1 || core[0].typed != "huy" || core[0].caps {
		return false
	}
	switch ts[0].word {
	case "em", "anh", "tên", "mình", "tôi", "chú", "bạn":
		return true
	}
	return false
}

// shoutedStop reads DUNG in capitals as dừng: small, it may be đúng, đừng, dùng or a name.
func (s *sitting) shoutedStop(ts []token) bool {
	if len(ts) != 1 || ts[0].typed != "dung" || !ts[0].caps {
		return false
	}
	return s.q == nil || s.q.Kind != yesNoKind && s.q.Kind != textKind
}

// scopedStop reads the word of the footer with the name of whoever sends, both in capitals: "TC LUA". Among several
// options tc is also short for all of them.
func (s *sitting) scopedStop(ts []token) bool {
	if len(ts) != 2 || !ts[0].caps || !ts[1].caps || ts[1].kind != wordToken || ts[0].typed != "tc" && ts[0].typed != "stop" {
		return false
	}
	return s.q == nil || s.q.Kind != choicesKind && s.q.Kind != textKind && s.q.optionAt(ts, 1) == 0
}

// isSpelled compares the letters alone: T.C is TC.
func isSpelled(ts []token, word string) bool {
	for i := range ts {
		t := ts[i].typed
		if len(t) > len(word) || word[:len(t)] != t {
			return false
		}
		word = word[len(t):]
	}
	return word == ""
}

// commandPhrase reads a command in a sentence.
func (s *sitting) commandPhrase() (Reading, bool) {
	for _, w := range lexicon().commands {
		for i := range s.toks {
			n := w.anywhere.at(s.toks, i)
			if w.command == Stop {
				n = max(n, s.leaving(i))
				if back := max(n, lexicon().leaving.left.at(s.toks, i)); back > 0 && s.cameBack(i, i+back) {
					return s.commanded(Start, "came-back", 0.9, i, i+back), true
				}
			}
			if n == 0 || !s.isMeant(w, i, i+n) {
				continue
			}
			return s.commanded(w.command, "command-phrase", 0.93, i, i+n), true
		}
		if i, n := w.unasked.find(s.toks); n > 0 && s.q == nil && s.isMeant(w, i, i+n) {
			return s.commanded(w.command, "command-phrase", 0.9, i, i+n), true
		}
		if at := s.lastClauseCommand(w); at >= 0 {
			return s.commanded(w.command, "command-clause", 0.9, at, len(s.toks)), true
		}
		if w.command == Stop {
			if c, ok := s.endsAlone(); ok && s.isMeant(w, c.from, c.to) {
				return s.commanded(Stop, "command-clause", 0.9, c.from, c.to), true
			}
		}
		if n := s.firstClauseCommand(w); n > 0 {
			return s.commanded(w.command, "command-clause", 0.9, 0, n), true
		}
	}
	return Reading{}, false
}

// lastClauseCommand finds an unmistakable command word that stands alone after an answer: "none, unsubscribe",
// "ko nhận gì hết, TC".
func (s *sitting) lastClauseCommand(w commandWords) int {
	if w.command != Stop {
		return -1
	}
	for _, c := range slices.Backward(s.clauses) {
		ts := s.toks[c.from:c.to]
		if c.from == 0 || len(signless(ts)) == 0 {
			continue
		}
		if s.meansSomethingElse(Stop, signless(ts)) { // "không, đừng gửi"
			return -1
		}
		if isSpelled(signless(ts), "tc") || isSpelled(signless(ts), "stop") || w.exact.whole(ts) && (len(signless(ts)) > 1 || surelyStops[signless(ts)[0].typed] && !s.namesOption()) {
			return c.from
		}
		return -1
	}
	return -1
}

// surelyStops are command words that are nothing else beside another clause which names no option: "not interested, remove".
var surelyStops = set("remove", "unsub", "unsubscribe", "stopall", "optout")

// namesOption: an option is named somewhere near the start.
func (s *sitting) namesOption() bool {
	const reach = 20
	for i := 0; s.q != nil && i < min(reach, len(s.toks)); i++ {
		if s.startsName(i) {
			return true
		}
	}
	return false
}

// firstClauseCommand is how long a command word that opens a reply is where it is a clause by itself and what follows says why
// ("stop, nhan hoai"). What follows and answers the question shows that the word was meant otherwise: "ngưng, bếp thôi".
func (s *sitting) firstClauseCommand(w commandWords) int {
	if w.command != Stop || len(s.clauses) < 2 || s.clauses[1].asks || s.q != nil && s.q.Kind == textKind {
		return 0
	}
	first := s.toks[:s.clauses[0].to]
	core := s.coreOf(signless(first))
	if s.clauses[0].from > 0 || s.clauses[0].asks || len(core) == 0 || !w.opens.whole(core) && !(w.mayOpen.whole(core) && w.why.in(s.toks[s.clauses[1].from:])) || s.q != nil && s.q.optionAt(core, 0) > 0 {
		return 0
	}
	if s.q != nil {
		if _, r := s.readFrom(s.clauses[1].from); r.Status == Answered && !(s.q.Kind == yesNoKind && !r.Value.Bool) {
			s.note("command-before-answer", s.words(0, len(first)))
			return 0
		}
	}
	return len(first)
}

// insteadWithin is how many words behind a stop another thing is still wanted in its place.
const insteadWithin = 12

// isMeant: nothing in the clause guards against the phrase, nothing is wanted instead, and it is not about an option.
func (s *sitting) isMeant(w commandWords, i, j int) bool {
	lo, hi := s.clauseAround(i, j)
	if w.guard.in(s.toks[lo:hi]) || w.instead.in(s.toks[j:min(len(s.toks), j+insteadWithin)]) {
		s.note("command-guard", s.words(i, j))
		return false
	}
	if w.command == Agent && s.q != nil && s.q.Kind == textKind && i == lo+1 && s.saysAt(lo, "được", "getting", "got") { // "được nói chuyện với bếp trưởng": what was liked
		s.note("command-told", s.words(i, j))
		return false
	}
	if s.wantsOtherWay(w, i, j) {
		s.note("command-other-way", s.words(i, j))
		return false
	}
	if s.tellsOfOthers(i) {
		s.note("command-told", s.words(i, j))
		return false
	}
	if s.q == nil {
		return true
	}
	if (s.q.Kind == preferences.Email && strings.Contains(s.text, "@") || s.q.Kind == yesNoKind && s.behindYes(i)) && w.besideAddress.in(s.toks[i:j]) {
		s.note("command-beside-address", s.words(i, j))
		return false
	}
	if w.command == Agent && s.answersCall(i, j) || w.command == Start && s.startsName(j) || w.command == Stop && s.isAboutOne(i, j) {
		s.note("command-answers", s.words(i, j))
		return false
	}
	if w.command == Stop && s.saysAt(j, "the", "your", "those", "these") { // "stop sending the magazine"
		j += 2
	}
	for k := i; k < min(j, len(s.toks)) && (w.command != Stop || s.takesOff(i) == 0); k++ { // "stop sending me sales": what follows is an option, so it answers the question
		if n := s.mentionAt(k); n > 0 && !(w.command == Stop && (s.endsMessages(i, k, k+n) || n == 1 && s.isBid(k))) {
			s.note("command-about-option", s.words(i, j))
			return false
		}
	}
	return true
}

// wantsOtherWay: "dừng gọi, nhắn tin thôi": what follows wants another way in the place of the one that is to end.
func (s *sitting) wantsOtherWay(w commandWords, i, j int) bool {
	lo, _ := s.clauseAround(i, j)
	if k := s.clauseStart(lo - 1); k >= 0 && w.otherWay.at(s.toks, k) > 0 {
		return true
	}
	for k := j; k < min(len(s.toks), j+insteadWithin); k++ {
		if s.toks[k].ends() {
			for k++; k < len(s.toks) && !s.toks[k].isWord(); k++ {
			}
			return w.otherWay.at(s.toks, k) > 0
		}
	}
	return false
}

// behindYes: the reply begins with a yes, and something else begins at i: "ok nhưng đừng spam".
func (s *sitting) behindYes(i int) bool {
	return i > 0 && (s.toks[i-1].ends() || s.saysAt(i-1, "nhưng", "mà", "but", "and")) && lexicon().yes.at(s.toks[:i], s.skipShell(0, i)) > 0
}

// clauseStart is where the first thing is said in the clause that the sign at i closes; -1 where there is none.
func (s *sitting) clauseStart(i int) int {
	if i <= 0 {
		return -1
	}
	lo, _ := s.clauseAround(i, i)
	for lo < i && (!s.toks[lo].isWord() || lexicon().polite.at(s.toks, lo) > 0 || s.saysAt(lo, "please", "pls")) {
		lo++
	}
	return lo
}

// answersCall: "gọi cho mình nhé", "cho nhân viên gọi chị nha" to "may we call you".
func (s *sitting) answersCall(i, j int) bool {
	if t := &s.toks[i]; t.kind == wordToken && s.q.speaksOf(t.key) && (!t.marked || s.q.echoed[t.word] || s.q.writes(t.typed)) { // "gọi" where a gói is asked for
		return true
	}
	for k := i; k < min(j, len(s.toks)); k++ {
		if t := &s.toks[k]; callWords[t.key] && (s.q.calls || !t.marked && s.q.speaksOf(t.key)) {
			return true
		}
	}
	return false
}

// isAboutOne: what would be a stop is said of one option beside another ("ko nhận tin khuyến mãi, chỉ hàng mới"), of what an option
// speaks of ("quảng cáo phiền quá" where one is Nhiều quảng cáo), or in free words of how it was ("vui, không quảng cáo").
func (s *sitting) isAboutOne(i, j int) bool {
	if s.q.Kind == textKind {
		return i > 1 && s.toks[i-1].ends() && s.saysAt(i, "không") && s.saysAt(i+1, "quảng", "spam", "làm", "nhắn") && !s.saysIn(i, min(len(s.toks), j+insteadWithin), "nữa")
	}
	if s.saysAt(i, "quảng", "spam", "qc", "sms") && s.q.inSomeName(&s.toks[i]) {
		return true
	}
	n := 0
	for j < len(s.toks) && s.saysAt(j, "me", "us", "from", "about", "of", "on", "for", "về", "the") {
		j++
	}
	if j < len(s.toks) {
		n = s.mentionAt(j)
	}
	if n == 0 {
		return false
	}
	const reach = 12
	for k := max(0, i-reach); k < i; k++ { // "events but don't text me about sales"
		if s.startsName(k) {
			return true
		}
	}
	for k := j + n; k < min(len(s.toks), j+n+reach); k++ {
		if s.startsName(k) || s.saysAt(k, "rest", "others", "only", "còn", "chỉ") {
			return true
		}
	}
	return false
}

// endsMessages: "dừng nhận tin nhắn" from i on ends all messages, also where one option is called so (from k to n): nobody says that of
// a way to get one result.
func (s *sitting) endsMessages(i, k, n int) bool {
	if !s.saysAt(i, "ngừng", "ngưng", "dừng", "hủy", "huỷ") || !s.saysAt(i+1, "nhận", "gửi") {
		return false
	}
	for ; k < n; k++ {
		if !s.saysAt(k, "nhận", "nhắn", "tin") {
			return false
		}
	}
	return true
}

// isBid: the word bids not to do something, or takes something off, and an option that means none is called so too: "bỏ số chị ra khỏi
// danh sách", "không muốn bị làm phiền" where one is "Không".
func (s *sitting) isBid(k int) bool {
	return s.saysAt(k, "không", "khỏi", "thôi", "đừng", "miễn", "chưa", "no", "none", "off")
}

// tellsOfOthers: "bên kia spam hoài", "chỗ cũ gọi hoài, phiền quá" say what others did. Who bids something is meant all the same.
func (s *sitting) tellsOfOthers(i int) bool {
	v := lexicon()
	return v.telling.at(s.toks, i) > 0 && v.told.in(s.toks[:i])
}

func (s *sitting) commanded(c Command, rule string, confidence float64, i, j int) Reading {
	return Reading{Status: IsCommand, Command: c, Rule: rule, Confidence: confidence, Words: s.words(i, j)}
}

// signless returns the words of ts without signs, in ts itself where there are none.
func signless(ts []token) []token {
	for i := range ts {
		if !ts[i].isWord() {
			out := make([]token, 0, len(ts))
			for _, t := range ts {
				if t.isWord() {
					out = append(out, t)
				}
			}
			return out
		}
	}
	return ts
}
