package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words are drawn out for emphasis: "cóoo", "đượccc", "greeeen". What was meant is the word with the letters that it has.

// shorten writes a letter once that was typed three times or more, or twice with a mark, or again without it ("cóo"): no word
// has that.
func shorten(s string) string {
	if !repeats(s) {
		return s
	}
	rs, out := []rune(s), make([]rune, 0, len(s))
	for i := 0; i < len(rs); {
		j := i
		for j < len(rs) && rs[j] == rs[i] {
			j++
		}
		n := j - i
		for j < len(rs) && againUnmarked(rs[i], rs[j]) {
			j++
		}
		switch {
		case rs[i] >= utf8.RuneSelf:
			n = 1
		case n < 3 || meantLong(rs, rs[i]):
		case n == len(rs): // "mmm" is no M
			n = 3
		default:
			n = 1
		}
		out = append(out, rs[i:i+n]...)
		i = j
	}
	return string(out)
}

// againUnmarked: the letter with a mark is typed again without it, as in "cóo". The ưu of "lưu" is as it should be.
func againUnmarked(marked, r rune) bool {
	return marked >= utf8.RuneSelf && r < utf8.RuneSelf && r == foldRune(marked) && r != 'd' && !strings.ContainsRune("ưứừửữự", marked)
}

// repeats reports whether shorten has anything to do.
func repeats(s string) bool {
	run, prev := 0, rune(0)
	for _, r := range s {
		switch {
		case r == prev:
			run++
		case againUnmarked(prev, r):
			return true
		default:
			run, prev = 1, r
		}
		if run >= 3 && unicode.IsLetter(r) || run == 2 && r >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// meantLong: the k of laughter and the x of a size ("kkk", "xxxl") are as many as were meant.
func meantLong(rs []rune, r rune) bool {
	rest := strings.TrimLeft(string(rs), string(r))
	return r == 'k' && rest == "" || r == 'x' && (rest == "" || rest == "l" || rest == "s")
}

// drawnOut is the word that raw draws out, "" where it is none: one with double letters of its own ("greeeen", "xooong"), or, where
// only the last letter was typed again, one that the words of the question or an answer has ("yepp", "vinaa").
func drawnOut(raw, typed string, vi bool, known map[string]bool) string {
	if len(raw) > len(typed) {
		return lengthened(raw, known)
	}
	n := len(typed)
	if n < 3 || typed[n-1] != typed[n-2] || !isASCIILetter(typed[n-1]) || known[typed] || lexicon().english[typed] {
		return ""
	}
	once := typed[:n-1]
	switch v := lexicon(); {
	case hasMarks(once), known[once], v.answers[once]:
		return once
	case vi && strings.HasSuffix(typed, "uu") && !isVowel(typed[n-3]): // lưu, cứu, hữu
		return ""
	case vi && (n > 3 || isVowel(typed[n-1])) && isASCII(once) && strings.IndexByte("aeodsfrxjwk", typed[n-1]) < 0 && syllable(once): // the others may be a keyboard's
		return once
	}
	return ""
}

// lengthened finds the word with double letters that raw has more of, the longest where there are several.
func lengthened(raw string, known map[string]bool) string {
	best := lexicon().doubled[squeeze(raw)]
	if best != "" && !lengthens(raw, best) {
		best = ""
	}
	first, _ := utf8.DecodeRuneInString(raw)
	for w := range known {
		if f, _ := utf8.DecodeRuneInString(w); f != first || len(w) >= len(raw) || len(w) < len(best) || len(w) == len(best) && w > best && known[best] {
			continue
		}
		if lengthens(raw, w) {
			best = w
		}
	}
	return best
}

// lengthens: raw is w with some of its letters typed more often.
func lengthens(raw, w string) bool {
	i, j := 0, 0
	for i < len(raw) && j < len(w) {
		a, b := runAt(raw, i), runAt(w, j)
		if raw[i] != w[j] || a < b || a > b && a < 3 {
			return false
		}
		i, j = i+a, j+b
	}
	return i == len(raw) && j == len(w)
}

func runAt(s string, i int) int {
	n := 1
	for i+n < len(s) && s[i+n] == s[i] {
		n++
	}
	return n
}

// squeeze writes every letter once that stands there several times.
func squeeze(s string) string {
	var b strings.Builder
	prev := rune(0)
	for _, r := range s {
		if r != prev {
			b.WriteRune(r)
		}
		prev = r
	}
	return b.String()
}

// doubledWords are the everyday words with double letters, by how they look without.
func doubledWords(english map[string]bool) map[string]string {
	out := map[string]string{}
	for w := range english {
		if sq := squeeze(w); sq != w && !english[sq] && (out[sq] == "" || w < out[sq]) {
			out[sq] = w
		}
	}
	return out
}

// answerWords are the words that are a whole answer or politeness by themselves.
func answerWords(lists ...*phrases) map[string]bool {
	out := map[string]bool{}
	for _, p := range lists {
		for _, openings := range p.byKey {
			for _, o := range openings {
				if len(o.rest) == 0 {
					out[o.first.word] = true
				}
			}
		}
	}
	return out
}
