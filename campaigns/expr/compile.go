package expr

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// What one expression may cost. Longer ones are a mistake, or an attack.
const (
	maxSource = 4000 // bytes
	maxNodes  = 300
)

// code is a compiled expression: a closure over the code of its parts.
type code func(*frame) value

// frame is one evaluation.
type frame struct {
	env  Env
	item value // what # stands for
}

func (f *frame) zone() *time.Location { return f.env.Now.Location() }

// part is an expression under compilation: its code and what is known of its value beforehand.
type part struct {
	code code
	kind kind
	node ast.Node
	attr string // the choice or choices attribute whose options the value is one of
	list kind   // the kind of a list's members
}

// compiler turns a parsed expression into code and checks it on the way, so that the two cannot disagree.
type compiler struct {
	schema Schema
	src    string
	err    *Error // the first one
	inside bool   // within any(), all(), none()
	item   part   // what # is there
	seen   []sighting
	attrs  map[string]bool
	agreed []Consent
}

// whole compiles src as a condition.
func (c *compiler) whole(src string) (code code, err error) {
	if strings.TrimSpace(src) == "" {
		return nil, mistake(1, 1, "leave the line out where it is for everybody", "the condition is empty")
	}
	if len(src) > maxSource {
		return nil, mistake(1, 1, "", "the condition is longer than %d bytes", maxSource)
	}
	// The parser is somebody else's, and what it is given is anybody's.
	defer func() {
		if p := recover(); p != nil {
			code, err = nil, mistake(1, 1, "", "the condition cannot be read")
		}
	}()
	tree, perr := parser.ParseWithConfig(src, grammar())
	if perr != nil {
		return nil, c.syntax(perr)
	}
	p := c.condition(tree.Node)
	if c.err != nil {
		return nil, c.err
	}
	return p.code, nil
}

// grammar is the parser's configuration: every function parses as a plain call, so that only ours exist.
func grammar() *conf.Config {
	g := conf.CreateNew()
	g.MaxNodes = maxNodes
	g.DisableIfOperator = true
	for name := range g.Builtins {
		g.Disabled[name] = true
	}
	return g
}

func (c *compiler) attributes() []string { return slices.Sorted(maps.Keys(c.attrs)) }

// fail records the first mistake, at n; what follows from it would only confuse.
func (c *compiler) fail(n ast.Node, hint, format string, args ...any) part {
	if c.err == nil {
		line, column := c.place(n.Location())
		c.err = mistake(line, column, hint, format, args...)
	}
	return part{code: func(*frame) value { return value{} }, kind: isAny, node: n}
}

func (c *compiler) place(l file.Location) (line, column int) {
	line, column = 1, 1
	for i, r := range []rune(c.src) {
		if i >= l.From {
			break
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}

// start is the node whose place names the whole of n: that of its leftmost part.
func start(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.BinaryNode:
		return start(n.Left)
	case *ast.MemberNode:
		return start(n.Node)
	case *ast.ChainNode:
		return start(n.Node)
	}
	return n
}

// condition compiles n where a yes or no is wanted.
func (c *compiler) condition(n ast.Node) part {
	p := c.compile(n)
	if p.kind != isBool && p.kind != isAny {
		return c.fail(start(n), conditionHint(p), "%s is %s, not a condition", c.name(p), c.describe(p))
	}
	return p
}

func conditionHint(p part) string {
	switch p.kind {
	case isList:
		return `ask what is in it: "..." in ` + source(p.node)
	case isNil, isMap:
		return ""
	}
	if p.code == nil || literal(p.node) {
		return ""
	}
	return "compare it with something, such as " + source(p.node) + " == ..."
}

func (c *compiler) compile(n ast.Node) part {
	switch n := n.(type) {
	case *ast.NilNode:
		return constant(n, value{})
	case *ast.BoolNode:
		return constant(n, boolean(n.Value))
	case *ast.IntegerNode:
		return constant(n, number(float64(n.Value)))
	case *ast.FloatNode:
		return constant(n, number(n.Value))
	case *ast.StringNode:
		return constant(n, text(n.Value))
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.choose(n)
	case *ast.ArrayNode:
		return c.list(n)
	case *ast.IdentifierNode, *ast.MemberNode, *ast.ChainNode, *ast.PointerNode:
		return c.reference(n)
	case *ast.CallNode:
		return c.call(n)
	case *ast.BuiltinNode:
		return c.overList(n)
	case *ast.VariableDeclaratorNode:
		return c.fail(n, "write the value where it is used", "variables (let) are not part of this language")
	case *ast.SequenceNode:
		return c.fail(n, "join conditions with &&", "one condition is wanted, not several")
	}
	return c.fail(n, "", "this is not part of the language of conditions")
}

func constant(n ast.Node, v value) part {
	return part{code: func(*frame) value { return v }, kind: v.kind, node: n}
}

func literal(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NilNode:
		return true
	}
	return false
}

// list compiles [a, b]: constants only, so that it is made once and not at each evaluation.
func (c *compiler) list(n *ast.ArrayNode) part {
	p := part{kind: isList, node: n, list: isAny}
	members := make([]any, 0, len(n.Nodes))
	for i, m := range n.Nodes {
		if minus, ok := m.(*ast.UnaryNode); ok && minus.Operator == "-" {
			m = minus.Node
		}
		if !literal(m) {
			return c.fail(start(m), "join comparisons with || instead", "a list may hold texts and numbers only")
		}
		one := c.compile(n.Nodes[i])
		if i == 0 {
			p.list = one.kind
		} else if p.list != one.kind {
			p.list = isAny
		}
		members = append(members, plain(one.code(nil)))
	}
	v := value{kind: isList, data: members}
	p.code = func(*frame) value { return v }
	return p
}

func plain(v value) any {
	switch v.kind {
	case isBool:
		return v.num != 0
	case isNumber:
		return v.num
	case isText:
		return v.text
	}
	return nil
}

func (c *compiler) choose(n *ast.ConditionalNode) part {
	cond, a, b := c.condition(n.Cond), c.compile(n.Exp1), c.compile(n.Exp2)
	p := part{kind: a.kind, node: n, attr: a.attr, list: a.list}
	if a.kind != b.kind || a.attr != b.attr {
		p.kind, p.attr, p.list = isAny, "", isAny
	}
	p.code = func(f *frame) value {
		if cond.code(f).yes() {
			return a.code(f)
		}
		return b.code(f)
	}
	return p
}
