package campaigns

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/preferences"
)

// ownPageLasts is how long the page opens that the answer leads to. Whoever comes later asks again, by one word.
const ownPageLasts = 24 * time.Hour

// pageMark stands for the address of the customer's own page in the text of a message until it leaves. Whoever has the address
// may do what the customer may: it stands in no state, queue or ledger.
const pageMark = "{{page}}"

// Bounds of the short answer to "what do you hold about me": preferences, and characters of each one's name and value.
const (
	knownMax      = 8
	knownNameMax  = 60
	knownValueMax = 80
)

// data answers at once with what is known, in short, and with the way to the page that has all of it; a person sees to what
// is wanted beyond that.
func (t *turn) data() {
	t.inbox("data")
	known := t.known()
	text := joined(t.phrase(sayData, nil), known)
	if known == "" {
		text = t.phrase(sayNoData, nil)
	}
	o := Outbound{Class: ClassControl, Text: joined(text, t.phrase(sayDataRights, nil))}
	if t.w.OwnPage != nil {
		o.PageUntil = t.now.Add(ownPageLasts)
		o.Text = joined(o.Text, t.phrase(sayDataPage, map[string]string{"link": pageMark}))
	}
	t.answerWithUpTo(oftenMost, o, aboutData)
}

// known is what we hold about the contact, one thing a line.
func (t *turn) known() string {
	c := t.s.Contact
	var lines []string
	if c.Name != "" {
		lines = append(lines, t.phrase(sayDataName, nil))
	}
	if _, ok := c.Consent(preferences.Marketing); ok {
		key := sayMarketingNo
		if c.Consented(preferences.Marketing) {
			key = sayMarketingYes
		}
		lines = append(lines, t.phrase(key, nil))
	}
	attributes := sortedKeys(c.Preferences)
	for i, a := range attributes {
		if i == knownMax {
			lines = append(lines, t.phrase(sayDataMore, map[string]string{"count": strconv.Itoa(len(attributes) - i)}))
			break
		}
		lines = append(lines, "- "+t.called(a)+" "+shortened(tidy(t.show(c.Preferences[a])), knownValueMax))
	}
	return strings.Join(lines, "\n")
}

// called introduces the value of an attribute to the customer: by the label that a question for it has, else by the
// question, else by the attribute's id.
func (t *turn) called(attribute string) string {
	asked := ""
	for q := range t.w.Asking(attribute) {
		if s := q.Label.In(t.locale(), t.w.locale()); s != "" {
			return s + ":"
		}
		if asked == "" {
			asked = t.askedFor(Texts(q.Ask.Text).In(t.locale(), t.w.locale()))
		}
	}
	if asked != "" {
		return asked
	}
	return strings.ReplaceAll(attribute, "_", " ") + ":"
}

// askedFor is the question of a wording as it is put to this customer. It is empty where there is none, or where it would be
// too long to stand before an answer.
func (t *turn) askedFor(wording string) string {
	s := t.fill(questionIn(wording), nil)
	if strings.Trim(s, "? ") == "" || len([]rune(s)) > knownNameMax {
		return ""
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

// questionIn is the sentence of a wording that asks, without the greeting before it ("Chào {{name}}, ...") and the menu behind it;
// empty where there is none.
func questionIn(wording string) string {
	before, _, asks := strings.Cut(wording, "?")
	if !asks {
		return ""
	}
	before = before[sentenceIn(before):]
	if greeting, rest, ok := strings.Cut(before, ","); ok && strings.Contains(greeting, "name}}") && !strings.Contains(greeting, "prefs.") {
		before = rest
	}
	if before = strings.TrimSpace(before); before == "" {
		return ""
	}
	return before + "?"
}

// sentenceIn is where the last sentence of a text begins. What is to be filled in ({{prefs.size}}) has no end of a sentence in it.
func sentenceIn(s string) (at int) {
	for i, inside := 0, false; i < len(s); i++ {
		switch s[i] {
		case '{', '}':
			inside = s[i] == '{'
		case '.', '!', '\n':
			if !inside {
				at = i + 1
			}
		}
	}
	return at
}

// shortened is s, or its beginning with dots where it has more than n characters.
func shortened(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
