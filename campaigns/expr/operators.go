package expr

import (
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
)

func (c *compiler) unary(n *ast.UnaryNode) part {
	b, ok := n.Node.(*ast.BinaryNode)
	// The parser gives `x not in y` the place of its operator, and `not (x in y)` that of the `not`.
	if ok && n.Operator == "not" && b.Location() == n.Location() {
		return c.membership(b, true)
	}
	switch n.Operator {
	case "!", "not":
		p := c.condition(n.Node)
		return part{kind: isBool, node: n, code: func(f *frame) value {
			v := p.code(f)
			if v.kind != isBool {
				return value{} // "no" was not said either
			}
			return boolean(v.num == 0)
		}}
	case "-":
		p := c.numeric(n.Node)
		return part{kind: p.kind, node: n, code: func(f *frame) value {
			v := p.code(f)
			if v.kind != isNumber && v.kind != isDuration {
				return value{}
			}
			v.num = -v.num
			return v
		}}
	}
	return c.fail(n, "leave it out", "there is no use for %s here", n.Operator)
}

func (c *compiler) numeric(n ast.Node) part {
	p := c.compile(n)
	switch p.kind {
	case isNumber, isDuration, isAny:
		return p
	}
	return c.fail(start(n), c.numericHint(p), "%s is %s, and one cannot calculate with it", c.name(p), c.describe(p))
}

func (c *compiler) numericHint(p part) string {
	if p.kind == isBounds {
		return "write " + source(p.node) + ".min or " + source(p.node) + ".max"
	}
	return ""
}

func (c *compiler) binary(n *ast.BinaryNode) part {
	switch n.Operator {
	case "&&", "and", "||", "or":
		return c.junction(n)
	case "==", "!=", "<", "<=", ">", ">=":
		return c.comparison(n)
	case "in", "contains", "startsWith", "endsWith", "matches":
		return c.membership(n, false)
	case "+", "-", "*", "/", "%":
		return c.arithmetic(n)
	case "??":
		return c.otherwise(n)
	case "..":
		return c.fail(n, "compare with >= and <=", "ranges (..) are not part of this language")
	case "**", "^":
		return c.fail(n, "multiply instead", "powers (%s) are not part of this language", n.Operator)
	}
	return c.fail(n, "", "the operator %s is not part of this language", n.Operator)
}

func (c *compiler) junction(n *ast.BinaryNode) part {
	a, b := c.condition(n.Left).code, c.condition(n.Right).code
	p := part{kind: isBool, node: n}
	if n.Operator == "&&" || n.Operator == "and" {
		p.code = func(f *frame) value { return boolean(a(f).yes() && b(f).yes()) }
	} else {
		p.code = func(f *frame) value { return boolean(a(f).yes() || b(f).yes()) }
	}
	return p
}

func (c *compiler) otherwise(n *ast.BinaryNode) part {
	a, b := c.compile(n.Left), c.compile(n.Right)
	p := part{kind: a.kind, node: n, attr: a.attr, list: a.list}
	if a.kind != b.kind {
		p.kind, p.attr, p.list = isAny, "", isAny
	}
	p.code = func(f *frame) value {
		if v := a.code(f); v.kind != isNil {
			return v
		}
		return b.code(f)
	}
	return p
}

func (c *compiler) comparison(n *ast.BinaryNode) part {
	a, b, op := c.compile(n.Left), c.compile(n.Right), n.Operator
	p := part{kind: isBool, node: n}
	if op == "==" || op == "!=" {
		if _, ok := n.Right.(*ast.NilNode); ok {
			return c.presence(p, a, op)
		}
		if _, ok := n.Left.(*ast.NilNode); ok {
			return c.presence(p, b, op)
		}
	}
	if c.err == nil {
		c.comparable(n, a, b)
	}
	x, y := a.code, b.code
	p.code = func(f *frame) value { return boolean(compare(op, x(f), y(f), f.zone())) }
	return p
}

// presence is x == nil or x != nil: the only way to ask whether something is known.
func (c *compiler) presence(p, x part, op string) part {
	want := op == "=="
	p.code = func(f *frame) value { return boolean((x.code(f).kind == isNil) == want) }
	return p
}

func (c *compiler) arithmetic(n *ast.BinaryNode) part {
	a, b, op := c.compile(n.Left), c.compile(n.Right), n.Operator
	k, ok := sum(op, a.kind, b.kind)
	if !ok && c.err == nil {
		for _, p := range []part{a, b} {
			if p.kind == isBounds {
				return c.fail(start(p.node), c.numericHint(p), "%s may be a range, and one cannot calculate with it", c.name(p))
			}
		}
		return c.fail(n, "", "there is no %s %s %s", c.describe(a), op, c.describe(b))
	}
	return part{kind: k, node: n, code: func(f *frame) value { return calculate(op, a.code(f), b.code(f)) }}
}

