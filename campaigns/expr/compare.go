package expr

import (
	"cmp"
	"time"
)

// compare answers a op b. Where either is unknown the answer is no, for != too. loc is the contact's zone: what day a
// moment belongs to depends on it.
func compare(op string, a, b value, loc *time.Location) bool {
	if a.kind == isNil || b.kind == isNil {
		return false
	}
	if a.kind == isBounds {
		return compareBounds(op, a, b)
	}
	if b.kind == isBounds {
		return compareBounds(flipped(op), b, a)
	}
	a, b = alike(a, b, loc)
	switch op {
	case "==":
		return equal(a, b)
	case "!=":
		return a.kind != isNil && b.kind != isNil && !equal(a, b)
	}
	n, ok := order(a, b)
	if !ok {
		return false
	}
	switch op {
	case "<":
		return n < 0
	case "<=":
		return n <= 0
	case ">":
		return n > 0
	default:
		return n >= 0
	}
}

// compareBounds: a range compares true only where every amount in it would. "300 to 500" is >= 300, and neither
// >= 400 nor < 400: we do not know.
func compareBounds(op string, r, n value) bool {
	if n.kind != isNumber {
		return false
	}
	p, x := r.prefs(), n.num
	lo, hi := p.Min, p.Max
	switch op {
	case "==":
		return lo != nil && hi != nil && *lo == x && *hi == x
	case "!=":
		return hi != nil && *hi < x || lo != nil && *lo > x
	case "<":
		return hi != nil && *hi < x
	case "<=":
		return hi != nil && *hi <= x
	case ">":
		return lo != nil && *lo > x
	default:
		return lo != nil && *lo >= x
	}
}

func flipped(op string) string {
	switch op {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	case ">=":
		return "<="
	}
	return op
}

// alike makes dates, times and durations comparable with each other and with the texts that facts hold. A moment
// against a date is compared by its day.
func alike(a, b value, loc *time.Location) (value, value) {
	a, b = read(a, b.kind, loc), read(b, a.kind, loc)
	switch {
	case a.kind == isTime && b.kind == isDate:
		a = dateOf(a.at.In(loc))
	case a.kind == isDate && b.kind == isTime:
		b = dateOf(b.at.In(loc))
	}
	return a, b
}

// read is a text as the kind it is compared with.
func read(v value, with kind, loc *time.Location) value {
	if v.kind != isText {
		return v
	}
	switch with {
	case isDuration:
		return duration(v.text)
	case isDate, isTime:
		return fromMoment(v.text, loc)
	}
	return v
}

func duration(s string) value {
	d, ok := ParseDuration(s)
	if !ok {
		return value{}
	}
	return span(d)
}

func equal(a, b value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case isText:
		return a.text == b.text
	case isTime:
		return a.at.Equal(b.at)
	case isDate:
		return sameDay(int(a.num), int(b.num))
	case isBool, isNumber, isDuration:
		return a.num == b.num
	}
	return false
}

// sameDay: a date whose year is not known is that day in every year.
func sameDay(a, b int) bool {
	if a < 10000 || b < 10000 {
		return a%10000 == b%10000
	}
	return a == b
}

func order(a, b value) (int, bool) {
	if a.kind != b.kind {
		return 0, false
	}
	switch a.kind {
	case isText:
		return cmp.Compare(a.text, b.text), true
	case isTime:
		return a.at.Compare(b.at), true
	case isDate:
		// With one year unknown, neither comes first.
		return cmp.Compare(a.num, b.num), (a.num < 10000) == (b.num < 10000)
	case isNumber, isDuration:
		return cmp.Compare(a.num, b.num), true
	}
	return 0, false
}
