package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Lesson is a synonym to be added to an option.
type Lesson struct {
	Campaign, Question, Value string
	Locale                    string
	Synonym                   string
}

// ErrByHand is a file in which a synonym cannot be added without touching the rest of it.
var ErrByHand = errors.New("the synonym has to be added by hand here")

// Teach adds a synonym to a campaign file. Only the place of the synonym changes: layout and comments stay, because what
// is written is the text and not its parsed form. defaultLocale is that of a list of synonyms without a language.
func Teach(text []byte, l Lesson, defaultLocale string) ([]byte, error) {
	option, err := findOption(text, l)
	if err != nil {
		return nil, err
	}
	e := editing{text: string(text), newline: "\n"}
	if strings.Contains(e.text, "\r\n") {
		e.newline = "\r\n"
	}
	changed, ok := e.teach(option, l, defaultLocale)
	if !ok {
		return nil, fmt.Errorf("%w: line %d is written in a way that is not understood well enough", ErrByHand, option.Line)
	}
	return []byte(changed), nil
}

// findOption is the node of the option that is taught.
func findOption(text []byte, l Lesson) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithUniqueKeys(false))
	if err != nil {
		return nil, err
	}
	for {
		var doc yaml.Node
		if err := loader.Load(&doc); errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("there is no campaign %s", l.Campaign)
		} else if err != nil {
			return nil, err
		}
		if len(doc.Content) != 1 || scalarOf(doc.Content[0], "campaign") != l.Campaign {
			continue
		}
		question := member(under(doc.Content[0], "questions"), "id", l.Question)
		if question == nil {
			return nil, fmt.Errorf("campaign %s has no question %s", l.Campaign, l.Question)
		}
		option := member(under(question, "options"), "value", l.Value)
		if option == nil {
			return nil, fmt.Errorf("question %s has no option %s", l.Question, l.Value)
		}
		return option, nil
	}
}

