package engine

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// turn is what one partition has to handle at once, and the batch that comes of it.
type turn struct {
	w       *worker
	memory  *memory
	lease   store.Lease
	world   *campaigns.World
	now     time.Time
	reports []pending
	entries []*entry
	timers  []store.DueTimer

	reached string           // the last entry that is handled; "" for none
	rest    []store.LogEntry // entries that are left for the next turn

	number    int64         // of turns that the partition had before
	retried   bool          // its steps may have been run before
	vain      []store.Claim // claims that nothing can come of any more
	batch     *store.Batch
	people    map[string]*person // by contact id
	newcomers map[string]string  // address -> id of a contact that this turn creates
	listed    map[string]bool    // address -> whether it is on the suppression list, as far as that was asked
	led       map[string]string  // address -> whom it leads to since this turn began; "" for nobody
	runs      map[string]map[string]string
	lists     []string // event campaigns' runs that the batch puts on the list
	handled   []string
	forwards  bool
	ordered   int  // of what it forwards, how much has an id that its number makes new
	slices    bool // something was put on the bulk log
	erased    bool
	later     bool // the entry wants a turn of its own, and does not have it
	tallies   map[tally]float64
	entriesOf map[preferences.EntryKind]float64 // ledger entries, by kind

	departures []departure
	queues     map[string]time.Time // account -> when the first of what was queued is due
	told       map[string]bool      // webhook endpoints that something was queued for

	bits     []bits         // of the index, as they change
	bitsOf   map[string]int // where a term's are among them
	numbered bool           // contacts were given numbers
}

// entry is one log entry with what was found out about it.
type entry struct {
	store.LogEntry
	env     record.Envelope
	event   campaigns.Event // where the envelope's lies
	broken  error
	seen    bool
	refused bool          // it did nothing
	contact string        // whom it is about; "" for nobody yet
	slice   []string      // a slice's contacts
	waiting []store.Queue // of the accounts by which a slice's messages may leave
	run     map[string]string

	foreseen *foreseen // nil: its step was not run ahead
}

// person is a contact as loaded, and as changed by the turn.
type person struct {
	stored     store.Contact
	was        *campaigns.State // as it was stored
	room       campaigns.State  // where that lies
	state      *campaigns.State // what it points to never changes once a step has seen it
	attributes []string
	dirty      bool
	erased     bool
	broken     error // nothing is known of them: the core cannot be read
	damaged    error // something else cannot be read

	wake time.Time // when the stored state is to be woken: what the timer is set to
	rang bool      // and it has been
}

// tally is what is counted of events.
type tally struct{ kind, result string }

func (t *turn) tally(kind campaigns.EventKind, result string) {
	t.tallies[tally{string(kind), result}]++
}

// queued remembers that messages of an account were queued.
func (t *turn) queued(account string, due time.Time) {
	if first, ok := t.queues[account]; !ok || due.Before(first) {
		t.queues[account] = due
	}
}

func newTurn(w *worker, l store.Lease, log []store.LogEntry, timers []store.DueTimer, now time.Time) *turn {
	m := w.lend(l)
	t := &turn{w: w, memory: m, lease: l, world: w.World(), now: now, timers: timers, batch: m.batch,
		people: m.byID, newcomers: map[string]string{}, led: map[string]string{}, listed: map[string]bool{}, runs: map[string]map[string]string{},
		tallies: map[tally]float64{}, entriesOf: map[preferences.EntryKind]float64{}, queues: map[string]time.Time{}}
	entries := some(&m.entries, len(log))
	t.entries = make([]*entry, len(log))
	for i := range entries {
		e := &entries[i]
		e.LogEntry = log[i]
		e.broken = w.reader.Envelope(e.Body, &e.env, &e.event)
		t.entries[i] = e
	}
	return t
}

// steps runs everything of the turn, in order: first what the sender reports, then the logs, then the timers.
func (t *turn) steps(ctx context.Context) error {
	for _, r := range t.reports {
		if err := t.back(ctx, r); err != nil {
			return err
		}
	}
	done := map[string]bool{}
	for i, e := range t.entries {
		if e.seen || done[e.ID] {
			t.repeated(e)
			continue
		}
		if err := t.step(ctx, e, i == 0 && len(t.reports) == 0); err != nil {
			return err
		}
		if t.later {
			t.leave(i) // it stays on the log for the next turn, with what comes after it
			t.w.alone[t.lease.Partition] = true
			return nil
		}
		// What was refused did nothing. Its id is not remembered, so that it can be sent again under the same key and be done.
		done[e.ID] = !e.refused
		if !e.Bulk && !e.refused {
			t.handled = append(t.handled, e.ID)
		}
		if t.erased {
			t.leave(i + 1)
			return nil
		}
	}
	for _, tm := range t.timers {
		if err := t.timer(ctx, tm); err != nil {
			return err
		}
	}
	return nil
}

