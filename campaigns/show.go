package campaigns

import (
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
)

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
		return t.between(amount(v.Min, v.Currency, t.locale()), amount(v.Max, v.Currency, t.locale())) + t.unit(p)
	case preferences.TimeWindow:
		return t.between(v.From, v.To)
	case preferences.Date:
		return date(v.Text, t.locale())
	}
	return v.Text
}

// label is how the option is called in the customer's language; the value itself where no question has it any more.
func (t *turn) label(attribute, value string) string {
	for q := range t.w.Asking(attribute) {
		for _, o := range q.Ask.Options {
			if o.Value == value {
				return Texts(o.Label).In(t.locale(), t.w.locale())
			}
		}
	}
	return value
}

// unit is what stands behind a number or a mark: " kg", "/5".
func (t *turn) unit(p preferences.Preference) string {
	for q := range t.w.Asking(p.Attribute) {
		switch {
		case p.Value.Kind == preferences.Number && q.Ask.Unit != "":
			return " " + q.Ask.Unit
		case p.Value.Kind == preferences.Rating && q.Ask.Max != nil:
			return "/" + amount(q.Ask.Max, "", t.locale())
		}
	}
	return ""
}

// between says two bounds, either of which may be missing.
func (t *turn) between(from, to string) string {
	switch {
	case from == to:
		return from
	case to == "":
		return t.phrase(sayFrom, map[string]string{"value": from})
	case from == "":
		return t.phrase(sayUpTo, map[string]string{"value": to})
	}
	return from + " - " + to
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

// date writes 2026-12-15 as 15/12/2026 or 15 December 2026, and --12-15, whose year nobody knows, without it.
func date(s, locale string) string {
	const leap = "2000" // some are born on 29 February
	rest, yearless := strings.CutPrefix(s, "-")
	if yearless {
		s = leap + rest
	}
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	layout := "2 January 2006"
	if locale == "vi" {
		layout = "02/01/2006"
	}
	if yearless {
		layout = layout[:len(layout)-len("/2006")]
	}
	return at.Format(layout)
}
