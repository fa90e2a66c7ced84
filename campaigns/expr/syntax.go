package expr

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/file"
)

// syntax says in plain words what the parser did not understand.
func (c *compiler) syntax(err error) *Error {
	var f *file.Error
	if !errors.As(err, &f) {
		return mistake(1, 1, "", "the condition cannot be read")
	}
	line, column := c.place(f.Location)
	if m := regexp.MustCompile(`^unexpected token (\w+)(?:\((.*)\))?$`).FindStringSubmatch(f.Message); m != nil {
		return unexpected(line, column, m[1], m[2])
	}
	if m := regexp.MustCompile(`^unrecognized character: U\+[0-9A-F]+(?: '(.+)')?`).FindStringSubmatch(f.Message); m != nil {
		hint := ""
		if strings.ContainsAny(m[1], "“”„‘’«»") {
			hint = `use straight quotes: "..."`
		}
		return mistake(line, column, hint, "the sign %s has no meaning here", m[1])
	}
	switch {
	case strings.Contains(f.Message, "literal not terminated"):
		return mistake(line, column, `end the text with "`, "a quote is opened and not closed")
	case strings.Contains(f.Message, "exceeds maximum allowed nodes"):
		return mistake(line, column, "split it into several offers or questions", "the condition is too large")
	case strings.Contains(f.Message, "bad number syntax"):
		return mistake(line, column, "write 500000 or 500_000", "this number cannot be read")
	case strings.Contains(f.Message, "expected name"):
		return mistake(line, column, "", "a name is missing after the dot")
	}
	return &Error{Line: line, Column: column, Message: f.Message}
}

func unexpected(line, column int, kind, quoted string) *Error {
	hint := ""
	if kind == "EOF" {
		return mistake(line, column, "something is missing at its end, such as a value or a )", "the condition ends too early")
	}
	word, err := strconv.Unquote(quoted)
	if err != nil {
		word = quoted
	}
	switch {
	case word == "=":
		hint = "compare with =="
	case word == "&", word == "|":
		hint = "write " + word + word
	case word == "let":
		return mistake(line, column, "write the value where it is used", "variables (let) are not part of this language")
	case strings.EqualFold(word, "and") || strings.EqualFold(word, "or") || strings.EqualFold(word, "not"):
		hint = "write it in small letters: " + strings.ToLower(word)
	case kind == "Identifier" || kind == "String" || kind == "Number":
		hint = "join conditions with && or ||"
	}
	if kind == "String" {
		return mistake(line, column, hint, "the text %s is not expected here", quoted)
	}
	return mistake(line, column, hint, "`%s` is not expected here", word)
}
