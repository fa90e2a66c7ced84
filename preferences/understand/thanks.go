package understand

// IsThanks reports whether a message thanks and says nothing else: "dạ cảm ơn shop nhiều", "thanks so much!".
func IsThanks(locale, text string) bool {
	s := &sitting{reply: tokenise(unquote(clean(text)), locale != "en", nil)}
	v := lexicon()
	thanked := false
	for i := 0; i < len(s.toks); {
		n := v.thanks.at(s.toks, i)
		thanked = thanked || n > 0
		n = max(n, v.thanksMore.at(s.toks, i), v.polite.at(s.toks, i), v.trail.at(s.toks, i))
		if n == 0 && (s.toks[i].isWord() || s.toks[i].word == "?") {
			return false
		}
		i += max(n, 1)
	}
	return thanked
}
