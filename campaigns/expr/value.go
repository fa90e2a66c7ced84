package expr

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// kind is the type of a value, known at compile time or only when the rule runs (isAny, never of a value itself).
type kind uint8

const (
	isNil kind = iota
	isBool
	isNumber
	isText
	isBounds   // a number or money preference: a range, exact where both ends are equal
	isList     // data: []string or []any
	isMap      // data: map[string]any
	isWindow   // a time window
	isDate     // num: yyyymmdd, the year 0 where it is not known
	isTime     // at
	isDuration // num: nanoseconds
	isAny
)

func (k kind) String() string {
	return [...]string{"nil", "yes or no", "a number", "a text", "a number", "a list", "an object", "a time window", "a date", "a time", "a duration", "anything"}[k]
}

// value is what an expression yields. The zero value is nil: nothing is known.
type value struct {
	kind kind
	num  float64
	text string
	at   time.Time
	data any // *preferences.Value, []string, []any, map[string]any
}

func boolean(b bool) value {
	if b {
		return value{kind: isBool, num: 1}
	}
	return value{kind: isBool}
}

func number(x float64) value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return value{} // a division by zero is as unknown as an answer that was never given
	}
	return value{kind: isNumber, num: x}
}

func text(s string) value { return value{kind: isText, text: s} }

// known is s, or nil where there is none: an empty name is no name.
func known(s string) value {
	if s == "" {
		return value{}
	}
	return text(s)
}

func moment(t time.Time) value {
	if t.IsZero() {
		return value{}
	}
	return value{kind: isTime, at: t}
}

func span(d time.Duration) value { return value{kind: isDuration, num: float64(d)} }

// yes is the value as a condition: only a known yes is one.
func (v value) yes() bool { return v.kind == isBool && v.num != 0 }

func (v value) duration() time.Duration { return time.Duration(v.num) }

func (v value) prefs() *preferences.Value {
	p, _ := v.data.(*preferences.Value)
	if p == nil {
		return &preferences.Value{}
	}
	return p
}

// fromPreference is a declared preference as expressions see it.
func fromPreference(p preferences.Value) value {
	switch p.Kind {
	case preferences.YesNo:
		return boolean(p.Bool)
	case preferences.Choice, preferences.Text, preferences.Email:
		return text(p.Text)
	case preferences.Choices:
		return value{kind: isList, data: p.List}
	case preferences.Rating:
		return fromPointer(p.Min)
	case preferences.Number, preferences.Money:
		return whole(isBounds, p)
	case preferences.Date:
		return fromDate(p.Text)
	case preferences.TimeWindow:
		return whole(isWindow, p)
	}
	return value{}
}

// whole keeps all of p, for its parts. It stands apart so that only what needs p on the heap puts it there.
func whole(k kind, p preferences.Value) value { return value{kind: k, data: &p} }

func fromPointer(x *float64) value {
	if x == nil {
		return value{}
	}
	return number(*x)
}

// fromData is a fact or a part of an event: whatever JSON can hold, and what Go callers put there.
func fromData(x any) value {
	switch x := x.(type) {
	case bool:
		return boolean(x)
	case float64:
		return number(x)
	case string:
		return text(x)
	case []any, []string:
		return value{kind: isList, data: x}
	case map[string]any:
		return value{kind: isMap, data: x}
	case time.Time:
		return moment(x)
	case json.Number:
		f, err := x.Float64()
		if err != nil {
			return value{}
		}
		return number(f)
	}
	return fromInteger(x)
}

func fromInteger(x any) value {
	switch x := x.(type) {
	case int:
		return number(float64(x))
	case int64:
		return number(float64(x))
	case int32:
		return number(float64(x))
	case uint64:
		return number(float64(x))
	case float32:
		return number(float64(x))
	}
	return value{}
}

// each calls f with the members of a list until it says stop.
func (v value) each(f func(value) (more bool)) {
	switch l := v.data.(type) {
	case []string:
		for _, s := range l {
			if !f(text(s)) {
				return
			}
		}
	case []any:
		for _, x := range l {
			if !f(fromData(x)) {
				return
			}
		}
	}
}

// fromDate reads "2026-12-15" and "--08-15".
func fromDate(s string) value {
	var rest string
	switch {
	case len(s) == 7 && s[:2] == "--":
		rest = "2000" + s[1:] // a leap year: the 29th of February is somebody's birthday
	case len(s) == 10:
		rest = s
	default:
		return value{}
	}
	t, err := time.Parse(time.DateOnly, rest)
	if err != nil {
		return value{}
	}
	year := 0
	if len(s) == 10 {
		year = t.Year()
	}
	return value{kind: isDate, num: float64(year*10000 + int(t.Month())*100 + t.Day())}
}

func dateOf(t time.Time) value {
	y, m, d := t.Date()
	return value{kind: isDate, num: float64(y*10000 + int(m)*100 + d)}
}

func showDate(n int) string {
	two := func(x int) string {
		if x < 10 {
			return "0" + strconv.Itoa(x)
		}
		return strconv.Itoa(x)
	}
	year := "-"
	if y := n / 10000; y > 0 {
		year = strings.Repeat("0", max(0, 4-len(strconv.Itoa(y)))) + strconv.Itoa(y)
	}
	return year + "-" + two(n/100%100) + "-" + two(n%100)
}

// fromMoment reads a date or a time that a text holds; times without a zone are in loc.
func fromMoment(s string, loc *time.Location) value {
	if v := fromDate(s); v.kind != isNil {
		return v
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return moment(t)
		}
	}
	return value{}
}

// ParseDuration reads "180d", "2w", "24h", "2h30m": what time.ParseDuration reads, and days and weeks before it.
// A day is 24 hours here.
func ParseDuration(s string) (time.Duration, bool) {
	var days time.Duration
	rest := s
	for _, u := range []struct {
		letter string
		unit   time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}} {
		head, tail, found := strings.Cut(rest, u.letter)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(head, 10, 16)
		if err != nil {
			return 0, false
		}
		days += time.Duration(n) * u.unit
		rest = tail
	}
	if rest == "" {
		return days, s != ""
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || strings.ContainsAny(rest, "+-") || d > math.MaxInt64-days {
		return 0, false
	}
	return days + d, true
}
