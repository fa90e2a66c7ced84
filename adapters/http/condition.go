package http

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// condition is one question to a call or an answer.
type condition struct {
	at     *source // nil: the status of the answer
	op     string
	values []string
	number *big.Rat
	match  *regexp.Regexp
}

// all are conditions that must all hold; none hold nothing.
type all []condition

var (
	errCondition  = errors.New("must be conditions such as $.code = 00, $.code in 1, 2, $.count >= 1, $.id exists, $.text matches ^OK or http 429, joined by and")
	conditionForm = regexp.MustCompile(`^(\S+)\s+(=|!=|>=|<=|in|matches|exists|missing)(?:\s+(.+))?$`)
	joinForm      = regexp.MustCompile(`^[^"].*\s(?:or\s|and$)`)
	statusForm    = regexp.MustCompile(`^[1-5](?:\d\d|xx)$`)
)

// parseAll reads conditions, one a line or joined by and.
func parseAll(v string) (all, error) {
	var out all
	for n, line := range lines(v) {
		more, err := parseJoined(line)
		if err != nil {
			return nil, inLine(n, err)
		}
		out = append(out, more...)
	}
	return out, nil
}

func parseJoined(line string) (out all, err error) {
	for one := range strings.SplitSeq(line, " and ") {
		c, err := parseCondition(strings.TrimSpace(one))
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func parseCondition(s string) (c condition, err error) {
	if statuses, ok := strings.CutPrefix(s, "http "); ok {
		c = condition{op: "http", values: list(statuses)}
		if slices.ContainsFunc(c.values, func(v string) bool { return !statusForm.MatchString(v) }) {
			return c, errors.New("must name statuses such as http 429 or http 4xx, 5xx")
		}
		return c, nil
	}
	m := conditionForm.FindStringSubmatch(s)
	if m == nil {
		return c, errCondition
	}
	c = condition{op: m[2]}
	if c.at, err = parseSource(m[1]); err != nil {
		return c, err
	}
	if c.at.from == ours {
		return c, errors.New("cannot ask for ours, which is no place")
	}
	return c, c.operand(m[3])
}

func (c *condition) operand(v string) (err error) {
	bare := c.op == "exists" || c.op == "missing"
	switch {
	case bare != (v == ""):
		return errCondition
	case c.op == "matches":
		if c.match, err = regexp.Compile(v); err != nil {
			return errors.New("has behind matches what is no expression (RE2)")
		}
	case c.op == ">=", c.op == "<=":
		var ok bool
		if c.number, ok = number(v); !ok {
			return fmt.Errorf("has behind %s what is no number", c.op)
		}
	case (c.op == "=" || c.op == "!=") && joinForm.MatchString(v):
		return errors.New("has and or or in its value: there is no or, so write $.a in 1, 2, or a line more, or put the value into quotation marks")
	case c.op == "=", c.op == "!=":
		c.values = []string{unquoted(v)}
	case c.op == "in":
		c.values = list(v)
	}
	return nil
}

// number reads what people and providers write; exponents, which take long, are none.
func number(v string) (*big.Rat, bool) {
	if len(v) > 40 || strings.ContainsAny(v, "eE/pPxX_") {
		return nil, false
	}
	return new(big.Rat).SetString(v)
}

// list reads values with commas between.
func list(v string) (out []string) {
	for one := range strings.SplitSeq(v, ",") {
		out = append(out, unquoted(strings.TrimSpace(one)))
	}
	return out
}

func unquoted(v string) string {
	if len(v) >= 2 && v[0] == '"' && v[len(v)-1] == '"' {
		return v[1 : len(v)-1]
	}
	return v
}

func (a all) hold(in scene) bool {
	for _, c := range a {
		if !c.holds(in) {
			return false
		}
	}
	return len(a) > 0
}

func (c condition) holds(in scene) bool {
	if c.at == nil {
		return c.statusFits(in.status)
	}
	v, found := c.at.text(in)
	switch c.op {
	case "exists":
		return found
	case "missing":
		return !found
	}
	return found && c.fits(v)
}

func (c condition) fits(v string) bool {
	switch c.op {
	case "=", "in":
		return slices.Contains(c.values, v)
	case "!=":
		return !slices.Contains(c.values, v)
	case "matches":
		return c.match.MatchString(v)
	}
	n, ok := number(v)
	return ok && (c.op == ">=" && n.Cmp(c.number) >= 0 || c.op == "<=" && n.Cmp(c.number) <= 0)
}

func (c condition) statusFits(status int) bool {
	told := fmt.Sprint(status)
	return slices.ContainsFunc(c.values, func(v string) bool { return v == told || strings.HasSuffix(v, "xx") && v[:1] == told[:1] })
}

// lines are the lines of a setting that say something, in order.
func lines(v string) (out []string) {
	for line := range strings.Lines(v) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// inLine says in which line a mistake is; the setting's name stands before it.
func inLine(n int, err error) error { return fmt.Errorf("(line %d) %w", n+1, err) }

// arrow splits condition -> result.
func arrow(line string) (when all, result string, err error) {
	asked, result, ok := strings.Cut(line, "->")
	if result = strings.TrimSpace(result); !ok || result == "" {
		return nil, "", errors.New("must say what it means: condition -> result")
	}
	when, err = parseJoined(strings.TrimSpace(asked))
	return when, result, err
}
