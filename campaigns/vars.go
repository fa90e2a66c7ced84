package campaigns

import (
	"slices"
	"strings"
)

// vars is what every text may name.
func (t *turn) vars() map[string]string {
	v := map[string]string{"brand": t.w.Brand.Name, "help": t.w.Brand.Help}
	if t.s.Contact != nil {
		v["name"] = t.s.Contact.Name
	}
	return v
}

// fill renders a campaign's or an offer's text.
func (t *turn) fill(text string, extra map[string]string) string {
	v := t.vars()
	if t.s.Contact != nil && strings.Contains(text, "prefs.") {
		for a, p := range t.s.Contact.Preferences {
			v["prefs."+a] = t.show(p)
		}
	}
	for k, x := range extra {
		v[k] = x
	}
	return Render(text, v)
}

// filled is a template with the values of its variables; nil: none.
func (t *turn) filled(x *Template) *Template {
	if x == nil {
		return nil
	}
	out := &Template{ID: x.ID, Language: x.Language}
	if len(x.Variables) > 0 {
		out.Variables = make(map[string]string, len(x.Variables))
	}
	for name, text := range x.Variables {
		out.Variables[name] = t.fill(text, nil)
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