// sum is the kind of a op b; ok is false where there is none.
func sum(op string, a, b kind) (kind, bool) {
	calculable := func(k kind) bool { return k == isNumber || k == isDuration || k == isTime || k == isAny }
	switch {
	case !calculable(a) || !calculable(b):
		return isAny, false
	case a == isAny || b == isAny:
		return isAny, true
	case a == isNumber && b == isNumber:
		return isNumber, true
	case op == "-" && a == isTime && b == isTime:
		return isDuration, true
	case (op == "+" || op == "-") && a == isTime && b == isDuration:
		return isTime, true
	case (op == "+" || op == "-") && a == isDuration && b == isDuration:
		return isDuration, true
	case op == "*" && (a == isDuration) != (b == isDuration) && a != isTime && b != isTime:
		return isDuration, true
	case op == "/" && a == isDuration && b == isNumber:
		return isDuration, true
	}
	return isAny, false
}

func calculate(op string, a, b value) value {
	k, ok := sum(op, a.kind, b.kind)
	switch {
	case !ok:
		return value{} // with nil, too, the result is not known
	case a.kind == isTime && b.kind == isTime:
		return span(a.at.Sub(b.at))
	case a.kind == isTime && op == "-":
		return moment(a.at.Add(-b.duration()))
	case a.kind == isTime:
		return moment(a.at.Add(b.duration()))
	}
	v := number(reckon(op, a.num, b.num))
	if v.kind == isNumber {
		v.kind = k
	}
	if k == isDuration && math.Abs(v.num) > float64(math.MaxInt64/2) {
		return value{}
	}
	return v
}

func reckon(op string, a, b float64) float64 {
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	default:
		return math.Mod(a, b)
	}
}

// membership is in, contains, startsWith, endsWith and matches, and their opposites.
func (c *compiler) membership(n *ast.BinaryNode, negated bool) part {
	a, b := c.compile(n.Left), c.compile(n.Right)
	test := c.test(n, a, b)
	x, y := a.code, b.code
	return part{kind: isBool, node: n, code: func(f *frame) value {
		u, v := x(f), y(f)
		if u.kind == isNil || v.kind == isNil {
			return boolean(false) // like != : nothing is said of somebody who has not answered
		}
		return boolean(test(u, v, f.zone()) != negated)
	}}
}

type test func(a, b value, loc *time.Location) bool

func never(value, value, *time.Location) bool { return false }

func (c *compiler) test(n *ast.BinaryNode, a, b part) test {
	if c.err != nil {
		return never
	}
	switch n.Operator {
	case "in":
		c.memberOf(n, a, b)
		return func(a, b value, loc *time.Location) bool { return holds(b, a, loc) }
	case "matches":
		return c.pattern(n, a)
	case "contains":
		if a.kind == isList {
			c.memberOf(n, b, a)
			return holds
		}
	}
	c.twoTexts(n, a, b)
	switch n.Operator {
	case "startsWith":
		return texts(strings.HasPrefix)
	case "endsWith":
		return texts(strings.HasSuffix)
	}
	contains := texts(strings.Contains)
	return func(a, b value, loc *time.Location) bool {
		if a.kind == isList {
			return holds(a, b, loc)
		}
		return contains(a, b, loc)
	}
}

func holds(list, x value, loc *time.Location) (found bool) {
	list.each(func(m value) bool {
		found = compare("==", x, m, loc)
		return !found
	})
	return found
}

func texts(f func(a, b string) bool) test {
	return func(a, b value, _ *time.Location) bool {
		return a.kind == isText && b.kind == isText && f(a.text, b.text)
	}
}

// pattern wants its regular expression written out, so that it is checked now; RE2 keeps its time linear.
func (c *compiler) pattern(n *ast.BinaryNode, a part) test {
	s, ok := n.Right.(*ast.StringNode)
	if !ok {
		c.fail(start(n.Right), `write it in quotes: matches "^A"`, "the pattern of matches must be written out")
		return never
	}
	if a.kind != isText && a.kind != isAny {
		c.fail(start(n.Left), "", "%s is %s; matches is for texts", c.name(a), c.describe(a))
		return never
	}
	re, err := regexp.Compile(s.Value)
	if err != nil {
		c.fail(n.Right, "", "the pattern cannot be read: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return never
	}
	return func(a, _ value, _ *time.Location) bool { return a.kind == isText && re.MatchString(a.text) }
}
