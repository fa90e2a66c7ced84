package files

import (
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/config/strict"
)

// approved reads the templates of a question, by account or channel: what it is sent as where the provider takes no
// other text from us.
func (l *loading) approved(v strict.Value) map[string]campaigns.Template {
	if !v.Present() {
		return nil
	}
	out := map[string]campaigns.Template{}
	for _, p := range v.Pairs() {
		if !idForm.MatchString(p.Name) {
			p.Key.Fail("write the account's id or a channel, such as whatsapp", "%q cannot be an account", p.Name)
			continue
		}
		g := p.Value.Group("id", "language", "variables")
		x := campaigns.Template{ID: g.Need("id", `"301122", as the provider calls it`).Text(), Language: g.Get("language").Text()}
		if vars := g.Get("variables"); vars.Present() {
			x.Variables = l.variables(vars)
		}
		out[p.Name] = x
	}
	return out
}

// variables are the values of a template's variables, with the placeholders of any text.
func (l *loading) variables(v strict.Value) map[string]string {
	out := map[string]string{}
	for _, p := range v.Pairs() {
		s := p.Value.Text()
		out[p.Name] = s
		l.texts = append(l.texts, template{value: p.Value, text: s, allowed: []string{"name", "brand", "help"}})
	}
	return out
}
