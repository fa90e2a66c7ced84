package compliance

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences/address"
)

// Cap is how many ads one telephone number may be sent, by whichever campaign and channel, within any such time. The zero
// Cap is none.
type Cap struct {
	Most   int
	Within time.Duration
}

// Binds reports whether ads to an address are counted: the rule is about telephone numbers.
func (c Cap) Binds(to address.Address) bool { return c.Most > 0 && to.Scheme == address.Tel }

// free is the first moment, not before t, at which another ad may go, beside those that went, or are to go, at these times.
func (c Cap) free(ads []time.Time, t time.Time) time.Time {
	if c.Most <= 0 || len(ads) < c.Most {
		return t
	}
	ads = slices.SortedFunc(slices.Values(ads), time.Time.Compare)
	for {
		counts := slices.DeleteFunc(slices.Clone(ads), func(at time.Time) bool { return at.After(t) || !at.Add(c.Within).After(t) })
		if len(counts) < c.Most {
			return t
		}
		t = counts[len(counts)-c.Most].Add(c.Within)
	}
}
