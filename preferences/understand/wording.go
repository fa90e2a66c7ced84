package understand

import (
	"slices"
	"strings"
)

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

// saidInWording reports whether the question says all these words.
func (c *question) saidInWording(words []token) bool {
	for i := range words {
		if !c.echoed[words[i].word] {
			return false
		}
	}
	return true
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
