package console

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/files"
)

// phrase is a piece of a finding that has words of its own, such as a hint: it is known by how it is said in English.
type phrase struct {
	key  string
	form *regexp.Regexp // of the English, with a group for whatever is filled in
	size int            // of what is not filled in
}

// phrases are the texts of a group; those with more words of their own come first.
func phrases(group string) (list []phrase) {
	gap := regexp.MustCompile(`\\\{\d\\\}`)
	for key, text := range texts {
		if strings.HasPrefix(key, group+".") {
			form := regexp.QuoteMeta(text[en])
			bare := gap.ReplaceAllString(form, "")
			list = append(list, phrase{key, regexp.MustCompile("(?s)^" + gap.ReplaceAllString(form, "(.+?)") + "$"), len(bare)})
		}
	}
	slices.SortFunc(list, func(a, b phrase) int { return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.key, b.key)) })
	return list
}

var (
	hints = phrases("mend")
	parts = phrases("part")
)

// rephrased says a piece in the language; ok: it has words for it.
func (l lang) rephrased(list []phrase, said string) (s string, ok bool) {
	for _, p := range list {
		if m := p.form.FindStringSubmatch(said); m != nil {
			return l.say(p.key, numbered(m[1:])...), true
		}
	}
	return said, false
}

// numbered are the pairs that fill {0}, {1} and so on.
func numbered(args []string) (pairs []string) {
	for i, a := range args {
		pairs = append(pairs, strconv.Itoa(i), a)
	}
	return pairs
}

// finding is what is wrong with a file, in the user's language where there are words for it.
type finding struct {
	Said, Hint string
	Foreign    bool // it is in English all the same
}

// finding says a message by its code and what is filled in.
func (l lang) finding(message, hint string, said files.Said) finding {
	f := finding{Said: message, Hint: hint}
	if l == en {
		return f
	}
	if _, ok := texts["lint."+said.Code]; !ok {
		f.Foreign = true
		return f
	}
	args := make([]string, len(said.Args))
	for i, a := range said.Args {
		args[i], _ = l.rephrased(parts, a)
	}
	f.Said = l.say("lint."+said.Code, numbered(args)...)
	if hint != "" {
		f.Hint, _ = l.rephrased(hints, hint)
	}
	return f
}

// misread is a mistake in a condition, in the user's language.
func (l lang) misread(e expr.Error) finding {
	return l.finding(e.Message, e.Hint, files.SaidOf(&e))
}
