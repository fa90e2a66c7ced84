package demo

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

// names turns ids into what people call them, from the campaigns in force.
type names struct {
	lang     lang
	world    *campaigns.World // nil: not known
	customer string           // whom questions speak to; empty: nobody in particular
}

func (d *demo) names(l lang) names {
	n := names{lang: l}
	if d.o.World != nil {
		n.world = d.o.World()
	}
	return n
}

// brand is who asks.
func (n names) brand() string {
	if n.world != nil && n.world.Brand.Name != "" {
		return n.world.Brand.Name
	}
	return n.lang.say("page.brand")
}

// campaign is a campaign's name.
func (n names) campaign(id string) string {
	if n.world != nil {
		if c := n.world.Campaigns[id]; c != nil && c.Name != "" {
			return c.Name
		}
	}
	return id
}

// attribute is what an attribute is about: "phong cách". Beside the demo's own words there is the label of a question.
func (n names) attribute(id string) string {
	if s, ok := texts["attr."+id][string(n.lang)]; ok {
		return s
	}
	if n.world != nil {
		for q := range n.world.Asking(id) {
			if s := q.Label.In(string(n.lang), "vi"); s != "" {
				return s
			}
		}
	}
	return readable(id)
}

// question finds a question by its campaign and id; campaign may be empty.
func (n names) question(campaign, id string) *campaigns.Question {
	if n.world == nil || id == "" {
		return nil
	}
	for _, c := range n.world.Campaigns {
		if campaign != "" && c.ID != campaign {
			continue
		}
		for i := range c.Questions {
			if c.Questions[i].ID == id {
				return &c.Questions[i]
			}
		}
	}
	return nil
}

// about is the attribute that a question asks for.
func (n names) about(campaign, question string) string {
	if q := n.question(campaign, question); q != nil {
		return q.Attribute
	}
	return question
}

// kind is an attribute's kind; "" where no question asks for it.
func (n names) kind(attribute string) preferences.Kind {
	if n.world == nil {
		return ""
	}
	return n.world.Attributes()[attribute]
}

// asked is a question's wording; empty where it is not known.
func (n names) asked(campaign, question string) string {
	if q := n.question(campaign, question); q != nil {
		return n.filled(q.Ask.Text, noCode)
	}
	return ""
}

// filled is a text in the page's language as the customer would see it, with dots for what is not known here.
func (n names) filled(text map[string]string, code string) string {
	known := map[string]string{"name": cmp.Or(n.customer, "…"), "brand": n.brand(), "code": code}
	in := campaigns.Texts(text).In(string(n.lang), "vi")
	return strings.Join(strings.Fields(placeholder.ReplaceAllStringFunc(in, func(p string) string {
		return cmp.Or(known[strings.Trim(p, "{ }")], "…")
	})), " ")
}

// placeholder is {{name}} and the like; what it is called may be a path.
var placeholder = regexp.MustCompile(`\{\{[^{}]*\}\}`)

// noCode stands where a code will be.
const noCode = "••••"

// option is the label of an option of the questions about attribute.
func (n names) option(attribute, value string) string {
	if n.world != nil {
		for q := range n.world.Asking(attribute) {
			if s := optionIn(q, value, string(n.lang)); s != "" {
				return s
			}
		}
	}
	return n.lang.known("value", value)
}

func optionIn(q *campaigns.Question, value, locale string) string {
	for _, o := range q.Ask.Options {
		if o.Value == value {
			return campaigns.Texts(o.Label).In(locale, "vi")
		}
	}
	return ""
}
