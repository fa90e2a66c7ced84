package campaigns

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/preferences"
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

// show is a preference's value as the customer would say it.
func (t *turn) show(p preferences.Preference) string {
	v := p.Value
	switch v.Kind {
	case preferences.YesNo:
		if v.Bool {
			return t.phrase(sayYes, nil)
		}
		return t.phrase(sayNo, nil)
	case preferences.Choice:
		return t.label(p.Attribute, v.Text)
	case preferences.Choices:
		labels := make([]string, len(v.List))
		for i, x := range v.List {
			labels[i] = t.label(p.Attribute, x)
		}
		return strings.Join(labels, ", ")
	case preferences.Number, preferences.Rating, preferences.Money:
		return bounds(v, t.locale())
	case preferences.TimeWindow:
		return strings.Trim(v.From+"-"+v.To, "-")
	}
	return v.Text
}

// label is how the option is called in the customer's language; the value itself where no question has it any more.
func (t *turn) label(attribute, value string) string {
	for _, id := range sortedKeys(t.w.Campaigns) {
		c := t.w.Campaigns[id]
		if c == nil {
			continue
		}
		for i := range c.Questions {
			if c.Questions[i].Attribute != attribute {
				continue
			}
			for _, o := range c.Questions[i].Ask.Options {
				if o.Value == value {
					return Texts(o.Label).In(t.locale(), t.w.locale())
				}
			}
		}
	}
	return value
}

func bounds(v preferences.Value, locale string) string {
	lo, hi := amount(v.Min, v.Currency, locale), amount(v.Max, v.Currency, locale)
	switch {
	case lo == hi:
		return lo
	case hi == "":
		return ">= " + lo
	case lo == "":
		return "<= " + hi
	}
	return lo + " - " + hi
}

// amount writes 500000 VND as people of the locale do: 500.000đ, 500,000 VND.
func amount(x *float64, currency, locale string) string {
	if x == nil {
		return ""
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(*x, 'f', -1, 64), ".")
	thousand, point := ",", "."
	if locale == "vi" {
		thousand, point = ".", ","
	}
	s := grouped(whole, thousand)
	if fraction != "" {
		s += point + fraction
	}
	switch {
	case currency == "":
		return s
	case currency == "VND" && locale == "vi":
		return s + "đ"
	}
	return s + " " + currency
}

func grouped(digits, sep string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sep + digits[i:]
	}
	return sign + digits
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
