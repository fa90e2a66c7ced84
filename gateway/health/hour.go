package health

import (
	"cmp"
	"slices"
	"time"
)

const (
	minutes   = 60
	codesMost = 50 // different ones that are told apart; further ones count as other
	other     = "other"
	codeMost  = 64 // bytes of a code
)

// key is what is counted.
type key struct{ result, code string }

// hour counts over the last sixty minutes, each in a bucket of its own.
type hour [minutes]struct {
	minute int64 // since 1970
	counts map[key]int
}

// add counts one. What lies in the bucket from an hour before gives way.
func (h *hour) add(now time.Time, k key) {
	m := now.Unix() / 60
	b := &h[m%minutes]
	if b.minute != m {
		b.minute, b.counts = m, nil
	}
	if b.counts == nil {
		b.counts = map[key]int{}
	}
	k.code = cut(k.code, codeMost)
	if _, known := b.counts[k]; !known && len(b.counts) >= codesMost {
		k = key{result: other}
	}
	b.counts[k]++
}

// sum is what was counted in the last hour.
func (h *hour) sum(now time.Time) map[key]int {
	m, total := now.Unix()/60, map[key]int{}
	for _, b := range h {
		if b.minute > m-minutes && b.minute <= m {
			for k, n := range b.counts {
				total[k] += n
			}
		}
	}
	return total
}

// sorted lists counts, the most frequent first; where there are too many different ones the rest is one: other.
func sorted(total map[key]int) []Count {
	out := make([]Count, 0, len(total))
	rest := total[key{result: other}]
	for k, n := range total {
		if k.result != other {
			out = append(out, Count{k.result, k.code, n})
		}
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Result, b.Result), cmp.Compare(a.Code, b.Code))
	})
	for len(out) > codesMost {
		rest += out[len(out)-1].N
		out = out[:len(out)-1]
	}
	if rest > 0 {
		out = append(out, Count{Result: other, N: rest})
	}
	return out
}

// cut bounds a text from outside, between two characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && s[most]&0xC0 == 0x80 {
		most--
	}
	return s[:most]
}
