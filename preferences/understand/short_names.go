package understand

import "strings"

// shortNames lets an option be named without the first word of its label, where other labels start with the same word
// or the question says it: "Da dầu", "Da khô" are also "dầu", "khô".
func (c *question) shortNames() {
	c.derived = map[string]bool{}
	c.namesBeforeBrackets()
	c.districtNames()
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

// districtNames lets Quận 7 be called q7, as it is written everywhere.
func (c *question) districtNames() {
	for o := range c.options {
		for _, name := range c.options[o].names[:c.options[o].labels] {
			if len(name) != 2 || name[0].key != "quan" || name[1].kind != numberToken {
				continue
			}
			if r := tokenise("q"+name[1].word, true, c.known); !c.named(nameOf(r.toks)) {
				c.options[o].names = append(c.options[o].names, nameOf(r.toks))
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
