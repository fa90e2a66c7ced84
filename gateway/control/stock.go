package control

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/gateway/store"
)

// When a pool is called low: whichever comes first.
const (
	FewCodes = 50 // codes left
	FewDays  = 3  // days that they last at the rate of the last week
)

// Pace is how fast an offer's codes are given, from the gifts of the last seven days by UTC, or of those since the first of them.
type Pace struct {
	Given int64   // in that time
	Days  float64 // that it is, at least one
	Left  float64 // days that the codes which are left last at that rate
}

// stockOf reckons the rate from the gifts of each day, today last; nil: nothing was given, so there is no rate.
func stockOf(days [store.GivenDays]int64, left int64, now time.Time) *Pace {
	first := slices.IndexFunc(days[:], func(n int64) bool { return n > 0 })
	if first < 0 {
		return nil
	}
	today := now.UTC().Sub(now.UTC().Truncate(24*time.Hour)).Hours() / 24
	s := &Pace{Days: max(1, float64(len(days)-1-first)+today)}
	for _, n := range days {
		s.Given += n
	}
	s.Left = float64(left) * s.Days / float64(s.Given)
	return s
}

// Low reports whether the offer's pool runs out of codes.
func (v OfferView) Low() bool {
	return v.CodesLeft != nil && (*v.CodesLeft < FewCodes || v.Pace != nil && v.Pace.Left < FewDays)
}

// WhatIf is what a contact would be given if a conversation ended now: the best one first, each with its reason. campaign "" looks
// at all offers in force.
func (s *Service) WhatIf(ctx context.Context, contact, campaign string) ([]offers.Considered, error) {
	st, err := s.state(ctx, contact)
	if err != nil {
		return nil, err
	}
	w := s.World()
	ids := slices.Sorted(maps.Keys(w.Offers))
	if campaign != "" {
		c := w.Campaigns[campaign]
		if c == nil {
			return nil, notFound("campaign", campaign)
		}
		ids = c.Offers
	}
	stock, err := s.Offers(ctx)
	if err != nil {
		return nil, err
	}
	return w.WhatIf(st, ids, s.Now(), func(o *offers.Offer) string { return gone(stock, o) }), nil
}

// gone is why an offer cannot be given any more; "": it can.
func gone(stock []OfferView, o *offers.Offer) string {
	i := slices.IndexFunc(stock, func(v OfferView) bool { return v.ID == o.ID })
	switch {
	case i < 0:
		return ""
	case stock[i].Budget > 0 && stock[i].Given >= int64(stock[i].Budget):
		return offers.BudgetSpent
	case stock[i].CodesLeft != nil && *stock[i].CodesLeft == 0:
		return offers.PoolEmpty
	}
	return ""
}
