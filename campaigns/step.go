package campaigns

import (
	"time"

	"github.com/hoidap/hoidap/campaigns/compliance"
)

// What a message is. Rules bind by class and route. (The words are those of the compliance rules and of adapters.)
const (
	ClassAd      = compliance.Ad
	ClassReply   = compliance.Reply
	ClassControl = compliance.Control
)

// Step is what one event does to one contact: the new state and its effects. It is pure and deterministic: the same
// arguments give the same outcome. claims answers the Needs of an earlier call with the same event.
//
// An event that is for another contact (State.Elsewhere) does nothing.
//
// It never changes w, s, e or claims, never panics, and whatever it is handed it returns a state that may be stored.
func Step(w *World, s State, e Event, now time.Time, claims map[string]Claimed) Outcome {
	if w == nil {
		w = &World{}
	}
	t := &turn{w: w, s: s.clone(), e: e, now: now, claims: claims} // nothing keeps a pointer to it, so that it takes no memory of its own
	t.forgetEnded()
	switch {
	case s.Elsewhere(e) != "":
	case t.outdated():
		t.out.Result = Result{Contact: s.ID, Outdated: true}
	default:
		t.handle()
	}
	return t.outcome(&s)
}

// outcome is what has come of the step, which began with before.
func (t *turn) outcome(before *State) Outcome {
	if len(t.out.Needs) > 0 {
		return t.interrupted(*before)
	}
	if !t.out.Erase {
		t.answeredSince(before)
		t.startWaiting()
	}
	if t.s.Contact != nil && t.touched {
		t.s.Contact.Updated = t.updated(before)
	}
	t.hasten(before)
	t.unclaim(before)
	t.out.State = t.s
	t.out.Idle = t.idle(before)
	return t.out
}

// interrupted is the outcome of a step that cannot go on without claims.
func (t *turn) interrupted(before State) Outcome {
	kept := *t
	kept.out.Needs = nil
	return Outcome{State: before, Needs: t.out.Needs, Resume: func(claims map[string]Claimed) Outcome {
		kept.claims = claims
		kept.finish(kept.unpaid)
		return kept.outcome(&before)
	}}
}

// updated is when the contact changed. It tells one state of a contact from the next, so no two are the same, whatever the clock says.
func (t *turn) updated(before *State) time.Time {
	if c := before.Contact; c != nil && !t.now.After(c.Updated) {
		return c.Updated.Add(time.Nanosecond)
	}
	return t.now
}

// outdated reports whether whoever wants the change has seen another state of the contact than there is.
func (t *turn) outdated() bool {
	d := t.e.Contact
	if d == nil || d.Seen.IsZero() {
		return false
	}
	return t.s.Contact == nil || !t.s.Contact.Updated.Equal(d.Seen)
}

// idle reports whether a run asked in vain: most contacts are in the audience of few runs.
func (t *turn) idle(before *State) bool {
	o := &t.out
	return t.e.Kind == RunAsk && !t.touched && len(t.s.Waiting) == len(before.Waiting) && t.s.Ended == nil == (before.Ended == nil) &&
		len(o.Ledger)+len(o.Counts)+len(o.Send) == 0
}

func (t *turn) handle() {
	switch t.e.Kind {
	case MessageIn:
		t.messageIn()
	case Reported:
		t.reported()
	case Dispatched:
		t.dispatched()
	case TimerDue:
		t.timerDue()
	case RunAsk:
		t.runAsk()
	case RunCancelled:
		t.runCancelled()
	case Occurred:
		t.occurred()
	case Edit:
		t.edit()
	case ProviderOptOut:
		t.providerOptOut()
	case ProviderOptIn:
		t.providerOptIn()
	case Linked:
		t.linked()
	case Prove:
		t.prove()
	case Proved:
		t.proved()
	case SamePerson:
		t.samePerson()
	case AddressGiven:
		t.addressGiven()
	case Merged:
		t.merged()
	case CameIn:
		t.cameIn()
	case Unmerge:
		t.unmerge()
	case Unmerged:
		t.unmerged()
	case MergedErased:
		t.mergedErased()
	case EraseContact:
		t.erase()
	case TakenAway:
		t.takenAway()
	case CopyTaken:
		t.copyTaken()
	case Replayed:
		t.replayed()
	default:
		t.handlePerson()
	}
}

// handlePerson handles what one of the brand's people does.
func (t *turn) handlePerson() {
	if t.e.Act != nil {
		t.out.Result.Try = t.e.Act.Try
	}
	switch t.e.Kind {
	case Settled:
		t.settled()
	case Said:
		t.personSaid()
	case TakenOver:
		t.takenOver()
	case HandedBack:
		t.handedBack()
	case ItemDone:
		t.itemDone()
	}
}
