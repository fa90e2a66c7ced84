package campaigns

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hoidap/hoidap/config/nearest"
)

// valueMax bounds what one placeholder may put into a text, in characters: names come from providers and imports.
const valueMax = 300

// Render puts vars into text where it says {{name}}; spaces within the braces are allowed. What a customer or a
// provider wrote is data: it is put in once, as one line, and is never read as a placeholder. A name that is not in
// vars, and an empty value, leave nothing behind, neither a double space nor a space before punctuation.
func Render(text string, vars map[string]string) string {
	var b strings.Builder
	b.Grow(len(text))
	for {
		before, name, rest, ok := placeholder(text)
		b.WriteString(before)
		if !ok {
			return strings.TrimSpace(b.String())
		}
		text = rest
		if v := tidy(vars[name]); v != "" {
			b.WriteString(v)
			continue
		}
		text = closeGap(&b, text)
	}
}

// placeholder cuts text at its first placeholder. A brace that is never closed is ordinary text.
func placeholder(text string) (before, name, rest string, ok bool) {
	before, after, found := strings.Cut(text, "{{")
	if !found {
		return text, "", "", false
	}
	name, rest, found = strings.Cut(after, "}}")
	if !found {
		return text, "", "", false
	}
	return before, strings.TrimSpace(name), rest, true
}

// tidy is a value as one line of bounded length.
func tidy(v string) string {
	if isTidy(v) {
		return v
	}
	return tidied(v)
}

func tidied(v string) string {
	v = strings.Join(strings.FieldsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(v) > valueMax {
		v = string([]rune(v)[:valueMax])
	}
	return v
}

// isTidy reports whether tidy would change nothing, as with nearly every value.
func isTidy(v string) bool {
	afterSpace := true
	for _, r := range v {
		switch {
		case r == ' ' && !afterSpace:
			afterSpace = true
		case unicode.IsSpace(r), unicode.IsControl(r):
			return false
		default:
			afterSpace = false
		}
	}
	return v == "" || !afterSpace && len(v) <= valueMax
}

// closeGap removes the space that an empty placeholder leaves between what was written and what follows, and returns
// what follows.
func closeGap(b *strings.Builder, rest string) string {
	written := b.String()
	open := written == "" || strings.HasSuffix(written, " ") || strings.HasSuffix(written, "\n")
	if !open {
		return rest
	}
	if rest == "" || strings.ContainsRune(",.!?:;)\n", rune(rest[0])) {
		b.Reset()
		b.WriteString(strings.TrimRight(written, " "))
		return rest
	}
	return strings.TrimLeft(rest, " ")
}

// CheckTemplate reports the first placeholder of text that is none of allowed, and the nearest one that is. An entry
// of allowed that ends in ".*" allows every name that begins so.
func CheckTemplate(text string, allowed []string) error {
	for rest := text; ; {
		var name string
		var ok bool
		if _, name, rest, ok = placeholder(rest); !ok {
			break
		}
		if !permits(allowed, name) {
			return unknownVariable(name, allowed)
		}
	}
	return unclosed(text)
}

func permits(allowed []string, name string) bool {
	for _, a := range allowed {
		if prefix, any := strings.CutSuffix(a, "*"); a == name || any && strings.HasPrefix(name, prefix) && name != prefix {
			return true
		}
	}
	return false
}

func unknownVariable(name string, allowed []string) error {
	if near := nearest.Of(name, allowed); near != "" {
		return fmt.Errorf("there is no {{%s}}; did you mean {{%s}}?", name, near)
	}
	return fmt.Errorf("there is no {{%s}}; there are %s", name, strings.Join(allowed, ", "))
}

func unclosed(text string) error {
	if strings.Count(text, "{{") > strings.Count(text, "}}") {
		return fmt.Errorf("a {{ is never closed; write {{name}}")
	}
	return nil
}
