package understand

import (
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
