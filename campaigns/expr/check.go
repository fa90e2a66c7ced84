package expr

import (
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/hoidap/hoidap/config/nearest"
	"github.com/hoidap/hoidap/preferences"
)

// comparable reports a comparison that could never be meant: of different kinds, or of things without an order.
func (c *compiler) comparable(n *ast.BinaryNode, a, b part) {
	ordered := n.Operator != "==" && n.Operator != "!="
	for _, p := range []part{a, b} {
		if hint, ok := c.single(p, a, b); !ok {
			c.fail(start(p.node), hint, "%s is %s and cannot be compared as a whole", c.name(p), c.describe(p))
			return
		}
		if ordered && (p.kind == isBool || p.attr != "") {
			c.fail(n, "use == or in", "%s is %s, which has no order", c.name(p), c.describe(p))
			return
		}
	}
	if !fits(a.kind, b.kind) && !fits(b.kind, a.kind) {
		c.fail(n, "", "%s is %s, but %s is %s", c.name(a), c.describe(a), c.name(b), c.describe(b))
		return
	}
	c.textAs(a, b)
	c.textAs(b, a)
	c.option(a.attr, b.node)
	c.option(b.attr, a.node)
}

// single: a comparison wants one value on each side.
func (c *compiler) single(p, a, b part) (hint string, ok bool) {
	switch p.kind {
	case isList:
		return `ask what is in it: "..." in ` + source(p.node), false
	case isWindow:
		return "write " + source(p.node) + ".from or " + source(p.node) + ".to", false
	case isMap, isNil:
		return "", false
	case isBounds:
		if a.kind == b.kind {
			return "write .min or .max of each", false
		}
	}
	return "", true
}

// fits says whether a value of kind b may stand beside one of kind a.
func fits(a, b kind) bool {
	switch {
	case a == b, a == isAny, b == isAny:
		return true
	case a == isBounds:
		return b == isNumber
	case a == isDate || a == isTime:
		return b == isText || b == isDate || b == isTime
	case a == isDuration:
		return b == isText
	}
	return false
}

// textAs checks a written text that stands for a date, a time or a duration.
func (c *compiler) textAs(p, with part) {
	s, ok := p.node.(*ast.StringNode)
	if !ok || c.err != nil {
		return
	}
	switch with.kind {
	case isDuration:
		if _, ok := ParseDuration(s.Value); !ok {
			c.fail(s, `write it like "30d", "24h" or "2h30m"`, "%q is not a duration", s.Value)
		}
	case isDate, isTime:
		if fromMoment(s.Value, time.UTC).kind == isNil {
			c.fail(s, `write it like "2026-12-15"`, "%q is not a date", s.Value)
		}
	}
}

// option checks a written text that stands for one of an attribute's options.
func (c *compiler) option(attr string, n ast.Node) {
	s, ok := n.(*ast.StringNode)
	if !ok || attr == "" || c.err != nil {
		return
	}
	options := c.options(attr)
	if len(options) == 0 || slices.Contains(options, s.Value) {
		return
	}
	c.fail(s, didYouMean(s.Value, options, "options"), "%q is not an option of %s", s.Value, attr)
}

func (c *compiler) options(attr string) []string {
	if attr == channels {
		return channelNames()
	}
	return c.schema.Options[strings.TrimPrefix(attr, "prefs.")]
}

// memberOf checks x in list.
func (c *compiler) memberOf(n *ast.BinaryNode, x, list part) {
	if list.kind != isList && list.kind != isAny {
		c.fail(start(list.node), listHint(list), "%s is %s, not a list", c.name(list), c.describe(list))
		return
	}
	if x.kind == isList || x.kind == isBounds || x.kind == isWindow || x.kind == isMap || x.kind == isNil {
		c.fail(start(x.node), c.wholeHint(x), "%s is %s and cannot be looked up in a list", c.name(x), c.describe(x))
		return
	}
	if list.kind == isList && list.list != isAny && !fits(x.kind, list.list) && !fits(list.list, x.kind) {
		c.fail(n, "", "%s is %s, but %s holds %s", c.name(x), c.describe(x), c.name(list), plural(list.list))
		return
	}
	c.option(list.attr, x.node)
	if written, ok := list.node.(*ast.ArrayNode); ok {
		for _, m := range written.Nodes {
			c.option(x.attr, m)
			c.textAs(part{node: m}, x)
		}
	}
}

func listHint(p part) string {
	if p.kind == isText {
		return `write a list, such as ["a", "b"], or use contains`
	}
	return `write a list, such as ["a", "b"]`
}

func (c *compiler) wholeHint(p part) string {
	if p.kind == isBounds {
		return "write " + source(p.node) + ".min or " + source(p.node) + ".max"
	}
	if p.kind == isList {
		return "write any(" + source(p.node) + ", # in [...])"
	}
	return ""
}

func plural(k kind) string {
	switch k {
	case isText:
		return "texts"
	case isNumber:
		return "numbers"
	}
	return "other things"
}

func (c *compiler) twoTexts(n *ast.BinaryNode, a, b part) {
	for _, p := range []part{a, b} {
		if p.kind != isText && p.kind != isAny {
			c.fail(start(p.node), "", "%s is %s; %s is for texts", c.name(p), c.describe(p), n.Operator)
			return
		}
	}
}

// describe says what p is in the marketer's words.
func (c *compiler) describe(p part) string {
	if path, ok := strings.CutPrefix(source(p.node), "prefs."); ok {
		switch k := c.schema.Attributes[path]; k {
		case preferences.Choice:
			return "a choice"
		case preferences.Choices:
			return "a list of choices"
		case preferences.Money:
			return "an amount of money"
		case preferences.Rating:
			return "a rating"
		case preferences.YesNo:
			return "a yes-or-no answer"
		}
	}
	return p.kind.String()
}

// name is p as it was written.
func (c *compiler) name(p part) string {
	switch n := p.node.(type) {
	case *ast.StringNode:
		return `"` + n.Value + `"`
	case *ast.MemberNode, *ast.IdentifierNode, *ast.ChainNode, *ast.PointerNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NilNode:
		return source(n)
	case *ast.ArrayNode:
		return "the list"
	}
	return "this"
}

// source is a short way to write n.
func source(n ast.Node) string {
	const longest = 60
	s := strings.ReplaceAll(n.String(), "?.", ".")
	if len(s) > longest {
		return "it"
	}
	return s
}

// didYouMean is the hint after an unknown word.
func didYouMean(word string, known []string, what string) string {
	sorted := slices.Sorted(slices.Values(known)) // they come from maps, and the same mistake gets the same answer
	if best := nearest.Of(word, sorted); best != "" {
		return "did you mean " + best + "?"
	}
	if len(known) == 0 {
		return ""
	}
	const shown = 8
	if len(sorted) > shown {
		sorted = append(sorted[:shown:shown], "...")
	}
	return "the " + what + " are: " + strings.Join(sorted, ", ")
}
