package campaigns

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
)

// waitMax is how long a run waits for its turn with a contact: a week later its question is no longer of today.
const waitMax = 7 * 24 * time.Hour

// Why a run waits with a contact: neither is a last word.
const (
	openElsewhere = "another_question_is_open"
	personTalks   = "a_person_talks"
)

// waits reports whether a reason not to ask says that the run waits for its turn.
func waits(reason string) bool { return reason == openElsewhere || reason == personTalks }

// runAsk: a run's slice reached this contact. Whoever is in the audience is counted, in exactly one of queued, held, sent,
// failed and excluded, and the ledger says why whoever is not asked is not.
//
// Example: {"kind":"run_ask","campaign":"autumn-style","run":"autumn-style@2026-12-05"}
func (t *turn) runAsk() {
	if t.s.Contact == nil || t.s.Into != nil {
		return
	}
	t.begin(Waiting{Campaign: t.e.Campaign, Run: t.e.Run, Since: t.now}, t.e.Local, false)
}

// begin lets a run have its turn with the contact. counted: it is in the run's audience already, as held.
func (t *turn) begin(r Waiting, local string, counted bool) {
	c := t.w.Campaigns[r.Campaign]
	if c == nil {
		t.exclude(r, counted, "campaign_gone", nil)
		return
	}
	if !counted && !t.joins(c, r) {
		return
	}
	conv := Conversation{Campaign: r.Campaign, Run: r.Run, Event: r.Event}
	q, to, reason, detail := t.whyNot(c, &conv)
	switch {
	case reason != "":
		t.exclude(r, counted, reason, detail)
	case t.s.Conversation != nil || t.s.Taken != nil:
		t.wait(r)
	default:
		t.askFirst(c, r, q, to, t.startOf(c, local), counted)
	}
}

// joins counts the contact into the run's audience, unless it is not in it, or has been counted before.
func (t *turn) joins(c *Campaign, r Waiting) bool {
	if t.knows(r.Run) {
		t.note(notAsked(r, "already_asked", nil))
		return false
	}
	in, problem := t.holds(c.Audience, r.Event)
	if problem != "" {
		t.note(notAsked(r, "audience_error", map[string]any{"error": problem, uncounted: true}))
	}
	if in {
		t.count(r.Run, CountAudience, 1)
	}
	return in
}

// knows reports whether the run has asked, or waits to ask, this contact.
func (t *turn) knows(run string) bool {
	if c := t.s.Conversation; c != nil && c.Run == run {
		return true
	}
	return slices.ContainsFunc(t.s.Messages, func(m Message) bool { return m.First && m.Run == run }) ||
		slices.ContainsFunc(t.s.Waiting, func(w Waiting) bool { return w.Run == run })
}

// whyNot finds the first question and the way to ask it, or the reason why this contact is not asked.
func (t *turn) whyNot(c *Campaign, conv *Conversation) (q *Question, to target, reason string, detail map[string]any) {
	switch {
	case t.s.Contact.Suppressed != nil:
		return nil, to, compliance.OptedOut, nil
	case !t.s.Contact.Consented(c.purpose()):
		return nil, to, compliance.NoConsent, map[string]any{"purpose": c.purpose()}
	}
	q, detail = t.next(c, conv)
	if q == nil {
		return nil, to, "nothing_to_ask", detail
	}
	to, ok := t.reach(wanted{channels: c.Channels, class: ClassAd, purpose: c.purpose(), answers: true, replies: c.Replies, question: q})
	if !ok {
		return nil, to, "no_route", passedOver(to.passed)
	}
	return q, to, "", nil
}

func (c *Campaign) purpose() string {
	if c.Purpose != "" {
		return c.Purpose
	}
	return preferences.Marketing
}

func notAsked(r Waiting, reason string, detail map[string]any) preferences.Entry {
	return preferences.Entry{
		Kind: preferences.EntryNotAsked, Campaign: r.Campaign, Run: r.Run, Reason: reason, Detail: detail,
	}
}

// noteUncounted says why a contact is not asked whom the run has not counted in its audience.
func (t *turn) noteUncounted(r Waiting, reason string) {
	t.note(notAsked(r, reason, map[string]any{uncounted: true}))
}

// exclude says why the contact is not asked. counted: it is counted as held so far; else it has just joined the audience.
func (t *turn) exclude(r Waiting, counted bool, reason string, detail map[string]any) {
	if t.w.Campaigns[r.Campaign] == nil && !counted { // without the campaign nobody knows who its audience is
		t.noteUncounted(r, reason)
		return
	}
	t.note(notAsked(r, reason, detail))
	if counted {
		t.count(r.Run, CountHeld, -1)
	}
	t.count(r.Run, CountExcluded, 1)
}

// wait lets the run wait until the open conversation ends, or whoever talks to the customer is done.
func (t *turn) wait(r Waiting) {
	if len(t.s.Waiting) >= keepRuns {
		t.exclude(r, false, "too_many_waiting", nil)
		return
	}
	t.s.Waiting = append(t.s.Waiting, r)
	t.count(r.Run, CountHeld, 1)
	if t.s.Conversation == nil {
		t.note(notAsked(r, personTalks, map[string]any{"by": t.s.Taken.By}))
		return
	}
	t.note(notAsked(r, openElsewhere, map[string]any{"open": t.s.Conversation.Question}))
}

// startWaiting gives the runs that wait their turn, oldest first, until one of them has opened a conversation. It runs
// at the end of every step, so that nothing that ends a conversation can forget it.
func (t *turn) startWaiting() {
	if t.s.Taken != nil {
		return
	}
	t.startDelayed()
	for t.s.Contact != nil && t.s.Conversation == nil {
		i := slices.IndexFunc(t.s.Waiting, func(r Waiting) bool { return r.NotBefore.IsZero() })
		if i < 0 {
			return
		}
		r := t.s.Waiting[i]
		t.s.Waiting = slices.Delete(t.s.Waiting, i, i+1)
		if t.now.Sub(r.Since) > waitMax {
			t.exclude(r, true, "waited_too_long", nil)
			continue
		}
		t.begin(r, "", true)
	}
}

// startDelayed lets the runs whose delay is over begin: they ask, or join those who wait for the open conversation.
func (t *turn) startDelayed() {
	due := func(r Waiting) bool { return !r.NotBefore.IsZero() && !r.NotBefore.After(t.now) }
	for t.s.Contact != nil {
		i := slices.IndexFunc(t.s.Waiting, due)
		if i < 0 {
			return
		}
		r := t.s.Waiting[i]
		t.s.Waiting = slices.Delete(t.s.Waiting, i, i+1)
		r.NotBefore, r.Since = time.Time{}, t.now
		t.begin(r, "", false)
	}
}

// nextStart is when the next delayed run may begin; zero: there is none.
func nextStart(waiting []Waiting) (at time.Time) {
	for _, r := range waiting {
		at = sooner(at, r.NotBefore)
	}
	return at
}

// dropWaiting gives up every run that waits: the contact has opted out, or is erased.
func (t *turn) dropWaiting(reason string, gone func(Waiting) bool) {
	t.s.Waiting = slices.DeleteFunc(t.s.Waiting, func(r Waiting) bool {
		if !gone(r) {
			return false
		}
		if r.NotBefore.IsZero() {
			t.exclude(r, true, reason, nil)
		} else {
			t.noteUncounted(r, reason)
		}
		return true
	})
}
