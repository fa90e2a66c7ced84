package expr

import (
	"slices"
	"time"

	"github.com/expr-lang/expr/ast"
)

// field is a part of a value: .min of a number.
type field struct {
	kind kind
	get  func(v value, f *frame) value
}

// fields are the parts of a value of kind k.
func fields(k kind) map[string]field {
	switch k {
	case isBounds:
		return boundsFields()
	case isWindow:
		return map[string]field{
			"from": {isText, func(v value, _ *frame) value { return known(v.prefs().From) }},
			"to":   {isText, func(v value, _ *frame) value { return known(v.prefs().To) }},
		}
	case isDate:
		return map[string]field{
			"year":  {isNumber, func(v value, _ *frame) value { return nonzero(int(v.num) / 10000) }},
			"month": {isNumber, func(v value, _ *frame) value { return nonzero(int(v.num) / 100 % 100) }},
			"day":   {isNumber, func(v value, _ *frame) value { return nonzero(int(v.num) % 100) }},
		}
	case isTime:
		return timeFields()
	}
	return nil
}

func boundsFields() map[string]field {
	return map[string]field{
		"min":      {isNumber, func(v value, _ *frame) value { return fromPointer(v.prefs().Min) }},
		"max":      {isNumber, func(v value, _ *frame) value { return fromPointer(v.prefs().Max) }},
		"currency": {isText, func(v value, _ *frame) value { return known(v.prefs().Currency) }},
		"amount": {isNumber, func(v value, _ *frame) value {
			p := v.prefs()
			if p.Min == nil || p.Max == nil || *p.Min != *p.Max {
				return value{}
			}
			return number(*p.Min)
		}},
	}
}

// timeFields are in the contact's zone. Weekdays count from Monday, 1, to Sunday, 7.
func timeFields() map[string]field {
	part := func(get func(time.Time) int) field {
		return field{isNumber, func(v value, f *frame) value { return number(float64(get(v.at.In(f.zone())))) }}
	}
	return map[string]field{
		"year":    part(time.Time.Year),
		"month":   part(func(t time.Time) int { return int(t.Month()) }),
		"day":     part(time.Time.Day),
		"hour":    part(time.Time.Hour),
		"minute":  part(time.Time.Minute),
		"weekday": part(func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }),
	}
}

func nonzero(n int) value {
	if n == 0 {
		return value{}
	}
	return number(float64(n))
}

// member compiles .name or [0] after p.
func (c *compiler) member(p part, n ast.Node) part {
	if c.err != nil {
		return p
	}
	m := n.(*ast.MemberNode)
	name, named := property(n)
	if p.kind == isAny {
		return c.dataMember(p, m, name, named)
	}
	all := fields(p.kind)
	f, ok := all[name]
	if !named || !ok {
		hint := ""
		if len(all) > 0 {
			hint = didYouMean(name, keys(all), "parts")
		}
		return c.fail(m.Property, hint, "%s is %s and has no %s", source(m.Node), c.describe(part{node: m.Node, kind: p.kind}), source(m.Property))
	}
	object := p.code
	return part{kind: f.kind, node: n, list: isAny, code: func(fr *frame) value {
		v := object(fr)
		if v.kind != p.kind {
			return value{} // not answered, or answered when the question was of another kind
		}
		return f.get(v, fr)
	}}
}

func keys(m map[string]field) []string {
	var names []string
	for k := range m {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

// dataMember looks into facts and events, whose shape nobody declared.
func (c *compiler) dataMember(p part, m *ast.MemberNode, name string, named bool) part {
	object := p.code
	if named {
		return part{kind: isAny, node: m, list: isAny, code: func(f *frame) value {
			data, _ := object(f).data.(map[string]any)
			return fromData(data[name])
		}}
	}
	i, ok := m.Property.(*ast.IntegerNode)
	if !ok || i.Value < 0 {
		return c.fail(m.Property, "write a number, such as [0]", "what is looked up must be written out")
	}
	return part{kind: isAny, node: m, list: isAny, code: func(f *frame) value {
		switch l := object(f).data.(type) {
		case []any:
			if i.Value < len(l) {
				return fromData(l[i.Value])
			}
		case []string:
			if i.Value < len(l) {
				return text(l[i.Value])
			}
		}
		return value{}
	}}
}
