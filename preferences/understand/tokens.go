package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	wordToken tokenKind = iota
	numberToken
	punctToken
	emojiToken
	breakToken // end of a line
)

// token is one word, number or sign of a reply.
type token struct {
	kind   tokenKind
	typed  string // lower case, one spelling, as the customer typed it
	word   string // the same with chat shorthand written out (ko: không)
	key    string // word without marks
	marked bool   // typed with Vietnamese marks: then they decide
	loose  bool   // typed without, where marks are usually left out: the key may stand for any word with that key
	glued  bool   // nothing between it and the token before
	caps   bool   // no small letter in it
	held   bool   // part of another thing's name: it names no option
	apart  bool   // in a name: a sign stood before it, which a reply may have too
	from   int    // where it stands in the cleaned text
	to     int
}

// reply is a message cut into tokens.
type reply struct {
	text   string
	toks   []token
	marked bool // the customer types marks
	caps   bool // all in capitals
	vi     bool // read as Vietnamese where both languages are possible
}

// words returns the text that tokens i to j-1 stand for.
func (r *reply) words(i, j int) string {
	if i >= j || i < 0 || j > len(r.toks) {
		return ""
	}
	return r.text[r.toks[i].from:r.toks[j-1].to]
}

// tokenise cuts cleaned text; known words are never taken for keyboard left-overs.
func tokenise(text string, vi bool, known map[string]bool) reply {
	r := reply{text: text, vi: vi, toks: make([]token, 0, len(text)/4+2)}
	for i := 0; i < len(text); {
		c, w := utf8.DecodeRuneInString(text[i:])
		switch {
		case c == ' ':
			i += w
		case unicode.IsLetter(c):
			i = r.word(i, known)
		case c >= '0' && c <= '9':
			i = r.number(i)
		default:
			i = r.sign(i, c, w)
		}
	}
	r.judgeMarks()
	return r
}

func (r *reply) add(t token) int {
	if n := len(r.toks); n > 0 {
		t.glued = r.toks[n-1].to == t.from
	}
	r.toks = append(r.toks, t)
	return t.to
}

func (r *reply) word(i int, known map[string]bool) int {
	j := wordEnd(r.text, i)
	behindNumber := i > 0 && isDigit(r.text[i-1]) // 1ty2 is an amount
	if end, key := vniWord(r.text, i, j, r.vi && !behindNumber, known); end > 0 {
		return r.add(token{kind: wordToken, typed: key, word: key, key: key, loose: true, from: i, to: end})
	}
	raw := r.text[i:j]
	small := strings.ToLower(raw)
	typed := spell(small)
	if full := drawnOut(small, typed, r.vi, known); full != "" {
		typed = full
	}
	if r.vi && strings.HasPrefix(typed, "dd") && !isASCII(typed) { // the keyboard made the tone and missed the đ
		typed = "đ" + typed[2:]
	}
	t := token{kind: wordToken, typed: typed, word: typed, from: i, to: j}
	t.caps = raw != typed && strings.ToUpper(raw) == raw
	folded := fold(typed)
	t.key, t.marked = keyOfFolded(folded), folded != typed
	if full, ok := r.shorthand(typed, behindNumber); ok && !(t.marked && known[typed]) { // "kinh dị" is no "kinh vậy"
		t.word, t.key = full, keyOf(full)
	} else if r.vi && !t.marked && !known[typed] {
		if key, ok := telexKey(typed); ok {
			t.word, t.key, t.loose = key, key, true
		}
	}
	return r.add(t)
}

func (r *reply) shorthand(typed string, glued bool) (string, bool) {
	if r.vi {
		if len(r.toks) > 0 && r.toks[len(r.toks)-1].kind == numberToken && len(typed) <= 2 && (glued || !neverUnits[typed]) {
			return "", false // 200k, 50kg
		}
		if typed == "k" && len(r.toks) > 0 && hundreds[r.toks[len(r.toks)-1].key] {
			return "", false // 2 trăm k
		}
		full, ok := lexicon().shortVI[typed]
		return full, ok
	}
	full, ok := lexicon().shortEN[typed]
	return full, ok
}

var hundreds = listedKeys("counting", "hundreds")

