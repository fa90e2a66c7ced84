package files

import (
	"strings"

	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/preferences/understand"
)

// optionsMax bounds a question's options: longer menus than any channel or reader takes.
const optionsMax = 30

// options reads the options of a question, and where each of their names stands. Where anything is wrong with them there
// are no names: it makes no sense then to ask how they are read.
func (l *loading) options(v strict.Value) ([]understand.Option, names) {
	before := len(l.report.Problems())
	list := v.List()
	switch {
	case v.IsList() && len(list) < 2:
		v.Fail("write at least two", "there is nothing to choose from")
	case len(list) > optionsMax:
		v.Fail("ask in two steps", "there are %d options; %d are the most", len(list), optionsMax)
		return nil, nil
	}
	places := names{}
	var out []understand.Option
	values := map[string]strict.Place{}
	said := map[string]string{} // option by what a customer may call it
	for _, m := range list {
		o, ok := l.option(m, values, places.of(len(out)))
		if !ok {
			continue
		}
		l.distinct(m, o, said)
		out = append(out, o)
	}
	if len(l.report.Problems()) > before {
		return out, nil
	}
	return out, places
}

func (l *loading) option(m strict.Value, values map[string]strict.Place, stands func(locale string, synonym int, v strict.Value)) (o understand.Option, ok bool) {
	if !m.IsGroup() {
		s, _ := m.Scalar()
		m.Fail("write {value: "+s+", label: {"+l.opts.Locales[0]+": ...}}", "an option has a value and a label")
		return o, false
	}
	g := m.Group("value", "label", "synonyms")
	v := g.Need("value", "sporty")
	o.Value = v.Text()
	label := g.Need("label", "{"+l.opts.Locales[0]+": ...}")
	o.Label = l.words(label)
	if label.Present() {
		for _, p := range l.byLocaleQuietly(label) {
			stands(p.Name, -1, p.Value)
		}
	}
	o.Synonyms = l.synonyms(g.Get("synonyms"), stands)
	if o.Value == "" {
		return o, false
	}
	if at, twice := values[o.Value]; twice {
		v.Fail("give one of them another value", "there is an option %s already, on line %d", o.Value, at.Line)
		return o, false
	}
	values[o.Value] = v.Place()
	return o, true
}

func (l *loading) synonyms(v strict.Value, stands func(locale string, synonym int, v strict.Value)) map[string][]string {
	if !v.Present() {
		return nil
	}
	out := map[string][]string{}
	for _, p := range l.byLocale(v) {
		for _, m := range p.Value.List() {
			if s := m.Text(); s != "" {
				stands(p.Name, len(out[p.Name]), m)
				out[p.Name] = append(out[p.Name], s)
			}
		}
	}
	return out
}

// distinct reports a name that two options share: a customer who says it could mean either.
func (l *loading) distinct(m strict.Value, o understand.Option, said map[string]string) {
	var names []string
	for _, locale := range l.opts.Locales {
		if s, ok := o.Label[locale]; ok {
			names = append(names, s)
		}
		names = append(names, o.Synonyms[locale]...)
	}
	for _, n := range names {
		key := strings.ToLower(strings.Join(strings.Fields(n), " "))
		if other, taken := said[key]; taken && other != o.Value {
			m.Fail("call one of them something else", "%q already means the option %s", n, other)
			continue
		}
		said[key] = o.Value
	}
}