// under is the value of a key; nil where there is none.
func under(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func scalarOf(n *yaml.Node, key string) string {
	if v := under(n, key); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}

// member is the member of a list with a value under a key.
func member(list *yaml.Node, key, value string) *yaml.Node {
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	for _, m := range list.Content {
		if scalarOf(m, key) == value {
			return m
		}
	}
	return nil
}

// editing inserts into the text of a file, at places that its parser gave.
type editing struct {
	text, newline string
}

// teach adds the synonym where there is a list for it, or makes that list.
func (e editing) teach(option *yaml.Node, l Lesson, defaultLocale string) (string, bool) {
	list := fmt.Sprintf("%s: [%s]", l.Locale, plainOrQuoted(l.Synonym))
	switch synonyms := under(option, "synonyms"); {
	case synonyms == nil:
		return e.addKey(option, "synonyms: {"+list+"}")
	case synonyms.Kind == yaml.SequenceNode && l.Locale == defaultLocale:
		return e.append(synonyms, plainOrQuoted(l.Synonym))
	case synonyms.Kind != yaml.MappingNode || len(synonyms.Content) == 0:
		return "", false
	default:
		if in := under(synonyms, l.Locale); in != nil {
			return e.append(in, plainOrQuoted(l.Synonym))
		}
		first := synonyms.Content[0]
		if isFlow(synonyms) {
			return e.insert(e.offset(first), list+", "), true
		}
		return e.insert(e.offset(first), list+e.newline+strings.Repeat(" ", first.Column-1)), true
	}
}

func isFlow(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }

// append adds a member to a list.
func (e editing) append(list *yaml.Node, member string) (string, bool) {
	if list.Kind != yaml.SequenceNode {
		return "", false
	}
	if len(list.Content) == 0 {
		if at := e.offset(list); isFlow(list) && at < len(e.text) && e.text[at] == '[' {
			return e.insert(at+1, member), true
		}
		return "", false
	}
	last := list.Content[len(list.Content)-1]
	if isFlow(list) {
		end, ok := e.closing(e.offset(list))
		if !ok {
			return "", false
		}
		for end > 0 && (e.text[end-1] == ' ' || e.text[end-1] == ',') {
			end--
		}
		return e.insert(end, ", "+member), true
	}
	start, end := e.line(last.Line)
	before := e.text[start:e.offset(last)]
	if strings.TrimSpace(before) != "-" {
		return "", false
	}
	return e.insert(end, e.newline+before+member), true
}

// addKey adds a key to an option, behind its label.
func (e editing) addKey(option *yaml.Node, pair string) (string, bool) {
	if isFlow(option) {
		end, ok := e.closing(e.offset(option))
		if !ok {
			return "", false
		}
		for end > 0 && e.text[end-1] == ' ' {
			end--
		}
		return e.insert(end, ", "+pair), true
	}
	last := under(option, "label")
	if last == nil {
		return "", false
	}
	line := last.Line
	switch {
	case isFlow(last):
		end, ok := e.closing(e.offset(last))
		if !ok {
			return "", false
		}
		line = strings.Count(e.text[:end], "\n") + 1
	case last.Kind == yaml.MappingNode && len(last.Content) > 0:
		line = last.Content[len(last.Content)-1].Line
	}
	_, end := e.line(line)
	return e.insert(end, e.newline+strings.Repeat(" ", option.Content[0].Column-1)+pair), true
}

func (e editing) insert(at int, s string) string { return e.text[:at] + s + e.text[at:] }

// line is where a line, counted from 1, begins and ends, without its line break.
func (e editing) line(n int) (start, end int) {
	for ; n > 1; n-- {
		i := strings.IndexByte(e.text[start:], '\n')
		if i < 0 {
			break
		}
		start += i + 1
	}
	if i := strings.IndexByte(e.text[start:], '\n'); i >= 0 {
		return start, start + len(strings.TrimSuffix(e.text[start:start+i], "\r"))
	}
	return start, len(e.text)
}

// offset is where a node begins; columns count characters.
func (e editing) offset(n *yaml.Node) int {
	start, end := e.line(n.Line)
	column := 1
	for i := range e.text[start:end] {
		if column == n.Column {
			return start + i
		}
		column++
	}
	return end
}

// closing is where the bracket that opens at a place is closed. A quote opens a text only at the beginning of one:
// elsewhere it is a letter of it ("it's").
func (e editing) closing(at int) (int, bool) {
	depth, fresh := 0, true
	for i := at; i < len(e.text); i++ {
		c := e.text[i]
		switch {
		case (c == '"' || c == '\'') && fresh:
			end, ok := quoteEnd(e.text, i)
			if !ok {
				return 0, false
			}
			i = end
		case c == '#' && i > 0 && strings.IndexByte(" \t\n", e.text[i-1]) >= 0:
			next := strings.IndexByte(e.text[i:], '\n')
			if next < 0 {
				return 0, false
			}
			i += next
			continue
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i, true
			}
		}
		if strings.IndexByte(" \t\r\n", c) < 0 {
			fresh = strings.IndexByte("{[,:", c) >= 0
		}
	}
	return 0, false
}

// quoteEnd is where the quoted text that begins at i ends.
func quoteEnd(s string, i int) (int, bool) {
	quote := s[i]
	for j := i + 1; j < len(s); j++ {
		switch {
		case quote == '"' && s[j] == '\\':
			j++
		case s[j] == quote && quote == '\'' && j+1 < len(s) && s[j+1] == '\'':
			j++
		case s[j] == quote:
			return j, true
		}
	}
	return 0, false
}

var (
	plainForm = regexp.MustCompile(`^\pL[\pL\pM\pN ]*$`)
	notATexts = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)
)

// plainOrQuoted writes a text as YAML: in quotes where it could be taken for something else.
func plainOrQuoted(s string) string {
	if plainForm.MatchString(s) && !notATexts.MatchString(s) {
		return s
	}
	return quotedText(s)
}

// quotedText writes a text as YAML in double quotes.
func quotedText(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b) // a JSON text is a YAML text
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return s
	}
	return strings.TrimSpace(b.String())
}