// leave leaves the entries from the i-th on, and the timers, for the next turn.
func (t *turn) leave(i int) {
	for _, e := range t.entries[i:] {
		if !e.Bulk {
			t.rest = append(t.rest, e.LogEntry)
		}
	}
	t.entries, t.timers = t.entries[:i], nil
}

// step handles one log entry; first says that nothing of the turn comes before it.
func (t *turn) step(ctx context.Context, e *entry, first bool) error {
	switch {
	case e.broken != nil:
		t.quarantine(e, e.broken)
		return nil
	case e.env.Start != nil:
		t.startRun(*e.env.Start, e)
	case e.env.Slice != nil:
		return t.runSlice(ctx, *e.env.Slice, e)
	case e.env.Steer != nil:
		t.steerRun(*e.env.Steer, e)
	case e.env.Link != nil:
		l := *e.env.Link
		if l.Contact != "" || l.Was == t.leadsTo(l.Address, e.contact) {
			t.link(l)
		}
		if l.Contact == "" { // whom it led to was erased
			return t.forgetDead(ctx, l.Address)
		}
	case e.env.Forget != "":
		t.forgetRun(e.env.Forget)
	case e.env.Replay != nil:
		return t.replay(ctx, *e.env.Replay, e)
	case e.env.Tell != nil:
		return t.tellAgain(ctx, *e.env.Tell, e)
	case e.env.Unclaim != nil:
		return t.giveUp(e, t.w.Store.Unclaim(ctx, store.Claim{Key: e.env.Unclaim.Key, Offer: e.env.Unclaim.Offer, Pool: e.env.Unclaim.Pool}))
	case e.env.Suppress != "":
		t.batch.Suppress(e.env.Suppress)
	case e.env.Lift != "":
		t.batch.Unsuppress(e.env.Lift)
	case e.env.Event != nil:
		return t.event(ctx, e, first)
	default:
		t.bury(e, "unreadable: it orders nothing")
	}
	return nil
}

// event handles what happened to a contact.
func (t *turn) event(ctx context.Context, e *entry, first bool) error {
	ev := *e.env.Event
	if ev.Kind == campaigns.MessageIn {
		t.w.fan.heard.Store(t.now.UnixMilli())
	}
	if free, err := t.free(ctx, e, ev); free || err != nil {
		return err
	}
	id, elsewhere := t.whose(e)
	if elsewhere {
		t.move(e, id, e.ID)
		return nil
	}
	p := t.people[id]
	if p == nil {
		var err error
		if p, err = t.newcomer(ctx, id, e.Key); err != nil {
			return err
		}
	}
	if p.broken != nil && ev.Kind == campaigns.EraseContact {
		p.stub(ev)
	}
	if p.broken != nil {
		t.quarantine(e, p.broken)
		return nil
	}
	if p.state.Contact == nil && (t.isContact(e.Key) || id == e.contact) && !ev.From.IsZero() {
		t.home(e, ev)
		return nil
	}
	if other := p.state.Elsewhere(ev); other != "" {
		passed := p.state.PassedOn(ev)
		e.env.Event = &passed
		e.Body = e.env.Bytes()
		t.move(e, other, "to:"+other+":"+e.ID) // it may be in this partition, where the id is known by now
		return nil
	}
	if p.state.Contact == nil && ev.Kind == campaigns.AddressGiven && ev.Peer != nil {
		t.route(record.Link{Address: ev.Also.String(), Was: ev.Peer.Contact}) // it was given to somebody who was erased meanwhile
		return nil
	}
	o, err := t.stepped(ctx, e, p)
	if err != nil {
		return t.giveUp(e, err)
	}
	if p.damaged != nil && !o.Erase {
		t.heed(p, o)
		t.quarantine(e, p.damaged)
		return nil
	}
	if o.Erase && !first {
		// An erasure looks in Redis for what it must delete, so nothing of its turn may be on the way there.
		t.later = true
		return nil
	}
	p.rang = p.rang || ev.Kind == campaigns.TimerDue // replayed
	t.tally(ev.Kind, "handled")
	e.refused = o.Result.Refused != ""
	if ev.Report != nil {
		t.w.Receipt(ev.Account, *ev.Report)
	}
	if e.env.Reply {
		t.batch.Answer(e.ID, record.Result(o.Result))
	}
	return t.apply(ctx, p, o)
}

// move sends what happened to another contact, under an id of its own. Where somebody waits, they are told to look again.
func (t *turn) move(e *entry, contact, id string) {
	if e.env.Reply { // the answer is waited for here
		t.batch.Answer(e.ID, record.Result(campaigns.Result{Moved: true}))
		return
	}
	p, _ := t.w.Store.PartitionOfContact(contact)
	t.forward(p, store.LogEntry{ID: id, Key: contact, Body: e.Body})
}

