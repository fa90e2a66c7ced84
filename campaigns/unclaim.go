package campaigns

import (
	"maps"
	"slices"

	"github.com/hoidap/hoidap/campaigns/offers"
)

// unclaim gives back what may have been claimed in vain. A step claims before its effects are there; where those come to
// nothing, and the step is run again, it may choose another offer or none. While the conversation goes on it may still come
// to what was claimed, so that goes back only once it is over for good.
func (t *turn) unclaim(before *State) {
	for _, conv := range before.goingOn() {
		if !t.e.Retried && !conv.Retried {
			continue
		}
		if on := t.goesOnWith(conv); on != nil {
			on.Retried = true
		} else {
			t.out.Unclaim = append(t.out.Unclaim, t.claimsInVain(conv)...)
		}
	}
}

// goingOn are the conversations that may still come to an offer: the open one, and one that a late answer would open again.
func (s State) goingOn() (on []*Conversation) {
	if s.Conversation != nil {
		on = append(on, s.Conversation)
	}
	if s.Ended != nil && s.Ended.Expired {
		on = append(on, &s.Ended.Conversation)
	}
	return on
}

// goesOnWith is what has become of a conversation; nil: it is over for good. One that goes along into another contact keeps its
// id, and may come to what was claimed there.
func (t *turn) goesOnWith(conv *Conversation) *Conversation {
	on := t.s.goingOn()
	for _, to := range t.out.Tell {
		if came := to.Event.Came; came != nil && came.Conversation != nil {
			on = append(on, came.Conversation)
		}
	}
	i := slices.IndexFunc(on, func(c *Conversation) bool { return c.ID == conv.ID })
	if t.out.Erase || i < 0 {
		return nil
	}
	return on[i]
}

// claimsInVain are the claims that a conversation could have made, but for what it gave. Offers may have left the campaign
// since it made them, so those of all campaigns are among them.
func (t *turn) claimsInVain(conv *Conversation) (vain []Claim) {
	for _, id := range slices.Sorted(maps.Keys(t.w.Offers)) {
		o := t.w.Offers[id]
		given := slices.ContainsFunc(t.out.Given, func(g offers.Given) bool { return g.Conversation == conv.ID && g.Offer == id })
		if claimable(o) && !given {
			vain = append(vain, claimFor(conv, o))
		}
	}
	return vain
}
