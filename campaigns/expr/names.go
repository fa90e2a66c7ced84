package expr

import (
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// channels stands for the options of contact.channels, as prefs.x stands for those of x.
const channels = "contact.channels"

func roots() []string {
	return []string{"contact", "prefs", "told", "facts", "consent", "event", "now"}
}

// reference compiles a name with what follows it: prefs.budget.max, facts.orders[0].total, #.
func (c *compiler) reference(n ast.Node) part {
	path, ok := c.path(n)
	if !ok {
		return c.fail(n, "", "only names such as prefs.style can stand before a dot")
	}
	seen := len(c.seen)
	p := c.root(path)
	for _, m := range path[p.used:] {
		p.part = c.member(p.part, m)
	}
	p.node = n
	if len(c.seen) > seen { // the whole path is worth more to the reader than its beginning
		c.seen = c.seen[:seen]
		c.see(source(n), p.code)
	}
	return p.part
}

func (c *compiler) see(path string, code code) {
	for _, s := range c.seen {
		if s.path == path {
			return
		}
	}
	c.seen = append(c.seen, sighting{path: path, code: code})
}

// path is the chain of nodes from the root name on: an identifier or # first, then its members.
func (c *compiler) path(n ast.Node) ([]ast.Node, bool) {
	var path []ast.Node
	for {
		switch m := n.(type) {
		case *ast.ChainNode:
			n = m.Node
			continue
		case *ast.MemberNode:
			path = append(path, m)
			n = m.Node
			continue
		case *ast.IdentifierNode, *ast.PointerNode:
			path = append(path, m)
			slices.Reverse(path)
			return path, true
		}
		return nil, false
	}
}

// rooted is the beginning of a path, and how many of its nodes it took.
type rooted struct {
	part
	used int
}

func (c *compiler) root(path []ast.Node) rooted {
	first := path[0]
	if pointer, ok := first.(*ast.PointerNode); ok {
		return c.pointer(pointer, len(path))
	}
	name := first.(*ast.IdentifierNode).Value
	switch {
	case name == "now":
		return rooted{part{kind: isTime, node: first, code: func(f *frame) value { return moment(f.env.Now) }}, 1}
	case !slices.Contains(roots(), name):
		return rooted{c.fail(first, c.rootHint(name), "unknown name %s", name), len(path)}
	case len(path) == 1:
		return rooted{c.fail(first, "write "+name+". and what of it", "%s alone says nothing", name), 1}
	}
	key, ok := property(path[1])
	if !ok {
		return rooted{c.fail(path[1], "write "+name+".name", "what is asked of %s must be written out", name), len(path)}
	}
	return rooted{c.known(path[1].(*ast.MemberNode).Property, name, key), 2}
}

// pointer is #, the member of a list that any, all or none looks at.
func (c *compiler) pointer(n *ast.PointerNode, length int) rooted {
	if n.Name != "" {
		return rooted{c.fail(n, "use # alone", "#%s is not part of this language", n.Name), length}
	}
	item := c.item
	item.node, item.code = n, func(f *frame) value { return f.item }
	return rooted{item, 1}
}

// known is what the environment has under name.key.
func (c *compiler) known(at ast.Node, name, key string) part {
	switch name {
	case "prefs":
		return c.preference(at, key)
	case "told":
		return c.told(at, key)
	case "contact":
		return c.contact(at, key)
	case "consent":
		line, column := c.place(at.Location())
		c.agreed = append(c.agreed, Consent{Purpose: key, Line: line, Column: column})
		return part{kind: isBool, node: at, code: func(f *frame) value {
			return boolean(f.env.Contact != nil && f.env.Contact.Consented(key))
		}}
	case "event":
		return part{kind: isAny, node: at, code: func(f *frame) value { return fromData(f.env.Event[key]) }}
	}
	p := part{kind: isAny, node: at, code: func(f *frame) value {
		if f.env.Contact == nil {
			return value{}
		}
		return fromData(f.env.Contact.Facts[key])
	}}
	c.see("facts."+key, p.code)
	return p
}

// rootHint helps who forgot the prefs., and who wrote an option without quotes.
func (c *compiler) rootHint(name string) string {
	if _, ok := c.schema.Attributes[name]; ok {
		return "did you mean prefs." + name + "?"
	}
	for _, attr := range slices.Sorted(maps.Keys(c.schema.Options)) {
		if slices.Contains(c.schema.Options[attr], name) {
			return `texts are written in quotes: "` + name + `"`
		}
	}
	switch strings.ToLower(name) {
	case "and", "or", "not", "in", "true", "false", "nil":
		return "write it in small letters: " + strings.ToLower(name)
	case "null", "none":
		return "write nil"
	}
	return didYouMean(name, roots(), "names")
}

func property(n ast.Node) (string, bool) {
	m, ok := n.(*ast.MemberNode)
	if !ok {
		return "", false
	}
	s, ok := m.Property.(*ast.StringNode)
	if !ok {
		return "", false
	}
	return s.Value, true
}

func (c *compiler) preference(at ast.Node, attr string) part {
	k, ok := c.schema.Attributes[attr]
	if !ok {
		if c.err != nil {
			return c.fail(at, "", "")
		}
		p := c.fail(at, didYouMean(attr, slices.Collect(maps.Keys(c.schema.Attributes)), "attributes"), "no question asks for %s", attr)
		c.err.Attribute = attr
		return p
	}
	p := part{node: at, kind: kindOf(k), list: isAny, code: func(f *frame) value { return declared(f.env.Contact, attr) }}
	if k == preferences.Choice || k == preferences.Choices {
		p.attr, p.list = "prefs."+attr, isText
	}
	if c.attrs == nil {
		c.attrs = map[string]bool{}
	}
	c.attrs[attr] = true
	c.see("prefs."+attr, p.code)
	return p
}

// told is when the customer said it: how old an answer is follows from that.
func (c *compiler) told(at ast.Node, attr string) part {
	seen := len(c.seen)
	p := c.preference(at, attr)
	if c.err != nil {
		return p
	}
	c.seen = c.seen[:seen]
	p = part{node: at, kind: isTime, list: isAny, code: func(f *frame) value {
		if f.env.Contact == nil {
			return value{}
		}
		said, ok := f.env.Contact.Preferences[attr]
		if !ok || said.Class != preferences.Declared {
			return value{}
		}
		return moment(said.Evidence.At)
	}}
	c.see("told."+attr, p.code)
	return p
}

func kindOf(k preferences.Kind) kind {
	switch k {
	case preferences.YesNo:
		return isBool
	case preferences.Choices:
		return isList
	case preferences.Number, preferences.Money:
		return isBounds
	case preferences.Rating:
		return isNumber
	case preferences.Date:
		return isDate
	case preferences.TimeWindow:
		return isWindow
	}
	return isText
}

// declared is what the customer said about attr. What was observed, inferred or imported does not count here.
func declared(contact *preferences.Contact, attr string) value {
	if contact == nil {
		return value{}
	}
	p, ok := contact.Preferences[attr]
	if !ok || p.Class != preferences.Declared {
		return value{}
	}
	return fromPreference(p.Value)
}

func (c *compiler) contact(at ast.Node, name string) part {
	of := func(k kind, get func(*preferences.Contact) value) part {
		return part{node: at, kind: k, list: isAny, code: func(f *frame) value {
			if f.env.Contact == nil {
				return value{}
			}
			return get(f.env.Contact)
		}}
	}
	switch name {
	case "name":
		return of(isText, func(c *preferences.Contact) value { return known(c.Name) })
	case "locale":
		return of(isText, func(c *preferences.Contact) value { return known(c.Locale) })
	case "timezone":
		return of(isText, func(c *preferences.Contact) value { return known(c.Timezone) })
	case "created":
		return of(isTime, func(c *preferences.Contact) value { return moment(c.Created) })
	case "channels":
		p := of(isList, reachable)
		p.attr, p.list = channels, isText
		return p
	}
	return c.fail(at, didYouMean(name, []string{"name", "locale", "timezone", "channels", "created"}, "names"), "contact has no %s", name)
}

// reachable lists the channels that can carry one of the contact's addresses.
func reachable(c *preferences.Contact) value {
	var names []string
	for _, ch := range address.Channels() {
		if slices.ContainsFunc(c.Addresses, ch.Carries) {
			names = append(names, string(ch))
		}
	}
	return value{kind: isList, data: names}
}

func channelNames() []string {
	var names []string
	for _, ch := range address.Channels() {
		names = append(names, string(ch))
	}
	return names
}
