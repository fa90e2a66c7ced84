// Package nearest finds what somebody meant who mistyped a name. It stands alone so that the pure packages can use it
// without seeing YAML.
package nearest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const longest = 64 // runes; nobody mistypes a longer word, and the work stays bounded

// Of is the known word that is nearest to word, or "" where none is near enough to be worth suggesting. The first of
// equally near ones wins, so that the same mistake always gets the same answer.
func Of(word string, known []string) string {
	if word == "" || utf8.RuneCountInString(word) > longest {
		return ""
	}
	w := plain(word)
	best, least := "", len(w)/3+2 // one slip in a short word, more in a longer one
	for _, k := range known {
		if k == "" || utf8.RuneCountInString(k) > longest {
			continue
		}
		if d := distance(w, plain(k)); d < least && d < len(w) {
			best, least = k, d
		}
	}
	return best
}

// Slip is the known word that word was surely meant to be: it differs in one letter of four, two at the most, or in how it
// is written. It is "" where word is known, or may be a word of its own.
func Slip(word string, known []string) string {
	if slices.Contains(known, word) {
		return ""
	}
	best := Of(word, known)
	if w := plain(word); best == "" || distance(w, plain(best)) > min(2, len(w)/4) {
		return ""
	}
	return best
}

// plain makes spellings equal that people do not tell apart: case, dashes and underscores.
func plain(s string) []rune {
	return []rune(strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s)))
}

// distance is the number of letters to insert, drop, replace, or swap with their neighbour.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
