package demo

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// term is one condition, in plain words beside its source.
type term struct {
	Source string `json:"source"`
	Plain  string `json:"plain"`
	Held   *bool  `json:"held"` // nil: not looked at yet
	Saw    string `json:"saw,omitempty"`
}

// The forms of conditions that have plain words; others are shown as written.
var (
	consentTerm = regexp.MustCompile(`^(!?)consent\.(\w+)$`)
	nilTerm     = regexp.MustCompile(`^(prefs|facts)\.(\w+) *(==|!=) *nil$`)
	wordTerm    = regexp.MustCompile(`^(prefs|facts|contact|event)\.(\w+) *(==|!=) *["']([^"']*)["']$`)
	inTerm      = regexp.MustCompile(`^(not +|!)?\(?["']([^"']*)["'] +in +(prefs|facts|event)\.(\w+)\)?$`)
	amongTerm   = regexp.MustCompile(`^(prefs|facts|event)\.(\w+) +in +\[([^\[\]]*)\]$`)
	timeTerm    = regexp.MustCompile(`^prefs\.(\w+)\.(?:from|to) *(>=|<=|>|<) *["'](\d\d:\d\d)["']$`)
	numberTerm  = regexp.MustCompile(`^(prefs|facts|event)\.(\w+?)(?:\.(?:min|max))? *(>=|<=|==|>|<) *(-?[\d_.]+)$`)
)

// plain says a condition in words; empty where it has a form that we have no words for.
func (n names) plain(src string) string {
	src = strings.TrimSpace(src)
	if m := consentTerm.FindStringSubmatch(src); m != nil {
		return n.lang.say("term.consent"+m[1], "purpose", n.lang.known("purpose", m[2]))
	}
	if m := nilTerm.FindStringSubmatch(src); m != nil {
		return n.lang.say("term.nil"+m[3], "attr", n.attribute(m[2]))
	}
	if m := wordTerm.FindStringSubmatch(src); m != nil {
		return n.lang.say("term.word"+m[3], "attr", n.attribute(m[2]), "value", n.option(m[2], m[4]))
	}
	if m := inTerm.FindStringSubmatch(src); m != nil {
		key := map[bool]string{true: "term.in", false: "term.notin"}[m[1] == ""]
		return n.lang.say(key, "attr", n.attribute(m[4]), "value", n.option(m[4], m[2]))
	}
	if m := amongTerm.FindStringSubmatch(src); m != nil {
		return n.lang.say("term.among", "attr", n.attribute(m[2]), "value", n.among(m[2], m[3]))
	}
	if m := timeTerm.FindStringSubmatch(src); m != nil {
		return n.lang.say("term.time"+m[2], "attr", n.attribute(m[1]), "n", m[3])
	}
	if m := numberTerm.FindStringSubmatch(src); m != nil {
		return n.numberTerm(m[2], m[3], m[4])
	}
	return ""
}

// among says a list of values: the one or the other.
func (n names) among(attribute, list string) string {
	var words []string
	for _, v := range strings.Split(list, ",") {
		words = append(words, n.option(attribute, strings.Trim(v, ` "'`)))
	}
	return strings.Join(words, n.lang.say("term.or"))
}

func (n names) numberTerm(attribute, op, digits string) string {
	x, err := strconv.ParseFloat(strings.ReplaceAll(digits, "_", ""), 64)
	if err != nil {
		return ""
	}
	unit := ""
	if n.kind(attribute) == preferences.Money || attribute == "budget" {
		unit = "VND"
	}
	return n.lang.say("term.number"+op, "attr", n.attribute(attribute), "n", n.number(x, unit))
}

// sighting is one value that a condition looked at, as expr tells it: prefs.style = "office".
var sighting = regexp.MustCompile(`^(\w+)\.(\w+)(?:\.\w+)* = (.*)$`)

// amounts are bounds as expr tells them: 500000..1000000 VND, with either end absent.
var amounts = regexp.MustCompile(`^(-?[\d.]*?)\.\.(-?[\d.]*)(?: ([A-Z]{3}))?$`)

// saw says in words what a condition looked at; as told where it has another form.
func (n names) saw(told string) string {
	var words []string
	for _, part := range strings.Split(told, ", ") {
		m := sighting.FindStringSubmatch(part)
		if m == nil {
			return told
		}
		words = append(words, n.seen(m[1], m[2], m[3]))
	}
	return strings.Join(words, ", ")
}

func (n names) seen(root, attribute, value string) string {
	kind := preferences.Kind("")
	if root != "prefs" {
		kind = preferences.Text
	}
	if m := amounts.FindStringSubmatch(value); m != nil {
		return n.bounds(boundsOf(m[1], m[2], m[3]))
	}
	var raw any
	if value != "nil" && json.Unmarshal([]byte(value), &raw) != nil {
		return value
	}
	if x, ok := raw.(float64); ok && n.kind(attribute) == preferences.Money {
		return n.number(x, "VND")
	}
	return n.raw(attribute, kind, raw)
}

func boundsOf(lo, hi, currency string) map[string]any {
	m := map[string]any{"currency": currency}
	if x, err := strconv.ParseFloat(lo, 64); err == nil {
		m["min"] = x
	}
	if x, err := strconv.ParseFloat(hi, 64); err == nil {
		m["max"] = x
	}
	return m
}

// telling reports whether what a condition saw says more than the condition itself: where it failed, or compared
// amounts.
func telling(source string, held bool) bool {
	return !held || numberTerm.MatchString(source) || timeTerm.MatchString(source) || amongTerm.MatchString(source)
}

// conditions splits an expression at its top-level && and says each part.
func (n names) conditions(src string) []term {
	var out []term
	for _, part := range splitAnd(src) {
		out = append(out, term{Source: part, Plain: n.plain(part)})
	}
	return out
}

// splitAnd cuts at && outside quotes and brackets.
func splitAnd(src string) []string {
	var parts []string
	depth, start, quote := 0, 0, byte(0)
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case depth == 0 && strings.HasPrefix(src[i:], "&&"):
			parts = append(parts, strings.TrimSpace(src[start:i]))
			start = i + 2
			i++
		}
	}
	if last := strings.TrimSpace(src[start:]); last != "" {
		parts = append(parts, last)
	}
	return parts
}

// plainAll says a whole expression as one phrase, falling back to its source.
func (n names) plainAll(src string) string {
	var words []string
	for _, t := range n.conditions(src) {
		if t.Plain == "" {
			return src
		}
		words = append(words, t.Plain)
	}
	return strings.Join(words, n.lang.say("term.and"))
}
