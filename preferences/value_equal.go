package preferences

import "slices"

// Equal reports whether two values say the same.
func (v Value) Equal(o Value) bool {
	return v.Kind == o.Kind && v.Bool == o.Bool && v.Text == o.Text && slices.Equal(v.List, o.List) &&
		same(v.Min, o.Min) && same(v.Max, o.Max) && v.Currency == o.Currency && v.From == o.From && v.To == o.To
}

func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
