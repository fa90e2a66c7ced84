package offers

import (
	"cmp"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns/expr"
)

// Considered says what became of one candidate, so that an offer, and its absence, can be explained.
type Considered struct {
	Offer    string      `json:"offer"`
	Eligible bool        `json:"eligible"`
	Reason   string      `json:"reason"`          // a stable word; see below
	Terms    []expr.Term `json:"terms,omitempty"` // the conditions of `when`, one by one
	Detail   string      `json:"detail,omitempty"`
}

// The reasons. Given is set by whoever gives the best one; Choose cannot know whether there is a code left.
const (
	Eligible    = "eligible"
	NotYet      = "not_yet"       // before its first day
	Over        = "over"          // past its last
	WhenFalse   = "when_false"    // its condition does not hold
	WhenError   = "when_error"    // its condition could not be evaluated
	BudgetSpent = "budget_spent"  // all have been given
	PoolEmpty   = "pool_empty"    // no code is left
	Best        = "given"         // this is the one
	NotNeeded   = "lower_ranking" // eligible, but another one ranks higher
	Unknown     = "unknown_offer" // the campaign names an offer that does not exist
)

// Choose ranks the candidates that are eligible, best first: by priority, and where that is equal in the order of the
// campaign. It says of every candidate why it is in or out, in the order given.
func Choose(candidates []*Offer, env expr.Env, now time.Time) (ranked []*Offer, considered []Considered) {
	if len(candidates) > 0 {
		ranked, considered = make([]*Offer, 0, len(candidates)), make([]Considered, 0, len(candidates))
	}
	for _, o := range candidates {
		if o == nil {
			continue
		}
		c := consider(o, env, now)
		considered = append(considered, c)
		if c.Eligible {
			ranked = append(ranked, o)
		}
	}
	slices.SortStableFunc(ranked, func(a, b *Offer) int { return cmp.Compare(b.Priority, a.Priority) })
	return ranked, considered
}

func consider(o *Offer, env expr.Env, now time.Time) Considered {
	c := Considered{Offer: o.ID}
	switch {
	case !o.From.IsZero() && now.Before(o.From):
		c.Reason = NotYet
	case o.Over(now):
		c.Reason = Over
	case o.When == nil:
		c.Eligible, c.Reason = true, Eligible
	default:
		c.Terms = o.When.Explain(env)
		held, err := o.When.Holds(env)
		switch {
		case err != nil:
			c.Reason, c.Detail = WhenError, err.Error()
		case held:
			c.Eligible, c.Reason = true, Eligible
		default:
			c.Reason = WhenFalse
		}
	}
	return c
}
