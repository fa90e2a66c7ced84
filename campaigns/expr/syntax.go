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
		return &Error{Line: 1, Column: 1, Message: "the condition cannot be read"}
	}
	line, column := c.place(f.Location)
	e := &Error{Line: line, Column: column, Message: f.Message}
	if m := regexp.MustCompile(`^unexpected token (\w+)(?:\((.*)\))?$`).FindStringSubmatch(f.Message); m != nil {
		e.Message, e.Hint = unexpected(m[1], m[2])
		return e
	}
	if m := regexp.MustCompile(`^unrecognized character: U\+[0-9A-F]+(?: '(.+)')?`).FindStringSubmatch(f.Message); m != nil {
		e.Message, e.Hint = "the sign "+m[1]+" has no meaning here", ""
		if strings.ContainsAny(m[1], "“”„‘’«»") {
			e.Hint = `use straight quotes: "..."`
		}
		return e
	}
	switch {
	case strings.Contains(f.Message, "literal not terminated"):
		e.Message, e.Hint = "a quote is opened and not closed", `end the text with "`
	case strings.Contains(f.Message, "exceeds maximum allowed nodes"):
		e.Message, e.Hint = "the condition is too large", "split it into several offers or questions"
	case strings.Contains(f.Message, "bad number syntax"):
		e.Message, e.Hint = "this number cannot be read", "write 500000 or 500_000"
	case strings.Contains(f.Message, "expected name"):
		e.Message = "a name is missing after the dot"
	}
	return e
}

func unexpected(kind, quoted string) (message, hint string) {
	if kind == "EOF" {
		return "the condition ends too early", "something is missing at its end, such as a value or a )"
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
		return "variables (let) are not part of this language", "write the value where it is used"
	case strings.EqualFold(word, "and") || strings.EqualFold(word, "or") || strings.EqualFold(word, "not"):
		hint = "write it in small letters: " + strings.ToLower(word)
	case kind == "Identifier" || kind == "String" || kind == "Number":
		hint = "join conditions with && or ||"
	}
	if kind == "String" {
		return "the text " + quoted + " is not expected here", hint
	}
	return "`" + word + "` is not expected here", hint
}
