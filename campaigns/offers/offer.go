// Package offers is what is given back: eligibility, ranking, explanation.
package offers

import (
	"time"

	"github.com/hoidap/hoidap/campaigns/expr"
)

// Offer is what the customer gets back for answering: a code, early access, a link, advice, membership.
type Offer struct {
	ID       string
	When     *expr.Rule // nil: everybody
	Priority int        // the highest eligible one is given
	Text     map[string]string
	Pool     string // unique codes are taken from this pool; empty: none
	Shared   string // one code for everybody; empty: none
	Link     string
	Budget   int       // how many may be given; 0: no limit
	From     time.Time // zero: at once
	Until    time.Time // exclusive; zero: for ever
	Source   string    // file:line
}

// Over reports whether the offer is not given any more at that time.
func (o *Offer) Over(at time.Time) bool { return !o.Until.IsZero() && !at.Before(o.Until) }
