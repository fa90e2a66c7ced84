package engine

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/store"
)

// maxClaims bounds how often a step may ask for claims before it must decide.
const maxClaims = 32

// foreseen is what the step makes of an event, with what it claims. A claim wants round trips: so the steps of all turns
// are run ahead, as far as nothing that comes before them can change what they see, and claim together.
type foreseen struct {
	turn    *turn
	person  *person
	event   *campaigns.Event
	retried bool // it may have been run before
	claims  map[string]campaigns.Claimed
	outcome campaigns.Outcome
	err     error
}

// foresee runs ahead the first step of each contact.
func (w *worker) foresee(ctx context.Context, turns []*turn) error {
	n := 0
	for _, t := range turns {
		n += len(t.entries)
	}
	ahead := make([]*foreseen, 0, n)
	for _, t := range turns {
		ahead = t.foresee(ahead)
	}
	return w.settleClaims(ctx, ahead)
}

// foresee adds the steps that may be run ahead: not those of contacts about whom the sender reports, which comes first,
// nor those behind an order, which may change whom an address leads to.
func (t *turn) foresee(ahead []*foreseen) []*foreseen {
	met := make(map[string]bool, len(t.reports)+len(t.entries))
	for _, r := range t.reports {
		met[r.Contact] = true
	}
	for _, e := range t.entries {
		if e.seen {
			continue
		}
		if e.env.Event == nil || e.env.Event.Kind == campaigns.EraseContact {
			break
		}
		p := t.people[e.contact]
		if p == nil || met[e.contact] || p.unreadable() != nil || p.state.Contact == nil {
			continue
		}
		met[e.contact] = true
		e.foreseen = t.begin(p, e.env.Event, t.retried)
		ahead = append(ahead, e.foreseen)
	}
	return ahead
}

// begin is a step that has yet to be run.
func (t *turn) begin(p *person, ev *campaigns.Event, retried bool) *foreseen {
	f := another(&t.memory.foreseen)
	*f = foreseen{turn: t, person: p, event: ev, retried: retried}
	return f
}

// stepped is the step of an entry's event: as foreseen, unless the contact has changed since.
func (t *turn) stepped(ctx context.Context, e *entry, p *person) (*campaigns.Outcome, error) {
	if f := e.foreseen; f != nil && f.person == p && !p.dirty {
		return &f.outcome, f.err
	}
	retried := t.retried || e.foreseen != nil && len(e.foreseen.claims) > 0
	return t.runStep(ctx, t.begin(p, e.env.Event, retried))
}

// settleClaims runs steps until each has what it claims.
func (w *worker) settleClaims(ctx context.Context, steps []*foreseen) error {
	for range maxClaims {
		var asking []*foreseen
		var claims []store.Claim
		for _, f := range steps {
			f.err = f.step()
			if f.err != nil || len(f.outcome.Needs) == 0 {
				continue
			}
			asking = append(asking, f)
			for _, c := range f.outcome.Needs {
				claims = append(claims, store.Claim{Key: c.Key, Offer: c.Offer, Budget: c.Budget, Pool: c.Pool})
			}
		}
		if len(asking) == 0 {
			return nil
		}
		got, err := w.Store.Claim(ctx, claims)
		if err != nil {
			return err
		}
		for _, f := range asking {
			n := len(f.outcome.Needs)
			f.answered(got[:n])
			got = got[n:]
		}
		steps = slices.DeleteFunc(asking, func(f *foreseen) bool { return f.err != nil })
	}
	for _, f := range steps {
		f.outcome, f.err = campaigns.Outcome{}, fmt.Errorf("%w: it asks for claims without end", errStep)
	}
	return nil
}

// step begins the step, or goes on with it.
func (f *foreseen) step() (err error) {
	defer func() {
		if r := recover(); r != nil {
			f.outcome, err = campaigns.Outcome{}, fmt.Errorf("%w: panic: %v\n%s", errStep, r, debug.Stack())
		}
	}()
	if f.outcome.Resume != nil {
		f.outcome = f.outcome.Resume(f.claims)
		return nil
	}
	ev := *f.event
	ev.Retried = f.retried
	f.outcome = campaigns.Step(f.turn.world, *f.person.state, ev, f.turn.now, nil)
	return nil
}

// answered keeps the answers to what the step claims. Where a key is damaged there is none, and the step cannot go on.
func (f *foreseen) answered(got []store.Claimed) {
	if f.claims == nil {
		f.claims = map[string]campaigns.Claimed{}
	}
	for i, c := range f.outcome.Needs {
		switch {
		case got[i].Damaged != nil:
			f.outcome, f.err = campaigns.Outcome{}, got[i].Damaged
			return
		case got[i].Spent:
			f.claims[c.Key] = campaigns.Claimed{Reason: "budget_spent"}
		case got[i].Empty:
			f.claims[c.Key] = campaigns.Claimed{Reason: "pool_empty"}
		default:
			f.claims[c.Key] = campaigns.Claimed{OK: true, Code: got[i].Code}
		}
	}
}
