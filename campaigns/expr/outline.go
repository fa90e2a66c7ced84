package expr

import (
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Outline is an expression as rows that somebody can fill in: groups joined one way, and rows within a group joined the other.
// What has no place in that is a row of its own, in the language. An expression and its outline mean the same.
type Outline struct {
	Any    bool // one of the groups is enough, of which every row must hold; else every group must hold, of which one row is enough
	Groups []Group
}

// Group is some rows.
type Group []Row

// Row is one condition.
type Row struct {
	Subject string   // prefs.style, facts.city, consent.marketing, contact.locale; empty: Source is the condition
	Test    Test     // what is asked of it
	Values  []string // literals as people write them: office, 3, true; a text that looks like something else is in quotes
	Source  string   // a condition that has no other form
}

// Test is what a row asks of its subject.
type Test string

// The tests.
const (
	Is       Test = "is"
	IsNot    Test = "is_not"
	Least    Test = "at_least"
	Most     Test = "at_most"
	More     Test = "more_than"
	Less     Test = "less_than"
	OneOf    Test = "one_of"
	NoneOf   Test = "none_of"
	Has      Test = "has"
	Lacks    Test = "lacks"
	Known    Test = "known"
	Unknown  Test = "unknown"
	Yes      Test = "yes"
	No       Test = "no"
	Contains Test = "contains"
	Within   Test = "within" // said, or created, that long ago at the most
	Before   Test = "before" // or longer ago
)

// signs are the operators of tests that compare.
var signs = map[Test]string{Is: "==", IsNot: "!=", Least: ">=", Most: "<=", More: ">", Less: "<", Contains: "contains"}

// OutlineOf reads an expression. What cannot be parsed is an *Error; whether it makes sense Compile tells.
func OutlineOf(src string) (o Outline, err error) {
	if strings.TrimSpace(src) == "" {
		return Outline{}, nil
	}
	c := &compiler{src: src}
	if len(src) > maxSource {
		_, err := c.whole(src)
		return Outline{}, err
	}
	defer func() { // the parser is somebody else's, and what it is given is anybody's
		if p := recover(); p != nil {
			o, err = Outline{}, mistake(1, 1, "", "the condition cannot be read")
		}
	}()
	tree, perr := parser.ParseWithConfig(src, grammar())
	if perr != nil {
		return Outline{}, c.syntax(perr)
	}
	outer, inner := "&&", "||"
	if joins(tree.Node, "||") {
		o.Any, outer, inner = true, inner, outer
	}
	for _, n := range flat(tree.Node, outer) {
		var g Group
		for _, m := range flat(n, inner) {
			g = append(g, rowOf(m))
		}
		o.Groups = append(o.Groups, g)
	}
	return o, nil
}

func joins(n ast.Node, op string) bool {
	b, ok := n.(*ast.BinaryNode)
	word := map[string]string{"&&": "and", "||": "or"}[op]
	return ok && (b.Operator == op || b.Operator == word)
}

// flat is what an operator joins.
func flat(n ast.Node, op string) []ast.Node {
	if !joins(n, op) {
		return []ast.Node{n}
	}
	b := n.(*ast.BinaryNode)
	return append(flat(b.Left, op), flat(b.Right, op)...)
}

func rowOf(n ast.Node) Row {
	if r, ok := row(n); ok {
		return r
	}
	return Row{Source: n.String()}
}

func row(n ast.Node) (Row, bool) {
	switch n := n.(type) {
	case *ast.MemberNode, *ast.ChainNode:
		s, ok := subject(n)
		return Row{Subject: s, Test: Yes}, ok
	case *ast.UnaryNode:
		return negated(n)
	case *ast.BinaryNode:
		return compared(n)
	}
	return Row{}, false
}

func negated(n *ast.UnaryNode) (Row, bool) {
	if n.Operator != "not" && n.Operator != "!" {
		return Row{}, false
	}
	b, ok := n.Node.(*ast.BinaryNode)
	if ok && b.Operator == "in" && n.Operator == "not" && b.Location() == n.Location() { // x not in y
		r, ok := member(b)
		r.Test = map[Test]Test{OneOf: NoneOf, Has: Lacks}[r.Test]
		return r, ok
	}
	s, ok := subject(n.Node)
	return Row{Subject: s, Test: No}, ok
}

func compared(n *ast.BinaryNode) (Row, bool) {
	if n.Operator == "in" {
		return member(n)
	}
	s, ok := subject(n.Left)
	if !ok {
		return Row{}, false
	}
	if _, empty := n.Right.(*ast.NilNode); empty {
		t := map[string]Test{"==": Unknown, "!=": Known}[n.Operator]
		return Row{Subject: s, Test: t}, t != ""
	}
	if age, ok := ago(n.Right); ok {
		return aged(s, n.Operator, age)
	}
	v, ok := written(n.Right)
	for t, sign := range signs {
		if sign == n.Operator {
			return Row{Subject: s, Test: t, Values: []string{v}}, ok
		}
	}
	return Row{}, false
}

// aged is told.x > now - duration("30d"), shown as a test of prefs.x; and of contact.created likewise.
func aged(subject, operator, age string) (Row, bool) {
	name, told := strings.CutPrefix(subject, "told.")
	if told {
		subject = "prefs." + name
	}
	t := map[string]Test{">": Within, "<": Before}[operator]
	return Row{Subject: subject, Test: t, Values: []string{age}}, t != "" && (told || subject == "contact.created")
}

// ago is the duration of now - duration("30d").
func ago(n ast.Node) (string, bool) {
	b, ok := n.(*ast.BinaryNode)
	if !ok || b.Operator != "-" {
		return "", false
	}
	now, ok := b.Left.(*ast.IdentifierNode)
	call, isCall := b.Right.(*ast.CallNode)
	if !ok || now.Value != "now" || !isCall || len(call.Arguments) != 1 {
		return "", false
	}
	name, _ := call.Callee.(*ast.IdentifierNode)
	text, ok := call.Arguments[0].(*ast.StringNode)
	if name == nil || name.Value != "duration" || !ok {
		return "", false
	}
	return text.Value, true
}

// member is x in [a, b] and a in x.
func member(n *ast.BinaryNode) (Row, bool) {
	if list, ok := n.Right.(*ast.ArrayNode); ok {
		s, ok := subject(n.Left)
		r := Row{Subject: s, Test: OneOf}
		for _, m := range list.Nodes {
			v, literal := written(m)
			ok = ok && literal && !strings.Contains(v, ",")
			r.Values = append(r.Values, v)
		}
		return r, ok && len(r.Values) > 0
	}
	v, ok := written(n.Left)
	s, known := subject(n.Right)
	return Row{Subject: s, Test: Has, Values: []string{v}}, ok && known
}

// subject is a path of plain names.
func subject(n ast.Node) (string, bool) {
	path, ok := (&compiler{}).path(n)
	if !ok || len(path) < 2 {
		return "", false
	}
	root, ok := path[0].(*ast.IdentifierNode)
	if !ok || !slices.Contains([]string{"prefs", "told", "facts", "consent", "contact"}, root.Value) {
		return "", false
	}
	s := root.Value
	for _, m := range path[1:] {
		name, ok := property(m)
		if !ok || !plainName(name) {
			return "", false
		}
		s += "." + name
	}
	return s, true
}

func plainName(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// written is a literal as people write it.
func written(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		if literalOf(n.Value) != strconv.Quote(n.Value) || n.Value == "" {
			return strconv.Quote(n.Value), true
		}
		return n.Value, true
	case *ast.IntegerNode:
		return strconv.Itoa(n.Value), true
	case *ast.FloatNode:
		return strconv.FormatFloat(n.Value, 'f', -1, 64), true
	case *ast.BoolNode:
		return strconv.FormatBool(n.Value), true
	case *ast.UnaryNode:
		v, ok := written(n.Node)
		_, err := strconv.ParseFloat(v, 64)
		return "-" + v, ok && err == nil && n.Operator == "-"
	}
	return "", false
}

// literalOf is what somebody wrote as a literal: a number, true, false, a text in quotes, and everything else as a text.
func literalOf(s string) string {
	if s == "true" || s == "false" {
		return s
	}
	if number, err := strconv.ParseFloat(s, 64); err == nil && strings.Trim(s, "-0123456789.") == "" && !strings.HasPrefix(s, ".") && !strings.HasSuffix(s, ".") {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	if inner, err := strconv.Unquote(s); err == nil && strings.HasPrefix(s, `"`) {
		return strconv.Quote(inner)
	}
	return strconv.Quote(s)
}

// String is the expression; rows without a value, and groups without rows, are left out.
func (o Outline) String() string {
	outer, inner := " && ", " || "
	if o.Any {
		outer, inner = inner, outer
	}
	var groups []string
	for _, g := range o.Groups {
		var rows []string
		for _, r := range g {
			if s := r.String(); s != "" {
				rows = append(rows, s)
			}
		}
		switch {
		case len(rows) == 1:
			groups = append(groups, rows[0])
		case len(rows) > 1:
			groups = append(groups, "("+strings.Join(rows, inner)+")")
		}
	}
	if len(groups) == 1 && strings.HasPrefix(groups[0], "(") && len(o.Groups) == 1 && len(o.Groups[0]) > 1 {
		return groups[0][1 : len(groups[0])-1]
	}
	return strings.Join(groups, outer)
}

// String is the condition; "" where something is missing.
func (r Row) String() string {
	if r.Subject == "" {
		if r.Source == "" {
			return ""
		}
		return enclosed(r.Source)
	}
	for _, name := range strings.Split(r.Subject, ".") {
		if !plainName(name) {
			return ""
		}
	}
	switch r.Test {
	case Yes:
		return r.Subject
	case No:
		return "not " + r.Subject
	case Known:
		return r.Subject + " != nil"
	case Unknown:
		return r.Subject + " == nil"
	}
	var values []string
	for _, v := range r.Values {
		if v != "" {
			values = append(values, literalOf(v))
		}
	}
	if len(values) == 0 {
		return ""
	}
	return r.valued(values)
}

func (r Row) valued(values []string) string {
	switch r.Test {
	case OneOf:
		return r.Subject + " in [" + strings.Join(values, ", ") + "]"
	case NoneOf:
		return r.Subject + " not in [" + strings.Join(values, ", ") + "]"
	case Has:
		return values[0] + " in " + r.Subject
	case Lacks:
		return values[0] + " not in " + r.Subject
	case Within, Before:
		name, of := strings.CutPrefix(r.Subject, "prefs.")
		if of {
			name = "told." + name
		}
		return name + map[Test]string{Within: " > ", Before: " < "}[r.Test] + "now - duration(" + strconv.Quote(strings.Trim(r.Values[0], `"`)) + ")"
	}
	if sign, ok := signs[r.Test]; ok {
		return r.Subject + " " + sign + " " + values[0]
	}
	return ""
}

// enclosed is a condition that may stand beside others, whatever it is joined of.
func enclosed(s string) string {
	o, err := OutlineOf(s)
	if err == nil && len(o.Groups) == 1 && len(o.Groups[0]) == 1 && !strings.ContainsAny(s, "?\n") {
		return s
	}
	return "(" + s + ")"
}
