package demo

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/preferences"
)

// value says a preference's value in words.
func (n names) value(attribute string, v preferences.Value) string {
	var raw any
	if b, err := json.Marshal(v); err == nil {
		_ = json.Unmarshal(b, &raw) // it was written the line above
	}
	return n.raw(attribute, v.Kind, raw)
}

// raw says a value in words from its JSON form, as ledger entries keep it. kind may be empty: the form decides.
func (n names) raw(attribute string, kind preferences.Kind, raw any) string {
	if kind == "" {
		kind = n.kind(attribute)
	}
	switch x := raw.(type) {
	case nil:
		return n.lang.say("value.none")
	case bool:
		return n.lang.say(map[bool]string{true: "value.yes", false: "value.no"}[x])
	case string:
		return n.word(attribute, kind, x)
	case float64:
		return n.number(x, map[bool]string{true: "★"}[kind == preferences.Rating])
	case []any:
		return n.list(attribute, x)
	case map[string]any:
		return n.bounds(x)
	}
	b, _ := json.Marshal(raw)
	return string(b)
}

func (n names) word(attribute string, kind preferences.Kind, s string) string {
	switch kind {
	case preferences.Text, preferences.Email:
		return s
	case preferences.Date:
		return date(s)
	}
	return n.option(attribute, s)
}

// date turns 2026-12-15 and --08-15 into 15/12/2026 and 15/08.
func date(s string) string {
	p := strings.Split(strings.TrimPrefix(s, "--"), "-")
	for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
		p[i], p[j] = p[j], p[i]
	}
	return strings.Join(p, "/")
}

func (n names) list(attribute string, xs []any) string {
	words := make([]string, 0, len(xs))
	for _, x := range xs {
		if s, ok := x.(string); ok {
			words = append(words, n.option(attribute, s))
		}
	}
	return strings.Join(words, ", ")
}

// bounds says an amount, a range or a time window.
func (n names) bounds(m map[string]any) string {
	from, _ := m["from"].(string)
	to, _ := m["to"].(string)
	currency, _ := m["currency"].(string)
	if x, ok := m["amount"].(float64); ok {
		return n.number(x, currency)
	}
	if lo, ok := m["min"].(float64); ok {
		from = n.number(lo, currency)
	}
	if hi, ok := m["max"].(float64); ok {
		to = n.number(hi, currency)
	}
	switch {
	case from == "" && to == "":
		return n.lang.say("value.none")
	case to == "":
		return n.lang.say("value.from", "from", from)
	case from == "":
		return n.lang.say("value.to", "to", to)
	case from == to:
		return from
	}
	return from + " – " + to
}

// nbsp keeps an amount and its unit on one line.
const nbsp = "\u00a0"

// number writes x in the language's grouping, with its unit.
func (n names) number(x float64, unit string) string {
	comma, point := ".", ","
	if n.lang == "en" {
		comma, point = ",", "."
	}
	whole, frac, _ := strings.Cut(strconv.FormatFloat(math.Abs(x), 'f', -1, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + comma + whole[i:]
	}
	if frac != "" {
		whole += point + frac
	}
	if x < 0 {
		whole = "−" + whole
	}
	switch unit {
	case "":
		return whole
	case "VND":
		return whole + nbsp + "₫"
	}
	return whole + nbsp + unit
}
