package preferences

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// Kind is the type of an attribute, which is also the kind of the question that asks for it.
type Kind string

// The ten kinds. Their JSON values are those of the reply-understanding format.
const (
	YesNo      Kind = "yes_no"      // true, false
	Choice     Kind = "choice"      // an option's value
	Choices    Kind = "choices"     // option values, in option order
	Number     Kind = "number"      // 12, or {"min":10,"max":20} with either bound absent
	Money      Kind = "money"       // {"amount":500000,"currency":"VND"}, or {"min":..,"max":..,"currency":..}
	Rating     Kind = "rating"      // an integer
	Date       Kind = "date"        // "2026-12-15", or "--08-15" where the year is not known
	TimeWindow Kind = "time_window" // {"from":"18:00","to":"21:00"}, either absent
	Text       Kind = "text"        // the reply, trimmed
	Email      Kind = "email"       // lower-cased
)

// Kinds lists every kind, in the order in which the docs name them.
func Kinds() []Kind {
	return []Kind{YesNo, Choice, Choices, Number, Money, Rating, Date, TimeWindow, Text, Email}
}

// Value is one structured answer. Which fields count depends on Kind; the zero Value (no kind) means nothing is known.
type Value struct {
	Kind     Kind
	Bool     bool     // yes_no
	Text     string   // choice, date, text, email
	List     []string // choices
	Min, Max *float64 // number, money, rating: equal for an exact amount; nil where unbounded
	Currency string   // money: ISO 4217
	From, To string   // time_window: "15:04", either empty
}

// Exact is a number, money or rating value of one amount.
func Exact(k Kind, x float64, currency string) Value {
	return Value{Kind: k, Min: &x, Max: &x, Currency: currency}
}

// Between is a number or money value with bounds, either of which may be nil.
func Between(k Kind, lo, hi *float64, currency string) Value {
	return Value{Kind: k, Min: lo, Max: hi, Currency: currency}
}

// IsZero reports whether nothing is known.
func (v Value) IsZero() bool { return v.Kind == "" }

func (v Value) exact() bool { return v.Min != nil && v.Max != nil && *v.Min == *v.Max }

type boundsJSON struct {
	Amount   *float64 `json:"amount,omitempty"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Currency string   `json:"currency,omitempty"`
}

type windowJSON struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// MarshalJSON writes the value in the form of its kind.
func (v Value) MarshalJSON() ([]byte, error) { return marshal(v.form()) }

func (v Value) form() any {
	switch v.Kind {
	case YesNo:
		return v.Bool
	case Choices:
		if v.List == nil {
			return []string{}
		}
		return v.List
	case Rating:
		if v.Min == nil {
			return nil
		}
		return *v.Min
	case Number:
		if v.exact() {
			return *v.Min
		}
		return boundsJSON{Min: v.Min, Max: v.Max}
	case Money:
		if v.exact() {
			return boundsJSON{Amount: v.Min, Currency: v.Currency}
		}
		return boundsJSON{Min: v.Min, Max: v.Max, Currency: v.Currency}
	case TimeWindow:
		return windowJSON{From: v.From, To: v.To}
	case "":
		return nil
	default:
		return v.Text
	}
}

// marshal is json.Marshal without the escaping of <, > and &, which are ordinary characters in what customers write.
func marshal(x any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(x); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// ErrValue is what ParseValue's errors wrap: the JSON does not fit the kind.
var ErrValue = errors.New("value does not fit its kind")

// ParseValue reads the JSON form of a value of kind k.
func ParseValue(k Kind, raw []byte) (Value, error) {
	v := Value{Kind: k}
	var err error
	switch k {
	case YesNo:
		err = json.Unmarshal(raw, &v.Bool)
	case Choice, Date, Text, Email:
		err = json.Unmarshal(raw, &v.Text)
	case Choices:
		err = json.Unmarshal(raw, &v.List)
	case Number, Rating, Money:
		return parseBounds(k, raw)
	case TimeWindow:
		var w windowJSON
		err = json.Unmarshal(raw, &w)
		v.From, v.To = w.From, w.To
	default:
		err = fmt.Errorf("there is no kind %q", k)
	}
	if err != nil {
		return Value{}, fmt.Errorf("%w: %s: %w", ErrValue, k, err)
	}
	return v, nil
}

func parseBounds(k Kind, raw []byte) (Value, error) {
	var x float64
	if json.Unmarshal(raw, &x) == nil && k != Money {
		if math.IsInf(x, 0) || math.IsNaN(x) {
			return Value{}, fmt.Errorf("%w: %s: not finite", ErrValue, k)
		}
		return Exact(k, x, ""), nil
	}
	var b boundsJSON
	if err := json.Unmarshal(raw, &b); err != nil {
		return Value{}, fmt.Errorf("%w: %s: %w", ErrValue, k, err)
	}
	if b.Amount != nil {
		return Exact(k, *b.Amount, b.Currency), nil
	}
	if b.Min == nil && b.Max == nil {
		return Value{}, fmt.Errorf("%w: %s: neither amount nor bound", ErrValue, k)
	}
	v := Between(k, b.Min, b.Max, b.Currency)
	if k == Rating && !v.exact() {
		return Value{}, fmt.Errorf("%w: %s: it is one number", ErrValue, k)
	}
	return v, nil
}
