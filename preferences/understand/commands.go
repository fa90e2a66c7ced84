package understand

import (
	"slices"
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
		if s.meansSomethingElse(w.command, ts) || len(core) < len(ts) && s.meansSomethingElse(w.command, core) {
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
		return s.tellsOfSigning(ts)
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
		said := signless(s.toks[c.from:c.to])
		ts := s.coreOf(said)
		if c.from == 0 || len(ts) == 0 || lexicon().trail.whole(ts) { // "none of it. stop, thanks"
			continue
		}
		if s.meansSomethingElse(Stop, ts) { // "không, đừng gửi"
			return -1
		}
		if isSpelled(ts, "tc") || isSpelled(ts, "stop") || w.exact.whole(said) && len(said) > 1 || w.exact.whole(ts) && (len(ts) > 1 || surelyStops[ts[0].typed] && !s.namesOption()) {
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
	if w.command != Stop || s.q != nil && s.q.Kind == textKind {
		return 0
	}
	k := 0
	for k < len(s.clauses) && lexicon().lead.whole(signless(s.toks[s.clauses[k].from:s.clauses[k].to])) { // "dạ, stop. tôi không cần"
		k++
	}
	if k+1 >= len(s.clauses) || s.clauses[k].asks || s.clauses[k+1].asks {
		return 0
	}
	first, next := s.clauses[k], s.clauses[k+1]
	core := s.coreOf(signless(s.toks[first.from:first.to]))
	if k == 0 && first.from > 0 || len(core) == 0 || !w.opens.whole(core) && !(w.mayOpen.whole(core) && w.why.in(s.toks[next.from:])) || s.q != nil && s.q.optionAt(core, 0) > 0 {
		return 0
	}
	if s.q != nil {
		if _, r := s.readFrom(next.from); r.Status == Answered && !(s.q.Kind == yesNoKind && !r.Value.Bool) {
			s.note("command-before-answer", s.words(first.from, first.to))
			return 0
		}
	}
	return first.to
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
