package understand

import (
	"slices"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// The kinds under short names: the readers branch on them all the time.
const (
	yesNoKind   = preferences.YesNo
	choiceKind  = preferences.Choice
	choicesKind = preferences.Choices
	textKind    = preferences.Text
)

// question is a Question made ready: its options and wording cut into tokens.
type question struct {
	*Question
	options     []option
	known       map[string]bool // words that the reply may use as they are
	echo        map[string]bool // keys of the words that a yes may repeat
	echoed      map[string]bool // the same words as written
	stems       map[string]bool // the English ones without their endings
	text        []token         // the wording in every language
	lettered    bool            // the wording shows letters for the options
	aversion    bool            // asks what somebody cannot have
	yearly      bool            // asks for a birthday or anniversary
	past        bool            // asks about something that happened
	wish        bool            // asks for what somebody needs or would like
	titles      string          // the wording in lower case
	calls       bool            // asks about a call, or offers one
	days        bool            // some options are days of the week
	othersAsked bool            // asks about others, whoever they are, or offers them as answers
	asksAbout   map[string]bool // keys of the people that the wording names ("quà cho mẹ")
	derived     map[string]bool // keys of names that are only a part of a label
	compounds   map[string][]compound
	priced      bool         // amounts in labels are being read as money
	cleans      bool         // asks what is to be cleaned
	roomy       bool         // the labels count square metres
	givenTo     string       // whom a question of yes or no is about: "mua cho bé?"
	topics      []topic      // of yes or no: what answers it without saying so
	amounts     *amountNames // nil where the options are not told apart by amounts
}

// option is one answer, by all its names.
type option struct {
	value   string
	percent string    // the labels where they have a percentage in them, as written
	names   [][]token // labels and synonyms, each cut into tokens
	labels  int       // how many of them are labels; they come first
	none    bool      // means that nothing is chosen
	nothing bool      // is called so; where one is chosen, a plain no does not choose it
	negated bool      // some name starts with a negator ("Không cay")
}

// compile makes q ready. It is cheap next to a network call, but not next to reading: callers with a campaign keep it.
func compile(q *Question) *question {
	c := &question{Question: q, known: map[string]bool{}, echo: map[string]bool{}, echoed: map[string]bool{}, stems: map[string]bool{}}
	c.titles = strings.ToLower(q.Text["vi"] + "\n" + q.Text["en"])
	for _, o := range q.Options {
		c.learn(o)
	}
	for _, o := range q.Options {
		c.options = append(c.options, c.option(o))
	}
	c.text = make([]token, 0, 32)
	for _, locale := range [...]string{"vi", "en"} {
		r := tokenise(clean(q.Text[locale]), locale == "vi", c.known)
		c.text = append(c.text, r.toks...)
		c.learnEcho(r.toks, locale == "vi")
		c.text = append(c.text, token{kind: breakToken, typed: "\n", word: "\n", key: "\n"})
	}
	c.learnSameVerbs()
	c.calls = c.asksCall()
	c.readWording()
	c.shortNames()
	c.nameWeekdays()
	c.nameSynonyms()
	c.nameCoupled()
	c.findNone()
	c.othersAsked = c.asksAboutOthers()
	c.compounds = c.compoundsOf()
	c.readAmounts()
	c.topics = c.topicsOf()
	c.givenTo = c.recipient()
	return c
}

// recipient is the one whom the wording names behind "cho", where there is one only.
func (c *question) recipient() string {
	found := ""
	for i := 0; i+1 < len(c.text) && c.Kind == yesNoKind; i++ {
		if c.text[i].word == "cho" && recipients[c.text[i+1].word] {
			if found != "" {
				return ""
			}
			found = c.text[i+1].word
		}
	}
	return found
}

// asksCall: the wording or a label has one of the words that ask for a call, with its marks ("gọi", and not the "gói" of a plan).
func (c *question) asksCall() bool {
	for _, w := range [...]string{"gọi", "call", "ring", "phone"} {
		if c.echoed[w] || c.writes(w) {
			return true
		}
	}
	return false
}

func (c *question) learn(o Option) {
	for _, l := range o.Label {
		c.learnWords(l)
	}
	for _, ss := range o.Synonyms {
		for _, s := range ss {
			c.learnWords(s)
		}
	}
}

func (c *question) learnWords(s string) {
	for _, w := range strings.Fields(strings.ToLower(clean(s))) {
		c.known[w] = true
	}
}

func (c *question) option(o Option) option {
	out := option{value: o.Value}
	add := func(name, locale string) {
		if r := tokenise(clean(name), locale == "vi", c.known); len(r.toks) > 0 {
			out.names = append(out.names, nameOf(r.toks))
		}
	}
	for _, locale := range locales(o.Label) {
		add(o.Label[locale], locale)
		if strings.Contains(o.Label[locale], "%") {
			out.percent += clean(o.Label[locale]) + "\n"
		}
	}
	out.labels = len(out.names)
	for _, locale := range locales(o.Synonyms) {
		for _, s := range o.Synonyms[locale] {
			add(s, locale)
		}
	}
	for _, n := range out.names {
		if len(n) > 0 && isNegator(n[0].word) {
			out.negated = true
		}
		out.none = out.none || len(n) == 1 && (isNegator(n[0].word) || n[0].word == "none")
	}
	return out
}

// nameOf takes the signs out of a name and remembers where they stood ("TP.HCM", "Trà, cà phê").
func nameOf(ts []token) []token {
	out := make([]token, 0, len(ts))
	for i := range ts {
		if ts[i].isWord() {
			out = append(out, ts[i])
			out[len(out)-1].apart = len(out) > 1 && !ts[i-1].isWord()
		}
	}
	return out
}

// findNone marks the options of a list that mean nothing is chosen by their wording: a negator with a word of the question
// or with one that means anything ("Không mua", "Không có gì", "No pets"). "Không đá" is an ingredient left out.
func (c *question) findNone() {
	for o := range c.options {
		opt := &c.options[o]
		for _, name := range opt.names[:opt.labels] {
			opt.nothing = opt.nothing || c.meansNone(name)
		}
		opt.none = opt.none || c.Kind == choicesKind && opt.nothing
	}
}

func (c *question) meansNone(name []token) bool {
	if len(name) == 0 { // signs alone
		return false
	}
	switch name[0].word {
	case "nothing", "none", "neither":
		return true
	}
	if !isNegator(name[0].word) {
		return false
	}
	for i := 1; i < len(name); i++ {
		switch t := &name[i]; t.word {
		case "gì", "nào", "ai", "có", "cả", "hết", "thích", "cần", "quan", "tâm", "mua", "dùng", "lấy", "chọn", "muốn", "ăn", "uống", "nuôi", "thêm", "bị", "any", "of":
		default:
			if !c.echo[t.key] {
				return false
			}
		}
	}
	return true
}

// locales lists the keys in a fixed order, the two languages we read first.
func locales[V any](m map[string]V) []string {
	var out []string
	for _, l := range [...]string{"vi", "en"} {
		if _, ok := m[l]; ok {
			out = append(out, l)
		}
	}
	return out
}

func isNegator(w string) bool {
	switch w {
	case "không", "no", "not", "none", "chưa", "never", "khong":
		return true
	}
	return false
}

func (c *question) readWording() {
	c.aversion = lexicon().aversion.in(c.text)
	t := fold(c.titles)
	for _, w := range []string{"sinh nhat", "ngay sinh", "ky niem", "ngay cuoi", "birthday", "birth", "born", "anniversary"} {
		c.yearly = c.yearly || strings.Contains(t, w)
	}
	if strings.Contains(t, "wedding") && !strings.Contains(t, "anniversary") && !strings.Contains(t, "ky niem") { // it is still to come
		c.yearly = false
	}
	c.yearly = c.yearly && !strings.Contains(c.titles, "dự sinh") && !strings.Contains(c.titles, "due") // the day is still to come
	c.lettered = strings.Contains(t, "a)") && strings.Contains(t, "b)") || strings.Contains(t, "a.") && strings.Contains(t, "b.") || strings.Contains(t, "(a)")
	c.cleans = c.echo["don"] || c.echo["giat"] || c.echo["rua"] || c.stems["clean"] || c.stems["wash"]
	c.past = c.asksPast()
	c.wish = !c.past && lexicon().wish.in(c.text)
}

func (c *question) learnEcho(ts []token, vi bool) {
	common := commonEnglish
	if vi {
		common = commonVietnamese
	}
	for i := range ts {
		if t := &ts[i]; t.kind == wordToken && !common[t.key] {
			c.echo[t.key], c.echoed[t.word] = true, true
			if !vi {
				c.stems[englishStem(t.key)] = true
			}
		}
	}
}

// learnSameVerbs lets verbs that mean the same come back as the ones of the question.
func (c *question) learnSameVerbs() {
	for _, same := range sameVerbs {
		said := false
		for i := range c.text {
			said = said || c.text[i].kind == wordToken && slices.Contains(same.words, c.text[i].word)
		}
		for _, w := range same.words {
			if said && !c.echoed[w] && !commonVietnamese[keyOf(w)] {
				c.echo[keyOf(w)], c.echoed[w] = true, true
			}
		}
	}
}

// sameVerbs are rows of verbs that mean the same.
var sameVerbs = grouped("everyday", "same-verbs")

// shortNames lets an option be named without the first word of its label, where other labels start with the same word
// or the question says it: "Da dầu", "Da khô" are also "dầu", "khô".
func (c *question) shortNames() {
	c.derived = map[string]bool{}
	c.namesBeforeBrackets()
	for o := range c.options {
		opt := &c.options[o]
		for _, name := range opt.names[:opt.labels] {
			if len(name) == 2 && (name[0].word == "a" || name[0].word == "an" || name[0].word == "the" || name[0].word == "my") && len(name[1].key) > 1 {
				c.shortName(o, name[1:])
			}
			for n := 1; n < len(name) && n <= 2 && c.saidInWording(name[:n]); n++ { // "Hóa đơn giấy" where the question says hóa đơn
				if rest := name[n:]; len(rest) == 1 && !rest[0].apart && !c.echoed[rest[0].word] {
					c.shortName(o, rest)
				}
			}
			if len(name) >= 3 && len(name) <= 4 && c.commonHeads(o, name[:2]) { // "Tài khoản thanh toán" beside "Tài khoản chung"
				c.shortName(o, name[2:])
			}
			if len(name) < 2 || len(name) > 3 || name[0].kind != wordToken || name[1].kind != wordToken || isNegator(name[0].word) || !c.commonHead(o, &name[0]) && !lightVerbs[name[0].word] {
				continue
			}
			c.shortName(o, name[1:])
		}
		for _, name := range opt.names[opt.labels:] { // "thẻ atm" beside "Thẻ tín dụng"
			if len(name) == 2 && name[0].kind == wordToken && len(name[1].key) > 2 && !isNegator(name[0].word) && c.commonHead(o, &name[0]) {
				c.shortName(o, name[1:])
			}
		}
	}
}

// namesBeforeBrackets lets "M (50-60kg)" be named without what explains it, where no other label begins so.
func (c *question) namesBeforeBrackets() {
	owners := map[string]int{}
	for pass := range 2 {
		for o := range c.Options {
			for _, locale := range locales(c.Options[o].Label) {
				name, _, found := strings.Cut(c.Options[o].Label[locale], "(")
				name = strings.TrimSpace(name)
				switch owner, seen := owners[name]; {
				case !found || name == "":
				case pass == 0 && seen && owner != o:
					owners[name] = -1
				case pass == 0:
					owners[name] = o
				case owner == o:
					if r := tokenise(clean(name), locale == "vi", c.known); len(r.toks) > 0 && r.toks[0].kind == wordToken && !c.named(nameOf(r.toks)) {
						c.options[o].names = append(c.options[o].names, nameOf(r.toks))
					}
				}
			}
		}
	}
}

func (c *question) shortName(o int, rest []token) {
	if !c.named(rest) && !genericWords[rest[0].word] && !lightVerbs[rest[0].word] && rest[0].kind == wordToken {
		c.options[o].names = append(c.options[o].names, rest)
		c.derived[rest[0].key] = true
	}
}

// saidInWording reports whether the question says all these words.
func (c *question) saidInWording(words []token) bool {
	for i := range words {
		if !c.echoed[words[i].word] {
			return false
		}
	}
	return true
}

// nameCoupled lets either of two things that one label names together stand for it: "kẹo" for Bánh kẹo, "cá" for Thịt cá.
func (c *question) nameCoupled() {
	for o := range c.options {
		opt := &c.options[o]
		for _, name := range opt.names[:opt.labels] {
			if len(name) == 2 && coupled[name[0].word] == name[1].word {
				for k := range name {
					if !c.inOtherName(o, &name[k]) {
						c.shortName(o, name[k:k+1])
					}
				}
			}
		}
	}
}

// inOtherName reports whether a label of another option has the word.
func (c *question) inOtherName(o int, t *token) bool {
	for other := range c.options {
		if other == o {
			continue
		}
		for _, name := range c.options[other].names {
			for k := range name {
				if name[k].key == t.key {
					return true
				}
			}
		}
	}
	return false
}

// coupled are two things that are named together, the second by the first.
var coupled = pairs("everyday", "coupled")

func pairs(file, name string) map[string]string {
	out := map[string]string{}
	words := plainWords(file, name)
	for i := 0; i+1 < len(words); i += 2 {
		out[words[i]] = words[i+1]
	}
	return out
}

// nameSynonyms lets options go by the words that mean the same everywhere.
func (c *question) nameSynonyms() {
	for o := range c.Options {
		for _, locale := range locales(c.Options[o].Label) {
			if names := lexicon().synonyms[strings.ToLower(clean(c.Options[o].Label[locale]))]; names != nil {
				c.alias(o, names)
			}
		}
	}
}

// lightVerbs say little in a label: "Nghe nhạc" is also "nhạc".
var lightVerbs = listed("everyday", "light-verbs")

// englishStem makes one of wrap, wraps, wrapped and wrapping.
func englishStem(w string) string {
	for _, end := range [...]string{"ing", "ed", "es", "s"} {
		stem := strings.TrimSuffix(w, end)
		if stem == w || len(stem) < 3 {
			continue
		}
		if n := len(stem); n > 3 && stem[n-1] == stem[n-2] && stem[n-1] != 's' && stem[n-1] != 'l' {
			stem = stem[:n-1]
		}
		return strings.TrimSuffix(stem, "e")
	}
	return strings.TrimSuffix(w, "e")
}

func (c *question) commonHead(except int, head *token) bool {
	for o := range c.options {
		for _, name := range c.options[o].names[:c.options[o].labels] {
			if o != except && len(name) > 1 && name[0].word == head.word {
				return true
			}
		}
	}
	return false
}

// commonHeads reports whether another label starts with the same two words.
func (c *question) commonHeads(except int, heads []token) bool {
	for o := range c.options {
		for _, name := range c.options[o].names[:c.options[o].labels] {
			if o != except && len(name) > 2 && name[0].word == heads[0].word && name[1].word == heads[1].word {
				return true
			}
		}
	}
	return false
}

// named reports whether some option has a name that starts with these words.
func (c *question) named(words []token) bool {
	for o := range c.options {
		if n, _ := c.options[o].at(words, 0); n > 0 {
			return true
		}
	}
	return false
}

// asksPast reports whether the wording is about something that happened already.
func (c *question) asksPast() bool {
	v := lexicon()
	if v.asksComing.in(c.text) {
		return false
	}
	return v.asksPast.in(c.text) || v.asksPastUnlessWill.in(c.text) && !strings.Contains(c.Text["en"], "will")
}

// Words of a question that are no sign of a yes when they come back in the reply, by key.
var commonVietnamese = listedKeys("everyday", "asked")

var commonEnglish = listedKeys("everyday", "asked-en")