func wordEnd(s string, i int) int {
	for i < len(s) {
		c, w := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(c) && !unicode.Is(unicode.Mn, c) {
			if c == '\'' && i+1 < len(s) && isASCIILetter(s[i+1]) && i > 0 && isASCIILetter(s[i-1]) {
				i++
				continue
			}
			break
		}
		i += w
	}
	return i
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool       { return c >= '0' && c <= '9' }

func (r *reply) number(i int) int {
	s, j := r.text, i
	for j < len(s) && (isDigit(s[j]) || (s[j] == '.' || s[j] == ',') && j+1 < len(s) && isDigit(s[j+1])) {
		j++
	}
	t := s[i:j]
	if end := spacedThousands(s, i, j); end > j { // 1 500 000
		j, t = end, strings.ReplaceAll(s[i:end], " ", "")
		return r.add(token{kind: numberToken, typed: t, word: t, key: t, from: i, to: j})
	}
	for k, short := j, j-i <= 3; short && j-i <= 12 && strings.HasPrefix(s[k:], " 000") && (k+4 == len(s) || !isDigit(s[k+4])); k = j { // 500 000
		j = k + 4
		t += "000"
	}
	return r.add(token{kind: numberToken, typed: t, word: t, key: t, from: i, to: j})
}

// spacedThousands is the end of an amount whose thousands are set apart by gaps, and whose first digits end at j; j where there
// is none. One gap may also lie between two numbers, and three hundreds may be a list.
func spacedThousands(s string, i, j int) int {
	if j-i > 3 || s[i] == '0' || i > 0 && s[i-1] == '+' || strings.ContainsAny(s[i:j], ".,") {
		return j
	}
	end, groups := j, 0
	for end+4 <= len(s) && s[end] == ' ' && isDigit(s[end+1]) && isDigit(s[end+2]) && isDigit(s[end+3]) && (end+4 == len(s) || !isDigit(s[end+4])) {
		end, groups = end+4, groups+1
	}
	if groups < 2 || groups > 3 || j-i == 3 && s[end-3:end] != "000" {
		return j
	}
	return end
}

func (r *reply) sign(i int, c rune, w int) int {
	kind := punctToken
	switch {
	case c == '\n':
		kind = breakToken
	case c > 0x2000 && c != '₫' && c != '…' && (unicode.Is(unicode.So, c) || unicode.Is(unicode.Sk, c) || unicode.Is(unicode.Sm, c) && c > 0x2190):
		kind = emojiToken
	}
	t := r.text[i : i+w]
	if c == '₫' {
		return r.add(token{kind: wordToken, typed: "đ", word: "đ", key: "d", marked: true, from: i, to: i + w})
	}
	return r.add(token{kind: kind, typed: t, word: t, key: t, from: i, to: i + w})
}

// judgeMarks decides whether unmarked words may be read as any word with their key. Where the customer types marks, a
// word without them usually has none.
func (r *reply) judgeMarks() {
	words, marked, small := 0, 0, false
	for i := range r.toks {
		if t := &r.toks[i]; t.kind == wordToken {
			small = small || !t.caps
			if particles[t.word] { // keyboards complete these by themselves
				continue
			}
			words++
			if t.marked {
				marked++
			}
		}
	}
	r.marked = marked*4 >= words && marked > 0
	r.caps = !small && len(r.toks) > 0
	for i := range r.toks {
		t := &r.toks[i]
		t.loose = t.loose || r.vi && !r.marked && !t.marked && t.kind == wordToken
	}
}

// neverUnits are short words that measure nothing: "thứ 6 ko dc".
var neverUnits = listed("everyday", "never-units")

var particles = listed("everyday", "completed")

// ends reports whether the token closes a clause.
func (t *token) ends() bool {
	if t.kind == breakToken {
		return true
	}
	if t.kind != punctToken {
		return false
	}
	switch t.word {
	case ",", ".", ";", "!", "?", "…", "(", ")", ":":
		return true
	}
	return false
}

func (t *token) isWord() bool { return t.kind == wordToken || t.kind == numberToken }

// hasMore reports whether ts has more than n words, and looks no further than it must.
func hasMore(ts []token, n int) bool {
	for i := range ts {
		if ts[i].isWord() {
			if n--; n < 0 {
				return true
			}
		}
	}
	return false
}