// whose is the contact that an event is about, and whether it lives in another partition. An address that leads
// nowhere gets a contact of its own, with an id made from the event's.
func (t *turn) whose(e *entry) (id string, elsewhere bool) {
	id = t.leadsTo(e.Key, e.contact)
	if id == "" {
		id = t.newcomers[e.Key]
	}
	if id == "" {
		sum := sha256.Sum256([]byte(e.ID))
		unique := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10]))
		id = store.ContactID(t.lease.Partition, unique)
		t.newcomers[e.Key] = id
	}
	p, ok := t.w.Store.PartitionOfContact(id)
	return id, ok && p != t.lease.Partition
}

// leadsTo is the contact that an address leads to by now: earlier entries of the turn may have changed what was found.
func (t *turn) leadsTo(address, found string) string {
	if id, ok := t.led[address]; ok {
		return id
	}
	return found
}

// home sends what happened to somebody who was erased meanwhile back to the address that it came from. Whoever writes
// from there is met anew, and the suppression list is asked. Where somebody waits, they are told to look again instead.
func (t *turn) home(e *entry, ev campaigns.Event) {
	if e.env.Reply {
		t.batch.Answer(e.ID, record.Result(campaigns.Result{Moved: true}))
		return
	}
	from := ev.From.String()
	t.forward(t.w.Store.PartitionOf(from), store.LogEntry{ID: "home:" + e.ID, Key: from, Body: e.Body})
}

// newcomer prepares the state of somebody who is not known yet.
func (t *turn) newcomer(ctx context.Context, id, address string) (*person, error) {
	p := &person{stored: store.Contact{ID: id}, was: &campaigns.State{ID: id}, state: &campaigns.State{ID: id}}
	listed, err := t.isListed(ctx, address)
	if err != nil {
		return nil, err
	}
	p.state.Listed = listed
	t.people[id] = p
	return p, nil
}

func (t *turn) repeated(e *entry) {
	t.tally("any", "repeated")
	if !e.Bulk {
		t.handled = append(t.handled, e.ID)
	}
	if e.env.Reply {
		t.batch.Answer(e.ID, record.Result(campaigns.Result{Contact: e.contact, Run: e.runID()}))
	}
}

// runID is the run that an entry is about; "" for none.
func (e *entry) runID() string {
	switch {
	case e.env.Start != nil:
		return e.env.Start.Run
	case e.env.Slice != nil:
		return e.env.Slice.Run
	case e.env.Steer != nil:
		return e.env.Steer.Run
	}
	return ""
}

func (t *turn) bury(e *entry, reason string) { t.burial(e, reason, "buried") }

func (t *turn) burial(e *entry, reason, result string) {
	t.tally("any", result)
	t.batch.Bury(e.LogEntry, reason, t.now)
	if e.env.Reply {
		t.batch.Answer(e.ID, record.Result(campaigns.Result{Problem: reason}))
	}
	t.w.Log.Error("an event could not be handled and lies with the dead letters", "partition", t.lease.Partition, "event", e.ID, "reason", reason)
}

func (t *turn) forward(to int, e store.LogEntry) {
	t.batch.Forward(to, e)
	t.forwards = true
}

// finish turns what changed into the batch.
func (t *turn) finish() *store.Batch {
	for id, p := range t.people {
		if p.erased {
			continue
		}
		t.wakes(id, p)
		if !p.dirty {
			continue
		}
		changes := t.w.forms.Changes(p.stored.Fields, p.state, p.attributes)
		if p.damaged != nil {
			changes = []record.Field{record.CoreField(p.state.Contact)}
		}
		numbered := t.indexed(p, changes)
		fields := some(&t.memory.fields, len(changes)+len(numbered))
		for i, c := range changes {
			fields[i] = store.Field(c)
		}
		copy(fields[len(changes):], numbered)
		t.batch.PutContact(id, p.stored.Exists, fields)
		t.trimLedger(p)
	}
	t.writeIndex()
	t.trim()
	return t.batch
}

// trim takes what the turn handled off the logs.
func (t *turn) trim() {
	var log, bulk string
	for _, e := range t.entries {
		if e.Bulk {
			bulk = e.At
		} else {
			log = e.At
		}
	}
	t.reached = log
	if log != "" {
		t.batch.Handled(log, t.handled, t.now)
	}
	if bulk != "" {
		t.batch.HandledBulk(bulk)
	}
}

// report tells the rest of the replica what was committed.
func (t *turn) report() {
	t.w.Metrics.count(t.tallies, t.entriesOf)
	for _, e := range t.entries {
		if e.env.Event != nil && !e.env.Event.At.IsZero() {
			t.w.Metrics.Lag.Observe(max(0, t.now.Sub(arrived(e.At)).Seconds()))
		}
	}
	for _, run := range t.lists {
		t.w.listed[run] = true
	}
	t.tellQueues()
	for id, p := range t.people {
		if p.dirty {
			t.w.Changed(id)
		}
	}
}

// tellQueues tells the sender what was queued.
func (t *turn) tellQueues() {
	for account, due := range t.queues {
		t.w.Out.Queued(account, t.lease.Partition, due)
	}
	for endpoint := range t.told {
		t.w.Told(endpoint, t.lease.Partition)
	}
}
