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
	options  []option
	known    map[string]bool // words that the reply may use as they are
	echo     map[string]bool // keys of the words that a yes may repeat
	text     []token         // the wording in every language
	lettered bool            // the wording shows letters for the options
	aversion bool            // asks what somebody cannot have
	yearly   bool            // asks for a birthday or anniversary
	past     bool            // asks about something that happened
	titles   string          // the wording in lower case
}

// option is one answer, by all its names.
type option struct {
	value   string
	names   [][]token // labels and synonyms, each cut into tokens
	labels  int       // how many of them are labels; they come first
	none    bool      // means that nothing is chosen
	negated bool      // some name starts with a negator ("Không cay")
}

// compile makes q ready. It is cheap next to a network call, but not next to reading: callers with a campaign keep it.
func compile(q *Question) *question {
	c := &question{Question: q, known: map[string]bool{}, echo: map[string]bool{}}
	c.titles = strings.ToLower(q.Text["vi"] + "\n" + q.Text["en"])
	for _, o := range q.Options {
		c.learn(o)
	}
	for _, o := range q.Options {
		c.options = append(c.options, c.option(o))
	}
	for _, locale := range [...]string{"vi", "en"} {
		r := tokenise(clean(q.Text[locale]), locale == "vi", c.known)
		c.text = append(c.text, r.toks...)
		c.text = append(c.text, token{kind: breakToken, typed: "\n", word: "\n", key: "\n"})
	}
	c.readWording()
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
			out.names = append(out.names, signless(r.toks))
		}
	}
	for _, locale := range locales(o.Label) {
		add(o.Label[locale], locale)
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
	c.lettered = strings.Contains(t, "a)") && strings.Contains(t, "b)") || strings.Contains(t, "a.") && strings.Contains(t, "b.") || strings.Contains(t, "(a)")
	c.past = asksPast(c.titles)
	for i := range c.text {
		if t := &c.text[i]; t.kind == wordToken && !commonWord(t) {
			c.echo[t.key] = true
		}
	}
}

// asksPast reports whether the wording is about something that happened already.
func asksPast(titles string) bool {
	vi, en, _ := strings.Cut(titles, "\n")
	for _, w := range strings.FieldsFunc(en, func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch w {
		case "did", "was", "were", "last", "bought", "received":
			return true
		}
	}
	for _, w := range []string{"đã ", "lần cuối", "gần nhất", "gần đây", "vừa ", "hồi nào", "mua ngày", "mua sản phẩm"} {
		if strings.Contains(vi, w) {
			return en == "" || !strings.Contains(en, "will")
		}
	}
	return false
}

// commonWord reports whether a word of a question is no sign of a yes when it comes back in the reply.
func commonWord(t *token) bool {
	return commonWords[t.key]
}

var commonWords = set("ban", "minh", "shop", "co", "khong", "chua", "da", "la", "duoc", "phai", "dung", "a", "nhe", "nha", "cua", "cho", "va", "hay", "voi",
	"nao", "gi", "bao", "nhieu", "may", "khi", "luc", "o", "toi", "tren", "den", "cac", "nhung", "mot", "ve", "tu", "truoc", "sau", "nay", "ben", "anh", "chi", "em", "moi", "ngay", "gio", "lan", "di", "ra", "vao", "lai", "len", "bang", "nha",
	"do", "does", "did", "you", "your", "the", "an", "is", "are", "we", "our", "it", "to", "of", "in", "on", "at", "for", "have", "has", "will", "would", "can", "may", "be", "by", "with", "any", "ever", "us", "this", "that", "or", "and", "if", "like", "want", "from", "been", "should", "i", "me", "my", "what", "how", "when", "so", "no", "not", "yet")
