package engine

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// errStep wraps a fault of the step itself: trying again would not help.
var errStep = errors.New("the step failed")

// run runs the step on an event, with the claims that it asks for.
func (t *turn) run(ctx context.Context, p *person, ev campaigns.Event) (*campaigns.Outcome, error) {
	return t.runStep(ctx, t.begin(p, &ev, t.retried))
}

func (t *turn) runStep(ctx context.Context, f *foreseen) (*campaigns.Outcome, error) {
	if err := t.w.settleClaims(ctx, []*foreseen{f}); err != nil {
		return nil, err
	}
	return &f.outcome, f.err
}

// giveUp buries an event whose step failed, and quarantines one that wants a key of an offer or pool which is damaged; Redis being away
// is passed on, to be tried again.
func (t *turn) giveUp(e *entry, err error) error {
	if why, ok := errors.AsType[*store.Misplaced](err); ok && why.Partition == store.Shared {
		t.w.Store.Remember(why)
		t.burial(e, "a key is damaged: "+why.Error(), "quarantined")
		return nil
	}
	if !errors.Is(err, errStep) {
		return err
	}
	t.w.Log.Error("step failed", "event", e.ID, "error", err)
	reason, _, _ := strings.Cut(err.Error(), "\n")
	t.bury(e, reason)
	return nil
}

// apply writes an outcome into the batch and the person's state.
func (t *turn) apply(ctx context.Context, p *person, o *campaigns.Outcome) error {
	if o.Idle {
		return nil
	}
	before := p.state
	t.inVain(o.Unclaim)
	for _, c := range o.Counts {
		t.batch.Count(c.Run, t.w.countField(c.Name), c.Delta)
	}
	for _, a := range o.Suppress {
		t.suppress(p, a)
	}
	for _, a := range o.Unsuppress {
		t.unsuppress(p, a)
	}
	for _, to := range o.Tell {
		t.tell(to)
	}
	if o.Erase {
		t.erased = true
		return t.erase(ctx, p, o.Suppress)
	}
	if o.State.Contact == nil {
		return nil // nothing is known of them, and the event did not change that
	}
	p.state, p.dirty = &o.State, true
	p.attributes = append(p.attributes, o.Preferences...)
	t.links(before.Contact, p)
	if o.Withdraw {
		t.withdraw(before.Messages)
	}
	t.effects(p, o)
	t.requeue(o)
	return nil
}

// requeue takes back what waits in the queues, or has it meet the gate again. By which account it goes the step has forgotten.
func (t *turn) requeue(o *campaigns.Outcome) {
	if len(o.TakeBack)+len(o.Hasten) == 0 {
		return
	}
	for _, a := range t.w.Accounts() {
		for _, id := range o.TakeBack {
			t.batch.Withdraw(a, runOf(o.State.Messages, id), id)
		}
		for _, m := range o.Hasten {
			t.batch.Hasten(a, m.ID, t.now, m.Class != campaigns.ClassAd)
		}
		t.queued(a, t.now)
	}
}

// runOf is the run of a message, with which it may be set aside; "": of none, or forgotten.
func runOf(messages []campaigns.Message, id string) string {
	for i := range messages {
		if messages[i].ID == id {
			return messages[i].Run
		}
	}
	return ""
}

func (t *turn) effects(p *person, o *campaigns.Outcome) {
	id := p.state.ID
	if len(o.Ledger) > 0 {
		for _, e := range o.Ledger {
			t.entriesOf[e.Kind]++
		}
		t.batch.Ledger(id, [][]byte{t.memory.keep(t.w.forms.Entries(o.Ledger))})
		t.notify(id, o.Ledger)
	}
	for i := range o.Send {
		t.send(p, &o.Send[i])
	}
	for _, g := range o.Given {
		t.batch.CountGiven(g.Offer, g.At)
	}
	for _, i := range o.Inbox {
		t.batch.AddInboxItem(i.ID, i.Reason, i.At, record.InboxItem(i))
	}
	for _, c := range o.Close {
		t.batch.CloseInboxItem(c.ID, c.Reason)
	}
	t.listEventRuns(o.Counts)
}

// withdraw takes what was waiting for the contact off the queues. The step has said in the ledger why it is not sent.
func (t *turn) withdraw(waiting []campaigns.Message) {
	for _, m := range waiting {
		if m.Class == campaigns.ClassAd && (m.Status == "queued" || m.Status == "held") {
			for _, a := range t.w.Accounts() {
				t.batch.Withdraw(a, m.Run, m.ID)
				t.queued(a, t.now) // what waited for it may go
			}
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// countField is the field of a run's record that has a count.
func (w *worker) countField(n campaigns.CountName) string {
	field, ok := w.countFields[n]
	if !ok {
		field = record.CountPrefix + string(n)
		w.countFields[n] = field
	}
	return field
}

// hash is the keyed hash of an address: all that stays of somebody who was erased.
func (w *worker) hash(addr string) string {
	return store.AddressHash(w.Secret, addr)
}

const (
	personTimer = "c|"
	runTimer    = "r|"
)

// contactTimer is whom a timer wakes. Each contact has one, set to its State.Wake. Once there was one for each thing that
// a contact waited for, with a name that said which.
func contactTimer(name string) (id string, ok bool) {
	id, ok = strings.CutPrefix(name, personTimer)
	id, _, _ = strings.Cut(id, "|")
	return id, ok
}

// wakes sets the contact's timer, where when it is to be woken has changed, or where it rang.
func (t *turn) wakes(id string, p *person) {
	at := p.state.Wake()
	switch {
	case p.unreadable() != nil, at.Equal(p.wake) && !p.rang:
	case at.IsZero():
		t.batch.ClearTimer(personTimer + id)
	default:
		t.batch.SetTimer(personTimer+id, at)
	}
}

// timer handles a timer that is due. A timer goes with the event that it becomes, or not at all.
func (t *turn) timer(ctx context.Context, tm store.DueTimer) error {
	id, ok := contactTimer(tm.Name)
	if !ok {
		return nil // runTimers has handled it
	}
	if tm.Name != personTimer+id {
		t.batch.ClearTimer(tm.Name) // of the old kind: that of today is set below
	}
	p := t.people[id]
	if p == nil || p.erased || p.state.Contact == nil && p.broken == nil {
		t.batch.ClearTimer(tm.Name)
		return nil
	}
	ev := campaigns.Event{ID: tm.Name + "@" + strconv.FormatInt(tm.At.UnixMilli(), 10), Kind: campaigns.TimerDue, At: tm.At}
	if why := p.unreadable(); why != nil {
		t.batch.ClearTimer(tm.Name)
		t.quarantined(id, ev, why)
		return nil
	}
	o, err := t.run(ctx, p, ev)
	if err != nil {
		t.batch.ClearTimer(tm.Name)
		return t.giveUp(&entry{LogEntry: store.LogEntry{ID: ev.ID, Key: id, Body: record.Envelope{Event: &ev}.Bytes()}}, err)
	}
	p.rang = true
	t.tally(ev.Kind, "handled")
	return t.apply(ctx, p, o)
}

// arrived is when a log entry was written.
func arrived(at string) time.Time {
	ms, _, _ := strings.Cut(at, "-")
	n, _ := strconv.ParseInt(ms, 10, 64)
	return time.UnixMilli(n)
}
