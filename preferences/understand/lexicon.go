package understand

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed words/*.txt
var wordFiles embed.FS

// vocabulary is every word list, compiled. It is built once and never changes.
type vocabulary struct {
	shortVI, shortEN map[string]string
	english          map[string]bool
	doubled          map[string]string // see doubledWords
	answers          map[string]bool   // see answerWords
	indexNouns       map[string]bool

	commands    []commandWords
	wrongNumber wrongNumberWords
	leaving     leavingWords
	toldWords
	complaints complaintWords

	decline, declineExact, declineGuard   *phrases
	whatFor, whatForRefused               *phrases
	declineText                           *phrases
	undecided, anything, postponed, later *phrases

	asking, plain, tail, notail *phrases
	lead, trail, head, index    *phrases

	negators, negatedAfter, corrections, past, present, prefer, most, demote, fineAfter *phrases
	mainly                                                                              *phrases
	thatOne                                                                             *phrases
	soNot, movesTo                                                                      *phrases
	all, rest, except, both, noneOf, aversion, quantityNouns                            *phrases

	yes, no, soft, doubt, retract, polite                       *phrases
	yesAlone, noAlone, soNo, undone, lately, untried, asksTried *phrases
	planned, noMore                                             *phrases
	butNotMe, butMe, givingUp, stillSome                        *phrases
	thanks, thanksMore                                          *phrases
	asksAttendance, absent, there                               *phrases
	asksArrival, arrived, notArrived, asksStill, gone           *phrases
	asksOnTime, onTime, late                                    *phrases
	asksAnyone, asksOffer                                       *phrases
	topics                                                      []topic
	asksOwning, ownedKinds, firstTime                           *phrases
	wish, hadAfter, hadBefore, hadBegins, hadEnds               *phrases

	asksPast, asksPastUnlessWill, asksComing *phrases

	atLeast, atMost, atLeastAfter, atMostAfter, about, rangeWords, perUnit, zero, oneself, twoOfUs, vague *phrases
	comes, staysAway                                                                                      *phrases
	contrast                                                                                              [][]*phrases

	rhetorical, largest, smallest                                       *phrases
	ago, fallback, promise, recurring, total                            *phrases
	others, besideOthers, advise, hearsay, praised, selves, othersAsked *phrases
	weekdays                                                            weekdayNames
	synonyms                                                            map[string][]string // by each name of a line: all of them
	praise, complaint, liking                                           *phrases
	compounds                                                           map[string][]compound // by the key of the name that they hold
	circumstances
	amountWords
	turnWords
	clauseWords
}

// lexicon returns the word lists.
var lexicon = sync.OnceValue(loadVocabulary)

// loadVocabulary panics when an embedded word file is broken, which any test shows.
func loadVocabulary() *vocabulary {
	v := &vocabulary{
		english:    map[string]bool{},
		indexNouns: map[string]bool{},
	}
	v.shortVI, v.shortEN = loadShorthand()
	for _, w := range strings.Fields(wordFile("english")) {
		v.english[w] = true
	}
	v.doubled = doubledWords(v.english)
	take := takePhrases(loadSections("decline", "questions", "politeness", "choice", "yes_no", "quantity"))
	v.decline, v.declineExact, v.declineGuard = take("decline"), take("decline.exact"), take("decline.guard")
	v.declineText = take("decline.text")
	v.whatFor, v.whatForRefused = take("what-for"), take("what-for.refused")
	v.undecided, v.anything = take("undecided"), take("any")
	v.postponed, v.later = take("postponed"), take("later")
	v.asking, v.plain, v.tail, v.notail = take("asking"), take("plain"), take("tail"), take("notail")
	v.lead, v.trail, v.head, v.index = take("lead"), take("trail"), take("head"), take("index")
	v.negators, v.negatedAfter, v.corrections = take("negators"), take("negated-after"), take("corrections")
	v.past, v.present, v.prefer, v.demote = take("past"), take("present"), take("prefer"), take("demote")
	v.most, v.mainly, v.fineAfter = take("most"), take("mainly"), take("negated-after-aversion")
	v.all, v.rest, v.except, v.both, v.noneOf = take("all"), take("rest"), take("except"), take("both"), take("none-of")
	v.thatOne = take("that-one")
	v.soNot, v.movesTo = take("so-not"), take("moves-to")
	v.aversion, v.quantityNouns = take("aversion"), take("quantity-nouns")
	v.yes, v.no, v.soft, v.doubt, v.retract, v.polite = take("yes"), take("no"), take("soft"), take("doubt"), take("retract"), take("polite")
	v.yesAlone, v.noAlone, v.soNo = take("yes-alone"), take("no-alone"), take("so-no")
	v.untried, v.asksTried = take("untried"), take("asks-tried")
	v.asksAttendance, v.absent, v.there = take("asks-attendance"), take("absent"), take("there")
	v.asksArrival, v.arrived, v.notArrived = take("asks-arrival"), take("arrived"), take("not-arrived")
	v.asksOnTime, v.onTime, v.late = take("asks-on-time"), take("on-time"), take("late")
	v.asksStill, v.gone = take("asks-still"), take("gone")
	v.firstTime, v.asksAnyone, v.asksOffer = take("first-time"), take("asks-anyone"), take("asks-offer")
	v.asksOwning, v.ownedKinds = take("asks-owning"), take("owned-kinds")
	v.lately, v.planned = take("lately"), take("planned")
	v.thanks, v.thanksMore = take("thanks"), take("thanks-more")
	v.oneself, v.twoOfUs = take("oneself"), take("two-of-us")
	v.undone, v.noMore = take("undone"), take("no-more")
	v.butNotMe, v.butMe = take("but-not-me"), take("but-me")
	v.givingUp, v.stillSome = take("giving-up"), take("still-some")
	v.asksPast, v.asksPastUnlessWill, v.asksComing = take("asks-past"), take("asks-past-unless-will"), take("asks-coming")
	v.wish, v.hadAfter, v.hadBefore = take("asks-wish"), take("had-after"), take("had-before")
	v.hadBegins, v.hadEnds = take("had-begins"), take("had-ends")
	v.atLeast, v.atMost, v.atLeastAfter, v.atMostAfter = take("at-least"), take("at-most"), take("at-least-after"), take("at-most-after")
	v.about, v.rangeWords, v.perUnit, v.zero, v.vague = take("about"), take("range"), take("per"), take("zero"), take("vague")
	v.comes, v.staysAway = take("comes"), take("stays-away")
	v.commands, v.wrongNumber, v.toldWords = loadCommands()
	v.leaving = loadLeaving()
	v.complaints = loadComplaints()
	v.contrast = loadContrasts()
	v.weekdays, v.synonyms = loadWeekdays(), loadSynonyms()
	v.compounds = loadCompounds()
	v.circumstances = loadCircumstances()
	v.turnWords, v.clauseWords, v.amountWords = loadTurns(), loadClauseWords(), loadAmountWords()
	v.topics = loadTopics()
	v.praise, v.complaint, v.liking = take("praise"), take("complaint"), take("asks-liking")
	v.ago, v.fallback, v.promise, v.recurring, v.total = take("ago"), take("fallback"), take("promise"), take("recurring"), take("total")
	v.rhetorical, v.largest, v.smallest = take("rhetorical"), take("largest"), take("smallest")
	v.hearsay, v.praised = take("hearsay"), take("praised")
	v.others, v.besideOthers, v.advise = take("others"), take("beside-others"), take("advise")
	v.selves, v.othersAsked = take("selves"), take("others-asked")
	v.answers = answerWords(v.yes, v.no, v.yesAlone, v.noAlone, v.polite, v.lead, v.trail)
	for key := range v.index.byKey {
		v.indexNouns[key] = true
	}
	for key := range v.head.byKey {
		v.indexNouns[key] = true
	}
	return v
}

func wordFile(name string) string {
	b, err := wordFiles.ReadFile("words/" + name + ".txt")
	if err != nil {
		panic(err)
	}
	return string(b)
}

type section struct {
	name     string
	patterns []string
	classes  map[string]string
}

// readSections splits a phrase file.
func readSections(text string) []section {
	var out []section
	classes := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		name, alts, isClass := strings.Cut(line, " = ")
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") && !strings.ContainsAny(line, " |"):
			out = append(out, section{name: line[1 : len(line)-1], classes: classes})
		case isClass:
			classes[name] = alts
		case len(out) > 0:
			out[len(out)-1].patterns = append(out[len(out)-1].patterns, line)
		}
	}
	return out
}

func loadSections(files ...string) []section {
	var out []section
	for _, f := range files {
		out = append(out, readSections(wordFile(f))...)
	}
	return out
}

func (s section) compile(loose bool) *phrases {
	p := newPhrases(loose)
	for _, pattern := range s.patterns {
		if err := p.add(pattern, s.classes); err != nil {
			panic(fmt.Sprintf("section %s: %v", s.name, err))
		}
	}
	return p
}

func takePhrases(sections []section) func(name string) *phrases {
	return func(name string) *phrases {
		for _, s := range sections {
			if s.name == name {
				return s.compile(false)
			}
		}
		panic("no section " + name)
	}
}

// plainWords are the words of a section that holds words alone: some a line, with an example behind #.
func plainWords(file, name string) (words []string) {
	for _, s := range readSections(wordFile(file)) {
		if s.name != name {
			continue
		}
		for _, line := range s.patterns {
			line, _, _ = strings.Cut(line, "#")
			words = append(words, strings.Fields(line)...)
		}
	}
	if len(words) == 0 {
		panic("no words in section " + name + " of " + file)
	}
	return words
}

// group is a line of a section whose lines say what their words stand for: day: ngày day   # "2 ngày".
type group struct {
	head  string
	words []string
}

// grouped are the lines of such a section.
func grouped(file, name string) (out []group) {
	for _, s := range readSections(wordFile(file)) {
		if s.name != name {
			continue
		}
		for _, line := range s.patterns {
			line, _, _ = strings.Cut(line, "   #")
			head, words, ok := strings.Cut(line, ": ")
			if !ok {
				panic("no colon in section " + name + " of " + file + ": " + line)
			}
			out = append(out, group{head, strings.Fields(words)})
		}
	}
	if len(out) == 0 {
		panic("no lines in section " + name + " of " + file)
	}
	return out
}

// byWord says of each word of such a section which line it is in.
func byWord(file, name string) map[string]string {
	out := map[string]string{}
	for _, g := range grouped(file, name) {
		for _, w := range g.words {
			out[w] = g.head
		}
	}
	return out
}

// keyed is words by their keys, without marks.
func keyed(words map[string]string) map[string]string {
	out := map[string]string{}
	for w, head := range words {
		out[fold(w)], out[keyOf(w)] = head, head
	}
	return out
}

// listed are the words of a section as they are written.
func listed(file, name string) map[string]bool { return set(plainWords(file, name)...) }

// listedKeys are the words of a section without their marks, with y as it is typed and as keys have it.
func listedKeys(file, name string) map[string]bool {
	out := map[string]bool{}
	for _, w := range plainWords(file, name) {
		out[fold(w)], out[keyOf(w)] = true, true
	}
	return out
}

// inOrder are the words of a section, each with its place.
func inOrder(file, name string) map[string]int {
	out := map[string]int{}
	for i, w := range plainWords(file, name) {
		out[w] = i + 1
	}
	return out
}

func loadSynonyms() map[string][]string {
	out := map[string][]string{}
	for _, line := range strings.Split(wordFile("synonyms"), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		names := strings.Split(line, ", ")
		for _, n := range names {
			out[n] = append(out[n], names...)
		}
	}
	return out
}

func loadShorthand() (vi, en map[string]string) {
	vi, en = map[string]string{}, map[string]string{}
	into := vi
	for _, line := range strings.Split(wordFile("shorthand"), "\n") {
		if line == "[en]" {
			into = en
		}
		full, typed, ok := strings.Cut(line, ": ")
		if !ok || strings.HasPrefix(line, "#") || strings.Contains(full, " ") {
			continue
		}
		for _, t := range strings.Fields(typed) {
			into[spell(t)] = spell(full)
		}
	}
	return vi, en
}
