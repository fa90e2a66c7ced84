package campaigns

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns/offers"
)

// WhatIf ranks offers for a contact as if a conversation ended now, by the chooser of a conversation's end: the one that they
// would be given, those that fit and rank lower, then the others, each with its reason. gone says of an offer why there is none
// left; empty: there is.
func (w *World) WhatIf(s State, ids []string, now time.Time, gone func(*offers.Offer) string) []offers.Considered {
	t := &turn{w: w, s: s, now: now}
	ranked, considered := t.ranked(ids, nil)
	var list []offers.Considered
	best := false
	for _, o := range ranked {
		why := gone(o)
		switch {
		case why == "" && !best:
			why, best = offers.Best, true
		case why == "":
			why = offers.NotNeeded
		}
		reason(considered, o.ID, why)
		i := slices.IndexFunc(considered, func(c offers.Considered) bool { return c.Offer == o.ID })
		list = append(list, considered[i])
	}
	for _, c := range considered {
		if !slices.ContainsFunc(list, func(l offers.Considered) bool { return l.Offer == c.Offer }) {
			list = append(list, c)
		}
	}
	return list
}
