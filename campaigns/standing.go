package campaigns

import (
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
)

// Standing is how one contact stands to one campaign at a moment: what a run that reached them now would do.
type Standing struct {
	Campaign string         `json:"campaign"`
	Asks     bool           `json:"asks"`               // they would be asked, now or from Until on
	Reason   string         `json:"reason,omitempty"`   // why not, or why not yet: the stable words of the ledger
	Detail   map[string]any `json:"detail,omitempty"`   // what belongs to the reason
	Until    time.Time      `json:"until,omitzero"`     // until when the reason holds; zero: until something changes
	Question string         `json:"question,omitempty"` // that they would be asked
	Account  string         `json:"account,omitempty"`  // and by which account
}

// Standing says what a run of the campaign would do with the contact now. It goes the way of the run itself, so that the
// two cannot differ; it changes nothing.
func (w *World) Standing(s State, campaign string, now time.Time) Standing {
	t, x := &turn{w: w, s: s.clone(), now: now}, Standing{Campaign: campaign}
	c := w.Campaigns[campaign]
	if c == nil || s.Contact == nil || s.Into != nil {
		x.Reason = "campaign_gone"
		if c != nil {
			x.Reason = "merged"
		}
		return x
	}
	in, problem := t.holds(c.Audience, nil)
	conv := Conversation{Campaign: c.ID}
	q, to, reason, detail := t.whyNot(c, &conv)
	switch {
	case problem != "":
		x.Reason, x.Detail = "audience_error", map[string]any{"error": problem}
	case !in:
		x.Reason = "not_in_audience"
	case reason != "":
		x.Reason, x.Detail = reason, detail
		x.Until = t.freshUntil(c, reason)
	default:
		x.Asks, x.Question, x.Account = true, q.ID, to.route.Account
		x.Reason, x.Until = t.notYet(c, to)
	}
	return x
}

// notYet is why somebody who would be asked waits.
func (t *turn) notYet(c *Campaign, to target) (reason string, until time.Time) {
	if t.s.Taken != nil {
		return personTalks, t.s.Taken.Until
	}
	if conv := t.s.Conversation; conv != nil {
		return openElsewhere, conv.Expires
	}
	v := t.mayAsk(c, to, t.now)
	if v.Action == compliance.Defer {
		return v.Reason, v.Until
	}
	return "", time.Time{}
}

// freshUntil is when the first of the campaign's answers that are known goes stale, where that is why nothing is asked.
func (t *turn) freshUntil(c *Campaign, reason string) (first time.Time) {
	if reason != "nothing_to_ask" {
		return first
	}
	for i := range c.Questions {
		q := &c.Questions[i]
		if p, ok := t.s.Contact.Preferences[q.Attribute]; ok && t.fresh(q) {
			until := p.FreshUntil
			if q.FreshFor > 0 {
				until = sooner(until, p.Evidence.At.Add(q.FreshFor))
			}
			first = sooner(first, until)
		}
	}
	return first
}
