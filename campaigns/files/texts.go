package files

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/config/strict"
)

// textMax bounds a text in characters: about twenty SMS, far beyond what anybody reads.
const textMax = 3000

// template is a text with placeholders, to be checked once all attributes are known.
type template struct {
	value   strict.Value
	text    string
	allowed []string
}

// words reads a text by locale: one text, which is in the brand's language, or a group {vi: ..., en: ...}.
func (l *loading) words(v strict.Value) campaigns.Texts {
	if !v.Present() {
		return nil
	}
	out := campaigns.Texts{}
	for _, p := range l.byLocale(v) {
		s := p.Value.Text()
		if n := len([]rune(s)); n > textMax {
			p.Value.Fail("", "the text has %d characters; %d are the most", n, textMax)
		}
		if s != "" {
			out[p.Name] = s
		}
	}
	return out
}

// byLocale is what v says in each language.
func (l *loading) byLocale(v strict.Value) []strict.Pair {
	if !v.IsGroup() {
		return []strict.Pair{{Name: l.opts.Locales[0], Value: v}}
	}
	pairs := v.Pairs()
	if len(pairs) == 0 {
		v.Fail("write {"+l.opts.Locales[0]+": ...}", "%s is empty", v.Name())
	}
	var known []strict.Pair
	for _, p := range pairs {
		if slices.Contains(l.opts.Locales, p.Name) {
			known = append(known, p)
			continue
		}
		hint := "the languages here are " + strings.Join(l.opts.Locales, ", ")
		if near := strict.Nearest(p.Name, l.opts.Locales); near != "" {
			hint = "did you mean " + near + "?"
		}
		p.Key.Fail(hint, "unknown language %s", p.Name)
	}
	return known
}

// template reads a text with placeholders. Beside those of every text, more are allowed.
func (l *loading) template(v strict.Value, more ...string) campaigns.Texts {
	out := l.words(v)
	if !v.Present() {
		return out
	}
	for _, p := range l.byLocaleQuietly(v) {
		if s, ok := out[p.Name]; ok {
			l.texts = append(l.texts, template{value: p.Value, text: s, allowed: append([]string{"name", "brand", "help"}, more...)})
		}
	}
	return out
}

// byLocaleQuietly is byLocale after its problems have been noted.
func (l *loading) byLocaleQuietly(v strict.Value) []strict.Pair {
	if !v.IsGroup() {
		return []strict.Pair{{Name: l.opts.Locales[0], Value: v}}
	}
	return slices.DeleteFunc(v.Pairs(), func(p strict.Pair) bool { return !slices.Contains(l.opts.Locales, p.Name) })
}

var (
	placeholderForm = regexp.MustCompile(`\{\{[^{}]*\}\}`)
	singleBraces    = regexp.MustCompile(`\{\s*(name|brand|help|code|link|prefs\.\w+)\s*\}`)
)

// check reports each placeholder that means nothing, at its place.
func (l *loading) check(t template) {
	allowed := slices.Clone(t.allowed)
	for _, a := range slices.Sorted(maps.Keys(l.attributes)) {
		allowed = append(allowed, "prefs."+a)
	}
	for a := range l.unread {
		if strings.Contains(t.text, "{{prefs."+a+"}}") { // said there
			allowed = append(allowed, "prefs."+a)
		}
	}
	rest := []byte(t.text)
	for _, at := range placeholderForm.FindAllStringIndex(t.text, -1) {
		if err := campaigns.CheckTemplate(t.text[at[0]:at[1]], allowed); err != nil {
			t.fail(at[0], err)
		}
		copy(rest[at[0]:at[1]], strings.Repeat(" ", at[1]-at[0]))
	}
	if err := campaigns.CheckTemplate(string(rest), allowed); err != nil {
		t.fail(strings.Index(string(rest), "{{"), err)
	}
	for _, at := range singleBraces.FindAllSubmatchIndex(rest, -1) {
		name := t.text[at[2]:at[3]]
		if at[0] > 0 && rest[at[0]-1] == '{' {
			continue // it is never closed, which has been said
		}
		line, column := position(t.text, at[0])
		t.value.FailInside(line, column, "write {{"+name+"}}", "{%s} has too few braces", name)
	}
}

func (t template) fail(at int, err error) {
	message, hint, _ := strings.Cut(err.Error(), "; ")
	line, column := position(t.text, max(0, at))
	switch name, unknown := strings.CutPrefix(message, "there is no {{"); {
	case unknown:
		t.value.FailInside(line, column, hint, "there is no {{%s}}", strings.TrimSuffix(name, "}}"))
	default:
		t.value.FailInside(line, column, hint, "a {{ is never closed")
	}
}

// position is where byte at of s stands: line and column from 1, in characters.
func position(s string, at int) (line, column int) {
	before := s[:at]
	line = strings.Count(before, "\n") + 1
	return line, len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
}

// has reports whether text uses the placeholder name.
func has(text, name string) bool {
	return slices.ContainsFunc(placeholderForm.FindAllString(text, -1), func(p string) bool {
		return strings.TrimSpace(strings.Trim(p, "{}")) == name
	})
}
