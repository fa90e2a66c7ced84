package expr

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// function is one of the few that exist. Each has one argument and gives nil for nil.
type function struct {
	takes []kind
	gives kind
	run   func(v value, f *frame) value
}

func functions() map[string]function {
	ofText := func(g func(string) string) function {
		return function{[]kind{isText}, isText, func(v value, _ *frame) value { return text(g(v.text)) }}
	}
	ofNumber := func(g func(float64) float64) function {
		return function{[]kind{isNumber}, isNumber, func(v value, _ *frame) value { return number(g(v.num)) }}
	}
	return map[string]function{
		"lower":    ofText(strings.ToLower),
		"upper":    ofText(strings.ToUpper),
		"trim":     ofText(strings.TrimSpace),
		"abs":      ofNumber(math.Abs),
		"round":    ofNumber(math.Round),
		"floor":    ofNumber(math.Floor),
		"ceil":     ofNumber(math.Ceil),
		"len":      {[]kind{isText, isList}, isNumber, func(v value, _ *frame) value { return length(v) }},
		"duration": {[]kind{isText}, isDuration, func(v value, _ *frame) value { return duration(v.text) }},
		"date":     {[]kind{isText, isTime}, isTime, date},
	}
}

func length(v value) value {
	if v.kind == isText {
		return number(float64(utf8.RuneCountInString(v.text)))
	}
	n := 0
	v.each(func(value) bool { n++; return true })
	return number(float64(n))
}

// date reads a text as a moment, a date as its midnight in the contact's zone: what one calculates with.
func date(v value, f *frame) value {
	if v.kind == isTime {
		return v
	}
	if d := fromMoment(v.text, f.zone()); d.kind == isTime {
		return d
	}
	return fromMoment(v.text+"T00:00", f.zone())
}

func (c *compiler) call(n *ast.CallNode) part {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return c.fail(n, "leave out the ()", "there are no methods in this language")
	}
	if callee.Value == "now" {
		return c.fail(n, "write now, without ()", "now is not a function")
	}
	all := functions()
	fn, ok := all[callee.Value]
	if !ok {
		names := []string{"any", "all", "none"}
		for name := range all {
			names = append(names, name)
		}
		return c.fail(n, didYouMean(callee.Value, names, "functions"), "there is no function %s", callee.Value)
	}
	if len(n.Arguments) != 1 {
		return c.fail(n, "", "%s takes one argument", callee.Value)
	}
	return c.apply(n, callee.Value, fn, c.compile(n.Arguments[0]))
}

func (c *compiler) apply(n ast.Node, name string, fn function, arg part) part {
	fits := arg.kind == isAny
	for _, k := range fn.takes {
		fits = fits || k == arg.kind
	}
	if !fits {
		return c.fail(start(arg.node), c.numericHint(arg), "%s is %s; %s does not take that", c.name(arg), c.describe(arg), name)
	}
	if name == "duration" {
		c.textAs(arg, part{kind: isDuration})
	}
	if name == "date" {
		c.textAs(arg, part{kind: isTime})
	}
	return part{kind: fn.gives, node: n, list: isAny, code: func(f *frame) value {
		v := arg.code(f)
		for _, k := range fn.takes {
			if v.kind == k {
				return fn.run(v, f)
			}
		}
		return value{}
	}}
}

// overList compiles any(list, condition), all and none. They do not nest: without that, no rule takes long.
func (c *compiler) overList(n *ast.BuiltinNode) part {
	switch n.Name {
	case "any", "all", "none":
	case "filter", "map", "count", "one", "find":
		return c.fail(n, "use any, all or none", "%s is not part of this language", n.Name)
	default:
		return c.fail(n, "", "%s is not part of this language", n.Name)
	}
	if c.inside {
		return c.fail(n, "", "%s may not stand within another any, all or none", n.Name)
	}
	list := c.compile(n.Arguments[0])
	if list.kind != isList && list.kind != isAny {
		return c.fail(start(list.node), "", "%s is %s, not a list", c.name(list), c.describe(list))
	}
	c.inside, c.item = true, part{kind: list.list, attr: list.attr, list: isAny}
	if list.kind == isAny {
		c.item.kind = isAny
	}
	cond := c.condition(n.Arguments[1].(*ast.PredicateNode).Node)
	c.inside = false
	want, found := n.Name != "all", n.Name == "any"
	return part{kind: isBool, node: n, code: func(f *frame) value {
		l := list.code(f)
		if l.kind != isList {
			return boolean(false) // nothing is said of somebody who has not answered
		}
		result := !found
		l.each(func(m value) bool {
			g := frame{env: f.env, item: m}
			if cond.code(&g).yes() == want {
				result = found
				return false
			}
			return true
		})
		return boolean(result)
	}}
}
