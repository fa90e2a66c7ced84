package understand

import "strings"

// Vietnamese keyboards turn "dden" (Telex) or "d9en" (VNI) into "đen". Where one was off, the raw letters arrive.
// Both decoders give the key only: a half-typed mark proves little.

// telexKey decodes a word that cannot be a plain syllable.
func telexKey(s string) (string, bool) {
	if len(s) < 3 || !isASCII(s) || lexicon().english[s] || !suspect(s) {
		return "", false
	}
	body, tones := make([]byte, 0, len(s)), 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == 'w':
			continue
		case i > 0 && c == s[i-1] && strings.IndexByte("aeod", c) >= 0:
			continue
		case strings.IndexByte("sfrxj", c) >= 0 && i > 0 && hasVowel(body) && (!nextIsVowel(s, i) || toneInside(s, i)):
			tones++
			continue
		}
		body = append(body, c)
	}
	key := string(body)
	if tones > 1 || key == s || !syllable(key) {
		return "", false
	}
	return key, true
}

// toneInside: the f or j of "roofi", "lafi" was typed before the last vowel.
func toneInside(s string, i int) bool {
	return (s[i] == 'f' || s[i] == 'j') && i+2 == len(s) && isVowel(s[i-1]) && strings.IndexByte("iuoy", s[i+1]) >= 0 && s[i-1] != s[i+1]
}

func suspect(s string) bool {
	if len(s) > 3 && toneInside(s, len(s)-2) {
		return true
	}
	if strings.IndexByte("fjwsrxz", s[len(s)-1]) >= 0 || strings.IndexByte(s, 'w') >= 0 {
		return true
	}
	for _, d := range []string{"dd", "aa", "ee", "oo"} {
		if strings.Contains(s, d) {
			return true
		}
	}
	for i := 1; i+1 < len(s); i++ { // a tone letter between vowel and coda
		if strings.IndexByte("sfrxj", s[i]) >= 0 && isVowel(s[i-1]) && !isVowel(s[i+1]) {
			return true
		}
	}
	return false
}

func isVowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }

func hasVowel(b []byte) bool {
	for _, c := range b {
		if isVowel(c) {
			return true
		}
	}
	return false
}

func nextIsVowel(s string, i int) bool { return i+1 < len(s) && isVowel(s[i+1]) }

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// vniWord decodes the run of letters and digits at i, whose first letters end at j. A noun with a number behind it
// (so1, cau2) is a menu number, not a tone.
func vniWord(s string, i, j int, vi bool, known map[string]bool) (end int, key string) {
	if !vi || j >= len(s) || !isDigit(s[j]) || s[j] == '0' {
		return 0, ""
	}
	letters, digits := make([]byte, 0, 12), 0
	k := i
	for ; k < len(s) && (isASCIILetter(s[k]) || isDigit(s[k]) && s[k] != '0'); k++ {
		if isDigit(s[k]) {
			digits++
			if k > 0 && isDigit(s[k-1]) && k-1 >= j && digits > 3 {
				return 0, ""
			}
			continue
		}
		letters = append(letters, s[k]|0x20)
	}
	key = string(letters)
	if k < len(s) && (s[k] >= 0x80 || isDigit(s[k])) || digits > 3 || len(key) < 2 || !syllable(key) || known[strings.ToLower(s[i:k])] {
		return 0, ""
	}
	if isDigit(s[k-1]) && k-j == digits && (lexicon().indexNouns[key] || digits > 1) && !(digits == 2 && vniEnd(key, s[k-2], s[k-1]) && vniBehind(s, k)) {
		return 0, ""
	}
	if s[i]|0x20 != 'd' && j == i+1 { // m65, x2: one letter before the digit is no vowel yet
		return 0, ""
	}
	return k, key
}

// vniEnd: the two digits at the end of a word may be a mark on one of its letters and a tone: the 71 of "thu71".
func vniEnd(key string, mark, tone byte) bool {
	marked := ""
	switch mark {
	case '6':
		marked = "aeo"
	case '7':
		marked = "ou"
	case '8':
		marked = "a"
	}
	return tone >= '1' && tone <= '5' && strings.ContainsAny(key, marked)
}

// vniBehind: the next word has a digit between its letters, so that the keyboard is one of digits: "thu71 ba3y".
func vniBehind(s string, k int) bool {
	if k+1 >= len(s) || s[k] != ' ' {
		return false
	}
	for k++; k < len(s) && isASCIILetter(s[k]); k++ {
	}
	return k+1 < len(s) && s[k-1] != ' ' && isDigit(s[k]) && s[k] != '0' && isASCIILetter(s[k+1])
}

// syllable reports whether key has the shape of an unmarked Vietnamese syllable.
func syllable(key string) bool {
	i := 0
	for i < len(key) && !isVowel(key[i]) {
		i++
	}
	onset, rest := key[:i], key[i:]
	if onset == "q" && strings.HasPrefix(rest, "u") {
		rest = rest[1:]
	}
	j := 0
	for j < len(rest) && isVowel(rest[j]) {
		j++
	}
	return onsets[onset] && j > 0 && j <= 3 && codas[rest[j:]]
}

var onsets = set("", "b", "c", "ch", "d", "g", "gh", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "q", "r", "s", "t", "th", "tr", "v", "x")

var codas = set("", "c", "ch", "m", "n", "ng", "nh", "p", "t")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
